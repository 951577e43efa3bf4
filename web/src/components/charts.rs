//! The sheet of charts: page loads against frames, each with its table.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html, use_node_ref};

use super::act::act;
use crate::driver::use_modal;
use crate::store::{Action, ChartsAction};
use crate::view::{BarsView, CHART_SIZE, ChartView, ChartsView};

/// What the sheet shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct ChartsSheetProps {
    /// The charts.
    pub view: Rc<ChartsView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The sheet.
#[component]
pub fn ChartsSheet(props: &ChartsSheetProps) -> Html {
    let (view, on) = (&props.view, &props.on);
    let dialog = use_node_ref();
    use_modal(&dialog, view.open);
    let close = Action::Charts(ChartsAction::Show(false));
    let closed = act(on, close.clone());
    html! {
        <dialog class="sheet charts" ref={dialog} aria-labelledby="h-charts" onclose={on.reform(move |_| close.clone())}>
            <div class="body">
                <h2 id="h-charts">{ "Page loads against frames" }</h2>
                <p>{ "What each trace costs with any number of frames, under the textbook’s policies; and where those stand that run here, and two branches that were compared." }</p>
                <p role="status" id="charts-left">{ view.left.clone().unwrap_or_default() }</p>
                if view.charts.is_empty() {
                    <p>{ "Nothing here runs a trace: a program’s references are not known before it runs." }</p>
                }
                { for view.charts.iter().enumerate().map(|(index, chart)| one(Some(index), chart, on)) }
                { for view.rates.iter().map(|chart| one(None, chart, on)) }
                { for view.compared.iter().map(bars) }
                <footer><button class="btn" onclick={closed}>{ "Close" }</button></footer>
            </div>
        </dialog>
    }
}

/// A chart with its table; one that has an index can be saved.
fn one(index: Option<usize>, chart: &ChartView, on: &Callback<Action>) -> Html {
    let (width, height) = CHART_SIZE;
    let row = |row: &Vec<String>| html! { <tr>{ for row.iter().enumerate().map(cell) }</tr> };
    html! {
        <section class="chart" aria-label={chart.title.clone()}>
            <h3>{ &chart.title }</h3>
            <svg viewBox={format!("0 0 {width} {height}")} aria-hidden="true">
                { for chart.ticks.iter().map(tick) }
                <path class="axis" d={format!("M64 10V{}H{}", height - 34, width - 12)} />
                { for chart.lines.iter().map(|(_, class, points)| html! { <polyline class={*class} points={points.clone()} /> }) }
                { for chart.marks.iter().map(|(owner, x, y, _)| html! {
                    <g><circle class={format!("at at-{}", owner.hue())} cx={x.clone()} cy={y.clone()} r="8" /><text class="who" x={x.clone()} y={y.clone()} dy="4">{ owner.letter() }</text></g>
                }) }
            </svg>
            <ul class="key">
                { for chart.lines.iter().map(|(name, class, _)| html! { <li><svg viewBox="0 0 28 8" aria-hidden="true"><path class={*class} d="M0 4H28" /></svg>{ *name }</li> }) }
                { for chart.marks.iter().map(|(.., words)| html! { <li>{ words }</li> }) }
            </ul>
            if let Some(index) = index {
                <p>
                    <button class="btn sm" onclick={act(on, Action::Charts(ChartsAction::Svg(index)))}>{ "Save as SVG" }</button>{ " " }
                    <button class="btn sm" onclick={act(on, Action::Charts(ChartsAction::Png(index)))}>{ "Save as PNG" }</button>
                </p>
            }
            <details>
                <summary>{ "As a table" }</summary>
                <table class="figures">
                    <caption class="sr">{ &chart.title }</caption>
                    <thead><tr>{ for chart.heads.iter().map(|it| html! { <th scope="col">{ *it }</th> }) }</tr></thead>
                    <tbody>{ for chart.rows.iter().map(row) }</tbody>
                </table>
            </details>
        </section>
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
