use exo_prelude::*;

/// Second chance by protection: CLOCK for hardware that keeps no reference and dirty bits.
///
/// To learn whether a page is still in use, take its mapping away, keep its frame, and wait: if it
/// is touched, it faults, and `touched` is the reference bit. To learn whether it is written, map
/// it for reading first: the first store faults, and `written` is the dirty bit. It chooses exactly
/// the pages that CLOCK chooses. It wins where the hardware has no bits to offer. It loses by its
/// faults: every second chance that is taken costs an upcall, and so does the first store to a
/// page.
///
/// What becomes of a page that goes is the `Store`'s affair; `written_victims` counts those that
/// had been written.
pub struct SecondChance {
    table: Table,
    store: Store,
    touched: [bool; FRAMES],
    written: [bool; FRAMES],
    hand: usize,
    written_victims: u64,
}

impl SecondChance {
    /// Nothing is loaded yet, and the hand points at the first frame that will be.
    pub const fn new() -> SecondChance {
        SecondChance {
            table: Table::new(),
            store: Store::new(),
            touched: [false; FRAMES],
            written: [false; FRAMES],
            hand: 0,
            written_victims: 0,
        }
    }

    /// The slot whose page goes next: the first that nobody touched since its mapping was taken.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        while self.touched[self.hand] {
            self.touched[self.hand] = false;
            sys.tlb_drop(self.table.page[self.hand])?;
            self.hand = (self.hand + 1) % self.table.used;
        }
        let slot = self.hand;
        self.hand = (self.hand + 1) % self.table.used;
        Ok(slot)
    }

    /// Finds a slot for `page`: a new one while there are any, then the victim's, which has no
    /// mapping to take away.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        let slot = if self.table.used < sys.frame_limit() && self.table.used < FRAMES {
            let frame = sys.allocate()?;
            self.store.bring(sys, page, frame)?;
            self.table.grow(frame)
        } else if self.table.used == 0 {
            return Err(SysError::Limit);
        } else {
            let slot = self.victim(sys)?;
            if self.written[slot] {
                self.written_victims += 1;
                self.store
                    .write(sys, self.table.page[slot], self.table.frame[slot])?;
            }
            self.store.bring(sys, page, self.table.frame[slot])?;
            self.table.forget(slot);
            slot
        };
        self.written[slot] = false;
        self.table.record(slot, page);
        Ok(slot)
    }

    /// The page and the frame of `slot` are gone, and the last slot, which was `last`, is `slot` now.
    fn mend(&mut self, slot: usize, last: usize) {
        self.touched[slot] = self.touched[last];
        self.written[slot] = self.written[last];
        if self.hand >= self.table.used {
            self.hand = 0;
        }
    }
}

impl LibOs for SecondChance {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let slot = match self.table.find(fault.page) {
            Some(slot) => slot, // a second chance taken, a first store, or the TLB had lost it
            None => match self.load(sys, fault.page) {
                // Its frame was taken meanwhile: once more.
                Err(SysError::Stale | SysError::NoAuthority) => return Ok(()),
                loaded => loaded?,
            },
        };
        self.touched[slot] = true;
        if fault.access == Access::ReadWrite {
            self.written[slot] = true;
        }
        let access = if self.written[slot] {
            Access::ReadWrite
        } else {
            Access::Read
        };
        sys.tlb_write(fault.page, self.table.frame[slot], access)
    }

    /// Another policy loaded these pages, and may have mapped any of them for writing.
    fn adopted(&mut self, _sys: &mut Sys) {
        for slot in 0..self.table.used {
            self.touched[slot] = true;
            self.written[slot] = true;
        }
    }

    /// The kernel wants frames back: those go whose pages would go next.
    fn revoke(&mut self, sys: &mut Sys, revocation: Revocation) -> Result<(), SysError> {
        for _ in 0..revocation.frames {
            self.repossessed(sys)?; // writing a page out takes time, and the kernel may not wait
            if self.table.used <= sys.frame_limit() {
                break;
            }
            let slot = self.victim(sys)?;
            if self.written[slot] {
                self.written_victims += 1;
                let page = self.table.page[slot];
                let frame = self.table.frame[slot];
                match self.store.write(sys, page, frame) {
                    Ok(()) => {}
                    // Taken meanwhile: the vector says what became of it.
                    Err(SysError::Stale | SysError::NoAuthority) => continue,
                    Err(reason) => return Err(reason),
                }
            }
            let last = self.table.give_back(sys, slot)?;
            self.mend(slot, last);
        }
        Ok(())
    }

    /// The kernel has taken frames: the table must not name them any more, and the store is told what
    /// became of their pages.
    fn repossessed(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        while let Ok(lost) = sys.next_repossessed() {
            if let Some(slot) = self.table.slot_of(lost.frame) {
                self.store.taken(sys, self.table.page[slot], lost)?;
                let last = self.table.shrink(slot);
                self.mend(slot, last);
            }
        }
        Ok(())
    }
}
