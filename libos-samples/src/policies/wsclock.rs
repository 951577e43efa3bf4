use exo_prelude::*;

/// WSClock (Carr and Hennessy, 1981): a clock whose hand takes pages that left the working set.
///
/// For each frame it notes when the page was last found in use. The hand passes over a page whose
/// reference bit is set, and notes the time; over one that is idle, but not yet for `WINDOW`; and
/// takes the first that is idle for longer. If a whole round finds none, the working set is larger
/// than memory, and the page idle for longest goes. It wins over CLOCK in page loads when a program
/// moves on from page to page: it knows for how long a page is idle, and not only that it is. It
/// loses in cycles: while all pages are in use each victim costs a whole round of questions to the
/// kernel. Time is counted in page loads here, and not in instructions, so that it stands still
/// while nothing is loaded.
///
/// What becomes of a page that goes is the `Store`'s affair. The real WSClock would start to write
/// a page that was written, pass over it, and take one that need not be; here the victim is waited
/// for.
pub struct WsClock {
    table: Table,
    store: Store,
    in_use_at: [u64; FRAMES],
    hand: usize,
    time: u64,
}

/// How many page loads a page may go unused before it leaves the working set.
const WINDOW: u64 = 32;

impl WsClock {
    /// Nothing is loaded yet, and the hand points at the first frame that will be.
    pub const fn new() -> WsClock {
        WsClock {
            table: Table::new(),
            store: Store::new(),
            in_use_at: [0; FRAMES],
            hand: 0,
            time: 0,
        }
    }

    /// The slot whose page goes next: the first outside the working set, or the one idle for longest.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        let mut idlest = self.hand;
        for _ in 0..self.table.used {
            let slot = self.hand;
            self.hand = (self.hand + 1) % self.table.used;
            if sys.referenced(self.table.frame[slot])? {
                sys.clear_referenced(self.table.frame[slot])?;
                self.in_use_at[slot] = self.time;
            } else if self.time - self.in_use_at[slot] > WINDOW {
                return Ok(slot);
            }
            if self.in_use_at[slot] < self.in_use_at[idlest] {
                idlest = slot;
            }
        }
        Ok(idlest)
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
        self.time += 1;
        self.in_use_at[slot] = self.time;
        self.table.record(slot, page);
        Ok(self.table.frame[slot])
    }

    /// The page and the frame of `slot` are gone, and the last slot, which was `last`, is `slot` now.
    fn mend(&mut self, slot: usize, last: usize) {
        self.in_use_at[slot] = self.in_use_at[last];
        if self.hand >= self.table.used {
            self.hand = 0;
        }
    }
}

impl LibOs for WsClock {
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
