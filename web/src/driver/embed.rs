//! The page as a part of another one: what its host may ask by `postMessage`; `docs/embedding.md`.
//!
//! Only the window that holds the frame is heard, and, if the address names a host, only when it is of
//! that origin. An answer goes to the origin that asked. What can be asked is what a reader's hands could do.

use exo_session::state::state_report;
use gloo::events::EventListener;
use js_sys::{Number, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};
use yew::{hook, use_effect_with};

use super::address::Address;
use super::host::put;
use super::store::Store;
use crate::store::Action;

/// The version of the messages, which each of them names.
const VERSION: u32 = 1;

/// Listens to the host as long as the page lives, and tells it that the page is there.
#[hook]
pub(super) fn use_host(store: &Store, address: &Address) {
    let (store, address) = (store.clone(), address.clone());
    use_effect_with((), move |()| {
        let window = web_sys::window().filter(|_| address.embedded);
        let listener = window.and_then(|window| {
            let parent = window.parent().ok().flatten()?;
            if is_same(&parent, &window) {
                return None;
            }
            let target = address.host.as_deref().unwrap_or("*").to_owned();
            let host = parent.clone();
            let allowed = address.host;
            let listener = EventListener::new(&window, "message", move |event| {
                if let Some(event) = event.dyn_ref::<MessageEvent>() {
                    let named = allowed.as_ref().is_none_or(|it| *it == event.origin());
                    let source = event.source();
                    let from = source.is_some_and(|it| is_same(&it, &host));
                    if named && from {
                        answer(event, &host, &store);
                    }
                }
            });
            send(&parent, &target, &[("event", "ready".into())]);
            Some(listener)
        });
        move || drop(listener)
    });
}

fn is_same(one: &JsValue, other: &JsValue) -> bool {
    Object::is(one, other)
}

/// Answers one message; what is no message of ours is not answered.
fn answer(event: &MessageEvent, host: &Window, store: &Store) {
    let data = event.data();
    let part = |name: &str| Reflect::get(&data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if !data.is_object() || part("exokernel").as_f64() != Some(f64::from(VERSION)) {
        return;
    }
    let ask = part("ask").as_string().unwrap_or_default();
    let (word, said) = match ask_of(&ask, &part("value"), store) {
        Ok(value) => ("answer", value),
        Err(reason) => ("error", reason.into()),
    };
    // A frame without an origin of its own cannot be named.
    let origin = match event.origin() {
        none if none == "null" || none.is_empty() => "*".to_owned(),
        origin => origin,
    };
    send(host, &origin, &[("id", part("id")), (word, said)]);
}

fn send(to: &Window, origin: &str, parts: &[(&str, JsValue)]) {
    let message = Object::new();
    put(&message, "exokernel", &VERSION.into());
    parts
        .iter()
        .for_each(|(name, value)| put(&message, name, value));
    // A host that names an origin that it is not of hears nothing.
    drop(to.post_message(&message, origin));
}

/// Does what is asked, and says what comes of it.
fn ask_of(ask: &str, value: &JsValue, store: &Store) -> Result<JsValue, String> {
    let text = || {
        let number = value
            .dyn_ref::<Number>()
            .and_then(|it| it.to_string_with_radix(10).ok()?.as_string());
        let text = value.as_string().or(number);
        text.ok_or_else(|| format!("{ask} needs a text or a number as its value"))
    };
    let action = match ask {
        "ping" => return Ok("pong".into()),
        "state" => return state(store),
        "link" => return store.link().map(JsValue::from),
        "step" => Action::Step,
        "back" => Action::StepBack,
        "nextEvent" => Action::NextEvent,
        "nextFault" => Action::NextFault,
        "reset" => Action::Reset,
        "run" if store.is_busy() => return state(store),
        "run" => Action::ToggleRun,
        "pause" => Action::Cancel,
        "goTo" => Action::GoToTyped(text()?),
        "open" => Action::OpenLink(text()?),
        unknown => return Err(format!("there is nothing called {unknown:?} to ask for")),
    };
    store.dispatch(action);
    state(store)
}

fn state(store: &Store) -> Result<JsValue, String> {
    let report = store.read(|playground| state_report(playground.session()));
    let value = report.serialize(&Serializer::new());
    value.map_err(|error| error.to_string())
}
