//! The sheet of charts, each with its table: page loads against frames, and round trips of a datagram.

use std::rc::Rc;

use yew::{Callback, Hook, HookContext, Html, hook, html};

use super::act::act;
use super::part::Part;
use super::sheets::use_sheet;
use crate::store::{Action, ChartFile, ChartsAction};
use crate::view::{
    BarsView, CHART_SIZE, ChartView, ChartsView, LineView, Owner, TripsView, hatch_path,
};

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct ChartsSheet {
    /// The charts.
    pub view: Rc<ChartsView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// What a chart can be saved as.
const FILES: [(&str, ChartFile); 3] = [
    ("Save as SVG", ChartFile::Svg),
    ("Save as PNG", ChartFile::Png),
    ("Save as CSV", ChartFile::Csv),
];

/// The sheet.
#[hook]
fn use_charts_sheet(props: &ChartsSheet) -> Html {
    let (view, on) = (&props.view, &props.on);
    let body = html! {
        <>
            <p>{ "What each trace costs with any number of frames, under the textbook’s policies; and where those stand that run here. Then how this run went, and two branches if they were compared." }</p>
            <p role="status" id="charts-left">{ view.left.clone().unwrap_or_default() }</p>
            if view.charts.is_empty() {
                <p>{ "Nothing here runs a trace: a program’s references are not known before it runs." }</p>
            }
            { for view.charts.iter().enumerate().map(|(index, chart)| one(index, chart, on)) }
            { for view.compared.iter().map(bars) }
            { trips(&view.trips, view.charts.len(), on) }
        </>
    };
    let close = Action::Charts(ChartsAction::Show(false));
    use_sheet(
        "charts",
        "Page loads against frames",
        view.open,
        close,
        on,
        body,
    )
}

impl Part for ChartsSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_charts_sheet(self).run(context)
    }
}

/// Round trips of a datagram: the place of their chart is behind the others.
fn trips(view: &TripsView, index: usize, on: &Callback<Action>) -> Html {
    let button = |(name, sets_out): (&'static str, bool)| {
        let action = Action::Charts(ChartsAction::Measure(sets_out));
        html! { <button class="btn sm" onclick={act(on, action)}>{ name }</button> }
    };
    html! {
        <>
            <h2>{ "Round trips against active processes" }</h2>
            <p>{ "A datagram goes from the other end of the wire to a library and back, while others want the processor too. A handler in the kernel answers, or a library that gets the processor at once, or one that waits for its turn. How long each of the others computes is chosen for the published slope; where the lines begin, and which are flat, is not. Each point is a run of a machine of its own; yours stays as it is." }</p>
            <p><span role="status" id="trips-words">{ &view.words }</span>{ " " }{ for view.act.map(button) }</p>
            { for view.chart.iter().map(|chart| one(index, chart, on)) }
        </>
    }
}

/// A chart with its table.
fn one(index: usize, chart: &ChartView, on: &Callback<Action>) -> Html {
    let save = |index, file| Action::Charts(ChartsAction::Save(index, file));
    drawn((index, chart), save, on, table(chart))
}

