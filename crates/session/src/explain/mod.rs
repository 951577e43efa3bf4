//! One plain sentence for every event and every refusal, with its numbers.

mod calls;
mod row;

use calls::call;
pub use row::short;

use exo_core::cpu::Trap;
use exo_core::event::{BreakReason, Event};
use exo_core::ids::{Access, Cause, EnvId, Page, ReferenceKind};
use exo_core::limits::{CALL_DEPTH_MAX, IDENTICAL_FAULTS_MAX, STACK_BYTES_MAX, UPCALL_FUEL};
use exo_core::machine::Machine;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An environment's application.
    Application(EnvId),
    /// An environment's libOS.
    Libos(EnvId),
    /// The kernel.
    Kernel,
    /// The hardware.
    Hardware,
}

/// What happened, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Who did it.
    pub actor: Actor,
    /// A whole sentence, or two.
    pub text: String,
}

/// An environment's name on the page: A, B, … Z, then A2, B2, …
pub fn env_letter(env: EnvId) -> String {
    let letter = char::from(b'A' + env.0 % 26);
    match env.0 / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round + 1),
    }
}

/// A page or frame number as the page shows it.
fn hex(number: u32) -> String {
    format!("0x{number:X}")
}

/// A count with commas: 1,284.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun.
fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

fn verb(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Fetch => "fetches an instruction from",
        ReferenceKind::Load => "loads from",
        ReferenceKind::Store => "stores to",
        ReferenceKind::Modify => "modifies",
    }
}

/// Explains an event. `machine` lends the texts of `log!` and the sizes; its state is not read.
pub fn explain(event: &Event, machine: &Machine) -> Sentence {
    let (actor, text) = match *event {
        Event::Accessed { .. } | Event::Missed { .. } | Event::Protected { .. } => reference(event),
        Event::StlbHit { .. } | Event::StlbMissed { .. } | Event::Upcall { .. } => fault(event),
        Event::Allocated { .. }
        | Event::Freed { .. }
        | Event::Bound { .. }
        | Event::Unbound { .. }
        | Event::BitRead { .. }
        | Event::BitCleared { .. }
        | Event::Answered { .. }
        | Event::Refused { .. }
        | Event::Logged { .. } => call(event, machine),
        Event::Resumed { .. }
        | Event::Broken { .. }
        | Event::Switched { .. }
        | Event::Finished { .. }
        | Event::Installed { .. }
        | Event::InstallRefused { .. } => course(event),
    };
    Sentence { actor, text }
}

/// The application's references.
fn reference(event: &Event) -> (Actor, String) {
    match *event {
        Event::Accessed {
            env,
            page,
            frame,
            slot,
            kind,
            rerun,
        } => {
            let (who, page, frame, slot) = (env_letter(env), hex(page.0), hex(frame.0), slot.0);
            let again = if rerun { ", again" } else { "" };
            let after = if rerun {
                "This time it is complete."
            } else {
                "A hit: the kernel takes no part."
            };
            let verb = verb(kind);
            let text = format!(
                "{who} {verb} page {page}{again}; TLB entry {slot} maps it to frame {frame}. {after}"
            );
            (Actor::Application(env), text)
        }
        Event::Missed {
            env, address, page, ..
        } => {
            let (who, page) = (env_letter(env), hex(page.0));
            let text = format!(
                "{who} touches 0x{address:08X}, but page {page} is not in the TLB: the hardware \
                 traps to the kernel."
            );
            (Actor::Hardware, text)
        }
        Event::Protected {
            env, page, slot, ..
        } => {
            let (who, page) = (env_letter(env), hex(page.0));
            let text = format!(
                "{who} stores to page {page}, which TLB entry {} allows only to be read: the \
                 hardware traps to the kernel.",
                slot.0
            );
            (Actor::Hardware, text)
        }
        _ => (Actor::Hardware, String::new()),
    }
}

