//! The keyboard's focus does not fall off the page: a control that can be used no more, or goes, hands it on.

use gloo::events::EventListener;
use js_sys::Object;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};
use yew::{hook, use_effect, use_effect_with, use_mut_ref};

/// What can be given the keyboard.
const CONTROLS: &str = "button:enabled, input:enabled, select:enabled, a[href], summary";
/// What belongs together: focus stays in it.
const GROUPS: &str = ".group, .tools, .envs > li, dialog[open], section";
/// Where keys choose or write: who did not ask for it is not taken there while there is anything else.
const CHOSEN_IN: &str = "input, select";
/// What can be given it by the page alone: what says what is to be done next.
const SAYS: &str = "section[tabindex]";
/// What is always there on a sheet.
const CLOSE: &str = "footer .btn, .close";

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The sheet that lies over the page, if one does: until it is closed, all else is out of reach.
pub(super) fn modal() -> Option<Element> {
    document()?.query_selector("dialog[open]").ok().flatten()
}

/// What has the keyboard, what it belongs to, what stands before it there, and what follows that.
#[derive(Clone)]
struct Held {
    element: Element,
    group: Option<Element>,
    before: Vec<HtmlElement>,
    after: Option<Element>,
}

impl Held {
    fn of(element: Element) -> Held {
        let group = element.closest(GROUPS).ok().flatten();
        let all = group
            .as_ref()
            .map_or_else(Vec::new, |it| found(it, CONTROLS));
        let before = all.into_iter().take_while(|it| !Object::is(it, &element));
        Held {
            before: before.collect(),
            after: group.as_ref().and_then(Element::next_element_sibling),
            element,
            group,
        }
    }

    /// How many of these controls of its group stand before it, or stood before what is gone.
    fn place(&self, all: &[HtmlElement]) -> usize {
        let preceding = web_sys::Node::DOCUMENT_POSITION_PRECEDING;
        let is_before = |it: &HtmlElement| match self.element.is_connected() {
            true => self.element.compare_document_position(it) & preceding != 0,
            false => self.before.iter().any(|before| Object::is(before, it)),
        };
        all.iter().rposition(is_before).map_or(0, |last| last + 1)
    }
}

/// After each drawing of the page: hands the keyboard on if what had it can be used no more.
#[hook]
pub(super) fn use_focus_handed_on() {
    let last = use_mut_ref(|| None::<Held>);
    {
        let last = last.clone();
        use_effect_with((), move |()| {
            let listener = web_sys::window().map(|window| {
                EventListener::new(&window, "focusin", move |event| {
                    let element = event.target().and_then(|it| it.dyn_into().ok());
                    *last.borrow_mut() = element.map(Held::of);
                })
            });
            move || drop(listener)
        });
    }
    use_effect(move || {
        let lost = last.borrow().clone().filter(|it| is_lost(&it.element));
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

/// To what follows in its group, or else to what is before it, buttons first. From what is gone to the way out of the sheet, to
/// what says what is next, or to what follows where its group was.
fn hand_on(lost: &Held, document: &Document) {
    let element = &lost.element;
    let group = lost.group.as_ref().filter(|it| it.is_connected());
    if !element.is_connected() {
        if let Some(sheet) = modal() {
            found(&sheet, CLOSE).iter().any(|it| takes(it, document));
            return;
        }
        if let Some(says) = group.filter(|it| it.matches(SAYS).unwrap_or(false)) {
            if let Some(says) = says.dyn_ref::<HtmlElement>() {
                takes(says, document);
            }
            return;
        }
    }
    let all = group.map_or_else(Vec::new, |it| found(it, CONTROLS));
    let (before, after) = all.split_at(lost.place(&all));
    let near = after.iter().chain(before.iter().rev());
    let (last, mut first): (Vec<_>, Vec<_>) =
        near.partition(|it| it.matches(CHOSEN_IN).unwrap_or(false));
    first.extend(last);
    if first.into_iter().any(|it| takes(it, document)) {
        return;
    }
    if let Some(sheet) = modal() {
        found(&sheet, CLOSE).iter().any(|it| takes(it, document));
        return;
    }
    // What a screen of this width does not show takes nothing.
    let mut after = lost.after.clone();
    while let Some(next) = after {
        if found(&next, CONTROLS).iter().any(|it| takes(it, document)) {
            return;
        }
        after = next.next_element_sibling();
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
