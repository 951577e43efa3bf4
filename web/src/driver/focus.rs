//! The keyboard's focus does not fall off the page: a control that can be used no more, or goes, hands it on.

use gloo::events::EventListener;
use js_sys::Object;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};
use yew::{hook, use_effect, use_effect_with, use_mut_ref};

/// What can be given the keyboard.
const CONTROLS: &str = "button:enabled, input:enabled, select:enabled, a[href], summary";
/// What belongs together: focus stays in it.
const GROUPS: &str = ".group, .tools, dialog[open], section";
/// What is always there on a sheet.
const CLOSE: &str = "footer .btn, .close";

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The sheet that lies over the page, if one does: until it is closed, all else is out of reach.
pub(super) fn modal() -> Option<Element> {
    document()?.query_selector("dialog[open]").ok().flatten()
}

/// After each drawing of the page: hands the keyboard on if what had it can be used no more.
#[hook]
pub(super) fn use_focus_handed_on() {
    let last = use_mut_ref(|| None::<Element>);
    {
        let last = last.clone();
        use_effect_with((), move |()| {
            let listener = web_sys::window().map(|window| {
                EventListener::new(&window, "focusin", move |event| {
                    *last.borrow_mut() = event.target().and_then(|it| it.dyn_into().ok());
                })
            });
            move || drop(listener)
        });
    }
    use_effect(move || {
        let lost = last.borrow().clone().filter(is_lost);
        if let (Some(lost), Some(document)) = (lost, document()) {
            *last.borrow_mut() = None;
            hand_on(&lost, &document);
        }
    });
}

/// Whether an element cannot have the keyboard any more, and nothing else has it.
fn is_lost(element: &Element) -> bool {
    let useless = !element.is_connected() || element.matches(":disabled").unwrap_or(false);
    let active = document().and_then(|it| it.active_element());
    useless && active.is_none_or(|it| it.tag_name() == "BODY" || Object::is(&it, element))
}

/// To what follows in its group, or else to what is before it; from what is gone, to the way out of the sheet.
fn hand_on(lost: &Element, document: &Document) {
    let group = lost.closest(GROUPS).ok().flatten();
    if let Some(group) = group.filter(|_| lost.is_connected()) {
        let all = found(&group, CONTROLS);
        let behind = |it: &&HtmlElement| {
            lost.compare_document_position(it) & web_sys::Node::DOCUMENT_POSITION_FOLLOWING != 0
        };
        let (after, before): (Vec<_>, Vec<_>) = all.iter().partition(behind);
        if after
            .into_iter()
            .chain(before.into_iter().rev())
            .any(|it| takes(it, document))
        {
            return;
        }
    }
    if let Some(sheet) = modal() {
        found(&sheet, CLOSE).iter().any(|it| takes(it, document));
    }
}

fn found(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    let elements = (0..found.length()).filter_map(|index| found.item(index));
    elements.filter_map(|it| it.dyn_into().ok()).collect()
}

/// Gives the keyboard to an element. Whether it has taken it: what is not seen does not.
fn takes(element: &HtmlElement, document: &Document) -> bool {
    drop(element.focus());
    document
        .active_element()
        .is_some_and(|it| Object::is(&it, element))
}
