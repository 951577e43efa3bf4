use exo_prelude::*;

/// Fork that copies on write, as library code: the kernel has capabilities, and knows no fork.
///
/// A fork lends the child every page: a capability for reading goes over in a message, and the
/// parent's own mapping becomes one for reading too. Whoever stores first takes a fault, copies the
/// page into a frame of its own and leaves the lent one to the others. The lender counts, for each
/// frame, how many others refer to it; who lets go says so in a message. When nobody else is left the
/// capability is revoked, and the lender stores without copying. It wins for a child that writes
/// little, or goes at once. It loses, against a plain copy, when every page is written in the end:
/// each then costs a fault, and two messages.
///
/// The requests: 1 forks (the child's environment) and gives how many pages are lent, 2 says who may
/// lend (the parent's) and gives how many pages are borrowed, 3 gives up all pages, 4 gives how many
/// refer to a page's frame. A page that is borrowed is copied before it is lent on. There is no
/// replacement.
pub struct Fork {
    own: [Own; PAGES],
    used: usize,
    loans: [Loan; PAGES],
    borrowed: [Borrowed; PAGES],
    held: usize,
    lender: u32,
    words: [u64; WORDS],
}

/// A page in a frame of one's own.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Own {
    page: u32,
    frame: Frame,
    /// The loan that the frame is; `NONE` if nobody else refers to it.
    loan: usize,
}

/// A frame that is lent.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Loan {
    open: bool,
    frame: Frame,
    key: Capability,
    /// How many others refer to it.
    others: u32,
    /// Whether a page of the lender's still does.
    mine: bool,
}

/// A page that another environment has lent; its number is `GONE` if it is only to be given back.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Borrowed {
    page: u32,
    key: Capability,
    loan: u64,
}

/// The most pages, and the most loans: as many as one may make capabilities for.
const PAGES: usize = 64;
/// Words of a page.
const WORDS: usize = 512;
/// No loan, and neither a page nor an environment.
const NONE: usize = PAGES;
const GONE: u32 = 4_294_967_295;

/// What an application can ask for.
const FORK: u32 = 1;
const BORROWED: u32 = 2;
const EXIT: u32 = 3;
const COUNT: u32 = 4;
/// What libOSes tell each other, and the answers.
const INHERIT: u64 = 1;
const RELEASE: u64 = 2;
const REFUSED: u64 = 0;
const TAKEN: u64 = 1;
const KNOWN: u64 = 2;

impl Fork {
    /// Nothing is mapped, lent or borrowed.
    pub const fn new() -> Fork {
        Fork {
            own: [Own {
                page: 0,
                frame: Frame::new(0),
                loan: NONE,
            }; PAGES],
            used: 0,
            loans: [Loan {
                open: false,
                frame: Frame::new(0),
                key: Capability::new(0),
                others: 0,
                mine: false,
            }; PAGES],
            borrowed: [Borrowed {
                page: GONE,
                key: Capability::new(0),
                loan: 0,
            }; PAGES],
            held: 0,
            lender: GONE,
            words: [0; WORDS],
        }
    }

    fn find(&self, page: u32) -> Option<usize> {
        for slot in 0..self.used {
            if self.own[slot].page == page {
                return Some(slot);
            }
        }
        None
    }

    fn find_borrowed(&self, page: u32) -> Option<usize> {
        for place in 0..self.held {
            if self.borrowed[place].page == page {
                return Some(place);
            }
        }
        None
    }

    /// A page in a new frame.
    fn enter(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        if self.used == PAGES {
            return Err(SysError::Limit);
        }
        let slot = self.used;
        self.own[slot] = Own {
            page,
            frame: sys.allocate()?,
            loan: NONE,
        };
        self.used += 1;
        Ok(slot)
    }

    /// Reads a page that is bound into the words of the state: a guaranteed mapping.
    fn load(&mut self, sys: &mut Sys, page: u32) {
        for at in 0..WORDS {
            self.words[at] = sys.load_u64((page << 12) + at as u32 * 8);
        }
    }

