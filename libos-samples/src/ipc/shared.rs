use exo_prelude::*;

/// A libOS that shares one page with its neighbour, by a capability and without a shared kernel.
///
/// Environment 0 owns the frame of the shared page. The other's libOS does not know the frame when
/// its application first touches the page: it transfers control to environment 0, whose `entered`
/// answers with the number of a capability, and presents that. Whoever should not have the page is
/// simply not told the number. All other pages are the libOS's own, filled on demand.
///
/// It takes the processor through a prologue of its own, as ExOS does, and counts how often.
pub struct Shared {
    page: [u32; PAGES],
    frame: [Frame; PAGES],
    used: usize,
    /// The frame of the shared page, once environment 0 has it.
    own: Option<Frame>,
    /// The capability for it, once it was made or told.
    key: Option<Capability>,
    turns: u64,
}

/// Pages that the application may touch, beside the shared one.
const PAGES: usize = 8;
/// The page that is shared.
const SHARED_PAGE: u32 = 0x200;

impl Shared {
    /// Nothing is mapped.
    pub const fn new() -> Shared {
        Shared {
            page: [0; PAGES],
            frame: [Frame::new(0); PAGES],
            used: 0,
            own: None,
            key: None,
            turns: 0,
        }
    }

    /// The frame of a page of one's own.
    fn find(&mut self, sys: &mut Sys, page: u32) -> Result<Frame, SysError> {
        for slot in 0..self.used {
            if self.page[slot] == page {
                return Ok(self.frame[slot]);
            }
        }
        if self.used == PAGES {
            return Err(SysError::Limit);
        }
        let frame = sys.allocate()?;
        self.page[self.used] = page;
        self.frame[self.used] = frame;
        self.used += 1;
        Ok(frame)
    }

    /// The frame that environment 0 shares.
    fn shared_frame(&mut self, sys: &mut Sys) -> Result<Frame, SysError> {
        if let Some(frame) = self.own {
            return Ok(frame);
        }
        let frame = sys.allocate()?;
        self.own = Some(frame);
        Ok(frame)
    }

    /// The capability for it, for whoever asks.
    fn make_key(&mut self, sys: &mut Sys) -> Result<Capability, SysError> {
        if let Some(key) = self.key {
            return Ok(key);
        }
        let frame = self.shared_frame(sys)?;
        let key = sys.capability(frame, Access::ReadWrite)?;
        self.key = Some(key);
        Ok(key)
    }

    /// The capability as the other environment gets it.
    fn ask_key(&mut self, sys: &mut Sys) -> Result<Capability, SysError> {
        if let Some(key) = self.key {
            return Ok(key);
        }
        let answer = sys.transfer_sync(Environment::new(0), 0, 0, 0, 0)?;
        let key = Capability::new(answer.first);
        self.key = Some(key);
        Ok(key)
    }
}

impl LibOs for Shared {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        if fault.page != SHARED_PAGE {
            let frame = self.find(sys, fault.page)?;
            return sys.tlb_write(fault.page, frame, Access::ReadWrite);
        }
        if sys.environment().number() == 0 {
            let frame = self.shared_frame(sys)?;
            return sys.tlb_write(fault.page, frame, Access::ReadWrite);
        }
        let key = self.ask_key(sys)?;
        sys.tlb_write_shared(fault.page, key, Access::ReadWrite)
    }

    fn slice_began(&mut self, _sys: &mut Sys, _position: u32) {
        self.turns = self.turns.wrapping_add(1);
    }

    fn entered(&mut self, sys: &mut Sys, _caller: Environment, _message: Message) -> Message {
        let number = match self.make_key(sys) {
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
