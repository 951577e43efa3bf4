//! How a run has gone so far: what had been counted by which step. Charts are drawn from it.

use exo_core::kernel::Counters;
use exo_session::Session;

/// Samples kept; beyond, every other one goes.
const SAMPLES_MAX: usize = 1024;
/// What is counted: misses, upcalls and references.
pub const COUNTED: usize = 3;
/// The place of references among them.
const REFERENCES: usize = 2;
/// Environments whose cycles are told apart; what those behind them take is counted with the last.
pub const RAN: usize = 8;

/// What an environment had counted of its look-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates<N = f64> {
    /// References.
    pub references: N,
    /// Those that missed the TLB.
    pub misses: N,
    /// Those of these that the software TLB served.
    pub hits: N,
}

impl Rates {
    /// What has been counted since.
    pub fn since(&self, before: &Rates) -> Rates {
        Rates {
            references: self.references - before.references,
            misses: self.misses - before.misses,
            hits: self.hits - before.hits,
        }
    }
}

/// What had been counted when a step had been made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sample {
    step: u64,
    retired: u64,
    counts: [u64; COUNTED],
    /// What each environment had counted of its look-ups.
    rates: [Rates<u64>; RAN],
    /// Cycles of each environment: its application's, its libOS's and the kernel's for it.
    ran: [u64; RAN],
}

/// Samples of a run, in order of their steps, the first at reset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    samples: Vec<Sample>,
    /// Steps between samples at least, less one.
    spacing: u64,
    furthest: u64,
    reached: u64,
    /// Counts the times that samples went.
    revision: u64,
}

impl Course {
    /// Notes where a session stands, unless it has been noted before. A run that has become another
    /// one loses what was noted behind the place where it did: then it says true.
    pub(super) fn note(&mut self, session: &Session) -> bool {
        let now = sample(session);
        let furthest = session.furthest_step();
        let another = furthest < self.furthest;
        if another {
            self.samples.retain(|it| it.step <= furthest);
            self.revision += 1;
            self.reached = now.retired;
        }
        self.furthest = furthest;
        self.reached = self.reached.max(now.retired);
        let last = self.samples.last().map(|last| last.step);
        if self.samples.is_empty() {
            self.spacing = 0;
            self.samples.push(Sample::default());
        }
        if now.step > last.unwrap_or(0).saturating_add(self.spacing) {
            self.samples.push(now);
        }
        if self.samples.len() > SAMPLES_MAX {
            let mut index = 0;
            self.samples.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing = self.spacing * 2 + 1;
            self.revision += 1;
        }
        another
    }

    /// Another number whenever what was known of the run, and not only its end, has changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The most units that the run has come to.
    pub fn reached(&self) -> u64 {
        self.reached
    }

    /// The cycles that each environment had taken by a step, as far as is known.
    pub fn ran(&self, step: f64) -> [f64; RAN] {
        let (before, after, part) = self.around(step, |it| it.step);
        std::array::from_fn(|env| between(before.ran[env], after.ran[env], part))
    }

    /// What each environment had counted of its look-ups by a step, as far as is known.
    pub fn rates(&self, step: f64) -> [Rates; RAN] {
        let (before, after, part) = self.around(step, |it| it.step);
        std::array::from_fn(|env| {
            let (before, after) = (&before.rates[env], &after.rates[env]);
            Rates {
                references: between(before.references, after.references, part),
                misses: between(before.misses, after.misses, part),
                hits: between(before.hits, after.hits, part),
            }
        })
    }

    /// References made in all.
    pub fn references(&self) -> u64 {
        self.samples.last().map_or(0, |it| it.counts[REFERENCES])
    }

    /// What had been counted, and the cycles of all, when so many references had been made, as far as is known.
    pub fn by_reference(&self, references: f64) -> ([f64; COUNTED], f64) {
        let (before, after, part) = self.around(references, |it| it.counts[REFERENCES]);
        let counts = |track| between(before.counts[track], after.counts[track], part);
        let cycles = |it: &Sample| it.ran.iter().sum();
        (
            std::array::from_fn(counts),
            between(cycles(&before), cycles(&after), part),
        )
    }