    /// Binds a page to its new frame, and writes the words there.
    fn store(&mut self, sys: &mut Sys, page: u32, frame: Frame) -> Result<(), SysError> {
        sys.tlb_write(page, frame, Access::ReadWrite)?;
        for at in 0..WORDS {
            sys.store_u64((page << 12) + at as u32 * 8, self.words[at]);
        }
        Ok(())
    }

    /// A store to a page of one's own that is lent: the others keep the frame, this page gets another.
    fn leave(&mut self, sys: &mut Sys, slot: usize) -> Result<(), SysError> {
        let own = self.own[slot];
        sys.tlb_write(own.page, own.frame, Access::Read)?;
        let copy = sys.allocate()?;
        self.load(sys, own.page);
        self.store(sys, own.page, copy)?;
        self.loans[own.loan].mine = false;
        self.own[slot].frame = copy;
        self.own[slot].loan = NONE;
        Ok(())
    }

    /// Gives a borrowed page a frame of its own; the lender gets its frame back when it is told.
    fn copy(&mut self, sys: &mut Sys, place: usize) -> Result<(), SysError> {
        let page = self.borrowed[place].page;
        sys.tlb_write_shared(page, self.borrowed[place].key, Access::Read)?;
        let slot = self.enter(sys, page)?;
        self.load(sys, page);
        self.store(sys, page, self.own[slot].frame)?;
        self.borrowed[place].page = GONE;
        Ok(())
    }

    /// Tells the lender of everything that is to be given back. If it is busy, it is told next time.
    fn settle(&mut self, sys: &mut Sys) {
        let mut place = 0;
        while place < self.held {
            let it = self.borrowed[place];
            if it.page == GONE {
                let lender = Environment::new(self.lender);
                match sys.transfer_sync(lender, RELEASE, it.loan, it.key.number(), 0) {
                    Err(SysError::Occupied) => place += 1,
                    _ => {
                        self.held -= 1;
                        self.borrowed[place] = self.borrowed[self.held];
                    }
                }
            } else {
                place += 1;
            }
        }
    }

    /// The loan that the frame in `slot` is, an old one or a new one.
    fn lend(&mut self, sys: &mut Sys, slot: usize) -> Result<usize, SysError> {
        if self.own[slot].loan != NONE {
            return Ok(self.own[slot].loan);
        }
        for loan in 0..PAGES {
            if !self.loans[loan].open {
                let frame = self.own[slot].frame;
                self.loans[loan] = Loan {
                    open: true,
                    frame,
                    key: sys.capability(frame, Access::Read)?,
                    others: 0,
                    mine: true,
                };
                self.own[slot].loan = loan;
                return Ok(loan);
            }
        }
        Err(SysError::CapabilityLimit)
    }

    /// Ends a loan that nobody else refers to. The frame goes if no page of one's own is in it.
    fn end(&mut self, sys: &mut Sys, loan: usize) -> Result<(), SysError> {
        let ended = self.loans[loan];
        self.loans[loan].open = false;
        sys.revoke(ended.key)?;
        if !ended.mine {
            return sys.free(ended.frame);
        }
        for slot in 0..self.used {
            if self.own[slot].loan == loan {
                self.own[slot].loan = NONE;
            }
        }
        Ok(())
    }

    /// Lends every page to another environment.
    fn fork(&mut self, sys: &mut Sys, child: Environment) -> Result<u64, SysError> {
        for place in 0..self.held {
            if self.borrowed[place].page != GONE {
                self.copy(sys, place)?;
            }
        }
        self.settle(sys);
        let mut lent = 0;
        for slot in 0..self.used {
            let loan = self.lend(sys, slot)?;
            let own = self.own[slot];
            sys.tlb_write(own.page, own.frame, Access::Read)?;
            let key = self.loans[loan].key.number();
            let answer = sys.transfer_sync(child, INHERIT, own.page as u64, key, loan as u64)?;
            match answer.first {
                TAKEN => {
                    self.loans[loan].others += 1;
                    lent += 1;
                }
                KNOWN => {}
                _ => return Err(SysError::NoAuthority),
            }
        }
        Ok(lent)
    }

