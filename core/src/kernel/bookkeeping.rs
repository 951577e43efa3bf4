//! Bookkeeping that is exposed: who owns a frame, what is free, what TLB and software TLB hold (A03).
//!
//! Anyone may read all of it, and nobody can write it: names are physical in an exokernel, and
//! knowing one gives no right (SOSP'95 3.1). What a binding rests on is not shown, and nothing here
//! leads to the check bits of a capability.

use super::call::Call;
use super::syscall::frame_argument;
use super::{Hardware, Kernel};
use crate::error::SysError;
use crate::event::Event;
use crate::ids::{Access, EnvId, Frame, Page};

impl Kernel {
    /// Answers a question about the kernel's bookkeeping. Nothing changes.
    pub(super) fn read_bookkeeping(
        &self,
        hw: &Hardware,
        call: Call,
        first: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let value = match call {
            Call::FrameOwner => self.frame_owner(first)?,
            Call::FreeFrames => self.frames.free().into(),
            Call::TlbEntries => hw.tlb.entries().len() as u64,
            Call::StlbEntries => self.stlb.entries().len() as u64,
            Call::TlbEntry => {
                let entry = entry_at(hw.tlb.entries(), first)?;
                word(EnvId(entry.asid), entry.page, entry.frame, entry.access)
            }
            _ => {
                let entry = entry_at(self.stlb.entries(), first)?;
                word(entry.env, entry.page, entry.frame, entry.access)
            }
        };
        Ok((value, Event::Answered { env, call, value }))
    }

    fn frame_owner(&self, number: u64) -> Result<u64, SysError> {
        let frame = frame_argument(number)?;
        let record = self.frames.records().get(frame.index());
        let record = record.ok_or(SysError::NoSuchFrame)?;
        match record.owner {
            Some(owner) => Ok(owner.0.into()),
            None if record.is_free() => Err(SysError::Unowned),
            None => Err(SysError::Busy),
        }
    }
}

fn entry_at<T: Copy>(entries: &[Option<T>], number: u64) -> Result<T, SysError> {
    let place = usize::try_from(number).map_err(|_| SysError::NoSuchEntry)?;
    let entry = entries.get(place).ok_or(SysError::NoSuchEntry)?;
    entry.ok_or(SysError::Empty)
}

/// A binding as one word, as the hardware's own entries are: page, frame, environment and access,
/// the page lowest, each as wide as the table of the interface says.
fn word(env: EnvId, page: Page, frame: Frame, access: Access) -> u64 {
    (access as u64) << 56 | u64::from(env.0) << 48 | u64::from(frame.0) << 32 | u64::from(page.0)
}
