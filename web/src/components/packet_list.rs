//! The list of packets: only the rows near those in sight are on the page.

use std::rc::Rc;

use yew::{Callback, Html, KeyboardEvent, Properties, classes, component, html, use_node_ref};

use super::act::act;
use super::packets::{claim, passed};
use crate::driver::{ROW_HEIGHT, use_rows};
use crate::store::{Action, PacketsAction};
use crate::view::{PacketRow, PacketsView};

/// What the list shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct PacketListProps {
    /// The packets.
    pub view: Rc<PacketsView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Rows that a page key moves by.
const PAGE: usize = 20;

/// The list: one tab stop; arrow keys choose the packet.
#[component]
pub fn PacketList(props: &PacketListProps) -> Html {
    let (view, on) = (&props.view, &props.on);
    let pane = use_node_ref();
    let on_first = on.reform(|row| Action::Packets(PacketsAction::From(row)));
    let onscroll = use_rows(&pane, view.total, view.selected, on_first);
    let rows = view.machine.as_ref().map(|it| &it.rows);
    let step = rows.and_then(|rows| rows.iter().find(|it| it.index == view.selected));
    let step = step.map(|it| it.step);
    let onkeydown = {
        let (on, at, last) = (on.clone(), view.selected, view.total.saturating_sub(1));
        move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowUp" => at.saturating_sub(1),
                "ArrowDown" => at + 1,
                "PageUp" => at.saturating_sub(PAGE),
                "PageDown" => at + PAGE,
                "Home" => 0,
                "End" => last,
                "Enter" => match step {
                    Some(step) => return on.emit(passed::go(step)),
                    None => return,
                },
                _ => return,
            };
            event.prevent_default();
            on.emit(Action::Packets(PacketsAction::Select(to)));
        }
    };
    let first = match rows {
        Some(rows) => rows.first().map_or(0, |it| it.index),
        None => view.rows.first().map_or(0, |it| it.index),
    };
    let end = first + rows.map_or(view.rows.len(), Vec::len);
    let (label, columns) = match rows {
        Some(_) => (
            "Packets: arrow keys choose one, Enter goes to its step",
            passed::COLUMNS,
        ),
        None => ("Packets: arrow keys choose one", COLUMNS),
    };
    let drawn = (first..end).contains(&view.selected);
    html! {
        <div class="rows" ref={pane} {onscroll}>
            <table role="grid" class={classes!(rows.map(|_| "passed"))} aria-label={label} tabindex="0" aria-rowcount={(view.total + 1).to_string()}
                aria-activedescendant={drawn.then(|| format!("packet-{}", view.selected))} {onkeydown}>
                { if rows.is_some() { passed::head() } else { head() } }
                <tbody>
                    { space(first, columns) }
                    { for rows.into_iter().flatten().map(|it| passed::row(it, view.selected, on)) }
                    { for view.rows.iter().map(|it| row(it, view.selected, on)) }
                    { space(view.total.saturating_sub(end), columns) }
                </tbody>
            </table>
        </div>
    }
}

/// Columns of a capture's list.
const COLUMNS: usize = 6;

/// Their widths and heads.
fn head() -> Html {
    let heads = ["no.", "seconds", "bytes", "what", "whose", "cycles"];
    html! {
        <>
            <colgroup><col class="n" /><col class="t" /><col class="l" /><col /><col class="v" /><col class="y" /></colgroup>
            <thead><tr>{ for heads.iter().map(|it| html! { <th scope="col">{ *it }</th> }) }</tr></thead>
        </>
    }
}

/// Takes the room of rows that are not drawn.
fn space(rows: usize, columns: usize) -> Html {
    if rows == 0 {
        return html! {};
    }
    let height = rows * ROW_HEIGHT as usize;
    html! { <tr class="space" aria-hidden="true"><td colspan={columns.to_string()}><svg width="1" height={height.to_string()} /></td></tr> }
}

fn row(row: &PacketRow, selected: usize, on: &Callback<Action>) -> Html {
    let chosen = row.index == selected;
    let dropped = row.claim.as_ref().is_some_and(|it| it.owner.is_none());
    html! {
        <tr key={row.index} id={format!("packet-{}", row.index)} aria-selected={chosen.to_string()} aria-rowindex={(row.index + 2).to_string()}
            class={classes!(dropped.then_some("drop"))} onclick={act(on, Action::Packets(PacketsAction::Select(row.index)))}>
            <td>{ row.index + 1 }</td><td>{ &row.time }</td><td>{ &row.length }</td><td title={row.summary.clone()}>{ &row.summary }</td>
            <td>{ row.claim.as_ref().map(claim) }</td><td>{ &row.cycles }</td>
        </tr>
    }
}
