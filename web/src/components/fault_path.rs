//! The fault path: swim lanes with the privilege boundary between them, cycles for each hop.

use std::rc::Rc;

use exo_session::path::{FaultPath, Hop, Lane};
use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, MouseEvent, classes, hook, html, use_node_ref,
};

use super::act::{act, pointed};
use super::cycle_bar::cycle_bar;
use super::part::Part;
use super::sheets::sheet_button;
use crate::driver::{focus_next, use_reveal_current};
use crate::later::later;
use crate::store::Action;
use crate::view::words::grouped;
use crate::view::{BesideView, LookedView};

/// What the panel shows.
#[derive(PartialEq)]
pub struct FaultPathPanel {
    /// The fault under way, or the last one.
    pub path: Option<Rc<FaultPath>>,
    /// The same reference under other kernels.
    pub beside: Rc<BesideView>,
    /// What of it belongs to what is chosen.
    pub looked: Rc<LookedView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Where the reference goes, and where it crosses the boundary.
#[hook]
fn use_fault_path_panel(props: &FaultPathPanel) -> Html {
    let list = use_node_ref();
    let last = props
        .path
        .as_ref()
        .and_then(|path| path.hops.last())
        .map(|hop| hop.step);
    use_reveal_current(&list, last);
    let onclick = {
        let on = props.on.clone();
        move |event: MouseEvent| {
            if let Some(step) = pointed(&event, "data-look") {
                on.emit(Action::LookAtStep(step));
            }
        }
    };
    let onkeydown = {
        let list = list.clone();
        move |event: KeyboardEvent| focus_next(&list, "[data-look]", &event)
    };
    html! {
        <section class={classes!("path", props.beside.open.then_some("with-beside"))} aria-labelledby="h-path">
            <div class="ph"><h2 id="h-path">{ "Fault path" }</h2><span class="note">{ note(props.path.as_deref()) }</span>
                <span class="right">{ sheet_button("Packets…", &props.on) }{ sheet_button("Other kernels…", &props.on) }</span></div>
            { lane_heads() }
            if let Some(path) = &props.path {
                <ol class="hops" ref={list} tabindex="0" aria-labelledby="h-path" {onclick} {onkeydown}>
                    { for path.hops.iter().enumerate().map(|(index, one)| hop(index, one, path.hops.get(index.wrapping_sub(1)), "libOS", Some(&*props.looked))) }
                </ol>
                { sum(path) }
            } else {
                <p class="empty">
                    { "No fault among the last events. “Next fault” goes to the next one. " }
                    <button class="btn sm" onclick={act(&props.on, Action::LastFault)}>{ "Show the last fault" }</button>
                </p>
            }
            { disclosure(props) }
        </section>
    }
}

impl Part for FaultPathPanel {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_fault_path_panel(self).run(context)
    }
}

/// What opens and closes the comparison with other kernels, and that.
fn disclosure(props: &FaultPathPanel) -> Html {
    let open = props.beside.open;
    let shown = later().filter(|_| open);
    html! {
        <>
            <div class="besidebar">
                <button class="linkbtn" aria-expanded={open.to_string()} aria-controls="beside" onclick={act(&props.on, Action::Beside(!open))}>
                    { "Beside other kernels" }
                </button>
            </div>
            { shown.map(|it| (it.beside)(&props.beside, props.path.as_deref())) }
        </>
    }
}

fn note(path: Option<&FaultPath>) -> String {
    path.map_or_else(String::new, |path| {
        let state = if path.complete { "; complete" } else { "" };
        format!("{}{state}", path.title)
    })
}

fn lane_heads() -> Html {
    html! {
        <div class="lanes">
            <span class="dim">{ "hop step" }</span>
            <svg width="504" height="22" viewBox="0 0 504 22" aria-hidden="true">
                <text x="0" y="15">{ "Application" }</text><text x="88" y="15">{ "libOS" }</text>
                <text class="lab end" x="310" y="15">{ "user mode" }</text>
                <path class="bound" d="M316.5-9V31M319.5-9V31" /><text x="326" y="15">{ "Kernel" }</text><text class="lab" x="374" y="15">{ "privileged" }</text><text class="end" x="504" y="15">{ "Hardware" }</text>
            </svg>
            <span class="x" title="Entries into the kernel, each with its return">{ "‖" }</span><span class="c">{ "cycles" }</span>
        </div>
    }
}

/// Where a lane's lifeline stands.
fn x(lane: Lane) -> i32 {
    match lane {
        Lane::Application => 26,
        Lane::Libos => 100,
        Lane::Kernel => 344,
        Lane::Hardware => 486,
    }
}

