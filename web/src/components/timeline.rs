//! The timeline: a drawing of the run so far under a real range input.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::{
    Callback, Hook, HookContext, Html, InputEvent, MouseEvent, TargetCast, classes, hook, html,
    use_node_ref, use_state_eq,
};

use super::act::act;
use super::icon::icon;
use super::part::{Part, part};
use super::pointing::Pointing;
use crate::driver::place_within;
use crate::later::later;
use crate::store::{Action, BranchAction, MarkKind, MarksAction, Target};
use crate::view::words::decimal;
use crate::view::{DrawnView, MarkView, Owner, ProcessorView, TimelineView, TrackView};

/// Height of the ruler, and of a track with its line.
const RULER: usize = 17;
const TRACK: usize = 13;

/// What stands in the line below the timeline while there is nothing to tell of.
pub(super) const HINT: &str = "Point at the timeline: what happened there is told here.";

/// What the timeline shows and whom it tells.
#[derive(PartialEq)]
pub struct Timeline {
    /// The run so far.
    pub view: Rc<TimelineView>,
    /// How many futures were left.
    pub branches: usize,
    /// The owner of what is chosen: its share of the processor is marked.
    pub looked: Option<Owner>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The timeline.
fn timeline(props: &Timeline) -> Html {
    let view = &props.view;
    let find = {
        let on = props.on.clone();
        move |_| on.emit(Action::OpenFind)
    };
    let branches = {
        let on = props.on.clone();
        move |_| on.emit(Action::Branch(BranchAction::Show(true)))
    };
    let tracks = &view.drawn.tracks;
    let height = RULER + TRACK * (tracks.len() + 1) + 1;
    html! {
        <section class="time" aria-label="Timeline">
            <div class="labels">
                <span class="pos" title="References and instructions completed, then events within the next one">{ format!("position {}", view.position) }</span>
                <span aria-hidden="true" title="Who had the processor: its application, its libOS, or the kernel for it">{ "processor" }</span>
                { for tracks.iter().map(|track| html! { <span aria-hidden="true">{ track.name }</span> }) }
            </div>
            <div class={classes!("track", props.looked.map(|it| format!("look-{}", it.hue())))}>
                <svg width="100%" height={height.to_string()} aria-hidden="true">
                    <rect class="past" y={RULER.to_string()} width={view.at.clone()} height={(height - RULER).to_string()} />
                    { for view.ticks.iter().map(tick) }
                    { part(Drawn { view: view.drawn.clone() }) }
                    <rect class="tk-veil" x={view.at.clone()} y={(RULER + TRACK).to_string()} width={view.rest.clone()} height={(height - RULER - TRACK).to_string()} />
                    { for view.marks.iter().map(|it| mark(it, height)) }
                    { head(view, height) }
                </svg>
                { part(Scrub { view: view.clone(), on: props.on.clone() }) }
                if let Some(part) = &view.part { <p class="sr" role="status">{ part }</p> }
            </div>
            <div class="tools">
                <button id="find-open" class="btn sm" title="Find in the run: forward or back to a step that brought something about · F" onclick={find}>
                    { icon("#i-find") }<span class="word">{ "Find…" }</span></button>
                <button id="marks-open" class="btn sm" title="Marks of the run: changes, stops, what was found, branches, notes; write a note of this step" onclick={act(&props.on, Action::Marks(MarksAction::Show(true)))}>
                    { icon("#i-note") }<span class="word">{ "Marks…" }</span></button>
                if props.branches > 0 {
                    <button id="branches-open" class="btn sm" title="The futures that were left by a change in the past" onclick={branches}>
                        { icon("#i-branch") }<span class="word">{ "Branches" }</span>{ format!(" {}", props.branches + 1) }</button>
                }
                { for [false, true].map(|forward| to_mark(view, forward, &props.on)) }
                { for [true, false].map(|closer| zoom(view, closer, &props.on)) }
                <button class="btn sm icon-only" disabled={view.step == 0} aria-label="Play back" title="Run back at the chosen speed; again to stop · Shift Space" onclick={act(&props.on, Action::PlayBack)}>
                    { icon("#i-play-back") }</button>
            </div>
        </section>
    }
}

impl Part for Timeline {
    fn draw(&self, _: &mut HookContext) -> Html {
        timeline(self)
    }
}

#[derive(PartialEq)]
struct Scrub {
    view: Rc<TimelineView>,
    on: Callback<Action>,
}

/// The range input over the drawing. What is pointed at is told by the later part of the program, which it asks for.
#[hook]
fn use_scrub(props: &Scrub) -> Html {
    let (view, track) = (&props.view, use_node_ref());
    let (pointed, focused) = (use_state_eq(|| None), use_state_eq(|| false));
    let oninput = {
        let on = props.on.clone();
        move |event: InputEvent| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Ok(step) = input.value().parse() {
                on.emit(Action::GoTo(Target::Step(step)));
            }
        }
    };
    let later = later();
    let onmousemove = {
        let (pointed, track, on, lacks) = (
            pointed.setter(),
            track.clone(),
            props.on.clone(),
            later.is_none(),
        );
        move |event: MouseEvent| {
            if lacks {
                on.emit(Action::Point);
            }
            pointed.set(place_within(&track, &event).map(|it| it.0.max(0) as u32));
        }
    };
    let (leave, focus, blur) = (pointed.setter(), focused.setter(), focused.setter());
    let (on, lacks) = (props.on.clone(), later.is_none());
    let onfocus = move |_| {
        if lacks {
            on.emit(Action::Point);
        }
        focus.set(true);
    };
    let told = later.map(|it| {
        let (view, track, on) = (view.clone(), track.clone(), props.on.clone());
        (it.pointing)(Pointing {
            view,
            track,
            pointed: *pointed,
            focused: *focused,
            on,
        })
    });
    html! {
        <>
            <input class="scrub" type="range" ref={track} min={view.shown.0.to_string()} max={view.shown.1.to_string()} value={view.step.to_string()}
                disabled={view.furthest == 0} aria-label="Step of the run so far" aria-valuetext={view.spoken.clone()} {oninput}
                {onmousemove} onmouseleave={move |_| leave.set(None)} {onfocus} onblur={move |_| blur.set(false)} />
            { told.unwrap_or_else(|| html! { <p class="readout" data-told="false">{ HINT }</p> }) }
        </>
    }
}

