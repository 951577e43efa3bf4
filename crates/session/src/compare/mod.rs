//! The same workload under every kernel: the exokernel with and without its software TLB, a
//! microkernel with pagers, a monolithic kernel.
//!
//! Same hardware, same references, same slices; the same policy wherever the kernel leaves room for
//! one. Each kernel is measured, none is described: what its paths cost is in its parameters.

mod beside;
mod course;
mod exokernel;
mod expected;
mod protection;
mod rivals;
mod scenarios;
mod workload;

use std::fmt;

use exo_core::rivals::{ConfigError, Parameters};
use serde::Serialize;

pub use beside::{Beside, Way};
pub use course::KernelComparison;
pub use expected::Expectation;
pub use scenarios::{COMPARISONS, ComparisonScenario, comparison};

use crate::report::CycleReport;
use crate::scenario::{Scenario, SessionError};

/// A kernel under which a workload can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KernelKind {
    /// The exokernel, with its software TLB.
    Exokernel,
    /// The exokernel without it: every TLB miss is an upcall.
    ExokernelWithoutStlb,
    /// A microkernel with pagers, on a TLB whose entries carry address-space ids.
    MicrokernelTagged,
    /// The same on a TLB that is emptied at each change of address space.
    MicrokernelUntagged,
    /// A monolithic kernel with a CLOCK of its own for all.
    Monolithic,
    /// A monolithic kernel that passes faults to its applications by signal.
    MonolithicBySignal,
}

impl KernelKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [KernelKind; 6] = [
        KernelKind::Exokernel,
        KernelKind::ExokernelWithoutStlb,
        KernelKind::MicrokernelTagged,
        KernelKind::MicrokernelUntagged,
        KernelKind::Monolithic,
        KernelKind::MonolithicBySignal,
    ];

    /// Its name, for people.
    pub fn title(self) -> &'static str {
        match self {
            KernelKind::Exokernel => "exokernel",
            KernelKind::ExokernelWithoutStlb => "exokernel, no STLB",
            KernelKind::MicrokernelTagged => "microkernel, tagged TLB",
            KernelKind::MicrokernelUntagged => "microkernel, untagged TLB",
            KernelKind::Monolithic => "monolithic, own CLOCK",
            KernelKind::MonolithicBySignal => "monolithic, by signal",
        }
    }
}

/// What was counted for one application under one kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// References completed.
    pub references: u64,
    /// References whose first look-up in the TLB found nothing.
    pub tlb_misses: u64,
    /// Misses that the kernel answered by itself: from the software TLB, or from its page table.
    pub refills: u64,
    /// Faults that took more: an upcall, a message to a pager, a signal, or the kernel's own policy.
    pub faults: u64,
    /// Pages that were given a frame.
    pub page_loads: u64,
    /// Page loads that took the place of another page, and releases of a used frame.
    pub evictions: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u64,
    /// Changes of address space on the way of faults and calls.
    pub space_switches: u64,
    /// Cycles by who spent them; `libos` is the libOS, the pager or the signal handler.
    pub cycles: CycleReport,
    /// The kernel's cycles for the refills alone.
    pub refill_cycles: u64,
    /// Why it was given up, if it was.
    pub given_up: Option<String>,
}

impl Figures {
    /// All its cycles.
    pub fn total_cycles(&self) -> u64 {
        self.cycles.application + self.cycles.libos + self.cycles.kernel
    }

    /// Crossings that were no refill.
    pub fn fault_crossings(&self) -> u64 {
        self.crossings.saturating_sub(self.refills)
    }

    /// The kernel's cycles that were for no refill.
    pub fn fault_kernel_cycles(&self) -> u64 {
        self.cycles.kernel.saturating_sub(self.refill_cycles)
    }

    /// So much of something for each fault, in tenths, rounded; none without a fault.
    pub fn tenths_per_fault(&self, amount: u64) -> Option<u64> {
        let faults = u128::from(self.faults);
        let tenths = (u128::from(amount) * 10 + faults / 2).checked_div(faults)?;
        u64::try_from(tenths).ok()
    }

    /// This and that counted together.
    fn with(mut self, other: &Figures) -> Figures {
        self.combine(other, u64::saturating_add);
        self.given_up = self.given_up.or_else(|| other.given_up.clone());
        self
    }

    /// What this has more than `less`.
    fn without(mut self, less: &Figures) -> Figures {
        self.combine(less, u64::saturating_sub);
        self
    }

    fn combine(&mut self, other: &Figures, with: impl Fn(u64, u64) -> u64) {
        let pairs = [
            (&mut self.references, other.references),
            (&mut self.tlb_misses, other.tlb_misses),
            (&mut self.refills, other.refills),
            (&mut self.faults, other.faults),
            (&mut self.page_loads, other.page_loads),
            (&mut self.evictions, other.evictions),
            (&mut self.crossings, other.crossings),
            (&mut self.space_switches, other.space_switches),
            (&mut self.cycles.application, other.cycles.application),
            (&mut self.cycles.libos, other.cycles.libos),
            (&mut self.cycles.kernel, other.cycles.kernel),
            (&mut self.refill_cycles, other.refill_cycles),
        ];
        for (own, other) in pairs {
            *own = with(*own, other);
        }
    }
}

/// A workload under one kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The kernel.
    pub kernel: KernelKind,
    /// All applications together.
    pub total: Figures,
    /// Each application, in order.
    pub applications: Vec<Figures>,
}

impl Row {
    fn new(kernel: KernelKind, applications: Vec<Figures>) -> Row {
        let total = applications.iter().fold(Figures::default(), Figures::with);
        Row {
            kernel,
            total,
            applications,
        }
    }
}

/// Why workloads could not be compared. Nothing was printed or changed.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareError {
    /// The exokernel's machine cannot be made, or a policy does not compile.
    Session(SessionError),
    /// A comparison kernel cannot be made.
    Rival(ConfigError),
    /// An environment's application is a program: comparison kernels run traces.
    Program {
        /// Its file name.
        name: String,
    },
    /// The machine has a network: comparison kernels have none.
    Network,
    /// A program of a built-in scenario did not come to its end.
    Broke(String),
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompareError::Session(error) => error.fmt(f),
            CompareError::Rival(error) => write!(f, "the comparison kernels: {error}"),
            CompareError::Program { name } => write!(
                f,
                "{name} is a program, and the comparison kernels run traces only; give a trace"
            ),
            CompareError::Network => f.write_str(
                "the machine has a network, and the comparison kernels have none; give a machine without one",
            ),
            CompareError::Broke(why) => write!(f, "the scenario did not come to its end: {why}"),
        }
    }
}

impl std::error::Error for CompareError {}

impl From<SessionError> for CompareError {
    fn from(error: SessionError) -> CompareError {
        CompareError::Session(error)
    }
}

impl From<ConfigError> for CompareError {
    fn from(error: ConfigError) -> CompareError {
        CompareError::Rival(error)
    }
}

/// Runs a scenario's traces to their ends under every kernel. Its memory is what its environments may
/// hold and the policies' own state; its software TLB is the exokernel's alone. `progress` hears which
/// kernel is being run.
///
/// # Errors
/// [`CompareError`].
pub fn compare(
    scenario: &Scenario,
    parameters: Parameters,
    mut progress: impl FnMut(KernelKind),
) -> Result<Vec<Row>, CompareError> {
    let mut comparison = KernelComparison::new(scenario.clone(), parameters)?;
    while let Some(kernel) = comparison.kernel() {
        progress(kernel);
        comparison.advance(u64::MAX)?;
    }
    Ok(comparison.into_rows())
}
