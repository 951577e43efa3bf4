//! One plain sentence for every event and every refusal, with its numbers.

use exo_core::cpu::{Message, Trap};
use exo_core::error::SysError;
use exo_core::event::{Bit, BreakReason, Event};
use exo_core::ids::{Access, Cause, EnvId, Page, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::limits::{CALL_DEPTH_MAX, IDENTICAL_FAULTS_MAX, UPCALL_FUEL};
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

/// System calls.
fn call(event: &Event, machine: &Machine) -> (Actor, String) {
    let who = env_letter(event.env());
    let text = match *event {
        Event::Allocated {
            frame,
            named: false,
            ..
        } => {
            format!(
                "{who}'s libOS asks for a frame; the kernel gives it {}, zeroed.",
                hex(frame.0)
            )
        }
        Event::Allocated {
            frame, named: true, ..
        } => format!(
            "{who}'s libOS asks for frame {} by number; it is free, and now {who}'s, zeroed.",
            hex(frame.0)
        ),
        Event::Freed {
            frame,
            page,
            dropped,
            ..
        } => {
            let entries = counted(dropped.into(), "cached binding", "cached bindings");
            let lost = page.map_or(String::new(), |page| {
                format!(
                    " The contents of page {} are gone: there is no disk yet.",
                    hex(page.0)
                )
            });
            format!(
                "{who}'s libOS gives frame {} back; {entries} to it went first.{lost}",
                hex(frame.0)
            )
        }
        Event::Bound {
            page,
            frame,
            access,
            slot,
            replaced,
            loaded,
            ..
        } => {
            let rights = match access {
                Access::Read => "reading",
                Access::ReadWrite => "reading and writing",
            };
            let contents = match (loaded, replaced) {
                (true, Some(old)) => format!(
                    " The frame is zeroed first: there is no disk yet to keep page {} or bring \
                     anything back.",
                    hex(old.0)
                ),
                _ => String::new(),
            };
            format!(
                "{who} owns frame {}, so the kernel binds page {} to it for {rights}, in TLB entry \
                 {}.{contents}",
                hex(frame.0),
                hex(page.0),
                slot.0
            )
        }
        Event::Unbound { page, dropped, .. } => format!(
            "{who}'s libOS withdraws the binding of page {}; {} dropped. The frame stays {who}'s.",
            hex(page.0),
            if dropped == 1 {
                "1 cached entry is".to_owned()
            } else {
                format!("{dropped} cached entries are")
            },
        ),
        Event::BitRead {
            frame, bit, set, ..
        } => {
            let state = match (bit, set) {
                (Bit::Referenced, true) => "was referenced since its bit was cleared",
                (Bit::Referenced, false) => "was not referenced since its bit was cleared",
                (Bit::Dirty, true) => "was written since its bit was cleared",
                (Bit::Dirty, false) => "was not written since its bit was cleared",
            };
            format!(
                "{who}'s libOS asks about frame {}: it {state}.",
                hex(frame.0)
            )
        }
        Event::BitCleared { frame, bit, .. } => {
            let name = match bit {
                Bit::Referenced => "reference",
                Bit::Dirty => "dirty",
            };
            format!(
                "{who}'s libOS clears the {name} bit of frame {}.",
                hex(frame.0)
            )
        }
        Event::Answered { call, value, .. } => match call {
            Call::FrameLimit => format!(
                "{who}'s libOS asks how many frames it may hold for its application: {value}."
            ),
            Call::Random => format!("{who}'s libOS asks for a random number: {value}."),
            _ => format!("{who}'s libOS asks how many cycles have passed: {value}."),
        },
        Event::Refused { call, error, .. } => {
            format!(
                "The kernel refuses {who}'s {}: {}.",
                call.name(),
                refusal(error)
            )
        }
        Event::Logged { .. } => {
            format!(
                "{who}'s libOS writes to the log: {}",
                logged(event, machine)
            )
        }
        _ => String::new(),
    };
    let actor = match event {
        Event::Bound { .. } | Event::Refused { .. } => Actor::Kernel,
        _ => Actor::Libos(event.env()),
    };
    (actor, text)
}

fn refusal(error: SysError) -> String {
    format!("{error}. Nothing changed")
}

/// The text of a `log!` with its values.
fn logged(event: &Event, machine: &Machine) -> String {
    let Event::Logged {
        env,
        message,
        count,
        values,
    } = *event
    else {
        return String::new();
    };
    let program = machine
        .environment(env)
        .and_then(|environment| environment.program());
    let Some(message) = program.and_then(|it| it.messages.get(usize::from(message))) else {
        return format!("message {message} of a policy that has been replaced");
    };
    fill(message, &values[..usize::from(count).min(values.len())])
}

fn fill(message: &Message, values: &[u64]) -> String {
    let mut text = String::new();
    for (index, piece) in message.pieces.iter().enumerate() {
        text.push_str(piece);
        if let Some(value) = values.get(index) {
            let signed = message.signed.get(index).copied().unwrap_or(false);
            text.push_str(&if signed {
                (*value as i64).to_string()
            } else {
                value.to_string()
            });
        }
    }
    text
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
                format!("one upcall used all its fuel, {UPCALL_FUEL} instructions")
            }
            Trap::CallDepth => format!("calls are nested deeper than {CALL_DEPTH_MAX}"),
            Trap::BadAddress => "the code reaches outside the policy's state".to_owned(),
            Trap::BadCode => "the code holds an instruction that does not exist".to_owned(),
        },
    }
}

