//! A library operating system that answers requests of its own application.

use exo_prelude::*;

pub struct Server {
    requests: u32,
    limit: usize,
}

impl Server {
    pub const fn new() -> Server {
        Server {
            requests: 0,
            limit: 0,
        }
    }
}

impl LibOs for Server {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, fault.access)
    }

    fn adopted(&mut self, sys: &mut Sys) {
        self.limit = sys.frame_limit();
    }

    fn request(
        &mut self,
        sys: &mut Sys,
        request: u32,
        first: u64,
        second: u64,
    ) -> Result<u64, SysError> {
        self.requests += 1;
        match request {
            0 => Ok(self.requests as u64),
            1 => Ok(first + second),
            2 => Ok(sys.allocate()?.number() as u64),
            3 => sys.use_stamp(Frame::new(first as u32)),
            4 => Ok(self.limit as u64),
            _ => Err(SysError::NoSuchRequest),
        }
    }
}
