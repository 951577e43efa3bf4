//! How long a datagram is under way there and back, against active processes: measured here, and published.

use exo_session::round_trip::{PROCESSES_MAX, Point, Receiver};

use super::charts::{ChartView, LineView, Pen, TripsView, heads, x, y};
use super::words::{decimal, grouped};
use crate::store::Playground;

/// The lines: who answers, and whether it was measured here. Where they meet, the shape of the later one fits into
/// that of the one before.
const LINES: [(Receiver, bool, Pen); 5] = [
    (
        Receiver::Queue,
        true,
        ("in its turn", Some("6 3"), "m0-7l6 11h-12z"),
    ),
    (
        Receiver::Upcall,
        true,
        ("upcall at once", Some("2 3"), "m-5-5h10v10h-10z"),
    ),
    (
        Receiver::Handler,
        true,
        (
            "message handler",
            Some(""),
            "m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
        ),
    ),
    (
        Receiver::Queue,
        false,
        ("published, no handler", None, "m-5-5l10 10m0-10l-10 10"),
    ),
    (
        Receiver::Handler,
        false,
        ("published, handler", None, "m-8 0h16m-8-8v16"),
    ),
];
/// Microseconds between two marks of the axis.
const MARK: f64 = 1_000.0;

/// The section: what has been measured, and what can be done.
pub(super) fn of(playground: &Playground) -> TripsView {
    let charts = &playground.charts;
    let points = charts.trips.as_ref().map_or(&[][..], |it| &it.points);
    let left = charts.trips.as_ref().map(|it| it.left());
    let act = match left {
        _ if playground.is_measuring() => Some(("Stop here", false)),
        None => Some(("Measure", true)),
        Some(0) => None,
        Some(_) => Some(("Go on", true)),
    };
    let words = match (&charts.problem, left) {
        (Some(problem), _) => problem.clone(),
        (None, None | Some(0)) => String::new(),
        (None, Some(left)) => {
            let done = points.len();
            format!("{done} of {} measurements are done.", done + left)
        }
    };
    TripsView {
        words,
        act,
        chart: (!points.is_empty()).then(|| chart(points)),
    }
}

fn chart(points: &[Point]) -> ChartView {
    // Those of one receiver come one after the other, with one process first.
    let figures = LINES.map(|(receiver, measured, _)| {
        let own = points
            .iter()
            .filter(|it| measured && it.receiver == receiver);
        let published = receiver.published().filter(|_| !measured);
        let own = own.map(Point::microseconds);
        own.chain(published.into_iter().flatten())
            .collect::<Vec<f64>>()
    });
    let most = figures.iter().flatten().copied().fold(0.0, f64::max);
    let marks = (most / MARK).ceil();
    let across = |processes: usize| processes as f64 / f64::from(PROCESSES_MAX);
    let lines = LINES.iter().zip(&figures).map(|((_, _, pen), figures)| {
        let places = (1..)
            .zip(figures)
            .map(|(it, figure)| Some((across(it), figure / MARK / marks)));
        LineView::through(*pen, places)
    });
    let rows = (0..usize::from(PROCESSES_MAX)).map(|at| {
        let cells = figures
            .iter()
            .map(|it| it.get(at).map_or(String::new(), |it| decimal(*it, 1)));
        std::iter::once((at + 1).to_string()).chain(cells).collect()
    });
    let below = (1..=usize::from(PROCESSES_MAX)).map(|it| (true, x(across(it)), it.to_string()));
    let beside = (0..=marks as u32).map(|it| {
        let part = f64::from(it);
        (false, y(part / marks), grouped((part * MARK) as u64))
    });
    ChartView {
        title:
            "Round trip of 60 bytes in microseconds of a 25 MHz machine, against active processes"
                .to_owned(),
        note: "Published: SOSP’95, figure 2 (DECstation 5000/125).",
        file: "exokernel-round-trips".to_owned(),
        lines: lines.collect(),
        marks: Vec::new(),
        others: Vec::new(),
        ticks: below.chain(beside).collect(),
        heads: heads(&[
            "processes",
            "in its turn",
            "upcall at once",
            "message handler",
            "published, no handler",
            "published, handler",
        ]),
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use exo_session::round_trip::RoundTrips;

    use crate::store::{Action, ChartFile, ChartsAction, Playground};
    use crate::view::tests::playground;
    use crate::view::{TripsView, View};

    fn trips(playground: &Playground) -> TripsView {
        View::of(playground).charts.trips.clone()
    }

    fn charts(playground: &mut Playground, action: ChartsAction) {
        playground.update(Action::Charts(action));
    }

    /// A sheet in which so many measurements have been made.
    fn measured(count: usize) -> Playground {
        let mut playground = playground();
        charts(&mut playground, ChartsAction::Show(true));
        while playground.work(0.0) {}
        assert_eq!(trips(&playground).act, Some(("Measure", true)));
        charts(&mut playground, ChartsAction::Measure(true));
        while trips(&playground).chart.is_none_or(|it| done(&it) < count) {
            assert!(playground.work(0.0));
        }
        playground
    }

    fn done(chart: &crate::view::ChartView) -> usize {
        let cells = chart.rows.iter().flat_map(|it| &it[1..4]);
        cells.filter(|it| !it.is_empty()).count()
    }

    #[test]
    fn what_is_drawn_was_measured_and_stays_when_it_is_stopped_or_put_away() {
        let mut playground = measured(2);
        let here = playground.session().machine().state_digest();
        let words = "2 of 30 measurements are done.";
        assert_eq!(trips(&playground).words, words);
        assert_eq!(trips(&playground).act, Some(("Stop here", false)));
        charts(&mut playground, ChartsAction::Measure(false));
        while playground.work(0.0) {}
        assert!(!playground.is_busy());
        assert_eq!(trips(&playground).act, Some(("Go on", true)));
        charts(&mut playground, ChartsAction::Show(false));
        assert_eq!(trips(&playground), TripsView::default());
        charts(&mut playground, ChartsAction::Show(true));
        assert_eq!(trips(&playground).words, words);
        // Whatever else ends what is under way ends this too.
        charts(&mut playground, ChartsAction::Measure(true));
        playground.update(Action::Cancel);
        assert_eq!(trips(&playground).act, Some(("Go on", true)));
        let chart = trips(&playground).chart.unwrap();
        let mut alone = RoundTrips::new(2);
        while alone.points.len() < 2 {
            alone.advance(1_000_000).unwrap();
        }
        for (row, point) in chart.rows.iter().zip(&alone.points) {
            let told: f64 = row[3].parse().unwrap();
            assert!((told - point.microseconds()).abs() < 0.051, "{row:?}");
        }
        assert_eq!(playground.session().machine().state_digest(), here);
    }

    #[test]
    fn published_figures_are_shapes_without_a_line_and_their_source_is_told_in_the_picture() {
        let mut playground = measured(1);
        let chart = trips(&playground).chart.unwrap();
        assert_eq!(chart.rows[9], ["10", "", "", "", "3524.0", "259.0"]);
        for line in &chart.lines[3..] {
            assert!(line.path.is_empty());
            assert_eq!(line.shapes.matches('M').count(), 10, "{line:?}");
        }
        let index = View::of(&playground).charts.charts.len();
        charts(&mut playground, ChartsAction::Save(index, ChartFile::Svg));
        let file = View::of(&playground).exported.unwrap();
        assert_eq!(file.name, "exokernel-round-trips.svg");
        assert!(file.text().contains(chart.note) && chart.note.contains("SOSP"));
        assert_eq!(file.text().matches("<path class=\"line\"").count(), 3);
    }
}
