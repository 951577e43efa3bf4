//! The hit rates of the TLB and of the software TLB over a run.

use super::charts::{ChartView, LineView, Pen, heads, x, y};
use super::words::{decimal, grouped};
use crate::store::Playground;

/// Stretches of the run.
const STRETCHES: u32 = 32;
/// The lines.
const LINES: [Pen; 2] = [("TLB", Some(""), ""), ("software TLB", Some("6 3"), "")];

/// The chart of the run so far; none while nothing has run.
pub(super) fn of(playground: &Playground) -> Option<ChartView> {
    let furthest = playground.session().furthest_step();
    let place = |stretch: u32| furthest as f64 * f64::from(stretch) / f64::from(STRETCHES);
    let ends = (0..=STRETCHES).map(|it| playground.course.counts(place(it)));
    let ends: Vec<_> = ends.collect();
    let mut places = [Vec::new(), Vec::new()];
    let mut rows = Vec::new();
    for (pair, stretch) in ends.windows(2).zip(1..) {
        let [misses, _, _, references, hits] = std::array::from_fn(|it| pair[1][it] - pair[0][it]);
        let rates = [part(references - misses, references), part(hits, misses)];
        for (places, rate) in places.iter_mut().zip(rates) {
            places.extend(rate.map(|rate| (f64::from(stretch) / f64::from(STRETCHES), rate)));
        }
        let told = rates.map(|it| it.map_or("none".to_owned(), |it| decimal(it * 100.0, 1)));
        if rates[0].is_some() {
            let step = grouped(place(stretch).round() as u64);
            rows.push(std::iter::once(step).chain(told).collect());
        }
    }
    let lines = LINES.into_iter().zip(&places);
    (!rows.is_empty()).then(|| ChartView {
        title: format!("Hit rates, over {} steps", grouped(furthest)),
        note: "",
        file: "exokernel-hit-rates".to_owned(),
        lines: lines
            .map(|(pen, places)| LineView::through(pen, places))
            .collect(),
        marks: Vec::new(),
        ticks: ticks(furthest),
        heads: heads(&["up to step", "TLB, %", "software TLB, %"]),
        rows,
    })
}

pub(super) fn part(of: f64, all: f64) -> Option<f64> {
    (all > 0.5).then(|| (of / all).clamp(0.0, 1.0))
}

fn ticks(furthest: u64) -> Vec<(bool, String, String)> {
    let parts = [0_u32, 25, 50, 75, 100];
    // The last number would not fit.
    let below = parts.into_iter().filter(|it| *it < 100).map(|part| {
        let x = x(f64::from(part) / 100.0);
        let step = (u128::from(furthest) * u128::from(part) / 100) as u64;
        (true, x, grouped(step))
    });
    let beside = parts.map(|part| {
        let y = y(f64::from(part) / 100.0);
        (false, y, format!("{part} %"))
    });
    below.chain(beside).collect()
}
