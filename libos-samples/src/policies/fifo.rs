use exo_prelude::*;

/// First in, first out: the page that was loaded first goes first.
///
/// The simplest policy that replaces, and the one to edit. It wins by its price: a victim costs no
/// system call, and a program that runs through its pages once is served as well as by any other.
/// It loses because it never asks whether a page is still in use: one touched on every other
/// reference goes as soon as its turn comes, and more frames can even mean more page loads. To make
/// it CLOCK, let `victim` pass over frames that were referenced since the hand last came by.
///
/// What becomes of a page that goes is the `Store`'s affair.
pub struct Fifo {
    table: Table,
    store: Store,
    hand: usize,
}

impl Fifo {
    /// Nothing is loaded yet, and the hand points at the first frame that will be.
    pub const fn new() -> Fifo {
        Fifo {
            table: Table::new(),
            store: Store::new(),
            hand: 0,
        }
    }

    /// The slot whose page goes next.
    fn victim(&mut self, _sys: &mut Sys) -> Result<usize, SysError> {
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

impl LibOs for Fifo {
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
