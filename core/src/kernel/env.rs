//! An environment: one application, the libOS that serves it, and where both stand.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::call::CallResult;
use super::disk::Wait;
use super::notice::{Notice, NoticeQueue};
use super::phase::{Phase, Upcall};
use super::process::Process;
use super::revocation::Revocation;
use super::transfer::{Incoming, Outgoing};
use super::vector::RepossessionVector;
use crate::cpu::{Context, Program};
use crate::digest::Digest;
use crate::hw::Segment;
use crate::ids::{Access, Cause};
use crate::rng::Rng;

/// Who answers an environment's upcalls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handler {
    /// A compiled policy, on the emulated CPU.
    Program(Arc<Program>),
    /// Whoever drives the machine, through the same door: `run` stops at each upcall.
    Native,
    /// Nobody: the first upcall ends the environment.
    None,
}

/// A reference that could not be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The virtual address.
    pub address: u32,
    /// What the reference needs.
    pub access: Access,
    /// Why it stopped.
    pub cause: Cause,
    /// Upcalls that this reference has caused, by cause.
    pub upcalls: [u8; 2],
}

/// Cycles by who spent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cycles {
    /// The application's references and instructions.
    pub application: u64,
    /// The libOS's instructions.
    pub libos: u64,
    /// The kernel, on behalf of this environment.
    pub kernel: u64,
}

impl Cycles {
    /// All of them.
    pub fn total(self) -> u64 {
        self.application + self.libos + self.kernel
    }
}

/// What the machine counts, so that no policy can report it. In no digest, but for the cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Instructions of an application that is a program, loads and stores included.
    pub instructions: u64,
    /// References completed; one that faults is counted once.
    pub references: u64,
    /// References whose first look-up found an entry.
    pub tlb_hits: u64,
    /// References whose first look-up found none.
    pub tlb_misses: u64,
    /// Misses that the software TLB answered.
    pub stlb_hits: u64,
    /// Stores that met an entry for reading only.
    pub protection_faults: u64,
    /// Faults and exceptions passed up to the handler.
    pub upcalls: u64,
    /// Calls of the application's own libOS.
    pub requests: u64,
    /// Protected control transfers made, and made back.
    pub transfers: u64,
    /// System calls made, by application or libOS, refused ones included.
    pub system_calls: u64,
    /// Of these, the ones that took the kernel's way with a stack (A44).
    pub stack_calls: u64,
    /// Entries into the kernel, each with its return: TLB traps and system calls.
    pub crossings: u64,
    /// Bindings that gave a frame to a page other than the one last bound to it.
    pub page_loads: u64,
    /// Page loads that took the place of another page, and releases of a bound frame.
    pub evictions: u64,
    /// Frames that the kernel took because they were not given back in time.
    pub repossessions: u64,
    /// Upcalls that found no room to wait in (INV-UP-3).
    pub notices_lost: u64,
    /// Blocks of the disk that were read.
    pub disk_reads: u64,
    /// Blocks of the disk that were written.
    pub disk_writes: u64,
    /// Cycles of the machine from its requests to the disk to their completion, whoever ran
    /// meanwhile.
    pub waiting_cycles: u64,
}

