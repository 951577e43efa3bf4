//! Exceptions and transfers, in whole sentences.

use exo_core::cost::{DISPATCH, TRANSFER};
use exo_core::cpu::{Exception, ExceptionKind};
use exo_core::event::{Event, Transfer};

use super::broken::excepted;
use super::{Actor, env_letter};

/// Explains what happens to an environment's processor.
pub(super) fn processor(event: &Event) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::Raised { exception, .. } => (Actor::Kernel, raised(&who, exception)),
        Event::Recovered { env, skipped } => {
            let how = match skipped {
                Some(value) => format!("behind the instruction, as if that had given {value}"),
                None => "with the same instruction".to_owned(),
            };
            let text = format!(
                "{who}'s handler is done: the application goes on {how}, without the kernel."
            );
            (Actor::Libos(env), text)
        }
        Event::CoprocessorSet { env, enabled } => {
            let state = if enabled { "on" } else { "off" };
            let text = format!("{who} switches the coprocessor {state} for its application.");
            (Actor::Libos(env), text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

fn raised(who: &str, exception: Exception) -> String {
    let what = match exception.kind {
        ExceptionKind::Unaligned => format!(
            "loads or stores at 0x{:08X}, which is no multiple of the size",
            exception.address
        ),
        kind => excepted(kind).to_owned(),
    };
    format!(
        "An instruction of {who}'s application {what}: the kernel saves three registers and passes \
         the exception up to {who}'s libOS, {DISPATCH} cycles."
    )
}

/// Explains a transfer of control.
pub(super) fn transfer(event: &Event) -> (Actor, String) {
    match *event {
        Event::Transferred {
            from,
            to,
            transfer,
            words: [first, second, third, fourth],
        } => {
            let (from, to) = (env_letter(from), env_letter(to));
            let (what, time) = match transfer {
                Transfer::Synchronous => (
                    "enters",
                    format!("This slice and all of {from}'s are {to}'s until it transfers back."),
                ),
                Transfer::Asynchronous => ("signals", format!("The rest of the slice is {to}'s.")),
                Transfer::Back => (
                    "transfers back to",
                    format!("{to} has its slices again, and goes on."),
                ),
            };
            let text = format!(
                "{from} {what} {to} with {first}, {second}, {third} and {fourth} in registers, \
                 {TRANSFER} cycles. {time}"
            );
            (Actor::Kernel, text)
        }
        Event::TransferFailed { env, callee } => {
            let (who, callee) = (env_letter(env), env_letter(callee));
            let text = format!(
                "{callee} was given up before it transferred back: {who} goes on with a refusal, \
                 and its slices are its own."
            );
            (Actor::Kernel, text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

/// The same in a few words.
pub(super) fn short(event: &Event) -> String {
    match *event {
        Event::Raised { exception, .. } => match exception.kind {
            ExceptionKind::Unaligned => format!("exception: unaligned 0x{:X}", exception.address),
            ExceptionKind::Overflow => "exception: overflow".to_owned(),
            ExceptionKind::DivideByZero => "exception: division by zero".to_owned(),
            ExceptionKind::Coprocessor => "exception: coprocessor off".to_owned(),
        },
        Event::Recovered {
            skipped: Some(value),
            ..
        } => format!("resumes behind it, with {value}"),
        Event::Recovered { .. } => "resumes with it again".to_owned(),
        Event::CoprocessorSet { enabled, .. } => format!("coprocessor → {enabled}"),
        Event::Transferred { to, transfer, .. } => {
            let to = env_letter(to);
            match transfer {
                Transfer::Synchronous => format!("transfer_sync → {to}"),
                Transfer::Asynchronous => format!("transfer_async → {to}"),
                Transfer::Back => format!("transfers back to {to}"),
            }
        }
        Event::TransferFailed { callee, .. } => {
            format!("transfer failed: {} was given up", env_letter(callee))
        }
        _ => String::new(),
    }
}
