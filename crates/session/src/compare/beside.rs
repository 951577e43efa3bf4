//! One reference under the comparison kernels: its way in hops, each with what it costs there.

use std::sync::Arc;

use exo_core::cpu::Program;
use exo_core::ids::{Cause, EnvId};
use exo_core::rivals::{Charged, Ending, Parameters, Part, Payer};

use super::course::comparable;
use super::rivals::{self, OnItsWay};
use super::{CompareError, KernelKind};
use crate::explain;
use crate::path::{Hop, Lane};
use crate::report::CycleReport;
use crate::scenario::{ApplicationSpec, Scenario};

/// The kernels whose ways are told.
const KERNELS: [KernelKind; 4] = [
    KernelKind::MicrokernelTagged,
    KernelKind::MicrokernelUntagged,
    KernelKind::Monolithic,
    KernelKind::MonolithicBySignal,
];

/// The way of a reference under one kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The kernel.
    pub kernel: KernelKind,
    /// Its hops, oldest first; the note of each is the parameter that says what it costs. None if its
    /// application did not come so far.
    pub hops: Vec<Hop>,
    /// Its cycles by who spent them; `libos` is the pager or the signal handler.
    pub cycles: CycleReport,
    /// Entries into the kernel, each with its return.
    pub crossings: u64,
    /// Why its application was given up, if it was.
    pub given_up: Option<String>,
}

/// A reference on its way under the comparison kernels, in pieces.
pub struct Beside {
    scenario: Scenario,
    parameters: Parameters,
    env: EnvId,
    kernels: Vec<(KernelKind, Box<dyn OnItsWay>)>,
    ways: Vec<Way>,
}

impl Beside {
    /// Nothing has run yet. `reference` is which of the environment's references it is, from 0.
    ///
    /// # Errors
    /// As [`KernelComparison::new`](super::KernelComparison::new), and why a kernel cannot be made.
    pub fn new(
        scenario: Scenario,
        parameters: Parameters,
        env: EnvId,
        reference: u64,
    ) -> Result<Beside, CompareError> {
        comparable(&scenario)?;
        let policies: Vec<Arc<Program>> = rivals::policies(&scenario)?;
        let mut kernels = Vec::new();
        for kernel in KERNELS {
            let mut rival = rivals::boot(kernel, &scenario, &policies, parameters)?;
            rival.watch(env, reference);
            kernels.push((kernel, rival));
        }
        Ok(Beside {
            scenario,
            parameters,
            env,
            kernels,
            ways: Vec::new(),
        })
    }

    /// Whether this is what runs there, under the same policies and limits, with paths that cost the same.
    pub fn is_of(&self, scenario: &Scenario, parameters: Parameters) -> bool {
        let own = &self.scenario;
        let environments = own.environments.iter().zip(&scenario.environments);
        self.parameters == parameters
            && (&own.title, own.machine) == (&scenario.title, scenario.machine)
            && own.environments.len() == scenario.environments.len()
            && environments.into_iter().all(|(own, other)| {
                let same = (own.frame_limit, &own.source) == (other.frame_limit, &other.source);
                same && match (&own.application, &other.application) {
                    (ApplicationSpec::Trace(own), ApplicationSpec::Trace(other)) => {
                        Arc::ptr_eq(own, other)
                    }
                    _ => false,
                }
            })
    }

    /// Goes on to another reference. False, and nothing has changed, if one of the kernels is past it:
    /// they run forward only.
    pub fn go_on_to(&mut self, env: EnvId, reference: u64) -> bool {
        let mut kernels = self.kernels.iter();
        let ahead = kernels.all(|(_, rival)| {
            let counts = rival.board().counts(env);
            counts.is_some_and(|it| it.references <= reference)
        });
        if ahead {
            for (_, rival) in &mut self.kernels {
                rival.watch(env, reference);
            }
            self.env = env;
            self.ways.clear();
        }
        ahead
    }