impl Part for Scrub {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_scrub(self).run(context)
    }
}

/// A button that shows less of the run, or more.
fn zoom(view: &TimelineView, closer: bool, on: &Callback<Action>) -> Html {
    let (there, name, sign, title) = if closer {
        let title =
            "Show a quarter of it, around this step: each slice by itself, where there are few · +";
        (view.furthest > 60, "Closer", "#i-closer", title)
    } else {
        let title = "Show four times as much of the run · −";
        (view.part.is_some(), "Wider", "#i-wider", title)
    };
    html! {
        <button class="btn sm icon-only" disabled={!there} aria-label={name} {title} onclick={act(on, Action::Zoom { closer })}>
            { icon(sign) }</button>
    }
}

/// A button to the nearest mark in a direction.
fn to_mark(view: &TimelineView, forward: bool, on: &Callback<Action>) -> Html {
    let on = on.clone();
    let (there, name, sign, title) = if forward {
        let title = "To the next mark: a change, a stop at a breakpoint, what was found · M";
        (view.marks_around.1, "Next mark", "#i-mark-next", title)
    } else {
        let title = "To the mark before · Shift M";
        (view.marks_around.0, "Previous mark", "#i-mark-back", title)
    };
    html! {
        <button class="btn sm icon-only" disabled={!there} aria-label={name} {title} onclick={move |_| on.emit(Action::GoToMark { forward })}>
            { icon(sign) }</button>
    }
}

fn tick((number, at): &(String, String)) -> Html {
    html! {
        <svg x={at.clone()} overflow="visible">
            <path class="tk-row" d={format!("M-.5 13V{RULER}")} /><text class="tk" x="-4" y="11" text-anchor="end">{ number }</text>
        </svg>
    }
}

/// What is drawn of the run, wherever it stands.
#[derive(PartialEq)]
struct Drawn {
    view: Rc<DrawnView>,
}

