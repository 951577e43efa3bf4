//! Stopping a policy at any line, and reading what it holds there.

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_session::debugger::{Breakpoint, Side, Stride};
use exo_session::{Search, Session};
use expect_test::expect;

use super::{state, synthetic};

const A: EnvId = EnvId(0);
const FAR: u64 = 1_000_000;

/// A policy that calls, loops, and keeps values of every kind; its lines are counted below.
const SOURCE: &str = "use exo_prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry { page: u32, frame: Option<Frame> }

pub struct Traced { table: [Entry; 12], used: usize, last: Option<u32> }

impl Traced {
    pub const fn new() -> Traced {
        Traced { table: [Entry { page: 0, frame: None }; 12], used: 0, last: None }
    }

    fn slot(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        for slot in 0..self.used {
            if self.table[slot].page == page {
                return Ok(slot);
            }
        }
        let slot = self.used % 12;
        let mut bytes = [page as u8; 4];
        add(&mut bytes, 1);
        if self.used < 12 {
            self.table[slot].frame = Some(sys.allocate()?);
        }
        self.table[slot].page = page;
        self.used = if self.used < 12 { self.used + 1 } else { 12 };
        Ok(slot)
    }
}

fn add(bytes: &mut [u8; 4], by: u8) {
    let first = bytes[0];
    bytes[3] = first.wrapping_add(by);
}

impl LibOs for Traced {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let slot = self.slot(sys, fault.page)?;
        self.last = Some(fault.page);
        match self.table[slot].frame {
            Some(frame) => sys.tlb_write(fault.page, frame, fault.access),
            None => Err(SysError::Limit),
        }
    }
}
";

fn session() -> Session {
    let mut scenario = synthetic(2_000);
    scenario.environments.truncate(1);
    scenario.environments[0].source = SOURCE.to_owned();
    scenario.machine.frames = 12 + scenario.pinned_frames().unwrap();
    super::session(scenario)
}

/// The line that contains `text`, from 1.
fn line(text: &str) -> u32 {
    let place = SOURCE.lines().position(|line| line.contains(text));
    place.expect("a line of the source") as u32 + 1
}

fn at(text: &str) -> Breakpoint {
    let line = line(text);
    Breakpoint {
        env: A,
        side: Side::LibOs,
        line,
    }
}

/// The calls under way with their variables, one a line.
fn told(session: &Session) -> String {
    let inside = session.inside(A, Side::LibOs).unwrap();
    let calls = inside.calls().into_iter().map(|call| {
        let variables = call.variables.iter();
        let variables: Vec<String> = variables
            .map(|it| format!("{} = {it}", it.name()))
            .collect();
        let place = call.place.line;
        format!("{} {}: {}\n", place, call.function, variables.join(", "))
    });
    calls.collect()
}

/// The line at which the innermost call stands, if one is under way.
fn stands(session: &Session) -> Option<u32> {
    let inside = session.inside(A, Side::LibOs)?;
    let calls = inside.calls();
    calls.first().map(|call| call.place.line)
}

#[test]
fn a_breakpoint_stops_before_its_line_and_shows_calls_variables_and_fields() {
    let mut session = session();
    let found = session.run_to_breakpoint(&[at("bytes[3] = ")], FAR);
    assert_eq!(found, Search::Found);
    expect![[r#"
        33 add: bytes = [0, 0, 0, 0], by = 1, first = 0
        21 Traced::slot: self = Traced { table: [Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }], used: 0, last: None }, page = 0x0, slot = 0, bytes = [0, 0, 0, 0]
        38 Traced::page_fault: self = Traced { table: [Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }, Entry { page: 0x0, frame: None }], used: 0, last: None }, fault = Fault { address: 0x0, page: 0x0, access: Access::ReadWrite, cause: Cause::Miss }
    "#]].assert_eq(&told(&session));
    let found = session.run_to_breakpoint(&[at("self.last = ")], FAR);
    assert_eq!(found, Search::Found);
    let inside = session.inside(A, Side::LibOs).unwrap();
    let fields: Vec<_> = inside.fields().collect();
    assert_eq!(fields[0].name(), "table");
    let first = fields[0].to_string();
    assert!(first.starts_with("[Entry { page: "), "{first}");
    assert!(first.contains("frame: Some(Frame(0x"), "{first}");
    assert_eq!(fields[1].to_string(), "1");
    assert_eq!(fields[2].to_string(), "None");
}

