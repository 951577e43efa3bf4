use exo_prelude::*;

/// The honest neighbour: FIFO on eight frames, and one more that it lends for reading.
///
/// Whoever transfers control to it gets a capability for reading the lent frame, and whoever had one
/// before has it no more: it is derived from one of the lender's own, and revoked when the next one
/// asks. Lending changes nothing for its own application, so that what an attacker does with the
/// number is the attacker's affair, and the kernel's.
pub struct Lender {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    used: usize,
    hand: usize,
    /// The frame that is lent, and the capability that all others are derived from.
    lent: Option<Frame>,
    root: Capability,
    /// The one that the last caller got.
    given: Option<Capability>,
}

/// Frames for its own application.
const FRAMES: usize = 8;

impl Lender {
    /// Nothing is loaded, and nothing is lent.
    pub const fn new() -> Lender {
        Lender {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            used: 0,
            hand: 0,
            lent: None,
            root: Capability::new(0),
            given: None,
        }
    }

    /// Has a frame to lend from the first fault on, whether or not anybody ever asks.
    fn prepare(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        if self.lent.is_none() {
            let frame = sys.allocate()?;
            self.root = sys.capability(frame, Access::Read)?;
            self.lent = Some(frame);
        }
        Ok(())
    }

    /// The slot of a page that is loaded.
    fn find(&self, page: u32) -> Option<usize> {
        for slot in 0..self.used {
            if self.page[slot] == page {
                return Some(slot);
            }
        }
        None
    }

    /// A slot for `page`: a new one, or the one that was loaded first.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        let slot = if self.used < FRAMES {
            self.frame[self.used] = sys.allocate()?;
            self.used += 1;
            self.used - 1
        } else {
            let slot = self.hand;
            self.hand = (self.hand + 1) % FRAMES;
            sys.tlb_drop(self.page[slot])?;
            slot
        };
        self.page[slot] = page;
        Ok(slot)
    }

    /// Takes back what was lent last, and lends once more.
    fn lend(&mut self, sys: &mut Sys) -> Result<Capability, SysError> {
        if let Some(given) = self.given {
            sys.revoke(given)?;
            self.given = None;
        }
        let key = sys.derive(self.root, Access::Read)?;
        self.given = Some(key);
        Ok(key)
    }
}

impl LibOs for Lender {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.prepare(sys)?;
        let slot = match self.find(fault.page) {
            Some(slot) => slot,
            None => self.load(sys, fault.page)?,
        };
        sys.tlb_write(fault.page, self.frame[slot], Access::ReadWrite)
    }

    fn entered(&mut self, sys: &mut Sys, _caller: Environment, _message: Message) -> Message {
        let number = match self.lend(sys) {
            Ok(key) => key.number(),
            Err(_) => 0,
        };
        Message {
            first: number,
            second: 0,
            third: 0,
            fourth: 0,
        }
    }
}
