use exo_prelude::*;

/// For one program, a hash join: the hash table stays, and pages of the relations go at once.
///
/// The program reads each relation once from end to end, and for each row looks up one place of its
/// hash table, now here, now there. Only the program knows which page is which; a kernel for
/// all sees pages come and go, keeps relations that nobody reads again, and takes parts of the hash
/// table that wait for their row. This is the exokernel's argument: who knows the use should decide.
/// It wins on that program, with the fewest page loads there can be as long as the hash table and
/// one page of a relation fit. It loses on every other: it is FIFO there, and keeps what happens to
/// lie at the hash table's addresses.
///
/// What becomes of a page that goes is the `Store`'s affair.
pub struct Join {
    table: Table,
    store: Store,
    hand: usize,
}

/// The first page of the hash table, as the program lays out its memory.
const HASH_TABLE: u32 = 0x400;
/// Pages of the hash table.
const HASH_TABLE_PAGES: u32 = 60;

impl Join {
    /// Nothing is loaded yet, and the hand points at the first frame that will be.
    pub const fn new() -> Join {
        Join {
            table: Table::new(),
            store: Store::new(),
            hand: 0,
        }
    }

    /// Whether the page in `slot` belongs to the hash table.
    fn stays(&self, slot: usize) -> bool {
        let page = self.table.page[slot];
        page >= HASH_TABLE && page - HASH_TABLE < HASH_TABLE_PAGES
    }

    /// The slot whose page goes next: the one loaded first, unless it belongs to the hash table. If
    /// all do, the first goes all the same.
    fn victim(&mut self, _sys: &mut Sys) -> Result<usize, SysError> {
        for _ in 0..self.table.used {
            if !self.stays(self.hand) {
                break;
            }
            self.hand = (self.hand + 1) % self.table.used;
        }
        let slot = self.hand;
        self.hand = (self.hand + 1) % self.table.used;
        Ok(slot)
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

    /// A slot is gone: what names one must name one that is there.
    fn mend(&mut self) {
        if self.hand >= self.table.used {
            self.hand = 0;
        }
    }
}

impl LibOs for Join {
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
            let slot = self.victim(sys)?;
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
