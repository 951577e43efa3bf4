//! When the program itself stops: a panel with the message instead of a dead page.

use std::panic::PanicHookInfo;

/// Shows the panel on a panic.
pub fn install() {
    std::panic::set_hook(Box::new(report));
}

/// Keeps Yew from putting its own hook in place of ours.
pub(super) fn install_for_yew() {
    yew::set_custom_panic_hook(Box::new(report));
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
    }
}
