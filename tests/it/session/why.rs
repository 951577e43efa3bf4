//! Why something is as it is: the chain leads from the last change back to what caused it.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Frame, Page, TlbSlot};
use exo_session::condition::{Condition, Kind};
use exo_session::debugger::{Breakpoint, Side};
use exo_session::why::{Link, Thing, parse_thing};
use exo_session::{Search, Session};

use super::{state, synthetic};

const A: EnvId = EnvId(0);

/// The number of the last step up to here that names a thing, by walking from reset.
fn walked(session: &mut Session, names: impl Fn(&Event) -> bool) -> Option<u64> {
    let here = session.machine().position();
    session.reset();
    let mut last = None;
    while session.machine().position() < here {
        session.step();
        let current = session.current().expect("a step leads somewhere");
        if names(&current.stamped.event) {
            last = Some(current.number);
        }
    }
    last
}

/// The chain at some place: nothing has moved, and it leads strictly back.
fn why(session: &mut Session, thing: Thing) -> Vec<Link> {
    session.settle();
    let before = state(session);
    let chain = session.why(thing);
    assert_eq!(state(session), before, "{thing:?}");
    let here = session.machine().position();
    assert!(
        chain
            .iter()
            .all(|link| link.position <= here && !link.text.is_empty())
    );
    let falls = chain.windows(2).all(|pair| pair[1].step < pair[0].step);
    assert!(falls, "{chain:?}");
    for link in &chain {
        session.go_to(link.position);
        assert_eq!(session.step_number(), link.step);
    }
    session.go_to(here);
    chain
}

#[test]
fn a_frames_last_change_is_the_last_step_that_names_it_and_leads_to_its_fault() {
    let mut session = super::session(synthetic(2000));
    for until in [700, 1300, 3000] {
        session.reset();
        session.run_slice(until);
        for number in 14..28 {
            let frame = Frame(number);
            let chain = why(&mut session, Thing::Frame(frame));
            let last = walked(&mut session, |event| match *event {
                Event::Allocated { frame: at, .. }
                | Event::Bound { frame: at, .. }
                | Event::BitCleared { frame: at, .. }
                | Event::Freed { frame: at, .. } => at == frame,
                _ => false,
            });
            assert_eq!(chain.first().map(|link| link.step), last, "frame {number}");
        }
    }
}

#[test]
fn a_mapping_is_explained_by_its_line_its_upcall_and_its_miss() {
    let mut session = super::session(synthetic(2000));
    let mapped = loop {
        assert_eq!(session.run_until_event(u64::MAX), Search::Found);
        if let Some(current) = session.current()
            && let Event::Bound { env: A, page, .. } = current.stamped.event
        {
            break page;
        }
    };
    let chain = why(&mut session, Thing::Page(A, mapped));
    let [binding, upcall, miss] = &chain[..] else {
        panic!("{chain:?}");
    };
    let Breakpoint { env, side, line } = binding.line.expect("a policy's line did it");
    assert_eq!((env, side), (A, Side::LibOs));
    let source = session.source_at(A).lines().nth(line as usize - 1).unwrap();
    assert!(source.contains("tlb_write"), "{source}");
    assert!(binding.said_line().unwrap().ends_with("of A's libOS"));
    assert_eq!((upcall.line, miss.line), (None, None));
    session.go_to(upcall.position);
    let event = session.current().unwrap().stamped.event;
    assert!(matches!(event, Event::Upcall { env: A, page, .. } if page == mapped));
    session.go_to(miss.position);
    let event = session.current().unwrap().stamped.event;
    assert!(matches!(event, Event::Missed { env: A, page, .. } if page == mapped));
}

#[test]
fn what_was_never_touched_has_no_why() {
    let mut session = super::session(synthetic(300));
    assert_eq!(why(&mut session, Thing::Tlb(TlbSlot(0))), []);
    session.run_slice(300);
    assert_eq!(why(&mut session, Thing::Page(A, Page(4000))), []);
    assert!(!why(&mut session, Thing::Environment(A)).is_empty());
}

#[test]
fn an_extent_is_explained_by_the_call_that_made_it_and_not_by_transfers_to_it() {
    let scenario = exo_libos_samples::scenario("swap").expect("it comes along");
    let saved = exo_session::saved::read(scenario.text).unwrap().saved;
    let mut session = exo_session::saved::open(&saved, &mut exo_session::saved::Nothing)
        .unwrap()
        .session;
    // Until a block is on its way.
    let block = loop {
        let written = Condition::Kind(Kind::Disk, None);
        assert_eq!(session.run_until(&written, u64::MAX), Search::Found);
        if let Some(transfer) = session.machine().hardware().disk.queue().next() {
            break transfer.block;
        }
    };
    let (extent, contents) = (
        why(&mut session, Thing::Extent(block)),
        why(&mut session, Thing::Block(block)),
    );
    session.go_to(extent[0].position);
    let event = session.current().unwrap().stamped.event;
    assert!(matches!(event, Event::ExtentAllocated { .. }), "{event:?}");
    assert!(contents[0].step > extent[0].step);
}

#[test]
fn a_thing_is_read_or_it_is_said_how() {
    assert_eq!(parse_thing("frame=0x7"), Ok(Thing::Frame(Frame(7))));
    assert_eq!(parse_thing("page=A:18"), Ok(Thing::Page(A, Page(18))));
    for wrong in ["", "frame", "frame=", "page=1", "env=AA", "disk=1"] {
        let said = parse_thing(wrong).unwrap_err();
        assert!(said.contains("write frame=7"), "{said}");
    }
}
