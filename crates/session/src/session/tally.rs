//! What happened when, by kind: counted once, when a run is first made, in stretches of equal length; and whose slice
//! began when.

use exo_core::event::{Event, Sink, Stamped};
use exo_core::ids::{EnvId, Position, Urgency};

use crate::attempts::{Attempts, Tries};

/// What is counted.
pub const TALLIED: [&str; 7] = [
    "TLB misses",
    "upcalls",
    "evictions",
    "revocation",
    "refused",
    "disk",
    "packets",
];
/// Stretches at most; beyond, each becomes twice as long.
const STRETCHES_MAX: usize = 4096;
/// Slices kept at most; beyond, the older half goes.
const SLICES_MAX: usize = 1 << 14;

/// Deadlines kept at most; beyond, the older half goes.
const DEADLINES_MAX: usize = 1 << 12;

/// How often each kind happened.
pub type Counts = [u32; TALLIED.len()];

/// What was counted of a run. In a run of fewer than [`STRETCHES_MAX`] steps a stretch is one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    stretches: Vec<Counts>,
    /// Steps of a stretch: a power of two.
    wide: u64,
    /// The step up to which all is counted.
    until: u64,
    totals: [u64; TALLIED.len()],
    /// From which step on whose slice it was, in order.
    slices: Vec<(u64, EnvId)>,
    attempts: Attempts,
    /// At which step the kernel insisted on frames of whom, and at which it began to take them, in order.
    deadlines: Vec<(u64, EnvId, Urgency)>,
}

impl Tally {
    /// Nothing yet; `running` has the processor.
    pub(crate) fn new(running: EnvId) -> Tally {
        Tally {
            stretches: Vec::new(),
            wide: 1,
            until: 0,
            totals: Default::default(),
            slices: vec![(0, running)],
            attempts: Attempts::default(),
            deadlines: Vec::new(),
        }
    }

    /// Steps of a stretch. The first stretch begins with step 1.
    pub fn wide(&self) -> u64 {
        self.wide
    }

    /// What was counted in each stretch, from the beginning of the run on; none of what comes behind the last.
    pub fn stretches(&self) -> &[Counts] {
        &self.stretches
    }

    /// What was counted in all, kind by kind.
    pub fn totals(&self) -> &[u64; TALLIED.len()] {
        &self.totals
    }

    /// From which step on whose slice it was, in order. What was before the first is not known any more.
    pub fn slices(&self) -> &[(u64, EnvId)] {
        &self.slices
    }

    /// What was tried by a step and did not come to anything.
    pub fn tries(&self, step: u64) -> Vec<Tries> {
        self.attempts.by(step, self.until)
    }

    /// Whether anything was.
    pub fn anything_tried(&self) -> bool {
        !self.attempts.is_empty()
    }

    /// The next step behind `step`, of those that were made, at which time was over for an environment to give frames
    /// back: for a request the kernel insists there, for an order with a deadline it begins to take them.
    pub fn deadline_after(&self, step: u64, env: EnvId, urgency: Urgency) -> Option<u64> {
        let from = self.deadlines.partition_point(|it| it.0 <= step);
        let behind = self.deadlines.get(from..)?;
        let found = behind.iter().find(|it| (it.1, it.2) == (env, urgency));
        found.map(|it| it.0)
    }

    /// Notes that time was over for an environment; of frames that are taken one after the other, the first.
    fn note_deadline(&mut self, number: u64, env: EnvId, urgency: Urgency) {
        let last = self.deadlines.iter().rev().find(|it| it.1 == env);
        if urgency == Urgency::Imperative && last.is_some_and(|it| it.2 == urgency) {
            return;
        }
        if self.deadlines.len() >= DEADLINES_MAX {
            self.deadlines.drain(..DEADLINES_MAX / 2);
        }
        self.deadlines.push((number, env, urgency));
    }

    /// Takes an event by its number, unless it was counted before.
    pub(super) fn note(&mut self, number: u64, event: &Event) {
        if number <= self.until {
            return;
        }
        self.until = number;
        self.attempts.note(number, event);
        if let Event::Switched { to, .. } = event {
            if self.slices.len() >= SLICES_MAX {
                self.slices.drain(..SLICES_MAX / 2);
            }
            self.slices.push((number, *to));
        }
        match *event {
            Event::RevocationDemanded { env, .. } => {
                self.note_deadline(number, env, Urgency::Request);
            }
            Event::Repossessed { env, .. } => {
                self.note_deadline(number, env, Urgency::Imperative);
            }
            _ => {}
        }
        let Some(kind) = kind(event) else {
            return;
        };
        while (number - 1) / self.wide >= STRETCHES_MAX as u64 {
            self.widen();
        }
        count_kind(&mut self.stretches, (0, self.wide), number, kind);
        if let Some(total) = self.totals.get_mut(kind) {
            *total += 1;
        }
    }

