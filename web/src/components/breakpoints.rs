//! The breakpoints, each to be gone to and taken away.

use yew::{Callback, Html, html};

use super::icon::owner_tag;
use crate::driver::{Caret, move_caret};
use crate::store::Action;
use crate::view::StopView;

/// The list; nothing while there are none. The editor's cursor is put at a line.
pub fn breakpoints(stops: &[StopView], caret: &Caret, on: &Callback<Action>) -> Html {
    if stops.is_empty() {
        return html! {};
    }
    let one = |stop: &StopView| {
        let (env, line) = (stop.owner.env, stop.line);
        let (shows, caret) = (on.clone(), caret.clone());
        let show = move |_| match line {
            Some(line) => move_caret(&caret, line, 1),
            None => shows.emit(Action::SelectEnvironment(env)),
        };
        let (on, breakpoint) = (on.clone(), stop.breakpoint);
        let name = format!("Remove the breakpoint at {}", stop.words);
        html! {
            <li>
                { owner_tag(stop.owner) }
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