/// Kept as it is while the run is moved through.
fn drawn(props: &Drawn) -> Html {
    let view = &props.view;
    html! {
        <>
            { processor(&view.processor) }
            { for view.tracks.iter().enumerate().map(|(index, it)| track(index + 1, it)) }
        </>
    }
}

impl Part for Drawn {
    fn draw(&self, _: &mut HookContext) -> Html {
        drawn(self)
    }
}

/// Who had the processor.
fn processor(view: &ProcessorView) -> Html {
    let share = |(owner, path): &(Owner, String)| {
        html! { <path class={format!("cpu cpu-{}", owner.hue())} d={path.clone()} /> }
    };
    let letter = |(owner, place): &(Owner, u32)| {
        let x = format!("{}.{:02}%", place / 100, place % 100);
        html! { <text class={format!("cpu-letter cpu-letter-{}", owner.hue())} {x} y={(RULER + TRACK - 3).to_string()} text-anchor="middle">{ owner.letter() }</text> }
    };
    html! {
        <>
            <svg y={(RULER + 1).to_string()} width="100%" height={(TRACK - 2).to_string()} viewBox="0 0 960 10" preserveAspectRatio="none">
                { for view.shares.iter().map(share) }
            </svg>
            { for view.letters.iter().map(letter) }
            <rect class="tk-line" y={(RULER + TRACK - 1).to_string()} width="100%" height="1" />
        </>
    }
}

fn track(index: usize, track: &TrackView) -> Html {
    let top = RULER + index * TRACK;
    html! {
        <>
            <svg y={(top + 1).to_string()} width="100%" height={(TRACK - 1).to_string()} viewBox="0 0 960 12" preserveAspectRatio="none">
                <path class="tk-d" d={track.strokes.clone()} />
            </svg>
            <rect class="tk-line" y={(top + TRACK - 1).to_string()} width="100%" height="1" />
        </>
    }
}

fn mark(mark: &MarkView, height: usize) -> Html {
    let shape = match mark.kind {
        MarkKind::Edit => {
            html! { <path class="mark-edit" d={format!("M.5 {height}V4M.5 4h7l-2.5 3 2.5 3h-7")} /> }
        }
        MarkKind::Stop => {
            html! { <circle class="mark-stop" cx=".5" cy={(RULER - 3).to_string()} r="3.5" /> }
        }
        MarkKind::Find => {
            html! { <path class="mark-find" d={format!("M-3.5 {}h8l-4 7z", RULER - 7)} /> }
        }
        MarkKind::Deadline => {
            html! { <path class="mark-edit" d={format!("M.5 {height}V{}l4-4-4-4-4 4 4 4", RULER - 1)} /> }
        }
        MarkKind::Fork => {
            html! { <path class="mark-fork" d={format!("M.5 {height}V{RULER}L5.5 {}", RULER - 5)} /> }
        }
        MarkKind::Note(_) => {
            html! { <path class="mark-edit" d={format!("M.5 {height}V{RULER}M-2.5 {}h6v6h-6z", RULER - 7)} /> }
        }
    };
    let label = mark.label.iter();
    let label = label.map(
        |it| html! { <text class={classes!("mark-label", mark.left.then_some("left"))} x={if mark.left { "-6" } else { "6" }} y={(RULER - 2).to_string()}>{ it }</text> },
    );
    html! { <svg x={mark.at.clone()} overflow="visible">{ shape }{ for label }</svg> }
}

/// The line at the current step, with its number, which stays within the picture.
fn head(view: &TimelineView, height: usize) -> Html {
    let width = view.label.len() * 7 + 8;
    let left = -(width as f64) * view.hundredths as f64 / 100.0;
    html! {
        <svg x={view.at.clone()} overflow="visible">
            <path class="head-l" d={format!("M0 14V{height}")} />
            <g class={classes!("head-b", view.still.then_some("still"))}>
                <rect x={decimal(left, 1)} y=".5" width={width.to_string()} height="14" />
                <text x={decimal(left + width as f64 / 2.0, 1)} y="11.5">{ &view.label }</text>
            </g>
        </svg>
    }
}
