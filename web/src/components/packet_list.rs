//! The list of packets: only rows from the first one in sight on are on the page.

use std::rc::Rc;

use yew::{Callback, Hook, HookContext, Html, KeyboardEvent, classes, hook, html, use_node_ref};

use super::act::act;
use super::packets::{claim, passed};
use super::part::Part;
use crate::driver::{LongList, use_long_list};
use crate::scroll::Scrolled;
use crate::store::{Action, PacketsAction};
use crate::view::{PacketRow, PacketsView};

/// What the list shows and whom it tells.
#[derive(PartialEq)]
pub struct PacketList {
    /// The packets.
    pub view: Rc<PacketsView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Rows that a page key moves by.
const PAGE: usize = 20;

/// The list: one tab stop; arrow keys choose the packet.
#[hook]
fn use_packet_list(props: &PacketList) -> Html {
    let (view, on) = (&props.view, &props.on);
    let pane = use_node_ref();
    let rows = view.machine.as_ref().map(|it| &it.rows);
    let (first, there) = match rows {
        Some(rows) => (rows.first().map(|it| it.index), rows.len()),
        None => (view.rows.first().map(|it| it.index), view.rows.len()),
    };
    let first = first.unwrap_or(0);
    let shown = LongList {
        first: first as u64 + 1,
        count: view.total as u64,
        there,
        chosen: Some(view.selected as u64 + 1),
    };
    let scrolled =
        on.reform(move |it: Scrolled| Action::Packets(PacketsAction::From(it.row(first))));
    use_long_list(&pane, shown, &scrolled);
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
    let label = match rows {
        Some(_) => "Packets: arrow keys choose one, Enter goes to its step",
        None => "Packets: arrow keys choose one",
    };
    let drawn = (first..first + there).contains(&view.selected);
    html! {
        <div class="rows long" ref={pane}><div>
            <table role="grid" class={classes!(rows.map(|_| "passed"))} aria-label={label} tabindex="0" aria-rowcount={(view.total + 1).to_string()}
                aria-activedescendant={drawn.then(|| format!("packet-{}", view.selected))} {onkeydown}>
                { if rows.is_some() { passed::head() } else { head() } }
                <tbody>
                    { for rows.into_iter().flatten().map(|it| passed::row(it, view.selected, on)) }
                    { for view.rows.iter().map(|it| row(it, view.selected, on)) }
                </tbody>
            </table>
        </div></div>
    }
}

impl Part for PacketList {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_packet_list(self).run(context)
    }
}

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
