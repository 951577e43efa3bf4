//! The way of one reference under a comparison kernel: every part of it, as it is charged.

use alloc::vec::Vec;

use crate::ids::{Cause, EnvId, Page};
use crate::kernel::call::Call;

/// Parts of one way that are told apart; what comes after them is told as [`Part::Rest`].
const PARTS_MAX: usize = 400;

/// What a charge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The hardware entered the kernel.
    Trapped(Cause, Page),
    /// The kernel answered from its own page table.
    Refill(Page),
    /// A message to the pager, in the application's name.
    Message,
    /// A change of address space, to the pager or back.
    Switch {
        /// Whether it is to the pager.
        to_pager: bool,
    },
    /// The pager missed in the TLB itself.
    PagerMiss,
    /// Instructions of the policy, in a pager or a handler.
    Policy,
    /// What a pager or a handler does for itself where a libOS would ask the kernel.
    Library(Call),
    /// A system call of a pager.
    PagerCall(Call),
    /// A system call of a handler that changes no protection.
    Call(Call),
    /// Each mapping that a call of a pager takes away or restricts.
    Unmapped,
    /// The pager's reply.
    Reply,
    /// A mapping that the reply carries.
    Mapped(Page),
    /// The entry into a monolithic kernel with its return.
    Entry,
    /// The kernel's own work on a page fault.
    FaultCode,
    /// A frame that the hand of the kernel's CLOCK looked at.
    ClockStep,
    /// The fault, passed to a handler by signal.
    Signal,
    /// The return from the signal, which its price includes.
    Returned,
    /// A system call that changes the protection of a page.
    Protect(Call),
    /// Each further page of the same call.
    FurtherPage,
    /// The reference was completed, through this page's entry.
    Completed(Page),
    /// All that came after so many parts that nobody would read them.
    Rest,
}

impl Part {
    /// The parameter that says what it costs; none for instructions, references, and what is free.
    pub fn parameter(self) -> Option<&'static str> {
        match self {
            Part::Refill(_) | Part::PagerMiss => Some("tlb_refill"),
            Part::Message | Part::Reply => Some("ipc_one_way"),
            Part::Switch { .. } => Some("space_switch"),
            Part::Library(_) => Some("library_call"),
            Part::Unmapped => Some("unmap"),
            Part::Mapped(_) => Some("map"),
            Part::Entry => Some("kernel_entry"),
            Part::FaultCode => Some("fault_code"),
            Part::ClockStep => Some("clock_step"),
            Part::Signal => Some("signal"),
            Part::Protect(_) => Some("protect_call"),
            Part::FurtherPage => Some("protect_page"),
            Part::PagerCall(_) => Some("kernel_call"),
            Part::Call(_) => Some("kernel_entry"),
            Part::Trapped(..) | Part::Policy | Part::Returned | Part::Completed(_) | Part::Rest => {
                None
            }
        }
    }
}

/// Whose cycles they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payer {
    /// The application's own reference.
    Application,
    /// The pager, or the application's handler.
    Handler,
    /// The kernel.
    Kernel,
}

/// One part, with what it cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charged {
    /// What it is.
    pub part: Part,
    /// How often it was charged, one after the other.
    pub times: u64,
    /// What it cost in all, in cycles.
    pub cycles: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u64,
    /// Whose cycles they are.
    pub payer: Payer,
}

/// The way of one reference, while somebody wants to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// Whose reference it is, and which of its references, from 0.
    watched: Option<(EnvId, u64)>,
    under_way: bool,
    done: bool,
    charged: Vec<Charged>,
}

impl Trail {
    /// A trail for a reference that lies ahead.
    pub(super) fn watch(env: EnvId, reference: u64) -> Trail {
        Trail {
            watched: Some((env, reference)),
            ..Trail::default()
        }
    }

    /// Whether the reference is over: completed, or its application given up in it.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Its parts so far, in order.
    pub fn charged(&self) -> &[Charged] {
        &self.charged
    }

    /// An application's reference begins.
    pub(super) fn begin(&mut self, env: EnvId, reference: u64) {
        self.under_way = self.watched == Some((env, reference)) && !self.done;
    }

    /// It is over.
    pub(super) fn end(&mut self) {
        self.done |= self.under_way;
        self.under_way = false;
    }

    /// Notes a charge, if it is the watched reference's.
    #[inline]
    pub(super) fn note(&mut self, charge: Charged) {
        if self.under_way {
            self.keep(charge);
        }
    }

    fn keep(&mut self, charge: Charged) {
        if charge.times == 0 {
            return;
        }
        let full = self.charged.len() >= PARTS_MAX;
        let rest = Charged {
            part: Part::Rest,
            ..charge
        };
        let charge = if full { rest } else { charge };
        match self.charged.last_mut() {
            Some(last) if last.part == charge.part && (last.payer == charge.payer) => {
                last.times += charge.times;
                last.cycles += charge.cycles;
                last.crossings += charge.crossings;
            }
            _ => self.charged.push(charge),
        }
    }
}
