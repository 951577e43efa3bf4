//! The editor that is bundled into a file of its own: loaded when the page has opened, and what it answers to.

use gloo::events::EventListener;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Element, window};
use yew::{hook, use_effect_with, use_state_eq};

#[wasm_bindgen]
extern "C" {
    /// An editor on the page (`web/editor/main.js`).
    #[derive(Clone, Debug)]
    pub(super) type RichEditor;

    /// Makes one within an element.
    #[wasm_bindgen(js_namespace = exokernelEditor, catch)]
    pub(super) fn mount(parent: &Element, host: &JsValue) -> Result<RichEditor, JsValue>;

    /// Shows the text that goes by `key`.
    #[wasm_bindgen(method)]
    pub(super) fn show(this: &RichEditor, key: &str, name: &str, text: &str, read_only: bool);

    /// Shows what the compiler says.
    #[wasm_bindgen(method)]
    pub(super) fn diagnose(this: &RichEditor, found: &JsValue);

    /// Marks lines.
    #[wasm_bindgen(method)]
    pub(super) fn mark(this: &RichEditor, what: &JsValue);

    /// Keeps lines from being edited.
    #[wasm_bindgen(method)]
    pub(super) fn lock(this: &RichEditor, lines: &JsValue);

    /// Shows what differs from another text, or nothing.
    #[wasm_bindgen(method)]
    pub(super) fn compare(this: &RichEditor, original: Option<&str>);

    /// Puts the cursor there.
    #[wasm_bindgen(method)]
    pub(super) fn place(this: &RichEditor, at: u32);

    /// The line in which the cursor stands.
    #[wasm_bindgen(method)]
    pub(super) fn line(this: &RichEditor) -> u32;

    /// The text, as it stands.
    #[wasm_bindgen(method)]
    pub(super) fn text(this: &RichEditor) -> String;

    /// Takes it away.
    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &RichEditor);
}

/// Loads the bundle once the page is drawn; true when it is there. It stays false where the page was built
/// without one, or the browser cannot load it.
#[hook]
pub(super) fn use_bundle() -> bool {
    let there = use_state_eq(|| false);
    let set = there.setter();
    use_effect_with((), move |()| {
        let listener =
            load().map(|script| EventListener::once(&script, "load", move |_| set.set(true)));
        move || drop(listener)
    });
    *there
}

/// Asks the browser for the bundle that `index.html` names.
fn load() -> Option<Element> {
    let document = window()?.document()?;
    let named = document.query_selector("meta[name=editor-bundle]").ok()??;
    let script = document.create_element("script").ok()?;
    let attributes = [
        ("type", Some("module".to_owned())),
        ("src", named.get_attribute("content")),
        ("integrity", named.get_attribute("data-integrity")),
    ];
    for (name, value) in attributes {
        script.set_attribute(name, &value?).ok()?;
    }
    document.head()?.append_child(&script).ok()?;
    Some(script)
}
