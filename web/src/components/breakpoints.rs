//! The breakpoints, each to be gone to and taken away.

use yew::{Callback, Html, html};

use super::act::act;
use super::icon::owner_tag;
use crate::store::Action;
use crate::view::StopView;

/// The list; nothing while there are none. A line is shown and looked at.
pub fn breakpoints(stops: &[StopView], on: &Callback<Action>) -> Html {
    if stops.is_empty() {
        return html! {};
    }
    let one = |stop: &StopView| {
        let breakpoint = stop.breakpoint;
        let name = format!("Remove the breakpoint at {}", stop.words);
        html! {
            <li>
                { owner_tag(stop.owner) }
                <button class="linkbtn" title={format!("Show {}", stop.words)} aria-label={format!("Show {}", stop.words)} onclick={act(on, Action::ShowLine(stop.breakpoint))}>
                    { format!("line {}", stop.line.unwrap_or(stop.breakpoint.line)) }</button>
                <button class="linkbtn x" aria-label={name.clone()} title={name} onclick={act(on, Action::RemoveBreakpoint(breakpoint))}>{ "✕" }</button>
            </li>
        }
    };
    html! {
        <div class="stops"><span class="dim">{ "Stops at" }</span><ul aria-label="Breakpoints">{ for stops.iter().map(one) }</ul></div>
    }
}
