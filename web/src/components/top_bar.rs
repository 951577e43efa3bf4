//! The top bar: brand, scenario, trace, run control, where the run stands, theme, help.

use std::rc::Rc;

use web_sys::{Event, File, HtmlAnchorElement, HtmlInputElement, HtmlSelectElement};
use yew::{Callback, HookContext, Html, MouseEvent, TargetCast, html};

use super::icon::icon;
use super::part::{Part, part};
use super::step_field::StepField;
use crate::driver::Looks;
use crate::store::{Action, Speed};
use crate::view::RunView;

/// What the top bar shows and whom it tells.
#[derive(PartialEq)]
pub struct TopBar {
    /// Where the run stands.
    pub run: Rc<RunView>,
    /// How the page looks.
    pub looks: Looks,
    /// Where the page is part of another one: the address of the whole page as it stands.
    pub full: Option<Callback<(), String>>,
    /// Takes actions.
    pub on: Callback<Action>,
    /// Takes a file: a trace or a session.
    pub on_file: Callback<File>,
    /// Opens the help sheet.
    pub on_help: Callback<bool>,
}

/// The top bar.
fn top_bar(props: &TopBar) -> Html {
    let run = &props.run;
    let share = props.on.clone();
    let looks = &props.looks;
    let (theme, kind) = (looks.next_theme.clone(), looks.change_type.clone());
    let on_help = props.on_help.clone();
    html! {
        <header class="top">
            <h1 class="sr">{ "Exokernel playground" }</h1>
            if props.full.is_none() {
                <span class="brand">
                    <svg viewBox="0 0 20 20" aria-hidden="true">
                        <rect class="m2" x="2.5" y="1.5" width="15" height="7" /><rect class="m1" x="2" y="10" width="16" height="1" />
                        <rect class="m1" x="2" y="12" width="16" height="1" /><rect class="m1" x="2" y="14.5" width="16" height="4" />
                    </svg>
                    <span>{ "exokernel playground" }</span>
                </span>
                <span class="sep"></span>
            }
            <span class="title" title={run.title.clone()}>{ &run.title }</span>
            if let Some(full) = &props.full {
                { open_in_full(full) }
            } else {
                { part(OpenFile { reading: run.reading, title: OPENED, on_file: props.on_file.clone() }) }
                <button class="btn sharebtn" title="A link and a file of this session, and scenarios to open" onclick={move |_| share.emit(Action::Share)}>
                    { icon("#i-share") }<span class="word">{ "Share…" }</span></button>
            }
            { part(RunBar { run: run.clone(), on: props.on.clone() }) }
            { part(StepField { run: run.clone(), on: props.on.clone() }) }
            <span class="grow"></span>
            <button class="btn quiet icon-only projector" aria-label="Large type, for a projector" title="Large type, for a projector"
                aria-pressed={looks.large.to_string()} onclick={move |_| kind.emit(())}>{ icon("#i-type") }</button>
            <button class="btn quiet icon-only" aria-label={looks.theme.label()} title={looks.theme.label()}
                onclick={move |_| theme.emit(())}>{ icon(looks.theme.icon()) }</button>
            <button class="btn quiet icon-only" aria-label="Help and keys" title="Help and keys · ?"
                onclick={move |_| on_help.emit(true)}>{ icon("#i-help") }</button>
        </header>
    }
}

impl Part for TopBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        top_bar(self)
    }
}

/// A link to the whole page; what it names is made when it is followed.
fn open_in_full(full: &Callback<(), String>) -> Html {
    let full = full.clone();
    let onclick = move |event: MouseEvent| {
        let link: HtmlAnchorElement = event.target_unchecked_into();
        link.set_href(&full.emit(()));
    };
    html! { <a class="btn full" href="./" target="_blank" rel="noopener" {onclick}>{ "Open in full" }</a> }
}

