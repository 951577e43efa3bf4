use exo_prelude::*;

/// Guessing names: frames, blocks, slices and environments have small numbers, so all are tried.
///
/// Names are physical here, and no secret: anyone can say "frame 17". At each fault the attacker
/// takes the next few numbers and tries on them every call that names a thing: free it, bind it, read
/// and clear its bits, make a capability for it, take it by name, move disk blocks in and out of it.
/// What stops it is that a name is not a right. Each call asks who owns what is named
/// (`NoAuthority`, `Taken`), or finds that there is nothing of that name (`NoSuchFrame`,
/// `NoSuchSlice`, `NoSuchEnvironment`). What it can find out is that a thing is taken, which is not
/// hidden from anyone.
pub struct Guesser {
    own: Option<Frame>,
    extent: Capability,
    guess: u32,
    /// Guesses that were believed.
    believed: u64,
}

/// Numbers tried at each fault.
const NUMBERS: u32 = 8;
/// The highest number tried.
const HIGHEST: u32 = 512;

impl Guesser {
    /// Begins with 0.
    pub const fn new() -> Guesser {
        Guesser {
            own: None,
            extent: Capability::new(0),
            guess: 0,
            believed: 0,
        }
    }

    /// What it has rightly: the one frame that it may have, and a block.
    fn frame(&mut self, sys: &mut Sys) -> Result<Frame, SysError> {
        if let Some(frame) = self.own {
            return Ok(frame);
        }
        let frame = sys.allocate()?;
        self.extent = sys.extent_allocate(1)?;
        self.own = Some(frame);
        Ok(frame)
    }

    fn count(&mut self, believed: bool) {
        if believed {
            self.believed += 1;
        }
    }

    /// Every call that names a frame. One that holds its own state is no guess.
    fn try_frame(&mut self, sys: &mut Sys, page: u32, frame: Frame) {
        match sys.free(frame) {
            Err(SysError::Pinned) => return,
            freed => self.count(freed.is_ok()),
        }
        self.count(sys.tlb_write(page, frame, Access::ReadWrite).is_ok());
        self.count(sys.allocate_at(frame).is_ok());
        self.count(sys.capability(frame, Access::ReadWrite).is_ok());
        self.count(sys.referenced(frame).is_ok());
        self.count(sys.clear_referenced(frame).is_ok());
        self.count(sys.dirty(frame).is_ok());
        self.count(sys.clear_dirty(frame).is_ok());
        self.count(sys.disk_write(self.extent, 0, frame).is_ok());
        self.count(sys.disk_read(self.extent, 0, frame).is_ok());
    }

    /// Every call that names a slice, or an environment.
    fn try_others(&mut self, sys: &mut Sys, number: u32) {
        let own = sys.environment();
        if sys.slice_owner(number) != Ok(own) {
            self.count(sys.slice_free(number).is_ok());
        }
        let stranger = Environment::new(number);
        if stranger != own {
            self.count(sys.transfer_sync(stranger, 1, 2, 3, 4).is_ok());
            self.count(sys.transfer_async(stranger, 1, 2, 3, 4).is_ok());
        }
    }
}

impl LibOs for Guesser {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = self.frame(sys)?;
        for _ in 0..NUMBERS {
            let number = self.guess;
            self.guess = (self.guess + 1) % HIGHEST;
            if number != frame.number() {
                self.try_frame(sys, fault.page, Frame::new(number));
            }
            self.try_others(sys, number);
            // Blocks of its own extent that it does not reach.
            self.count(sys.disk_read(self.extent, number + 1, frame).is_ok());
        }
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