/// An environment's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Who answers its upcalls.
    pub handler: Handler,
    /// What it does next.
    pub phase: Phase,
    /// Its trace, by place among the machine's sources.
    pub source: u16,
    /// References of its trace that are completed.
    pub cursor: u64,
    /// Every byte that its trace's loads read, folded in order.
    pub checksum: u64,
    /// Its application, if that is a program; it has no trace then.
    pub process: Option<Process>,
    /// Whether the coprocessor is on for its application.
    pub coprocessor: bool,
    /// The reference that is being served, from its fault to its completion.
    pub fault: Option<Fault>,
    /// The slice in which it has got the processor and has not been told so.
    pub begins: Option<u16>,
    /// Cycles that its end-of-slice handler has left, while that runs.
    pub saving: Option<u32>,
    /// Slices that it has used in excess and not paid for.
    pub excess_slices: u8,
    /// The synchronous transfer that it waits for.
    pub outgoing: Option<Outgoing>,
    /// The transfer that it serves.
    pub incoming: Option<Incoming>,
    /// The system call that it waits in, exactly while its phase says so.
    pub wait: Option<Wait>,
    /// What its native handler waited for, until that asks.
    pub answer: Option<CallResult>,
    /// Frames it may hold for its application's pages.
    pub frame_limit: u32,
    /// Frames it holds for them.
    pub frames_held: u32,
    /// A limit that takes effect at the next step.
    pub pending_limit: Option<u32>,
    /// What the kernel wants back; pending exactly while it holds more than its limit.
    pub revocation: Option<Revocation>,
    /// Frames that the kernel took and that it has not asked about, and where to save the next ones
    /// (A18, A19).
    pub repossessed: RepossessionVector,
    /// Upcalls that wait until its application would go on.
    pub notices: NoticeQueue,
    /// The upcall that runs, if it came by itself.
    pub notice: Option<Notice>,
    /// When its alarm clock rings, if it is set.
    pub alarm_cycles: Option<u64>,
    /// The programs that came with it to be downloaded.
    pub downloads: Vec<Download>,
    /// Whether its application is over.
    pub over: bool,
    /// Where its policy's state lies.
    pub segment: Segment,
    /// Its handler, while it runs.
    pub context: Context,
    /// Its own random numbers.
    pub rng: Rng,
    /// A policy that takes over at the next upcall boundary.
    pub pending: Option<PendingInstall>,
    /// A program that takes the application's place as soon as no handler runs.
    pub pending_application: Option<Arc<Program>>,
    /// Cycles charged to it.
    pub cycles: Cycles,
    /// What the machine counted of it.
    pub counters: Counters,
}

/// A program of a downloaded role, and its state (A47, A50).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// The program.
    pub program: Arc<Program>,
    /// Where its state lies.
    pub segment: Segment,
    /// The most instructions of one run, as the verifier found it.
    pub fuel: u64,
}

/// A policy that waits to take over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingInstall {
    /// The policy.
    pub program: Arc<Program>,
    /// Whether to begin afresh: no field keeps its value, and unpinned frames are freed.
    pub reset: bool,
}

impl Environment {
    /// Its program, if it has one.
    pub fn program(&self) -> Option<&Arc<Program>> {
        match &self.handler {
            Handler::Program(program) => Some(program),
            Handler::Native | Handler::None => None,
        }
    }

    /// Bytes of memory that a copy of it takes; programs are shared, and not counted.
    pub fn bytes(&self) -> usize {
        let process = self.process.as_ref().map_or(0, |process| {
            process.context.bytes() + size_of_val(process.segment.frames.as_slice())
        });
        size_of::<Environment>()
            + process
            + self.context.bytes()
            + size_of_val(self.segment.frames.as_slice())
            + size_of_val(self.repossessed.losses())
            + size_of_val(self.repossessed.blocks())
    }

    /// How many frames it may hold once a limit that was set has taken effect.
    pub fn coming_frame_limit(&self) -> u32 {
        self.pending_limit.unwrap_or(self.frame_limit)
    }

    /// Whether a policy, a program or a limit waits to take over.
    pub fn waits(&self) -> bool {
        self.pending.is_some() || self.pending_application.is_some() || self.pending_limit.is_some()
    }

    /// What its application does next when no handler runs: what it was stopped in, once more.
    pub fn application_phase(&self) -> Phase {
        if self.over {
            Phase::Finished
        } else if self.fault.is_some() {
            Phase::Rerunning
        } else if self.process.as_ref().is_some_and(|it| it.request.is_some()) {
            Phase::Requesting
        } else {
            Phase::Application
        }
    }

    /// Whether it has anything to do; one that is over still answers upcalls.
    pub fn runnable(&self) -> bool {
        match self.phase {
            Phase::Finished => !self.notices.is_empty(),
            Phase::Waiting(_) | Phase::Broken(_) => false,
            _ => true,
        }
    }

    /// The upcall whose handler is under way, running or waiting.
    pub fn upcall(&self) -> Option<Upcall> {
        match self.phase {
            Phase::Handling(upcall) | Phase::Waiting(Some(upcall)) => Some(upcall),
            _ => None,
        }
    }

