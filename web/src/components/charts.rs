//! The sheet of charts: page loads against frames, each with its table.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html, use_node_ref};

use super::act::act;
use crate::driver::use_modal;
use crate::store::{Action, ChartsAction};
use crate::view::{CHART_SIZE, ChartView, ChartsView};

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
                <p>{ "What each trace costs with any number of frames, under the textbook’s policies; and where those stand that run here." }</p>
                <p role="status" id="charts-left">{ view.left.clone().unwrap_or_default() }</p>
                if view.charts.is_empty() {
                    <p>{ "Nothing here runs a trace: a program’s references are not known before it runs." }</p>
                }
                { for view.charts.iter().enumerate().map(|(index, chart)| one(index, chart, on)) }
                <footer><button class="btn" onclick={closed}>{ "Close" }</button></footer>
            </div>
        </dialog>
    }
}

fn one(index: usize, chart: &ChartView, on: &Callback<Action>) -> Html {
    let (width, height) = CHART_SIZE;
    let row = |row: &[String; 4]| html! { <tr><th scope="row">{ &row[0] }</th><td>{ &row[1] }</td><td>{ &row[2] }</td><td>{ &row[3] }</td></tr> };
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
            <p>
                <button class="btn sm" onclick={act(on, Action::Charts(ChartsAction::Svg(index)))}>{ "Save as SVG" }</button>{ " " }
                <button class="btn sm" onclick={act(on, Action::Charts(ChartsAction::Png(index)))}>{ "Save as PNG" }</button>
            </p>
            <details>
                <summary>{ "As a table" }</summary>
                <table class="figures">
                    <caption class="sr">{ &chart.title }</caption>
                    <thead><tr><th scope="col">{ "frames" }</th><th scope="col">{ "LRU" }</th><th scope="col">{ "FIFO" }</th><th scope="col">{ "the best there is" }</th></tr></thead>
                    <tbody>{ for chart.rows.iter().map(row) }</tbody>
                </table>
            </details>
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