    /// Two stretches become one.
    fn widen(&mut self) {
        let pairs = self.stretches.chunks(2);
        let sum = |pair: &[Counts]| {
            let mut sum = Counts::default();
            for counts in pair {
                for (sum, count) in sum.iter_mut().zip(counts) {
                    *sum += count;
                }
            }
            sum
        };
        self.stretches = pairs.map(sum).collect();
        self.wide *= 2;
    }

    /// Forgets what lies behind a step, and the stretch across it too. Returns the step behind which it must be
    /// counted again.
    pub(super) fn forget_after(&mut self, step: u64) -> u64 {
        let whole = (step.min(self.until) / self.wide) as usize;
        self.stretches.truncate(whole);
        self.until = self.until.min(whole as u64 * self.wide);
        let until = self.until;
        self.attempts.forget_after(until);
        self.slices.retain(|(begun, _)| *begun <= until);
        self.deadlines.retain(|it| it.0 <= until);
        self.totals = Default::default();
        for counts in &self.stretches {
            for (total, count) in self.totals.iter_mut().zip(counts) {
                *total += u64::from(*count);
            }
        }
        until
    }
}

/// Counts an event, by its number, in stretches of so many steps from behind a step on: `(begins, wide)`.
pub fn count_event(
    stretches: &mut Vec<Counts>,
    (begins, wide): (u64, u64),
    number: u64,
    event: &Event,
) {
    if let Some(kind) = kind(event) {
        count_kind(stretches, (begins, wide), number, kind);
    }
}

fn count_kind(stretches: &mut Vec<Counts>, (begins, wide): (u64, u64), number: u64, kind: usize) {
    let index = ((number - begins - 1) / wide) as usize;
    if stretches.len() <= index {
        stretches.resize(index + 1, Counts::default());
    }
    let counts = stretches.get_mut(index);
    if let Some(count) = counts.and_then(|it| it.get_mut(kind)) {
        *count += 1;
    }
}

/// The place of an event's kind among those that are counted.
fn kind(event: &Event) -> Option<usize> {
    Some(match event {
        Event::Missed { .. } => 0,
        Event::Upcall { .. } | Event::Notified { .. } | Event::Raised { .. } => 1,
        Event::Bound {
            replaced: Some(_), ..
        } => 2,
        Event::LimitSet { excess: 1.., .. }
        | Event::RevocationDemanded { .. }
        | Event::Repossessed { .. } => 3,
        Event::Refused { .. }
        | Event::Broken { .. }
        | Event::InstallRefused { .. }
        | Event::LoadRefused { .. } => 4,
        Event::DiskRequested { .. } | Event::DiskCompleted { .. } => 5,
        Event::Network { fact, .. } if !fact.is_system_call() => 6,
        _ => return None,
    })
}

/// Hears a run: counts what happens for the first time and keeps the last event; without `HITS` the machine leaps
/// over plain hits.
#[derive(Debug)]
pub(crate) struct Ear<'tally, const HITS: bool> {
    tally: &'tally mut Tally,
    number: u64,
    last: Option<Stamped>,
}

impl<const HITS: bool> Ear<'_, HITS> {
    /// One that counts in a tally.
    pub(crate) fn of(tally: &mut Tally) -> Ear<'_, HITS> {
        Ear {
            tally,
            number: 0,
            last: None,
        }
    }

    /// The last event that was heard.
    pub(super) fn last(self) -> Option<Stamped> {
        self.last
    }
}

impl<const HITS: bool> Sink for Ear<'_, HITS> {
    const RECORDING: bool = HITS;
    const REMARKS: bool = true;

    fn number(&mut self, number: u64) {
        self.number = number;
    }

    fn take(&mut self, position: Position, cycles: u64, event: Event) {
        self.tally.note(self.number, &event);
        self.last = Some(Stamped {
            position,
            cycles,
            event,
        });
    }
}

#[cfg(test)]
mod tests {
    use exo_core::event::Event;
    use exo_core::ids::{Contents, EnvId, Frame, Urgency};

    use super::{STRETCHES_MAX, TALLIED, Tally, kind};
    use crate::Session;

    /// What stepping through a run shows, step by step.
    fn stepped(session: &mut Session, steps: u64) -> Vec<[u32; TALLIED.len()]> {
        let mut counts = Vec::new();
        while session.step_number() < steps {
            let mut of_step = [0; TALLIED.len()];
            session.step();
            if let Some(kind) = session.current().and_then(|it| kind(&it.stamped.event)) {
                of_step[kind] += 1;
            }
            counts.push(of_step);
        }
        counts
    }

