//! A list that has only those of its rows on the page that are near the ones in sight.

use web_sys::HtmlElement;
use yew::{Callback, Event, NodeRef, hook, use_effect_with, use_mut_ref};

/// Pixels of a row, and of the head.
pub const ROW_HEIGHT: i32 = 26;
/// Rows that the list moves by before it is told.
const TOLD: usize = 16;

/// Scrolls so that the chosen row can be seen, and tells about which row is the first in sight, when that changes.
/// Returns what must be told when the list scrolls.
#[hook]
pub fn use_rows(
    node: &NodeRef,
    total: usize,
    chosen: usize,
    on_first: Callback<usize>,
) -> Callback<Event> {
    let told = use_mut_ref(|| None);
    let tell = {
        let node = node.clone();
        Callback::from(move |()| {
            let top = node.cast::<HtmlElement>().map_or(0, |it| it.scroll_top());
            let first = (top / ROW_HEIGHT).unsigned_abs() as usize / TOLD * TOLD;
            if told.borrow_mut().replace(first) != Some(first) {
                on_first.emit(first);
            }
        })
    };
    {
        let (node, tell) = (node.clone(), tell.clone());
        use_effect_with((total, chosen), move |(_, chosen)| {
            if let Some(list) = node.cast::<HtmlElement>() {
                let top = *chosen as i32 * ROW_HEIGHT;
                let (from, seen) = (list.scroll_top(), list.client_height() - 2 * ROW_HEIGHT);
                if top < from {
                    list.set_scroll_top(top);
                } else if top > from + seen {
                    list.set_scroll_top(top - seen);
                }
                // Where the list begins anew it is not yet known.
                tell.emit(());
            }
        });
    }
    tell.reform(|_| ())
}
