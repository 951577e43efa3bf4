//! Programs for runs: an application that asks, and what a user may install while a run goes on.

use std::sync::{Arc, OnceLock};

use exo_core::cpu::{Program, Role};

/// Every program, compiled.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The application that only asks its libOS, again and again.
    pub asker: Arc<Program>,
    /// Policies; the first serves faults.
    pub policies: Vec<Arc<Program>>,
    /// A policy that never comes back.
    pub loops: Arc<Program>,
    /// A policy that answers transfers, exceptions and the ends of slices.
    pub talks: Arc<Program>,
    /// An application that transfers, yields and meets exceptions.
    pub calls: Arc<Program>,
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

/// Serves faults with one frame, answers transfers and exceptions, and takes its time at the end of a
/// slice now and then; now and then a transfer is the end of it.
const TALKS: &str = "
    use exo_prelude::*;
    pub struct Talks { frame: Option<Frame>, count: u64, zero: u64 }
    impl Talks {
        pub const fn new() -> Talks { Talks { frame: None, count: 0, zero: 0 } }
        fn turn(&mut self) -> u64 {
            self.count += 1;
            self.count
        }
    }
    impl LibOs for Talks {
        fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
            let frame = match self.frame {
                Some(frame) => frame,
                None => sys.allocate()?,
            };
            self.frame = Some(frame);
            sys.tlb_write(fault.page, frame, Access::ReadWrite)
        }
        fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
            let value = self.turn();
            Ok(Resume { how: Resumption::Skip, value })
        }
        fn slice_began(&mut self, sys: &mut Sys, position: u32) {
            self.turn();
        }
        fn slice_ended(&mut self, sys: &mut Sys) {
            if self.turn() % 4 == 1 {
                let mut work: u32 = 0;
                while work < 250 { work += 1; }
            }
        }
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            if self.turn() % 8 == 7 {
                self.count = self.count / self.zero;
            }
            message
        }
        fn signalled(&mut self, sys: &mut Sys, caller: Environment, message: Message) {
            self.turn();
        }
    }";

/// Transfers, yields, meets exceptions, and goes on.
const CALLS: &str = "
    use exo_prelude::*;
    pub struct Calls { sum: u64, refused: u64, zero: u64 }
    impl Calls {
        pub const fn new() -> Calls { Calls { sum: 0, refused: 0, zero: 0 } }
        fn note(&mut self, taken: bool) {
            if !taken { self.refused += 1; }
        }
    }
    impl Application for Calls {
        fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
            loop {
                let whom = Environment::new((sys.random() % 4) as u32);
                match sys.transfer_sync(whom, 1, 2, 3, 4) {
                    Ok(message) => self.sum = self.sum.wrapping_add(message.first),
                    Err(_) => self.refused += 1,
                }
                self.note(sys.transfer_async(whom, 5, 6, 7, 8).is_ok());
                self.sum = self.sum.wrapping_add(mem.load_u32(1) as u64);
                self.sum = self.sum.wrapping_add(mem.square_root(self.sum));
                sys.coprocessor(self.sum % 2 == 0);
                self.sum = self.sum.wrapping_add(9 / self.zero);
                self.note(sys.yield_to(whom).is_ok());
                sys.yield_slice();
            }
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
            talks: compiled(TALKS),
            calls: compiled(CALLS),
            loops: compiled(LOOPS),
            applications: vec![compiled(SAYS), compiled(ASKER)],
        };
        PROGRAMS.get_or_init(make).clone()
    }
}

/// A message handler that stores, replies and decides by what a packet holds, or is stopped; and a filter.
pub fn downloads() -> Vec<Arc<Program>> {
    static COMPILED: OnceLock<Vec<Arc<Program>>> = OnceLock::new();
    let compiled = || {
        let sources = [
            (Role::MessageHandler, HANDLES),
            (Role::PacketFilter, ACCEPTS),
        ];
        let compile = |(role, source)| exo_policy::compile_as(role, source).map(Arc::new);
        let programs: Result<Vec<_>, _> = sources.into_iter().map(compile).collect();
        programs.unwrap_or_default()
    };
    COMPILED.get_or_init(compiled).clone()
}

const HANDLES: &str = "
    use exo_prelude::*;
    pub struct Handles { seen: u32 }
    impl Handles { pub const fn new() -> Handles { Handles { seen: 0 } } }
    impl MessageHandler for Handles {
        fn arrived(&mut self, packet: &Packet, mem: &mut Mem, reply: &mut Reply) -> Fate {
            self.seen += 1;
            mem.store_u32((self.seen % 16) * 64, self.seen);
            if packet.u8_at(23) == 6 {
                reply.store_u32(12, self.seen);
                reply.send(60);
            }
            if self.seen % 3 == 0 { Fate::Done } else if self.seen % 3 == 1 { Fate::Wake } else { Fate::Queue }
        }
    }";

const ACCEPTS: &str = "
    use exo_prelude::*;
    pub struct Accepts;
    impl Accepts { pub const fn new() -> Accepts { Accepts } }
    impl PacketFilter for Accepts {
        fn accept(&self, packet: &Packet) -> bool { packet.u8_at(0) < 99 }
    }";
