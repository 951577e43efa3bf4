//! History: checkpoints along a run, spaced by what it costs to run from one to the next.
//!
//! What they hold together stays under a limit. To make room for a new one, the one goes whose
//! neighbours are then nearest to each other, so that no stretch becomes much dearer than the others
//! and every position of the run can still be gone to.

use exo_core::ids::Position;
use exo_core::machine::{Checkpoint, Machine};

/// Bytes that all checkpoints may hold, with room below 64 MB for one that is being taken.
pub const HISTORY_BYTES_MAX: usize = 56_000_000;
/// Cycles from a checkpoint to the next one, to begin with: a few milliseconds.
const FIRST_SPACING: u64 = 1 << 20;
/// Bytes that the one nearby may hold beyond the one before it.
const NEARBY_BYTES_MAX: usize = 4_000_000;
/// Units that are run without looking at what they cost.
const LOOK_UNITS: u64 = 1 << 14;

/// How much of a run is kept, and at what price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryReport {
    /// Checkpoints, the one at reset included.
    pub checkpoints: usize,
    /// Bytes that they hold; what several share counts once.
    pub bytes: usize,
    /// The most units between one and the next: going to a position never runs more.
    pub gap_units_max: u64,
    /// The last unit of the stretch that costs most to run over.
    pub dearest_unit: u64,
}

/// A checkpoint and what it stands for.
#[derive(Debug)]
struct Kept {
    checkpoint: Checkpoint,
    /// What the run has cost up to here, in cycles.
    cost: u64,
    /// What it holds and the one before it does not.
    bytes: usize,
}

/// Checkpoints in order of position; the first is at reset.
#[derive(Debug)]
pub(crate) struct History {
    kept: Vec<Kept>,
    /// One more, a little before where somebody steps to and fro.
    nearby: Option<Checkpoint>,
    /// Of all that are kept.
    bytes: usize,
    bytes_max: usize,
    /// Cycles from the last one to the next.
    spacing: u64,
}

impl History {
    /// A history that begins where `machine` stands.
    pub(crate) fn new(machine: &mut Machine) -> History {
        let mut history = History {
            kept: Vec::new(),
            nearby: None,
            bytes: 0,
            bytes_max: HISTORY_BYTES_MAX,
            spacing: FIRST_SPACING,
        };
        history.keep(machine);
        history
    }

    /// From here on holds at most about `bytes_max` bytes, and takes a checkpoint every `spacing_cycles`
    /// until they are too many.
    pub(crate) fn limit(&mut self, bytes_max: usize, spacing_cycles: u64) {
        (self.bytes_max, self.spacing) = (bytes_max, spacing_cycles);
    }

    /// The last unit that may be run before [`History::note`] must be called again.
    pub(crate) fn next_due(&self, from: Position) -> u64 {
        let last = self.kept.last();
        let last = last.map_or(0, |it| it.checkpoint.position().retired);
        // A unit costs one cycle, and more with its faults: look again before the whole is run.
        let ahead = (last + self.spacing).saturating_sub(from.retired);
        from.retired + (ahead / 8).max(LOOK_UNITS.min(self.spacing / 8)).max(1)
    }

    /// Takes a checkpoint if `machine` has come far enough behind the last one.
    pub(crate) fn note(&mut self, machine: &mut Machine) {
        let last = self.kept.last().map_or(0, |it| it.cost);
        if cost(machine) >= last + self.spacing {
            self.keep(machine);
            while self.bytes > self.bytes_max && self.thin() {}
        }
    }

    fn keep(&mut self, machine: &mut Machine) {
        let checkpoint = machine.checkpoint();
        let before = self.kept.last().map(|it| &it.checkpoint);
        let bytes = checkpoint.bytes_beyond(before);
        self.bytes += bytes;
        self.kept.push(Kept {
            checkpoint,
            cost: cost(machine),
            bytes,
        });
    }

    /// Takes one more where `machine` stands, instead of the last such one. It is not among those that share the room:
    /// one that would be large is not taken.
    pub(crate) fn note_nearby(&mut self, machine: &mut Machine) {
        let checkpoint = machine.checkpoint();
        let before = self.kept_where(|it| it.position() <= checkpoint.position());
        let small = checkpoint.bytes_beyond(before) <= NEARBY_BYTES_MAX;
        self.nearby = small.then_some(checkpoint);
    }

