//! `window.exokernel`: what scripts on the page may ask.
//!
//! `exokernel.state()` returns a plain object, made anew at each call:
//! ```text
//! { modelVersion, step, position: { retired, event }, digest: "16 hexadecimal digits",
//!   environments: [ { name, phase, framesHeld,
//!                     counters: { references, tlbHits, tlbMisses, stlbHits, protectionFaults, upcalls,
//!                                 systemCalls, crossings, pageLoads, evictions },
//!                     cycles: { application, libos, kernel } } ] }
//! ```
//! Counts are numbers; one above 2^53 - 1 is a string of its digits. `phase` is `application`,
//! `kernel`, `handler`, `adopting`, `rerunning`, `finished` or `broken`. Nothing can be changed.

use std::cell::RefCell;
use std::rc::Rc;

use exo_session::state::state_report;
use js_sys::{Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::store::Playground;

/// Puts `exokernel` on the window.
pub(super) fn install(playground: Rc<RefCell<Playground>>) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let state = Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new(move || {
        let report = state_report(playground.borrow().session());
        Ok(report.serialize(&Serializer::new())?)
    });
    let object = Object::new();
    let done = Reflect::set(&object, &"state".into(), &state.into_js_value())
        .and_then(|_| Reflect::set(&window, &"exokernel".into(), &object));
    debug_assert!(done.is_ok(), "a new object and the window take properties");
}