    /// The step by which so many units were completed, as far as is known.
    pub fn step_at(&self, retired: u64) -> f64 {
        let (before, after, part) = self.around(retired as f64, |it| it.retired);
        between(before.step, after.step, part)
    }

    /// The samples around a place, and how far it lies between them.
    fn around(&self, place: f64, of: impl Fn(&Sample) -> u64) -> (Sample, Sample, f64) {
        let next = self.samples.partition_point(|it| (of(it) as f64) < place);
        let after = self.samples.get(next).or(self.samples.last());
        let before = next.checked_sub(1).and_then(|it| self.samples.get(it));
        let after = after.copied().unwrap_or_default();
        let before = before.copied().unwrap_or_default();
        let (from, to) = (of(&before) as f64, of(&after) as f64);
        let part = if to > from {
            ((place - from) / (to - from)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        (before, after, part)
    }
}

fn between(from: u64, to: u64, part: f64) -> f64 {
    from as f64 + (to as f64 - from as f64) * part
}

fn sample(session: &Session) -> Sample {
    let machine = session.machine();
    let sum = |of: fn(&Counters) -> u64| {
        let environments = machine.kernel().environments.iter();
        environments.map(|env| of(&env.counters)).sum()
    };
    let (mut ran, mut rates) = ([0; RAN], [Rates::default(); RAN]);
    for (index, environment) in machine.kernel().environments.iter().enumerate() {
        ran[index.min(RAN - 1)] += environment.cycles.total();
        let (counters, rates) = (&environment.counters, &mut rates[index.min(RAN - 1)]);
        rates.references += counters.references;
        rates.misses += counters.tlb_misses;
        rates.hits += counters.stlb_hits;
    }
    Sample {
        rates,
        ran,
        step: session.step_number(),
        retired: machine.position().retired,
        counts: [
            sum(|it| it.tlb_misses),
            sum(|it| it.upcalls),
            sum(|it| it.references),
        ],
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_session::Session;

    use super::{Course, SAMPLES_MAX};

    fn course_of(session: &mut Session, steps: u64) -> Course {
        let mut course = Course::default();
        for _ in 0..steps {
            session.step();
            course.note(session);
        }
        course
    }

    #[test]
    fn what_was_counted_by_a_noted_step_is_told_exactly_and_between_two_in_proportion() {
        let mut session = Session::new(exo_session::first_light().unwrap()).unwrap();
        let course = course_of(&mut session, 400);
        let counters = session.machine().kernel().environments[0].counters;
        assert_eq!(course.rates(400.0)[0].misses, counters.tlb_misses as f64);
        assert_eq!(course.rates(0.0), [super::Rates::default(); super::RAN]);
        let cycles = session.machine().kernel().environments[0].cycles.total();
        assert_eq!(course.ran(400.0)[0], cycles as f64);
        assert_eq!(course.ran(400.0)[2..], [0.0; 6]);
        assert!(course.rates(200.0)[0].references <= course.rates(200.5)[0].references);
        let retired = session.machine().position().retired;
        assert_eq!(course.reached(), retired);
        assert!(course.step_at(retired) <= 400.0 && course.step_at(retired) > 390.0);
    }

    #[test]
    fn however_long_a_run_is_there_are_few_samples_and_the_total_stays_right() {
        let mut session = Session::new(exo_session::first_light().unwrap()).unwrap();
        let mut course = Course::default();
        for _ in 0..5000 {
            session.run_slice(20);
            course.note(&session);
        }
        assert!(course.samples.len() <= SAMPLES_MAX);
        let last = course.samples.last().unwrap();
        assert!(last.step + course.spacing + 20 >= session.step_number());
        let misses = course.rates(last.step as f64).map(|it| it.misses);
        assert_eq!(misses.iter().sum::<f64>(), last.counts[0] as f64);
    }

    #[test]
    fn another_future_begins_where_the_old_one_is_left() {
        let mut session = Session::new(exo_session::first_light().unwrap()).unwrap();
        let mut course = course_of(&mut session, 300);
        session.go_to_step(100);
        course.note(&session);
        assert_eq!(course.samples.last().unwrap().step, 300);
        session.set_frame_limit(EnvId(0), 20).unwrap();
        course.note(&session);
        assert_eq!(course.samples.last().unwrap().step, 100);
        assert_eq!(course.reached(), session.machine().position().retired);
    }
}
