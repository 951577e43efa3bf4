//! Charts: lines within a picture, each with its table; page loads against frames.

use std::fmt::Write;

use exo_session::curves::CurvePoint;

use super::chart_file::written;
use super::{lines, rates, trips};
use crate::store::{Chart, ChartFile, Playground};
use crate::view::memory::Owner;
use crate::view::words::{apart, decimal, frames, grouped, percent_of};

/// The picture's size, and the room around its lines.
pub const WIDTH: u32 = 640;
/// Its height.
pub const HEIGHT: u32 = 300;
pub(super) const LEFT: u32 = 64;
pub(super) const RIGHT: u32 = 12;
pub(super) const TOP: u32 = 10;
pub(super) const BOTTOM: u32 = 34;
/// How far marks stand beside each other that would cover each other.
const BESIDE: f64 = 17.0;
/// About how long an axis is, in the same units.
const ROOM: f64 = 500.0;
/// What tells a line apart: its name; its dashes, if its points are joined; and the shape that is drawn at each, as an
/// SVG path from there.
pub type Pen = (&'static str, Option<&'static str>, &'static str);
/// The lines.
const LINES: [Pen; 3] = [
    ("LRU", Some(""), ""),
    ("FIFO", Some("6 3"), ""),
    ("the best there is", Some("2 3"), ""),
];

/// The sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartsView {
    /// Whether it is open.
    pub open: bool,
    /// What is still to be done, in words.
    pub left: Option<String>,
    /// One for each trace; then the hit rates of both TLBs over the run, and the lines of two branches
    /// that were compared.
    pub charts: Vec<ChartView>,
    /// Figures of two branches that were compared.
    pub compared: Option<BarsView>,
    /// Round trips of a datagram.
    pub trips: TripsView,
}

/// The section of round trips.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TripsView {
    /// How far it has come.
    pub words: String,
    /// What can be done: a button's text, and whether it sets out.
    pub act: Option<(&'static str, bool)>,
    /// What is known so far.
    pub chart: Option<ChartView>,
}

/// Figures of two runs as bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarsView {
    /// Which two.
    pub title: String,
    /// Each figure: whose and what, and for each run its number and its part of the longest, in percent.
    pub bars: Vec<(String, [(String, String); 2])>,
}

/// One chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartView {
    /// What it is of.
    pub title: String,
    /// Where figures that were not measured here come from.
    pub note: &'static str,
    /// The name of its files, without an ending.
    pub file: String,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// Marks of what runs here: owner, x, y, and a sentence.
    pub marks: Vec<(Owner, String, String, String)>,
    /// Sentences about what runs here and is not drawn.
    pub others: Vec<String>,
    /// Marks on the axes: whether below, where, and the number.
    pub ticks: Vec<(bool, String, String)>,
    /// What the columns of the table are.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// What it is called.
    pub name: String,
    /// What tells it apart.
    pub pen: Pen,
    /// An SVG path through its points, with gaps where nothing is known; none if they are not joined.
    pub path: String,
    /// The shapes at its points, as an SVG path.
    pub shapes: String,
}

impl LineView {
    /// A line through places, each told as parts of the axes; one that is not known is a gap.
    pub(super) fn through(
        pen: Pen,
        places: impl IntoIterator<Item = Option<(f64, f64)>>,
    ) -> LineView {
        let (_, dashes, shape) = pen;
        let (mut path, mut shapes) = (String::new(), String::new());
        let mut joined = false;
        for place in places {
            let Some((across, up)) = place else {
                joined = false;
                continue;
            };
            let (x, y) = (x(across), y(up));
            // Writing to a text never fails. A place between two gaps is a dot.
            let _ = match (dashes, joined) {
                (None, _) => Ok(()),
                (_, true) => write!(path, "L{x} {y}"),
                (_, false) => write!(path, "M{x} {y}h1"),
            };
            joined = true;
            if !shape.is_empty() {
                let _ = write!(shapes, "M{x} {y}{shape}");
            }
        }
        LineView {
            name: pen.0.to_owned(),
            pen,
            path,
            shapes,
        }
    }
}

/// The heads of a table's columns.
pub(super) fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

/// Where a part of the axis below lies.
pub(super) fn x(part: f64) -> String {
    decimal(pixels(part, 0.0).0, 1)
}

/// Where a part of the axis at the side lies.
pub(super) fn y(part: f64) -> String {
    decimal(pixels(0.0, part).1, 1)
}

