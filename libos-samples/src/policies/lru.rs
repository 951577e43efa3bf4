use exo_prelude::*;

/// Least recently used: the page that was untouched for longest goes.
///
/// A program tends to touch again what it touched lately, so this is the order that the others try
/// to come near to. It wins in page loads wherever that is so. It loses on a loop a little larger
/// than memory, where the page untouched for longest is the one needed next, and in cycles: each
/// victim costs a question to the kernel for every frame. It needs a use stamp for each frame, which
/// few machines have: on one without, the question is refused (`NotOffered`) and the policy gives up
/// when it must choose for the first time. CLOCK comes near with one bit a frame.
///
/// What becomes of a page that goes is the `Store`'s affair.
pub struct Lru {
    table: Table,
    store: Store,
}

impl Lru {
    /// Nothing is loaded yet.
    pub const fn new() -> Lru {
        Lru {
            table: Table::new(),
            store: Store::new(),
        }
    }

    /// The slot whose page goes next: the one with the oldest use.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        let mut oldest = 0;
        let mut oldest_use = u64::MAX;
        for slot in 0..self.table.used {
            let last_use = sys.use_stamp(self.table.frame[slot])?;
            if last_use < oldest_use {
                oldest = slot;
                oldest_use = last_use;
            }
        }
        Ok(oldest)
    }

    /// Finds a frame for `page`: a new one while there are any, then the victim's.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<Frame, SysError> {
        let slot = if self.table.used < sys.frame_limit() && self.table.used < FRAMES {
            let frame = sys.allocate()?;
            self.store.bring(sys, page, frame)?;
            self.table.grow(frame)
        } else if self.table.used == 0 {
            return Err(SysError::Limit);
        } else {
            let slot = self.victim(sys)?;
            sys.tlb_drop(self.table.page[slot])?;
            self.store
                .save(sys, self.table.page[slot], self.table.frame[slot])?;
            self.store.bring(sys, page, self.table.frame[slot])?;
            self.table.forget(slot);
            slot
        };
        self.table.record(slot, page);
        Ok(self.table.frame[slot])
    }
}

impl LibOs for Lru {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.table.find(fault.page) {
            Some(slot) => self.table.frame[slot], // still loaded: only the TLB had lost it
            None => match self.load(sys, fault.page) {
                // Its frame was taken meanwhile: once more.
                Err(SysError::Stale | SysError::NoAuthority) => return Ok(()),
                loaded => loaded?,
            },
        };
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    /// The kernel wants frames back: those go whose pages would go next.
    fn revoke(&mut self, sys: &mut Sys, revocation: Revocation) -> Result<(), SysError> {
        for _ in 0..revocation.frames {
            self.repossessed(sys)?; // writing a page out takes time, and the kernel may not wait
            if self.table.used <= sys.frame_limit() {
                break;
            }
            let slot = match self.victim(sys) {
                Err(SysError::NoAuthority) => continue, // one of them was taken just now
                found => found?,
            };
            sys.tlb_drop(self.table.page[slot])?;
            let page = self.table.page[slot];
            let frame = self.table.frame[slot];
            match self.store.save(sys, page, frame) {
                Ok(()) => {}
                // Taken meanwhile: the vector says what became of it.
                Err(SysError::Stale | SysError::NoAuthority) => continue,
                Err(reason) => return Err(reason),
            }
            self.table.give_back(sys, slot)?;
        }
        Ok(())
    }

    /// The kernel has taken frames: the table must not name them any more, and the store is told what
    /// became of their pages.
    fn repossessed(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        while let Ok(lost) = sys.next_repossessed() {
            if let Some(slot) = self.table.slot_of(lost.frame) {
                self.store.taken(sys, self.table.page[slot], lost)?;
                self.table.shrink(slot);
            }
        }
        Ok(())
    }
}
