use exo_prelude::*;

/// Faulting in a handler: the code that should serve a fault has one of its own.
///
/// Seven environments run this, and each does something else that cannot be completed: an index past
/// the end, an overflow, a division by zero, recursion without an end, a refusal unwrapped, a load
/// from a page that it has not mapped (a double fault), and a return without a mapping, again and
/// again. A kernel that called the handler once more for each
/// would never come back. Here a handler runs on state that is always there, so it cannot miss on its
/// own tables; whatever else goes wrong ends its environment at that line, in that upcall, and a
/// fault that it does not serve is passed up three times and no more. Frames and disk of the others
/// are not looked at.
pub struct Faulter {
    own: Option<Frame>,
    faults: usize,
    zero: u64,
    table: [u64; 4],
}

/// Faults that it serves before it fails, so that it is there for a while.
const PATIENCE: usize = 40;

/// An address that nobody maps.
const NOWHERE: u32 = 0xFFFF_0000;

impl Faulter {
    /// Nothing has happened yet.
    pub const fn new() -> Faulter {
        Faulter {
            own: None,
            faults: 0,
            zero: 0,
            table: [1; 4],
        }
    }

    fn frame(&mut self, sys: &mut Sys) -> Result<Frame, SysError> {
        if let Some(frame) = self.own {
            return Ok(frame);
        }
        let frame = sys.allocate()?;
        self.own = Some(frame);
        Ok(frame)
    }

    /// Calls itself without an end.
    fn deeper(&self, level: u64) -> u64 {
        self.deeper(level.wrapping_add(1)).wrapping_add(1)
    }

    /// What its environment does instead of serving the fault; what comes back is never asked for.
    fn fail(&mut self, sys: &mut Sys) -> u64 {
        match sys.environment().number() {
            1 => self.table[self.faults],
            2 => u64::MAX + self.table[0],
            3 => self.table[0] / self.zero,
            4 => self.deeper(0),
            5 => {
                sys.slice_allocate_at(0).unwrap(); // the neighbour's
                0
            }
            6 => sys.load_u64(NOWHERE), // a fault within the handler of one
            _ => 0,                     // and so maps nothing
        }
    }
}

impl LibOs for Faulter {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.faults += 1;
        if self.faults > PATIENCE {
            self.zero = self.fail(sys);
            return Ok(());
        }
        let frame = self.frame(sys)?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
