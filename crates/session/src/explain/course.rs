//! The course of an environment: requests, slices, ends, and programs that take over.

use exo_core::cost::PROCEDURE_CALL;
use exo_core::event::{BreakReason, Event};
use exo_core::machine::Machine;

use super::{Actor, broken_in, counted, env_letter};

/// What application and libOS of one environment say to each other.
pub(super) fn request(event: &Event) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::Requested {
            env,
            request,
            first,
            second,
        } => {
            let text = format!(
                "{who}'s application calls its own libOS: request {request} with {first} and \
                 {second}. A procedure call, {PROCEDURE_CALL} cycles; the kernel takes no part."
            );
            (Actor::Application(env), text)
        }
        Event::Replied { env, answer } => {
            let text = match answer {
                Ok(value) => format!("{who}'s libOS answers its application: {value}."),
                Err(error) => format!(
                    "{who}'s libOS refuses its application's request: Err({}), {error}.",
                    error.name()
                ),
            };
            (Actor::Libos(env), text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

/// The course of an environment.
pub(super) fn course(event: &Event, machine: &Machine) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::Resumed { env } => {
            let text = format!(
                "{who}'s handler is done and goes straight back to the application, without the \
                 kernel."
            );
            (Actor::Libos(env), text)
        }
        Event::Broken { env, reason, place } => {
            let of = if matches!(reason, BreakReason::Application(_)) {
                " of its application"
            } else {
                ""
            };
            let line = if place.line > 0 {
                format!(" at line {}{of}", place.line)
            } else {
                String::new()
            };
            let text = format!(
                "{who} is given up{line}: {}. Its frames stay its own and the others go on.",
                broken_in(env, reason, machine)
            );
            (Actor::Kernel, text)
        }
        Event::Switched { from, .. } => {
            let text = format!("{}'s slice is over; {who}'s begins.", env_letter(from));
            (Actor::Kernel, text)
        }
        Event::Finished { env } => (
            Actor::Application(env),
            format!("{who}'s application has come to its end."),
        ),
        _ => (Actor::Kernel, taken_over(event)),
    }
}

/// What took the place of what.
fn taken_over(event: &Event) -> String {
    let who = env_letter(event.env());
    match *event {
        Event::Installed {
            kept,
            fresh,
            dropped,
            released,
            ..
        } => {
            let mut text = format!(
                "{who} runs another policy from here on: {} kept, {fresh} new, {dropped} dropped.",
                counted(kept.into(), "field", "fields")
            );
            if released > 0 {
                let frames = counted(released.into(), "frame was", "frames were");
                text.push_str(&format!(" {frames} freed first."));
            }
            text
        }
        Event::InstallRefused {
            frames_needed,
            frames_free,
            ..
        } => {
            format!(
                "The new policy of {who} needs {} for its own state and only {frames_free} can be \
                 had: the old one stays.",
                counted(frames_needed.into(), "frame", "frames")
            )
        }
        Event::Loaded { frames, .. } => {
            format!(
                "{who} runs another application from here on, from its main and with a state of its \
                 own in {}. What {who} holds and has bound stays.",
                counted(frames.into(), "pinned frame", "pinned frames")
            )
        }
        Event::LoadRefused {
            frames_needed,
            frames_free,
            ..
        } => {
            format!(
                "The new application of {who} needs {} for its own state and only {frames_free} \
                 can be had: the old one stays.",
                counted(frames_needed.into(), "frame", "frames")
            )
        }
        _ => String::new(),
    }
}
