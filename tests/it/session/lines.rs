//! Which line of a program made an event.

use exo_core::event::Event;
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::machine::Stop;
use exo_session::debugger::{Breakpoint, Side};
use exo_session::{ApplicationSpec, Recorded, Scenario, Session};

use super::synthetic;

const A: EnvId = EnvId(0);

/// What a line says.
fn says(session: &Session, line: Option<Breakpoint>) -> &str {
    let Some(line) = line else {
        return "";
    };
    let source = match line.side {
        Side::LibOs => session.source_at(line.env),
        Side::Application => session.application_source_at(line.env).unwrap(),
    };
    source.lines().nth(line.line as usize - 1).unwrap()
}

/// Every event of the first steps.
fn told(session: &mut Session, steps: u64) -> Vec<Recorded> {
    let mut told = Vec::new();
    while session.step_number() < steps && session.step() == Stop::Reached {
        told.extend(session.current().copied());
    }
    told
}

#[test]
fn a_system_call_is_made_by_its_line_a_return_by_one_of_its_function_and_a_reference_of_a_trace_by_none()
 {
    let mut session = super::session(synthetic(2000));
    let told = told(&mut session, 900);
    let source = session.source_at(A);
    let line_of = |mark: &str| source.lines().position(|it| it.contains(mark)).unwrap() as u32;
    let mut seen = [0; 3];
    for event in told {
        let line = says(&session, event.line);
        let side = event.line.map(|it| it.side);
        match event.stamped.event {
            Event::Bound { .. } => {
                assert!(line.contains("tlb_write"), "{line}");
                assert_eq!(side, Some(Side::LibOs));
                seen[0] += 1;
            }
            Event::Allocated { .. } => {
                assert!(line.contains("allocate"), "{line}");
                seen[1] += 1;
            }
            Event::Resumed { .. } => {
                let line = event.line.unwrap().line;
                assert!(line > line_of("fn page_fault"), "{line}");
                seen[2] += 1;
            }
            Event::Accessed { .. } | Event::Missed { .. } | Event::Upcall { .. } => {
                assert_eq!(side, None);
            }
            _ => {}
        }
    }
    assert!(seen.iter().all(|it| *it > 3), "{seen:?}");
}

/// A program that stores, loads, asks and says, each on a line of its own, under FIFO with few frames.
fn programs() -> Scenario {
    let mut scenario = synthetic(100);
    for environment in &mut scenario.environments {
        environment.application = ApplicationSpec::Program {
            name: "mine.rs".to_owned(),
            source: "use exo_prelude::*;
pub struct Mine { sum: u64 }
impl Mine { pub const fn new() -> Mine { Mine { sum: 0 } } }
impl Application for Mine {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        for n in 0..60u32 {
            mem.store_u64(0x10000 + n * 520, n as u64);
        }
        for n in 0..60u32 {
            self.sum += mem.load_u64(0x10000 + n * 520);
        }
        let said = mem.request(3, 4, 5).is_ok();
        log!(\"sum {} {}\", self.sum, said);
    }
}
"
            .to_owned(),
        };
    }
    scenario.machine.frames += scenario.pinned_frames().unwrap();
    scenario
}

#[test]
fn what_an_application_does_is_made_by_its_line_its_faults_too() {
    let mut session = super::session(programs());
    let told = told(&mut session, u64::MAX);
    let mut seen = [0; 5];
    for event in told {
        let line = says(&session, event.line);
        let made = |it: usize, words: &str, seen: &mut [u32; 5]| {
            assert!(line.contains(words), "{words}: {line:?}, {event:?}");
            assert_eq!(event.line.unwrap().side, Side::Application);
            seen[it] += 1;
        };
        match event.stamped.event {
            Event::Accessed {
                kind: ReferenceKind::Store,
                ..
            } => made(0, "store_u64", &mut seen),
            Event::Accessed { .. } => made(1, "load_u64", &mut seen),
            Event::Missed { .. }
            | Event::Protected { .. }
            | Event::StlbMissed { .. }
            | Event::StlbHit { .. }
            | Event::Upcall { .. } => made(2, "_u64", &mut seen),
            Event::Requested { .. } => made(3, "request", &mut seen),
            Event::Logged { .. } => made(4, "log!", &mut seen),
            Event::Replied { .. } => assert_eq!(event.line, None, "there is no such function"),
            _ => {}
        }
    }
    assert!(seen.iter().all(|it| *it > 0), "{seen:?}");
}

#[test]
fn an_event_has_the_same_line_however_one_comes_to_it() {
    let mut session = super::session(programs());
    let stepped = told(&mut session, 700);
    session.reset();
    session.go_to_step(700);
    let gone = session.recent().to_vec();
    assert!(gone.len() > 100);
    assert!(stepped.ends_with(&gone));
    let mut again = Vec::new();
    session.tell_again(1, 700, true, &mut |_, told, _| {
        again.push(*told);
        true
    });
    assert_eq!(stepped, again);
}
