//! History: checkpoints along a run, closer together the younger it is.

use exo_core::ids::Position;
use exo_core::machine::{Checkpoint, Machine};

/// Units between checkpoints, to begin with.
const FIRST_SPACING: u64 = 1 << 15;
/// Checkpoints kept; beyond, every other one goes and the spacing doubles.
const CHECKPOINTS_MAX: usize = 48;

/// Checkpoints in order of position; the first is at reset.
#[derive(Debug)]
pub(crate) struct History {
    checkpoints: Vec<Checkpoint>,
    spacing: u64,
}

impl History {
    /// A history that begins where `machine` stands.
    pub(crate) fn new(machine: &mut Machine) -> History {
        History {
            checkpoints: vec![machine.checkpoint()],
            spacing: FIRST_SPACING,
        }
    }

    /// The last unit that may be run before [`History::note`] must be called again.
    pub(crate) fn next_due(&self, from: Position) -> u64 {
        let last = self
            .checkpoints
            .last()
            .map_or(0, |it| it.position().retired);
        (last + self.spacing).max(from.retired + 1)
    }

    /// Takes a checkpoint if `machine` has come far enough behind the last one.
    pub(crate) fn note(&mut self, machine: &mut Machine) {
        let last = self
            .checkpoints
            .last()
            .map_or(0, |it| it.position().retired);
        if machine.position().retired < last + self.spacing {
            return;
        }
        self.checkpoints.push(machine.checkpoint());
        if self.checkpoints.len() > CHECKPOINTS_MAX {
            let mut index = 0;
            self.checkpoints.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing *= 2;
        }
    }

    /// The last checkpoint at or before `position`.
    pub(crate) fn before(&self, position: Position) -> Option<&Checkpoint> {
        self.checkpoints
            .iter()
            .rev()
            .find(|it| it.position() <= position)
    }

    /// The last checkpoint before `position`.
    pub(crate) fn strictly_before(&self, position: Position) -> Option<&Checkpoint> {
        self.checkpoints
            .iter()
            .rev()
            .find(|it| it.position() < position)
    }

    /// The last checkpoint from which event `number` still lies ahead; for 0, the one at reset.
    pub(crate) fn before_event(&self, number: u64) -> Option<&Checkpoint> {
        let ahead = self
            .checkpoints
            .iter()
            .rev()
            .find(|it| it.events() < number);
        ahead.or(self.checkpoints.first())
    }

    /// Forgets what lies behind `position`, which has become another future.
    pub(crate) fn forget_after(&mut self, position: Position) {
        let kept = self
            .checkpoints
            .iter()
            .take_while(|it| it.position() <= position)
            .count();
        self.checkpoints.truncate(kept.max(1));
    }
}
