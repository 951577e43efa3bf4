//! A list as high as all of it would be, in which only the rows that can be seen are on the page.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::{Callback, NodeRef, hook, use_effect_with, use_mut_ref};

use crate::scroll::{Scrolled, Track};

fn track(list: &HtmlElement, count: u64, rows: u64) -> Option<Track> {
    let seen = f64::from(list.client_height());
    (seen > 0.0).then_some(Track { count, rows, seen })
}

/// Makes the only child of `list` as high as a list of `count` items would be, scrolls to where `first`
/// is the first of `rows` that can be seen, and tells where someone scrolls to. `there` are the rows on
/// the page.
#[hook]
pub fn use_long_list(
    list: &NodeRef,
    first: u64,
    count: u64,
    rows: u64,
    there: usize,
    on: &Callback<Scrolled>,
) {
    let shown = use_mut_ref(|| (first, count));
    *shown.borrow_mut() = (first, count);
    let node = list.clone();
    use_effect_with((first, count, there), move |_| {
        let list = node.cast::<HtmlElement>();
        let Some((list, track)) = list.and_then(|it| track(&it, count, rows).map(|at| (it, at)))
        else {
            return;
        };
        let child = list
            .first_element_child()
            .and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if let Some(child) = child {
            // Where it is not taken, the list is as high as its rows, and keys still move it.
            drop(
                child
                    .style()
                    .set_property("height", &format!("{}px", track.height())),
            );
        }
        if !track.is_at(first, f64::from(list.scroll_top())) {
            list.set_scroll_top(track.top(first).round() as i32);
        }
    });
    let (node, on) = (list.clone(), on.clone());
    use_effect_with((), move |()| {
        let listener = node.cast::<HtmlElement>().map(|list| {
            let scrolled = list.clone();
            EventListener::new(&list, "scroll", move |_| {
                let (first, count) = *shown.borrow();
                let track = track(&scrolled, count, rows);
                let top = f64::from(scrolled.scroll_top());
                if let Some(asked) = track.and_then(|it| it.scrolled(first, top)) {
                    on.emit(asked);
                }
            })
        });
        move || drop(listener)
    });
}