#[test]
fn a_breakpoint_is_reached_once_for_each_time_its_line_runs() {
    let mut session = session();
    let mut stops = 0;
    while session.run_to_breakpoint(&[at("self.last = ")], FAR) == Search::Found {
        stops += 1;
    }
    let upcalls = session.machine().kernel().environments[0].counters.upcalls;
    assert!(upcalls > 10);
    assert_eq!(stops, upcalls, "each upcall comes by once");
}

#[test]
fn steps_go_into_over_and_out_of_calls() {
    let mut session = session();
    session.run_to_breakpoint(&[at("let slot = self.slot")], FAR);
    let mut lines = Vec::new();
    for stride in [
        Stride::Into,
        Stride::Over,
        Stride::Over,
        Stride::Over,
        Stride::Over,
        Stride::Into,
        Stride::Out,
        Stride::Out,
        Stride::Over,
    ] {
        assert_eq!(session.step_line(A, stride, FAR), Search::Found);
        let text = SOURCE.lines().nth(stands(&session).unwrap() as usize - 1);
        lines.push(format!("{stride:?}: {}\n", text.unwrap_or("").trim()));
    }
    expect![[r#"
        Into: fn slot(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        Over: for slot in 0..self.used {
        Over: let slot = self.used % 12;
        Over: let mut bytes = [page as u8; 4];
        Over: add(&mut bytes, 1);
        Into: let first = bytes[0];
        Out: if self.used < 12 {
        Out: let slot = self.slot(sys, fault.page)?;
        Over: self.last = Some(fault.page);
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn out_of_a_handler_is_the_end_of_its_upcall() {
    let mut session = session();
    session.run_to_breakpoint(&[at("self.last = ")], FAR);
    assert_eq!(session.step_line(A, Stride::Out, FAR), Search::Found);
    let last = session.current().map(|it| it.stamped.event);
    assert!(matches!(last, Some(Event::Resumed { env: A })), "{last:?}");
    assert_eq!(stands(&session), None);
}

#[test]
fn where_one_stops_changes_nothing_of_the_run() {
    let mut stepped = session();
    for _ in 0..40 {
        stepped.run_to_breakpoint(&[at("for slot in"), at("add(&mut bytes")], FAR);
        stepped.step_line(A, Stride::Into, FAR);
    }
    let mut straight = session();
    straight.go_to(stepped.machine().position());
    assert_eq!(
        stepped.machine().state_digest(),
        straight.machine().state_digest()
    );
}

#[test]
fn without_a_program_that_runs_there_is_no_line_to_step() {
    let mut session = session();
    let before = session.machine().position();
    assert_eq!(session.step_line(A, Stride::Over, FAR), Search::Halted);
    assert_eq!(session.machine().position(), before);
}

#[test]
fn the_lines_that_have_run_are_those_of_the_call_under_way_since_it_was_made() {
    let mut session = session();
    session.run_to_breakpoint(&[at("self.last = ")], FAR);
    session.run_to_breakpoint(&[at("self.last = ")], FAR);
    let run = session.lines_run(A, Side::LibOs);
    let lines = ["let slot = self.slot", "self.last = "];
    assert_eq!(run, lines.map(line), "and none of what it called");
    // Of a function with a branch that is not taken, the lines within that have not run.
    session.run_to_breakpoint(&[at("self.used = if")], FAR);
    let run = session.lines_run(A, Side::LibOs);
    assert!(run.contains(&line("if self.used < 12 {")), "{run:?}");
    assert!(run.contains(&line("self.table[slot].frame = Some")));
    assert!(!run.contains(&line("return Ok(slot)")), "{run:?}");
}

#[test]
fn lines_that_have_run_are_told_without_moving_and_are_those_that_one_steps_over() {
    let mut session = session();
    session.run_to_breakpoint(&[at("let slot = self.slot")], FAR);
    session.step_line(A, Stride::Into, FAR);
    let mut seen = Vec::new();
    for _ in 0..30 {
        let before = (state(&session), session.recent().to_vec());
        let run = session.lines_run(A, Side::LibOs);
        assert_eq!((state(&session), session.recent().to_vec()), before);
        let here = stands(&session).unwrap();
        if here >= line("let slot = self.slot") || here >= line("fn add") {
            break;
        }
        seen.push(here);
        assert!(seen.iter().all(|it| run.contains(it)), "{seen:?}: {run:?}");
        assert!(run.iter().all(|it| seen.contains(it)), "{seen:?}: {run:?}");
        session.step_line(A, Stride::Over, FAR);
    }
    assert!(seen.len() > 5, "{seen:?}");
    let mut finished = Session::new(session.scenario().clone()).unwrap();
    assert!(finished.lines_run(A, Side::LibOs).is_empty());
}
