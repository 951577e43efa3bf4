//! Work that takes longer than one frame of the display: searches and runs.

use exo_core::kernel::Phase;
use exo_core::machine::Stop;
use exo_session::condition::{Condition, Kind};
use exo_session::{Search, Session};

use super::action::Speed;
use super::find::Seeking;
use super::going::Target;
use super::playground::{Notice, Playground};
use crate::later::later;
use crate::view::words::{grouped, letter};

/// Units of one piece of a search or of a run at full speed: well below a millisecond's budget of
/// a frame, so that the driver's look at the clock between two pieces is often enough.
pub(super) const UNITS: u64 = 20_000;
/// Pieces of that, so that the course of the run is noted often.
const NOTES: u64 = 10;
/// Units of one piece of a search; each ends with the last events being told again.
const SEARCH_UNITS: u64 = 200_000;
/// Frames that are made up for at most, when one came late, in milliseconds.
const LATE_MS_MAX: f64 = 50.0;

/// Frames of the display in which all of a run is played back at full speed.
const BACK_FRAMES: u64 = 300;

/// What is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Activity {
    /// Nothing: every action is a single step.
    #[default]
    Idle,
    /// Going to where a session that was opened had been saved.
    Arriving,
    /// Looking back for why something is as it is.
    Asking,
    /// Comparing two branches.
    Comparing,
    /// Running what runs here under every kernel.
    ComparingKernels,
    /// Running the comparison kernels to the reference of the path.
    ComparingFault,
    /// Telling events again.
    Recording,
    /// Writing the run for other programs.
    Exporting,
    /// Drawing charts.
    Charting,
    /// Looking through a capture, or filtering its packets.
    Filtering,
    /// Collecting the machine's packets up to here.
    Following,
    /// Looking for what a step brought about.
    Seeking(Seeking),
    /// Going to a place.
    Going(Target),
    /// Looking for the next event that is not a hit.
    SeekingEvent,
    /// Looking for the next fault.
    SeekingFault,
    /// Looking for what happens next in the network.
    SeekingPacket,
    /// Running back.
    PlayingBack {
        /// When the next step is due, as for a run.
        due: Option<f64>,
    },
    /// Running.
    Running {
        /// When the next step is due, in milliseconds of the driver's clock; none before the first
        /// frame.
        due: Option<f64>,
    },
}

impl Activity {
    /// Whether it is a run.
    pub fn is_run(self) -> bool {
        matches!(
            self,
            Activity::Running { .. } | Activity::PlayingBack { .. }
        )
    }
}

impl Playground {
    /// Whether the driver should call [`Playground::work`] on the next frame.
    pub fn is_busy(&self) -> bool {
        self.activity != Activity::Idle
    }

    /// Whether the work under way takes so long that it is shown and can be given up.
    pub fn is_at_work(&self) -> bool {
        match self.activity {
            Activity::Idle
            | Activity::Filtering
            | Activity::Following
            | Activity::ComparingFault => false,
            Activity::Asking => self.asked().is_some(),
            Activity::Going(target) => self.is_far(target),
            _ => true,
        }
    }

    /// Does one piece of the work under way, `now` being the driver's clock in milliseconds. True
    /// if there is more to do within this frame.
    pub fn work(&mut self, now: f64) -> bool {
        let more = self.go_on(now);
        self.follow_program();
        self.follow();
        more
    }

