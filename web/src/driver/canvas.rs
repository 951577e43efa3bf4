//! The canvas of the ownership map: what is drawn on it already, and what is not.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};
use yew::{NodeRef, hook, use_context, use_effect_with, use_mut_ref};

use super::theme::Inks;
use super::{dense_map, lettered_map};
use crate::components::MapLayout;
use crate::view::MemoryView;

/// All that decides what the map looks like.
#[derive(Clone, PartialEq)]
pub struct MapPicture {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Where each lies.
    pub(crate) layout: MapLayout,
}

impl MapPicture {
    /// The frames that look other than in an earlier picture of the same layout, in order.
    fn changed(&self, before: &MapPicture) -> Vec<u32> {
        let cells = self.memory.cells.iter().zip(&before.memory.cells);
        let changed = |(frame, (now, was))| (now != was).then_some(frame);
        (0..).zip(cells).filter_map(changed).collect()
    }
}

/// With what a map is drawn.
enum Brush {
    /// Each frame with its letter.
    Lettered(Box<lettered_map::Brush>),
    /// Each frame a few pixels.
    Dense(Box<dense_map::Brush>),
}

/// What is on a canvas.
struct Drawn {
    picture: MapPicture,
    inks: Inks,
    ratio: f64,
    brush: Brush,
}

/// Draws on the map what changed of it; all of it when the page's colours changed, or its size.
#[hook]
pub fn use_map_canvas(canvas: &NodeRef, picture: MapPicture) {
    let canvas = canvas.clone();
    let inks = use_context::<Inks>().unwrap_or_default();
    let drawn = use_mut_ref(|| None::<Drawn>);
    use_effect_with((picture, inks), move |(picture, inks)| {
        let mut drawn = drawn.borrow_mut();
        let ratio = web_sys::window().map_or(1.0, |it| it.device_pixel_ratio().max(1.0));
        let same = drawn
            .as_mut()
            .filter(|it| (it.picture.layout, it.inks, it.ratio) == (picture.layout, *inks, ratio));
        if let Some(drawn) = same {
            let changed = picture.changed(&drawn.picture);
            drawn.picture = picture.clone();
            match &mut drawn.brush {
                Brush::Lettered(brush) => brush.draw_again(picture, &changed),
                Brush::Dense(brush) => brush.draw_again(picture, &changed),
            }
        } else {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            let brush = canvas.and_then(|canvas| begun(&canvas, picture, ratio));
            *drawn = brush.map(|brush| Drawn {
                picture: picture.clone(),
                inks: *inks,
                ratio,
                brush,
            });
        }
    });
}

/// Draws all of a map, and gives with what it was drawn; none where the browser draws nothing.
fn begun(canvas: &HtmlCanvasElement, picture: &MapPicture, ratio: f64) -> Option<Brush> {
    let styles = web_sys::window()?.get_computed_style(canvas).ok()??;
    Some(if picture.layout.dense {
        let mut brush = dense_map::Brush::of(canvas, picture.layout, &styles)?;
        brush.draw(picture);
        Brush::Dense(Box::new(brush))
    } else {
        // Large type zooms the page: whenever it comes or goes, the map has another width.
        let seen = canvas.get_bounding_client_rect().width();
        let zoom = seen / f64::from(canvas.offset_width().max(1));
        let ratio = ratio * if zoom > 0.0 { zoom } else { 1.0 };
        let brush = lettered_map::Brush::of(canvas, picture.layout, ratio, &styles)?;
        brush.draw(picture);
        Brush::Lettered(Box::new(brush))
    })
}

/// Empties a canvas, gives it a size in its own pixels, and says what to draw on it with.
pub(super) fn emptied(
    canvas: &HtmlCanvasElement,
    width: u32,
    height: u32,
) -> Option<CanvasRenderingContext2d> {
    canvas.set_width(width.max(1));
    canvas.set_height(height.max(1));
    let context = canvas.get_context("2d").ok()??;
    context.dyn_into::<CanvasRenderingContext2d>().ok()
}

/// What the style sheet says of a name.
pub(super) fn token(styles: &CssStyleDeclaration, name: &str) -> String {
    let value = styles.get_property_value(name).unwrap_or_default();
    value.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::MapPicture;
    use crate::components::MapLayout;
    use crate::store::Action;
    use crate::view::View;

    #[test]
    fn what_a_step_changes_is_drawn_again_and_nothing_else() {
        let mut playground = crate::view::tests::playground();
        crate::view::tests::step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let picture = |view: &View| MapPicture {
            memory: view.memory.clone(),
            layout: MapLayout::new(640, view.memory.cells.len() as u32),
        };
        let before = View::of(&playground);
        playground.update(Action::Step);
        let after = View::after(&before, &playground);
        let (was, now) = (picture(&before), picture(&after));
        let expected: Vec<u32> = (0..64)
            .filter(|frame| was.memory.cells[*frame as usize] != now.memory.cells[*frame as usize])
            .collect();
        assert!(!expected.is_empty() && expected.len() < 4, "{expected:?}");
        assert_eq!(now.changed(&was), expected);
        assert!(now.changed(&now).is_empty());
    }
}
