//! Whether the shown text follows the run is remembered, as the page's looks are.

use yew::{hook, use_effect_with, use_mut_ref};

use super::store::Store;
use super::theme::{store_at, stored_at};
use crate::store::Action;

const STORED_AS: &str = "exokernel.follow";

/// Takes what was chosen before, and remembers what is chosen.
#[hook]
pub(super) fn use_following(store: &Store, follows: bool) {
    let (store, first) = (store.clone(), use_mut_ref(|| true));
    use_effect_with(follows, move |follows| {
        if std::mem::take(&mut *first.borrow_mut()) {
            if stored_at(STORED_AS).as_deref() == Some("no") {
                store.dispatch(Action::Follow(false));
            }
        } else {
            store_at(STORED_AS, if *follows { "yes" } else { "no" });
        }
    });
}
