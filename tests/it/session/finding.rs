//! Searches find what a step by step walk finds, forward and backward.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Frame, Page, Position, TlbSlot};
use exo_core::kernel::Phase;
use exo_session::condition::{Condition, CounterName, Kind, parse_condition};
use exo_session::debugger::{Breakpoint, Side, Stride};
use exo_session::{Annotations, Search, Session};

use super::{State, state, synthetic};

const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);

/// The positions to which the steps of a whole run lead at which something holds, by walking.
fn walked(session: &mut Session, mut holds: impl FnMut(&Session, &Event) -> bool) -> Vec<Position> {
    session.reset();
    let mut found = Vec::new();
    loop {
        let before = session.step_number();
        session.step();
        if session.step_number() == before {
            return found;
        }
        let current = session.current().expect("a step leads somewhere");
        let event = current.stamped.event;
        if holds(session, &event) {
            found.push(session.machine().position());
        }
    }
}

/// Every place that a search finds from reset on; then the same backward from the end.
fn searched(session: &mut Session, condition: &Condition) -> (Vec<Position>, Vec<Position>) {
    let (mut ahead, mut back) = (Vec::new(), Vec::new());
    session.reset();
    while session.run_until(condition, u64::MAX) == Search::Found {
        ahead.push(session.machine().position());
    }
    let end: State = state(session);
    // In pieces of a length of their own: what is found does not depend on it.
    for units in (1..).map(|it| it * 37) {
        let mut search = session.backward();
        let found = loop {
            match session.run_back_piece(condition, &mut search, units) {
                Search::NotYet => continue,
                found => break found == Search::Found,
            }
        };
        if !found {
            break;
        }
        back.push(session.machine().position());
    }
    // Where there is nothing before, nothing moves.
    let first = state(session);
    assert!(!session.run_back_to(condition));
    assert_eq!(state(session), first);
    session.go_to(end.position);
    assert_eq!(state(session), end);
    back.reverse();
    (ahead, back)
}

#[track_caller]
fn check(condition: Condition, holds: impl FnMut(&Session, &Event) -> bool) -> usize {
    let mut session = super::session(synthetic(1500));
    let walked = walked(&mut session, holds);
    let (ahead, back) = searched(&mut session, &condition);
    assert_eq!(ahead, walked, "forward: {condition}");
    // One that holds at the very end stands there already, and lies not before it.
    let end = session.machine().position();
    let before: Vec<Position> = walked.into_iter().filter(|at| *at < end).collect();
    assert_eq!(back, before, "backward: {condition}");
    before.len()
}

#[test]
fn what_became_of_a_page_is_found_as_a_walk_finds_it() {
    let page = Page(3);
    let faults = check(
        Condition::Faulted(A, page),
        |_, event| matches!(*event, Event::Missed { env, page: at, .. } | Event::Protected { env, page: at, .. } if (env, at) == (A, page)),
    );
    let maps = check(
        Condition::Mapped(B, page),
        |_, event| matches!(*event, Event::Bound { env, page: at, .. } if (env, at) == (B, page)),
    );
    let evictions = check(Condition::Evicted(A, page), |_, event| match *event {
        Event::Bound {
            env,
            replaced: Some(at),
            ..
        } => (env, at) == (A, page),
        _ => false,
    });
    assert!(
        faults > 3 && maps > 1 && evictions > 1,
        "{faults} {maps} {evictions}"
    );
}

#[test]
fn a_frame_that_changes_its_owner_and_an_entry_that_is_written_are_found() {
    let frame = Frame(20);
    let owner = |session: &Session| session.machine().kernel().frames.records()[20].owner;
    let mut last = owner(&super::session(synthetic(1)));
    let frames = check(Condition::Frame(frame), |session, _| {
        let now = owner(session);
        std::mem::replace(&mut last, now) != now
    });
    let entries = check(
        Condition::Tlb(TlbSlot(2)),
        |_, event| matches!(*event, Event::Bound { slot, .. } | Event::StlbHit { slot, .. } if slot == TlbSlot(2)),
    );
    assert!(entries > 10);
    assert!(frames < 3);
}

#[test]
fn a_counter_goes_above_a_number_at_one_step() {
    for (counter, above) in [
        (CounterName::References, 1234),
        (CounterName::Upcalls, 30),
        (CounterName::PageLoads, 20),
        (CounterName::SystemCalls, 90),
    ] {
        let mut session = super::session(synthetic(1500));
        assert_eq!(
            session.run_until(&Condition::Counter(B, counter, above), u64::MAX),
            Search::Found
        );
        let counters = session.machine().kernel().environments[1].counters;
        let count = match counter {
            CounterName::References => counters.references,
            CounterName::Upcalls => counters.upcalls,
            CounterName::PageLoads => counters.page_loads,
            _ => counters.system_calls,
        };
        assert_eq!(count, above + 1, "{counter:?}");
        let found = state(&session);
        session.run_slice(u64::MAX);
        assert!(session.run_back_to(&Condition::Counter(B, counter, above)));
        assert_eq!(state(&session), found, "{counter:?}");
    }
}