    /// Runs a piece of the kernel whose turn it is, of so many references at most. True if there is more
    /// to do.
    pub fn advance(&mut self, references: u64) -> bool {
        let traces = self.scenario.traces();
        let Some((kernel, rival)) = self.kernels.get_mut(self.ways.len()) else {
            return false;
        };
        let more = rival.advance(references, &traces);
        let board = rival.board();
        let ending = board.ending(self.env);
        if board.trail().is_done() || ending.is_some() || !more {
            let mut way = way(*kernel, board.trail().charged());
            if let Some(Ending::GivenUp(reason)) = ending {
                way.given_up = Some(explain::broken(reason));
            }
            self.ways.push(way);
        }
        self.ways.len() < self.kernels.len()
    }

    /// The ways that are known.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }
}

fn way(kernel: KernelKind, charged: &[Charged]) -> Way {
    let spent = |payer: Payer| {
        let own = charged.iter().filter(|it| it.payer == payer);
        own.map(|it| it.cycles).sum()
    };
    let hit = charged.len() == 1;
    let hops = (1..).zip(charged).map(|(step, it)| hop(step, it, hit));
    Way {
        kernel,
        hops: hops.collect(),
        cycles: CycleReport {
            application: spent(Payer::Application),
            libos: spent(Payer::Handler),
            kernel: spent(Payer::Kernel),
        },
        crossings: charged.iter().map(|it| it.crossings).sum(),
        given_up: None,
    }
}

fn hop(step: u64, charged: &Charged, hit: bool) -> Hop {
    let (from, to, text) = told(charged, hit);
    let note = charged.part.parameter().map(|name| match charged.times {
        1 => name.to_owned(),
        times => format!("{times} × {name}"),
    });
    Hop {
        step,
        from,
        to,
        text,
        note,
        cycles: charged.cycles,
        crossings: u32::try_from(charged.crossings).unwrap_or(u32::MAX),
        now: false,
        refused: false,
        aside: false,
    }
}

/// Where a part goes, and what it is in a few words; `hit` if there is no other.
fn told(charged: &Charged, hit: bool) -> (Lane, Lane, String) {
    use Lane::{Application, Hardware, Kernel, Libos};
    let page = |page: exo_core::ids::Page| format!("0x{:X}", page.0);
    match charged.part {
        Part::Trapped(Cause::Miss, it) => {
            (Hardware, Kernel, format!("page {} not in TLB", page(it)))
        }
        Part::Trapped(Cause::Protection, it) => (
            Hardware,
            Kernel,
            format!("store to read-only page {}", page(it)),
        ),
        Part::Refill(it) => (Kernel, Hardware, format!("page table: page {}", page(it))),
        Part::Message => (Kernel, Libos, "message to the pager".to_owned()),
        Part::Switch { to_pager } => {
            let words = if to_pager {
                "to the pager’s space"
            } else {
                "to its own space"
            };
            (Kernel, Kernel, words.to_owned())
        }
        Part::PagerMiss => (Hardware, Kernel, "the pager’s TLB miss".to_owned()),
        Part::Policy => (Libos, Libos, "page_fault: instructions".to_owned()),
        Part::Library(call) => (Libos, Libos, format!("{}, its own list", call.name())),
        Part::PagerCall(call) | Part::Call(call) => (Libos, Kernel, call.name().to_owned()),
        Part::Unmapped => (Kernel, Kernel, "takes the mapping away".to_owned()),
        Part::Reply => (Libos, Kernel, "reply with mappings".to_owned()),
        Part::Mapped(it) => (Kernel, Hardware, format!("maps page {}", page(it))),
        Part::Entry => (Kernel, Kernel, "in and out".to_owned()),
        Part::FaultCode => (Kernel, Kernel, "page-fault code".to_owned()),
        Part::ClockStep => (Kernel, Kernel, "the CLOCK’s hand".to_owned()),
        Part::Signal => (Kernel, Libos, "signal to the handler".to_owned()),
        Part::Returned => (Libos, Kernel, "return from the signal".to_owned()),
        Part::Protect(call) => (Libos, Kernel, call.name().to_owned()),
        Part::FurtherPage => (Kernel, Kernel, "further pages".to_owned()),
        Part::Completed(it) if hit => (Application, Hardware, format!("page {}: a hit", page(it))),
        Part::Completed(it) => (Application, Hardware, format!("page {} again", page(it))),
        Part::Rest => (Kernel, Kernel, "all that follows".to_owned()),
    }
}
