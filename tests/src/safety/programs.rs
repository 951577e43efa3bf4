//! Programs for runs: an application that asks, and what a user may install while a run goes on.

use std::sync::{Arc, OnceLock};

use exo_core::cpu::Program;

/// Every program, compiled.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The application that only asks its libOS, again and again.
    pub asker: Arc<Program>,
    /// Policies; the first serves faults.
    pub policies: Vec<Arc<Program>>,
    /// A policy that never comes back.
    pub loops: Arc<Program>,
    /// Applications.
    pub applications: Vec<Arc<Program>>,
}

const ASKER: &str = "
    use exo_prelude::*;
    pub struct Asker { answers: u64 }
    impl Asker { pub const fn new() -> Asker { Asker { answers: 0 } } }
    impl Application for Asker {
        fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
            loop {
                match mem.request(1, 2, 3) {
                    Ok(answer) => self.answers = answer,
                    Err(_) => self.answers = 0,
                }
            }
        }
    }";

/// Serves each fault with a frame of its own, or with the one it has had longest.
const SERVES: &str = "
    use exo_prelude::*;
    pub struct Serves { frames: [Frame; 4], held: usize, next: usize }
    impl Serves {
        pub const fn new() -> Serves { Serves { frames: [Frame::new(0); 4], held: 0, next: 0 } }
    }
    impl LibOs for Serves {
        fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
            log!(\"fault at {}\", fault.address);
            if self.held < 4 {
                match sys.allocate() {
                    Ok(frame) => {
                        self.frames[self.held] = frame;
                        self.held += 1;
                        return sys.tlb_write(fault.page, frame, Access::ReadWrite);
                    }
                    Err(error) => if self.held == 0 { return Err(error); }
                }
            }
            self.next = (self.next + 1) % self.held;
            sys.tlb_write(fault.page, self.frames[self.next], Access::ReadWrite)
        }
    }";

/// Stops at its first fault, and has other fields than the one before.
const STOPS: &str = "
    use exo_prelude::*;
    pub struct Stops { zero: u64 }
    impl Stops { pub const fn new() -> Stops { Stops { zero: 0 } } }
    impl LibOs for Stops {
        fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
            self.zero = 1 / self.zero;
            Ok(())
        }
    }";

/// Says something and ends.
const SAYS: &str = "
    use exo_prelude::*;
    pub struct Says { said: u64 }
    impl Says { pub const fn new() -> Says { Says { said: 0 } } }
    impl Application for Says {
        fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
            self.said += 1;
            log!(\"said {}\", self.said);
        }
    }";

/// Never comes back.
const LOOPS: &str = "
    use exo_prelude::*;
    pub struct Loops { turns: u64 }
    impl Loops { pub const fn new() -> Loops { Loops { turns: 0 } } }
    impl LibOs for Loops {
        fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
            loop { self.turns += 1; }
        }
    }";

fn compiled(source: &str) -> Arc<Program> {
    Arc::new(exo_policy::compile(source).unwrap_or_else(|errors| panic!("{}", errors[0])))
}

impl Programs {
    /// All of them; compiled once.
    pub fn compiled() -> Programs {
        static PROGRAMS: OnceLock<Programs> = OnceLock::new();
        let make = || Programs {
            asker: compiled(ASKER),
            policies: vec![compiled(SERVES), compiled(STOPS)],
            loops: compiled(LOOPS),
            applications: vec![compiled(SAYS), compiled(ASKER)],
        };
        PROGRAMS.get_or_init(make).clone()
    }
}
