//! The environments: who holds what, who does what, who pays.

use std::rc::Rc;

use exo_libos_samples::{APPLICATIONS, ApplicationSample};
use exo_session::debugger::{Breakpoint, Side};
use exo_session::why::Thing;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{
    Callback, Event, Hook, HookContext, Html, InputEvent, TargetCast, classes, hook, html,
    use_state,
};

use super::act::act;
use super::cycle_bar::{cycle_bar, cycle_key};
use super::icon::owner_tag;
use super::part::{Part, part};
use super::sheets::sheet_button;
use super::why::why_list;
use crate::store::Action;
use crate::view::words::grouped;
use crate::view::{AskedView, EnvironmentView, Owner, PhaseMark};

/// What the panel shows.
#[derive(PartialEq)]
pub struct Environments {
    /// The environments.
    pub environments: Rc<Vec<EnvironmentView>>,
    /// What undoing the last change of the scenario brings back.
    pub undo: Option<String>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// All environments.
fn environments(props: &Environments) -> Html {
    html! {
        <section class="envpane" aria-labelledby="h-environments">
            <div class="ph"><h2 id="h-environments">{ "Environments" }</h2>if props.undo.is_none() { <span class="note">{ "up to this step" }</span> }<span class="right">{ undo(props) }{ sheet_button("Charts…", &props.on) }</span></div>
            { cycle_key() }
            <ul class="envs">{ for props.environments.iter().map(|view| one(view, &props.on)) }</ul>
        </section>
    }
}

impl Part for Environments {
    fn draw(&self, _: &mut HookContext) -> Html {
        environments(self)
    }
}

/// Undoes the last change of programs, traces, limits or sessions.
fn undo(props: &Environments) -> Html {
    let Some(words) = &props.undo else {
        return html! {};
    };
    let on = props.on.clone();
    let title = format!("Undo: {words} · Ctrl Z outside of the editor");
    html! { <button class="btn sm" {title} onclick={move |_| on.emit(Action::UndoChange)}>{ "Undo the change" }</button> }
}

/// What an environment runs; another choice restarts everything.
fn runs(view: &EnvironmentView, on: &Callback<Action>) -> Html {
    let (env, on) = (view.owner.env, on.clone());
    let now = view.runs.unwrap_or_default();
    let onchange = move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let chosen = select.value();
        // It shows what runs: another one is made for another choice that is taken.
        select.set_value(now);
        let sample = APPLICATIONS.iter().find(|sample| sample.name == chosen);
        on.emit(Action::Run {
            env,
            application: sample.map(|sample| sample.name),
        });
    };
    let option = |sample: &ApplicationSample| {
        let words = format!("{}: {}", sample.title, sample.summary);
        html! { <option value={sample.name} selected={view.runs == Some(sample.name)}>{ words }</option> }
    };
    let key = format!("{}-{}", env.0, view.runs.unwrap_or_default());
    html! {
        <select {key} class="select sm runs" aria-label={format!("What {} runs", view.owner.letter())}
            title="Another choice starts the machine again" {onchange}>
            <option value="" selected={view.runs.is_none()}>{ format!("The trace {}", view.trace) }</option>
            <optgroup label="Applications">{ for APPLICATIONS.iter().map(option) }</optgroup>
        </select>
    }
}

/// What the slider of an environment shows and whom it tells.
#[derive(PartialEq)]
struct Pressure {
    owner: Owner,
    /// How many frames it may hold, of so many.
    limit: u32,
    all: u32,
    on: Callback<Action>,
}

/// Memory pressure: how many frames an environment may hold, from this step on.
#[hook]
fn use_pressure(props: &Pressure) -> Html {
    let env = props.owner.env;
    // What is shown while it is dragged.
    let dragged = use_state(|| None::<u32>);
    let frames = |event: &Event| {
        let input = event.target_dyn_into::<HtmlInputElement>()?;
        input.value().parse::<u32>().ok()
    };
    let oninput = {
        let dragged = dragged.clone();
        move |event: InputEvent| dragged.set(frames(&event))
    };
    let onchange = {
        let (on, dragged) = (props.on.clone(), dragged.clone());
        move |event: Event| {
            // From now on the limit that is in force is shown, whether this one is taken, undone or refused.
            dragged.set(None);
            if let Some(frames) = frames(&event) {
                on.emit(Action::SetFrameLimit { env, frames });
            }
        }
    };
    let id = format!("limit-{}", env.0);
    let shown = dragged.unwrap_or(props.limit);
    html! {
        <div class="r2 pressure">
            <label for={id.clone()}>{ "May hold" }</label>
            <input {id} type="range" min="0" max={props.all.to_string()} value={shown.to_string()}
                aria-valuetext={format!("{shown} frames")}
                title="Fewer frames than it holds: the kernel asks for the rest, then takes it" {oninput} {onchange} />
            <output>{ grouped(shown.into()) }</output>
        </div>
    }
}

impl Part for Pressure {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_pressure(self).run(context)
    }
}

/// What the kernel wants back, and how much of the time for it is over.
fn asked(asked: &AskedView) -> Html {
    let (over, all) = asked.time;
    html! {
        <p class="why" role="status">{ &asked.words }
            <progress max={all.to_string()} value={over.to_string()} aria-label="Time for it that is over, in cycles" /></p>
    }
}

/// Why an environment is where it is.
fn ask(view: &EnvironmentView, on: &Callback<Action>) -> Html {
    let (on, thing) = (on.clone(), Thing::Environment(view.owner.env));
    let name = format!("Why is {} where it is?", view.owner.letter());
    html! { <button class="linkbtn" aria-label={name.clone()} title={name} onclick={move |_| on.emit(Action::Ask(thing))}>{ "Why?" }</button> }
}

fn one(view: &EnvironmentView, on: &Callback<Action>) -> Html {
    let env = view.owner.env;
    let class = classes!(view.now.then_some("on"), view.looked.then_some("looked"));
    let phase = if view.mark == PhaseMark::Broken {
        "stt alert"
    } else {
        "stt"
    };
    html! {
        <li {class} aria-current={view.now.then_some("true")}>
            <div class="r1">
                <button class="pick" aria-pressed={view.chosen.to_string()} title="Look at it: all that is its own is marked" onclick={act(on, Action::Look(Some(Thing::Environment(env))))}>
                    { owner_tag(view.owner) }<span class="nm">{ &view.policy }</span></button>
                if let Some(line) = view.line {
                    <button class={classes!(phase, "linkbtn")} title="Show the line" onclick={act(on, Action::ShowLine(Breakpoint { env, side: Side::LibOs, line }))}>{ &view.phase }</button>
                } else {
                    <span class={phase}>{ &view.phase }</span>
                }
                if view.why.is_none() { { ask(view, on) } }
            </div>
            <div class="r2">{ runs(view, on) }<span class="dim">{ &view.frames }</span></div>
            { part(Pressure { owner: view.owner, limit: view.frame_limit, all: view.frames_in_all, on: on.clone() }) }
            { for view.asked.iter().map(asked) }
            if let Some(lesson) = &view.lesson {
                <details class="lesson" key={lesson.title.clone()}>
                    <summary>{ format!("Lesson: {}", lesson.title) }</summary>
                    { for lesson.paragraphs.iter().map(|text| html! { <p>{ text }</p> }) }
                </details>
            }
            if let Some(why) = &view.why { { why_list(why, on) } }
            if let Some(reason) = &view.reason { <p class="why">{ reason }</p> }
            <dl>
                { for view.counters.iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
            </dl>
            { cycle_bar(Some("bar"), view.cycles, view.scale, (304, 10)) }
        </li>
    }
}
