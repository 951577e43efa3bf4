//! What is looked at, what is known of it, and other things that it names.

use std::rc::Rc;

use exo_session::why::Thing;
use yew::{Callback, HookContext, Html, html};

use super::act::act;
use super::icon::owner_tag;
use super::part::Part;
use super::why::{line_button, why_list};
use crate::store::{Action, Target};
use crate::view::{DetailView, FactView};

/// What the panel shows and whom it tells.
#[derive(PartialEq)]
pub struct FrameDetail {
    /// What is looked at.
    pub detail: Rc<DetailView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Owner, contents and bits; why; where it changes.
fn frame_detail(props: &FrameDetail) -> Html {
    let (detail, on) = (&props.detail, &props.on);
    let Some(thing) = detail.thing else {
        return html! {
            <section class="detail" aria-label="What is looked at">
                <h3>{ "Nothing chosen" }</h3>
                <p>{ "Choose a frame, an entry of the TLB or STLB, an environment, a hop, an event or a line of a program: what is known of it is told here, and all that belongs to it is marked." }</p>
            </section>
        };
    };
    let itself = matches!(thing, Thing::Line(_));
    html! {
        <section class="detail" aria-label="What is looked at">
            <h3>
                if let Some(owner) = detail.owner { { owner_tag(owner) } }
                <span class={if detail.now { "now" } else { "" }}>{ &detail.title }</span>
                <button class="linkbtn" aria-label="Close: look at nothing" onclick={act(on, Action::Look(None))}>{ "close" }</button>
            </h3>
            if let Some((step, words)) = &detail.step {
                <p>{ "Chosen by an event. " }
                    if let Some(line) = detail.line { { "It was made by " }{ line_button(line, on) }{ ". " } }
                    <button class="linkbtn" onclick={act(on, Action::GoTo(Target::Step(*step)))}>{ format!("Go to step {words}") }</button></p>
            }
            // The answer stands first: it was asked for.
            if let Some(why) = &detail.why {
                { why_list(why, on) }
            }
            <dl class="kv">{ for detail.facts.iter().map(|it| fact(it, on)) }</dl>
            <p class="ask">
                if detail.why.is_none() && !matches!(thing, Thing::Environment(_) | Thing::Line(_)) { <button class="btn sm" onclick={act(on, Action::Ask(thing))}>{ "Why?" }</button> }
                if let Some(line) = detail.line.filter(|_| itself) { { "Show " }{ line_button(line, on) }{ " " } }
                <button class="linkbtn" onclick={act(on, Action::OpenFind)}>{ if itself { "Find when it runs…" } else { "Find its changes…" } }</button>
            </p>
        </section>
    }
}

impl Part for FrameDetail {
    fn draw(&self, _: &mut HookContext) -> Html {
        frame_detail(self)
    }
}

fn fact(fact: &FactView, on: &Callback<Action>) -> Html {
    let thing = |(name, thing): &(String, Thing)| {
        html! { <button class="linkbtn" onclick={act(on, Action::Look(Some(*thing)))}>{ name }</button> }
    };
    html! { <><dt>{ fact.name }</dt><dd>{ &fact.text }{ for fact.things.iter().map(thing) }</dd></> }
}
