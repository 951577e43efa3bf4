//! When the program itself stops: a panel with the message, and the session to download, instead of a
//! dead page. The panel's two links need nothing of the program any more.

use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Blob, Document, HtmlAnchorElement, Url};

use super::address::Address;
use crate::store::Playground;

/// The name of the file that the panel offers.
const FILE_NAME: &str = "rescued-session.toml";

thread_local! {
    /// The session's file as it was last kept, or when it was opened.
    static REMEMBERED: RefCell<String> = const { RefCell::new(String::new()) };
    /// The page's state.
    static WATCHED: RefCell<Option<Rc<RefCell<Playground>>>> = const { RefCell::new(None) };
}

/// Shows the panel on a panic.
pub fn install() {
    std::panic::set_hook(Box::new(report));
}

/// Keeps Yew from putting its own hook in place of ours.
pub(super) fn install_for_yew() {
    yew::set_custom_panic_hook(Box::new(report));
}

/// Remembers the session's file for the panel.
pub(super) fn remember(text: &str) {
    REMEMBERED.with(|it| {
        if let Ok(mut remembered) = it.try_borrow_mut() {
            text.clone_into(&mut remembered);
        }
    });
}

/// Lets the panel offer the session as it stands, `text` before anything is known of it.
pub(super) fn watch(playground: &Rc<RefCell<Playground>>, text: &str) {
    remember(text);
    WATCHED.set(Some(playground.clone()));
}

fn report(info: &PanicHookInfo<'_>) {
    let message = info.to_string();
    web_sys::console::error_1(&message.as_str().into());
    show(&message);
}

/// Shows the panel with this message. The first message stays: later ones only follow from it.
pub(super) fn show(message: &str) {
    let Some(document) = say(message) else {
        return;
    };
    if Address::of_the_page().embedded {
        for (id, shown) in [
            ("crash-kept", false),
            ("crash-unkept", true),
            ("crash-again", false),
        ] {
            put(&document, id, shown);
        }
    }
    let text = REMEMBERED.with(|it| it.try_borrow().map(|it| it.clone()).unwrap_or_default());
    offer(&document, &text);
    // The state may be in the middle of a change, and making its file may fail as what came before did: then the
    // link stays as it is.
    let watched = WATCHED.with(|it| it.try_borrow().ok()?.clone());
    if let Some(playground) = watched
        && let Ok(playground) = playground.try_borrow()
    {
        offer(&document, &playground.work_text());
    }
}

/// Says that the page cannot be opened, and why.
pub(super) fn cannot_open(message: &str) {
    if let Some(document) = say(message) {
        put(&document, "crash-own", false);
        put(&document, "app", false);
        if let Some(title) = document.get_element_by_id("crash-title") {
            title.set_text_content(Some("The page could not be opened"));
        }
    }
}

/// Puts a message on the panel; none if there is one.
fn say(message: &str) -> Option<Document> {
    let document = web_sys::window()?.document()?;
    let panel = document.get_element_by_id("crash")?;
    let text = document.get_element_by_id("crash-message")?;
    if text.text_content().is_some_and(|text| !text.is_empty()) {
        return None;
    }
    text.set_text_content(Some(message));
    // What it leads to may be gone.
    if let Some(skip) = document.query_selector(".skip").ok().flatten() {
        skip.remove();
    }
    panel.remove_attribute("hidden").ok()?;
    panel.scroll_into_view();
    Some(document)
}

/// Shows a part of the page, or hides it.
fn put(document: &Document, id: &str, shown: bool) {
    if let Some(element) = document.get_element_by_id(id) {
        // An element of this document takes it.
        drop(element.toggle_attribute_with_force("hidden", !shown));
    }
}

/// Puts the session behind the panel's link; without one the link stays hidden.
fn offer(document: &Document, text: &str) -> Option<()> {
    let link = document.get_element_by_id("crash-session")?;
    let link: HtmlAnchorElement = link.dyn_into().ok()?;
    if text.is_empty() {
        return None;
    }
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    link.set_href(&Url::create_object_url_with_blob(&blob).ok()?);
    link.set_download(FILE_NAME);
    link.remove_attribute("hidden").ok()
}
