//! Draws a map whose frames have room for a letter: hatch and letter of the owner, marks of the bits.

use exo_core::ids::EnvId;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use super::canvas::{MapPicture, emptied, token};
use crate::components::MapLayout;
use crate::view::words::{HUES, hue_number};
use crate::view::{FrameCell, hatch_number, is_hatched};

/// How much of its hue a hatch of lines has, and one of dots.
const LINES: f64 = 0.3;
const DOTS: f64 = 0.45;
/// Pixels of the map for one of a hatch of dots.
const DOT: f64 = 2.0;

/// The colours of one owner.
struct Hue {
    tint: String,
    hatch: String,
    text: String,
}

/// What is drawn with: a context in CSS pixels, and the page's colours.
pub(super) struct Brush {
    context: CanvasRenderingContext2d,
    hues: [Hue; 4],
    /// Free frames' edges.
    line: String,
    ink: String,
    /// The numbers of rows.
    faint: String,
    /// Pixels of the screen in one of the page's.
    ratio: f64,
    /// What this step touched: ground, edge, ink.
    now: [String; 3],
    mono: String,
}

/// A cell's place in CSS pixels.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

impl Brush {
    /// Empties the canvas, and reads the page's colours.
    pub(super) fn of(
        canvas: &HtmlCanvasElement,
        layout: MapLayout,
        ratio: f64,
        styles: &CssStyleDeclaration,
    ) -> Option<Brush> {
        let pixels = |length: u32| (f64::from(length) * ratio).round() as u32;
        let context = emptied(canvas, pixels(layout.width), pixels(layout.height()))?;
        context.scale(ratio, ratio).ok()?;
        let token = |name: &str| token(styles, name);
        Some(Brush {
            context,
            hues: HUES.map(|hue| Hue {
                tint: token(&format!("--{hue}-tint")),
                hatch: token(&format!("--{hue}")),
                text: token(&format!("--{hue}-text")),
            }),
            line: token("--line"),
            ink: token("--ink"),
            faint: token("--ink-3"),
            ratio,
            now: ["--now", "--now-edge", "--now-ink"].map(token),
            mono: token("--mono"),
        })
    }

    /// Draws all frames and the numbers of their rows on an empty canvas.
    pub(super) fn draw(&self, picture: &MapPicture) {
        self.axis(picture.layout);
        let cells: Vec<(&FrameCell, Place)> = (0..)
            .zip(&picture.memory.cells)
            .map(|(frame, cell)| (cell, self.place(picture.layout, frame)))
            .collect();
        self.frames(&cells);
    }

    /// Draws these frames again.
    pub(super) fn draw_again(&self, picture: &MapPicture, frames: &[u32]) {
        let cells: Vec<(&FrameCell, Place)> = frames
            .iter()
            .filter_map(|frame| {
                let cell = picture.memory.cells.get(*frame as usize)?;
                Some((cell, self.place(picture.layout, *frame)))
            })
            .collect();
        for (_, at) in &cells {
            self.context.clear_rect(at.x, at.y, at.w, at.h);
        }
        self.frames(&cells);
    }

    /// Where a frame is drawn: its edges lie between pixels of the screen, so that it can be wiped off without a trace.
    fn place(&self, layout: MapLayout, frame: u32) -> Place {
        let (x, y) = layout.corner(frame);
        let edge = |at: u32| (f64::from(at) * self.ratio).round() / self.ratio;
        let length = |from: u32, long: u32| edge(from + long - 1) - edge(from);
        Place {
            x: edge(x),
            y: edge(y),
            w: length(x, layout.cell_width(frame)),
            h: length(y, layout.cell_height),
        }
    }

    fn fill(&self, colour: &str) {
        self.context.set_fill_style_str(colour);
    }

    fn stroke(&self, colour: &str, width: f64) {
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
    }

    /// A line within the edge of a place.
    fn outline(&self, at: Place) {
        self.context
            .stroke_rect(at.x + 0.5, at.y + 0.5, at.w - 1.0, at.h - 1.0);
    }

    /// The number of each row's first frame.
    fn axis(&self, layout: MapLayout) {
        self.fill(&self.faint);
        self.context.set_font(&format!("11px {}", self.mono));
        self.context.set_text_align("right");
        for row in 0..layout.frames.div_ceil(layout.columns) {
            let (x, y) = layout.corner(row * layout.columns);
            let text = format!("{:02X}", row * layout.columns);
            let (x, y) = (f64::from(x) - 5.0, f64::from(y) + 13.0);
            // A number that cannot be drawn is missing, and nothing else.
            drop(self.context.fill_text(&text, x, y));
        }
    }

    fn frames(&self, cells: &[(&FrameCell, Place)]) {
        self.free(cells);
        for (number, hue) in self.hues.iter().enumerate() {
            self.owned(number, hue, cells);
        }
        self.context.set_font(&format!("600 10px {}", self.mono));
        self.context.set_text_align("center");
        for (cell, place) in cells {
            self.marks(cell, *place);
        }
    }

