//! The invariants of revocation, of upcalls that come by themselves, and of time.

use alloc::format;
use alloc::string::String;

use super::require;
use crate::kernel::{Hardware, Kernel};
use crate::limits::NOTICES_MAX;

/// An environment is asked for frames exactly while it holds more than it may, and what is asked has
/// a deadline, of which the kernel will be reminded.
pub(super) fn inv_rev_1(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        let asked = environment.revocation;
        require(asked.is_some() == (environment.excess() > 0), || {
            let excess = environment.excess();
            format!("environment {index} holds {excess} frames too many and is asked: {asked:?}")
        })?;
    }
    let due = kernel.next_due().map_or(u64::MAX, |(due, _)| due);
    require(due == kernel.due_cycles.0, || {
        let noted = kernel.due_cycles.0;
        format!("the next thing is due at {due}, noted is {noted}")
    })
}

/// The repossession vector names frames of the machine, each once.
pub(super) fn inv_rev_5(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        let lost = &environment.repossessed;
        for (place, frame) in lost.iter().enumerate() {
            let once = !lost.iter().skip(place + 1).any(|it| it == frame);
            require(once && frame.0 < hw.memory.frames(), || {
                format!("environment {index}: the repossession vector names {frame:?} wrongly")
            })?;
        }
    }
    Ok(())
}

/// What waits for an environment is bounded, and its handler answers it; the upcall that runs is the
/// one that was told.
pub(super) fn inv_up_3(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        require(environment.notices.len() <= NOTICES_MAX, || {
            format!("environment {index}: too many upcalls wait")
        })?;
        for notice in environment.notices.iter() {
            require(environment.answers(notice.upcall), || {
                format!("environment {index}: {:?} waits for nobody", notice.upcall)
            })?;
        }
        let told = environment.notice.map(|notice| notice.upcall);
        let runs = told == environment.upcall();
        require(told.is_none() || runs, || {
            let (phase, notice) = (environment.phase, environment.notice);
            format!("environment {index} is {phase:?}, told was {notice:?}")
        })?;
    }
    Ok(())
}
