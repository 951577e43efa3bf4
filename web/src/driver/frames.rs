//! The loop over frames of the display, alive only while there is work.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use yew::{hook, use_effect_with};

use super::store::Store;

/// The frame that was asked for; dropping it asks for none.
type Next = Rc<RefCell<Option<AnimationFrame>>>;

/// Works on every frame while `busy`.
#[hook]
pub(super) fn use_frames(store: &Store, busy: bool) {
    let store = store.clone();
    use_effect_with(busy, move |busy| {
        let next = Next::default();
        if *busy {
            ask(&next, store);
        }
        move || drop(next.take())
    });
}

fn ask(next: &Next, store: Store) {
    let again = next.clone();
    let frame = request_animation_frame(move |_| {
        store.work_for_a_frame();
        if store.is_busy() {
            ask(&again, store);
        }
    });
    *next.borrow_mut() = Some(frame);
}
