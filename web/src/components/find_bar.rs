//! The find bar: what is looked for in the run, forward or back, and what came of it.

use std::rc::Rc;

use exo_core::ids::EnvId;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::{
    Callback, Hook, HookContext, Html, InputEvent, KeyboardEvent, TargetCast, hook, html,
    use_node_ref,
};

use super::act::act;
use super::icon::icon;
use super::part::{Part, part};
use crate::driver::use_focus_while;
use crate::store::{Action, COUNTERS, FindForm, KINDS, What};
use crate::view::{FindView, Owner};

/// The bar, in the later part of the program.
pub(crate) fn find_bar(view: &Rc<FindView>, on: &Callback<Action>) -> Html {
    part(FindBar {
        view: view.clone(),
        on: on.clone(),
    })
}

/// What the bar shows and whom it tells.
#[derive(PartialEq)]
pub struct FindBar {
    /// What is looked for.
    pub view: Rc<FindView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The bar; nothing while it is put away. Enter looks on, Shift Enter back, Escape gives up or closes.
#[hook]
fn use_find_bar(props: &FindBar) -> Html {
    let (view, on) = (&props.view, &props.on);
    let bar = use_node_ref();
    use_focus_while(&bar, "select", "find-open", view.open);
    if !view.open {
        return html! { <div ref={bar} hidden=true></div> };
    }
    let onkeydown = {
        let on = on.clone();
        move |event: KeyboardEvent| {
            let field = event.target_dyn_into::<HtmlInputElement>().is_some()
                || event.target_dyn_into::<HtmlSelectElement>().is_some();
            let action = match event.key().as_str() {
                "Escape" => Action::Cancel,
                "Enter" if field => Action::Search {
                    back: event.shift_key(),
                },
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            on.emit(action);
        }
    };
    html! {
        <div class="find" ref={bar} role="search" aria-label="Find in the run" {onkeydown}>
            { fields(view, on) }
            { buttons(view, on) }
            { outcome(view) }
            <button class="btn sm quiet close" aria-label="Close the find bar" title="Close · Esc" onclick={act(on, Action::CloseFind)}>{ "✕" }</button>
        </div>
    }
}

impl Part for FindBar {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_find_bar(self).run(context)
    }
}

/// Changes a field of the form.
fn change(
    view: &FindView,
    on: &Callback<Action>,
    put: impl Fn(&mut FindForm, String) + 'static,
) -> Callback<Event> {
    let (form, on) = (view.form.clone(), on.clone());
    Callback::from(move |event: Event| {
        let mut form = form.clone();
        put(
            &mut form,
            event.target_unchecked_into::<HtmlSelectElement>().value(),
        );
        on.emit(Action::SetFind(Box::new(form)));
    })
}

fn fields(view: &FindView, on: &Callback<Action>) -> Html {
    let form = &view.form;
    let what = change(view, on, |form, chosen| {
        let what = What::ALL.into_iter().find(|it| it.label() == chosen);
        form.what = what.unwrap_or(form.what);
    });
    let option = |what: What| html! { <option value={what.label()} selected={what == form.what}>{ what.label() }</option> };
    html! {
        <>
            <label for="find-what">{ "Find where" }</label>
            <select id="find-what" class="select sm" onchange={what}>{ for What::ALL.into_iter().map(option) }</select>
            { kind(view, on) }
            { owner(view, on) }
            { typed(view, on) }
        </>
    }
}

/// The kind of event and whose; or the counter.
fn kind(view: &FindView, on: &Callback<Action>) -> Html {
    let form = &view.form;
    let words = |words: &'static [&'static str], now: &'static str| {
        let option = move |word: &&'static str| html! { <option value={*word} selected={*word == now}>{ word.replace('-', " ") }</option> };
        html! { <>{ for words.iter().map(option) }</> }
    };
    let chosen = |words: &'static [&'static str], chosen: &str| {
        words.iter().find(|it| **it == chosen).copied()
    };
    match form.what {
        What::Kind => {
            let kind = change(view, on, move |form, word| {
                form.kind = chosen(KINDS, &word).unwrap_or(form.kind)
            });
            let whose = change(view, on, |form, index| {
                form.whose = index.parse().ok().map(EnvId)
            });
            let option = |it: &Owner| html! { <option value={it.env.0.to_string()} selected={form.whose == Some(it.env)}>{ format!("of {}", it.letter()) }</option> };
            html! {
                <>
                    <select class="select sm" aria-label="Kind of event" onchange={kind}>{ words(KINDS, form.kind) }</select>
                    <select class="select sm" aria-label="Whose event" onchange={whose}>
                        <option value="any" selected={form.whose.is_none()}>{ "of anyone" }</option>{ for view.owners.iter().map(option) }</select>
                </>
            }
        }
        What::Counter => {
            let counter = change(view, on, move |form, word| {
                form.counter = chosen(COUNTERS, &word).unwrap_or(form.counter)
            });
            html! { <select class="select sm" aria-label="Counter" onchange={counter}>{ words(COUNTERS, form.counter) }</select> }
        }
        _ => html! {},
    }
}

