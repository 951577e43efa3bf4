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

/// A number of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What it is.
    pub name: &'static str,
    /// How many on the one side, and on the other.
    pub values: [u64; 2],
    /// Whether it is no figure of the runs, but what they are measured against.
    pub reference: bool,
}

impl Pair {
    /// How much more or less the other side has, in tenths of a percent: `-24.5 %`.
    pub fn change(&self) -> String {
        let [one, other] = self.values;
        if one == other {
            return "=".to_owned();
        }
        if one == 0 {
            return "new".to_owned();
        }
        let permille = (i128::from(other) - i128::from(one)) * 1000 / i128::from(one);
        let sign = if other > one { '+' } else { '-' };
        let parts = permille.abs();
        format!("{sign}{}.{} %", parts / 10, parts % 10)
    }
}

/// The numbers of two sessions where they stand, environment by environment; one that only one side
/// has is left out.
pub fn side_by_side(one: &Session, other: &Session) -> Vec<(EnvId, Vec<Pair>)> {
    let letters = (0..one.scenario().environments.len()).map(|index| EnvId(index as u8));
    let rows = letters.map(|env| {
        let others = metrics(other, env);
        let pairs = metrics(one, env).into_iter().filter_map(|metric| {
            let same = others.iter().find(|it| it.name == metric.name)?;
            Some(Pair {
                name: metric.name,
                values: [metric.value, same.value],
                reference: metric.reference,
            })
        });
        (env, pairs.collect::<Vec<_>>())
    });
    rows.filter(|(_, pairs)| !pairs.is_empty()).collect()
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

#[cfg(test)]
mod tests {
    use super::Pair;

    #[test]
    fn a_change_is_in_tenths_of_a_percent_with_its_sign() {
        let changes = [[1000, 1001], [1000, 755], [3, 3], [0, 4], [1, 3]];
        let said = changes.map(|values| {
            let pair = Pair {
                name: "",
                values,
                reference: false,
            };
            pair.change()
        });
        assert_eq!(said, ["+0.1 %", "-24.5 %", "=", "new", "+200.0 %"]);
    }
}
