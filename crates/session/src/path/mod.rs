//! The fault path: the hops of one reference, from its trap to its completion (design, section 4), and those of
//! every other upcall.
//!
//! A path is one environment's. What others do because of it (a protected transfer into another libOS) are its
//! hops too; what they do meanwhile is one hop, and its time is counted apart.

mod lanes;
mod track;

use exo_core::cpu::Entry;
use exo_core::event::Event;
use exo_core::ids::{Access, Cause, EnvId};
use exo_core::kernel::call::Call;

use crate::explain::{called, env_letter, short};
use crate::session::{Recorded, Session};
use lanes::{crosses, kernel_cycles, lanes};
use track::{Sorted, Track, Tracker};

/// Where a hop begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The application.
    Application,
    /// Its libOS.
    Libos,
    /// The kernel.
    Kernel,
    /// The hardware.
    Hardware,
}

/// What a path is the path of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// A reference that could not be completed at once.
    Fault,
    /// A demand for frames, to its answer or to the loss of them.
    Revocation,
    /// An instruction that cannot be completed.
    Exception,
    /// The beginning or the end of a slice, as the libOS hears of it.
    Slice,
    /// Packets in the rings, as the libOS hears of them.
    Packets,
    /// The alarm clock.
    Alarm,
    /// An application's transfer into another environment.
    Transfer,
    /// An application's call of its own libOS.
    Request,
}

/// One hop of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Number of the event that it shows; the last one, if it shows several.
    pub step: u64,
    /// Where it begins.
    pub from: Lane,
    /// Where it ends; the same for work that stays in its lane.
    pub to: Lane,
    /// What it is, in a few words.
    pub text: String,
    /// What the kernel says to it.
    pub note: Option<String>,
    /// Cycles from the hop before to its end.
    pub cycles: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u32,
    /// Whether it is the current step.
    pub now: bool,
    /// Whether the kernel refused it, gave its environment up, or took something by force.
    pub refused: bool,
    /// Whether it is what others did meanwhile.
    pub aside: bool,
}

/// A path with its hops so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultPath {
    /// Whose it is.
    pub env: EnvId,
    /// What it is the path of.
    pub kind: PathKind,
    /// What it is about.
    pub title: String,
    /// Of a fault: which of the environment's references it is, from 0.
    pub reference: u64,
    /// Its hops, oldest first.
    pub hops: Vec<Hop>,
    /// Cycles of the application in it.
    pub application: u64,
    /// Cycles of the libOS in it, and of those that it entered.
    pub libos: u64,
    /// Cycles of the kernel in it.
    pub kernel: u64,
    /// Cycles that passed meanwhile, of others and of nobody.
    pub aside: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u32,
    /// Whether it has come to its end: its reference is completed, its handler done.
    pub complete: bool,
}

impl FaultPath {
    /// Its own cycles.
    pub fn cycles(&self) -> u64 {
        self.application + self.libos + self.kernel
    }
}

/// The path that the current step is part of, or else the last one that began among the recent events.
pub fn fault_path(session: &Session) -> Option<FaultPath> {
    let recent = session.recent();
    let mut tracker = Tracker::new(recent, session.machine());
    let events = recent.iter().enumerate();
    let sorted: Vec<Sorted> = events
        .map(|(index, recorded)| tracker.take(index, &recorded.stamped.event))
        .collect();
    let track = tracker.shown(recent.len().checked_sub(1)?)?;
    Some(Builder::new(session, &track).build(sorted))
}

/// Makes the hops of a path.
struct Builder<'run> {
    session: &'run Session,
    track: Track,
    path: FaultPath,
    /// What has happened aside since the last hop.
    fold: Fold<'run>,
}

/// What happens aside, until the path goes on.
#[derive(Default)]
struct Fold<'run> {
    /// Cycles of others.
    aside: u64,
    /// Cycles of the path's own.
    own: u64,
    /// Who ran, as bits.
    ran: u64,
    last: Option<&'run Recorded>,
    many: u64,
}