    fn go_on(&mut self, now: f64) -> bool {
        match self.activity {
            Activity::Idle => false,
            Activity::Arriving => self.arrive(),
            Activity::Going(target) => self.going(target),
            Activity::Asking => self.find_out(),
            Activity::Recording
            | Activity::Comparing
            | Activity::Exporting
            | Activity::Charting
            | Activity::Filtering
            | Activity::Following
            | Activity::ComparingFault
            | Activity::ComparingKernels => later().is_some_and(|it| (it.work)(self)),
            Activity::Seeking(seeking) => self.seek(seeking),
            Activity::SeekingEvent => self.seek_next(Session::run_until_event),
            Activity::SeekingFault => self.seek_next(Session::run_until_fault),
            Activity::SeekingPacket => self.seek_next(next_packet),
            Activity::PlayingBack { due } => {
                self.play_on_back(now, due);
                false
            }
            Activity::Running { due } => match self.speed.events_a_second() {
                None => {
                    let mut stopped = false;
                    let stop = self.watched(|it| {
                        let (stop, found) = it.run_piece_to_breakpoint();
                        stopped = found;
                        stop
                    });
                    if stopped && self.activity.is_run() {
                        self.stop_here();
                    }
                    self.tell_now_and_then(now);
                    if let Some(later) = later() {
                        (later.follow_run)(self, now);
                    }
                    stop == Stop::Reached && self.activity.is_run()
                }
                Some(rate) => {
                    self.timed(now, due, f64::from(rate));
                    self.tell_now_and_then(now);
                    if let Some(later) = later() {
                        (later.follow_run)(self, now);
                    }
                    false
                }
            },
        }
    }

    /// Goes on to the next event of some kind, or to a breakpoint before it. True if there is more to do.
    fn seek_next(&mut self, search: fn(&mut Session, u64) -> Search) -> bool {
        let (before, sought) = (self.session.machine().position(), self.activity);
        let units = if self.breakpoints().is_empty() {
            SEARCH_UNITS
        } else {
            UNITS
        };
        let found = search(&mut self.session, units);
        self.stop_where_passed(before);
        if self.activity != sought {
            return false;
        }
        match found {
            Search::NotYet => return true,
            Search::Found => self.activity = Activity::Idle,
            Search::Halted => self.halted(),
        }
        false
    }

    /// Makes the steps that are due by `now`.
    fn timed(&mut self, now: f64, due: Option<f64>, rate: f64) {
        let apart = 1000.0 / rate;
        let before = self.session.machine().position();
        let mut due = due.unwrap_or(now).max(now - LATE_MS_MAX);
        while due <= now && self.activity.is_run() {
            self.watched(|it| it.session.step());
            due += apart;
        }
        if let Activity::Running { due: next } = &mut self.activity {
            *next = Some(due);
        }
        self.stop_where_passed(before);
    }

    /// Runs back at the chosen speed, or stops that.
    pub(super) fn play_back(&mut self) {
        let playing = matches!(self.activity, Activity::PlayingBack { .. });
        self.pause();
        self.quiet_notice();
        if !playing && self.session.step_number() > 0 {
            self.activity = Activity::PlayingBack { due: None };
        }
    }

    /// Goes back by the steps that are due by `now`; at full speed by a part of the run.
    fn play_on_back(&mut self, now: f64, due: Option<f64>) {
        let step = self.session.step_number();
        let began = due.unwrap_or(now).max(now - LATE_MS_MAX);
        let (steps, due) = match self.speed.events_a_second() {
            None => (1 + self.session.furthest_step() / BACK_FRAMES, now),
            Some(rate) => {
                let apart = 1000.0 / f64::from(rate);
                let steps = ((now - began) / apart) as u64 + u64::from(due.is_none());
                (steps, began + steps as f64 * apart)
            }
        };
        if steps > 0 {
            self.session.go_to_step(step.saturating_sub(steps));
        }
        self.activity = match self.session.step_number() {
            0 => Activity::Idle,
            _ => Activity::PlayingBack { due: Some(due) },
        };
    }

