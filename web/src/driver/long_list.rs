//! A list as high as all of it would be, in which only the rows that can be seen are on the page.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{Callback, NodeRef, hook, use_effect_with, use_mut_ref};

use super::use_width;
use crate::scroll::{Scrolled, Track};

/// What of a list is on the page. Items are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongList {
    /// The first item that can be seen.
    pub first: u64,
    /// How many items there are.
    pub count: u64,
    /// How many rows are on the page, from the first one on.
    pub there: usize,
    /// The item that is brought into sight whenever it becomes another one.
    pub chosen: Option<u64>,
}

/// The list as it is laid out: the style sheet says in `--row` how high a row is, and its head takes room.
fn track(list: &HtmlElement, count: u64) -> Option<Track> {
    let styles = web_sys::window()?.get_computed_style(list).ok()??;
    let row = styles.get_property_value("--row").ok()?;
    let row: u32 = row.trim().strip_suffix("px")?.parse().ok()?;
    let head = list.query_selector("thead").ok()?;
    let head = head.map_or(0, |it: Element| it.client_height());
    Some(Track {
        count,
        row: row.max(1).into(),
        seen: f64::from((list.client_height() - head).max(0)),
    })
}

/// Makes the only child of `list` as high as a list of all items would be, scrolls to where the first one
/// is that can be seen, and tells where someone scrolls to.
#[hook]
pub fn use_long_list(list: &NodeRef, shown: LongList, on: &Callback<Scrolled>) {
    let width = use_width(list);
    let latest = use_mut_ref(|| (shown, on.clone()));
    *latest.borrow_mut() = (shown, on.clone());
    let (node, on) = (list.clone(), on.clone());
    use_effect_with((shown.count, shown.chosen), move |(count, chosen)| {
        let list = node
            .cast::<HtmlElement>()
            .filter(|it| it.client_height() > 0);
        let track = list.and_then(|it| track(&it, *count));
        let asked = track.zip(*chosen);
        if let Some(asked) = asked.and_then(|(it, item)| it.revealing(shown.first, item)) {
            on.emit(asked);
        }
    });
    let node = list.clone();
    let LongList {
        first,
        count,
        there,
        ..
    } = shown;
    use_effect_with((first, count, there, width), move |_| {
        let list = node.cast::<HtmlElement>();
        let Some((list, track)) = list.and_then(|it| track(&it, count).map(|at| (it, at))) else {
            return;
        };
        let child = list
            .first_element_child()
            .and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if let Some(child) = child {
            let head = f64::from(list.client_height()) - track.seen;
            let height = format!("{}px", (track.height() + head) as u32);
            // Where it is not taken, the list is as high as its rows, and keys still move it.
            drop(child.style().set_property("height", &height));
        }
        if !track.is_at(first, f64::from(list.scroll_top())) {
            list.set_scroll_top(track.top(first).round() as i32);
        }
    });
    let node = list.clone();
    use_effect_with((), move |()| {
        let listener = node.cast::<HtmlElement>().map(|list| {
            let scrolled = list.clone();
            EventListener::new(&list, "scroll", move |_| {
                let (shown, on) = latest.borrow().clone();
                let track = track(&scrolled, shown.count);
                let top = f64::from(scrolled.scroll_top());
                if let Some(asked) = track.and_then(|it| it.scrolled(shown.first, top)) {
                    on.emit(asked);
                }
            })
        });
        move || drop(listener)
    });
}
