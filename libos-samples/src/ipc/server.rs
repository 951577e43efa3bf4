use exo_prelude::*;

/// A libOS that serves calls of other environments: it adds two numbers.
///
/// It neither asks who calls nor what is called: the message is the two numbers and the answer is
/// their sum. A server with several procedures would look at a word of the message, and one that
/// does not serve everybody at the caller's number, which the kernel vouches for.
pub struct Server {
    served: u64,
}

impl Server {
    /// Nobody was served yet.
    pub const fn new() -> Server {
        Server { served: 0 }
    }
}

impl LibOs for Server {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    fn entered(&mut self, _sys: &mut Sys, _caller: Environment, message: Message) -> Message {
        self.served = self.served.wrapping_add(1);
        Message {
            first: message.first.wrapping_add(message.second),
            second: 0,
            third: 0,
            fourth: 0,
        }
    }
}