/// Where a place lies in the picture, told as parts of the axes.
pub(super) fn pixels(across: f64, up: f64) -> (f64, f64) {
    let room = f64::from(HEIGHT - TOP - BOTTOM);
    (
        f64::from(LEFT) + across * f64::from(WIDTH - LEFT - RIGHT),
        f64::from(HEIGHT - BOTTOM) - up * room,
    )
}

/// The most of both axes.
struct Scale {
    frames: f64,
    loads: f64,
}

impl Scale {
    fn of(chart: &Chart) -> Scale {
        let points = chart.points.iter();
        let loads = points.map(|it| it.lru.max(it.fifo));
        let runs = chart.runs.iter();
        let loads = loads.chain(runs.map(|it| it.loads)).max();
        let frames = chart.points.last().map_or(1, |it| it.frames);
        Scale {
            frames: f64::from(frames.max(1)),
            loads: loads.unwrap_or(1).max(1) as f64,
        }
    }

    fn place(&self, frames: u32, loads: u64) -> (f64, f64) {
        (f64::from(frames) / self.frames, loads as f64 / self.loads)
    }
}

pub(super) fn select(playground: &Playground) -> ChartsView {
    let charts = &playground.charts;
    let left = match charts.left() {
        0 => None,
        left => Some(format!("{left} sizes of memory are still to be done.")),
    };
    if !charts.open {
        return ChartsView::default();
    }
    let loads = charts.charts.iter().map(one);
    ChartsView {
        open: true,
        left,
        charts: loads
            .chain(rates::of(playground))
            .chain(lines::of(playground))
            .collect(),
        compared: compared(playground),
        trips: trips::of(playground),
    }
}

/// A chart of the sheet as a file: its name and its text. A picture for pixels is SVG.
pub fn chart_file(
    playground: &Playground,
    index: usize,
    file: ChartFile,
) -> Option<(String, String)> {
    let view = select(playground);
    let chart = view.charts.iter().chain(&view.trips.chart).nth(index)?;
    Some(written(chart, file))
}

fn loads_of(line: usize, point: &CurvePoint) -> u64 {
    match line {
        0 => point.lru,
        1 => point.fifo,
        _ => point.best,
    }
}

fn one(chart: &Chart) -> ChartView {
    let scale = Scale::of(chart);
    let lines = LINES.into_iter().enumerate().map(|(line, pen)| {
        let points = chart.points.iter();
        let places = points.map(|it| Some(scale.place(it.frames, loads_of(line, it))));
        LineView::through(pen, places)
    });
    let (mut marks, mut others) = (Vec::new(), Vec::new());
    let mut places: Vec<(f64, f64)> = Vec::new();
    for run in &chart.runs {
        let owner = Owner { env: run.env };
        let words = format!(
            "{}, {}: {} page loads with {}",
            owner.letter(),
            run.policy,
            grouped(run.loads),
            frames(run.frames)
        );
        // A mark that is of fewer references than the lines would stand below the least that there can be.
        if run.references * 100 < chart.references * 99 {
            let references = grouped(run.references);
            others.push(format!("{words}, after {references} references"));
            continue;
        }
        let place = scale.place(run.frames, run.loads);
        // Those that would cover each other stand side by side.
        let covers = |it: &&(f64, f64)| {
            (it.0 - place.0).abs() * ROOM < BESIDE && (it.1 - place.1).abs() * ROOM < BESIDE
        };
        let beside = places.iter().filter(covers).count() as f64 * BESIDE / ROOM;
        let across = match place.0 > 0.5 {
            true => place.0 - beside,
            false => place.0 + beside,
        };
        places.push(place);
        marks.push((owner, x(across), y(place.1), words));
    }
    let row = |it: &CurvePoint| {
        let row = [u64::from(it.frames), it.lru, it.fifo, it.best];
        row.map(grouped).to_vec()
    };
    let letters = chart.trace.name.chars();
    let letters = letters.map(|it| if it.is_ascii_alphanumeric() { it } else { '-' });
    ChartView {
        title: title(chart),
        note: "",
        file: format!("exokernel-loads-{}", letters.collect::<String>()),
        lines: lines.collect(),
        marks,
        others,
        ticks: ticks(&scale),
        heads: heads(&["frames", "LRU", "FIFO", "the best there is"]),
        rows: chart.points.iter().map(row).collect(),
    }
}

/// Figures of the two branches that were compared last.
fn compared(playground: &Playground) -> Option<BarsView> {
    let compared = playground.branches().compared.as_ref()?;
    let [one, other] = compared.numbers;
    let mut bars = Vec::new();
    for (env, pairs) in &compared.figures {
        for name in ["page loads", "crossings", "cycles, all"] {
            let Some(pair) = pairs.iter().find(|it| it.name == name) else {
                continue;
            };
            let most = pair.values.iter().copied().max().unwrap_or(0);
            let bar = |value| (grouped(value), percent_of(value, most));
            let owner = Owner { env: *env };
            bars.push((format!("{}, {name}", owner.letter()), pair.values.map(bar)));
        }
    }
    let title = format!("Branch {one} and branch {other}");
    Some(BarsView { title, bars })
}

