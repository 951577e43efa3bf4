//! Small effects on elements: widths, focus, scrolling to what is now.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::{KeyboardEvent, MouseEvent, NodeRef, hook, use_effect_with, use_mut_ref, use_state_eq};

/// Width of an element in CSS pixels, kept up to date.
#[hook]
pub fn use_width(node: &NodeRef) -> u32 {
    use_extent(node, Element::client_width)
}

/// Height of an element in CSS pixels, kept up to date.
#[hook]
pub fn use_height(node: &NodeRef) -> u32 {
    use_extent(node, Element::client_height)
}

#[hook]
fn use_extent(node: &NodeRef, measure: fn(&Element) -> i32) -> u32 {
    // What is measured for the first time has often been there for long.
    let extent = use_state_eq(|| {
        let there = node.cast::<Element>();
        there.map_or(600, |it| measure(&it).max(0) as u32)
    });
    let (set, node) = (extent.setter(), node.clone());
    use_effect_with((), move |()| {
        let observed = node.cast::<Element>().and_then(|element| {
            let measured = element.clone();
            // None while it is out of sight: what is drawn is drawn again when it comes back.
            observe(&element, move || set.set(measure(&measured).max(0) as u32))
        });
        move || observed.map_or((), stop)
    });
    *extent
}

/// What watches an element's size, and what it tells.
type Observed = (ResizeObserver, Closure<dyn FnMut()>);

/// Tells of the size of an element: at once, and whenever it changes.
fn observe(element: &Element, tell: impl FnMut() + 'static) -> Option<Observed> {
    let tell = Closure::<dyn FnMut()>::new(tell);
    let observer = ResizeObserver::new(tell.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some((observer, tell))
}

fn stop((observer, tell): Observed) {
    observer.disconnect();
    drop(tell);
}

/// How many elements of a grid stand in its first row, as it is laid out.
pub fn columns_of(grid: &NodeRef) -> usize {
    let first = grid.cast::<Element>();
    let first = first.and_then(|it| it.first_element_child());
    let elements = std::iter::successors(first, Element::next_element_sibling);
    let mut tops = elements.filter_map(|it| Some(it.dyn_into::<HtmlElement>().ok()?.offset_top()));
    let first = tops.next();
    1 + tops.take_while(|it| Some(*it) == first).count()
}

/// Where the mouse is within an element, in the pixels in which that is laid out. Large type zooms the page, and
/// what an event says of its offset then counts in those of the window. None if the element is not seen.
pub fn place_within(node: &NodeRef, event: &MouseEvent) -> Option<(i32, i32)> {
    let element = node.cast::<HtmlElement>()?;
    let seen = element.get_bounding_client_rect();
    let zoom = seen.width() / f64::from(element.offset_width());
    let place = |at: i32, from: f64| ((f64::from(at) - from) / zoom) as i32;
    (zoom > 0.0).then(|| {
        let across = place(event.client_x(), seen.left());
        (across, place(event.client_y(), seen.top()))
    })
}

/// Gives the keyboard to an element.
pub(super) fn focus(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // Without focus it stays as it is.
        drop(element.focus());
    }
}

/// Gives the keyboard to an element.
pub fn take_focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // Without focus it stays as it is.
        drop(element.focus());
    }
}

/// Where Up or Down was pressed: gives the keyboard to the next, or the one before, of those that a selector finds
/// within a list. From the list itself, Down leads to the first one and Up to the last.
pub fn focus_next(list: &NodeRef, selector: &str, event: &KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let found = list
        .cast::<Element>()
        .and_then(|it| it.query_selector_all(selector).ok());
    let Some(found) = found.filter(|it| it.length() > 0) else {
        return;
    };
    let document = web_sys::window().and_then(|window| window.document());
    let active = document.and_then(|document| document.active_element());
    let here = (0..found.length()).find(|index| {
        let element = found.get(*index);
        element.is_some_and(|it| it.is_same_node(active.as_deref()))
    });
    let last = found.length() - 1;
    let to = match (here, forward) {
        (Some(here), true) => (here + 1).min(last),
        (Some(here), false) => here.saturating_sub(1),
        (None, true) => 0,
        (None, false) => last,
    };
    let element = found
        .get(to)
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        event.prevent_default();
        drop(element.focus());
    }
}

/// Takes the keyboard away from an element, so that keys mean what they mean to the page.
pub fn leave(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        drop(element.blur());
    }
}

/// Gives the keyboard to the first element within `node` that a selector finds when `open` begins, and
/// to the element `opener` when it ends and nothing else has it.
#[hook]
pub fn use_focus_while(node: &NodeRef, selector: &'static str, opener: &'static str, open: bool) {
    let node = node.clone();
    let was = use_mut_ref(|| false);
    use_effect_with(open, move |open| {
        let before = std::mem::replace(&mut *was.borrow_mut(), *open);
        if *open {
            let found = node
                .cast::<Element>()
                .and_then(|it| it.query_selector(selector).ok());
            let found = found
                .flatten()
                .and_then(|it| it.dyn_into::<HtmlElement>().ok());
            if let Some(found) = found {
                drop(found.focus());
            }
        } else if before && nothing_has_focus() {
            focus(opener);
        }
    });
}

fn nothing_has_focus() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let active = document.and_then(|document| document.active_element());
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// Scrolls a list so that its current row can be seen, or its last one if none is current; again whenever the list
/// has become higher or lower.
#[hook]
pub fn use_reveal_current(node: &NodeRef, last: Option<u64>) {
    let node = node.clone();
    use_effect_with(last, move |_| {
        let list = node.cast::<HtmlElement>();
        let observed = list.and_then(|list| {
            reveal(&list);
            let shown = list.clone();
            observe(&list, move || reveal(&shown))
        });
        move || observed.map_or((), stop)
    });
}

/// Scrolls a list so that its marked row can be seen, wherever the mark moves.
#[hook]
pub fn use_reveal_marked(node: &NodeRef, marked: Option<u32>) {
    let node = node.clone();
    use_effect_with(marked, move |marked| {
        if let Some(list) = node.cast::<HtmlElement>().filter(|_| marked.is_some()) {
            reveal(&list);
        }
    });
}

fn reveal(list: &HtmlElement) {
    let current = list
        .query_selector("[aria-current], li.probed")
        .ok()
        .flatten();
    let Some(row) = current.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else {
        return list.set_scroll_top(list.scroll_height());
    };
    let (top, bottom) = (row.offset_top(), row.offset_top() + row.offset_height());
    let (from, height) = (list.scroll_top(), list.client_height());
    if top < from {
        list.set_scroll_top(top);
    } else if bottom > from + height {
        list.set_scroll_top(bottom - height);
    }
}
