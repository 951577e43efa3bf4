//! The sheet of packets: a capture, filters, and what they make of each packet; or the network of the machine at hand.

mod bar;
mod machine;
pub(super) mod passed;
mod rings;

use bar::PacketsBar;
use machine::MachinePane;

use std::rc::Rc;

use web_sys::{Event, File, HtmlSelectElement, HtmlTextAreaElement};
use yew::{
    Callback, Hook, HookContext, Html, InputEvent, NodeRef, TargetCast, hook, html, use_node_ref,
};

use super::act::act;
use super::caption::NoticeBar;
use super::icon::owner_tag;
use super::packet::PacketBytes;
use super::packet_list::PacketList;
use super::part::{Part, keyed_part, part};
use super::trie::trie;
use crate::driver::{move_area_caret, use_modal};
use crate::store::{Action, Notice, PacketsAction};
use crate::view::{ClaimView, ENGINES, EngineCycles, MergedView, PacketsView, RunView};

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct PacketsSheet {
    /// The packets.
    pub view: Rc<PacketsView>,
    /// A notice.
    pub notice: Option<Rc<Notice>>,
    /// How the machine moves.
    pub run: Rc<RunView>,
    /// Takes actions.
    pub on: Callback<Action>,
    /// Takes a capture.
    pub on_file: Callback<File>,
}

/// The sheet.
#[hook]
fn use_packets_sheet(props: &PacketsSheet) -> Html {
    let (view, on) = (&props.view, &props.on);
    let (dialog, area) = (use_node_ref(), use_node_ref());
    let close = |()| Action::Packets(PacketsAction::Show(false));
    use_modal(&dialog, view.open, on.reform(close));
    html! {
        <dialog class="sheet packets" ref={dialog} aria-labelledby="h-packets">
            if view.open {
                <div class="body">
                    { part(PacketsBar { view: view.clone(), run: props.run.clone(), on: on.clone(), on_file: props.on_file.clone() }) }
                    { part(NoticeBar { notice: props.notice.clone(), on: on.clone() }) }
                    { progress(view, on) }
                    <div class="panes">
                        <section class="list" aria-label="List of packets">
                            { engine(view, on) }
                            { part(PacketList { view: view.clone(), on: on.clone() }) }
                        </section>
                        if view.machine.is_some() {
                            <section class="netpane">{ part(MachinePane { view: view.clone(), on: on.clone() }) }</section>
                        } else {
                            <section class="filters" aria-label="Filters">{ filters(view, &area, on) }</section>
                        }
                        if let Some(packet) = &view.packet {
                            <section class="packet" aria-labelledby="h-packet">
                                <div class="ph"><h3 id="h-packet">{ format!("Packet {}", packet.number) }</h3><span class="note">{ &packet.what }</span></div>
                                { passed::steps(&packet.steps, on) }
                                { keyed_part(packet.number.clone(), PacketBytes { view: view.clone() }) }
                            </section>
                            { for packet.merged.iter().map(merged) }
                        } else if view.progress.is_none() {
                            <section class="packet nothing"><p class="note">{ nothing(view) }</p></section>
                        }
                    </div>
                </div>
            }
        </dialog>
    }
}

impl Part for PacketsSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_packets_sheet(self).run(context)
    }
}

/// What to do where no packet can be chosen.
fn nothing(view: &PacketsView) -> &'static str {
    match view.machine {
        Some(_) => {
            "No packet has passed the wire up to this step: “Next packet” goes to the first one."
        }
        None => "There is no packet in this capture.",
    }
}

fn progress(view: &PacketsView, on: &Callback<Action>) -> Html {
    let Some((words, done, all)) = view.progress else {
        return html! {};
    };
    html! {
        <p class="going">
            { words }{ "… " }
            <progress max={all.max(1).to_string()} value={done.to_string()} aria-label={words}></progress>{ " " }
            <button class="btn sm" onclick={act(on, Action::Cancel)}>{ "Stop" }</button>
        </p>
    }
}

