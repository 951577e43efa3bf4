use exo_prelude::*;

/// Ignoring revocation: the kernel asks for frames, insists, and gets none.
///
/// The attacker takes every frame that it may have, answers each request with `Ok` and gives nothing,
/// and when frames were taken from it goes on binding pages to them. What stops it is that the kernel
/// needs no answer: at the deadline it breaks the bindings and takes the frames itself. It is not
/// ended for that (A18). Its own state lies in frames that are guaranteed and stay; what it loses is
/// the choice, since the kernel takes any frame and a libOS that answers gives the ones that it needs
/// least.
pub struct Hoarder {
    frame: [Frame; FRAMES],
    used: usize,
    next: usize,
    /// Requests, imperatives and notes of loss that it has heard and ignored.
    ignored: u64,
    /// Pages that it tried to bind to a frame which was taken.
    refused: u64,
}

/// The most frames it can keep.
const FRAMES: usize = 64;

impl Hoarder {
    /// Nothing taken yet.
    pub const fn new() -> Hoarder {
        Hoarder {
            frame: [Frame::new(0); FRAMES],
            used: 0,
            next: 0,
            ignored: 0,
            refused: 0,
        }
    }

    /// Takes all that it may have.
    fn hoard(&mut self, sys: &mut Sys) {
        while self.used < FRAMES {
            match sys.allocate() {
                Ok(frame) => {
                    self.frame[self.used] = frame;
                    self.used += 1;
                }
                Err(_) => return,
            }
        }
    }

    /// The next of the frames that it thinks it has.
    fn turn(&mut self) -> Frame {
        self.next = (self.next + 1) % self.used;
        self.frame[self.next]
    }
}

impl LibOs for Hoarder {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        if self.used == 0 {
            self.hoard(sys);
        }
        if self.used == 0 {
            return Err(SysError::Limit);
        }
        for _ in 0..self.used {
            let frame = self.turn();
            if sys.tlb_write(fault.page, frame, Access::ReadWrite).is_ok() {
                return Ok(());
            }
            self.refused += 1;
        }
        Err(SysError::NoAuthority)
    }

    fn revoke(&mut self, _sys: &mut Sys, _revocation: Revocation) -> Result<(), SysError> {
        self.ignored += 1;
        Ok(())
    }

    fn repossessed(&mut self, _sys: &mut Sys) -> Result<(), SysError> {
        self.ignored += 1;
        Ok(())
    }
}