fn title(chart: &Chart) -> String {
    format!(
        "{}: page loads of its first {} references, against frames",
        chart.trace.name,
        grouped(chart.references)
    )
}

fn ticks(scale: &Scale) -> Vec<(bool, String, String)> {
    let below = round(scale.frames).map(|it| (true, x(it as f64 / scale.frames), grouped(it)));
    let beside = round(scale.loads).map(|it| (false, y(it as f64 / scale.loads), grouped(it)));
    below.chain(beside).collect()
}

/// Round numbers from 0 to at most `most`, five to eleven of them.
pub(super) fn round(most: f64) -> impl Iterator<Item = u64> {
    let all = most.max(1.0) as u64;
    let apart = apart(all, 9);
    (0..=all / apart).map(move |it| it * apart)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_axes_have_round_numbers() {
        assert!(super::round(99.0).eq((0..10).map(|it| it * 10)));
        assert!(super::round(3_104.0).eq([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000]));
        assert!(super::round(1.0).eq([0, 1]));
        assert!(super::round(16.0).eq((0..9).map(|it| it * 2)));
    }

    use crate::store::{
        Action, BranchAction, ChartFile, ChartRun, ChartsAction, Playground, Target,
    };
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    #[test]
    fn at_the_end_of_a_run_fifo_s_own_mark_lies_on_fifo_s_line() {
        let mut playground = playground();
        playground.update(Action::GoTo(crate::store::Target::End));
        while playground.work(0.0) {}
        let here = playground.session().machine().state_digest();
        playground.update(Action::Charts(ChartsAction::Show(true)));
        while playground.work(0.0) {}
        let view = View::of(&playground);
        assert!(view.charts.open && view.charts.left.is_none());
        let [chart, _, _] = view.charts.charts.as_slice() else {
            panic!("both run one trace: {:?}", view.charts);
        };
        assert_eq!(chart.marks.len(), 2);
        let loads = playground
            .session()
            .machine()
            .environment(exo_core::ids::EnvId(0))
            .unwrap()
            .counters
            .page_loads;
        let row = chart.rows.iter().find(|row| row[0] == "4").unwrap();
        assert_eq!(row[2], loads.to_string());
        assert_eq!(playground.session().machine().state_digest(), here);
    }

    #[test]
    fn marks_never_cover_each_other_and_one_of_fewer_references_than_the_lines_is_told_only() {
        let mut playground = playground();
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, Action::Charts(ChartsAction::Show(true)));
        let mut chart = playground.charts.charts[0].clone();
        let run = chart.runs[0].clone();
        chart.runs = vec![run.clone(); 6];
        chart.runs.push(ChartRun {
            references: run.references / 2,
            ..run
        });
        let view = super::one(&chart);
        let across = view.marks.iter().map(|it| it.1.parse::<f64>().unwrap());
        let mut across: Vec<f64> = across.collect();
        across.sort_by(f64::total_cmp);
        assert_eq!(across.len(), 6);
        assert!(
            across.windows(2).all(|it| it[1] - it[0] > 16.0),
            "{across:?}"
        );
        let half = format!(" after {} references", run.references / 2);
        assert!(view.others.len() == 1 && view.others[0].ends_with(&half));
    }

    #[test]
    fn what_is_not_known_is_a_gap_in_a_line() {
        let places = [Some((0.0, 0.0)), Some((0.5, 0.5)), None, Some((1.0, 1.0))];
        let line = super::LineView::through(("", Some(""), ""), places);
        assert_eq!(line.path.matches('M').count(), 2);
        assert_eq!(line.path.matches('L').count(), 1);
    }

    #[test]
    fn an_environment_that_runs_nothing_has_no_chart() {
        let mut playground = playground();
        playground.update(Action::OpenScenario("network-ping"));
        while playground.work(0.0) {}
        playground.update(Action::Charts(ChartsAction::Show(true)));
        while playground.work(0.0) {}
        let view = View::of(&playground);
        assert!(view.charts.open && view.charts.left.is_none());
        assert!(view.charts.charts.is_empty(), "{:?}", view.charts);
    }

    #[test]
    fn two_branches_that_were_compared_are_drawn_in_the_charts() {
        let mut playground = playground();
        let settled = |playground: &mut Playground, action: Action| {
            playground.update(action);
            while playground.work(0.0) {}
        };
        let env = exo_core::ids::EnvId(0);
        settled(&mut playground, Action::GoTo(Target::Step(300)));
        settled(&mut playground, Action::SetFrameLimit { env, frames: 9 });
        settled(&mut playground, Action::GoTo(Target::Step(200)));
        settled(&mut playground, Action::SetFrameLimit { env, frames: 5 });
        let show = Action::Charts(ChartsAction::Show(true));
        settled(&mut playground, show.clone());
        let charts = View::of(&playground).charts;
        let [marks, others] = [charts.charts[0].marks.len(), charts.charts[0].others.len()];
        assert!(charts.compared.is_none() && marks + others == 2);
        settled(&mut playground, Action::Branch(BranchAction::Compare(0)));
        settled(&mut playground, show);
        let charts = View::of(&playground).charts;
        let chart = &charts.charts[0];
        let words = chart.marks.iter().map(|it| &*it.3);
        let words = words.chain(chart.others.iter().map(|it| &**it));
        let words: Vec<&str> = words.filter(|it| it.starts_with("A, branch ")).collect();
        assert!(
            words[1].contains("branch 1") && words[1].ends_with("with 5 frames"),
            "{words:?}"
        );
        assert!(
            words[0].contains("branch 0") && words[0].ends_with("with 9 frames"),
            "{words:?}"
        );
        // The lines are of as many references as the marks.
        assert!(charts.charts[0].title.contains("first 600 references"));
        let fifo = charts.charts[0].rows.iter().find(|row| row[0] == "5");
        let said = format!(" {} page loads with 5 frames", fifo.unwrap()[2]);
        assert!(words[1].contains(&said), "{words:?} and{said}");
        let bars = charts.compared.clone().unwrap();
        assert_eq!(bars.title, "Branch 0 and branch 1");
        let (name, [one, other]) = &bars.bars[0];
        assert_eq!((&**name, &*other.1), ("A, page loads", "100.00%"));
        assert!(
            words[0].contains(&one.0) && words[1].contains(&other.0),
            "{bars:?}"
        );
    }

    #[test]
    fn hit_rates_are_those_of_the_counters() {
        let mut playground = playground();
        playground.update(Action::Charts(ChartsAction::Show(true)));
        while playground.work(0.0) {}
        assert!(
            View::of(&playground).charts.charts.len() == 1,
            "nothing has run"
        );
        playground.update(Action::Charts(ChartsAction::Show(false)));
        playground.update(Action::GoTo(Target::End));
        while playground.work(0.0) {}
        playground.update(Action::Charts(ChartsAction::Show(true)));
        let rates = View::of(&playground).charts.charts[1].clone();
        assert_eq!((rates.lines.len(), rates.heads.len()), (2, 3));
        let counters = playground.session().machine().kernel().environments[0].counters;
        let all = 100.0 * (1.0 - counters.tlb_misses as f64 / counters.references as f64);
        let told = rates.rows.iter().filter_map(|it| it[1].parse::<f64>().ok());
        let told: Vec<f64> = told.collect();
        assert!(!told.is_empty());
        let (least, most) = (
            told.iter().copied().fold(100.0, f64::min),
            told.iter().copied().fold(0.0, f64::max),
        );
        assert!(
            least <= all && all <= most && most <= 100.0,
            "{told:?} and {all}"
        );
    }

    #[test]
    fn a_chart_is_written_as_a_picture_with_its_title_and_as_a_table() {
        let mut playground = playground();
        playground.update(Action::Charts(ChartsAction::Show(true)));
        while playground.work(0.0) {}
        playground.update(Action::Charts(ChartsAction::Save(0, ChartFile::Svg)));
        let file = View::of(&playground).exported.unwrap();
        let text = file.text();
        assert_eq!(file.name, "exokernel-loads-eight-pages.svg");
        assert!(text.starts_with("<svg ") && text.contains("first 600 references"));
        assert_eq!(text.matches("<path class=\"line\"").count(), 3);
        playground.update(Action::Charts(ChartsAction::Save(0, ChartFile::Csv)));
        let view = View::of(&playground);
        let file = view.exported.as_ref().unwrap();
        let text = file.text();
        assert_eq!(file.name, "exokernel-loads-eight-pages.csv");
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[0], "frames,LRU,FIFO,the best there is");
        assert_eq!(rows[1..].len(), view.charts.charts[0].rows.len());
        assert_eq!(rows[1], view.charts.charts[0].rows[0].join(","));
        assert!(rows[1..].iter().all(|it| it.split(',').count() == 4));
    }
}
