//! Page loads against frames, as lines within a picture, and as a table.

use std::fmt::Write;

use exo_session::curves::CurvePoint;

use super::rates;
use crate::store::{Chart, Playground};
use crate::view::memory::Owner;
use crate::view::words::{decimal, grouped, percent_of};

/// The picture's size, and the room around its lines.
pub const WIDTH: u32 = 640;
/// Its height.
pub const HEIGHT: u32 = 300;
pub(super) const LEFT: u32 = 64;
pub(super) const RIGHT: u32 = 12;
pub(super) const TOP: u32 = 10;
pub(super) const BOTTOM: u32 = 34;
/// The lines: what each is called, and the class and the dashes that it is drawn with.
const LINES: [(&str, &str, &str); 3] = [
    ("LRU", "line-lru", ""),
    ("FIFO", "line-fifo", "6 3"),
    ("the best there is", "line-best", "2 3"),
];

/// The sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartsView {
    /// Whether it is open.
    pub open: bool,
    /// What is still to be done, in words.
    pub left: Option<String>,
    /// One for each trace.
    pub charts: Vec<ChartView>,
    /// The hit rates of both TLBs over the run.
    pub rates: Option<ChartView>,
    /// Figures of two branches that were compared.
    pub compared: Option<BarsView>,
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
    /// Its lines: name, class, points of an SVG polyline.
    pub lines: Vec<(&'static str, &'static str, String)>,
    /// Marks of what runs here: owner, x, y, and a sentence.
    pub marks: Vec<(Owner, String, String, String)>,
    /// Marks on the axes: whether below, where, and the number.
    pub ticks: Vec<(bool, String, String)>,
    /// What the columns of the table are.
    pub heads: &'static [&'static str],
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// Where things lie.
struct Scale {
    frames: f64,
    loads: f64,
}

impl Scale {
    fn of(chart: &Chart) -> Scale {
        let points = chart.points.iter();
        let loads = points.map(|it| it.lru.max(it.fifo));
        let runs = chart.runs.iter();
        let loads = loads.chain(runs.map(|(_, _, _, loads)| *loads)).max();
        let frames = chart.points.last().map_or(1, |it| it.frames);
        Scale {
            frames: f64::from(frames.max(1)),
            loads: loads.unwrap_or(1).max(1) as f64,
        }
    }

    fn x(&self, frames: u32) -> String {
        let room = f64::from(WIDTH - LEFT - RIGHT);
        decimal(f64::from(LEFT) + f64::from(frames) / self.frames * room, 1)
    }

    fn y(&self, loads: u64) -> String {
        let room = f64::from(HEIGHT - TOP - BOTTOM);
        let below = f64::from(HEIGHT - BOTTOM);
        decimal(below - loads as f64 / self.loads * room, 1)
    }
}