    /// Whether a handler is under way, running or waiting.
    pub fn in_handler(&self) -> bool {
        self.upcall().is_some()
    }

    /// Whether it is at the border of an upcall, where another policy may take over.
    pub fn between_upcalls(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Handling(_) | Phase::Waiting(_) | Phase::Transferring
        )
    }

    /// Whether an upcall waits and can begin.
    pub fn notified(&self) -> bool {
        let between = matches!(
            self.phase,
            Phase::Application | Phase::Rerunning | Phase::Requesting | Phase::Finished
        );
        between && !self.notices.is_empty()
    }

    /// How many frames it holds beyond what it may.
    pub fn excess(&self) -> u32 {
        self.frames_held.saturating_sub(self.frame_limit)
    }

    /// Whether it answers that kind of upcall.
    pub fn answers(&self, upcall: Upcall) -> bool {
        match &self.handler {
            Handler::Program(program) => program.entry(upcall.entry()).is_some(),
            Handler::Native => true,
            Handler::None => false,
        }
    }

    /// Adds handler kind and program, phase, source, cursor, checksum, process, coprocessor, fault,
    /// slice, transfers, limits, revocation, repossession vector, upcalls that wait and the one that
    /// runs, whether the application is over, segment, context, random state, pending policy, pending
    /// application, cycles; then, only if there is one, the call that it waits in and what its native
    /// handler waited for, its alarm clock and its programs to be downloaded.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        match &self.handler {
            Handler::None => digest.u64(0),
            Handler::Native => digest.u64(1),
            Handler::Program(program) => {
                digest.u64(2);
                program.digest(digest);
            }
        }
        digest.u64(self.phase.code());
        digest.u32(u32::from(self.source));
        digest.u64(self.cursor);
        digest.u64(self.checksum);
        digest.bool(self.process.is_some());
        if let Some(process) = &self.process {
            process.digest(digest);
        }
        digest.bool(self.coprocessor);
        digest.bool(self.fault.is_some());
        if let Some(fault) = self.fault {
            digest.u32(fault.address);
            digest.u64((fault.access as u64) << 8 | fault.cause as u64);
            digest.u64(u64::from(fault.upcalls[0]) << 8 | u64::from(fault.upcalls[1]));
        }
        digest.u32(self.begins.map_or(u32::MAX, u32::from));
        digest.u32(self.saving.unwrap_or(u32::MAX));
        digest.u32(self.excess_slices.into());
        self.digest_transfers(digest);
        digest.u32(self.frame_limit);
        digest.u32(self.frames_held);
        self.digest_notices(digest);
        digest.bool(self.over);
        self.segment.digest(digest);
        self.context.digest(digest);
        digest.u64(self.rng.state());
        digest.bool(self.pending.is_some());
        if let Some(pending) = &self.pending {
            pending.program.digest(digest);
            digest.bool(pending.reset);
        }
        digest.bool(self.pending_application.is_some());
        if let Some(program) = &self.pending_application {
            program.digest(digest);
        }
        digest.u64(self.cycles.application);
        digest.u64(self.cycles.libos);
        digest.u64(self.cycles.kernel);
        if let Some(wait) = self.wait {
            wait.digest(digest);
        }
        if let Some(answer) = self.answer {
            digest.u64(answer.unwrap_or_else(|error| u64::MAX - error as u64));
        }
        if let Some(at) = self.alarm_cycles {
            digest.u64(at);
        }
        for download in &self.downloads {
            download.program.digest(digest);
            download.segment.digest(digest);
        }
    }

    /// Adds limit to come, revocation, repossession vector, upcalls that wait and the one that runs.
    fn digest_notices(&self, digest: &mut Digest) {
        digest.u32(
            self.pending_limit
                .map_or(0, |limit| limit.saturating_add(1)),
        );
        digest.bool(self.revocation.is_some());
        if let Some(revocation) = self.revocation {
            revocation.digest(digest);
        }
        self.repossessed.digest(digest);
        self.notices.digest(digest);
        digest.bool(self.notice.is_some());
        if let Some(notice) = self.notice {
            notice.digest(digest);
        }
    }
}
