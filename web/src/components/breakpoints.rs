//! The breakpoints, each to be gone to and taken away.

use std::rc::Rc;

use yew::{Callback, Html, NodeRef, Properties, component, html};

use super::icon::OwnerTag;
use crate::driver::move_caret;
use crate::store::Action;
use crate::view::{EditorView, StopView};

/// What the list shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct BreakpointsProps {
    /// The policy.
    pub view: Rc<EditorView>,
    /// The textarea, to put its cursor at a line.
    pub area: NodeRef,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The list; nothing while there are none.
#[component]
pub fn Breakpoints(props: &BreakpointsProps) -> Html {
    let stops = &props.view.stops;
    if stops.is_empty() {
        return html! {};
    }
    let one = |stop: &StopView| {
        let (on, area, env, line) = (
            props.on.clone(),
            props.area.clone(),
            stop.owner.env,
            stop.line,
        );
        let show = move |_| match line {
            Some(line) => move_caret(&area, line, 1),
            None => on.emit(Action::SelectEnvironment(env)),
        };
        let (on, breakpoint) = (props.on.clone(), stop.breakpoint);
        let name = format!("Remove the breakpoint at {}", stop.words);
        html! {
            <li>
                <OwnerTag owner={stop.owner} />
                <button class="linkbtn" title={format!("Show {}", stop.words)} aria-label={format!("Show {}", stop.words)} onclick={show}>
                    { format!("line {}", stop.line.unwrap_or(stop.breakpoint.line)) }</button>
                <button class="linkbtn x" aria-label={name.clone()} title={name} onclick={move |_| on.emit(Action::RemoveBreakpoint(breakpoint))}>{ "✕" }</button>
            </li>
        }
    };
    html! {
        <div class="stops"><span class="dim">{ "Stops at" }</span><ul aria-label="Breakpoints">{ for stops.iter().map(one) }</ul></div>
    }
}
