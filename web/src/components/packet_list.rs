//! The list of packets: only the rows near those in sight are on the page.

use std::rc::Rc;

use yew::{Callback, Html, KeyboardEvent, Properties, classes, component, html, use_node_ref};

use super::act::act;
use super::packets::claim;
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
                _ => return,
            };
            event.prevent_default();
            on.emit(Action::Packets(PacketsAction::Select(to)));
        }
    };
    let (first, end) = match (view.rows.first(), view.rows.last()) {
        (Some(first), Some(last)) => (first.index, last.index + 1),
        _ => (0, 0),
    };
    let drawn = (first..end).contains(&view.selected);
    html! {
        <div class="rows" ref={pane} {onscroll}>
            <table role="grid" aria-label="Packets: arrow keys choose one" tabindex="0" aria-rowcount={(view.total + 1).to_string()}
                aria-activedescendant={drawn.then(|| format!("packet-{}", view.selected))} {onkeydown}>
                <colgroup><col class="n" /><col class="t" /><col class="l" /><col /><col class="v" /><col class="y" /></colgroup>
                <thead><tr><th scope="col">{ "no." }</th><th scope="col">{ "seconds" }</th><th scope="col">{ "bytes" }</th><th scope="col">{ "what" }</th><th scope="col">{ "whose" }</th><th scope="col">{ "cycles" }</th></tr></thead>
                <tbody>
                    { space(first) }
                    { for view.rows.iter().map(|it| row(it, view.selected, on)) }
                    { space(view.total.saturating_sub(end)) }
                </tbody>
            </table>
        </div>
    }
}

/// Takes the room of rows that are not drawn.
fn space(rows: usize) -> Html {
    if rows == 0 {
        return html! {};
    }
    let height = rows * ROW_HEIGHT as usize;
    html! { <tr class="space" aria-hidden="true"><td colspan="6"><svg width="1" height={height.to_string()} /></td></tr> }
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
