//! The hit rates of the TLB and of the software TLB over a run, environment by environment.

use super::charts::{ChartView, LineView, Pen, x, y};
use super::trend::{self, Measure};
use super::words::{decimal, grouped, letter};
use crate::store::{Playground, RAN};

/// Stretches of the run.
const STRETCHES: u32 = 32;
/// Dashes of the lines of environments.
const DASHES: [&str; RAN] = ["", "6 3", "2 3", "8 2 2 2", "1 4", "10 4", "4 1", "3 6"];
/// What is drawn: its name, its files' name, and how it is found from what an environment counted in a stretch.
const MEASURES: [(&str, &str, Measure); 2] = [
    ("TLB", "tlb", trend::tlb),
    ("software TLB", "software-tlb", trend::stlb),
];
/// Parts of the axis from 0 to 100 %, of which the smallest is shown that has all lines in it.
const SPANS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

/// The charts of the run so far; those of which nothing is known are left out.
pub(super) fn of(playground: &Playground) -> Vec<ChartView> {
    let furthest = playground.session().furthest_step();
    let place = |stretch: u32| furthest as f64 * f64::from(stretch) / f64::from(STRETCHES);
    let ends = (0..=STRETCHES).map(|it| playground.course.rates(place(it)));
    let ends: Vec<_> = ends.collect();
    let environments = playground.drafts.len().min(RAN);
    let chart = |(name, file, measure): &(&str, &str, Measure)| {
        let pairs = ends.windows(2);
        let rates = pairs.map(|pair| {
            let behind = |env: usize| Some(pair.get(1)?.get(env)?.since(pair.first()?.get(env)?));
            (0..environments)
                .map(|env| behind(env).and_then(|it| measure(&it)))
                .collect()
        });
        let rates: Vec<Vec<Option<f64>>> = rates.collect();
        let known = rates.iter().flatten().flatten();
        let least = known.copied().fold(f64::INFINITY, f64::min);
        let span = SPANS.into_iter().find(|span| 1.0 - span <= least)?;
        if !least.is_finite() {
            return None;
        }
        let line = |(env, dashes): (usize, &'static str)| {
            let places = rates.iter().zip(1..).map(|(rates, stretch)| {
                let rate = (*rates.get(env)?)?;
                let across = f64::from(stretch) / f64::from(STRETCHES);
                Some((across, 1.0 - (1.0 - rate) / span))
            });
            let pen: Pen = ("", Some(dashes), "");
            LineView {
                name: letter(env),
                ..LineView::through(pen, places)
            }
        };
        let row = |(rates, stretch): (&Vec<Option<f64>>, u32)| {
            let told = rates.iter();
            let told = told.map(|it| it.map_or("none".to_owned(), |it| decimal(it * 100.0, 2)));
            let step = grouped(place(stretch).round() as u64);
            std::iter::once(step).chain(told).collect()
        };
        let heads = (0..environments).map(|env| format!("{}, %", letter(env)));
        Some(ChartView {
            title: format!("Hit rates, over {} steps: {name}", grouped(furthest)),
            note: "",
            file: format!("exokernel-hit-rates-{file}"),
            lines: (0..environments).zip(DASHES).map(line).collect(),
            marks: Vec::new(),
            others: Vec::new(),
            ticks: ticks(furthest, span),
            heads: std::iter::once("up to step".to_owned())
                .chain(heads)
                .collect(),
            rows: rates.iter().zip(1..).map(row).collect(),
        })
    };
    MEASURES.iter().filter_map(chart).collect()
}

fn ticks(furthest: u64, span: f64) -> Vec<(bool, String, String)> {
    let parts = [0_u32, 25, 50, 75, 100];
    // The last number would not fit.
    let below = parts.into_iter().filter(|it| *it < 100).map(|part| {
        let x = x(f64::from(part) / 100.0);
        let step = (u128::from(furthest) * u128::from(part) / 100) as u64;
        (true, x, grouped(step))
    });
    let places = match span {
        it if it < 0.05 => 3,
        it if it < 0.2 => 2,
        _ => 1,
    };
    let beside = parts.map(|part| {
        let part = f64::from(part) / 100.0;
        let rate = 1.0 - (1.0 - part) * span;
        (false, y(part), decimal(rate * 100.0, places) + " %")
    });
    below.chain(beside).collect()
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, ChartsAction, Target};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    #[test]
    fn hit_rates_have_a_line_for_each_environment_on_an_axis_that_fits_them() {
        let mut playground = playground();
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, Action::Charts(ChartsAction::Show(true)));
        let charts = View::of(&playground).charts.charts.clone();
        let found = charts
            .iter()
            .filter(|it| it.title.starts_with("Hit rates, "));
        let found: Vec<_> = found.collect();
        assert_eq!(found.len(), 2);
        let names = |chart: usize| {
            let lines = found[chart].lines.iter();
            lines.map(|it| it.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(0), ["A", "B"]);
        assert_eq!(found[0].heads, ["up to step", "A, %", "B, %"]);
        assert_eq!(found[0].rows.len(), 32);
        let axis = found[0].ticks.iter().filter(|it| !it.0);
        let lowest = axis.map(|it| it.2.trim_end_matches(" %").parse::<f64>().unwrap());
        let lowest = lowest.fold(f64::INFINITY, f64::min);
        let cells = found[0].rows.iter().flat_map(|row| &row[1..]);
        let least = cells
            .filter_map(|it| it.parse::<f64>().ok())
            .fold(f64::INFINITY, f64::min);
        assert!(lowest <= least + 0.01 && least < 100.0, "{lowest} {least}");
    }
}
