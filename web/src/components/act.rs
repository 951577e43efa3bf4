//! What a click asks for.

use yew::{Callback, MouseEvent};

use crate::store::Action;

/// A click that asks for something.
pub fn act(on: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let on = on.clone();
    Callback::from(move |_| on.emit(action.clone()))
}
