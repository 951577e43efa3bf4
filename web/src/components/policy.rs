//! The left column: whose policy, where its text comes from, the text, its errors, Apply.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_libos_samples::{Kind, PageTable, SAMPLES, Sample, TABLES};
use exo_session::debugger::Side;
use web_sys::{Event, HtmlSelectElement};
use yew::{Callback, Hook, HookContext, Html, TargetCast, classes, hook, html, use_memo};

use super::act::act;
use super::breakpoints::breakpoints;
use super::editor::Editor;
use super::icon::owner_tag;
use super::inside::{FaceBar, Inside};
use super::part::{Part, part};
use crate::driver::{Caret, line_of, move_caret};
use crate::store::{Action, Face};
use crate::view::{DiagnosticView, EditorView, InsideView, LessonView, TabView, VersionRow};

/// What the column shows and whom it tells.
#[derive(PartialEq)]
pub struct Policy {
    /// The policy.
    pub view: Rc<EditorView>,
    /// The policy from inside.
    pub inside: Rc<InsideView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The policy under edit.
#[hook]
fn use_policy(props: &Policy) -> Html {
    let caret = use_memo((), |()| Caret::default());
    let (view, on) = (&props.view, &props.on);
    html! {
        <section class="col policy" aria-label="Policy editor">
            <div class="tabs" role="group" aria-label="Policies">{ for view.tabs.iter().map(|one| tab(one, view.looked, on)) }
                <span class="right">{ follow(view, on) }if view.side == Side::LibOs { { samples(view, on) } }</span></div>
            { origin(view, &caret, on) }
            { versions(view, on) }
            { lessons(view) }
            if let Some(reason) = view.broken.as_ref().filter(|_| view.side == Side::LibOs) {
                <p class="brokenline">{ format!("✕ {reason} Apply another text to start it again.") }</p>
            }
            { part(FaceBar { face: view.face, can_step: view.can_step_line, on: on.clone() }) }
            { part(Editor { view: view.clone(), hidden: view.face != Face::Source, caret: (*caret).clone(), on: on.clone() }) }
            if view.face == Face::Source {
                { breakpoints(&view.stops, on) }
                { diagnostics(view, &caret) }
            } else {
                { part(Inside { view: props.inside.clone(), on: on.clone() }) }
            }
            { apply_bar(view, on) }
        </section>
    }
}

impl Part for Policy {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_policy(self).run(context)
    }
}

/// Whether the text follows the run.
fn follow(view: &EditorView, on: &Callback<Action>) -> Html {
    let title = "A step that ends in another environment’s program shows its text, unless this one is being written or is not applied";
    html! { <button class="btn sm" aria-pressed={view.follows.to_string()} {title} onclick={act(on, Action::Follow(!view.follows))}>{ "Follow" }</button> }
}

fn tab(tab: &TabView, looked: Option<EnvId>, on: &Callback<Action>) -> Html {
    let env = tab.owner.env;
    let (action, title) = match tab.side {
        Side::LibOs => (
            Action::SelectEnvironment(env),
            "The library operating system",
        ),
        Side::Application => (Action::SelectApplication(env), "The application"),
    };
    html! {
        <button class={classes!("tab", (looked == Some(env)).then_some("looked"))} aria-pressed={tab.selected.to_string()} {title} onclick={act(on, action)}>
            { owner_tag(tab.owner) }{ &tab.file_name }
            if tab.differs { <span class="dot" role="img" aria-label="differs from what runs" title="Differs from what runs"></span> }
            if tab.broken { <span class="cross" role="img" aria-label="given up" title="Given up">{ "✕" }</span> }
        </button>
    }
}

/// Where the text comes from, and what else could be in the editor.
fn origin(view: &EditorView, caret: &Caret, on: &Callback<Action>) -> Html {
    let (looks, caret) = (on.clone(), caret.clone());
    let look = move |_| {
        if let Some(line) = line_of(&caret) {
            looks.emit(Action::LookAtLine(line));
        }
    };
    html! {
        <div class="subbar">
            <span class="cut" title={view.origin.clone()}>{ &view.origin }</span>
            { tables(view, on) }
            <button class="linkbtn" title="Lay the text out as rustfmt would" onclick={act(on, Action::Format)}>{ "format" }</button>
            if view.face == Face::Source {
                <button class="linkbtn" title="Mark what the cursor’s line made · Alt Enter" onclick={look}>{ "look at line" }</button>
            }
            if view.modified {
                <button class="linkbtn" aria-pressed={view.compared.is_some().to_string()} title="Show what differs from the original"
                    onclick={act(on, Action::Compare(view.compared.is_none()))}>{ "what changed" }</button>
                <button class="linkbtn" title="Put the original text back" onclick={act(on, Action::LoadOriginal)}>{ "reset" }</button>
            }
            <button class="linkbtn" aria-expanded={view.versions.is_some().to_string()} title="Versions of this text that this browser keeps"
                onclick={act(on, Action::ShowVersions(view.versions.is_none()))}>{ "versions" }</button>
            if view.can_undo { <button class="linkbtn" onclick={act(on, Action::UndoLoad)}>{ "bring my text back" }</button> }
            if let Some(differs) = view.differs {
                <span class="dim">{ differs }</span>
                if let Some(line) = view.line_elsewhere { <span class="runline">{ format!("it stands at line {line}") }</span> }
                <button class="linkbtn" onclick={act(on, Action::LoadRunning)}>{ "show what runs" }</button>
            }
        </div>
    }
}