/// A chart with its files and what stands below it.
pub(super) fn drawn(
    (index, chart): (usize, &ChartView),
    save: fn(usize, ChartFile) -> Action,
    on: &Callback<Action>,
    below: Html,
) -> Html {
    let (width, height) = CHART_SIZE;
    let save = |(name, file): &(&'static str, ChartFile)| html! { <><button class="btn sm" onclick={act(on, save(index, *file))}>{ *name }</button>{ " " }</> };
    html! {
        <section class="chart" aria-label={chart.title.clone()}>
            <h3>{ &chart.title }</h3>
            <svg viewBox={format!("0 0 {width} {height}")} aria-hidden="true">
                { for chart.ticks.iter().map(tick) }
                <path class="axis" d={format!("M64 10V{}H{}", height - 34, width - 12)} />
                { for chart.lines.iter().map(|line| html! { <><path class="line" d={line.path.clone()} stroke-dasharray={line.pen.1} /><path class="shape" d={line.shapes.clone()} /></> }) }
                { for chart.marks.iter().map(|(owner, x, y, _)| html! {
                    <g><circle class={format!("at at-{}", owner.hue())} cx={x.clone()} cy={y.clone()} r="8" />{ hatch(*owner, x, y) }<text class="who" x={x.clone()} y={y.clone()} dy="4">{ owner.letter() }</text></g>
                }) }
            </svg>
            <ul class="key">
                { for chart.lines.iter().map(key) }
                { for chart.marks.iter().map(|(.., words)| words).chain(&chart.others).map(|words| html! { <li>{ words }</li> }) }
            </ul>
            if !chart.note.is_empty() {
                <p class="dim">{ chart.note }</p>
            }
            <p>{ for FILES.iter().map(save) }</p>
            { below }
        </section>
    }
}

/// A chart's table.
fn table(chart: &ChartView) -> Html {
    let row = |row: &Vec<String>| html! { <tr>{ for row.iter().enumerate().map(cell) }</tr> };
    html! {
        <details>
            <summary>{ "As a table" }</summary>
            <table class="figures">
                <caption class="sr">{ &chart.title }</caption>
                <thead><tr>{ for chart.heads.iter().map(|it| html! { <th scope="col">{ it }</th> }) }</tr></thead>
                <tbody>{ for chart.rows.iter().map(row) }</tbody>
            </table>
        </details>
    }
}

/// The hatch of a mark's owner, if others have its hue: at the mark's corner.
fn hatch(owner: Owner, x: &str, y: &str) -> Html {
    let d = hatch_path(owner.env);
    let d = d.map(|it| html! { <path class="hatch" d={it} transform={format!("translate({x} {y}) scale(3) translate(2 -4)")} /> });
    d.unwrap_or_default()
}

/// A line's name beside a stretch of it.
fn key(line: &LineView) -> Html {
    let (name, (_, dashes, shape)) = (&line.name, line.pen);
    html! {
        <li>
            <svg viewBox="0 0 28 16" aria-hidden="true">
                if let Some(dashes) = dashes {
                    <path d="M0 8H28" stroke-dasharray={dashes} />
                }
                <path d={format!("M14 8{shape}")} />
            </svg>
            { name }
        </li>
    }
}

/// A cell of a table: the first of a row is its head.
fn cell((column, text): (usize, &String)) -> Html {
    match column {
        0 => html! { <th scope="row">{ text }</th> },
        _ => html! { <td>{ text }</td> },
    }
}

/// Figures of two runs: the first as a full bar, the second as an open one.
fn bars(view: &BarsView) -> Html {
    let one = |(name, [one, other]): &(String, [(String, String); 2])| {
        html! {
            <li>
                <span>{ format!("{name}: {} and {}", one.0, other.0) }</span>
                <svg width="100%" height="21" aria-hidden="true">
                    <rect class="bar-one" width={one.1.clone()} height="9" /><rect class="bar-other" y="11" width={other.1.clone()} height="9" />
                </svg>
            </li>
        }
    };
    html! {
        <section class="chart" aria-label={view.title.clone()}>
            <h3>{ &view.title }</h3>
            <p>{ "The first as a full bar, the second as an open one; their figures side by side are in Branches." }</p>
            <ul class="bars">{ for view.bars.iter().map(one) }</ul>
        </section>
    }
}

fn tick((below, at, number): &(bool, String, String)) -> Html {
    let (_, height) = CHART_SIZE;
    if *below {
        html! { <text class="tick mid" x={at.clone()} y={(height - 16).to_string()}>{ number }</text> }
    } else {
        html! { <text class="tick end" x="58" y={at.clone()} dy="4">{ number }</text> }
    }
}