    /// Gives up the checkpoint that is missed least; false if only the one at reset is left.
    fn thin(&mut self) -> bool {
        let gaps = self.kept.windows(3).map(|it| it[2].cost - it[0].cost);
        let least = gaps.enumerate().min_by_key(|(_, gap)| *gap);
        let Some((before, gap)) = least else {
            // Not even one has room: the next try is far behind this one.
            self.spacing = self.kept.get(1).map_or(self.spacing, |it| 2 * it.cost);
            return self.kept.len() > 1 && self.drop_at(1);
        };
        self.spacing = self.spacing.max(gap / 2);
        self.drop_at(before + 1)
    }

    /// Gives up the checkpoint at `index`, which is not the first; the next one now holds alone what
    /// the two shared.
    fn drop_at(&mut self, index: usize) -> bool {
        self.bytes -= self.kept.remove(index).bytes;
        let (before, behind) = self.kept.split_at_mut(index);
        if let (Some(before), Some(next)) = (before.last(), behind.first_mut()) {
            self.bytes -= next.bytes;
            next.bytes = next.checkpoint.bytes_beyond(Some(&before.checkpoint));
            self.bytes += next.bytes;
        }
        true
    }

    /// What is kept.
    pub(crate) fn report(&self, here: Position) -> HistoryReport {
        let retired = |kept: &Kept| kept.checkpoint.position().retired;
        let gaps = self
            .kept
            .windows(2)
            .map(|it| retired(&it[1]) - retired(&it[0]));
        let last = self.kept.last().map_or(0, retired);
        let stretches = self.kept.windows(2);
        let dearest = stretches.max_by_key(|it| it[1].cost - it[0].cost);
        HistoryReport {
            checkpoints: self.kept.len(),
            bytes: self.bytes,
            gap_units_max: gaps
                .chain([here.retired.saturating_sub(last)])
                .max()
                .unwrap_or(0),
            dearest_unit: dearest.map_or(here.retired, |it| retired(&it[1]).saturating_sub(1)),
        }
    }

    /// The last checkpoint at or before `position`.
    pub(crate) fn before(&self, position: Position) -> Option<&Checkpoint> {
        self.last_where(|it| it.position() <= position)
    }

    /// The last checkpoint before `position`.
    pub(crate) fn strictly_before(&self, position: Position) -> Option<&Checkpoint> {
        self.last_where(|it| it.position() < position)
    }

    /// The last checkpoint from which event `number` still lies ahead; for 0, the one at reset.
    pub(crate) fn before_event(&self, number: u64) -> Option<&Checkpoint> {
        let ahead = self.last_where(|it| it.events() < number);
        ahead.or_else(|| self.kept.first().map(|it| &it.checkpoint))
    }

    /// The last checkpoint of those at the beginning of which `holds` says so.
    fn last_where(&self, holds: impl Fn(&Checkpoint) -> bool) -> Option<&Checkpoint> {
        let nearby = self.nearby.as_ref().filter(|it| holds(it));
        let both = nearby.into_iter().chain(self.kept_where(holds));
        both.max_by_key(|it| it.position())
    }

    fn kept_where(&self, holds: impl Fn(&Checkpoint) -> bool) -> Option<&Checkpoint> {
        let many = self.kept.partition_point(|it| holds(&it.checkpoint));
        self.kept.get(many.checked_sub(1)?).map(|it| &it.checkpoint)
    }

    /// Forgets what lies behind `position`, which has become another future.
    pub(crate) fn forget_after(&mut self, position: Position) {
        let kept = self
            .kept
            .partition_point(|it| it.checkpoint.position() <= position);
        self.kept.truncate(kept.max(1));
        self.nearby = self.nearby.take().filter(|it| it.position() <= position);
        self.bytes = self.kept.iter().map(|it| it.bytes).sum();
    }
}

/// What it costs to run to where `machine` stands: the emulated cycles, which say what takes longer,
/// without those in which nobody ran, which are leapt over.
fn cost(machine: &Machine) -> u64 {
    machine.cycles() - machine.kernel().idle_cycles
}
