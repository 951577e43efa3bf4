//! What a run has come to for each environment, in numbers to put side by side.

use exo_core::ids::EnvId;

use crate::optimal::{cycles_without_tlb, optimal_loads};
use crate::scenario::ApplicationSpec;
use crate::session::{GivenChange, Session};

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// What it is.
    pub name: &'static str,
    /// How many.
    pub value: u64,
    /// Whether it is no figure of the run, but what it is measured against.
    pub reference: bool,
}

/// The numbers of an environment where the session stands; none if there is no such environment.
///
/// Two reference lines are among them where they make sense: the page loads that no policy could have
/// gone below (for a trace, if its frames were never limited otherwise), and the cycles without a TLB.
pub fn metrics(session: &Session, env: EnvId) -> Vec<Metric> {
    let Some(environment) = session.machine().environment(env) else {
        return Vec::new();
    };
    let (counters, cycles) = (&environment.counters, environment.cycles);
    let counted = |name, value| Metric {
        name,
        value,
        reference: false,
    };
    let mut all = vec![
        counted("references", counters.references),
        counted("TLB misses", counters.tlb_misses),
        counted("software TLB hits", counters.stlb_hits),
        counted("upcalls", counters.upcalls),
        counted("page loads", counters.page_loads),
        counted("evictions", counters.evictions),
        counted("crossings", counters.crossings),
        counted("disk transfers", counters.disk_reads + counters.disk_writes),
        counted("cycles, application", cycles.application),
        counted("cycles, libOS", cycles.libos),
        counted("cycles, kernel", cycles.kernel),
        counted("cycles, all", cycles.total()),
        Metric {
            name: "cycles without a TLB",
            value: cycles_without_tlb(environment),
            reference: true,
        },
    ];
    if let Some(value) = best_loads(session, env) {
        let behind = all.iter().position(|it| it.name == "page loads");
        let best = Metric {
            name: "page loads at best",
            value,
            reference: true,
        };
        all.insert(behind.map_or(0, |at| at + 1), best);
    }
    all
}

/// Page loads under the policy that knows the future, for an environment whose frames and application
/// stayed the same.
fn best_loads(session: &Session, env: EnvId) -> Option<u64> {
    let scenario = session.scenario();
    let spec = scenario.environments.get(env.index())?;
    let ApplicationSpec::Trace(trace) = &spec.application else {
        return None;
    };
    let environment = session.machine().environment(env)?;
    let changed = session.inputs().iter().any(|input| {
        let other = !matches!(input.change, GivenChange::Policy { .. });
        input.env == env && other && input.at <= session.machine().position()
    });
    if changed || environment.frame_limit != spec.frame_limit {
        return None;
    }
    let page_bits = scenario.machine.page_bits;
    Some(optimal_loads(
        &trace.trace,
        environment.cursor,
        page_bits,
        spec.frame_limit,
    ))
}
