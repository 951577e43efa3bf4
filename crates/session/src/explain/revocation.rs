//! Revocation, upcalls that come by themselves, and time that nobody uses, in whole sentences.

use exo_core::cpu::Entry;
use exo_core::event::Event;
use exo_core::ids::{Block, Contents};

use super::{Actor, counted, env_letter, grouped, hex};

fn frames(count: u64) -> String {
    counted(count, "frame", "frames")
}

/// Explains what happens to frames that the kernel wants back.
pub(super) fn revocation(event: &Event) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::LimitSet {
            frame_limit,
            excess,
            ..
        } => {
            let then = match excess {
                0 => "It holds no more than that.".to_owned(),
                more => format!(
                    "It holds {more} more: the kernel will ask it for them, and it chooses which."
                ),
            };
            let limit = frames(frame_limit.into());
            (
                Actor::Kernel,
                format!("{who} may hold {limit} from now on. {then}"),
            )
        }
        Event::FramesRequested {
            env,
            from,
            unpromised,
            moved,
        } => {
            let free = frames(unpromised.into());
            let other = from.map_or(String::new(), |from| {
                let (from, moved) = (env_letter(from), frames(moved.into()));
                format!(" The limit of {from}, the highest, is lowered by {moved}.")
            });
            let text = format!(
                "{who} asks for room: its limit rises by {free} that no limit had promised.{other}"
            );
            (Actor::Libos(env), text)
        }
        Event::RevocationDemanded {
            frames: count,
            due_cycles,
            ..
        } => {
            let text = format!(
                "{who} was asked and still holds {} too many: the kernel insists, and takes what \
                 is not back by cycle {}.",
                frames(count.into()),
                grouped(due_cycles)
            );
            (Actor::Kernel, text)
        }
        Event::Repossessed {
            frame,
            page,
            dropped,
            contents,
            block,
            ..
        } => {
            let frame = hex(frame.0);
            let held = page.map_or(String::new(), |page| {
                format!(", which held page {}", hex(page.0))
            });
            let text = format!(
                "The deadline is over: the kernel takes frame {frame}{held} from {who}. {} of it \
                 went first, and the loss is in {who}'s repossession vector. {} {who} itself goes on.",
                counted(dropped.into(), "cached binding", "cached bindings"),
                became(contents, block, &who),
            );
            (Actor::Kernel, text)
        }
        _ => aftermath(event, &who),
    }
}

/// What became of what was in a frame that was taken.
fn became(contents: Contents, block: Option<Block>, who: &str) -> String {
    match (contents, block) {
        (Contents::Unchanged, _) => "It was not written to, so nothing is lost with it.".to_owned(),
        (_, Some(Block(block))) => format!(
            "The disk is asked to write what is in it to block {block}, which {who} had preloaded the \
             vector with; until then it is nobody's."
        ),
        (_, None) => format!(
            "What was written to it is lost: {who} had preloaded the vector with no block for it."
        ),
    }
}

fn aftermath(event: &Event, who: &str) -> (Actor, String) {
    match *event {
        Event::RepossessionRead {
            env, frame, block, ..
        } => {
            let saved = block.map_or(String::new(), |Block(block)| {
                format!(", and that its contents go to block {block}")
            });
            let text = format!(
                "{who} reads from its repossession vector that it has lost frame {}{saved}.",
                hex(frame.0)
            );
            (Actor::Libos(env), text)
        }
        Event::Preloaded { block, .. } => {
            let text = format!(
                "{who} preloads its repossession vector with block {} of the disk: what the kernel \
                 takes by force it saves there.",
                block.0
            );
            (Actor::Kernel, text)
        }
        Event::ContentsSaved {
            block,
            frame,
            result,
            ..
        } => {
            let (frame, block) = (hex(frame.0), block.0);
            let text = match result {
                Ok(()) => format!(
                    "The disk is done with writing block {block}: it holds what was in frame {frame}, \
                     which the kernel took from {who}."
                ),
                Err(error) => format!(
                    "What was in frame {frame}, which the kernel took from {who}, is lost: writing it \
                     to block {block} came to {}. {who} is told when it reads the block.",
                    error.name()
                ),
            };
            (Actor::Hardware, text)
        }
        Event::Idled { cycles, .. } => {
            let text = format!(
                "No environment can run: {} cycles pass until the next thing is due.",
                grouped(cycles)
            );
            (Actor::Hardware, text)
        }
        _ => (Actor::Kernel, notice(event, who)),
    }
}

fn notice(event: &Event, who: &str) -> String {
    let Event::Notified {
        upcall, arguments, ..
    } = *event
    else {
        return String::new();
    };
    match upcall {
        Entry::Revoke => {
            let [count, urgency, due] = arguments;
            let how = if urgency == 0 { "asks" } else { "orders" };
            format!(
                "The kernel calls up to {who}'s libOS and {how} it to give back {} by cycle {}. \
                 Which ones, the libOS chooses.",
                frames(count),
                grouped(due)
            )
        }
        Entry::Repossessed => {
            format!("The kernel calls up to {who}'s libOS: it has lost frames by force.")
        }
        Entry::Packets => format!(
            "The kernel calls up to {who}'s libOS: `packets`. Rings of its own hold packets, or a message \
             handler has asked for it."
        ),
        Entry::Alarm => format!(
            "The kernel calls up to {who}'s libOS: `alarm`. The time has come for which it was set."
        ),
        other => {
            let name = other.name();
            format!("The kernel calls up to {who}'s libOS: `{name}`.")
        }
    }
}
