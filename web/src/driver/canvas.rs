//! Draws the ownership map.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};
use yew::{NodeRef, hook, use_context, use_effect_with};

use super::dense_map;
use super::theme::Inks;
use crate::components::MapLayout;
use crate::view::words::HUES;
use crate::view::{FrameCell, MemoryView};

/// All that decides what the map looks like.
#[derive(Clone, PartialEq)]
pub struct MapPicture {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Where each lies.
    pub(crate) layout: MapLayout,
}

/// Draws the map whenever it or the page's colours changed.
#[hook]
pub fn use_map_canvas(canvas: &NodeRef, picture: MapPicture) {
    let canvas = canvas.clone();
    let inks = use_context::<Inks>().unwrap_or_default();
    use_effect_with((picture, inks), move |(picture, _)| {
        if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
            if picture.layout.dense {
                dense_map::paint(&canvas, picture);
            } else {
                paint(&canvas, picture);
            }
        }
    });
}

/// What is drawn with: a context in CSS pixels, and the page's colours.
struct Brush {
    context: CanvasRenderingContext2d,
    styles: CssStyleDeclaration,
}

impl Brush {
    fn token(&self, name: &str) -> String {
        self.styles
            .get_property_value(name)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    fn fill(&self, token: &str) {
        self.context.set_fill_style_str(&self.token(token));
    }

    fn stroke(&self, token: &str, width: f64) {
        self.context.set_stroke_style_str(&self.token(token));
        self.context.set_line_width(width);
    }
}

/// A cell's place in CSS pixels.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

fn brush(canvas: &HtmlCanvasElement, layout: MapLayout) -> Option<Brush> {
    let window = web_sys::window()?;
    let ratio = window.device_pixel_ratio().max(1.0);
    let (width, height) = (f64::from(canvas.client_width()), f64::from(layout.height()));
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    let context = canvas
        .get_context("2d")
        .ok()??
        .dyn_into::<CanvasRenderingContext2d>()
        .ok()?;
    context.scale(ratio, ratio).ok()?;
    context.clear_rect(0.0, 0.0, width, height);
    Some(Brush {
        context,
        styles: window.get_computed_style(canvas).ok()??,
    })
}

fn paint(canvas: &HtmlCanvasElement, picture: &MapPicture) {
    let layout = picture.layout;
    let Some(brush) = brush(canvas, layout) else {
        return;
    };
    let cells: Vec<(&FrameCell, Place)> = picture
        .memory
        .cells
        .iter()
        .enumerate()
        .map(|(frame, cell)| (cell, place(layout, frame as u32)))
        .collect();
    axis(&brush, layout);
    free(&brush, &cells);
    for hue in HUES {
        owned(&brush, hue, &cells);
    }
    for (cell, place) in &cells {
        marks(&brush, cell, *place);
    }
}

fn place(layout: MapLayout, frame: u32) -> Place {
    let (x, y) = layout.corner(frame);
    let (w, h) = (
        f64::from(layout.cell_width(frame)) - 1.0,
        f64::from(layout.cell_height) - 1.0,
    );
    Place {
        x: f64::from(x),
        y: f64::from(y),
        w,
        h,
    }
}

/// The number of each row's first frame.
fn axis(brush: &Brush, layout: MapLayout) {
    brush.fill("--ink-3");
    brush
        .context
        .set_font(&format!("11px {}", brush.token("--mono")));
    brush.context.set_text_align("right");
    for row in 0..layout.frames.div_ceil(layout.columns) {
        let (x, y) = layout.corner(row * layout.columns);
        let text = format!("{:02X}", row * layout.columns);
        drop(
            brush
                .context
                .fill_text(&text, f64::from(x) - 5.0, f64::from(y) + 13.0),
        );
    }
}

/// Free frames: empty, with a thin edge.
fn free(brush: &Brush, cells: &[(&FrameCell, Place)]) {
    brush.stroke("--line", 1.0);
    for (_, at) in cells.iter().filter(|(cell, _)| cell.owner.is_none()) {
        brush
            .context
            .stroke_rect(at.x + 0.5, at.y + 0.5, at.w - 1.0, at.h - 1.0);
    }
}

/// The frames of one hue: tint, then hatch.
fn owned(brush: &Brush, hue: &str, cells: &[(&FrameCell, Place)]) {
    let of_hue = |cell: &FrameCell| !cell.now && cell.owner.is_some_and(|owner| owner.hue() == hue);
    let places: Vec<Place> = cells
        .iter()
        .filter(|(cell, _)| of_hue(cell))
        .map(|(_, place)| *place)
        .collect();
    brush.fill(&format!("--{hue}-tint"));
    places
        .iter()
        .for_each(|at| brush.context.fill_rect(at.x, at.y, at.w, at.h));
    brush.stroke(&format!("--{hue}"), 1.0);
    brush.fill(&format!("--{hue}"));
    brush
        .context
        .set_global_alpha(if hue == "c" { 0.45 } else { 0.3 });
    brush.context.begin_path();
    for at in places {
        hatch(&brush.context, hue, at);
    }
    if hue == "c" {
        brush.context.fill()
    } else {
        brush.context.stroke()
    }
    brush.context.set_global_alpha(1.0);
}

/// A: rising lines. B: falling lines. C: dots. D: level lines.
fn hatch(context: &CanvasRenderingContext2d, hue: &str, at: Place) {
    let line = |x0: f64, y0: f64, x1: f64, y1: f64| {
        context.move_to(at.x + x0, at.y + y0);
        context.line_to(at.x + x1, at.y + y1);
    };
    let steps = |to: f64, step: usize| (0..to as usize).step_by(step).map(|it| it as f64 + 2.5);
    match hue {
        "a" => steps(at.w + at.h, 5).for_each(|c| {
            line(
                (c - at.h).max(0.0),
                c.min(at.h),
                c.min(at.w),
                (c - at.w).max(0.0),
            )
        }),
        "b" => steps(at.w + at.h, 5).for_each(|c| {
            let c = c - at.h;
            line(
                c.max(0.0),
                (-c).max(0.0),
                (c + at.h).min(at.w),
                (at.w - c).min(at.h),
            );
        }),
        "c" => steps(at.h, 4).for_each(|y| {
            steps(at.w, 4).for_each(|x| context.rect(at.x + x - 0.7, at.y + y - 0.7, 1.4, 1.4))
        }),
        _ => steps(at.h, 4).for_each(|y| line(0.0, y, at.w, y)),
    }
}

/// Letter and bits of one frame; yellow if this step touched it.
fn marks(brush: &Brush, cell: &FrameCell, at: Place) {
    let context = &brush.context;
    if cell.now {
        brush.fill("--now");
        context.fill_rect(at.x, at.y, at.w, at.h);
        brush.stroke("--now-edge", 1.0);
        context.stroke_rect(at.x + 0.5, at.y + 0.5, at.w - 1.0, at.h - 1.0);
    }
    let Some(owner) = cell.owner else {
        return;
    };
    let text = if cell.now {
        "--now-ink".to_owned()
    } else {
        format!("--{}-text", owner.hue())
    };
    brush.fill(&text);
    context.set_font(&format!("600 10px {}", brush.token("--mono")));
    context.set_text_align("center");
    drop(context.fill_text(&owner.letter(), at.x + at.w / 2.0, at.y + at.h / 2.0 + 3.5));
    brush.fill(if cell.now { "--now-ink" } else { "--ink" });
    if cell.referenced {
        context.begin_path();
        drop(context.arc(
            at.x + at.w - 3.0,
            at.y + 3.5,
            1.6,
            0.0,
            std::f64::consts::TAU,
        ));
        context.fill();
    }
    if cell.dirty {
        context.fill_rect(at.x + 4.0, at.y + at.h - 3.0, at.w - 8.0, 1.75);
    }
    if cell.shared {
        // Two of them: more than one may map it.
        for x in [1.0, 3.5] {
            context.fill_rect(at.x + x, at.y + 3.5, 1.5, at.h - 7.0);
        }
    }
    if cell.asked {
        let dashes = (0..at.w as u32).step_by(5).map(f64::from);
        for x in dashes.map(|it| at.x + it) {
            context.fill_rect(x, at.y, 3.0, 1.0);
            context.fill_rect(x, at.y + at.h - 1.0, 3.0, 1.0);
        }
    }
    if cell.pinned {
        context.begin_path();
        context.move_to(at.x + 1.0, at.y + 1.0);
        context.line_to(at.x + 7.0, at.y + 1.0);
        context.line_to(at.x + 1.0, at.y + 7.0);
        context.fill();
    }
}