pub(super) fn select(playground: &Playground) -> ChartsView {
    let charts = &playground.charts;
    let left = match charts.left() {
        0 => None,
        left => Some(format!("{left} sizes of memory are still to be done.")),
    };
    ChartsView {
        open: charts.open,
        left,
        charts: charts.charts.iter().map(one).collect(),
        rates: charts.open.then(|| rates::of(playground)).flatten(),
        compared: compared(playground).filter(|_| charts.open),
    }
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
    let lines = LINES.iter().enumerate().map(|(line, (name, class, _))| {
        let mut points = String::new();
        for point in &chart.points {
            let (x, y) = (scale.x(point.frames), scale.y(loads_of(line, point)));
            let _ = write!(points, "{x},{y} "); // writing to a text never fails
        }
        (*name, *class, points)
    });
    let marks = chart.runs.iter().map(|(env, policy, frames, loads)| {
        let owner = Owner { env: *env };
        let words = format!(
            "{}, {policy}: {} page loads with {frames} frames",
            owner.letter(),
            grouped(*loads)
        );
        let (x, y) = (scale.x(*frames), scale.y(*loads));
        (owner, x, y, words)
    });
    let row = |it: &CurvePoint| {
        let row = [u64::from(it.frames), it.lru, it.fifo, it.best];
        row.map(grouped).to_vec()
    };
    ChartView {
        title: title(chart),
        lines: lines.collect(),
        marks: marks.collect(),
        ticks: ticks(&scale),
        heads: &["frames", "LRU", "FIFO", "the best there is"],
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
    let parts = [0.0, 0.25, 0.5, 0.75, 1.0];
    let below = parts.map(|part| {
        let frames = (scale.frames * part).round() as u32;
        (true, scale.x(frames), grouped(frames.into()))
    });
    let beside = parts.map(|part| {
        let loads = (scale.loads * part).round() as u64;
        (false, scale.y(loads), grouped(loads))
    });
    below.into_iter().chain(beside).collect()
}

/// The chart as a picture of its own: SVG, black on white, lines told apart by their dashes.
pub fn picture(chart: &Chart) -> String {
    let view = one(chart);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {}\" width=\"{WIDTH}\" height=\"{}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        HEIGHT + 40,
        HEIGHT + 40,
        plain(&view.title)
    );
    for (below, at, number) in &view.ticks {
        svg += &if *below {
            format!(
                "<text x=\"{at}\" y=\"{}\" text-anchor=\"middle\">{number}</text>\n",
                HEIGHT - 16
            )
        } else {
            format!(
                "<text x=\"{}\" y=\"{at}\" text-anchor=\"end\">{number}</text>\n",
                LEFT - 6
            )
        };
    }
    svg += &format!(
        "<path d=\"M{LEFT} {TOP}V{}H{}\" fill=\"none\" stroke=\"#14181a\"/>\n",
        HEIGHT - BOTTOM,
        WIDTH - RIGHT
    );
    for (index, ((name, _, points), (_, _, dashes))) in view.lines.iter().zip(LINES).enumerate() {
        let x = LEFT + 150 * index as u32;
        let y = HEIGHT + 24;
        svg += &format!(
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"#14181a\" stroke-width=\"1.5\" stroke-dasharray=\"{dashes}\"/>\n\
             <path d=\"M{x} {}h24\" stroke=\"#14181a\" stroke-width=\"1.5\" stroke-dasharray=\"{dashes}\"/>\
             <text x=\"{}\" y=\"{y}\">{name}</text>\n",
            y - 4,
            x + 30
        );
    }
    for (owner, x, y, words) in &view.marks {
        svg += &format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"7\" fill=\"#ffffff\" stroke=\"#14181a\"><title>{}</title></circle>\
             <text x=\"{x}\" y=\"{y}\" dy=\"4\" text-anchor=\"middle\">{}</text>\n",
            plain(words),
            owner.letter()
        );
    }
    svg + &format!(
        "<text x=\"{LEFT}\" y=\"{}\">{}</text>\n</svg>\n",
        HEIGHT + 6,
        plain(&view.title)
    )
}

/// A text within XML.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, BranchAction, ChartsAction, Playground, Target};
    use crate::view::View;
    use crate::view::tests::playground;

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
        let [chart] = view.charts.charts.as_slice() else {
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
        assert!(charts.compared.is_none() && charts.charts[0].marks.len() == 2);
        settled(&mut playground, Action::Branch(BranchAction::Compare(0)));
        settled(&mut playground, show);
        let charts = View::of(&playground).charts;
        let words = charts.charts[0].marks.iter().map(|it| &*it.3);
        let words: Vec<&str> = words.filter(|it| it.starts_with("A, branch ")).collect();
        assert!(
            words[0].contains("branch 1") && words[0].ends_with("with 5 frames"),
            "{words:?}"
        );
        assert!(
            words[1].contains("branch 0") && words[1].ends_with("with 9 frames"),
            "{words:?}"
        );
        let bars = charts.compared.clone().unwrap();
        assert_eq!(bars.title, "Branch 1 and branch 0");
        let (name, [one, other]) = &bars.bars[0];
        assert_eq!((&**name, &*one.1), ("A, page loads", "100.00%"));
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
            View::of(&playground).charts.rates.is_none(),
            "nothing has run"
        );
        playground.update(Action::Charts(ChartsAction::Show(false)));
        playground.update(Action::GoTo(Target::End));
        while playground.work(0.0) {}
        playground.update(Action::Charts(ChartsAction::Show(true)));
        let rates = View::of(&playground).charts.rates.clone().unwrap();
        assert_eq!((rates.lines.len(), rates.heads.len()), (2, 3));
        let environments = &playground.session().machine().kernel().environments;
        let sum = |of: fn(&exo_core::kernel::Counters) -> u64| {
            environments.iter().map(|it| of(&it.counters)).sum::<u64>() as f64
        };
        let all = 100.0 * (1.0 - sum(|it| it.tlb_misses) / sum(|it| it.references));
        let told = rates
            .rows
            .iter()
            .map(|it| it[1].trim_end_matches(" %").parse::<f64>());
        let told: Vec<f64> = told.map(Result::unwrap).collect();
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
    fn a_chart_is_written_as_a_picture_with_its_title() {
        let mut playground = playground();
        playground.update(Action::Charts(ChartsAction::Show(true)));
        while playground.work(0.0) {}
        playground.update(Action::Charts(ChartsAction::Svg(0)));
        let file = View::of(&playground).exported.unwrap();
        assert_eq!(file.name, "exokernel-loads-eight-pages.svg");
        assert!(file.text().starts_with("<svg ") && file.text().contains("first 600 references"));
        assert_eq!(file.text().matches("<polyline").count(), 3);
    }
}
