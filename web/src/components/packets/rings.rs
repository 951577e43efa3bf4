//! Rings of buffers: whose each one is, by letter and hatch, and what waits to be sent. A buffer that is chosen is
//! the frame that the map looks at.

use exo_core::ids::Frame;
use exo_session::why::Thing;
use yew::{Callback, HookContext, Html, KeyboardEvent, classes, html};

use super::super::icon::owner_tag;
use super::super::part::Part;
use crate::components::act::act;
use crate::store::Action;
use crate::view::{Holder, RingView, SendRow, SlotView};

/// What is shown and whom it tells.
#[derive(PartialEq)]
pub struct Ring {
    /// The ring.
    pub view: RingView,
    /// Takes actions.
    pub on: Callback<Action>,
}

fn look(frame: Frame) -> Action {
    Action::Look(Some(Thing::Frame(frame)))
}

/// A ring: one tab stop; arrow keys choose a buffer.
fn ring(props: &Ring) -> Html {
    let (view, on) = (&props.view, &props.on);
    let chosen = view.slots.iter().position(|it| it.chosen);
    let onkeydown = {
        let (slots, on) = (view.slots.clone(), on.clone());
        move |event: KeyboardEvent| {
            let last = slots.len().saturating_sub(1);
            let to = match (event.key().as_str(), chosen) {
                ("ArrowLeft" | "ArrowUp", Some(at)) => at.saturating_sub(1),
                ("ArrowRight" | "ArrowDown", Some(at)) => (at + 1).min(last),
                ("ArrowLeft" | "ArrowUp" | "ArrowRight" | "ArrowDown" | "Home", _) => 0,
                ("End", _) => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(slot) = slots.get(to) {
                on.emit(look(slot.frame));
            }
        }
    };
    let id = |place: usize| format!("slot-{}-{place}", view.filter);
    let slot = |(place, slot): (usize, &SlotView)| {
        html! {
            <div role="option" id={id(place)} aria-selected={slot.chosen.to_string()} aria-label={format!("{} {}, {}", slot.holder.letter(), slot.frame_words, slot.words)} title={slot.words.clone()}
                class={classes!("slot", kind(slot.holder), slot.next.then_some("next"))} onclick={act(on, look(slot.frame))}>
                <b>{ slot.holder.letter() }</b>{ " " }<span>{ &slot.frame_words }</span>
            </div>
        }
    };
    let said = chosen
        .and_then(|it| view.slots.get(it))
        .map(|it| it.words.clone());
    html! {
        <div class="ring">
            <p>{ owner_tag(view.owner) }{ format!(" filter {}: {}", view.filter, view.what) }</p>
            <div class={classes!("slots", format!("of-{}", view.owner.hue()))} role="listbox" tabindex="0" aria-label={format!("Buffers of filter {}: arrow keys choose one", view.filter)}
                aria-activedescendant={chosen.map(id)} {onkeydown}>
                { for view.slots.iter().enumerate().map(slot) }
            </div>
            <p class="dim" aria-live="polite">{ said.map(|it| format!("On the map too: {it}.")).unwrap_or_default() }</p>
        </div>
    }
}

impl Part for Ring {
    fn draw(&self, _: &mut HookContext) -> Html {
        ring(self)
    }
}

fn kind(holder: Holder) -> &'static str {
    match holder {
        Holder::Kernel => "empty",
        Holder::Device => "device",
        Holder::Library(_) => "full",
    }
}

/// The rings as a table.
pub(super) fn ring_table(rings: &[RingView], on: &Callback<Action>) -> Html {
    let row = |ring: &RingView, place: usize, slot: &SlotView| {
        let word = match slot.holder {
            Holder::Library(bytes) => bytes.to_string(),
            _ => "0".to_owned(),
        };
        let whose = match slot.holder {
            Holder::Kernel => "kernel",
            Holder::Device => "device",
            Holder::Library(_) => "library",
        };
        html! {
            <tr><td>{ ring.filter }</td><td>{ owner_tag(ring.owner) }</td><td>{ place }</td><td>{ frame(slot.frame, &slot.frame_words, slot.chosen, on) }</td><td>{ word }</td><td>{ whose }{ if slot.next { ", filled next" } else { "" } }</td></tr>
        }
    };
    let rows = rings.iter().flat_map(|ring| {
        let slots = ring.slots.iter().enumerate();
        slots.map(move |(place, slot)| row(ring, place, slot))
    });
    html! {
        <table class="ringtable">
            <caption class="sr">{ "Rings, buffer by buffer" }</caption>
            <thead><tr><th scope="col">{ "filter" }</th><th scope="col">{ "of" }</th><th scope="col">{ "buffer" }</th><th scope="col">{ "frame" }</th><th scope="col">{ "word" }</th><th scope="col">{ "whose" }</th></tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// A frame that can be looked at.
fn frame(frame: Frame, words: &str, chosen: bool, on: &Callback<Action>) -> Html {
    html! { <button class="linkbtn" aria-pressed={chosen.to_string()} aria-label={format!("Look at frame {words}")} onclick={act(on, look(frame))}>{ words.to_owned() }</button> }
}

/// What waits to be sent.
pub(super) fn sending(rows: &[SendRow], on: &Callback<Action>) -> Html {
    if rows.is_empty() {
        return html! { <p class="dim">{ "Nothing waits to be sent." }</p> };
    }
    let row = |it: &SendRow| {
        html! {
            <tr><th scope="row">{ &it.number }</th><td>{ owner_tag(it.owner) }</td><td>{ &it.length }</td><td>{ &it.leaves }</td>
                <td>if it.frames.is_empty() { { "a buffer of the device" } }{ for it.frames.iter().map(|(it, words)| html! { <>{ frame(*it, words, false, on) }{ " " }</> }) }</td></tr>
        }
    };
    html! {
        <table class="sending">
            <caption>{ "Waiting to be sent; its frames are the device’s too until then" }</caption>
            <thead><tr><th scope="col">{ "packet" }</th><th scope="col">{ "of" }</th><th scope="col">{ "bytes" }</th><th scope="col">{ "leaves at ms" }</th><th scope="col">{ "lies in" }</th></tr></thead>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}
