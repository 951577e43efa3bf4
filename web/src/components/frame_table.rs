//! The map's twin: frames as rows of a table, of which only those that can be seen are on the page.

use std::ops::Range;
use std::rc::Rc;

use exo_core::ids::Frame;
use exo_session::why::Thing;
use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, classes, hook, html, use_node_ref,
    use_state_eq,
};

use super::act::act;
use super::icon::owner_tag;
use super::part::{Part, keyed_part, part};
use crate::driver::{LongList, take_focus, use_long_list};
use crate::scroll::Scrolled;
use crate::store::Action;
use crate::view::words::hex;
use crate::view::{FrameCell, MemoryView};

/// What the table shows and whom it tells.
#[derive(PartialEq)]
pub struct FrameTable {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Takes actions: a frame is chosen.
    pub on: Callback<Action>,
}

/// Rows that can be seen; the style sheet gives the table as much room.
const ROWS: usize = 8;

/// The frames whose rows are on the page when `first` was scrolled to, of so many.
fn shown(first: usize, frames: usize) -> Range<usize> {
    let first = first.min(frames.saturating_sub(ROWS));
    first..frames.min(first + ROWS)
}

/// The table, for who has it in another part of the program.
pub(crate) fn frame_table(props: FrameTable) -> Html {
    part(props)
}

/// The table: keys scroll it.
#[hook]
fn use_frame_table(props: &FrameTable) -> Html {
    let memory = &props.memory;
    let frames = memory.cells.len();
    let (list, first) = (use_node_ref(), use_state_eq(|| 0));
    let there = shown(*first, frames);
    let scrolled = {
        let (first, from) = (first.setter(), there.start);
        Callback::from(move |to: Scrolled| first.set(shown(to.row(from), frames).start))
    };
    let long = LongList {
        first: there.start as u64 + 1,
        count: frames as u64,
        there: there.len(),
        chosen: memory.selected.map(|it| u64::from(it.0) + 1),
    };
    use_long_list(&list, long, &scrolled);
    let onkeydown = {
        let list = list.clone();
        move |event: KeyboardEvent| {
            if let Some(asked) = Scrolled::by_key(&event.key(), ROWS as u64) {
                event.prevent_default();
                // The row that had the keyboard may be gone.
                take_focus(&list);
                scrolled.emit(asked);
            }
        }
    };
    let row = |index: usize| {
        let (frame, cell) = (Frame(index as u32), *memory.cells.get(index)?);
        let selected = memory.selected == Some(frame);
        Some(html! { { keyed_part(index, Row { frame, cell, selected, on: props.on.clone() }) } })
    };
    html! {
        <div class="maptable long" ref={list} tabindex="0" role="region" aria-label="Physical memory as a table: arrows, Page Up and Down, Home and End scroll" data-own-keys="true" {onkeydown}>
            <div>
                <table aria-rowcount={(frames + 1).to_string()}>
                    <caption class="sr">{ "Physical memory, frame by frame" }</caption>
                    <thead><tr aria-rowindex="1"><th scope="col">{ "Frame" }</th><th scope="col">{ "Owner" }</th><th scope="col">{ "Holds" }</th><th scope="col">{ "Marks" }</th></tr></thead>
                    <tbody>{ for there.filter_map(row) }</tbody>
                </table>
            </div>
        </div>
    }
}

impl Part for FrameTable {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_frame_table(self).run(context)
    }
}

#[derive(PartialEq)]
struct Row {
    frame: Frame,
    cell: FrameCell,
    selected: bool,
    on: Callback<Action>,
}

fn row(props: &Row) -> Html {
    let (cell, frame) = (props.cell, props.frame);
    let index = (frame.index() + 2).to_string();
    html! {
        <tr aria-rowindex={index} class={classes!(cell.now.then_some("now"), props.selected.then_some("sel"))}>
            <th scope="row"><button class="linkbtn" aria-pressed={props.selected.to_string()} onclick={act(&props.on, Action::Look(Some(Thing::Frame(frame))))}>{ hex(frame.0) }</button></th>
            <td>if let Some(owner) = cell.owner { { owner_tag(owner) } } else { { "free" } }</td>
            <td>{ cell.holds() }</td><td>{ cell.marks() }</td>
        </tr>
    }
}

impl Part for Row {
    fn draw(&self, _: &mut HookContext) -> Html {
        row(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{ROWS, shown};

    #[test]
    fn of_very_many_frames_a_few_rows_are_on_the_page_and_every_frame_can_be_scrolled_to() {
        for frames in [3, 16, 4096, 65_536] {
            for first in [0, 1, 7, frames / 2, frames - 1, usize::MAX] {
                let shown = shown(first, frames);
                assert_eq!(shown.len(), frames.min(ROWS), "{first} of {frames}");
                assert!(shown.end <= frames);
            }
            assert_eq!(shown(usize::MAX, frames).end, frames);
            assert_eq!(shown(0, frames).start, 0);
        }
    }
}