impl<'run> Builder<'run> {
    fn new(session: &'run Session, track: &Track) -> Builder<'run> {
        let (env, kind) = track.whose;
        let recent = session.recent();
        let first = recent.get(track.start).map(|it| &it.stamped.event);
        let after = track.end.unwrap_or(recent.len());
        let completed = recent
            .iter()
            .skip(after)
            .filter(|it| matches!(it.stamped.event, Event::Accessed { env: by, .. } if by == env));
        let cursor = session.machine().environment(env).map_or(0, |it| it.cursor);
        let path = FaultPath {
            env,
            kind,
            title: first.map_or_else(String::new, |it| title(it, env, kind)),
            reference: cursor.saturating_sub(completed.count() as u64),
            hops: Vec::new(),
            application: 0,
            libos: 0,
            kernel: 0,
            aside: 0,
            crossings: 0,
            complete: track.complete,
        };
        Builder {
            session,
            track: *track,
            path,
            fold: Fold::default(),
        }
    }

    fn build(mut self, sorted: Vec<Sorted>) -> FaultPath {
        let recent = self.session.recent();
        let end = self.track.end.unwrap_or(recent.len());
        // What passed before the first event is no part of the path.
        let mut before = recent.get(self.track.start).map(|it| it.stamped.cycles);
        let told = recent.iter().zip(sorted).take(end.saturating_add(1));
        for (recorded, sorted) in told.skip(self.track.start) {
            let now = recorded.stamped.cycles;
            let cycles = now - before.replace(now).unwrap_or(now);
            let own = sorted.time_of == Some(self.track.whose);
            if sorted.part_of == Some(self.track.whose) {
                self.hop(recorded, cycles, own, sorted);
            } else {
                self.put_aside(recorded, cycles, own, sorted);
            }
        }
        self.unfold();
        self.path
    }

    fn put_aside(&mut self, recorded: &'run Recorded, cycles: u64, own: bool, sorted: Sorted) {
        let fold = &mut self.fold;
        *(if own { &mut fold.own } else { &mut fold.aside }) += cycles;
        let idle = matches!(recorded.stamped.event, Event::Idled { .. });
        if !own && !idle {
            fold.ran |= bit(sorted.ran);
        }
        fold.last = Some(recorded);
        fold.many += 1;
    }

    /// Makes one hop of what happened aside.
    fn unfold(&mut self) {
        let fold = std::mem::take(&mut self.fold);
        let Some(last) = fold.last else {
            return;
        };
        self.path.libos += fold.own;
        self.path.aside += fold.aside;
        let event = &last.stamped.event;
        let on = if fold.own > 0 {
            "the handler runs on; "
        } else {
            ""
        };
        let text = if fold.many == 1 {
            let who = match event {
                Event::Idled { .. } | Event::Switched { .. } => String::new(),
                _ => format!("{}: ", env_letter(event.env())),
            };
            format!("{on}{who}{}", short(event, self.session.machine()))
        } else {
            let mut ran = String::new();
            for env in (0..64).map(EnvId).filter(|it| fold.ran & bit(*it) != 0) {
                ran.push_str(if ran.is_empty() { "" } else { ", " });
                ran.push_str(&env_letter(env));
            }
            match (fold.ran.count_ones(), fold.many) {
                (0, many) => format!("{on}{many} steps of others"),
                (1, 0) => format!("{ran} runs"),
                (1, many) => format!("{ran} runs, {many} steps"),
                (_, many) => format!("{ran} run, {many} steps"),
            }
        };
        let lane = match event {
            Event::Idled { .. } if fold.many == 1 => Lane::Hardware,
            _ if fold.own > 0 => Lane::Libos,
            _ => Lane::Application,
        };
        self.path.hops.push(Hop {
            step: last.number,
            from: lane,
            to: lane,
            text,
            note: None,
            cycles: fold.own + fold.aside,
            crossings: 0,
            now: fold.many > 0 && self.is_current(last),
            refused: false,
            aside: true,
        });
    }

    fn is_current(&self, recorded: &Recorded) -> bool {
        let current = self.session.current();
        current.is_some_and(|it| it.number == recorded.number)
    }

    fn hop(&mut self, recorded: &'run Recorded, cycles: u64, own: bool, sorted: Sorted) {
        if !own && cycles > 0 {
            // It happened while others ran.
            self.fold.aside += cycles;
            self.fold.ran |= bit(sorted.ran);
            self.fold.last.get_or_insert(recorded);
        }
        self.unfold();
        let event = &recorded.stamped.event;
        let cycles = if own { cycles } else { 0 };
        let kernel = kernel_cycles(event).min(cycles);
        let path = &mut self.path;
        path.kernel += kernel;
        match event {
            Event::Accessed { .. } => path.application += cycles - kernel,
            _ => path.libos += cycles - kernel,
        }
        let crossings = u32::from(crosses(event));
        path.crossings += crossings;
        let (text, note) = self.words(event);
        let (from, to) = lanes(event);
        let now = self.is_current(recorded);
        self.path.hops.push(Hop {
            step: recorded.number,
            from,
            to,
            text,
            note,
            cycles,
            crossings,
            now,
            refused: matches!(
                event,
                Event::Refused { .. } | Event::Broken { .. } | Event::Repossessed { .. }
            ),
            aside: false,
        });
    }

    fn words(&self, event: &Event) -> (String, Option<String>) {
        let words = short(event, self.session.machine());
        let (text, note) = match event {
            Event::Refused { call, error, .. } => {
                (call.name().to_owned(), Some(format!("no: {error}")))
            }
            Event::Bound { .. } => (words, Some("owner: yes".to_owned())),
            Event::Upcall {
                cause: Cause::Protection,
                ..
            } => (words, Some("protection".to_owned())),
            Event::Notified {
                upcall: Entry::Revoke,
                arguments: [excess, ..],
                ..
            } => (words, Some(frames(*excess))),
            Event::RevocationDemanded { .. } => (words, Some("the request is over".to_owned())),
            Event::Repossessed { .. } => (words, Some("the deadline is over".to_owned())),
            event if called(event).is_some_and(Call::needs_stack) => {
                (words, Some("kernel stack".to_owned()))
            }
            _ => (words, None),
        };
        // Another environment acts on behalf of this one.
        let other = event.env() != self.path.env && !matches!(event, Event::Switched { .. });
        match other {
            true => (format!("{}: {text}", env_letter(event.env())), note),
            false => (text, note),
        }
    }
}

fn frames(count: u64) -> String {
    format!("{count} {}", if count == 1 { "frame" } else { "frames" })
}

fn bit(env: EnvId) -> u64 {
    1_u64.checked_shl(env.0.into()).unwrap_or(0)
}

/// What a path is about, by its first event.
fn title(event: &Event, env: EnvId, kind: PathKind) -> String {
    let who = env_letter(env);
    let owes = |count: u64| format!("{who} is to give back {}", frames(count));
    match *event {
        Event::Missed {
            address,
            page,
            access,
            ..
        } => {
            let verb = if access == Access::Read {
                "refers to" // which may be an instruction that it fetches
            } else {
                "writes"
            };
            format!(
                "{who} {verb} 0x{address:08X}; page 0x{:X} is not in the TLB",
                page.0
            )
        }
        Event::Protected { address, page, .. } => format!(
            "{who} writes 0x{address:08X}; page 0x{:X} is read-only",
            page.0
        ),
        Event::LimitSet { excess, .. } => owes(excess.into()),
        Event::RevocationDemanded { frames, .. } => owes(frames.into()),
        Event::Notified {
            upcall: Entry::Revoke,
            arguments: [excess, ..],
            ..
        } => owes(excess),
        Event::Repossessed { .. } => format!("{who} loses frames by force"),
        _ => match kind {
            PathKind::Fault => format!("a fault of {who}; it began before the last events"),
            PathKind::Revocation => format!("{who} is asked for frames"),
            PathKind::Exception => format!("{who} meets an instruction that cannot be completed"),
            PathKind::Slice => format!("{who} hears of its slice"),
            PathKind::Packets => format!("{who} hears of packets"),
            PathKind::Alarm => format!("{who}’s alarm clock"),
            PathKind::Transfer => format!("{who} enters another environment"),
            PathKind::Request => format!("{who} calls its libOS"),
        },
    }
}