/// Whose page, counter or line.
fn owner(view: &FindView, on: &Callback<Action>) -> Html {
    if !view.form.what.has_owner() {
        return html! {};
    }
    let owner = change(view, on, |form, index| {
        form.owner = index.parse().map_or(form.owner, EnvId)
    });
    let option = |it: &Owner| html! { <option value={it.env.0.to_string()} selected={view.form.owner == it.env}>{ format!("of {}", it.letter()) }</option> };
    html! { <select class="select sm" aria-label="Whose" onchange={owner}>{ for view.owners.iter().map(option) }</select> }
}

/// The number that is typed.
fn typed(view: &FindView, on: &Callback<Action>) -> Html {
    let Some((name, example)) = view.form.what.typed() else {
        return html! {};
    };
    let (form, on) = (view.form.clone(), on.clone());
    let oninput = move |event: InputEvent| {
        let mut form = form.clone();
        form.put(event.target_unchecked_into::<HtmlInputElement>().value());
        on.emit(Action::SetFind(Box::new(form)));
    };
    html! {
        <>
            <label for="find-typed">{ name }</label>
            <input id="find-typed" class="field" size="8" placeholder={example} value={view.form.typed().to_owned()} autocomplete="off" spellcheck="false" {oninput} />
        </>
    }
}

fn buttons(view: &FindView, on: &Callback<Action>) -> Html {
    if view.searching {
        return html! { <button class="btn sm" title="Give the search up · Esc" onclick={act(on, Action::Cancel)}>{ "Cancel" }</button> };
    }
    let titles = [
        format!(
            "Back to the last step like that · Shift Enter · exo replay --back-to '{}'",
            view.words
        ),
        format!(
            "On to the next step like that · Enter · exo replay --until '{}'",
            view.words
        ),
    ];
    let [back, until] = titles;
    html! {
        <span class="group" role="group" aria-label="Search">
            <button class="btn sm" aria-label="Back to what is looked for" title={back} onclick={act(on, Action::Search { back: true })}>{ icon("#i-left") }{ "Back to" }</button>
            <button class="btn sm" aria-label="Run until what is looked for" title={until} onclick={act(on, Action::Search { back: false })}>{ "Run until" }{ icon("#i-right") }</button>
        </span>
    }
}

/// Progress while it searches, then what came of it. The page's live region says it.
fn outcome(view: &FindView) -> Html {
    if view.searching {
        return html! {
            <span class="said">
                if let Some((step, furthest)) = view.progress {
                    <progress max={furthest.to_string()} value={step.to_string()} aria-label="Steps looked through"></progress>
                }
                { "Searching…" }
            </span>
        };
    }
    match &view.said {
        Some((said, failed)) => {
            html! { <span id="found" class={if *failed { "said bad" } else { "said" }}>{ said }</span> }
        }
        None => html! { <span class="said dim">{ "Enter: on; Shift Enter: back" }</span> },
    }
}