/// What can be opened there.
const OPENED: &str = "A scenario or a session (.toml), a program (.rs), a capture of packets (.pcap, .pcapng), or a memory trace (of valgrind --tool=lackey --trace-mem=yes, Dinero’s, or addresses), plain or gzip";

/// Whom the button tells.
#[derive(PartialEq)]
pub(super) struct OpenFile {
    /// Whether a file is being read, so that none can be opened.
    pub reading: bool,
    /// What can be opened.
    pub title: &'static str,
    /// Takes the file.
    pub on_file: Callback<File>,
}

/// A real file input under a button's look.
fn open_file(props: &OpenFile) -> Html {
    let on_file = props.on_file.clone();
    let onchange = move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file.emit(file);
        }
        input.set_value(""); // so that the same file can be chosen again
    };
    let class = if props.reading {
        "btn filebtn off"
    } else {
        "btn filebtn"
    };
    html! {
        <label {class} title={props.title}>
            { icon("#i-open") }<span class="word">{ "Open…" }</span>
            <input type="file" disabled={props.reading} {onchange} />
        </label>
    }
}

impl Part for OpenFile {
    fn draw(&self, _: &mut HookContext) -> Html {
        open_file(self)
    }
}

#[derive(PartialEq)]
struct RunBar {
    run: Rc<RunView>,
    on: Callback<Action>,
}

/// Reset, step back, step, next event, next fault, run or pause, speed.
fn run_bar(props: &RunBar) -> Html {
    let run = &props.run;
    let act = |action: Action| {
        let on = props.on.clone();
        Callback::from(move |_| on.emit(action.clone()))
    };
    let (back, forward) = (!run.can_back, !run.can_forward);
    let (sign, word) = if run.busy {
        ("#i-pause", "Pause")
    } else {
        ("#i-run", "Run")
    };
    html! {
        <div class="runbar">
            <div class="group" role="toolbar" aria-label="Run control">
                <button class="btn icon-only" disabled={back} onclick={act(Action::Reset)} aria-label="Reset to step 0"
                    title="Reset · Home">{ icon("#i-reset") }</button>
                <button class="btn icon-only" disabled={back} onclick={act(Action::StepBack)} aria-label="Step back"
                    title="Step back · ←">{ icon("#i-back") }</button>
                <button class="btn" disabled={forward} onclick={act(Action::Step)}
                    title="Step: one event · →">{ icon("#i-step") }{ "Step" }</button>
                <button class="btn" disabled={forward} onclick={act(Action::NextEvent)}
                    title="To the next event that is not a TLB hit · E">{ icon("#i-next") }{ "Next event" }</button>
                <button class="btn" disabled={forward} onclick={act(Action::NextFault)}
                    title="To the next fault that reaches a handler · N">{ icon("#i-fault") }{ "Next fault" }</button>
                <button class="btn primary" disabled={forward && !run.busy} onclick={act(Action::ToggleRun)}
                    title="Run or pause · Space">{ icon(sign) }{ word }</button>
            </div>
            { part(SpeedMenu { speed: run.speed, on: props.on.clone() }) }
        </div>
    }
}

impl Part for RunBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        run_bar(self)
    }
}

#[derive(PartialEq)]
struct SpeedMenu {
    speed: Speed,
    on: Callback<Action>,
}

/// How fast a run goes.
fn speed_menu(props: &SpeedMenu) -> Html {
    let on = props.on.clone();
    let onchange = move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let speed = Speed::ALL.into_iter().find(|speed| speed.label() == chosen);
        if let Some(speed) = speed {
            on.emit(Action::SetSpeed(speed));
        }
    };
    let option = |speed: Speed| {
        let label = speed.label();
        html! { <option value={label.clone()} selected={speed == props.speed}>{ label }</option> }
    };
    html! {
        <select class="select" aria-label="Speed, in events a second" title="Events a second" {onchange}>
            { for Speed::ALL.into_iter().map(option) }
        </select>
    }
}

impl Part for SpeedMenu {
    fn draw(&self, _: &mut HookContext) -> Html {
        speed_menu(self)
    }
}
