//! Loads the later part of the program when it is first needed.

use wasm_bindgen_futures::spawn_local;
use yew::{hook, use_effect_with};

use super::store::Store;
use crate::later::{self, Later};
use crate::store::Action;

/// It could not be fetched, or is not of this program.
pub(super) struct Missing;

/// The later part: linked, where the program is in one piece.
#[cfg(any(feature = "whole", not(target_family = "wasm")))]
async fn load() -> Result<&'static Later, Missing> {
    Ok(&later::ALL)
}

/// The later part: `cargo xtask build` puts all that is behind it into a file of its own, which the first call fetches.
#[cfg(not(any(feature = "whole", not(target_family = "wasm"))))]
#[wasm_split_helpers::wasm_split(later, fallible)]
fn load() -> Result<&'static Later, Missing> {
    Ok(&later::ALL)
}

#[cfg(not(any(feature = "whole", not(target_family = "wasm"))))]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Missing {
        Missing
    }
}

/// Loads the later part while it is wanted, then has done what it was wanted for.
#[hook]
pub(super) fn use_later(store: &Store, wanted: bool) {
    let store = store.clone();
    use_effect_with(wanted, move |wanted| {
        if *wanted {
            spawn_local(async move {
                match load().await {
                    Ok(part) => {
                        later::bring(part);
                        store.later_came();
                    }
                    Err(Missing) => store.dispatch(Action::LaterFailed),
                }
            });
        }
    });
}
