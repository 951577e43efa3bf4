//! What is told where one points at the timeline, or goes over its marks: the slice of the run there, and its marks.

use std::rc::Rc;

use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, NodeRef, UseStateSetter, hook, html,
    use_state_eq,
};

use super::part::{Part, part};
use super::timeline::HINT;
use crate::driver::use_width;
use crate::store::Action;
use crate::view::TimelineView;
use crate::view::words::percent_of;

/// A mark is pointed at from so many pixels away.
const NEAR: u64 = 6;

/// What is told of, and who is told.
#[derive(PartialEq)]
pub struct Pointing {
    /// The run so far.
    pub view: Rc<TimelineView>,
    /// What is as wide as the timeline.
    pub track: NodeRef,
    /// Where the mouse is, in pixels from the left.
    pub pointed: Option<u32>,
    /// Whether the timeline has the keyboard.
    pub focused: bool,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// It, where the later part of the program is asked for it.
pub(crate) fn pointing(it: Pointing) -> Html {
    part(it)
}

/// Pointing draws nothing of the timeline again but a line and a ring over it.
#[hook]
fn use_pointing(props: &Pointing) -> Html {
    let view = &props.view;
    let (cursor, on_marks) = (use_state_eq(|| 0_usize), use_state_eq(|| false));
    let wide = u64::from(use_width(&props.track));
    let last = view.marks.len().checked_sub(1);
    let mark = last.map(|last| (*cursor).min(last));
    let (step, ringed) = match (props.pointed, mark.filter(|_| *on_marks)) {
        (Some(across), _) => {
            let step = view.step_at(across.into(), wide);
            (Some(step), view.mark_near(step, NEAR, wide))
        }
        (None, Some(mark)) => (view.marks.get(mark).map(|it| it.step), Some(mark)),
        (None, None) if props.focused => (Some(view.step), view.mark_near(view.step, 0, wide)),
        (None, None) => (None, None),
    };
    let told = ringed
        .and_then(|it| view.tell_mark(it))
        .or(step.map(|it| view.drawn.tell(it)));
    let focus = |on: bool| {
        let on_marks = on_marks.setter();
        move |_| on_marks.set(on)
    };
    let (from, to) = view.shown;
    html! {
        <>
            <svg class="over" width="100%" height="100%" aria-hidden="true">
                { ringed.and_then(|it| view.marks.get(it)).map(|it| html! { <circle cx={it.at.clone()} cy="14" r="8" /> }) }
                { step.filter(|it| (from..=to).contains(it)).map(|it| html! { <rect x={percent_of(it - from, to - from)} width="1" height="100%" /> }) }
            </svg>
            if let Some(mark) = mark {
                <div class="onmarks" tabindex="0" role="slider" aria-label="Marks: arrow keys go over them, Enter goes there" data-own-keys="true"
                    aria-valuemin="1" aria-valuemax={view.marks.len().to_string()} aria-valuenow={(mark + 1).to_string()} aria-valuetext={view.tell_mark(mark)}
                    onkeydown={over_marks(props, mark, cursor.setter())} onfocus={focus(true)} onblur={focus(false)}></div>
            }
            <p class="readout" id="time-told" data-told={told.is_some().to_string()}>{ told.as_deref().unwrap_or(HINT) }</p>
        </>
    }
}

/// Moves over the marks from one of them, or goes there.
fn over_marks(
    props: &Pointing,
    mark: usize,
    cursor: UseStateSetter<usize>,
) -> Callback<KeyboardEvent> {
    let (view, on) = (props.view.clone(), props.on.clone());
    Callback::from(move |event: KeyboardEvent| {
        let last = view.marks.len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => cursor.set(mark.saturating_sub(1)),
            "ArrowRight" | "ArrowDown" => cursor.set((mark + 1).min(last)),
            "Home" => cursor.set(0),
            "End" => cursor.set(last),
            "Enter" | " " => {
                if let Some(mark) = view.marks.get(mark) {
                    on.emit(Action::GoTo(mark.target));
                }
            }
            _ => return,
        }
        event.prevent_default();
    })
}

impl Part for Pointing {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_pointing(self).run(context)
    }
}
