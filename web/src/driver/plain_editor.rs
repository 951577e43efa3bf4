//! The plain editor's textarea: its value, its cursor, and the layers that scroll with it.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::{Callback, Event, NodeRef, hook, use_effect_with};

use crate::view::EditorView;

/// The textarea, the line numbers beside it, and the drawing under it.
#[derive(Clone, Debug, PartialEq)]
pub struct EditorNodes {
    /// The textarea.
    pub area: NodeRef,
    /// The line numbers.
    pub gutter: NodeRef,
    /// The drawing.
    pub under: NodeRef,
}

/// Sets the text when it changed by anything but typing, keeps the handler's line in sight, and
/// returns what must be told when the textarea scrolls.
#[hook]
pub fn use_editor(nodes: &EditorNodes, view: &EditorView) -> Callback<Event> {
    {
        let (nodes, text) = (nodes.clone(), view.text.clone());
        use_effect_with((view.key.clone(), view.revision), move |_| {
            if let Some(area) = nodes.area.cast::<HtmlTextAreaElement>()
                && area.value() != *text
            {
                area.set_value(&text);
                area.set_scroll_top(0);
                follow(&nodes);
            }
        });
    }
    {
        let nodes = nodes.clone();
        let line = view.current_line.or(view.broken_line).or(view.looked_line);
        use_effect_with(
            (view.key.clone(), view.revision, line),
            move |(.., line)| {
                if let Some(line) = line {
                    reveal(&nodes, *line);
                }
            },
        );
    }
    let nodes = nodes.clone();
    Callback::from(move |_| follow(&nodes))
}

/// Scrolls the layers to where the textarea is.
fn follow(nodes: &EditorNodes) {
    if let (Some(area), Some(gutter), Some(under)) = (
        nodes.area.cast::<HtmlElement>(),
        nodes.gutter.cast::<HtmlElement>(),
        nodes.under.cast::<HtmlElement>(),
    ) {
        gutter.set_scroll_top(area.scroll_top());
        under.set_scroll_top(area.scroll_top());
        under.set_scroll_left(area.scroll_left());
    }
}

/// Scrolls a line into sight, unless someone is typing.
fn reveal(nodes: &EditorNodes, line: u32) {
    let (Some(area), Some(gutter)) = (
        nodes.area.cast::<HtmlElement>(),
        nodes.gutter.cast::<HtmlElement>(),
    ) else {
        return;
    };
    let focused = web_sys::window()
        .and_then(|window| window.document()?.active_element())
        .is_some_and(|active| active.is_same_node(Some(&area)));
    let number = gutter.children().item(line.saturating_sub(1));
    let Some(number) = number.and_then(|number| number.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let (top, height) = (
        number.offset_top() - gutter.offset_top(),
        area.client_height(),
    );
    let margin = number.offset_height() * 3;
    let (from, to) = (area.scroll_top(), area.scroll_top() + height);
    if !focused && (top < from + margin || top + margin > to) {
        area.set_scroll_top((top - height / 2).max(0));
        follow(nodes);
    }
}

/// Puts the cursor at a place of the text, from 1, and shows it.
pub fn move_caret(area: &NodeRef, line: u32, column: u32) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    let at = offset(&area.value(), line, column);
    drop(area.focus());
    drop(area.set_selection_range(at, at));
    let lines = area.value().split('\n').count().max(1) as i32;
    let top = area.scroll_height() / lines * (line.saturating_sub(1) as i32);
    area.set_scroll_top((top - area.client_height() / 2).max(0));
}

/// The line, from 1, in which the cursor stands.
pub fn caret_line(area: &NodeRef) -> Option<u32> {
    let area = area.cast::<HtmlTextAreaElement>()?;
    let at = area.selection_start().ok()??;
    Some(line_at(&area.value(), at))
}

/// The line of a place that is counted as the browser does.
fn line_at(text: &str, at: u32) -> u32 {
    let before = text.encode_utf16().take(at as usize);
    before.filter(|unit| *unit == u16::from(b'\n')).count() as u32 + 1
}

/// A place as the browser counts it: in UTF-16 units from the start.
fn offset(text: &str, line: u32, column: u32) -> u32 {
    let units = |text: &str| text.encode_utf16().count();
    let before: usize = text
        .split('\n')
        .take(line.saturating_sub(1) as usize)
        .map(|line| units(line) + 1)
        .sum();
    let within = text
        .split('\n')
        .nth(line.saturating_sub(1) as usize)
        .unwrap_or_default();
    let start: String = within
        .chars()
        .take(column.saturating_sub(1) as usize)
        .collect();
    (before + units(&start)) as u32
}

#[cfg(test)]
mod tests {
    use super::{line_at, offset};

    #[test]
    fn the_cursor_s_line_is_found_behind_any_characters() {
        let text = "a😀b\ncd\n";
        assert_eq!(
            [0, 4, 5, 7, 8, 99].map(|at| line_at(text, at)),
            [1, 1, 2, 2, 3, 3]
        );
    }

    #[test]
    fn a_place_is_counted_in_the_browsers_units() {
        assert_eq!(offset("ab\ncd", 1, 1), 0);
        assert_eq!(offset("ab\ncd", 2, 2), 4);
        assert_eq!(offset("a😀b\ncd", 1, 3), 3);
        assert_eq!(offset("a😀b\ncd", 2, 1), 5);
        assert_eq!(offset("ab", 9, 9), 3);
    }
}
