//! Why something is as it is: the steps that led to it, each a button that goes there.

use exo_session::debugger::Breakpoint;
use yew::{Callback, Html, html};

use super::act::act;
use crate::store::{Action, Target, breakpoint_words};
use crate::view::{WhyLink, WhyView};

/// The chain, the last change first.
pub fn why_list(why: &WhyView, on: &Callback<Action>) -> Html {
    let go = |position| {
        let on = on.clone();
        Callback::from(move |_| on.emit(Action::GoTo(Target::Position(position))))
    };
    let (close, stop) = (on.clone(), on.clone());
    let one = |link: &WhyLink| {
        let name = format!("Go to step {}", link.step);
        html! {
            <li aria-current={link.here.then_some("step")}>
                <button class="linkbtn" aria-label={name.clone()} title={name} onclick={go(link.position)}>{ &link.step }</button>
                <span>{ &link.text }if let Some(line) = link.line { { " " }{ line_button(line, on) } }</span>
            </li>
        }
    };
    html! {
        <div class="chain">
            <h3>{ "Why?" }<span class="dim">{ format!("as of step {}", why.asked) }</span>
                <button class="linkbtn" aria-label="Close the answer" onclick={move |_| close.emit(Action::CloseAnswer)}>{ "close" }</button></h3>
            if let Some((looked, steps)) = why.progress {
                <p role="status">{ "Looking back. " }<progress max={steps.to_string()} value={looked.to_string()} aria-label="Steps looked back over"></progress>{ " " }
                    <button class="btn sm" onclick={move |_| stop.emit(Action::Cancel)}>{ "Stop" }</button></p>
            } else if why.links.is_empty() {
                <p>{ "Nothing has changed it since reset." }</p>
            } else {
                <ol aria-label="Steps that led to it, the last first">{ for why.links.iter().map(one) }</ol>
            }
            if !why.here {
                <button class="linkbtn" onclick={go(why.position)}>{ format!("Back to step {}", why.asked) }</button>
            }
        </div>
    }
}

/// A line of a program, to be shown and looked at.
pub(super) fn line_button(line: Breakpoint, on: &Callback<Action>) -> Html {
    html! { <button class="linkbtn" title="Show the line" onclick={act(on, Action::ShowLine(line))}>{ breakpoint_words(&line) }</button> }
}
