use exo_prelude::*;

/// Looping in a handler: the kernel has called up, and nothing comes back.
///
/// Three environments run this. The first loops in `page_fault`, the second whenever its slice ends,
/// and the third when the kernel asks for frames. What stops the first and the third is fuel: an
/// upcall is an exact number of instructions long, and the environment that uses them up is given up
/// at that line. The second is not given up at once: for each slice that it goes on for it pays with
/// one of its own to come, and only who owes three and still goes on is ended (A39). The others wait
/// that long at most, and lose nothing.
pub struct Looper {
    own: Option<Frame>,
    faults: u64,
    turns: u64,
}

/// Faults that it serves before it loops, so that it is there for a while.
const PATIENCE: u64 = 40;
/// Who loops where.
const IN_FAULTS: u32 = 1;
const AT_THE_END: u32 = 2;
const WHEN_ASKED: u32 = 3;

impl Looper {
    /// Nothing has happened yet.
    pub const fn new() -> Looper {
        Looper {
            own: None,
            faults: 0,
            turns: 0,
        }
    }

    /// Two frames, one of which can be asked for.
    fn frame(&mut self, sys: &mut Sys) -> Result<Frame, SysError> {
        if let Some(frame) = self.own {
            return Ok(frame);
        }
        sys.allocate()?;
        let frame = sys.allocate()?;
        self.own = Some(frame);
        Ok(frame)
    }
}

impl LibOs for Looper {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.faults += 1;
        if sys.environment().number() == IN_FAULTS && self.faults > PATIENCE {
            loop {
                self.turns += 1;
            }
        }
        let frame = self.frame(sys)?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    fn slice_ended(&mut self, sys: &mut Sys) {
        if sys.environment().number() == AT_THE_END && self.faults > PATIENCE {
            loop {
                self.turns += 1;
            }
        }
    }

    fn revoke(&mut self, sys: &mut Sys, _revocation: Revocation) -> Result<(), SysError> {
        if sys.environment().number() == WHEN_ASKED {
            loop {
                self.turns += 1;
            }
        }
        Ok(())
    }
}
