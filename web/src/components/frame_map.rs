//! Physical memory as one canvas: letter, hatch and hue by owner, marks for bits, yellow for now. Frames that are
//! pointed at or chosen are outlined over it, and told in a line below.

use std::rc::Rc;

use exo_core::ids::Frame;
use exo_session::why::Thing;
use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, MouseEvent, classes, hook, html,
    use_node_ref, use_state_eq,
};

use super::MapLayout;
use super::part::Part;
use crate::driver::{MapPicture, place_within, use_map_canvas, use_width};
use crate::store::Action;
use crate::view::MemoryView;

/// What the map shows and whom it tells.
#[derive(PartialEq)]
pub struct FrameMap {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Takes actions: a frame is chosen.
    pub on: Callback<Action>,
}

/// The map: one tab stop; arrow keys move, Enter selects.
#[hook]
fn use_frame_map(props: &FrameMap) -> Html {
    let (pane, canvas) = (use_node_ref(), use_node_ref());
    let cursor = use_state_eq(|| 0_u32);
    let focused = use_state_eq(|| false);
    let pointed = use_state_eq(|| None);
    let frames = props.memory.cells.len() as u32;
    let layout = MapLayout::new(use_width(&pane), frames);
    let memory = props.memory.clone();
    use_map_canvas(&canvas, MapPicture { memory, layout });
    let onkeydown = {
        let (cursor, pointed, on) = (cursor.clone(), pointed.setter(), props.on.clone());
        move |event: KeyboardEvent| {
            if let Some(to) = layout.moved(*cursor, &event.key()) {
                cursor.set(to);
                // What the keys came to is told, though the mouse rests elsewhere.
                pointed.set(None);
                event.prevent_default();
            } else if chooses(&event) {
                on.emit(Action::Look(Some(Thing::Frame(Frame(*cursor)))));
                event.prevent_default();
            }
        }
    };
    let frame_at = {
        let canvas = canvas.clone();
        move |event: &MouseEvent| {
            let place = place_within(&canvas, event);
            place.and_then(|(x, y)| layout.at(x, y))
        }
    };
    let onmousemove = {
        let (pointed, frame_at) = (pointed.setter(), frame_at.clone());
        move |event: MouseEvent| pointed.set(frame_at(&event))
    };
    let leave = pointed.setter();
    let onmouseleave = move |_: MouseEvent| leave.set(None);
    let onclick = {
        let (cursor, on) = (cursor.clone(), props.on.clone());
        move |event: MouseEvent| {
            if let Some(frame) = frame_at(&event) {
                cursor.set(frame);
                on.emit(Action::Look(Some(Thing::Frame(Frame(frame)))));
            }
        }
    };
    let (focus, blur) = (focused.clone(), focused.clone());
    let cells = &props.memory.cells;
    let describe = |frame: u32| Some(cells.get(frame as usize)?.describe(frame));
    let described = describe(*cursor);
    let at = pointed.or(focused.then_some(*cursor));
    let told = at.and_then(describe).or(props.memory.asked.clone());
    let selected = props.memory.selected.map(|it| it.0);
    html! {
        <>
        <div class={classes!("map", layout.dense.then_some("dense"))} ref={pane} tabindex="0" role="slider" aria-label="Frame cursor: arrow keys move, Enter selects"
            aria-valuemin="0" aria-valuemax={frames.saturating_sub(1).to_string()} aria-valuenow={cursor.to_string()}
            aria-valuetext={described} data-own-keys="true" {onkeydown} onfocus={move |_| focus.set(true)} onblur={move |_| blur.set(false)}>
            <canvas id="frame-map" ref={canvas} aria-hidden="true" {onclick} {onmousemove} {onmouseleave}></canvas>
            <svg class="around" height={layout.height().to_string()} aria-hidden="true">
                { selected.map(|frame| outline(layout, frame, "sel")) }
                { at.map(|frame| outline(layout, frame, "at")) }
            </svg>
        </div>
        <p class="readout" id="frame-told">{ told.unwrap_or_else(|| HINT.to_owned()) }</p>
        </>
    }
}

fn chooses(event: &KeyboardEvent) -> bool {
    matches!(event.key().as_str(), "Enter" | " ")
}

impl Part for FrameMap {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_frame_map(self).run(context)
    }
}

/// What stands in the line below the map while there is no frame to tell of.
const HINT: &str = "Point at a frame, or go over them with the arrow keys: it is told here.";

/// Around a frame: within its cell, or around its square where that is small.
fn outline(layout: MapLayout, frame: u32, class: &'static str) -> Html {
    let ((x, y), out) = (layout.corner(frame), if layout.dense { 2 } else { 0 });
    let side = |of: u32| (of + 2 * out - u32::from(!layout.dense)).to_string();
    let (width, height) = (side(layout.cell_width(frame)), side(layout.cell_height));
    let place = |at: u32| (i64::from(at) - i64::from(out)).to_string();
    let (x, y) = (place(x), place(y));
    html! {
        <g {class}>
            <rect class="halo" x={x.clone()} y={y.clone()} width={width.clone()} height={height.clone()} />
            <rect {x} {y} {width} {height} />
        </g>
    }
}
