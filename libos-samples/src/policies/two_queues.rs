use exo_prelude::*;

/// 2Q (Johnson and Shasha, 1994): a page must come twice before it is taken for a page in use.
///
/// A new page enters the queue `recent`, first in, first out. When it leaves that queue its frame is
/// taken but its number is remembered for a while; if it comes back in time, it enters `often`, where
/// a page that was touched gets a second chance. While `recent` holds more than a quarter of the
/// frames the victim comes from there. It wins when a scan passes through a program that works on
/// something else: the scan fills `recent`, and `often` does not notice. It loses when there is no
/// scan to keep out: then a quarter of the frames only wait, and pages pay twice to come in.
///
/// What becomes of a page that goes is the `Store`'s affair.
pub struct TwoQueues {
    table: Table,
    store: Store,
    recent: Queue,
    often: Queue,
    gone: Ghosts,
}

/// Slots in the order in which they came.
struct Queue {
    slot: [u16; FRAMES],
    first: usize,
    count: usize,
}

impl Queue {
    const fn new() -> Queue {
        Queue {
            slot: [0; FRAMES],
            first: 0,
            count: 0,
        }
    }

    fn push(&mut self, slot: usize) {
        self.slot[(self.first + self.count) % FRAMES] = slot as u16;
        self.count += 1;
    }

    /// The slot that came first; there must be one.
    fn pop(&mut self) -> usize {
        let slot = self.slot[self.first] as usize;
        self.first = (self.first + 1) % FRAMES;
        self.count -= 1;
        slot
    }

    /// Calls a slot by another number, if it is here.
    fn rename(&mut self, from: usize, to: usize) {
        for place in 0..self.count {
            let at = (self.first + place) % FRAMES;
            if self.slot[at] as usize == from {
                self.slot[at] = to as u16;
            }
        }
    }

    /// Takes a slot out, if it is here: those behind it move up.
    fn remove(&mut self, slot: usize) {
        for _ in 0..self.count {
            let first = self.pop();
            if first != slot {
                self.push(first);
            }
        }
    }
}

/// Ghosts: numbers of pages that went, the oldest first.
struct Ghosts {
    page: [u32; FRAMES],
    count: usize,
}

impl Ghosts {
    const fn new() -> Ghosts {
        Ghosts {
            page: [0; FRAMES],
            count: 0,
        }
    }

    /// Takes one out: the younger ones move up.
    fn remove(&mut self, at: usize) {
        self.count -= 1;
        for place in at..self.count {
            self.page[place] = self.page[place + 1];
        }
    }

    /// Remembers `page`, and no more than `most` pages.
    fn remember(&mut self, page: u32, most: usize) {
        if most == 0 {
            return;
        }
        while self.count >= most {
            self.remove(0);
        }
        self.page[self.count] = page;
        self.count += 1;
    }

    /// Whether `page` is remembered; it is not any longer.
    fn recall(&mut self, page: u32) -> bool {
        for at in 0..self.count {
            if self.page[at] == page {
                self.remove(at);
                return true;
            }
        }
        false
    }
}

impl TwoQueues {
    /// Nothing is loaded yet.
    pub const fn new() -> TwoQueues {
        TwoQueues {
            table: Table::new(),
            store: Store::new(),
            recent: Queue::new(),
            often: Queue::new(),
            gone: Ghosts::new(),
        }
    }

    /// The slot whose page goes next: from `recent` while that has more than its quarter, or else
    /// the first of `often` that was not touched since its last chance.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        if self.recent.count > self.table.used / 4 || self.often.count == 0 {
            let slot = self.recent.pop();
            self.gone
                .remember(self.table.page[slot], self.table.used / 2);
            return Ok(slot);
        }
        loop {
            let slot = self.often.pop();
            if !sys.referenced(self.table.frame[slot])? {
                return Ok(slot);
            }
            sys.clear_referenced(self.table.frame[slot])?;
            self.often.push(slot);
        }
    }

    /// Finds a frame for `page`: a new one while there are any, then the victim's.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<Frame, SysError> {
        let again = self.gone.recall(page);
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
        if again {
            self.often.push(slot);
        } else {
            self.recent.push(slot);
        }
        Ok(self.table.frame[slot])
    }

    /// The page and the frame of `slot` are gone, and the last slot, which was `last`, is `slot` now.
    fn mend(&mut self, slot: usize, last: usize) {
        self.recent.rename(last, slot);
        self.often.rename(last, slot);
    }
}

impl LibOs for TwoQueues {
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

    /// Another policy loaded these pages: all count as recent.
    fn adopted(&mut self, _sys: &mut Sys) {
        if self.recent.count + self.often.count < self.table.used {
            self.recent.count = 0;
            self.often.count = 0;
            for slot in 0..self.table.used {
                self.recent.push(slot);
            }
        }
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
                self.recent.remove(slot);
                self.often.remove(slot);
                let last = self.table.shrink(slot);
                self.mend(slot, last);
            }
        }
        Ok(())
    }
}
