//! A part of the page: what it shows, and how that is drawn. It is drawn again only when it shows something else.
//!
//! To the framework all parts are one component: what it does for a component is in the program once, and not once
//! for each part.

use std::any::Any;
use std::rc::Rc;

use yew::functional::{Hook, HookContext};
use yew::virtual_dom::Key;
use yew::{Html, Properties, component, html};

/// What a part shows, and whom it tells.
pub(crate) trait Part: PartialEq + 'static {
    /// Draws it; the context holds what it keeps from one drawing to the next.
    fn draw(&self, context: &mut HookContext) -> Html;
}

/// A part of the page.
pub(crate) fn part<P: Part>(part: P) -> Html {
    // Parts of two kinds in one place are never taken for each other: their keys differ.
    let kind = P::draw as fn(&P, &mut HookContext) -> Html;
    placed(Key::from(kind as usize), Rc::new(part))
}

/// A part of the page among others of its kind, which goes by a key.
pub(crate) fn keyed_part<P: Part>(key: impl Into<Key>, part: P) -> Html {
    placed(key.into(), Rc::new(part))
}

fn placed(key: Key, shown: Rc<dyn Shown>) -> Html {
    html! { <Place {key} {shown} /> }
}

/// Any part.
trait Shown {
    fn is(&self, other: &dyn Any) -> bool;
    fn any(&self) -> &dyn Any;
    fn drawn(&self, context: &mut HookContext) -> Html;
}

impl<P: Part> Shown for P {
    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<P>() == Some(self)
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn drawn(&self, context: &mut HookContext) -> Html {
        self.draw(context)
    }
}

#[derive(Properties)]
struct PlaceProps {
    shown: Rc<dyn Shown>,
}

impl PartialEq for PlaceProps {
    fn eq(&self, other: &PlaceProps) -> bool {
        self.shown.is(other.shown.any())
    }
}

/// The one component: draws what is in its place.
#[component]
fn Place(props: &PlaceProps) -> Html {
    use_drawing(&*props.shown)
}

/// The drawing of a part, as a hook: so its own hooks are those of the place.
fn use_drawing(shown: &dyn Shown) -> impl Hook<Output = Html> {
    Drawing(shown)
}

struct Drawing<'s>(&'s dyn Shown);

impl Hook for Drawing<'_> {
    type Output = Html;

    fn run(self, context: &mut HookContext) -> Html {
        self.0.drawn(context)
    }
}