    /// Gives up every page. Gives how many there were.
    fn exit(&mut self, sys: &mut Sys) -> Result<u64, SysError> {
        let mut gone = 0;
        for place in 0..self.held {
            let page = self.borrowed[place].page;
            if page != GONE {
                sys.tlb_drop(page)?;
                self.borrowed[place].page = GONE;
                gone += 1;
            }
        }
        self.settle(sys);
        while self.used > 0 {
            self.used -= 1;
            let own = self.own[self.used];
            gone += 1;
            if own.loan == NONE {
                sys.free(own.frame)?;
            } else {
                sys.tlb_drop(own.page)?;
                self.loans[own.loan].mine = false;
                if self.loans[own.loan].others == 0 {
                    self.end(sys, own.loan)?;
                }
            }
        }
        Ok(gone)
    }

    /// How many refer to the frame of a page of one's own.
    fn count(&self, page: u32) -> Result<u64, SysError> {
        let Some(slot) = self.find(page) else {
            return Err(SysError::Unowned);
        };
        match self.own[slot].loan {
            NONE => Ok(1),
            loan => Ok(1 + self.loans[loan].others as u64),
        }
    }

    /// Another environment lends a page: the one that the application has named may, and not over a
    /// page that there is.
    fn inherit(&mut self, caller: Environment, page: u64, key: u64, loan: u64) -> u64 {
        if self.lender != caller.number() || page >= GONE as u64 {
            return REFUSED;
        }
        if self.find(page as u32).is_some() || self.find_borrowed(page as u32).is_some() {
            return KNOWN;
        }
        if self.held == PAGES {
            return REFUSED;
        }
        self.borrowed[self.held] = Borrowed {
            page: page as u32,
            key: Capability::new(key),
            loan,
        };
        self.held += 1;
        TAKEN
    }

    /// Another environment no longer refers to a frame that was lent to it: its capability shows that
    /// it was.
    fn released(&mut self, sys: &mut Sys, loan: u64, key: u64) -> u64 {
        let at = loan as usize;
        if at >= PAGES || !self.loans[at].open || self.loans[at].key.number() != key {
            return REFUSED;
        }
        if self.loans[at].others > 0 {
            self.loans[at].others -= 1;
        }
        if self.loans[at].others == 0 && self.end(sys, at).is_err() {
            return REFUSED;
        }
        TAKEN
    }
}

impl LibOs for Fork {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.settle(sys);
        if let Some(place) = self.find_borrowed(fault.page) {
            if fault.access == Access::ReadWrite {
                self.copy(sys, place)?;
                self.settle(sys);
                return Ok(());
            }
            return sys.tlb_write_shared(fault.page, self.borrowed[place].key, Access::Read);
        }
        let slot = match self.find(fault.page) {
            Some(slot) => slot,
            None => self.enter(sys, fault.page)?,
        };
        let own = self.own[slot];
        if own.loan != NONE {
            if fault.access == Access::Read {
                return sys.tlb_write(own.page, own.frame, Access::Read);
            }
            if self.loans[own.loan].others > 0 {
                return self.leave(sys, slot);
            }
            self.end(sys, own.loan)?;
        }
        sys.tlb_write(own.page, own.frame, Access::ReadWrite)
    }

    fn request(
        &mut self,
        sys: &mut Sys,
        request: u32,
        first: u64,
        _second: u64,
    ) -> Result<u64, SysError> {
        match request {
            FORK => self.fork(sys, Environment::new(first as u32)),
            BORROWED => {
                self.lender = first as u32;
                Ok(self.held as u64)
            }
            EXIT => self.exit(sys),
            COUNT => self.count(first as u32),
            _ => Err(SysError::NoSuchRequest),
        }
    }

    fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
        let answer = match message.first {
            INHERIT => self.inherit(caller, message.second, message.third, message.fourth),
            RELEASE => self.released(sys, message.second, message.third),
            _ => REFUSED,
        };
        Message {
            first: answer,
            second: 0,
            third: 0,
            fourth: 0,
        }
    }
}
