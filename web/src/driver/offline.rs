//! The page without a network: a service worker keeps one version of it, and a newer one takes over when
//! the reader wants it. The worker is written by `crates/xtask/src/offline.rs`.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState,
};
use yew::{Callback, UseStateSetter, hook, use_effect_with, use_state_eq};

use super::store::Store;

/// The worker, beside the page.
const WORKER: &str = "sw.js";
/// What it is told when its version is to be used.
const TAKE_OVER: &str = "take over";

/// Registers the worker, if `on`; what uses the newer version, once one is there.
#[hook]
pub(super) fn use_offline(store: &Store, on: bool) -> Option<Callback<()>> {
    let newer = use_state_eq(|| None::<ServiceWorker>);
    let wanted = use_state_eq(|| Wanted(Rc::new(Cell::new(false))));
    {
        let (set, wanted) = (newer.setter(), (*wanted).clone());
        use_effect_with((), move |()| {
            let workers = container().filter(|_| on);
            let listener = workers.map(|workers| {
                spawn_local(register(workers.clone(), set));
                EventListener::new(&workers, "controllerchange", move |_| {
                    // Not when the first version has taken over a page that it did not serve.
                    if wanted.0.get() {
                        reload();
                    }
                })
            });
            move || drop(listener)
        });
    }
    let (store, wanted) = (store.clone(), (*wanted).clone());
    newer.as_ref().cloned().map(|worker| {
        Callback::from(move |()| {
            store.leave();
            wanted.0.set(true);
            // A worker that is gone has been followed by another, which is told of likewise.
            drop(worker.post_message(&TAKE_OVER.into()));
        })
    })
}

/// Whether the reader has asked for the newer version.
#[derive(Clone)]
struct Wanted(Rc<Cell<bool>>);

impl PartialEq for Wanted {
    fn eq(&self, other: &Wanted) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Where workers are registered; there is no such place where the page is not served safely.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let there = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    there.then(|| navigator.service_worker())
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
