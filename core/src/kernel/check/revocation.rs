//! The invariants of revocation, of upcalls that come by themselves, and of time.

use alloc::format;
use alloc::string::String;

use super::require;
use crate::ids::{Block, Contents};
use crate::kernel::{Hardware, Kernel, SaveBlock, Saving};
use crate::limits::{NOTICES_MAX, SAVE_BLOCKS_MAX};

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

/// The repossession vector names frames of the machine: each once of which nothing is saved, and the
/// others each with a block of the vector that has been used and of which the libOS has not been told.
/// It has no block twice, and not too many.
pub(super) fn inv_rev_5(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        let (lost, blocks) = (
            environment.repossessed.losses(),
            environment.repossessed.blocks(),
        );
        for (place, loss) in lost.iter().enumerate() {
            let mut others = lost.iter().skip(place + 1);
            let once = match loss.saved {
                None => !others.any(|it| it.frame == loss.frame && it.saved.is_none()),
                Some(saved) => !others.any(|it| it.saved == Some(saved)),
            };
            let of = |saved: (u32, Block)| blocks.iter().find(|it| it.block == saved.1);
            let waits = |it: &SaveBlock| it.saving != Saving::Free && !it.told;
            let block = loss.saved.is_none_or(|it| of(it).is_some_and(waits));
            let says = loss.saved.is_some() == (loss.contents == Contents::Saved);
            let exists = loss.frame.0 < hw.memory.frames();
            require(once && block && says && exists, || {
                format!("environment {index}: the repossession vector names {loss:?} wrongly")
            })?;
        }
        for (place, it) in blocks.iter().enumerate() {
            let once = !blocks
                .iter()
                .skip(place + 1)
                .any(|other| other.block == it.block);
            let named = lost
                .iter()
                .any(|loss| loss.saved == Some((it.number, it.block)));
            let agrees = named == (it.saving != Saving::Free && !it.told);
            require(once && agrees && it.block.0 < hw.disk.blocks(), || {
                format!("environment {index}: the repossession vector has {it:?} wrongly")
            })?;
        }
        require(blocks.len() <= SAVE_BLOCKS_MAX, || {
            format!("environment {index}: too many blocks in the repossession vector")
        })?;
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
