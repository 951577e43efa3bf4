//! The first lesson: what it says now, and what can be done about it.

use crate::store::{Guide, GuideStep, Playground};
use crate::view::words::grouped;

/// What the lesson's bar shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuideView {
    /// Whether it is shown at all.
    pub shown: bool,
    /// What it is called, with the number of the step.
    pub title: String,
    /// What is to be done, and what was seen.
    pub text: String,
    /// Lines to be typed.
    pub lines: Option<&'static str>,
    /// What begins it, while it is offered.
    pub begin: Option<&'static str>,
    /// What puts it away.
    pub skip: &'static str,
    /// What the browser is to remember of it.
    pub stored: Option<String>,
}

pub(super) fn select(playground: &Playground) -> GuideView {
    let view = match playground.guide {
        // Its steps are edits.
        _ if playground.read_only => return GuideView::default(),
        Guide::Unknown | Guide::Away => GuideView::default(),
        Guide::Offered(left) => offered(left),
        Guide::At(step) => at(playground, step),
    };
    let stored = playground.guide.stored();
    GuideView { stored, ..view }
}

fn offered(left: Option<GuideStep>) -> GuideView {
    let (text, begin) = match left {
        None => (
            "Five minutes, from the first page fault to a policy of your own, by keyboard if you like."
                .to_owned(),
            "Start the first lesson",
        ),
        Some(step) => (
            format!("You left it at step {} of 8.", step.index() + 1),
            "Go on with the first lesson",
        ),
    };
    GuideView {
        shown: true,
        title: "New here?".to_owned(),
        text,
        begin: Some(begin),
        skip: "No, thanks",
        ..GuideView::default()
    }
}

fn at(playground: &Playground, step: GuideStep) -> GuideView {
    let done = step == GuideStep::Done;
    let title = if done {
        "First lesson: done".to_owned()
    } else {
        format!("First lesson, {} of 8", step.index() + 1)
    };
    let elsewhere = !done && !playground.is_in_lesson();
    let text = if elsewhere {
        "The lesson is about FIFO and CLOCK under one program, and something else runs here now."
            .to_owned()
    } else {
        text(playground, step)
    };
    GuideView {
        shown: true,
        title,
        text,
        lines: (!elsewhere && wants_lines(playground, step)).then_some(crate::store::LINES),
        begin: elsewhere.then_some("Go back to the lesson"),
        skip: if done {
            "Close the lesson"
        } else {
            "Skip the lesson"
        },
        stored: None,
    }
}

/// Whether the lines are to be seen: until they are in the text, or what runs instead is whole.
fn wants_lines(playground: &Playground, step: GuideStep) -> bool {
    match step {
        GuideStep::Edit => true,
        GuideStep::Apply => playground
            .drafts
            .first()
            .is_some_and(|it| !it.has_the_lines()),
        GuideStep::Own => playground.gave_up_a(),
        _ => false,
    }
}

fn text(playground: &Playground, step: GuideStep) -> String {
    match step {
        GuideStep::Fault => "Two programs are about to run, and no page of theirs is in memory. Press \
             N (Next fault): the hardware misses, the kernel knows nothing either, and calls up to A’s policy."
            .to_owned(),
        GuideStep::Handler => "Follow the yellow, which is what happens now. Press → (Step) until A’s \
             policy has found a frame, bound the page, and gone back to A without the kernel."
            .to_owned(),
        GuideStep::Back => "Every step can be undone. Press ← (Step back).".to_owned(),
        GuideStep::End => "Press End (or choose full speed, and Run) to run everything to its end, and see under \
             Environments what each policy came to."
            .to_owned(),
        GuideStep::Reset => {
            let loaded = match playground.guide_loads.0 {
                0 => String::new(),
                loads => format!("A loaded {} pages under FIFO. ", grouped(loads)),
            };
            format!(
                "{loaded}FIFO lets the oldest page go even if it is in use; CLOCK, which B came with, \
                 does not. Press Home (or the first button of the run), and make A’s policy better."
            )
        }
        GuideStep::Edit => "In A’s text, let victim pass over pages that are in use: type these lines \
             at its start, and take the _ from _sys in the line above. Any other change of what victim does \
             will do as well, if it compiles."
            .to_owned(),
        GuideStep::Apply => "It compiles. Press Ctrl Enter in the editor (or Apply): it takes over \
             the running machine."
            .to_owned(),
        GuideStep::Own if playground.gave_up_a() => "A was given up before its end: under Environments \
             stands why. Put your text right (Undo in the editor, or the button), press Home, then Ctrl Enter in \
             the editor (or Apply), and End again."
            .to_owned(),
        GuideStep::Own => "Leave the editor with Esc and Tab, and press End (or Run, at full speed): your policy runs.".to_owned(),
        GuideStep::Done => done(playground),
    }
}

fn done(playground: &Playground) -> String {
    let (fifo, own) = playground.guide_loads;
    let before = match fifo {
        0 => String::new(),
        fifo => format!("; FIFO loaded {}", grouped(fifo)),
    };
    format!(
        "Your own policy has run to the end: A loaded {} pages{before}. Next: ask Why? of a frame, press \
         less memory upon A under Environments, or open another scenario (Share…).",
        grouped(own)
    )
}
