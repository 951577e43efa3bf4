//! The sentence above everything, the one live region, and the notice below it.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, html};

use super::part::Part;
use crate::store::{Action, Notice};
use crate::view::CaptionView;

/// What the caption shows.
#[derive(PartialEq, Eq)]
pub struct Caption {
    /// The sentence.
    pub caption: Rc<CaptionView>,
}

/// Who acts, what happened, what it cost. What is said aloud stands apart from what is seen, so that
/// a run is told once a second and not once a frame.
fn caption(props: &Caption) -> Html {
    let caption = &props.caption;
    let at = if caption.actor.now { "at" } else { "at still" };
    let cost = |name: &str, cycles: &Option<String>| match cycles {
        Some(cycles) => html! {
            <div><dt>{ name }</dt><dd>{ format!("{cycles} {}", if cycles == "1" { "cycle" } else { "cycles" }) }</dd></div>
        },
        None => html! {},
    };
    html! {
        <section class="caption" aria-label="What this step did">
            <span class={at}>{ &caption.actor.label }</span>
            <p id="sentence" aria-hidden="true">{ &caption.text }</p>
            <p class="sr" role="status" aria-live="polite" aria-atomic="true">{ &caption.spoken }</p>
            <dl class="costs">
                { cost("this step", &caption.step_cycles) }
                { cost("this fault", &caption.fault_cycles) }
            </dl>
        </section>
    }
}

impl Part for Caption {
    fn draw(&self, _: &mut HookContext) -> Html {
        caption(self)
    }
}

/// What the notice shows and whom it tells.
#[derive(PartialEq)]
pub struct NoticeBar {
    /// The notice, if there is one.
    pub notice: Option<Rc<Notice>>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// A sentence across the page, until it is taken away.
fn notice_bar(props: &NoticeBar) -> Html {
    let Some(notice) = &props.notice else {
        return html! {};
    };
    let on = props.on.clone();
    let class = if notice.problem {
        "notice bad"
    } else {
        "notice"
    };
    let mark = if notice.problem { "✕ " } else { "" };
    html! {
        <section {class} aria-label="Notice">
            <p id="notice">{ mark }{ &notice.text }</p>
            if let Some((done, all)) = notice.progress {
                <progress max={all.max(1).to_string()} value={done.to_string()} aria-label="Reading the file"></progress>
                <button class="btn sm" onclick={move |_| on.emit(Action::StopReading)}>{ "Stop reading" }</button>
            } else {
                <button class="btn sm" onclick={move |_| on.emit(Action::Dismiss)}>{ "Dismiss" }</button>
            }
        </section>
    }
}

impl Part for NoticeBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        notice_bar(self)
    }
}
