//! The environments: who holds what, who does what, who pays.

use std::rc::Rc;

use exo_libos_samples::{APPLICATIONS, ApplicationSample};
use exo_session::why::Thing;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Html, Properties, TargetCast, component, html};

use super::cycle_bar::{CycleBar, CycleKey};
use super::icon::OwnerTag;
use super::sheets::sheet_button;
use super::why::why_list;
use crate::store::Action;
use crate::view::{EnvironmentView, PhaseMark};

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct EnvironmentsProps {
    /// The environments.
    pub environments: Rc<Vec<EnvironmentView>>,
    /// What undoing the last change of the scenario brings back.
    pub undo: Option<String>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// All environments.
#[component]
pub fn Environments(props: &EnvironmentsProps) -> Html {
    html! {
        <section class="envpane" aria-labelledby="h-environments">
            <div class="ph"><h2 id="h-environments">{ "Environments" }</h2>if props.undo.is_none() { <span class="note">{ "up to this step" }</span> }<span class="right">{ undo(props) }{ sheet_button("Charts…", &props.on) }</span></div>
            <CycleKey />
            <ul class="envs">{ for props.environments.iter().map(|view| one(view, &props.on)) }</ul>
        </section>
    }
}

/// Undoes the last change of programs, traces, limits or sessions.
fn undo(props: &EnvironmentsProps) -> Html {
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
    let onchange = move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
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

/// Memory pressure: how many frames an environment may hold, from this step on.
fn pressure(view: &EnvironmentView, on: &Callback<Action>) -> Html {
    let (env, on) = (view.owner.env, on.clone());
    let onchange = move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        if let Ok(frames) = input.value().parse() {
            on.emit(Action::SetFrameLimit { env, frames });
        }
    };
    let id = format!("limit-{}", env.0);
    let value = view.frame_limit.to_string();
    html! {
        <div class="r2 pressure">
            <label for={id.clone()}>{ "May hold" }</label>
            <input {id} type="range" min="0" max={view.frames_in_all.to_string()} value={value.clone()}
                aria-valuetext={format!("{value} frames")}
                title="Fewer frames than it holds: the kernel asks for the rest, then takes it" {onchange} />
            <output>{ value }</output>
        </div>
    }
}

/// Why an environment is where it is.
fn ask(view: &EnvironmentView, on: &Callback<Action>) -> Html {
    let (on, thing) = (on.clone(), Thing::Environment(view.owner.env));
    let name = format!("Why is {} where it is?", view.owner.letter());
    html! { <button class="linkbtn" aria-label={name.clone()} title={name} onclick={move |_| on.emit(Action::Ask(thing))}>{ "Why?" }</button> }
}

fn one(view: &EnvironmentView, on: &Callback<Action>) -> Html {
    let class = if view.now { "on" } else { "" };
    let phase = if view.mark == PhaseMark::Broken {
        "stt alert"
    } else {
        "stt"
    };
    html! {
        <li {class} aria-current={view.now.then_some("true")}>
            <div class="r1">
                <OwnerTag owner={view.owner} />
                <span class="nm">{ &view.policy }</span><span class={phase}>{ &view.phase }</span>
                if view.why.is_none() { { ask(view, on) } }
            </div>
            <div class="r2">{ runs(view, on) }<span class="dim">{ &view.frames }</span></div>
            { pressure(view, on) }
            if let Some(asked) = &view.asked { <p class="why" role="status">{ asked }</p> }
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
            <CycleBar class="bar" cycles={view.cycles} scale={view.scale} />
        </li>
    }
}
