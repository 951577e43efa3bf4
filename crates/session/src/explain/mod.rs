//! One plain sentence for every event and every refusal, with its numbers.

mod broken;
mod calls;
mod course;
mod disk;
mod granted;
mod network;
mod processor;
mod revocation;
mod row;
mod sharing;
mod slices;

pub use broken::{broken, broken_at, broken_in};
use calls::call;
pub use calls::logged;
use course::{course, request};
use disk::disk;
pub(crate) use granted::{called, granted};
pub use network::{atom, drop_word, why_dropped};
pub(crate) use network::{delivery_word, fate_word};
use processor::{processor, transfer};
use revocation::revocation;
pub use row::short;
use slices::slice;

use exo_core::event::Event;
use exo_core::ids::{Access, Cause, EnvId, Page, ReferenceKind};
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
        Event::Accessed { .. }
        | Event::Missed { .. }
        | Event::Protected { .. }
        | Event::HandlerAccessed { .. } => reference(event),
        Event::StlbHit { .. } | Event::StlbMissed { .. } | Event::Upcall { .. } => fault(event),
        Event::Allocated { .. }
        | Event::Freed { .. }
        | Event::Bound { .. }
        | Event::Unbound { .. }
        | Event::BitRead { .. }
        | Event::BitCleared { .. }
        | Event::StampRead { .. }
        | Event::Answered { .. }
        | Event::Refused { .. }
        | Event::Logged { .. } => call(event, machine),
        Event::Requested { .. } | Event::Replied { .. } => request(event),
        Event::Resumed { .. }
        | Event::Broken { .. }
        | Event::Switched { .. }
        | Event::Finished { .. }
        | Event::Installed { .. }
        | Event::InstallRefused { .. }
        | Event::Loaded { .. }
        | Event::LoadRefused { .. } => course(event, machine),
        Event::CapabilityMade { .. }
        | Event::CapabilityRevoked { .. }
        | Event::BoundShared { .. } => sharing::sharing(event),
        Event::Raised { .. } | Event::Recovered { .. } | Event::CoprocessorSet { .. } => {
            processor(event)
        }
        Event::SliceAllocated { .. }
        | Event::SliceFreed { .. }
        | Event::Yielded { .. }
        | Event::SliceBegan { .. }
        | Event::SliceEnding { .. }
        | Event::Saved { .. }
        | Event::Overran { .. }
        | Event::Forfeited { .. } => slice(event),
        Event::Transferred { .. } | Event::TransferFailed { .. } => transfer(event),
        Event::ExtentAllocated { .. }
        | Event::ExtentFreed { .. }
        | Event::DiskRequested { .. }
        | Event::DiskCompleted { .. } => disk(event),
        Event::Network { .. } | Event::AlarmSet { .. } | Event::AlarmRang { .. } => {
            network::network(event)
        }
        Event::Notified { .. }
        | Event::LimitSet { .. }
        | Event::FramesRequested { .. }
        | Event::RevocationDemanded { .. }
        | Event::Repossessed { .. }
        | Event::RepossessionRead { .. }
        | Event::Preloaded { .. }
        | Event::ContentsSaved { .. }
        | Event::Idled { .. } => revocation(event),
    };
    let text = match called(event) {
        Some(call) if call.needs_stack() => format!(
            "{text} This call needs a kernel stack, so the way in and out takes {} cycles.",
            call.way().cycles()
        ),
        _ => text,
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
        Event::HandlerAccessed {
            env,
            page,
            frame,
            kind,
            ..
        } => {
            let (who, page, frame, verb) = (env_letter(env), hex(page.0), hex(frame.0), verb(kind));
            let text = format!(
                "{who}'s libOS {verb} its application's page {page}, which the TLB maps to frame {frame}."
            );
            (Actor::Libos(env), text)
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
