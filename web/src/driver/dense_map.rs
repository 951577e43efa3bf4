//! Draws a map of very many frames: every pixel at once, as one picture.
//!
//! Cells are squares of a few pixels: the owner's tint with its hatch, the bits as single pixels.

use wasm_bindgen::Clamped;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement, ImageData};

use super::canvas::{MapPicture, emptied, token};
use crate::components::{AXIS, MapLayout};
use crate::view::words::{HUES, hue_number};
use crate::view::{FrameCell, is_hatched};

/// Red, green, blue, and how opaque.
type Colour = [u8; 4];

/// Apart from each other, the numbers of rows are at least so many pixels.
const NUMBERS_APART: u32 = 16;
/// More frames than these are drawn with all the others at once.
const SINGLE_MAX: usize = 64;

/// The colours of the page, by what they are for.
struct Colours {
    free: Colour,
    edge: Colour,
    ink: Colour,
    now: Colour,
    /// Tint and hatch of each hue.
    hues: [(Colour, Colour); 4],
}

/// What is drawn with, and every pixel that is drawn.
pub(super) struct Brush {
    context: CanvasRenderingContext2d,
    layout: MapLayout,
    colours: Colours,
    pixels: Vec<u8>,
    /// What the squares are like that have been drawn so far, each made once, with the frame that it was made for.
    squares: Vec<(FrameCell, Vec<u8>)>,
}

impl Brush {
    /// Empties the canvas, draws the numbers of its rows, and reads the page's colours.
    pub(super) fn of(
        canvas: &HtmlCanvasElement,
        layout: MapLayout,
        styles: &CssStyleDeclaration,
    ) -> Option<Brush> {
        let context = emptied(canvas, layout.width, layout.height())?;
        axis(&context, styles, layout);
        let bytes = layout.columns * layout.cell_height * layout.height() * 4;
        Some(Brush {
            context,
            layout,
            colours: colours(styles),
            pixels: vec![0; bytes as usize],
            squares: Vec::new(),
        })
    }

    /// Draws all frames.
    pub(super) fn draw(&mut self, picture: &MapPicture) {
        for (frame, cell) in (0..).zip(&picture.memory.cells) {
            self.square(frame, cell);
        }
        let room = self.layout.columns * self.layout.cell_height;
        self.show(&self.pixels, room, (0, 0));
    }

    /// Draws these frames again.
    pub(super) fn draw_again(&mut self, picture: &MapPicture, frames: &[u32]) {
        if frames.len() > SINGLE_MAX {
            return self.draw(picture);
        }
        for frame in frames {
            if let Some(cell) = picture.memory.cells.get(*frame as usize) {
                self.square(*frame, cell);
            }
        }
        for frame in frames {
            let size = self.layout.cell_height;
            let rows = (0..size).filter_map(|y| self.pixels.get(row(self.layout, *frame, y)));
            let square: Vec<u8> = rows.flatten().copied().collect();
            self.show(&square, size, corner(self.layout, *frame));
        }
    }

    /// Puts pixels of so many columns on the canvas.
    fn show(&self, pixels: &[u8], columns: u32, (left, top): (u32, u32)) {
        let image = ImageData::new_with_u8_clamped_array(Clamped(pixels), columns);
        if let Ok(image) = image {
            // What cannot be drawn is in the table beside it.
            let _ = self
                .context
                .put_image_data(&image, f64::from(AXIS + left), f64::from(top));
        }
    }

    /// Fills a frame's square.
    fn square(&mut self, frame: u32, cell: &FrameCell) {
        let looks = FrameCell {
            // None of these is seen.
            page: None,
            transfer: false,
            packets: false,
            ..*cell
        };
        let size = self.layout.cell_height;
        let found = self.squares.iter().position(|(it, _)| *it == looks);
        let index = found.unwrap_or_else(|| {
            let places = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
            let pixels = places.flat_map(|(x, y)| pixel(cell, size, x, y, &self.colours));
            self.squares.push((looks, pixels.collect()));
            self.squares.len() - 1
        });
        // The next frame is most often like this one.
        self.squares.swap(0, index);
        let Some((_, square)) = self.squares.first() else {
            return;
        };
        for (y, from) in (0..).zip(square.chunks_exact(size as usize * 4)) {
            if let Some(to) = self.pixels.get_mut(row(self.layout, frame, y)) {
                to.copy_from_slice(from);
            }
        }
    }
}

/// The upper left corner of a frame's square, beside the axis.
fn corner(layout: MapLayout, frame: u32) -> (u32, u32) {
    let size = layout.cell_height;
    (frame % layout.columns * size, frame / layout.columns * size)
}

/// Where a row of a frame's square lies among the bytes of all pixels.
fn row(layout: MapLayout, frame: u32, y: u32) -> std::ops::Range<usize> {
    let size = layout.cell_height;
    let (left, top) = corner(layout, frame);
    let at = ((top + y) * layout.columns * size + left) as usize * 4;
    at..at + size as usize * 4
}

