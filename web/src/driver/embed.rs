//! The page as a part of another one: what its host may ask by `postMessage`; `docs/embedding.md`.
//!
//! Only the window that holds the frame is heard, and, if the address names a host, only when it is of
//! that origin. An answer goes to the origin that asked. What can be asked is what a reader's hands could do.

use std::cell::RefCell;
use std::rc::Rc;

use exo_session::state::state_report;
use gloo::events::EventListener;
use js_sys::{Number, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};
use yew::{hook, use_effect, use_effect_with, use_mut_ref};

use super::address::Address;
use super::host::put;
use super::store::Store;
use crate::store::{Action, Playground, Target};

/// The version of the messages, which each of them names.
const VERSION: u32 = 1;

/// What is answered when the page is where it was sent.
#[derive(Clone)]
struct Asked {
    host: Window,
    origin: String,
    id: JsValue,
    /// Whether something was to be opened, which may go wrong.
    opens: bool,
}

/// The one question that waits for its answer, if one does.
type Waiting = Rc<RefCell<Option<Asked>>>;

/// Listens to the host as long as the page lives, tells it that the page is there, and when it is where it was sent.
#[hook]
pub(super) fn use_host(store: &Store, address: &Address) {
    let waiting: Waiting = use_mut_ref(|| None);
    {
        let (store, address, waiting) = (store.clone(), address.clone(), waiting.clone());
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
                            answer(event, &host, &store, &waiting);
                        }
                    }
                });
                send(&parent, &target, &[("event", "ready".into())]);
                Some(listener)
            });
            move || drop(listener)
        });
    }
    let store = store.clone();
    use_effect(move || answer_waiting(&store, &waiting));
}

/// Answers the question that waits, once the page is where it was sent.
fn answer_waiting(store: &Store, waiting: &Waiting) {
    if !store.read(Playground::is_on_its_way) {
        answer_now(store, waiting);
    }
}

/// Answers the question that waits, however far the page has come.
fn answer_now(store: &Store, waiting: &Waiting) {
    let Some(asked) = waiting.borrow_mut().take() else {
        return;
    };
    let problem = store.read(|it| it.problem().map(str::to_owned));
    let said = match problem.filter(|_| asked.opens) {
        Some(problem) => Err(problem),
        None => state(store),
    };
    tell(&asked, said);
}

fn is_same(one: &JsValue, other: &JsValue) -> bool {
    Object::is(one, other)
}

/// Answers one message; what is no message of ours is not answered.
fn answer(event: &MessageEvent, host: &Window, store: &Store, waiting: &Waiting) {
    let data = event.data();
    let part = |name: &str| Reflect::get(&data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if !data.is_object() || part("exokernel").as_f64() != Some(f64::from(VERSION)) {
        return;
    }
    let ask = part("ask").as_string().unwrap_or_default();
    let asked = Asked {
        host: host.clone(),
        // A frame without an origin of its own cannot be named.
        origin: match event.origin() {
            none if none == "null" || none.is_empty() => "*".to_owned(),
            origin => origin,
        },
        id: part("id"),
        opens: ask == "open",
    };
    match ask_of(&ask, &part("value"), store) {
        Ok(Asks::Said(value)) => tell(&asked, Ok(value)),
        Ok(Asks::Does(action)) => {
            // Whoever asks on does not wait for what was asked before.
            answer_now(store, waiting);
            if asked.opens {
                // What was said before is not of what is opened now.
                store.dispatch(Action::Dismiss);
            }
            *waiting.borrow_mut() = Some(asked);
            store.dispatch(action);
            answer_waiting(store, waiting);
        }
        Err(reason) => tell(&asked, Err(reason)),
    }
}

fn tell(asked: &Asked, said: Result<JsValue, String>) {
    let (word, said) = match said {
        Ok(value) => ("answer", value),
        Err(reason) => ("error", reason.into()),
    };
    send(
        &asked.host,
        &asked.origin,
        &[("id", asked.id.clone()), (word, said)],
    );
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

/// What comes of a question.
enum Asks {
    /// It is answered.
    Said(JsValue),
    /// This is done, and the state after it is the answer.
    Does(Action),
}

fn ask_of(ask: &str, value: &JsValue, store: &Store) -> Result<Asks, String> {
    let text = || {
        let number = value
            .dyn_ref::<Number>()
            .and_then(|it| it.to_string_with_radix(10).ok()?.as_string());
        let text = value.as_string().or(number);
        text.ok_or_else(|| format!("{ask} needs a text or a number as its value"))
    };
    let action = match ask {
        "ping" => return Ok(Asks::Said("pong".into())),
        "state" => return state(store).map(Asks::Said),
        "link" => return store.link().map(|it| Asks::Said(it.into())),
        "step" => Action::Step,
        "back" => Action::StepBack,
        "nextEvent" => Action::NextEvent,
        "nextFault" => Action::NextFault,
        "reset" => Action::Reset,
        "run" if store.is_busy() => return state(store).map(Asks::Said),
        "run" => Action::ToggleRun,
        "pause" => Action::Cancel,
        "goTo" => Action::GoTo(Target::parse(&text()?)?),
        "open" => Action::OpenLink(text()?),
        unknown => return Err(format!("there is nothing called {unknown:?} to ask for")),
    };
    Ok(Asks::Does(action))
}

fn state(store: &Store) -> Result<JsValue, String> {
    let report = store.read(|playground| state_report(playground.session()));
    let value = report.serialize(&Serializer::new());
    value.map_err(|error| error.to_string())
}
