//! The network of the machine at hand: filters and handlers, rings, what was counted, and the other end.

use std::rc::Rc;

use yew::{Callback, Hook, HookContext, Html, hook, html, use_state_eq};

use super::super::icon::owner_tag;
use super::super::part::{Part, keyed_part};
use super::rings::{Ring, ring_table, sending};
use crate::components::network::{counts, peers};
use crate::store::Action;
use crate::view::{BoundRow, HandlerRow, MachineView, PacketsView};

/// What is shown and whom it tells.
#[derive(PartialEq)]
pub struct MachinePane {
    /// The packets; those of the machine.
    pub view: Rc<PacketsView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The pane: one part under the other.
#[hook]
fn use_machine_pane(props: &MachinePane) -> Html {
    let as_table = use_state_eq(|| false);
    let Some(view) = &props.view.machine else {
        return html! {};
    };
    let toggle = {
        let as_table = as_table.clone();
        move |_| as_table.set(!*as_table)
    };
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="The network of this machine">
            { bound(view) }
            { handlers(&view.handlers) }
            <div class="ph"><h3>{ "Rings" }</h3><span class="note">{ "K: the kernel’s, empty; L: the library’s; D: the device’s" }</span>
                <span class="right"><button class="btn sm" aria-pressed={as_table.to_string()} onclick={toggle}>{ if *as_table { "As picture" } else { "As table" } }</button></span></div>
            if view.rings.is_empty() { <p class="dim">{ "No filter has a ring at this step." }</p> }
            if *as_table {
                { ring_table(&view.rings, &props.on) }
            } else {
                { for view.rings.iter().map(|it| html! { { keyed_part(it.filter, Ring { view: it.clone(), on: props.on.clone() }) } }) }
            }
            { sending(&view.sending, &props.on) }
            <div class="ph"><h3>{ "The device, and the other end" }</h3></div>
            { counts(&view.counts) }
            { peers(&view.peers) }
        </div>
    }
}

impl Part for MachinePane {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_machine_pane(self).run(context)
    }
}

/// Who claimed what.
fn bound(view: &MachineView) -> Html {
    let row = |it: &BoundRow| {
        html! {
            <tr><th scope="row">{ &it.filter }</th><td>{ owner_tag(it.owner) }</td><td class="asks">{ &it.asks }</td><td>{ &it.goes }</td><td>{ &it.claimed }</td><td>{ &it.dropped }</td></tr>
        }
    };
    html! {
        <>
            <div class="ph"><h3 id="h-bound">{ "Who claimed what" }</h3><span class="note">{ format!("as the kernel has it at this step; its engine is {}", view.engine) }</span></div>
            if view.bound.is_empty() {
                <p class="dim">{ "Nobody has bound a filter at this step." }</p>
            } else {
                <table class="claims" aria-labelledby="h-bound">
                    <thead><tr><th scope="col">{ "filter" }</th><th scope="col">{ "of" }</th><th scope="col">{ "asks" }</th><th scope="col">{ "its packets go to" }</th><th scope="col">{ "claimed" }</th><th scope="col">{ "dropped" }</th></tr></thead>
                    <tbody>{ for view.bound.iter().map(row) }</tbody>
                </table>
            }
        </>
    }
}

/// What was downloaded; nothing if nothing was.
fn handlers(handlers: &[HandlerRow]) -> Html {
    if handlers.is_empty() {
        return html! {};
    }
    let row = |it: &HandlerRow| {
        html! {
            <tr><th scope="row">{ &it.name }</th><td>{ owner_tag(it.owner) }</td><td>{ &it.bound }</td><td>{ &it.fuel }</td><td>{ &it.runs }</td><td>{ &it.last }</td></tr>
        }
    };
    html! {
        <>
            <div class="ph"><h3 id="h-handlers">{ "Handlers and filters that are programs" }</h3></div>
            <table class="handlers" aria-labelledby="h-handlers">
                <thead><tr><th scope="col">{ "program" }</th><th scope="col">{ "of" }</th><th scope="col">{ "for" }</th><th scope="col">{ "instructions at most" }</th><th scope="col">{ "runs" }</th><th scope="col">{ "last" }</th></tr></thead>
                <tbody>{ for handlers.iter().map(row) }</tbody>
            </table>
        </>
    }
}