/// Whose cycles the list shows.
fn engine(view: &PacketsView, on: &Callback<Action>) -> Html {
    let onchange = on.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let engine = ENGINES.iter().find(|(it, _)| it.name() == chosen);
        let [.., (usual, _)] = ENGINES;
        Action::Packets(PacketsAction::Engine(engine.map_or(usual, |it| it.0)))
    });
    html! {
        <p class="engine"><label>{ "Cycles of the engine " }
            <select class="select sm" id="engine" {onchange}>
                { for ENGINES.iter().map(|(engine, what)| html! {
                    <option value={engine.name()} selected={engine.name() == view.engine}>{ format!("{}: {what}", engine.name()) }</option> }) }
            </select></label></p>
    }
}

/// The text of the filters, what is wrong with it, and what they have.
fn filters(view: &PacketsView, area: &NodeRef, on: &Callback<Action>) -> Html {
    let oninput = on.reform(|event: InputEvent| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        Action::Packets(PacketsAction::Filters(text))
    });
    html! {
        <>
            <div class="ph"><h3><label for="filter-text">{ "Filters" }</label></h3><span class="note">{ "one a line, owner: expression, in tcpdump’s language" }</span></div>
            <textarea id="filter-text" ref={area} wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="filter-said"
                aria-invalid={view.problem.is_some().to_string()} value={view.text.to_string()} {oninput} />
            <div id="filter-said" role="status">{ problem(view, area) }</div>
            <div class="counts" tabindex="0" role="region" aria-label="Packets of each filter"><ul>{ for view.counts.iter().map(|(who, count)| html! { <li>{ claim(who) }{ ": " }<b>{ count }</b></li> }) }</ul></div>
        </>
    }
}

fn problem(view: &PacketsView, area: &NodeRef) -> Html {
    let Some(problem) = &view.problem else {
        return html! {};
    };
    let (area, (line, column)) = (area.clone(), problem.place);
    html! {
        <>
            <p class="bad">{ &problem.words }{ " " }
                <button class="linkbtn" onclick={move |_| move_area_caret(&area, line, column)}>{ "Go there" }</button></p>
            if let Some((owner, words)) = &problem.robbed {
                <p class="robbed">{ owner_tag(*owner) }{ format!(" {words}") }</p>
            }
            <p class="dim">{ "The verdicts are those of the last text that was right." }</p>
        </>
    }
}

/// Who has a packet, with the owner's letter.
pub(super) fn claim(claim: &ClaimView) -> Html {
    match claim.owner {
        Some(owner) => html! { <>{ owner_tag(owner) }{ format!(" {}", claim.words) }</> },
        None => {
            html! { <><span class="own own-f">{ "–" }</span>{ format!(" {}", claim.words) }</> }
        }
    }
}

/// The merged filters with the packet's way, and what each engine took.
fn merged(view: &MergedView) -> Html {
    let means = view.engines.iter().any(|(.., mean)| mean.is_some());
    let engine = |(name, here, mean): &EngineCycles| html! { <tr><th scope="row">{ *name }</th><td>{ here }</td>if let Some(mean) = mean { <td>{ mean }</td> }</tr> };
    html! {
        <section class="merged" aria-labelledby="h-merged">
            <div class="ph"><h3 id="h-merged">{ "The merged filters" }</h3><span class="note">{ &view.way }</span></div>
            <div class="tree" tabindex="0" role="region" aria-label="The merged filters, and the way of this packet">{ trie(&view.trie) }</div>
            if !view.engines.is_empty() {
                <table class="engines">
                    <caption>{ "Cycles to find that out" }</caption>
                    <thead><tr><th scope="col">{ "engine" }</th><th scope="col">{ "this packet" }</th>if means { <th scope="col">{ "mean of the capture" }</th> }</tr></thead>
                    <tbody>{ for view.engines.iter().map(engine) }</tbody>
                </table>
            }
        </section>
    }
}
