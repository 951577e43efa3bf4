//! Files that are dropped on the page: the first one is opened, as if it had been chosen.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, File};
use yew::{Callback, hook, use_effect_with};

/// Takes the first of the files, and how many they are, that are dropped anywhere on the page; text that is dragged is left alone.
#[hook]
pub(super) fn use_drop(on_file: &Callback<(File, u32)>) {
    let on_file = on_file.clone();
    use_effect_with((), move |()| {
        let listeners = web_sys::window().map(|window| {
            let listen = |name: &'static str, take: Option<Callback<(File, u32)>>| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window, name, options, move |event| {
                    let dragged = event
                        .dyn_ref::<DragEvent>()
                        .and_then(DragEvent::data_transfer);
                    let Some(dragged) = dragged.filter(holds_files) else {
                        return;
                    };
                    // Otherwise the browser would leave the page and show the file.
                    event.prevent_default();
                    let files = dragged.files();
                    let first = files.and_then(|it| Some((it.get(0)?, it.length())));
                    if let (Some(take), Some(first)) = (&take, first) {
                        take.emit(first);
                    }
                })
            };
            [listen("dragover", None), listen("drop", Some(on_file))]
        });
        move || std::mem::drop(listeners)
    });
}

fn holds_files(dragged: &DataTransfer) -> bool {
    dragged.types().includes(&"Files".into(), 0)
}
