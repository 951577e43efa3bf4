//! The event log: what led here, the newest at the bottom.

use std::rc::Rc;

use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, MouseEvent, classes, hook, html, use_node_ref,
};

use super::act::pointed;
use super::icon::{named_mark, owner_tag};
use super::part::{Part, keyed_part};
use super::sheets::sheet_button;
use crate::driver::{focus_next, use_height, use_reveal_current};
use crate::store::{Action, Target};
use crate::view::LogRow;

/// Pixels of a row, about: how many rows are seen at once follows from it.
const ROW_HEIGHT: u32 = 21;
/// Rows that are there however low the log is.
const ROWS_MIN: usize = 20;

/// What the log shows.
#[derive(PartialEq)]
pub struct Log {
    /// Its rows, oldest first.
    pub rows: Rc<Vec<LogRow>>,
    /// Takes actions.
    pub on: Callback<Action>,
    /// Whether a fast run goes on: then single events are not recorded.
    pub fast: bool,
}

/// The event log.
#[hook]
fn use_log(props: &Log) -> Html {
    let pane = use_node_ref();
    // As many again as are seen: each row that is there costs, whenever the log moves on.
    let seen = (use_height(&pane) / ROW_HEIGHT) as usize;
    let rows = last(&props.rows, (2 * seen).max(ROWS_MIN));
    use_reveal_current(&pane, rows.last().map(|row| row.number));
    let onclick = {
        let on = props.on.clone();
        move |event: MouseEvent| {
            if let Some(step) = pointed(&event, "data-go") {
                on.emit(Action::GoTo(Target::Step(step)));
            } else if let Some(step) = pointed(&event, "data-look") {
                on.emit(Action::LookAtStep(step));
            }
        }
    };
    let onkeydown = {
        let pane = pane.clone();
        move |event: KeyboardEvent| focus_next(&pane, "[data-look]", &event)
    };
    let note = if props.fast {
        "recorded again when the run pauses"
    } else {
        "hits folded"
    };
    html! {
        <section class="logpane rule" aria-labelledby="h-log">
            <div class="ph"><h2 id="h-log">{ "Events" }</h2><span class="note">{ note }</span>
                <span class="right">{ sheet_button("All events…", &props.on) }</span></div>
            if rows.is_empty() {
                <p class="empty">{ "None yet." }</p>
            }
            <div class="logscroll" ref={pane} tabindex="0" aria-label="The last events: up and down choose a row, Enter looks at what it touched" role="region" {onclick} {onkeydown}>
                <table class="log">
                    <caption class="sr">{ "Step, environment, kind, event, cycles since the event before, whoever ran" }</caption>
                    <colgroup><col class="s" /><col class="e" /><col class="w" /><col /><col class="y" /></colgroup>
                    <tbody>{ for rows.iter().map(|row| html! { { keyed_part(row.number, Row { row: row.clone() }) } }) }</tbody>
                </table>
            </div>
        </section>
    }
}

impl Part for Log {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_log(self).run(context)
    }
}

/// The last rows, so many of them.
fn last(rows: &[LogRow], count: usize) -> &[LogRow] {
    rows.split_at(rows.len().saturating_sub(count)).1
}

#[derive(PartialEq, Eq)]
struct Row {
    row: LogRow,
}

fn row(props: &Row) -> Html {
    let row = &props.row;
    let (icon, kind) = row.mark;
    html! {
        <tr class={classes!(row.now.then_some("now"), row.bad.then_some("bad"), row.looked.then_some("looked"))} aria-current={row.now.then_some("step")}>
            <td class="s"><button tabindex="-1" data-go={row.number.to_string()} title="Go to this step">{ &row.step }</button></td>
            <td class="e">{ owner_tag(row.owner) }</td>
            <td class="w">{ named_mark(icon, kind) }</td>
            <td class="t" title={row.text.clone()}><button tabindex="-1" data-look={row.number.to_string()} aria-pressed={row.chosen.to_string()}>{ &row.text }if row.looked { <span class="sr">{ ", belongs to what is chosen" }</span> }</button></td>
            <td class="y">{ row.cycles.as_deref().unwrap_or_default() }</td>
        </tr>
    }
}

impl Part for Row {
    fn draw(&self, _: &mut HookContext) -> Html {
        row(self)
    }
}
