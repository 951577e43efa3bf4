//! Remembers where the first lesson stands.

use yew::{hook, use_effect_with};

use super::store::Store;
use super::theme::storage;
use crate::store::{Action, GuideAction};

const STORED_AS: &str = "exokernel.lesson";

/// Offers the lesson when the page opens, if `offer`, and remembers how it stands.
#[hook]
pub(super) fn use_guide(store: &Store, offer: bool, stored: Option<&String>) {
    let store = store.clone();
    use_effect_with((), move |()| {
        if offer {
            let stored = storage().and_then(|it| it.get_item(STORED_AS).ok().flatten());
            store.dispatch(Action::Guide(GuideAction::Found(stored)));
        }
    });
    use_effect_with(stored.cloned(), |stored| {
        if let (Some(stored), Some(storage)) = (stored, storage()) {
            // Where nothing can be stored, the lesson is offered again.
            drop(storage.set_item(STORED_AS, stored));
        }
    });
}
