//! What a click asks for.

use web_sys::Element;
use yew::{Callback, MouseEvent, TargetCast};

use crate::store::Action;

/// A click that asks for something.
pub fn act(on: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let on = on.clone();
    Callback::from(move |_| on.emit(action.clone()))
}

/// The number that stands in an attribute of what was clicked, or of what that lies in: one listener serves a list.
pub fn pointed(event: &MouseEvent, attribute: &str) -> Option<u64> {
    let clicked = event.target_dyn_into::<Element>()?;
    let found = clicked.closest(&format!("[{attribute}]")).ok().flatten()?;
    found.get_attribute(attribute)?.parse().ok()
}
