//! System calls, granted and refused, in whole sentences.

use exo_core::cpu::Message;
use exo_core::error::SysError;
use exo_core::event::{Bit, Event};
use exo_core::ids::{Access, EnvId};
use exo_core::kernel::call::Call;
use exo_core::machine::Machine;

use super::{Actor, counted, env_letter, hex};

/// Explains the event of a system call.
pub(super) fn call(event: &Event, machine: &Machine) -> (Actor, String) {
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
                format!(" What it held of page {} is gone.", hex(page.0))
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
                (true, Some(old)) => {
                    let kept = if machine.config().disk_blocks > 0 {
                        " What is to be kept goes to the disk before, and comes back from there."
                    } else {
                        ""
                    };
                    format!(
                        " It held page {} before and is zeroed first: a new page begins.{kept}",
                        hex(old.0)
                    )
                }
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
        Event::Unbound {
            page,
            pages,
            dropped,
            ..
        } => format!(
            "{who}'s libOS withdraws the {} page{} {}; {} dropped. What was bound stays {who}'s.",
            if pages == 1 {
                "binding of"
            } else {
                "bindings of the"
            },
            if pages == 1 {
                String::new()
            } else {
                format!("s {} to", hex(page.0))
            },
            hex(page.0 + (pages - 1)),
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
        Event::StampRead {
            frame, stamp: 0, ..
        } => format!(
            "{who}'s libOS asks when frame {} was last used: not since it was handed out.",
            hex(frame.0)
        ),
        Event::StampRead { frame, stamp, .. } => format!(
            "{who}'s libOS asks when frame {} was last used: by reference {} of the machine.",
            hex(frame.0),
            super::grouped(stamp)
        ),
        Event::Answered { call, value, .. } => match call {
            Call::FrameLimit => format!(
                "{who}'s libOS asks how many frames it may hold for its application: {value}."
            ),
            Call::Random => format!("{who}'s libOS asks for a random number: {value}."),
            Call::UseStamp if value == 0 => format!(
                "{who}'s libOS asks when a frame was last used: not since it was handed out."
            ),
            Call::UseStamp => format!(
                "{who}'s libOS asks when a frame was last used: by reference {value} of the machine."
            ),
            Call::Environment => format!("{who} asks which environment it is: number {value}."),
            Call::Slices => format!("{who} asks how many slices there are: {value}."),
            Call::SliceOwner => format!(
                "{who} asks who owns a slice: {}.",
                env_letter(EnvId(value as u8))
            ),
            Call::FrameOwner => format!(
                "{who} asks who owns a frame, which anyone may: {}.",
                env_letter(EnvId(value as u8))
            ),
            Call::FreeFrames => format!("{who} asks how many frames are free: {value}."),
            Call::TlbEntries => format!("{who} asks how many entries the TLB has: {value}."),
            Call::StlbEntries => {
                format!("{who} asks how many entries the software TLB has: {value}.")
            }
            Call::TlbEntry => format!("{who} reads an entry of the TLB: {}.", binding(value)),
            Call::StlbEntry => {
                format!(
                    "{who} reads an entry of the software TLB: {}.",
                    binding(value)
                )
            }
            _ => format!("{who}'s libOS asks how many cycles have passed: {value}."),
        },
        Event::Refused { call, error, .. } => {
            format!(
                "The kernel refuses {who}'s {}: {}.",
                call.name(),
                refusal(error)
            )
        }
        Event::Logged { application, .. } => {
            let side = if application { "application" } else { "libOS" };
            format!(
                "{who}'s {side} writes to the log: {}",
                logged(event, machine)
            )
        }
        _ => String::new(),
    };
    let actor = match event {
        Event::Bound { .. } | Event::Refused { .. } => Actor::Kernel,
        Event::Logged {
            env,
            application: true,
            ..
        } => Actor::Application(*env),
        _ => Actor::Libos(event.env()),
    };
    (actor, text)
}

/// A binding that came as one word: page, frame, environment, access.
pub(super) fn binding(word: u64) -> String {
    format!(
        "page {} of {} is bound to frame {} for {}",
        hex(word as u32),
        env_letter(EnvId((word >> 48) as u8)),
        hex(u32::from((word >> 32) as u16)),
        match word >> 56 {
            0 => "reading",
            _ => "reading and writing",
        }
    )
}

fn refusal(error: SysError) -> String {
    format!("{error}. Nothing changed")
}

/// The text of a `log!` with its values; empty for other events.
pub fn logged(event: &Event, machine: &Machine) -> String {
    let Event::Logged {
        env,
        application,
        message,
        count,
        values,
    } = *event
    else {
        return String::new();
    };
    let environment = machine.environment(env);
    let program = environment.and_then(|environment| match &environment.process {
        Some(process) if application => Some(&process.program),
        _ => environment.program(),
    });
    let Some(message) = program.and_then(|it| it.messages.get(usize::from(message))) else {
        return format!("message {message} of a program that has been replaced");
    };
    fill(message, &values[..usize::from(count).min(values.len())])
}

fn fill(message: &Message, values: &[u64]) -> String {
    let mut text = String::new();
    for (index, piece) in message.pieces.iter().enumerate() {
        text.push_str(piece);
        if let Some(value) = values.get(index) {
            let shown = message.shown.get(index).copied().unwrap_or_default();
            text.push_str(&shown.text(*value));
        }
    }
    text
}
