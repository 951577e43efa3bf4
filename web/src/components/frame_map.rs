//! Physical memory as one canvas: letter, hatch and hue by owner, marks for bits, yellow for now.

use std::rc::Rc;

use exo_core::ids::Frame;
use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, Properties, classes, component, html, use_node_ref,
    use_state_eq,
};

use super::MapLayout;
use crate::driver::{MapPicture, place_within, use_map_canvas, use_width};
use crate::view::MemoryView;

/// What the map shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct FrameMapProps {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Takes the frame that was chosen.
    pub on_select: Callback<Option<Frame>>,
}

/// The map: one tab stop; arrow keys move, Enter selects.
#[component]
pub fn FrameMap(props: &FrameMapProps) -> Html {
    let (pane, canvas) = (use_node_ref(), use_node_ref());
    let cursor = use_state_eq(|| 0_u32);
    let focused = use_state_eq(|| false);
    let frames = props.memory.cells.len() as u32;
    let layout = MapLayout::new(use_width(&pane), frames);
    use_map_canvas(
        &canvas,
        MapPicture {
            memory: props.memory.clone(),
            layout,
            cursor: focused.then_some(*cursor),
        },
    );
    let onkeydown = {
        let (cursor, on_select) = (cursor.clone(), props.on_select.clone());
        move |event: KeyboardEvent| {
            let key = event.key();
            if let Some(to) = layout.moved(*cursor, &key) {
                cursor.set(to);
            } else if key == "Enter" || key == " " {
                on_select.emit(Some(Frame(*cursor)));
            } else {
                return;
            }
            event.prevent_default();
        }
    };
    let onclick = {
        let (cursor, on_select) = (cursor.clone(), props.on_select.clone());
        let canvas = canvas.clone();
        move |event: MouseEvent| {
            let place = place_within(&canvas, &event);
            if let Some(frame) = place.and_then(|(x, y)| layout.at(x, y)) {
                cursor.set(frame);
                on_select.emit(Some(Frame(frame)));
            }
        }
    };
    let (focus, blur) = (focused.clone(), focused.clone());
    let described = props
        .memory
        .cells
        .get(*cursor as usize)
        .map(|cell| cell.describe(*cursor));
    html! {
        <div class={classes!("map", layout.dense.then_some("dense"))} ref={pane} tabindex="0" role="slider" aria-label="Frame cursor: arrow keys move, Enter selects"
            aria-valuemin="0" aria-valuemax={frames.saturating_sub(1).to_string()} aria-valuenow={cursor.to_string()}
            aria-valuetext={described} data-own-keys="true" {onkeydown} onfocus={move |_| focus.set(true)} onblur={move |_| blur.set(false)}>
            <canvas id="frame-map" ref={canvas} aria-hidden="true" {onclick}></canvas>
        </div>
    }
}
