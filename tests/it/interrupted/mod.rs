//! Every sample may be interrupted at any instruction, and goes on as if it had not been.

mod applications;
mod policies;
mod short;

use exo_core::event::{Silent, Stamped};
use exo_core::machine::{Machine, Stop};
use exo_core::trace::Trace;

/// Between so many stops the machine is brought back from a checkpoint.
const BACK_EVERY: u64 = 7;

/// Runs a machine to its end in one go, and again with a stop after every unit, of which an
/// instruction is one. Both must come to the same end by the same events.
///
/// Gives the end and its events.
fn stopped_everywhere(start: &Machine, sources: &[&Trace]) -> (Machine, Vec<Stamped>) {
    let (mut straight, mut told) = (start.clone(), Vec::new());
    assert_eq!(straight.run(u64::MAX, sources, &mut told), Stop::Halted);
    straight.check().unwrap();
    let (mut stopped, mut heard) = (start.clone(), Vec::new());
    let mut target = 1;
    while stopped.run(target, sources, &mut heard) == Stop::Reached {
        assert_eq!(stopped.position().retired, target, "one unit at a time");
        if target % BACK_EVERY == 0 {
            let checkpoint = stopped.checkpoint();
            stopped.run(target + 3, sources, &mut Silent);
            stopped.restore(&checkpoint);
        }
        target += 1;
    }
    stopped.check().unwrap();
    assert!(heard == told, "another story");
    assert!(stopped == straight, "another end");
    assert_eq!(stopped.state_digest(), straight.state_digest());
    let mut silent = start.clone();
    while silent.run(silent.position().retired + 1, sources, &mut Silent) == Stop::Reached {}
    assert!(silent == straight, "another end where nobody listens");
    (straight, told)
}
