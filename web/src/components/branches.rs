//! The sheet of branches: the futures that were left, and how two of them compare.

use std::rc::Rc;

use exo_session::metrics::Pair;
use yew::{Callback, Hook, HookContext, Html, hook, html};

use super::act::act;
use super::part::Part;
use super::sheets::use_sheet;
use crate::store::{Action, BranchAction, Compared, Target};
use crate::view::words::{grouped, letter};
use crate::view::{BranchRow, BranchesView};

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct BranchesSheet {
    /// The branches.
    pub view: Rc<BranchesView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The sheet.
#[hook]
fn use_branches_sheet(props: &BranchesSheet) -> Html {
    let (view, on) = (&props.view, &props.on);
    let body = html! {
        <>
            <p>{ "A change in the past begins another future. The one that was left is kept here: run it again, or compare it with the one that runs." }</p>
            <p class="running"><strong>{ format!("Branch {} runs", view.running) }</strong>{ format!(": {}.", view.words) }</p>
            <ul class="left">{ for view.rows.iter().map(|it| row(it, view.comparing.is_some(), on)) }</ul>
            { progress(view, on) }
            if let Some(compared) = view.compared.as_ref().filter(|_| view.comparing.is_none()) {
                { result(compared, view.running, on) }
            }
        </>
    };
    let close = Action::Branch(BranchAction::Show(false));
    use_sheet("branches", "Branches", view.open, close, on, body)
}

impl Part for BranchesSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_branches_sheet(self).run(context)
    }
}

fn row(row: &BranchRow, busy: bool, on: &Callback<Action>) -> Html {
    let number = row.number;
    let run = act(on, Action::Branch(BranchAction::Run(number)));
    let compare = act(on, Action::Branch(BranchAction::Compare(number)));
    html! {
        <li>
            <span>{ format!("Branch {number}: {}.", row.words) }</span>
            <button class="btn sm" aria-label={format!("Run it: branch {number}")} onclick={run}>{ "Run it" }</button>
            <button class="btn sm" disabled={busy} aria-label={format!("Compare with branch {number}")} onclick={compare}>{ "Compare" }</button>
        </li>
    }
}

fn progress(view: &BranchesView, on: &Callback<Action>) -> Html {
    let words = view.comparing.clone().unwrap_or_default();
    html! {
        <p role="status">
            { words }
            if view.comparing.is_some() {
                { " " }<button class="btn sm" onclick={act(on, Action::Cancel)}>{ "Stop here" }</button>
            }
        </p>
    }
}

/// Where two part, and what both came to.
fn result(compared: &Rc<Compared>, running: u32, on: &Callback<Action>) -> Html {
    let [one, other] = compared.numbers;
    let parting = compared.parting.iter().flatten().zip(compared.numbers);
    let side = |(told, number): (&Option<(u64, String)>, u32)| {
        let Some((step, text)) = told else {
            return html! { <li>{ format!("Branch {number} is at its end.") }</li> };
        };
        let go = {
            let (on, step) = (on.clone(), *step);
            move |_| {
                on.emit(Action::Branch(BranchAction::Show(false)));
                on.emit(Action::GoTo(Target::Step(step)));
            }
        };
        html! {
            <li>
                { format!("Branch {number}, ") }
                if number == running {
                    <button class="linkbtn" onclick={go}>{ format!("step {}", grouped(*step)) }</button>
                } else {
                    { format!("step {}", grouped(*step)) }
                }
                { format!(": {text}") }
            </li>
        }
    };
    let so_far = compared.steps.map(grouped);
    html! {
        <>
            <h3>{ format!("Branch {one} and branch {other}") }</h3>
            if !compared.complete {
                <p>{ format!("Stopped at step {} of branch {one}, and step {} of branch {other}: what follows is true up to there.", so_far[0], so_far[1]) }</p>
            }
            <p>{ &compared.words }</p>
            <ul>{ for parting.map(side) }</ul>
            { for compared.choices.iter().map(|it| html! { <p>{ it }</p> }) }
            { for compared.figures.iter().map(|(env, pairs)| figures(&letter(env.index()), pairs, compared.numbers)) }
            <p>{ "How hit rate, upcalls and cycles of both went over the run is drawn in Charts…, under Environments." }</p>
        </>
    }
}

fn figures(owner: &str, pairs: &[Pair], numbers: [u32; 2]) -> Html {
    let line = |pair: &Pair| {
        let [one, other] = pair.values.map(grouped);
        html! {
            <tr class={if pair.reference { "ref" } else { "" }}>
                <th scope="row">{ pair.name }</th><td>{ one }</td><td>{ other }</td><td>{ pair.change() }</td>
            </tr>
        }
    };
    html! {
        <table class="figures">
            <caption>{ format!("Environment {owner}") }</caption>
            <thead><tr><td></td>
                { for numbers.map(|number| html! { <th scope="col">{ format!("branch {number}") }</th> }) }
                <th scope="col">{ format!("change from {} to {}", numbers[0], numbers[1]) }</th></tr></thead>
            <tbody>{ for pairs.iter().map(line) }</tbody>
        </table>
    }
}