/// The kernel's part of a fault.
fn fault(event: &Event) -> (Actor, String) {
    match *event {
        Event::StlbHit {
            env,
            page,
            frame,
            index,
            slot,
            ..
        } => {
            let (who, page, frame, index) =
                (env_letter(env), hex(page.0), hex(frame.0), hex(index));
            let text = format!(
                "The kernel finds page {page} of {who} in its software TLB (entry {index}) and \
                 writes frame {frame} into TLB entry {}. {who}'s libOS does not notice.",
                slot.0
            );
            (Actor::Kernel, text)
        }
        Event::StlbMissed {
            env,
            page,
            index,
            occupant,
        } => {
            let place = format!("entry {} of its software TLB", hex(index));
            let found = match occupant {
                None => "nothing".to_owned(),
                Some((other, Page(number))) => {
                    format!("page {} of {}", hex(number), env_letter(other))
                }
            };
            let text = format!(
                "The kernel looks for page {} of {} in {place} and finds {found}.",
                hex(page.0),
                env_letter(env)
            );
            (Actor::Kernel, text)
        }
        Event::Upcall {
            env,
            page,
            access,
            cause,
            ..
        } => {
            let what = match (cause, access) {
                (Cause::Miss, Access::Read) => "a miss on reading",
                (Cause::Miss, Access::ReadWrite) => "a miss on writing",
                (Cause::Protection, _) => "a protection fault on",
            };
            let text = format!(
                "The kernel decides nothing about {what} page {}: it saves three registers and \
                 calls up to {}'s libOS.",
                hex(page.0),
                env_letter(env)
            );
            (Actor::Kernel, text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

/// The course of an environment.
fn course(event: &Event) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::Resumed { env } => {
            let text = format!(
                "{who}'s handler is done and goes straight back to the application, without the \
                 kernel."
            );
            (Actor::Libos(env), text)
        }
        Event::Broken { reason, place, .. } => {
            let line = if place.line > 0 {
                format!(" at line {}", place.line)
            } else {
                String::new()
            };
            let text = format!(
                "{who} is given up{line}: {}. Its frames stay its own and the others go on.",
                broken(reason)
            );
            (Actor::Kernel, text)
        }
        Event::Switched { from, .. } => {
            let text = format!("{}'s slice is over; {who}'s begins.", env_letter(from));
            (Actor::Kernel, text)
        }
        Event::Finished { env } => (
            Actor::Application(env),
            format!("{who}'s application has come to the end of its trace."),
        ),
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
            (Actor::Kernel, text)
        }
        Event::InstallRefused {
            frames_needed,
            frames_free,
            ..
        } => {
            let text = format!(
                "The new policy of {who} needs {} for its own state and only {frames_free} can be \
                 had: the old one stays.",
                counted(frames_needed.into(), "frame", "frames")
            );
            (Actor::Kernel, text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

/// Why an environment was given up, without the line.
pub fn broken(reason: BreakReason) -> String {
    match reason {
        BreakReason::NoHandler => "its policy has no page_fault handler".to_owned(),
        BreakReason::NeverMapped(Cause::Miss) => format!(
            "its handler returned {IDENTICAL_FAULTS_MAX} times without mapping the page that was \
             missed (call sys.tlb_write before returning Ok)"
        ),
        BreakReason::NeverMapped(Cause::Protection) => format!(
            "its handler returned {IDENTICAL_FAULTS_MAX} times without allowing the store (map the \
             page with Access::ReadWrite)"
        ),
        BreakReason::Failed(error) => {
            format!("its handler returned Err({}): {error}", error.name())
        }
        BreakReason::Trap(trap) => match trap {
            Trap::Overflow => "an arithmetic result does not fit its type".to_owned(),
            Trap::DivideByZero => "a division by zero".to_owned(),
            Trap::ShiftOverflow => "a shift by as many bits as the type has, or more".to_owned(),
            Trap::IndexOutOfBounds { index, length } => {
                format!("index {index} is out of bounds of an array of {length}")
            }
            Trap::OutOfFuel => {
                format!(
                    "one upcall used all its fuel, {} instructions",
                    grouped(UPCALL_FUEL)
                )
            }
            Trap::CallDepth => format!("calls are nested deeper than {CALL_DEPTH_MAX}"),
            Trap::StackOverflow => {
                format!("locals take more than {STACK_BYTES_MAX} bytes in all calls together")
            }
            Trap::Panic { .. } => "it gave up by itself".to_owned(),
            Trap::Unaligned { address } => {
                format!(
                    "the address {} is no multiple of the size that it is used with",
                    hex(address)
                )
            }
            Trap::PacketEnd => "a load past the end of the packet".to_owned(),
            Trap::ReplyRoom => "the reply has no room for so much".to_owned(),
            Trap::BadAddress => "the code reaches outside the policy's state".to_owned(),
            Trap::BadCode => "the code holds an instruction that does not exist".to_owned(),
        },
    }
}