    #[test]
    fn the_first_misses_are_counted_at_their_very_steps_however_one_came_there() {
        let opened = scenario();
        let mut leaped = Session::new(opened.clone()).unwrap();
        for _ in 0..4 {
            leaped.run_until_fault(u64::MAX);
        }
        let misses: Vec<u64> = (1..)
            .zip(leaped.tally().stretches())
            .filter_map(|(step, counts)| (counts[0] > 0).then_some(step))
            .collect();
        assert_eq!(misses, [1, 10, 18, 50]);
        assert_eq!(leaped.step_number(), 52);
        let mut session = Session::new(opened).unwrap();
        let counts = stepped(&mut session, 52);
        let told = leaped.tally().stretches();
        assert_eq!(told, &counts[..told.len()]);
        assert_eq!(session.tally(), leaped.tally());
    }

    fn scenario() -> crate::Scenario {
        crate::first_light().unwrap()
    }

    #[test]
    fn a_long_run_has_few_stretches_and_each_kind_s_counts_sum_up_to_the_machine_s() {
        let mut session = Session::new(scenario()).unwrap();
        session.run_slice(120_000);
        session.go_to_step(70);
        session.go_to_step(100_000);
        session.run_slice(1000);
        let tally = session.tally();
        assert!(tally.stretches().len() <= STRETCHES_MAX && tally.wide() > 1);
        let environments = &session.machine().kernel().environments;
        let misses: u64 = environments.iter().map(|it| it.counters.tlb_misses).sum();
        let counted: u64 = tally.stretches().iter().map(|it| u64::from(it[0])).sum();
        assert_eq!(tally.totals()[0], counted);
        assert!(counted >= misses, "{counted} {misses}");
    }

    #[test]
    fn another_future_is_counted_from_where_it_begins_also_within_a_stretch() {
        let mut session = Session::new(scenario()).unwrap();
        session.run_slice(400_000);
        assert!(session.tally().wide() > 4);
        session.go_to_step(200_011);
        session.set_frame_limit(EnvId(0), 20).unwrap();
        assert_eq!(session.step_number(), 200_011);
        session.run_slice(20_000);
        let (given, here) = (session.inputs(), session.step_number());
        let mut again = Session::with_inputs(scenario(), &given).unwrap();
        again.go_to_step(here);
        let (one, other) = (session.tally(), again.tally());
        // The first run came further, and its stretches may be longer.
        let folds = (one.wide() / other.wide()) as usize;
        let misses = |tally: &Tally, folds: usize| -> Vec<u32> {
            let folded = tally.stretches().chunks(folds);
            folded.map(|it| it.iter().map(|it| it[0]).sum()).collect()
        };
        assert_eq!(misses(one, 1), misses(other, folds));
        assert!(one.totals()[3] > 0, "the frames were asked for");
    }

    #[test]
    fn a_deadline_s_step_is_known_once_it_has_passed_and_forgotten_with_its_future() {
        let mut tally = Tally::new(EnvId(0));
        let (env, frames, due_cycles) = (EnvId(1), 3, 900);
        let demanded = Event::RevocationDemanded {
            env,
            frames,
            due_cycles,
        };
        tally.note(7, &demanded);
        for step in 9..12 {
            let taken = Event::Repossessed {
                env,
                frame: Frame(step as u32),
                page: None,
                dropped: 0,
                contents: Contents::Unchanged,
                block: None,
            };
            tally.note(step, &taken);
        }
        let after = |tally: &Tally, step, urgency| tally.deadline_after(step, env, urgency);
        assert_eq!(after(&tally, 6, Urgency::Request), Some(7));
        assert_eq!(after(&tally, 7, Urgency::Request), None);
        assert_eq!(after(&tally, 7, Urgency::Imperative), Some(9));
        assert_eq!(
            after(&tally, 9, Urgency::Imperative),
            None,
            "one after the other"
        );
        assert_eq!(tally.deadline_after(0, EnvId(0), Urgency::Request), None);
        tally.forget_after(8);
        assert_eq!(after(&tally, 7, Urgency::Imperative), None);
        assert_eq!(after(&tally, 0, Urgency::Request), Some(7));
    }

    #[test]
    fn the_beginnings_of_slices_are_those_of_the_switches() {
        let mut tally = Tally::new(EnvId(0));
        let (from, to) = (EnvId(0), EnvId(1));
        tally.note(7, &Event::Switched { from, to });
        tally.note(7, &Event::Switched { from, to });
        tally.note(9, &Event::Switched { from: to, to: from });
        assert_eq!(tally.slices(), [(0, from), (7, to), (9, from)]);
        assert_eq!(tally.forget_after(8), 8);
        assert_eq!(tally.slices(), [(0, from), (7, to)]);
    }
}
