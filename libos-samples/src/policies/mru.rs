use exo_prelude::*;

/// Most recently used: the page that was touched last goes, and the others stay where they are.
///
/// It is made for scans. A program that goes round and round through more pages than fit will need
/// the page it just left later than any other, so that is the one to give up; of the rest, memory
/// keeps as much as it can hold. There it wins over every policy that trusts in the past. It loses
/// nearly everywhere else, and badly: pages in use are thrown out, and pages loaded long ago stay
/// for ever. With a use stamp for each frame it knows which page was touched last. A machine
/// without stamps refuses the question (`NotOffered`); then the page that was loaded last goes,
/// which in a scan is the same page or the one before.
///
/// What becomes of a page that goes is the `Store`'s affair.
pub struct Mru {
    table: Table,
    store: Store,
    loaded_last: usize,
}

impl Mru {
    /// Nothing is loaded yet.
    pub const fn new() -> Mru {
        Mru {
            table: Table::new(),
            store: Store::new(),
            loaded_last: 0,
        }
    }

    /// The slot whose page goes next: the one with the youngest use.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        let mut youngest = self.loaded_last;
        let mut youngest_use = 0;
        for slot in 0..self.table.used {
            let last_use = match sys.use_stamp(self.table.frame[slot]) {
                Ok(last_use) => last_use,
                Err(SysError::NotOffered) => return Ok(self.loaded_last),
                Err(reason) => return Err(reason),
            };
            if last_use > youngest_use {
                youngest = slot;
                youngest_use = last_use;
            }
        }
        Ok(youngest)
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
        self.loaded_last = slot;
        self.table.record(slot, page);
        Ok(self.table.frame[slot])
    }

    /// A slot is gone: what names one must name one that is there.
    fn mend(&mut self) {
        if self.loaded_last >= self.table.used {
            self.loaded_last = 0;
        }
    }
}

impl LibOs for Mru {
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
            self.mend();
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
                self.mend();
            }
        }
        Ok(())
    }
}
