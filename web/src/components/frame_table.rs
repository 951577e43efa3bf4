//! The map's twin: every frame as a row of a table.

use std::rc::Rc;

use exo_core::ids::Frame;
use yew::{Callback, Html, Properties, classes, component, html};

use super::icon::OwnerTag;
use crate::view::words::hex;
use crate::view::{FrameCell, MemoryView};

/// What the table shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct FrameTableProps {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Takes the frame that was chosen.
    pub on_select: Callback<Option<Frame>>,
}

/// The table.
#[component]
pub fn FrameTable(props: &FrameTableProps) -> Html {
    let memory = &props.memory;
    let rows = memory.cells.iter().enumerate().map(|(index, cell)| {
        let frame = Frame(index as u32);
        html! { <Row key={index} {frame} cell={*cell} selected={memory.selected == Some(frame)} on_select={props.on_select.clone()} /> }
    });
    html! {
        <div class="maptable" tabindex="0" role="region" aria-label="Physical memory as a table">
            <table>
                <caption class="sr">{ "Physical memory, frame by frame" }</caption>
                <thead><tr><th>{ "Frame" }</th><th>{ "Owner" }</th><th>{ "Holds" }</th><th>{ "Referenced" }</th><th>{ "Dirty" }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    frame: Frame,
    cell: FrameCell,
    selected: bool,
    on_select: Callback<Option<Frame>>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let (cell, frame, on_select) = (props.cell, props.frame, props.on_select.clone());
    let holds = match (cell.owner, cell.pinned, cell.page) {
        (None, ..) => String::new(),
        (_, true, _) => "policy state, pinned".to_owned(),
        (_, _, Some(page)) => format!("page {}", hex(page.0)),
        _ => "no page yet".to_owned(),
    };
    let bit = |set: bool| {
        if cell.owner.is_some() && set {
            "yes"
        } else {
            ""
        }
    };
    html! {
        <tr class={classes!(cell.now.then_some("now"), props.selected.then_some("sel"))}>
            <th scope="row"><button class="linkbtn" aria-pressed={props.selected.to_string()} onclick={move |_| on_select.emit(Some(frame))}>{ hex(frame.0) }</button></th>
            <td>if let Some(owner) = cell.owner { <OwnerTag {owner} /> } else { { "free" } }</td>
            <td>{ holds }</td><td>{ bit(cell.referenced) }</td><td>{ bit(cell.dirty) }</td>
        </tr>
    }
}
