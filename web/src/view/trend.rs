//! How a hit rate has gone over the run so far, small enough for the head of a panel. *Charts…* has it for each
//! environment.

use std::fmt::Write;

use super::words::decimal;
use crate::store::{Playground, Rates};

/// Stretches of the run.
const STRETCHES: u32 = 24;
/// Width and height of the box that the line is drawn in.
pub const WIDE: u32 = STRETCHES * STRETCH;
/// Its height.
pub const HIGH: u32 = 100;
const STRETCH: u32 = 100;

/// Part of what was looked up that was found; none where nothing was.
pub(super) type Measure = fn(&Rates) -> Option<f64>;

/// The line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendView {
    /// The rate of each stretch as a level stroke, as an SVG path; nothing where nothing was looked up.
    pub line: String,
    /// Where the run stands, across that box.
    pub here: u64,
    /// The rates at the lower and the upper edge of the box: `98.2–100.0%`.
    pub span: String,
}

/// Hits of the TLB, of all references.
pub(super) fn tlb(counted: &Rates) -> Option<f64> {
    part(counted.references - counted.misses, counted.references)
}

/// Hits of the software TLB, of all misses of the TLB.
pub(super) fn stlb(counted: &Rates) -> Option<f64> {
    part(counted.hits, counted.misses)
}

pub(super) fn part(of: f64, all: f64) -> Option<f64> {
    (all > 0.5).then(|| (of / all).clamp(0.0, 1.0))
}

/// The line of a rate of all environments together; none before anything was looked up.
pub(super) fn select(playground: &Playground, measure: Measure) -> Option<TrendView> {
    let session = playground.session();
    let furthest = session.furthest_step();
    let counted = |stretch: u32| {
        let place = furthest as f64 * f64::from(stretch) / f64::from(STRETCHES);
        let mut all = Rates::default();
        for it in playground.course.rates(place) {
            all.references += it.references;
            all.misses += it.misses;
            all.hits += it.hits;
        }
        all
    };
    let mut before = counted(0);
    let rates = (1..=STRETCHES).map(|stretch| {
        let now = counted(stretch);
        let rate = measure(&now.since(&before));
        before = now;
        rate
    });
    let rates: Vec<Option<f64>> = rates.collect();
    let known = || rates.iter().flatten().map(|it| it * 1000.0);
    let low = known().fold(f64::INFINITY, f64::min).floor();
    let high = known().fold(0.0, f64::max).ceil();
    if !low.is_finite() {
        return None;
    }
    let (mut line, mut joined) = (String::new(), false);
    for (rate, stretch) in rates.iter().zip(0..) {
        if let Some(rate) = rate {
            let down = (high - rate * 1000.0) / (high - low).max(1.0);
            let y = (down * f64::from(HIGH)).round() as u32;
            let _ = match joined {
                true => write!(line, "V{y}h{STRETCH}"),
                false => write!(line, "M{} {y}h{STRETCH}", stretch * STRETCH),
            };
        }
        joined = rate.is_some();
    }
    let here = u128::from(session.step_number()) * u128::from(WIDE);
    let span = match low < high {
        true => format!("{}–{}%", decimal(low / 10.0, 1), decimal(high / 10.0, 1)),
        false => format!("{}%", decimal(low / 10.0, 1)),
    };
    Some(TrendView {
        line,
        here: (here / u128::from(furthest.max(1))) as u64,
        span,
    })
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, Target};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    #[test]
    fn a_hit_rate_is_a_line_over_the_run_whose_edges_say_which_rates_they_are() {
        let mut playground = playground();
        let view = View::of(&playground);
        assert!(view.tlb.trend.is_none() && view.stlb.trend.is_none());
        settled(&mut playground, Action::GoTo(Target::End));
        let end = View::of(&playground);
        let trend = end.tlb.trend.clone().unwrap();
        assert_eq!(trend.here, u64::from(super::WIDE));
        let (low, high) = trend.span.trim_end_matches('%').split_once('–').unwrap();
        let [low, high] = [low, high].map(|it| it.parse::<f64>().unwrap());
        let environments = &playground.session().machine().kernel().environments;
        let sum = |of: fn(&exo_core::kernel::Counters) -> u64| {
            environments.iter().map(|it| of(&it.counters)).sum::<u64>()
        };
        let (references, misses) = (sum(|it| it.references), sum(|it| it.tlb_misses));
        let all = 100.0 * (references - misses) as f64 / references as f64;
        assert!(
            low <= all && all <= high && high <= 100.0,
            "{low} {all} {high}"
        );
        // A stroke touches each edge, to the parts of a percent that are said.
        let places = trend.line.split(['V', 'M']).skip(1);
        let heights = places.map(|it| {
            let (place, _) = it.split_once('h').unwrap();
            place.rsplit(' ').next().unwrap().parse::<u32>().unwrap()
        });
        let heights: Vec<u32> = heights.collect();
        assert!(heights.len() > 4 && heights.iter().all(|it| *it <= super::HIGH));
        assert!(heights.iter().max() > heights.iter().min());
        // Back in the run the line stays as it is, and the place moves.
        let middle = playground.session().furthest_step() / 2;
        settled(&mut playground, Action::GoTo(Target::Step(middle)));
        let view = View::of(&playground);
        let back = view.tlb.trend.as_ref().unwrap();
        assert_eq!((&back.line, &back.span), (&trend.line, &trend.span));
        assert!(back.here.abs_diff(u64::from(super::WIDE / 2)) <= 1);
        assert_ne!(view.stlb.trend.as_ref().unwrap().line, trend.line);
    }
}
