//! The bar of the sheet of packets: whose they are, moving the machine, and what can be saved.

use std::rc::Rc;

use exo_session::export::Format;
use web_sys::File;
use yew::{Callback, HookContext, Html, html};

use super::super::icon::icon;
use super::super::part::{Part, part};
use crate::components::act::act;
use crate::components::top_bar::OpenFile;
use crate::store::{Action, PacketSource, PacketsAction};
use crate::view::{PacketsView, RunView};

/// What the bar shows and whom it tells.
#[derive(PartialEq)]
pub struct PacketsBar {
    /// The packets.
    pub view: Rc<PacketsView>,
    /// How the machine moves.
    pub run: Rc<RunView>,
    /// Takes actions.
    pub on: Callback<Action>,
    /// Takes a capture.
    pub on_file: Callback<File>,
}

/// The bar.
fn packets_bar(props: &PacketsBar) -> Html {
    let (view, on) = (&props.view, &props.on);
    let packets = |action: PacketsAction| act(on, Action::Packets(action));
    html! {
        <div class="bar">
            <h2 id="h-packets">{ "Packets" }</h2>
            if view.has_machine { { sources(view, on) } }
            <span id="packets-what" role="status">{ &view.what }</span>
            if view.machine.is_some() {
                { moves(&props.run, on) }
                <button class="btn" title="All that passed up to this step, each with what became of it" onclick={act(on, Action::Export(Format::Pcapng))}>{ "Save as pcapng" }</button>
                <button class="btn" title="Look at these packets through filters that you write" onclick={packets(PacketsAction::Try)}>{ "Filter them…" }</button>
            } else {
                { part(OpenFile { reading: props.run.reading, title: "A capture: pcap or pcapng of Ethernet frames, up to 64 MB. It does not leave your computer.", on_file: props.on_file.clone() }) }
                <button class="btn" onclick={packets(PacketsAction::Export { json: false })}>{ "Save as CSV" }</button>
                <button class="btn" onclick={packets(PacketsAction::Export { json: true })}>{ "Save as JSON Lines" }</button>
            }
            <button class="btn close" onclick={packets(PacketsAction::Show(false))}>{ "Close" }</button>
        </div>
    }
}

impl Part for PacketsBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        packets_bar(self)
    }
}

/// Whose packets are looked at.
fn sources(view: &PacketsView, on: &Callback<Action>) -> Html {
    let shown = match view.machine {
        Some(_) => PacketSource::Machine,
        None => PacketSource::Capture,
    };
    let choice = |source: PacketSource, words: &'static str| {
        let action = Action::Packets(PacketsAction::Source(source));
        html! { <button class="btn" aria-pressed={(source == shown).to_string()} onclick={act(on, action)}>{ words }</button> }
    };
    html! {
        <div class="group sources" role="group" aria-label="Whose packets">
            { choice(PacketSource::Machine, "This machine") }{ choice(PacketSource::Capture, "A capture") }
        </div>
    }
}

/// Moves the machine, which the list follows.
fn moves(run: &RunView, on: &Callback<Action>) -> Html {
    let (back, forward) = (!run.can_back, !run.can_forward);
    let (sign, word) = match run.busy {
        true => ("#i-pause", "Pause"),
        false => ("#i-run", "Run"),
    };
    html! {
        <div class="group" role="toolbar" aria-label="Run control, here too">
            <button class="btn icon-only" disabled={back} onclick={act(on, Action::StepBack)} aria-label="Step back" title="Step back">{ icon("#i-back") }</button>
            <button class="btn icon-only" disabled={forward} onclick={act(on, Action::Step)} aria-label="Step" title="Step: one event">{ icon("#i-step") }</button>
            <button class="btn" disabled={forward} onclick={act(on, Action::NextPacket)} title="To what happens next in the network">{ icon("#i-next") }{ "Next packet" }</button>
            <button class="btn" disabled={forward && !run.busy} onclick={act(on, Action::ToggleRun)} title="Run or pause">{ icon(sign) }{ word }</button>
        </div>
    }
}
