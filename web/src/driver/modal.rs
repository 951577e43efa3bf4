//! Sheets as the browser's modal dialogs.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};
use yew::{Callback, NodeRef, hook, use_effect_with, use_force_update, use_mut_ref};

/// A dialog: whether it is open as far as the page knows, how often the user closed it, and whom it tells.
struct Modal {
    open: bool,
    closings: u32,
    closed: Callback<()>,
}

impl Modal {
    /// Whom to tell that a dialog is being closed, or was; none who knows.
    fn tells(&mut self, event: &Event) -> Option<Callback<()>> {
        let target = event.target()?;
        // A field for files within it can be cancelled too, and that comes up here.
        let dialog = target.dyn_into::<HtmlDialogElement>().ok()?;
        let closes = event.type_() == "cancel" || !dialog.open();
        let tells = closes && std::mem::take(&mut self.open);
        self.closings += u32::from(tells);
        tells.then(|| self.closed.clone())
    }
}

/// Opens and closes a `<dialog>` as a modal one; `closed` is told once when the user does so by Escape.
///
/// It is told when Escape is pressed. That it was closed the browser says with its next picture, and until then it may
/// have been opened again, which would be undone. The page may be drawn later than both, and shows no change then: it
/// is looked at again after every closing.
#[hook]
pub fn use_modal(node: &NodeRef, open: bool, closed: Callback<()>) {
    let modal = use_mut_ref(|| Modal {
        open: false,
        closings: 0,
        closed: Callback::noop(),
    });
    modal.borrow_mut().closed = closed;
    {
        let (node, modal, drawn_again) = (node.clone(), modal.clone(), use_force_update());
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            let listeners = dialog.map(|dialog| {
                ["cancel", "close"].map(|kind| {
                    let (modal, drawn_again) = (modal.clone(), drawn_again.clone());
                    EventListener::new(&dialog, kind, move |event| {
                        let tells = modal.borrow_mut().tells(event);
                        if let Some(closed) = tells {
                            closed.emit(());
                            drawn_again.force_update();
                        }
                    })
                })
            });
            move || drop(listeners)
        });
    }
    let (node, closings) = (node.clone(), modal.borrow().closings);
    use_effect_with((open, closings), move |(open, _)| {
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
