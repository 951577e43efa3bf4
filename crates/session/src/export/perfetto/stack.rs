//! The slices of one environment's track that are open, and when they are written.
//!
//! A slice that turns out to take no time is not written, so its beginning waits until something
//! happens within it, or until it ends.

use std::io::{self, Write};

use exo_core::ids::EnvId;
use exo_core::kernel::Upcall;

use super::levels::{LEVELS, Level};
use super::lines::{FlowPart, Lines, Named, Track};

/// A slice that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    level: Level,
    since: u64,
    written: bool,
}

/// A fault on its way, as an arrow from slice to slice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    /// Its number: that of the step with which its first upcall began.
    pub(super) id: u64,
    /// The page that is missing.
    pub(super) page: u32,
}

/// The track of one environment.
#[derive(Debug)]
pub(super) struct Stack {
    track: Track,
    open: Vec<Open>,
    /// The fault under way.
    pub(super) flow: Option<Flow>,
    /// What is said of a handler that begins: the last event that concerned the environment.
    pub(super) about: Option<String>,
}

impl Stack {
    pub(super) fn new(env: EnvId) -> Stack {
        Stack {
            track: Track::Environment(env),
            open: Vec::with_capacity(LEVELS),
            flow: None,
            about: None,
        }
    }

    /// Where it is drawn.
    pub(super) fn track(&self) -> Track {
        self.track
    }

    /// Brings the open slices to what the environment does now. What ends, ends at `ends`, and what
    /// begins does so now.
    pub(super) fn follow<W: Write>(
        &mut self,
        lines: &mut Lines<W>,
        levels: [Option<Level>; LEVELS],
        ends: u64,
        now: u64,
    ) -> io::Result<()> {
        let wanted = levels.into_iter().flatten();
        let kept = self
            .open
            .iter()
            .zip(wanted.clone())
            .take_while(|(open, level)| open.level == *level)
            .count();
        while self.open.len() > kept {
            self.close(lines, ends)?;
        }
        for level in wanted.skip(kept) {
            self.open.push(Open {
                level,
                since: now,
                written: false,
            });
            if level.is_always_shown() {
                self.show(lines)?;
            }
            if level == Level::Handler(Upcall::PageFault) {
                self.arrow(lines, now, FlowPart::Step)?;
            }
        }
        Ok(())
    }

    /// Writes the beginnings of all slices that are open, since something happens within them.
    pub(super) fn show<W: Write>(&mut self, lines: &mut Lines<W>) -> io::Result<()> {
        for place in 0..self.open.len() {
            let Some(open) = self.open.get_mut(place).filter(|it| !it.written) else {
                continue;
            };
            open.written = true;
            let Open { level, since, .. } = *open;
            let what = Named {
                category: level.category(),
                name: &level.name(),
                args: match level {
                    Level::Handler(_) => self.about.as_deref(),
                    _ => None,
                },
            };
            lines.begin(self.track, since, &what)?;
            if level == Level::Retry {
                self.arrow(lines, since, FlowPart::End)?;
                self.flow = None;
            }
        }
        Ok(())
    }

    /// Writes what happens at `at` without taking time.
    pub(super) fn instant<W: Write>(
        &mut self,
        lines: &mut Lines<W>,
        at: u64,
        what: &Named<'_>,
    ) -> io::Result<()> {
        if self.open.last().is_some_and(|it| it.since < at) {
            self.show(lines)?;
        }
        lines.instant(self.track, at, what)
    }

    /// Ends the innermost slice.
    fn close<W: Write>(&mut self, lines: &mut Lines<W>, at: u64) -> io::Result<()> {
        if self.open.last().is_some_and(|it| it.since < at) {
            self.show(lines)?;
        }
        match self.open.pop() {
            Some(open) if open.written => lines.end(self.track, at),
            _ => Ok(()),
        }
    }

    /// Draws the fault's arrow to the slice that has just begun.
    fn arrow<W: Write>(&self, lines: &mut Lines<W>, at: u64, part: FlowPart) -> io::Result<()> {
        match self.flow {
            Some(flow) => lines.flow(self.track, at, flow.id, part),
            None => Ok(()),
        }
    }
}