/// An event in a few words, for a row of the log.
pub fn short(event: &Event, machine: &Machine) -> String {
    match *event {
        Event::Accessed {
            page, kind, rerun, ..
        } => {
            let verb = match kind {
                ReferenceKind::Fetch => "fetch",
                ReferenceKind::Load => "load",
                ReferenceKind::Store => "store",
                ReferenceKind::Modify => "modify",
            };
            format!(
                "{verb} {}{}",
                hex(page.0),
                if rerun { " again" } else { ", hit" }
            )
        }
        Event::Missed { page, .. } => format!("page {} not in TLB", hex(page.0)),
        Event::Protected { page, .. } => format!("store to read-only page {}", hex(page.0)),
        Event::StlbHit { page, index, .. } => {
            format!("STLB {} holds page {}", hex(index), hex(page.0))
        }
        Event::StlbMissed {
            index,
            occupant: None,
            ..
        } => format!("STLB {} is empty", hex(index)),
        Event::StlbMissed {
            index,
            occupant: Some((env, page)),
            ..
        } => {
            format!(
                "STLB {} holds {} {}",
                hex(index),
                env_letter(env),
                hex(page.0)
            )
        }
        Event::Upcall { page, .. } => format!("upcall page_fault {}", hex(page.0)),
        Event::Allocated { frame, named, .. } => {
            format!(
                "{} → frame {}",
                if named { "allocate_at" } else { "allocate" },
                hex(frame.0)
            )
        }
        Event::Freed { frame, .. } => format!("free frame {}", hex(frame.0)),
        Event::Bound {
            page,
            frame,
            replaced,
            ..
        } => {
            let instead = replaced.map_or(String::new(), |old| format!(" for {}", hex(old.0)));
            format!(
                "tlb_write {} → frame {}{instead}",
                hex(page.0),
                hex(frame.0)
            )
        }
        Event::Unbound { page, .. } => format!("tlb_drop {}", hex(page.0)),
        Event::BitRead {
            frame, bit, set, ..
        } => {
            let name = if bit == Bit::Referenced {
                "referenced"
            } else {
                "dirty"
            };
            format!(
                "{name} {}: {}",
                hex(frame.0),
                if set { "yes" } else { "no" }
            )
        }
        Event::BitCleared { frame, bit, .. } => {
            let name = if bit == Bit::Referenced {
                "clear_referenced"
            } else {
                "clear_dirty"
            };
            format!("{name} {}", hex(frame.0))
        }
        Event::Answered { call, value, .. } => format!("{} → {value}", call.name()),
        Event::Refused { call, error, .. } => format!("{} refused: {}", call.name(), error.name()),
        Event::Logged { .. } => format!("log: {}", logged(event, machine)),
        Event::Resumed { .. } => "resumes the application".to_owned(),
        Event::Broken { place, .. } if place.line > 0 => format!("given up, line {}", place.line),
        Event::Broken { .. } => "given up".to_owned(),
        Event::Switched { from, to } => {
            format!(
                "slice of {} over, {} runs",
                env_letter(from),
                env_letter(to)
            )
        }
        Event::Finished { .. } => "end of its trace".to_owned(),
        Event::Installed { kept, .. } => {
            format!(
                "another policy, {} kept",
                counted(kept.into(), "field", "fields")
            )
        }
        Event::InstallRefused { .. } => "no frames for another policy".to_owned(),
    }
}
