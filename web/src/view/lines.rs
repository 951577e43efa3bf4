//! Two branches that were compared, as lines over the references of their runs.

use super::charts::{ChartView, LineView, Pen, x, y};
use super::trend::part;
use super::words::{decimal, grouped};
use crate::store::Playground;

/// Stretches of the longer run.
const STRETCHES: u32 = 32;
/// The dashes of the lines.
const DASHES: [&str; 2] = ["", "6 3"];
/// What is drawn: its name, its files' name, the most if that is known, and how it is found from the misses, upcalls,
/// references and cycles of a stretch.
const MEASURES: [(&str, &str, Option<f64>, Measure); 3] = [
    (
        "TLB hit rate, %",
        "hit-rates",
        Some(100.0),
        |misses, _, references, _| Some(part(references - misses, references)? * 100.0),
    ),
    (
        "upcalls per 1,000 references",
        "upcalls",
        None,
        |_, upcalls, references, _| (references > 0.5).then(|| upcalls * 1000.0 / references),
    ),
    (
        "cycles per 1,000 references",
        "cycles",
        None,
        |_, _, references, cycles| (references > 0.5).then(|| cycles * 1000.0 / references),
    ),
];

type Measure = fn(f64, f64, f64, f64) -> Option<f64>;

/// A chart of each; none if nothing was compared, or neither made references.
pub(super) fn of(playground: &Playground) -> Vec<ChartView> {
    let Some(compared) = &playground.branches().compared else {
        return Vec::new();
    };
    let lengths = compared.courses.each_ref().map(|it| it.references());
    let furthest = lengths[0].max(lengths[1]);
    if furthest == 0 {
        return Vec::new();
    }
    let place = |stretch: u32| furthest as f64 * f64::from(stretch) / f64::from(STRETCHES);
    let [one, other] = compared.numbers;
    let chart = |(name, file, most, measure): &(&str, &str, Option<f64>, Measure)| {
        let value = |side: usize, stretch: u32| {
            let course = compared.courses.get(side)?;
            let (from, to) = (place(stretch - 1), place(stretch));
            if to > lengths.get(side).copied()? as f64 + 0.5 {
                return None; // its run was shorter
            }
            let ((before, spent), (after, spends)) =
                (course.by_reference(from), course.by_reference(to));
            let [misses, upcalls, references] = std::array::from_fn(|it| after[it] - before[it]);
            measure(misses, upcalls, references, spends - spent)
        };
        let values = (1..=STRETCHES).map(|it| (it, [value(0, it), value(1, it)]));
        let values: Vec<(u32, [Option<f64>; 2])> = values.collect();
        let all = values.iter().flat_map(|(_, pair)| pair).flatten();
        let most = most.unwrap_or_else(|| all.copied().fold(1.0, f64::max));
        let names = compared.numbers.map(|it| format!("branch {it}"));
        let line = |(dashes, side): (&'static str, usize)| {
            let places = values.iter().map(|(stretch, pair)| {
                let across = f64::from(*stretch) / f64::from(STRETCHES);
                Some((across, (*pair.get(side)?)? / most))
            });
            let pen: Pen = ("", Some(dashes), "");
            LineView {
                name: names.get(side).cloned().unwrap_or_default(),
                ..LineView::through(pen, places)
            }
        };
        let row = |(stretch, pair): &(u32, [Option<f64>; 2])| {
            let told = pair.map(|it| it.map_or("none".to_owned(), |it| decimal(it, 1)));
            let reference = grouped(place(*stretch).round() as u64);
            std::iter::once(reference).chain(told).collect()
        };
        ChartView {
            title: format!("Branch {one} and branch {other}: {name}"),
            note: "",
            file: format!("exokernel-branches-{one}-{other}-{file}"),
            lines: DASHES.into_iter().zip(0..).map(line).collect(),
            marks: Vec::new(),
            others: Vec::new(),
            ticks: ticks(furthest, most),
            heads: std::iter::once("up to reference".to_owned())
                .chain(names.clone())
                .collect(),
            rows: values.iter().map(row).collect(),
        }
    };
    MEASURES.iter().map(chart).collect()
}

fn ticks(furthest: u64, most: f64) -> Vec<(bool, String, String)> {
    let parts = [0.0, 0.25, 0.5, 0.75, 1.0];
    // The last number would not fit.
    let below = parts.into_iter().filter(|it| *it < 1.0).map(|part| {
        let reference = (furthest as f64 * part) as u64;
        (true, x(part), grouped(reference))
    });
    let beside = parts.map(|part| {
        let value = most * part;
        let number = match most >= 100.0 {
            true => grouped(value.round() as u64),
            false => decimal(value, 1),
        };
        (false, y(part), number)
    });
    below.chain(beside).collect()
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use crate::store::{Action, BranchAction, ChartFile, ChartsAction, Playground, Target};
    use crate::view::View;

    #[test]
    fn two_branches_are_drawn_over_their_references_and_saved() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        let settled = |playground: &mut Playground, action: Action| {
            playground.update(action);
            while playground.work(0.0) {}
        };
        let env = EnvId(0);
        settled(&mut playground, Action::GoTo(Target::Step(3000)));
        settled(&mut playground, Action::SetFrameLimit { env, frames: 40 });
        settled(&mut playground, Action::GoTo(Target::Step(2000)));
        settled(&mut playground, Action::SetFrameLimit { env, frames: 20 });
        settled(&mut playground, Action::Branch(BranchAction::Compare(0)));
        settled(&mut playground, Action::Charts(ChartsAction::Show(true)));
        let charts = View::of(&playground).charts.charts.clone();
        let lines = charts
            .iter()
            .position(|it| it.title.contains("TLB hit rate"));
        let lines = lines.unwrap();
        assert_eq!(charts.len(), lines + 3);
        let mean = |chart: usize, side: usize| {
            let rows = &charts[chart].rows;
            assert_eq!(rows.len(), 32);
            let cells = rows.iter().map(|row| row[side].parse::<f64>().unwrap());
            cells.sum::<f64>() / rows.len() as f64
        };
        // With half as many frames there are more upcalls, and every reference costs more.
        assert!(mean(lines + 1, 2) > 1.05 * mean(lines + 1, 1));
        assert!(mean(lines + 2, 2) > mean(lines + 2, 1));
        let names: Vec<&str> = charts[lines]
            .lines
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(names, ["branch 0", "branch 1"]);
        assert!((50.0..100.0).contains(&mean(lines, 1)));
        // Every stretch is as long: the means are those of all of the run.
        let compared = View::of(&playground).branches.compared.clone();
        let compared = compared.or(playground.branches().compared.clone()).unwrap();
        let upcalls = compared.figures.iter().flat_map(|(_, pairs)| pairs);
        let upcalls = upcalls
            .filter(|it| it.name == "upcalls")
            .map(|it| it.values[0]);
        let each = upcalls.sum::<u64>() as f64 * 1000.0 / compared.courses[0].references() as f64;
        let told = mean(lines + 1, 1);
        assert!((told / each - 1.0).abs() < 0.05, "{told} and {each}");
        settled(
            &mut playground,
            Action::Charts(ChartsAction::Save(lines, ChartFile::Svg)),
        );
        let file = View::of(&playground).exported.unwrap();
        assert_eq!(file.name, "exokernel-branches-0-1-hit-rates.svg");
        assert_eq!(file.text().matches("<path class=\"line\"").count(), 2);
    }
}
