//! Remembers where the first lesson stands.

use yew::{hook, use_effect_with};

use super::store::Store;
use super::theme::{store_at, stored_at};
use crate::store::{Action, GuideAction};

const STORED_AS: &str = "exokernel.lesson";

/// Offers the lesson when the page opens, if `offer`, and remembers how it stands.
#[hook]
pub(super) fn use_guide(store: &Store, offer: bool, stored: Option<&String>) {
    let store = store.clone();
    use_effect_with((), move |()| {
        if offer {
            store.dispatch(Action::Guide(GuideAction::Found(stored_at(STORED_AS))));
        }
    });
    use_effect_with(stored.cloned(), |stored| {
        if let Some(stored) = stored {
            // Where nothing can be stored, the lesson is offered again.
            store_at(STORED_AS, stored);
        }
    });
}