fn lane_name(lane: Lane, own: &'static str) -> &'static str {
    match lane {
        Lane::Application => "app",
        Lane::Libos => own,
        Lane::Kernel => "kernel",
        Lane::Hardware => "hardware",
    }
}

/// One hop. `own` names what runs the policy: a libOS, a pager, a signal handler. Where something of the machine may be
/// chosen, each has a button, and says whether it belongs to what is.
pub(super) fn hop(
    index: usize,
    hop: &Hop,
    before: Option<&Hop>,
    own: &'static str,
    looked: Option<&LookedView>,
) -> Html {
    let crosses =
        before.is_some_and(|before| (before.to == Lane::Kernel) != (hop.to == Lane::Kernel));
    let class = classes!(
        hop.now.then_some("now"),
        hop.refused.then_some("bad"),
        hop.aside.then_some("aside"),
        crosses.then_some("in"),
        looked
            .is_some_and(|it| it.steps.contains(&hop.step))
            .then_some("looked")
    );
    let told = match &hop.note {
        Some(note) => format!("{}: {note}", hop.text),
        None => hop.text.clone(),
    };
    html! {
        <li {class} key={index} aria-current={hop.now.then_some("step")}>
            if let Some(looked) = looked {
                <button class="h" tabindex="-1" data-look={hop.step.to_string()} aria-pressed={(looked.step == Some(hop.step)).to_string()} title="Look at what it touched">
                    <b>{ index + 1 }</b><span class="st">{ grouped(hop.step) }</span></button>
            } else {
                <span class="h"><b>{ index + 1 }</b><span class="st">{ grouped(hop.step) }</span></span>
            }
            { drawing(hop) }
            <span class="tell who">{ lane_name(hop.to, own) }</span><span class="tell">{ told.clone() }</span>
            <span class="x" aria-hidden="true">{ if hop.crossings > 0 { "‖" } else { "" } }</span>
            <span class="cy">{ grouped(hop.cycles) }</span>
            <span class="sr">{ format!("{} to {}: {told}. {} cycles.{}", lane_name(hop.from, own), lane_name(hop.to, own), hop.cycles,
                if hop.crossings > 0 { " Enters the kernel." } else { "" }) }</span>
        </li>
    }
}

/// An arrow between lanes, or a box in one.
fn drawing(hop: &Hop) -> Html {
    let (from, to) = (x(hop.from), x(hop.to));
    let right = to > from;
    let (text_x, text_y, arrow) = if from == to {
        let shape =
            html! { <rect class="box" x={(from - 4).to_string()} y="4" width="8" height="14" /> };
        (from + 12, 15, shape)
    } else {
        let (end, back) = if right { (to - 6, -7) } else { (to + 6, 7) };
        let shape = html! {
            <><path class="arr" d={format!("M{from} 17H{end}")} /><path class="head" d={format!("M{to} 17l{back} -3.5v7z")} /></>
        };
        (from.min(to) + 8, 11, shape)
    };
    let (text, note) = sides(hop);
    html! {
        <svg width="504" height="22" viewBox="0 0 504 22" aria-hidden="true">
            <path class="life" d="M26-9V31M100-9V31M344-9V31M486-9V31" /><path class="bound" d="M316.5-9V31M319.5-9V31" />
            { arrow }
            <text x={text_x.to_string()} y={text_y.to_string()}>{ text }</text>
            if let Some(note) = note {
                // Beyond the boundary; where the label stands there itself, on this side of it.
                if text_x < 344 {
                    <text class="sub" x="354" y={text_y.to_string()}>{ note }</text>
                } else {
                    <text class="sub end" x="308" y={text_y.to_string()}>{ note }</text>
                }
            }
        </svg>
    }
}

/// What stands on this side of the boundary, and what beyond it: a long label goes on over there.
fn sides(hop: &Hop) -> (String, Option<String>) {
    let mark = if hop.refused { "✕ " } else { "" };
    match (hop.text.split_once(" for "), &hop.note) {
        (Some((text, rest)), Some(note)) => {
            (format!("{mark}{text}"), Some(format!("for {rest}; {note}")))
        }
        _ => (format!("{mark}{}", hop.text), hop.note.clone()),
    }
}

pub(super) fn crossings(count: u64) -> &'static str {
    if count == 1 { "crossing" } else { "crossings" }
}

/// What the fault cost, and whom.
fn sum(path: &FaultPath) -> Html {
    let total = path.cycles();
    let so_far = if path.complete { "" } else { " so far" };
    let crossings = crossings(path.crossings.into());
    let aside = match path.aside {
        0 => String::new(),
        cycles => format!(" · meanwhile others {}", grouped(cycles)),
    };
    html! {
        <div class="pathsum">
            <span><b class="strong">{ grouped(total) }</b>{ format!(" cycles{so_far}") }</span>
            { cycle_bar(None, [path.application, path.libos, path.kernel], total, (180, 12)) }
            <span class="dim">{ format!("application {} · libOS {} · kernel {}", path.application, path.libos, path.kernel) }{ aside }</span>
            <span class="grow"></span>
            <span><b class="strong">{ path.crossings }</b>{ format!(" {crossings} ") }<span class="mono">{ "‖" }</span></span>
        </div>
    }
}
