//! Links and files in the browser: the address, the clipboard, and files that are saved.

use std::rc::Rc;

use exo_session::saved::is_link;
use gloo::events::EventListener;
use js_sys::{Array, Reflect, Uint8Array, encode_uri_component};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement,
    HtmlInputElement, Url,
};
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

/// Asks the browser to copy a text. Where it does not, nothing is said: the text stands on the page.
pub fn copy_text(text: &str) {
    let navigator = web_sys::window().map(|window| window.navigator());
    let navigator = navigator.filter(|it| {
        // There is none where the page is not served safely.
        Reflect::get(it, &"clipboard".into()).is_ok_and(|clipboard| !clipboard.is_undefined())
    });
    if let Some(navigator) = navigator {
        let written = navigator.clipboard().write_text(text);
        spawn_local(async move {
            drop(JsFuture::from(written).await);
        });
    }
}

/// Lets the browser save a file, one part after the other.
pub fn save(name: &str, parts: &[impl AsRef<[u8]>]) {
    // A browser that saves no files leaves things as they are.
    let _ = try_save(name, parts);
}

/// Lets the browser save each file that is exported, once.
#[hook]
pub fn use_download(file: Option<&Rc<ExportFile>>) {
    let file = file.cloned();
    use_effect_with(file.as_ref().map(|it| it.number), move |_| {
        if let Some(file) = file {
            if file.name.ends_with(".png") {
                save_pixels(&file.name, &file.text());
            } else {
                save(&file.name, &file.parts);
            }
        }
    });
}

/// Pixels of a picture's size for each of its units: sharp in print.
const PIXELS: f64 = 2.0;

/// Makes a picture of SVG into pixels and lets the browser save them.
fn save_pixels(name: &str, svg: &str) {
    // A browser that draws no such pictures leaves things as they are.
    let Ok(image) = HtmlImageElement::new() else {
        return;
    };
    let (name, drawn) = (name.to_owned(), image.clone());
    let listener = EventListener::once(&image, "load", move |_| {
        drop(draw(&name, &drawn));
    });
    listener.forget(); // it ends with the picture
    let text = String::from(encode_uri_component(svg));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{text}"));
}

fn draw(name: &str, image: &HtmlImageElement) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    let (width, height) = (
        f64::from(image.width()) * PIXELS,
        f64::from(image.height()) * PIXELS,
    );
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)?;
    let name = name.to_owned();
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            drop(offer(&name, &blob));
        }
    });
    canvas.to_blob(done.unchecked_ref())
}

fn try_save(name: &str, parts: &[impl AsRef<[u8]>]) -> Result<(), JsValue> {
    let parts: Array = parts
        .iter()
        .map(|it| Uint8Array::from(it.as_ref()))
        .collect();
    offer(name, &Blob::new_with_u8_array_sequence(&parts)?)
}

fn offer(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
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
