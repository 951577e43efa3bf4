//! When the program itself stops: a panel with the message, and the session to download, instead of a
//! dead page. Nothing of the program is called any more: the panel's two links need none of it.

use std::cell::RefCell;
use std::panic::PanicHookInfo;

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Blob, Document, HtmlAnchorElement, Url};

/// The name of the file that the panel offers.
const FILE_NAME: &str = "rescued-session.toml";

thread_local! {
    /// The session's file as it was last kept.
    static REMEMBERED: RefCell<String> = const { RefCell::new(String::new()) };
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

fn report(info: &PanicHookInfo<'_>) {
    let message = info.to_string();
    web_sys::console::error_1(&message.as_str().into());
    show(&message);
}

/// Shows the panel with this message. The first message stays: later ones only follow from it.
pub(super) fn show(message: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) = document else {
        return;
    };
    let element = |id: &str| document.get_element_by_id(id);
    if let (Some(panel), Some(text)) = (element("crash"), element("crash-message"))
        && text.text_content().is_none_or(|text| text.is_empty())
    {
        text.set_text_content(Some(message));
        drop(panel.remove_attribute("hidden"));
        panel.scroll_into_view();
        offer(&document);
    }
}

/// Puts the session behind the panel's link; without one the link stays hidden.
fn offer(document: &Document) -> Option<()> {
    let link = document.get_element_by_id("crash-session")?;
    let link: HtmlAnchorElement = link.dyn_into().ok()?;
    let text = REMEMBERED.with(|it| it.try_borrow().map(|it| it.clone()).unwrap_or_default());
    if text.is_empty() {
        return None;
    }
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    link.set_href(&Url::create_object_url_with_blob(&blob).ok()?);
    link.set_download(FILE_NAME);
    link.remove_attribute("hidden").ok()
}
