//! The disk: extents and transfers, in whole sentences.

use exo_core::error::SysError;
use exo_core::event::Event;
use exo_core::ids::{Block, Direction, Extent, Page};

use super::{Actor, counted, env_letter, grouped, hex};

/// A run of blocks as the page names it.
pub(super) fn blocks(extent: Extent) -> String {
    match extent.blocks {
        1 => format!("block {}", extent.first.0),
        _ => format!("blocks {} to {}", extent.first.0, extent.end() - 1),
    }
}

/// Explains what happens to an extent, or between the disk and a frame.
pub(super) fn disk(event: &Event) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::ExtentAllocated {
            extent,
            named,
            capability,
            ..
        } => {
            let asks = match named {
                true => format!(
                    "{who} asks for {} by number; free until now,",
                    blocks(extent)
                ),
                false => format!("{who} asks for {}; the kernel gives it", {
                    let count = u64::from(extent.blocks);
                    counted(count, "block of the disk", "blocks of the disk")
                }),
            };
            let gives = match named {
                true => format!("they are {who}'s"),
                false => blocks(extent),
            };
            let text = format!(
                "{asks} {gives}, all zero, and capability {} for them.",
                capability.0
            );
            (Actor::Kernel, text)
        }
        Event::ExtentFreed { extent, ended, .. } => {
            let ended = counted(ended.into(), "capability", "capabilities");
            let text = format!(
                "{who} gives {} of the disk back; {ended} for them ended first. They are cleared before \
                 they are anybody's again.",
                blocks(extent)
            );
            (Actor::Kernel, text)
        }
        Event::DiskRequested { .. } => (Actor::Kernel, requested(event, &who)),
        Event::DiskCompleted { .. } => (Actor::Hardware, completed(event, &who)),
        _ => (Actor::Kernel, String::new()),
    }
}

fn requested(event: &Event, who: &str) -> String {
    let Event::DiskRequested {
        direction,
        block: Block(block),
        frame,
        dropped,
        due_cycles,
        ..
    } = *event
    else {
        return String::new();
    };
    let frame = hex(frame.0);
    let moves = match direction {
        Direction::Read => format!("block {block} of the disk into frame {frame}"),
        Direction::Write => format!("frame {frame} into block {block} of the disk"),
    };
    let bindings = match dropped {
        0 => "Until then the frame is the disk's".to_owned(),
        _ => format!(
            "{} to the frame went first: until then it is the disk's",
            counted(dropped.into(), "cached binding", "cached bindings")
        ),
    };
    format!(
        "{who} asks for {moves}, and waits until cycle {}. {bindings}, and others run.",
        grouped(due_cycles)
    )
}

fn completed(event: &Event, who: &str) -> String {
    let Event::DiskCompleted {
        direction,
        block: Block(block),
        frame,
        result,
        replaced,
        ..
    } = *event
    else {
        return String::new();
    };
    let frame = hex(frame.0);
    let over = match direction {
        Direction::Read => format!("The disk has read block {block} for {who}"),
        Direction::Write => format!("The disk is done with writing block {block} for {who}"),
    };
    match (result, direction, replaced) {
        (Ok(()), Direction::Write, _) => {
            format!("{over}: it holds what frame {frame} holds. {who} goes on.")
        }
        (Ok(()), Direction::Read, Some(Page(page))) => format!(
            "{over}: frame {frame} holds it now, and page {} no more. {who} goes on.",
            hex(page)
        ),
        (Ok(()), Direction::Read, None) => {
            format!("{over}: frame {frame} holds it now. {who} goes on.")
        }
        (Err(SysError::DiskError), _, _) => format!(
            "The disk fails with block {block}: it and frame {frame} are as they were, and {who} is \
             told Err(DiskError)."
        ),
        (Err(error), _, _) => format!(
            "The disk is done, but {who}'s right has ended meanwhile: nothing moves between block \
             {block} and frame {frame}, and {who} is told Err({}).",
            error.name()
        ),
    }
}
