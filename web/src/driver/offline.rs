//! The page without a network: a service worker keeps one version of it, and a newer one takes over when
//! the reader wants it. The worker is written by `crates/xtask/src/offline.rs`.

use std::cell::Cell;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState,
};
use yew::{Callback, UseStateSetter, hook, use_effect_with, use_mut_ref, use_state_eq};

use super::store::Store;

/// The worker, beside the page.
const WORKER: &str = "sw.js";
/// What it is told when its version is to be used.
const TAKE_OVER: &str = "take over";

/// What it is told when it is to keep what a first visit does not fetch.
const KEEP_THE_REST: &str = "keep the rest";
/// How long the page rests before it is told so, in milliseconds.
const RESTS_MS: u32 = 20_000;

/// Registers the worker, if `on`; what uses the newer version, once one is there.
#[hook]
pub(super) fn use_offline(store: &Store, on: bool) -> Option<Callback<()>> {
    let newer = use_state_eq(|| None::<ServiceWorker>);
    let wanted = use_mut_ref(|| false);
    {
        let (set, wanted, store) = (newer.setter(), wanted.clone(), store.clone());
        use_effect_with((), move |()| {
            let workers = if on { container() } else { None };
            let listener = workers.map(|workers| {
                spawn_local(register(workers.clone(), set.clone()));
                keep_the_rest_later(workers.clone(), store);
                let served = Cell::new(workers.controller().is_some());
                let container = workers.clone();
                EventListener::new(&workers, "controllerchange", move |_| {
                    if *wanted.borrow() {
                        reload();
                    } else if served.replace(true) {
                        // Another tab uses the newer version. The first one only takes over what it did not serve.
                        set.set(container.controller());
                    }
                })
            });
            move || drop(listener)
        });
    }
    let store = store.clone();
    newer.as_ref().cloned().map(|worker| {
        Callback::from(move |()| {
            store.leave();
            *wanted.borrow_mut() = true;
            if worker.state() == ServiceWorkerState::Installed {
                drop(worker.post_message(&TAKE_OVER.into()));
            } else {
                // It is in use already, or has been followed by another.
                reload();
            }
        })
    })
}

/// When the page has rested for a while, lets the worker keep what a first visit does not fetch, unless the reader
/// saves data.
fn keep_the_rest_later(workers: ServiceWorkerContainer, store: Store) {
    let rested = move || {
        if store.is_busy() {
            keep_the_rest_later(workers, store);
        } else if !saves_data() {
            spawn_local(keep_the_rest(workers));
        }
    };
    Timeout::new(RESTS_MS, rested).forget();
}

async fn keep_the_rest(workers: ServiceWorkerContainer) {
    let Ok(ready) = workers.ready() else {
        return;
    };
    if let Ok(registration) = JsFuture::from(ready).await {
        let registration: ServiceWorkerRegistration = registration.unchecked_into();
        if let Some(worker) = registration.active() {
            drop(worker.post_message(&KEEP_THE_REST.into()));
        }
    }
}

/// Whether the browser says that its reader wants to save data.
fn saves_data() -> bool {
    let navigator = web_sys::window().map(|window| window.navigator());
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let connection = navigator.and_then(|it| part(&it, "connection"));
    let saves = connection.and_then(|it| part(&it, "saveData"));
    saves.is_some_and(|it| it.is_truthy())
}

/// Where workers are registered; there is no such place where the page is not served safely, and none can be had
/// in a frame without an origin of its own.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let workers = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    workers.is_object().then(|| workers.unchecked_into())
}

fn reload() {
    if let Some(window) = web_sys::window() {
        drop(window.location().reload());
    }
}

/// Registers the worker and tells of each newer one. Without it the page works, but for being offline.
async fn register(workers: ServiceWorkerContainer, set: UseStateSetter<Option<ServiceWorker>>) {
    let Ok(registered) = JsFuture::from(workers.register(WORKER)).await else {
        return;
    };
    let registration: ServiceWorkerRegistration = registered.unchecked_into();
    if let Some(waiting) = registration.waiting() {
        set.set(Some(waiting));
    }
    let found = registration.clone();
    let listener = EventListener::new(&registration, "updatefound", move |_| {
        if let Some(worker) = found.installing() {
            follow(&worker, &workers, &set);
        }
    });
    listener.forget(); // it lives as long as the page
}

/// Tells of a worker when it is installed beside one that is in use.
fn follow(
    worker: &ServiceWorker,
    workers: &ServiceWorkerContainer,
    set: &UseStateSetter<Option<ServiceWorker>>,
) {
    let (installed, workers, set) = (worker.clone(), workers.clone(), set.clone());
    let listener = EventListener::new(worker, "statechange", move |_| {
        let waits = installed.state() == ServiceWorkerState::Installed;
        if waits && workers.controller().is_some() {
            set.set(Some(installed.clone()));
        }
    });
    listener.forget();
}
