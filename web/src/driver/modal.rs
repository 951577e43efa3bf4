//! Sheets as the browser's modal dialogs.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};
use yew::{Callback, NodeRef, hook, use_effect_with, use_mut_ref};

/// A dialog: whether it is open as far as the page knows, and whom it tells that it was closed.
struct Modal {
    open: bool,
    closed: Callback<()>,
}

impl Modal {
    /// Whom to tell that a dialog is being closed, or was; none who knows.
    fn tells(&mut self, event: &Event) -> Option<Callback<()>> {
        let target = event.target()?;
        // A field for files within it can be cancelled too, and that comes up here.
        let dialog = target.dyn_into::<HtmlDialogElement>().ok()?;
        let closes = event.type_() == "cancel" || !dialog.open();
        (closes && std::mem::take(&mut self.open)).then(|| self.closed.clone())
    }
}

/// Opens and closes a `<dialog>` as a modal one; `closed` is told once when the user does so by Escape.
///
/// It is told when Escape is pressed. That it was closed the browser says with its next picture, and until then it may
/// have been opened again, which would be undone.
#[hook]
pub fn use_modal(node: &NodeRef, open: bool, closed: Callback<()>) {
    let modal = use_mut_ref(|| Modal {
        open: false,
        closed: Callback::noop(),
    });
    modal.borrow_mut().closed = closed;
    {
        let (node, modal) = (node.clone(), modal.clone());
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            let listeners = dialog.map(|dialog| {
                ["cancel", "close"].map(|kind| {
                    let modal = modal.clone();
                    EventListener::new(&dialog, kind, move |event| {
                        let tells = modal.borrow_mut().tells(event);
                        if let Some(closed) = tells {
                            closed.emit(());
                        }
                    })
                })
            });
            move || drop(listeners)
        });
    }
    let node = node.clone();
    use_effect_with(open, move |open| {
        modal.borrow_mut().open = *open;
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            if *open && !dialog.open() {
                drop(dialog.show_modal());
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
}
