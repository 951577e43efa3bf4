//! The sheet that runs what runs here under other kernels.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::{Callback, Event, Hook, HookContext, Html, TargetCast, hook, html};

use super::act::act;
use super::charts::drawn;
use super::cycle_bar::{cycle_bar, cycle_key};
use super::part::Part;
use super::sheets::use_sheet;
use crate::store::{Action, KernelsAction};
use crate::view::{ChartView, KERNEL_COLUMNS, KernelRow, KernelsView, ParameterRow};

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct KernelsSheet {
    /// The comparison.
    pub view: Rc<KernelsView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The sheet.
#[hook]
fn use_kernels_sheet(props: &KernelsSheet) -> Html {
    let (view, on) = (&props.view, &props.on);
    let body = html! {
        <>
            <p>{ "From reset to the end, under the policies and limits of this step, on the same hardware. The monolithic kernel with a CLOCK of its own leaves the policies no say; the others run them in a libOS, a pager or a signal handler." }</p>
            <p>{ format!("{}.", view.what) }</p>
            { progress(view, on) }
            if !view.rows.is_empty() {
                { table(view) }
                { for view.charts.iter().enumerate().map(|it| chart(it, on)) }
            }
            { parameters(view, on) }
        </>
    };
    let close = Action::Kernels(KernelsAction::Show(false));
    use_sheet(
        "kernels",
        "The same run under other kernels",
        view.open,
        close,
        on,
        body,
    )
}

impl Part for KernelsSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_kernels_sheet(self).run(context)
    }
}

fn progress(view: &KernelsView, on: &Callback<Action>) -> Html {
    html! {
        <>
            <p role="status">
                { view.comparing.clone().unwrap_or_default() }
                if view.comparing.is_some() {
                    { " " }<button class="btn sm" onclick={act(on, Action::Cancel)}>{ "Stop here" }</button>
                }
            </p>
            if let Some(problem) = &view.problem {
                <p class="bad" role="alert">{ problem }</p>
            }
        </>
    }
}

fn table(view: &KernelsView) -> Html {
    html! {
        <>
            { cycle_key() }
            <div class="wide" tabindex="0" role="region" aria-label="Figures of each kernel">
                <table class="figures">
                    <thead><tr>
                        <th scope="col">{ "kernel" }</th>
                        <th scope="col">{ "cycles by who spent them" }</th>
                        { for KERNEL_COLUMNS.iter().map(|(name, title)| html! { <th scope="col" title={*title}>{ name }</th> }) }
                    </tr></thead>
                    <tbody>{ for view.rows.iter().map(|it| row(it, view.scale)) }</tbody>
                </table>
            </div>
        </>
    }
}

/// A chart of the table, which stands above it.
fn chart(chart: (usize, &ChartView), on: &Callback<Action>) -> Html {
    let save = |index, file| Action::Kernels(KernelsAction::Save(index, file));
    drawn(chart, save, on, html! {})
}

fn row(row: &KernelRow, scale: u64) -> Html {
    html! {
        <tr>
            <th scope="row">
                { row.title }
                if let Some(why) = &row.given_up { <span class="bad">{ format!(" given up: {why}") }</span> }
            </th>
            <td>{ cycle_bar(None, row.cycles, scale, (180, 12)) }</td>
            { for row.cells.iter().map(|cell| html! { <td>{ cell }</td> }) }
        </tr>
    }
}

fn parameters(view: &KernelsView, on: &Callback<Action>) -> Html {
    html! {
        <details>
            <summary>{ "What the paths of the comparison kernels cost, and where that comes from" }</summary>
            <p>{ "In cycles. P: published; S: read in a secondary source; D: computed from published figures; M: from memory, unverified." }</p>
            <div class="wide" tabindex="0" role="region" aria-label="Parameters">
                <table class="parameters">
                    <thead><tr>
                        <th scope="col">{ "parameter" }</th><th scope="col">{ "cycles" }</th><th scope="col">{ "mark" }</th><th scope="col">{ "what it is, and its source" }</th>
                    </tr></thead>
                    <tbody>{ for view.parameters.iter().map(|it| parameter(it, on)) }</tbody>
                </table>
            </div>
            <p><button class="btn sm" disabled={view.usual} onclick={act(on, Action::Kernels(KernelsAction::UsualParameters))}>{ "All as usual" }</button></p>
        </details>
    }
}

fn parameter(row: &ParameterRow, on: &Callback<Action>) -> Html {
    let it = row.parameter;
    let changed = on.reform(move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        Action::Kernels(KernelsAction::SetParameter(it, input.value()))
    });
    html! {
        <tr>
            <th scope="row"><code>{ it.name }</code><span class="dim">{ format!(" {}", it.kernel) }</span></th>
            <td><input type="number" min="0" max="1000000" value={row.value.to_string()} aria-label={format!("{} in cycles", it.name)} onchange={changed} /></td>
            <td>{ it.mark.letter() }</td>
            <td>{ it.meaning }<span class="dim">{ format!(" {}", it.source) }</span></td>
        </tr>
    }
}