    /// Moves the session, and pauses a run when it has nothing left to do or an environment broke.
    fn watched(&mut self, advance: impl FnOnce(&mut Playground) -> Stop) -> Stop {
        let (before, from) = (broken(&self.session), self.session.machine().position());
        let stop = advance(self);
        let after = broken(&self.session);
        if after & !before != 0 {
            // A run in slices has gone past it: back to the very step.
            self.session.go_to(from);
            self.session.run_until_break(u64::MAX);
        }
        // The first that broke; others may have since.
        let first = broken(&self.session) & !before;
        if let Some(index) = (0..64).find(|index| first >> index & 1 == 1) {
            self.pause();
            self.following.moved = true;
            let text = format!(
                "Paused: environment {} was given up. Its panel says why; everything else can go on.",
                letter(index)
            );
            self.notice = Some(Notice::problem(text));
        }
        if stop == Stop::Halted && after & !before == 0 {
            self.halted();
        }
        stop
    }

    fn halted(&mut self) {
        self.pause();
        let any_broken = broken(&self.session) != 0;
        let text = if any_broken {
            "Nothing is left to do: every environment is at the end of its trace or was given up."
        } else if self.has_network() {
            "Nothing is left to do: every environment is at its end, and no packet is on its way."
        } else {
            "Nothing is left to do: every environment is at the end of its trace."
        };
        self.notice = Some(Notice::fact(text.to_owned()));
    }

    /// Runs so many units, or somewhat less, and notes the course of it.
    pub(super) fn run_piece(&mut self, units: u64) -> Stop {
        for _ in 0..NOTES {
            let stop = self.session.run_slice((units / NOTES).max(1));
            self.course.note(&self.session);
            if stop != Stop::Reached {
                return stop;
            }
        }
        Stop::Reached
    }

    /// Ends what is under way and makes the last events known.
    pub(super) fn pause(&mut self) {
        if let Activity::Seeking(seeking) = self.activity {
            self.give_up(seeking);
        }
        if self.activity == Activity::Asking {
            self.give_up_asking();
        }
        if let Some(later) = later() {
            (later.give_up)(self);
        }
        self.activity = Activity::Idle;
        self.told = None;
        if self.session.current().is_none() {
            self.session.settle();
        }
    }

    /// While running: a sentence of counts, at most once a second.
    fn tell_now_and_then(&mut self, now: f64) {
        let due = self
            .told
            .as_ref()
            .is_none_or(|(when, _)| now - when >= 1000.0);
        if due && self.activity.is_run() {
            self.told = Some((now, self.counts()));
        }
    }

    fn counts(&self) -> String {
        let environments = &self.session.machine().kernel().environments;
        let sum = |of: fn(&exo_core::kernel::Counters) -> u64| {
            grouped(environments.iter().map(|env| of(&env.counters)).sum())
        };
        format!(
            "Running: {} references so far, {} of them TLB misses; {} upcalls and {} page loads.",
            sum(|it| it.references),
            sum(|it| it.tlb_misses),
            sum(|it| it.upcalls),
            sum(|it| it.page_loads),
        )
    }

    /// Whether anything can still happen.
    pub fn can_go_on(&self) -> bool {
        let kernel = self.session.machine().kernel();
        let mut environments = kernel.environments.iter();
        environments.any(|env| env.runnable() || env.waits()) || kernel.next_due().is_some()
    }
}

/// Goes on to what happens next in the network.
fn next_packet(session: &mut Session, units: u64) -> Search {
    session.run_until(&Condition::Kind(Kind::Packet, None), units)
}

/// Which environments were given up, as bits.
fn broken(session: &Session) -> u64 {
    let environments = session.machine().kernel().environments.iter().enumerate();
    environments
        .filter(|(_, env)| matches!(env.phase, Phase::Broken(_)))
        .fold(0, |bits, (index, _)| bits | 1 << index)
}

/// Whether single events are told while something is under way.
pub fn tells_each_step(activity: Activity, speed: Speed) -> bool {
    match activity {
        Activity::Running { .. } | Activity::PlayingBack { .. } => speed.is_readable(),
        Activity::Going(_) | Activity::Seeking(_) | Activity::Asking | Activity::Exporting => false,
        _ => true,
    }
}
