//! Links and files in the browser: the address, the clipboard, and files that are saved.

use std::rc::Rc;

use exo_session::saved::is_link;
use gloo::events::EventListener;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlAnchorElement, HtmlInputElement, Url};
use yew::{NodeRef, hook, use_effect_with};

use super::address::Address;
use super::store::Store;
use crate::store::{Action, ExportFile};

/// The part of the address behind its `#`, if it is a link to a session.
fn link_in_the_address() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    is_link(&hash).then_some(hash)
}

/// Whether the address has a link in it.
pub(super) fn has_link() -> bool {
    link_in_the_address().is_some()
}

/// Opens the link in the address when the page opens, and whenever another is put there.
#[hook]
pub(super) fn use_links(store: &Store, address: &Address) {
    let (store, address) = (store.clone(), address.clone());
    use_effect_with((), move |()| {
        let began = store.clone();
        let open = move || {
            if let Some(link) = link_in_the_address() {
                store.dispatch(Action::OpenLink(link));
            }
        };
        open();
        begin(&began, &address);
        let listener = web_sys::window()
            .map(|window| EventListener::new(&window, "hashchange", move |_| open()));
        move || drop(listener)
    });
}

/// What the address asks for besides a link: a scenario, where to begin, to be read only.
pub(super) fn begin(store: &Store, address: &Address) {
    let named = address.scenario.as_deref().filter(|_| !has_link());
    if let Some(scenario) = named.and_then(exo_libos_samples::scenario) {
        store.dispatch(Action::OpenScenario(scenario.name));
    } else if let Some(name) = named {
        let reason = "There is no scenario of that name.".to_owned();
        let name = name.to_owned();
        store.dispatch(Action::TraceFailed { name, reason });
    }
    if let Some(step) = &address.step {
        store.dispatch(Action::StartAt(step.clone()));
    }
    if address.read_only {
        store.dispatch(Action::ReadOnly);
    }
}

/// When a link was made: puts it into the address, and asks the browser to copy it.
#[hook]
pub(super) fn use_sharing(store: &Store, link: Option<&str>, embedded: bool) {
    let store = store.clone();
    use_effect_with(link.map(str::to_owned), move |link| {
        if let Some(link) = link.clone() {
            if !embedded {
                put_into_the_address(&link);
            }
            copy(store);
        }
    });
}

fn put_into_the_address(link: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // A browser that keeps no history shows the link all the same.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(link)));
    }
}

/// The address of the whole page with the session as it stands in it.
pub(super) fn whole_page(store: &Store) -> String {
    let link = store.link().unwrap_or_default();
    format!("./{link}")
}

/// The whole address, which now ends with the link.
pub fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    location.and_then(|it| it.href().ok()).unwrap_or_default()
}

fn copy(store: Store) {
    let Some(window) = web_sys::window() else {
        return;
    };
    // There is none where the page is not served safely.
    let clipboard = Reflect::get(&window.navigator(), &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_undefined()) {
        return store.dispatch(Action::Copied(false));
    }
    let written = window.navigator().clipboard().write_text(&address());
    spawn_local(async move {
        let copied = JsFuture::from(written).await.is_ok();
        store.dispatch(Action::Copied(copied));
    });
}

/// Lets the browser save a text as a file.
pub fn save(name: &str, text: &str) {
    // A browser that saves no files leaves things as they are.
    let _ = try_save(name, text);
}

/// Lets the browser save each file that is exported, once.
#[hook]
pub fn use_download(file: Option<&Rc<ExportFile>>) {
    let file = file.cloned();
    use_effect_with(file.as_ref().map(|it| it.number), move |_| {
        if let Some(file) = file {
            save(&file.name, &file.text);
        }
    });
}

fn try_save(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence(&parts)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document {
        let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    Url::revoke_object_url(&url)
}

/// Selects all of a field's text, so that it can be copied by hand.
pub fn select_all(field: &NodeRef) {
    if let Some(field) = field.cast::<HtmlInputElement>() {
        field.select();
    }
}
