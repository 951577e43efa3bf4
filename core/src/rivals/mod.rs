//! Comparison kernels over the same hardware, the same workload and, where one exists, the same policy.
//!
//! ```text
//!   Board: TLB, memory, references, slices, counts
//!     | fault                 the kernel's own page table first: a refill, one crossing
//!     +-- Microkernel         a message to a pager that runs the policy, a reply with mappings
//!     +-- Monolithic          a fixed CLOCK over all applications' pages, in the kernel
//!     +-- MonolithicBySignal  a signal to the application, whose handler runs the policy
//! ```
//! What a path costs is in [`Parameters`], each with its source; nothing here is part of the
//! exokernel. As there, zeroing a frame and ending a slice cost nothing, and there is no disk.

mod board;
mod config;
mod counts;
mod holdings;
mod microkernel;
mod monolithic;
mod parameters;
mod policy;
mod signals;
mod spaces;
mod trail;

pub use board::{Board, Ending, Fault, Service};
pub use config::{APPLICATIONS_MAX, ConfigError, RivalApplication, RivalConfig};
pub use counts::{Counts, Spent};
pub use microkernel::Pagers;
pub use monolithic::GlobalClock;
pub use parameters::{Mark, PARAMETER_MAX, Parameter, ParameterError, Parameters};
pub use signals::Signals;
pub use spaces::{MAPPINGS_MAX, MapError, Mapped, Place, SIGMA0, Space, Spaces};
pub use trail::{Charged, Part, Payer, Trail};

use crate::event::BreakReason;
use crate::ids::{Access, EnvId, Page};
use crate::kernel::call::CallResult;
use crate::limits::FRAMES_MAX;
use crate::trace::Trace;

/// A computer under a comparison kernel. Same configuration, parameters and traces: same counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival<S> {
    board: Board,
    service: S,
}

/// A microkernel with a user-level pager for each application.
pub type Microkernel = Rival<Pagers>;
/// A monolithic kernel with a fixed policy for all.
pub type Monolithic = Rival<GlobalClock>;
/// A monolithic kernel that passes faults to the applications by signal.
pub type MonolithicBySignal = Rival<Signals>;

impl<S: Service> Rival<S> {
    /// The computer at boot: memory zero, TLB empty. It has as many frames as the applications may
    /// hold together, and those of their policies' state.
    ///
    /// # Errors
    /// [`ConfigError`] says what is wrong; nothing is made.
    pub fn new(config: &RivalConfig, parameters: Parameters) -> Result<Rival<S>, ConfigError> {
        config.check()?;
        let frames = config.environments.iter().map(|it| {
            let state = S::state_frames(it.policy.as_ref(), config.page_bits);
            u64::from(it.frame_limit) + u64::from(state)
        });
        let asked = frames.sum::<u64>();
        if asked > u64::from(FRAMES_MAX) {
            return Err(ConfigError::Frames { asked });
        }
        let mut board = Board::new(config, asked as u32);
        let service = S::boot(config, parameters, &mut board)?;
        Ok(Rival { board, service })
    }

    /// Runs until `completed` references are complete since boot. True once no application has
    /// anything left to do.
    ///
    /// `traces` are those of the applications, in their order; one that is missing is empty.
    pub fn run(&mut self, completed: u64, traces: &[&Trace]) -> bool {
        self.board.run(&mut self.service, completed, traces)
    }

    /// Notes every part of the way of an application's reference, counted from 0, which lies ahead. A run
    /// ends with it.
    pub fn watch(&mut self, env: EnvId, reference: u64) {
        self.board.trail = Trail::watch(env, reference);
    }

    /// Hardware and counts, to be read.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The kernel, to be read.
    pub fn service(&self) -> &S {
        &self.service
    }

    /// Whether the kernel's tables and the TLB agree.
    pub fn agrees(&self) -> bool {
        self.service.agrees(&self.board)
    }
}

impl Microkernel {
    /// A request of an application to its pager, by message: a number and two values.
    ///
    /// # Errors
    /// Why the application would be given up; there may be no such application.
    pub fn request(&mut self, env: EnvId, asked: [u64; 3]) -> Result<CallResult, BreakReason> {
        self.board.counts(env).ok_or(BreakReason::NoHandler)?;
        let service = &mut self.service;
        self.board
            .within(env, |board| service.request(board, env, asked))
    }
}

impl MonolithicBySignal {
    /// A request of an application to its own handler's library, by procedure call.
    ///
    /// # Errors
    /// Why the application would be given up; there may be no such application.
    pub fn request(&mut self, env: EnvId, asked: [u64; 3]) -> Result<CallResult, BreakReason> {
        self.board.counts(env).ok_or(BreakReason::NoHandler)?;
        let service = &mut self.service;
        self.board
            .within(env, |board| service.request(board, env, asked))
    }
}

impl Monolithic {
    /// A system call that sets what an application may do with `count` of its pages from `first` on,
    /// as far as they are loaded. Nothing happens if there is no such application.
    pub fn protect(&mut self, env: EnvId, first: Page, count: u32, access: Access) {
        if self.board.counts(env).is_some() {
            let board = &mut self.board;
            self.service.protect(board, env, first, count, access);
        }
    }
}
