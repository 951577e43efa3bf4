//! Slices of the processor, in whole sentences.

use exo_core::cost::DISPATCH;
use exo_core::event::Event;
use exo_core::limits::SAVE_CYCLES;

use super::{Actor, counted, env_letter};

/// Explains what happens to a slice, or because of one.
pub(super) fn slice(event: &Event) -> (Actor, String) {
    let env = event.env();
    let who = env_letter(env);
    let text = match *event {
        Event::SliceAllocated {
            position,
            named: false,
            ..
        } => format!(
            "{who} asks for a slice of the processor; the kernel gives it slice {position}."
        ),
        Event::SliceAllocated { position, .. } => {
            format!("{who} asks for slice {position} by its position; it is free, and now {who}'s.")
        }
        Event::SliceFreed { position, .. } => format!("{who} gives slice {position} back."),
        Event::Yielded { to: None, .. } => format!("{who} gives up the rest of the slice."),
        Event::Yielded { to: Some(to), .. } => {
            format!("{who} gives the rest of the slice to {}.", env_letter(to))
        }
        Event::SliceBegan { position, .. } => format!(
            "{who} has the processor, in slice {position}: the kernel calls up to its libOS, \
             {DISPATCH} cycles."
        ),
        Event::SliceEnding { position, .. } => format!(
            "Slice {position} of {who} is used up: the kernel calls up to its libOS, which has \
             {SAVE_CYCLES} cycles to save what it needs."
        ),
        Event::Saved { .. } => format!("{who} has saved what it needs, in time."),
        Event::Overran { excess, .. } => format!(
            "{who} has not saved what it needs in time: it goes on, and owes {}.",
            counted(excess.into(), "slice", "slices")
        ),
        Event::Forfeited { position, owed, .. } => format!(
            "Slice {position} of {who} is passed over, for one that it used in excess; it owes {} \
             more.",
            counted(owed.into(), "slice", "slices")
        ),
        _ => String::new(),
    };
    let actor = match event {
        Event::SliceBegan { .. }
        | Event::SliceEnding { .. }
        | Event::Overran { .. }
        | Event::Forfeited { .. } => Actor::Kernel,
        _ => Actor::Libos(env),
    };
    (actor, text)
}

/// The same in a few words.
pub(super) fn short(event: &Event) -> String {
    match *event {
        Event::SliceAllocated { position, .. } => format!("slice_allocate → {position}"),
        Event::SliceFreed { position, .. } => format!("slice_free {position}"),
        Event::Yielded { to: None, .. } => "yield_slice".to_owned(),
        Event::Yielded { to: Some(to), .. } => format!("yield_to {}", env_letter(to)),
        Event::SliceBegan { position, .. } => format!("upcall slice_began {position}"),
        Event::SliceEnding { position, .. } => format!("upcall slice_ended {position}"),
        Event::Saved { .. } => "has saved".to_owned(),
        Event::Overran { excess, .. } => format!("overruns, owes {excess}"),
        Event::Forfeited { position, .. } => format!("forfeits slice {position}"),
        _ => String::new(),
    }
}