    /// Free frames: empty, with a thin edge.
    fn free(&self, cells: &[(&FrameCell, Place)]) {
        self.stroke(&self.line, 1.0);
        for (_, at) in cells.iter().filter(|(cell, _)| cell.owner.is_none()) {
            self.outline(*at);
        }
    }

    /// The frames of one hue: tint, then hatch.
    fn owned(&self, number: usize, hue: &Hue, cells: &[(&FrameCell, Place)]) {
        let of_hue = |cell: &FrameCell| {
            !cell.now && cell.owner.is_some_and(|it| hue_number(it.env) == number)
        };
        let mut own: Vec<(EnvId, Place)> = cells
            .iter()
            .filter(|(cell, _)| of_hue(cell))
            .filter_map(|(cell, place)| Some((cell.owner?.env, *place)))
            .collect();
        self.fill(&hue.tint);
        own.iter()
            .for_each(|(_, at)| self.context.fill_rect(at.x, at.y, at.w, at.h));
        // One owner after the other.
        while let Some((env, _)) = own.last().copied() {
            self.hatched(env, hue, own.iter().filter(|it| it.0 == env).map(|it| it.1));
            own.retain(|it| it.0 != env);
        }
    }

    /// The hatch of one owner over its frames.
    fn hatched(&self, env: EnvId, hue: &Hue, places: impl Iterator<Item = Place>) {
        let context = &self.context;
        let dotted = !matches!(hatch_number(env), 0 | 1 | 3);
        context.set_global_alpha(if dotted { DOTS } else { LINES });
        context.begin_path();
        for at in places {
            hatch(context, env, at);
        }
        if dotted {
            self.fill(&hue.hatch);
            context.fill();
        } else {
            self.stroke(&hue.hatch, 1.0);
            context.stroke();
        }
        context.set_global_alpha(1.0);
    }

    /// Letter and bits of one frame; yellow if this step touched it.
    fn marks(&self, cell: &FrameCell, at: Place) {
        let context = &self.context;
        let [ground, edge, ink] = &self.now;
        if cell.now {
            self.fill(ground);
            context.fill_rect(at.x, at.y, at.w, at.h);
            self.stroke(edge, 1.0);
            self.outline(at);
        }
        let Some(owner) = cell.owner else {
            return;
        };
        let text = &self.hues[hue_number(owner.env)].text;
        self.fill(if cell.now { ink } else { text });
        drop(context.fill_text(&owner.letter(), at.x + at.w / 2.0, at.y + at.h / 2.0 + 3.5));
        self.fill(if cell.now { ink } else { &self.ink });
        if cell.referenced {
            let (x, y) = (at.x + at.w - 3.0, at.y + 3.5);
            context.begin_path();
            drop(context.arc(x, y, 1.6, 0.0, std::f64::consts::TAU));
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
            for x in (0..at.w as u32).step_by(5).map(f64::from) {
                let dash = (at.w - x).min(3.0);
                context.fill_rect(at.x + x, at.y, dash, 1.0);
                context.fill_rect(at.x + x, at.y + at.h - 1.0, dash, 1.0);
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
}

/// The first: rising lines. The second: falling lines. The third: dots. The fourth: level lines. The others as on maps
/// without letters, in dots. None of them leaves the cell, whose neighbours and whose gaps are not drawn again with it.
fn hatch(context: &CanvasRenderingContext2d, env: EnvId, at: Place) {
    // A slanting line is wider than its middle.
    let (left, top, w, h) = (at.x + 0.5, at.y + 0.5, at.w - 1.0, at.h - 1.0);
    let line = |x0: f64, y0: f64, x1: f64, y1: f64| {
        context.move_to(left + x0, top + y0);
        context.line_to(left + x1, top + y1);
    };
    let steps = |to: f64, step: usize| {
        let steps = (2..).step_by(step).map(f64::from);
        steps.take_while(move |it| *it < to)
    };
    match hatch_number(env) {
        0 => steps(w + h, 5).for_each(|c| {
            line((c - h).max(0.0), c.min(h), c.min(w), (c - w).max(0.0));
        }),
        1 => steps(w + h, 5).for_each(|c| {
            let c = c - h;
            line(c.max(0.0), (-c).max(0.0), (c + h).min(w), (w - c).min(h));
        }),
        2 => steps(h, 4).for_each(|y| {
            steps(w, 4).for_each(|x| context.rect(left + x - 0.7, top + y - 0.7, 1.4, 1.4));
        }),
        3 => steps(h, 4).for_each(|y| line(0.0, y, w, y)),
        _ => {
            let across = |length: f64| 0..(length / DOT) as u32;
            for (x, y) in across(h).flat_map(|y| across(w).map(move |x| (x, y))) {
                if is_hatched(env, x, y) {
                    let (x, y) = (left + f64::from(x) * DOT, top + f64::from(y) * DOT);
                    context.rect(x, y, DOT - 0.6, DOT - 0.6);
                }
            }
        }
    }
}