#[test]
fn kinds_of_events_are_found_of_one_environment_or_of_any() {
    let upcalls = check(Condition::Kind(Kind::Upcall, None), |_, event| {
        matches!(event, Event::Upcall { .. })
    });
    let switches = check(
        Condition::Kind(Kind::Switch, Some(B)),
        |_, event| matches!(*event, Event::Switched { to, .. } if to == B),
    );
    assert!(upcalls > 60 && switches > 10, "{upcalls} {switches}");
}

#[test]
fn a_line_is_come_to_forward_and_backward_at_the_same_places() {
    let mut session = super::session(synthetic(600));
    // The lines that the first upcalls run over.
    session.run_until(&Condition::Kind(Kind::Upcall, Some(A)), u64::MAX);
    session.step_line(A, Stride::Into, u64::MAX);
    let line = session.handler_place(A).expect("a handler runs").line;
    let breakpoint = Breakpoint {
        env: A,
        side: Side::LibOs,
        line,
    };
    session.reset();
    let mut stops = Vec::new();
    while session.run_to_breakpoint(&[breakpoint], u64::MAX) == Search::Found {
        stops.push(session.machine().position());
    }
    let (ahead, back) = searched(&mut session, &Condition::Line(breakpoint));
    assert!(stops.len() > 5);
    assert_eq!(ahead, stops);
    assert_eq!(back, stops);
    // The same as one of the session's own breakpoints.
    session.annotate(Annotations {
        breakpoints: vec![breakpoint],
        ..Annotations::default()
    });
    let (ahead, back) = searched(&mut session, &Condition::Breakpoint);
    assert_eq!((&ahead, &back), (&stops, &stops));
    session.annotate(Annotations::default());
    session.reset();
    assert_eq!(
        session.run_until(&Condition::Breakpoint, 5_000),
        Search::NotYet
    );
}

#[test]
fn no_step_breaks_an_invariant_of_the_kernel() {
    let mut session = super::session(synthetic(60));
    assert_eq!(
        session.run_until(&Condition::Invariant, u64::MAX),
        Search::Halted
    );
    assert!(!session.run_back_to(&Condition::Invariant));
}

/// The calls under way of A's libOS: where each stands, and what its variables hold.
fn calls(session: &Session) -> Vec<String> {
    let inside = session.inside(A, Side::LibOs).unwrap();
    let calls = inside.calls().into_iter();
    let calls = calls.map(|it| {
        let values = it.variables.iter().map(|value| value.to_string());
        format!(
            "{} {:?} {:?}",
            it.function,
            it.place,
            values.collect::<Vec<_>>()
        )
    });
    calls.collect()
}

#[test]
fn a_step_by_line_back_leads_to_the_line_before() {
    let mut session = super::session(synthetic(600));
    session.run_until(&Condition::Counter(A, CounterName::Upcalls, 14), u64::MAX);
    let mut lines = Vec::new();
    while session.step_line(A, Stride::Into, u64::MAX) == Search::Found
        && matches!(
            session.machine().kernel().environments[0].phase,
            Phase::Handling(_)
        )
    {
        lines.push((session.machine().position(), calls(&session)));
    }
    assert!(lines.len() > 4, "the handler has lines");
    let last = lines.pop().unwrap();
    session.go_to(last.0);
    while let Some((position, before)) = lines.pop() {
        assert!(session.step_line_back(A, Stride::Into));
        assert_eq!(session.machine().position(), position);
        assert_eq!(calls(&session), before);
    }
    // Out leads to the caller, or to an earlier upcall's outermost function.
    session.go_to(last.0);
    let depth = calls(&session).len();
    assert!(depth > 0);
    if session.step_line_back(A, Stride::Out) {
        assert!(calls(&session).len() < depth);
    }
}

#[test]
fn conditions_are_read_and_said() {
    for (text, said) in [
        ("frame=7", "frame 7 changed its owner"),
        ("fault=A:0x12", "page 0x12 of A faulted"),
        ("map=B:18", "page 0x12 of B was mapped"),
        ("evict=A:0", "page 0x0 of A lost its frame"),
        ("tlb=5", "entry 5 of the TLB was written"),
        ("A:upcalls>100", "upcalls of A went above 100"),
        ("line=A:30", "the libOS of A came to line 30"),
        ("line=app:B:4", "the application of B came to line 4"),
        ("invariant", "an invariant of the kernel broke"),
        (
            "breakpoint",
            "a program came to a breakpoint of the session",
        ),
        ("upcall", "there was a step of kind upcall"),
        ("eviction=B", "there was a step of B of kind eviction"),
    ] {
        assert_eq!(parse_condition(text).unwrap().to_string(), said);
    }
    for wrong in [
        "",
        "frame",
        "frame=",
        "frame=x",
        "frame=4294967296",
        "tlb=70000",
        "fault=A",
        "fault=a:1",
        "fault=AA:1",
        "line=A:0",
        "line=A",
        "upcall=",
        "upcall=7",
        "A:upcalls>",
        "A:upcalls>x",
        "upcalls>3",
        "A:joy>3",
        "noon",
    ] {
        let said = parse_condition(wrong).unwrap_err();
        assert!(said.contains("write "), "{wrong}: {said}");
    }
}