/// One pixel of a square.
fn pixel(cell: &FrameCell, size: u32, x: u32, y: u32, colours: &Colours) -> Colour {
    let last = size - 1;
    // Where there is room, squares are set apart from each other.
    let gap = size > 4 && (x == last || y == last);
    if cell.now {
        return colours.now;
    }
    let Some(owner) = cell.owner else {
        return if gap { colours.edge } else { colours.free };
    };
    if gap {
        return colours.free;
    }
    let inner = if size > 4 { last - 1 } else { last };
    let marked = cell.pinned && (x, y) == (0, 0)
        || cell.referenced && (x, y) == (inner, 0)
        || cell.shared && (x, y) == (0, inner)
        || cell.asked && (x, y) == (inner, inner)
        || cell.dirty && y == inner && x > 0 && x < inner;
    if marked {
        return colours.ink;
    }
    let (tint, hatch) = colours.hues[hue_number(owner.env)];
    if is_hatched(owner.env, x, y) {
        hatch
    } else {
        tint
    }
}

fn colours(styles: &CssStyleDeclaration) -> Colours {
    let token = |name: &str| colour(&token(styles, name));
    let hue = |name: &str| {
        (
            token(&format!("--{name}-tint")),
            token(&format!("--{name}")),
        )
    };
    Colours {
        free: token("--panel-2"),
        edge: token("--line"),
        ink: token("--ink"),
        now: token("--now"),
        hues: HUES.map(hue),
    }
}

/// A colour of the style sheet, which writes them as `#rrggbb`; anything else is black.
fn colour(text: &str) -> Colour {
    let number = text.trim().strip_prefix('#');
    let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let [_, red, green, blue] = number.unwrap_or(0).to_be_bytes();
    [red, green, blue, 255]
}

/// The number of the first frame of every so many rows.
fn axis(context: &CanvasRenderingContext2d, styles: &CssStyleDeclaration, layout: MapLayout) {
    context.set_fill_style_str(&token(styles, "--ink-3"));
    context.set_font(&format!("9px {}", token(styles, "--mono")));
    context.set_text_align("right");
    let apart = NUMBERS_APART.div_ceil(layout.cell_height) as usize;
    for row in (0..layout.frames.div_ceil(layout.columns)).step_by(apart) {
        let (x, y) = layout.corner(row * layout.columns);
        let text = format!("{:X}", row * layout.columns);
        // A number that cannot be drawn is missing, and nothing else.
        let _ = context.fill_text(&text, f64::from(x) - 3.0, f64::from(y) + 8.0);
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_core::limits::ENVIRONMENTS_MAX;

    use super::{Colours, colour, pixel};
    use crate::view::{FrameCell, Owner};

    fn colours() -> Colours {
        let hue = |name: u8| ([name, 0, 0, 255], [name, 1, 0, 255]);
        Colours {
            free: [9, 9, 9, 255],
            edge: [8, 8, 8, 255],
            ink: [1, 1, 1, 255],
            now: [7, 7, 7, 255],
            hues: [hue(10), hue(11), hue(12), hue(13)],
        }
    }

    /// The pixels of a square, in a row.
    fn drawn(env: u8, change: impl FnOnce(&mut FrameCell)) -> Vec<[u8; 4]> {
        let mut cell = FrameCell {
            owner: Some(Owner { env: EnvId(env) }),
            ..FrameCell::default()
        };
        change(&mut cell);
        let places = (0..3).flat_map(|y| (0..3).map(move |x| (x, y)));
        let colours = colours();
        places
            .map(|(x, y)| pixel(&cell, 3, x, y, &colours))
            .collect()
    }

    #[test]
    fn owners_differ_by_hatch_and_not_by_hue_alone_even_in_the_smallest_squares() {
        let hatches: Vec<Vec<bool>> = (0..16)
            .map(|env| drawn(env, |_| {}).iter().map(|it| it[1] == 1).collect())
            .collect();
        for (index, hatch) in hatches.iter().enumerate() {
            assert!(hatch.contains(&true) && hatch.contains(&false));
            assert!(hatches[..index].iter().all(|other| other != hatch));
        }
    }

    #[test]
    fn no_two_environments_of_a_machine_have_squares_that_look_alike() {
        let squares: Vec<_> = (0..ENVIRONMENTS_MAX)
            .map(|env| drawn(env as u8, |_| {}))
            .collect();
        for (index, square) in squares.iter().enumerate() {
            assert!(
                squares[..index].iter().all(|other| other != square),
                "{index}"
            );
        }
    }

    #[test]
    fn each_bit_is_seen_and_what_this_step_touched_is_seen_first() {
        let plain = drawn(0, |_| {});
        let bits: [fn(&mut FrameCell); 5] = [
            |cell| cell.shared = true,
            |cell| cell.asked = true,
            |cell| cell.referenced = true,
            |cell| cell.dirty = true,
            |cell| cell.pinned = true,
        ];
        let mut seen = vec![plain];
        for bit in bits {
            let now = drawn(0, bit);
            assert!(!seen.contains(&now));
            seen.push(now);
        }
        assert_eq!(drawn(0, |cell| cell.now = true), [[7, 7, 7, 255]; 9]);
        assert_eq!(drawn(0, |cell| cell.owner = None), [[9, 9, 9, 255]; 9]);
        let given_back = |cell: &mut FrameCell| (cell.owner, cell.now) = (None, true);
        assert_eq!(drawn(0, given_back), [[7, 7, 7, 255]; 9]);
    }

    #[test]
    fn colours_are_read_as_the_style_sheet_writes_them() {
        assert_eq!(colour(" #00609f"), [0, 0x60, 0x9f, 255]);
        assert_eq!(colour("rgb(1 2 3)"), [0, 0, 0, 255]);
    }
}
