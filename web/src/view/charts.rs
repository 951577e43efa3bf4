//! Page loads against frames, as lines within a picture, and as a table.

use std::fmt::Write;

use exo_session::curves::CurvePoint;

use crate::store::{Chart, Playground};
use crate::view::memory::Owner;
use crate::view::words::{decimal, grouped};

/// The picture's size, and the room around its lines.
pub const WIDTH: u32 = 640;
/// Its height.
pub const HEIGHT: u32 = 300;
const LEFT: u32 = 64;
const RIGHT: u32 = 12;
const TOP: u32 = 10;
const BOTTOM: u32 = 34;
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
    /// Frames, LRU, FIFO, best.
    pub rows: Vec<[String; 4]>,
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
            "{}, {policy}: {} page loads so far with {frames} frames",
            owner.letter(),
            grouped(*loads)
        );
        let (x, y) = (scale.x(*frames), scale.y(*loads));
        (owner, x, y, words)
    });
    let row = |it: &CurvePoint| [u64::from(it.frames), it.lru, it.fifo, it.best].map(grouped);
    ChartView {
        title: title(chart),
        lines: lines.collect(),
        marks: marks.collect(),
        ticks: ticks(&scale),
        rows: chart.points.iter().map(row).collect(),
    }
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
    use crate::store::{Action, ChartsAction};
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
    fn a_chart_is_written_as_a_picture_with_its_title() {
        let mut playground = playground();
        playground.update(Action::Charts(ChartsAction::Show(true)));
        while playground.work(0.0) {}
        playground.update(Action::Charts(ChartsAction::Svg(0)));
        let file = View::of(&playground).exported.unwrap();
        assert_eq!(file.name, "exokernel-loads-eight-pages.svg");
        assert!(file.text.starts_with("<svg ") && file.text.contains("first 600 references"));
        assert_eq!(file.text.matches("<polyline").count(), 3);
    }
}