/// Earlier versions of the text, each to be put into the editor.
fn versions(view: &EditorView, on: &Callback<Action>) -> Html {
    let Some(rows) = &view.versions else {
        return html! {};
    };
    let one = |(index, row): (usize, &VersionRow)| {
        html! {
            <li><button class="linkbtn" title="Put this version into the editor" onclick={act(on, Action::TakeVersion(index))}>{ &row.when }</button>{ format!(": {}", row.words) }</li>
        }
    };
    html! {
        <div class="lessons" id="versions">
            if rows.is_empty() {
                <p>{ "No other version of this text is kept in this browser yet." }</p>
            } else {
                <ul aria-label="Versions of this text">{ for rows.iter().enumerate().map(one) }</ul>
            }
        </div>
    }
}

/// What the text teaches, folded away until asked for.
fn lessons(view: &EditorView) -> Html {
    let one = |lesson: &LessonView| {
        html! {
            <details class="lesson" key={lesson.title.clone()}>
                <summary>{ format!("Lesson: {}", lesson.title) }</summary>
                { for lesson.paragraphs.iter().map(|text| html! { <p>{ text }</p> }) }
            </details>
        }
    };
    html! { <div class="lessons">{ for view.lessons.iter().map(one) }</div> }
}

/// The page table under the policy.
fn tables(view: &EditorView, on: &Callback<Action>) -> Html {
    let Some(shown) = view.table else {
        return html! {};
    };
    let on = on.clone();
    let onchange = move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let chosen = select.value();
        // It shows what the text ends with: another one is made for another choice that is taken.
        select.set_value(shown);
        if let Some(table) = TABLES.iter().find(|table| table.name == chosen) {
            on.emit(Action::ExchangeTable(table.name));
        }
    };
    let option = |table: &PageTable| {
        html! { <option value={table.name} selected={table.name == shown} title={table.summary}>{ table.title }</option> }
    };
    html! {
        <select key={format!("{}-{shown}", view.env.0)} class="select sm" aria-label="Page table of this text"
            title="The page table that the text ends with" {onchange}>{ for TABLES.iter().map(option) }</select>
    }
}

fn samples(view: &EditorView, on: &Callback<Action>) -> Html {
    let on = on.clone();
    let onchange = move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let chosen = select.value();
        select.set_value("");
        if let Some(sample) = SAMPLES.iter().find(|sample| sample.name == chosen) {
            on.emit(Action::LoadSample(sample.name));
        }
    };
    let option = |sample: &Sample| html! { <option value={sample.name}>{ format!("{}: {}", sample.title, sample.summary) }</option> };
    let options = |kind: Kind| {
        let samples = SAMPLES.iter().filter(move |it| it.kind == kind);
        samples.map(option)
    };
    html! {
        <select key={view.env.0} class="select sm" aria-label="Load a sample policy into the editor" {onchange}>
            <option value="" selected=true>{ "Load a sample…" }</option>
            <optgroup label="For any program">{ for options(Kind::General) }</optgroup>
            <optgroup label="For one program">{ for options(Kind::Special) }</optgroup>
        </select>
    }
}

/// What the compiler says; a click goes to the place.
fn diagnostics(view: &EditorView, caret: &Caret) -> Html {
    if view.diagnostics.is_empty() {
        return html! {};
    }
    let one = |diagnostic: &DiagnosticView| {
        let (line, column) = diagnostic.place;
        let (caret, hint) = (caret.clone(), diagnostic.hint.clone());
        let (class, mark) = if diagnostic.warning {
            ("w soft", "warning")
        } else {
            ("w", "!")
        };
        html! {
            <li><button onclick={move |_| move_caret(&caret, line, column)}>
                <span class={class}>{ format!("{mark} {line}:{column}") }</span><span>{ &diagnostic.message }</span>
                if let Some(hint) = hint { <span class="h">{ hint }</span> }
            </button></li>
        }
    };
    html! { <div class="diag"><ul aria-label="Errors and warnings in the text">{ for view.diagnostics.iter().map(one) }</ul></div> }
}

fn apply_bar(view: &EditorView, on: &Callback<Action>) -> Html {
    let apply = &view.apply;
    html! {
        <div class="applybar">
            <p class="say" id="apply-words" role="status">{ &apply.words }</p>
            <button id="apply" class="btn primary" disabled={!apply.can_apply} onclick={act(on, Action::Apply { reset: false })}
                title="The text takes over at the next upcall boundary">{ "Apply " }<span class="key">{ "Ctrl Enter" }</span></button>
            <button class="btn" disabled={!apply.can_reset} onclick={act(on, Action::Apply { reset: true })}
                title="All frames are given back first and every field begins afresh">{ "Apply and reset" }</button>
        </div>
    }
}
