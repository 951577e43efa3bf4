//! Speed of demultiplexing: so many filters, each for a flow of its own, and packets of the flows at
//! random.

use std::fmt;
use std::hint::black_box;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Engine, Filter, FilterSet};
use exo_core::limits::ENVIRONMENTS_MAX;
use exo_net::{compile, flows};

/// How many filters there are, one measurement after the other.
pub const FILTER_COUNTS: [u32; 4] = [1, 10, 100, 1000];
/// Packets of one pass.
const PACKETS: u32 = 1024;
/// Filters that are tried in one round, about, by an engine that tries one after the other.
const TRIES: u32 = 400_000;
/// Passes over the packets in one round, of an engine that does not.
const PASSES: u32 = 200;

/// Nanoseconds a packet, of the best round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilterFigures {
    /// Filters.
    pub filters: u32,
    /// By each engine, in the order of [`Engine::ALL`].
    pub ns: [f64; 3],
}

impl FilterFigures {
    /// By the compiled engine.
    pub fn compiled_ns(&self) -> f64 {
        let [.., compiled] = self.ns;
        compiled
    }
}

impl fmt::Display for FilterFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [linear, trie, compiled] = self.ns;
        write!(
            f,
            "packet filters, {} of them: {compiled:.2} ns a packet compiled, {trie:.1} ns as a trie, \
             {linear:.1} ns one after the other",
            self.filters
        )
    }
}

/// A set of so many filters, of as many owners as there may be.
fn set(filters: u32) -> Result<FilterSet, String> {
    let claim = |flow| {
        let patterns = compile(&flows::expression(flow)).map_err(|error| error.to_string())?;
        Ok(Filter {
            owner: EnvId((flow as usize % ENVIRONMENTS_MAX) as u8),
            yields: false,
            patterns,
        })
    };
    let claims: Result<Vec<Filter>, String> = (0..filters).map(claim).collect();
    let mut set = FilterSet::new();
    set.install_all(claims?)
        .map_err(|(index, error)| format!("filter {index} was refused: {error}"))?;
    Ok(set)
}

/// One pass over the packets, which sums up who has them. A function of its own, as a browser compiles
/// a loop well only from the second time on that its function is entered.
#[inline(never)]
fn pass(set: &FilterSet, engine: Engine, packets: &[Vec<u8>]) -> u64 {
    let ids = packets.iter().map(|packet| {
        let verdict = set.classify(engine, black_box(packet));
        verdict
            .accepted
            .map_or(u64::MAX / 4096, |(id, _)| id.0.into())
    });
    ids.sum()
}

/// Measures every engine with every number of filters, `rounds` times. `now` is a clock in nanoseconds.
///
/// # Errors
/// The engines do not agree, or a packet is nobody's.
pub fn measure_filters(
    rounds: u32,
    mut now: impl FnMut() -> f64,
) -> Result<Vec<FilterFigures>, String> {
    let mut all = Vec::new();
    for filters in FILTER_COUNTS {
        let set = set(filters)?;
        let packets = flows::packets(filters, PACKETS);
        let right = pass(&set, Engine::Linear, &packets);
        let mut ns = [f64::INFINITY; 3];
        for (engine, best) in Engine::ALL.into_iter().zip(&mut ns) {
            let passes = match engine {
                Engine::Linear => (TRIES / PACKETS / filters).max(1),
                Engine::Trie | Engine::Compiled => PASSES,
            };
            for _ in 0..rounds {
                let start = now();
                for _ in 0..passes {
                    if pass(&set, engine, &packets) != right || right > u64::MAX / 4096 {
                        return Err("the engines do not agree, or a packet is nobody's".to_owned());
                    }
                }
                let packets = f64::from(passes) * f64::from(PACKETS);
                *best = best.min((now() - start) / packets);
            }
        }
        all.push(FilterFigures { filters, ns });
    }
    Ok(all)
}
