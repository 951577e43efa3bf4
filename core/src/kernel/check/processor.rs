//! The processor's invariants: slices and transfers.

use alloc::format;
use alloc::string::String;

use super::{EnvId, Environment, Hardware, Kernel, Phase, Upcall, require};
use crate::limits::{EXCESS_SLICES_MAX, SAVE_CYCLES, SLICES_MAX};

/// The slices belong to environments that exist, the one under way is one of them, and nobody runs
/// beyond a slice and the time in which to save: what is used in excess is counted, and bounded.
pub(super) fn inv_sched_1(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    let slices = &kernel.slices;
    let count = slices.owners().len();
    require(count <= SLICES_MAX, || format!("{count} slices"))?;
    require(usize::from(slices.position) < count.max(1), || {
        format!("slice {} of {count} is under way", slices.position)
    })?;
    let left = kernel.slice_left;
    require(left <= slices.length, || {
        format!("{left} left of a slice of {}", slices.length)
    })?;
    for owner in slices.owners().iter().flatten() {
        require(owner.index() < kernel.environments.len(), || {
            format!("a slice belongs to {owner:?}")
        })?;
    }
    for (index, environment) in kernel.environments.iter().enumerate() {
        require(environment.excess_slices <= EXCESS_SLICES_MAX, || {
            format!(
                "environment {index} owes {} slices",
                environment.excess_slices
            )
        })?;
        let Some(left) = environment.saving else {
            continue;
        };
        let handling = environment.phase == Phase::Handling(Upcall::SliceEnded);
        require(handling && left <= slices.length.max(SAVE_CYCLES), || {
            let phase = environment.phase;
            format!("environment {index} is {phase:?} with {left} cycles to save in")
        })?;
    }
    Ok(())
}

/// Who waits for a transfer and who serves one agree, each transfer gives the processor to exactly
/// one other, and nobody waits for itself in the end.
pub(super) fn inv_sched_2(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        let env = EnvId(index as u8);
        let waits = environment.phase == Phase::Transferring;
        require(waits == environment.outgoing.is_some(), || {
            let (phase, outgoing) = (environment.phase, environment.outgoing);
            format!("{env:?} is {phase:?} with {outgoing:?}")
        })?;
        serves(kernel, env, environment)?;
        let mut last = env;
        for _ in 0..kernel.environments.len() {
            last = kernel.callee_under_way(last).unwrap_or(last);
        }
        require(kernel.callee_under_way(last).is_none(), || {
            format!("{env:?} waits for itself")
        })?;
        let waiters = kernel
            .environments
            .iter()
            .enumerate()
            .filter(|(other, _)| kernel.callee_under_way(EnvId(*other as u8)) == Some(env));
        let waiters = waiters.count();
        require(waiters <= 1, || format!("{waiters} wait for {env:?}"))?;
    }
    Ok(())
}

/// What an environment serves is what its handler was entered for.
fn serves(kernel: &Kernel, env: EnvId, environment: &Environment) -> Result<(), String> {
    // If it has transferred on, it waits itself.
    let own = environment.outgoing.map_or(environment.phase, |it| it.from);
    let handling = match own {
        Phase::Handling(upcall) | Phase::Waiting(Some(upcall)) => match upcall {
            Upcall::Entered => Some(true),
            Upcall::Signalled => Some(false),
            _ => None,
        },
        _ => None,
    };
    let incoming = environment.incoming;
    require(incoming.map(|it| it.synchronous) == handling, || {
        format!("{env:?} is {:?} with {incoming:?}", environment.phase)
    })?;
    let Some(incoming) = incoming.filter(|it| it.synchronous) else {
        return Ok(());
    };
    let caller = kernel.environments.get(incoming.caller.index());
    let waits = caller.and_then(|it| it.outgoing).map(|it| it.callee);
    require(waits == Some(env), || {
        let caller = incoming.caller;
        format!("{env:?} serves {caller:?}, which does not wait for it")
    })
}
