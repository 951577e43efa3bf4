//! The disk's transfers as slices of the hardware's track: one after the other, as the queue is served.

use std::collections::VecDeque;
use std::io::{self, Write};

use exo_core::hw::Disk;
use exo_core::ids::{Block, Direction, Frame};

use super::super::json::Object;
use super::lines::{Lines, Named, Track};

/// A transfer that has not been written whole.
#[derive(Clone, Copy, Debug)]
struct Pending {
    begins: u64,
    ends: u64,
    direction: Direction,
    block: Block,
    frame: Frame,
    written: bool,
}

/// Transfers that lie ahead, or are under way.
#[derive(Debug, Default)]
pub(super) struct Transfers {
    queue: VecDeque<Pending>,
    /// When the last one of all is over.
    busy_until: u64,
}

impl Transfers {
    /// Takes on those that are under way where the window begins.
    pub(super) fn begin(&mut self, disk: &Disk, now: u64) {
        for it in disk.queue() {
            self.add(now, it.due_cycles, it.direction, it.block, it.frame);
        }
    }

    /// Takes one on.
    pub(super) fn add(
        &mut self,
        now: u64,
        ends: u64,
        direction: Direction,
        block: Block,
        frame: Frame,
    ) {
        let begins = now.max(self.busy_until);
        self.busy_until = ends;
        self.queue.push_back(Pending {
            begins,
            ends,
            direction,
            block,
            frame,
            written: false,
        });
    }

    /// Writes what has begun and ended up to now.
    pub(super) fn pass<W: Write>(&mut self, lines: &mut Lines<W>, now: u64) -> io::Result<()> {
        while let Some(first) = self.queue.front_mut().filter(|it| it.begins <= now) {
            if !first.written {
                first.written = true;
                begin(lines, first)?;
            }
            if first.ends > now {
                break;
            }
            lines.end(Track::Hardware, first.ends)?;
            self.queue.pop_front();
        }
        Ok(())
    }

    /// The window ends: so does the transfer that is under way.
    pub(super) fn finish<W: Write>(&mut self, lines: &mut Lines<W>, now: u64) -> io::Result<()> {
        self.pass(lines, now)?;
        match self.queue.front() {
            Some(first) if first.written => lines.end(Track::Hardware, now),
            _ => Ok(()),
        }
    }
}

fn begin<W: Write>(lines: &mut Lines<W>, transfer: &Pending) -> io::Result<()> {
    let name = match transfer.direction {
        Direction::Read => "disk read",
        Direction::Write => "disk write",
    };
    let args = Object::new()
        .number("block", transfer.block.0.into())
        .number("frame", transfer.frame.0.into())
        .number("cycles", transfer.ends - transfer.begins)
        .end();
    let what = Named {
        category: "disk",
        name,
        args: Some(&args),
    };
    lines.begin(Track::Hardware, transfer.begins, &what)
}
