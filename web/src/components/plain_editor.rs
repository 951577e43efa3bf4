//! The text of a policy without the bundled editor: a textarea over a drawing of the same text with its marks.
//!
//! The textarea is not controlled: its value is set when the text changed by anything but typing, so
//! that the cursor never jumps.

use std::rc::Rc;

use web_sys::{Element, HtmlTextAreaElement};
use yew::{
    Callback, FocusEvent, Hook, HookContext, Html, InputEvent, KeyboardEvent, MouseEvent, NodeRef,
    TargetCast, classes, hook, html, use_node_ref,
};

use super::part::{Part, keyed_part};
use crate::driver::{EditorNodes, caret_line, use_editor};
use crate::highlight::{CodeLine, Kind, cut};
use crate::store::Action;
use crate::view::{DiagnosticView, EditorView};

/// What the plain editor shows and whom it tells.
#[derive(PartialEq)]
pub struct PlainEditor {
    /// The policy.
    pub view: Rc<EditorView>,
    /// The textarea, for those who move its cursor.
    pub area: NodeRef,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The plain editor.
#[hook]
fn use_plain_editor(props: &PlainEditor) -> Html {
    let view = &props.view;
    let nodes = EditorNodes {
        area: props.area.clone(),
        gutter: use_node_ref(),
        under: use_node_ref(),
    };
    let onscroll = use_editor(&nodes, view);
    let oninput = {
        let on = props.on.clone();
        move |event: InputEvent| {
            on.emit(Action::Edit(
                event.target_unchecked_into::<HtmlTextAreaElement>().value(),
            ))
        }
    };
    let onkeydown = {
        let (on, area) = (props.on.clone(), props.area.clone());
        move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "Enter" if event.alt_key() => match caret_line(&area) {
                    Some(line) => Action::LookAtLine(line),
                    None => return,
                },
                "Enter" if event.ctrl_key() || event.meta_key() => Action::Apply { reset: false },
                "F9" => match caret_line(&area) {
                    Some(line) => Action::ToggleBreakpoint(line),
                    None => return,
                },
                _ => return,
            };
            event.prevent_default();
            on.emit(action);
        }
    };
    let onclick = {
        let on = props.on.clone();
        move |event: MouseEvent| {
            let row = event.target_dyn_into::<Element>();
            let row = row.and_then(|it| it.closest("li").ok().flatten());
            let line = row.and_then(|it| it.get_attribute("data-line"));
            if let Some(line) = line.and_then(|it| it.parse().ok()) {
                on.emit(Action::ToggleBreakpoint(line));
            }
        }
    };
    let lines = view.lines.iter().enumerate().map(|(index, line)| {
        let number = index as u32 + 1;
        let current = view.current_line == Some(number);
        let looked = view.looked_line == Some(number);
        html! { { keyed_part(index, Line { line: line.clone(), current, looked, error: error_on(&view.diagnostics, number) }) } }
    });
    let writing = |on: bool| props.on.reform(move |_: FocusEvent| Action::Writing(on));
    let numbers = (1..=view.lines.len() as u32).map(|number| gutter(view, number));
    html! {
        <div class="editor" onfocusin={writing(true)} onfocusout={writing(false)}>
            <ol class="gutter" ref={nodes.gutter} aria-hidden="true" title="Click: set a breakpoint, or take it away · F9" {onclick}>{ for numbers }</ol>
            <div class="code">
                <div class="under" ref={nodes.under} aria-hidden="true"><div class="lines">{ for lines }</div></div>
                <textarea id="policy-text" ref={nodes.area} wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off"
                    aria-label={format!("Text of {}", view.file_name)} {oninput} {onkeydown} {onscroll} />
            </div>
        </div>
    }
}

impl Part for PlainEditor {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_plain_editor(self).run(context)
    }
}

/// The columns of a line that an error covers, from 0, end exclusive.
fn error_on(diagnostics: &[DiagnosticView], line: u32) -> Option<(u32, u32)> {
    let here = diagnostics
        .iter()
        .find(|it| it.place.0 <= line && line <= it.end.0.max(it.place.0))?;
    let from = if here.place.0 == line {
        here.place.1.saturating_sub(1)
    } else {
        0
    };
    let to = if here.end.0 == line {
        here.end.1.saturating_sub(1).max(from + 1)
    } else {
        u32::MAX
    };
    Some((from, to))
}

fn gutter(view: &EditorView, number: u32) -> Html {
    let current = view.current_line == Some(number);
    let begins = |warning: bool| {
        let mut here = view.diagnostics.iter();
        here.any(|it| it.place.0 == number && it.warning == warning)
    };
    let (begins, warns) = (begins(false), begins(true));
    let broken = view.broken_line == Some(number);
    let stops = view.breakpoints.contains(&number);
    let looked = view.looked_line == Some(number);
    html! {
        <li key={number} data-line={number.to_string()} class={classes!(stops.then_some("stop"), current.then_some("cur"), (begins || broken).then_some("err"), warns.then_some("warns"), looked.then_some("looked"))}>
            <span class="m">
                if begins { { "!" } } else if broken { { "✕" } } else if warns && !current { { "?" } } else if current {
                    <svg viewBox="0 0 10 10"><path d="M1 0L9 5L1 10Z" /></svg>
                } else if looked { { "◆" } }
            </span>
            <span class="n">{ number }</span>
        </li>
    }
}

#[derive(PartialEq, Eq)]
struct Line {
    line: CodeLine,
    current: bool,
    looked: bool,
    error: Option<(u32, u32)>,
}

fn line(props: &Line) -> Html {
    let piece = |(kind, error, text): (Kind, bool, String)| {
        let text = if error {
            html! { <span class="sq">{ text }</span> }
        } else {
            html! { { text } }
        };
        match kind {
            Kind::Plain => text,
            Kind::Keyword => html! { <b>{ text }</b> },
            Kind::Comment => html! { <i>{ text }</i> },
        }
    };
    html! {
        <div class={classes!("ln", props.current.then_some("cur"), props.looked.then_some("looked"))}>{ for cut(&props.line, props.error).into_iter().map(piece) }</div>
    }
}

impl Part for Line {
    fn draw(&self, _: &mut HookContext) -> Html {
        line(self)
    }
}

#[cfg(test)]
mod tests {
    use super::error_on;
    use crate::view::DiagnosticView;

    #[test]
    fn an_error_over_lines_covers_each_of_them() {
        let error = DiagnosticView {
            place: (2, 5),
            end: (4, 3),
            message: String::new(),
            hint: None,
            warning: false,
        };
        let on = |line| error_on(std::slice::from_ref(&error), line);
        assert_eq!(on(1), None);
        assert_eq!(on(2), Some((4, u32::MAX)));
        assert_eq!(on(3), Some((0, u32::MAX)));
        assert_eq!(on(4), Some((0, 2)));
        assert_eq!(on(5), None);
    }
}
