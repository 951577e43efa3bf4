//! INV-DET-1 as a function: the same state goes the same way, and a checkpoint brings it back.

use alloc::format;

use super::Machine;
use crate::event::Silent;
use crate::kernel::check::Violation;
use crate::trace::Trace;

/// Steps that are made to see whether two machines go the same way.
const STEPS: usize = 4;

/// Checks that a copy of `machine` makes the same next steps, that a checkpoint restores the very
/// state it was taken of, and that the steps from there are the same again.
///
/// # Errors
/// Which of them differs, with both digests.
pub fn inv_det_1(machine: &Machine, sources: &[&Trace]) -> Result<(), Violation> {
    let steps = |machine: &mut Machine| {
        for _ in 0..STEPS {
            machine.step(sources, &mut Silent);
        }
        machine.state_digest()
    };
    let same = |what: &str, one: u64, other: u64| {
        let detail = || format!("{what}: {one:016x} and {other:016x}");
        let invariant = "INV-DET-1";
        if one == other {
            Ok(())
        } else {
            Err(Violation {
                invariant,
                detail: detail(),
            })
        }
    };
    let here = machine.state_digest();
    let (mut straight, mut returning) = (machine.clone(), machine.clone());
    let checkpoint = returning.checkpoint();
    same(
        "a checkpoint changed the state",
        here,
        returning.state_digest(),
    )?;
    let ahead = steps(&mut straight);
    same("two copies go different ways", ahead, steps(&mut returning))?;
    returning.restore(&checkpoint);
    same(
        "a checkpoint brought back another state",
        here,
        returning.state_digest(),
    )?;
    same(
        "the way from a checkpoint is another",
        ahead,
        steps(&mut returning),
    )
}
