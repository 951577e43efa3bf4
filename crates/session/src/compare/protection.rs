//! Page protection by the hundred and fault by fault, as Appel and Li measured it (claim 5).
//!
//! A program stores to a hundred pages under the libOS `protect`, then has them closed to stores, then
//! perhaps stores to each again. Each figure is the difference of two runs, with and without the step.

use exo_core::event::BreakReason;
use exo_core::ids::{Access, EnvId, Page, ReferenceKind};
use exo_core::kernel::call::CallResult;
use exo_core::rivals::{GlobalClock, Pagers, Parameters, Rival, RivalConfig, Service, Signals};
use exo_core::trace::Trace;

use super::{CompareError, Figures, KernelKind, Row, exokernel, rivals, workload};
use crate::explain;
use crate::scenario::{ApplicationSpec, Scenario};

/// The pages, and where they begin.
const PAGES: u32 = 100;
const FIRST: u32 = 0x100;
/// What the libOS `protect` is asked for.
const CLOSE: u64 = 2;
/// The one environment.
const A: EnvId = EnvId(0);

/// How far a run goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The pages are loaded and open.
    Open,
    /// They have been closed.
    Closed,
    /// Each has been stored to again.
    StoredTo,
}

/// The program under the exokernel; `STEPS` is what follows the loading.
const PROGRAM: &str = "\
use exo_prelude::*;
pub struct Bulk { round: u32 }
impl Bulk {
    pub const fn new() -> Bulk { Bulk { round: 0 } }
    fn store(&mut self, mem: &mut Mem) {
        for page in 256u32..356 { mem.store_u32(page << 12, self.round); }
        self.round += 1;
    }
}
impl Application for Bulk {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        self.store(mem);
STEPS
    }
}
";

fn scenario(until: Until) -> Scenario {
    let close = "        if mem.request(2, 256, 100).is_err() { return; }\n";
    let steps = match until {
        Until::Open => String::new(),
        Until::Closed => close.to_owned(),
        Until::StoredTo => format!("{close}        self.store(mem);\n"),
    };
    let trace = workload::loads("", std::iter::empty());
    let mut own = workload::environment("protect", PAGES, trace);
    own.application = ApplicationSpec::Program {
        name: "bulk.rs".to_owned(),
        source: PROGRAM.replace("STEPS\n", &steps),
    };
    workload::scenario("protection", vec![own])
}

/// The same for the comparison kernels: every page is stored to, and again after the closing.
fn stores() -> Trace {
    let mut trace = Trace::new();
    for page in (FIRST..FIRST + PAGES).chain(FIRST..FIRST + PAGES) {
        trace.push(page << 12, ReferenceKind::Store);
    }
    trace
}

/// How a comparison kernel closes the pages.
trait Closes: Service {
    fn close(rival: &mut Rival<Self>) -> Result<CallResult, BreakReason>;
}

const REQUEST: [u64; 3] = [CLOSE, FIRST as u64, PAGES as u64];

impl Closes for Pagers {
    fn close(rival: &mut Rival<Pagers>) -> Result<CallResult, BreakReason> {
        rival.request(A, REQUEST)
    }
}

impl Closes for Signals {
    fn close(rival: &mut Rival<Signals>) -> Result<CallResult, BreakReason> {
        rival.request(A, REQUEST)
    }
}

impl Closes for GlobalClock {
    fn close(rival: &mut Rival<GlobalClock>) -> Result<CallResult, BreakReason> {
        rival.protect(A, Page(FIRST), PAGES, Access::Read);
        Ok(Ok(PAGES.into()))
    }
}

fn rival<S: Closes>(
    config: &RivalConfig,
    parameters: Parameters,
    until: Until,
) -> Result<Figures, CompareError> {
    let (mut rival, trace) = (Rival::<S>::new(config, parameters)?, stores());
    rival.run(PAGES.into(), &[&trace]);
    if until != Until::Open {
        match S::close(&mut rival) {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(CompareError::Broke(error.to_string())),
            Err(reason) => return Err(CompareError::Broke(explain::broken(reason))),
        }
    }
    if until == Until::StoredTo {
        rival.run(u64::MAX, &[&trace]);
    }
    Ok(rivals::figures(rival.board(), A, parameters))
}

fn figures(
    kernel: KernelKind,
    parameters: Parameters,
    until: Until,
) -> Result<Figures, CompareError> {
    let scenario = scenario(until);
    let stlb = scenario.machine.stlb_entries;
    let config = |tagged| {
        let policies = rivals::policies(&scenario)?;
        Ok::<_, CompareError>(rivals::config(&scenario, &policies, tagged))
    };
    match kernel {
        KernelKind::Exokernel | KernelKind::ExokernelWithoutStlb => {
            let with = kernel == KernelKind::Exokernel;
            let figures = exokernel::run(&scenario, if with { stlb } else { 0 })?;
            let own = figures.into_iter().next().unwrap_or_default();
            match own.given_up {
                Some(why) => Err(CompareError::Broke(why)),
                None => Ok(own),
            }
        }
        KernelKind::MicrokernelTagged => rival::<Pagers>(&config(true)?, parameters, until),
        KernelKind::MicrokernelUntagged => rival::<Pagers>(&config(false)?, parameters, until),
        KernelKind::Monolithic => rival::<GlobalClock>(&config(true)?, parameters, until),
        KernelKind::MonolithicBySignal => rival::<Signals>(&config(true)?, parameters, until),
    }
}

fn step(
    kernel: KernelKind,
    parameters: Parameters,
    before: Until,
    after: Until,
) -> Result<Row, CompareError> {
    let less = figures(kernel, parameters, before)?;
    let difference = figures(kernel, parameters, after)?.without(&less);
    Ok(Row::new(kernel, vec![difference]))
}

/// What closing a hundred open pages takes, under each kernel.
pub(super) fn closing(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let kernels = KernelKind::ALL.into_iter();
    let rows = kernels.map(|kernel| step(kernel, parameters, Until::Open, Until::Closed));
    rows.collect()
}

/// What stores to a hundred closed pages take where the application opens each in its handler, under
/// each kernel that lets it.
pub(super) fn trapping(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let kernels = KernelKind::ALL.into_iter();
    let those = kernels.filter(|kernel| *kernel != KernelKind::Monolithic);
    let rows = those.map(|kernel| step(kernel, parameters, Until::Closed, Until::StoredTo));
    rows.collect()
}
