//! Which path each event is part of: one environment's fault, or another upcall, with all that it led to.

use exo_core::cpu::Entry;
use exo_core::event::{Event, Transfer};
use exo_core::ids::EnvId;
use exo_core::kernel::{Phase, Upcall};
use exo_core::machine::Machine;

use super::PathKind;
use crate::session::Recorded;

/// Whose path of which kind.
pub(super) type Whose = (EnvId, PathKind);

/// A path among the recent events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    /// Whose it is.
    pub(super) whose: Whose,
    /// Its first event, as an index into the recent ones.
    pub(super) start: usize,
    /// Its last event, if it is over.
    pub(super) end: Option<usize>,
    /// Whether it came to a good end.
    pub(super) complete: bool,
    /// The last event that is part of it.
    last: usize,
    /// Of a revocation: frames that are still to be given back.
    owed: u32,
    /// Of a revocation: whether the libOS has to hear of a loss.
    lost: bool,
}

/// One event, sorted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sorted {
    /// What the event is part of.
    pub(super) part_of: Option<Whose>,
    /// On behalf of which path the time before it passed; none if it was nobody's.
    pub(super) time_of: Option<Whose>,
    /// Who ran before it.
    pub(super) ran: EnvId,
}

/// Sorts events, the oldest first.
#[derive(Debug)]
pub(super) struct Tracker {
    running: EnvId,
    /// Handlers under way, and on behalf of which path each runs.
    handlers: Vec<(EnvId, Whose)>,
    open: Vec<Track>,
    /// The last one that is over.
    closed: Option<Track>,
    /// Environments that answer when frames were taken from them.
    hear_losses: Vec<EnvId>,
}

impl Tracker {
    /// Before the first of the recent events. `machine` stands behind the last one.
    pub(super) fn new(recent: &[Recorded], machine: &Machine) -> Tracker {
        let now = machine.kernel().running;
        let ran = recent.iter().find_map(|it| match it.stamped.event {
            Event::Switched { from, .. } | Event::Transferred { from, .. } => Some(from),
            _ => None,
        });
        let mut tracker = Tracker {
            running: ran.unwrap_or(now),
            handlers: Vec::new(),
            open: Vec::new(),
            closed: None,
            hear_losses: Vec::new(),
        };
        let environments = (0..).map(EnvId).zip(&machine.kernel().environments);
        let hear = environments.filter(|(_, it)| it.answers(Upcall::Repossessed));
        tracker.hear_losses.extend(hear.map(|(env, _)| env));
        // A handler that has run for longer than all of them.
        let phase = machine.environment(now).map(|it| it.phase);
        if let Some(Phase::Handling(upcall)) = phase
            && let Some(kind) = kind_of(upcall)
            && !recent.iter().any(|it| enters(&it.stamped.event, now))
        {
            tracker.handlers.push((now, (now, kind)));
            tracker.begin((now, kind), 0);
        }
        tracker
    }

    /// The path to show when all events are sorted: the one that the last event, at `last`, is part of,
    /// or else the one that began last.
    pub(super) fn shown(&self, last: usize) -> Option<Track> {
        let all = || self.open.iter().chain(&self.closed);
        let lit = all().filter(|it| it.last == last);
        let shown = lit.max_by_key(|it| it.start);
        shown.or_else(|| all().max_by_key(|it| it.start)).copied()
    }

    /// Sorts the next event, which is the recent one at `index`.
    pub(super) fn take(&mut self, index: usize, event: &Event) -> Sorted {
        let ran = self.running;
        let part_of = self.part_of(event);
        let own_doing = event.env() == ran && !comes_by_itself(event);
        let time_of = match event {
            Event::Idled { .. } => None,
            Event::Switched { .. } => self.acting_for(ran),
            _ if own_doing => part_of,
            _ => self.acting_for(ran),
        };
        if let Some(whose) = part_of {
            if begins(event) && self.track(whose).is_none() {
                self.begin(whose, index);
            }
            if let Some(track) = self.track(whose) {
                track.last = index;
            }
        }
        self.owe(event, index);
        self.enter_or_leave(event, part_of);
        self.end(event, part_of, index);
        Sorted {
            part_of: part_of.filter(|it| self.knows(*it, index)),
            time_of,
            ran,
        }
    }

    /// On behalf of which path an environment runs, if it does.
    fn acting_for(&self, env: EnvId) -> Option<Whose> {
        let handler = self.handlers.iter().rev().find(|it| it.0 == env);
        let fault = (env, PathKind::Fault);
        let in_fault = self.open.iter().any(|it| it.whose == fault);
        handler.map(|it| it.1).or(in_fault.then_some(fault))
    }

    fn track(&mut self, whose: Whose) -> Option<&mut Track> {
        self.open.iter_mut().find(|it| it.whose == whose)
    }

    /// Whether there is such a path that is under way, or over with the event at `index`.
    fn knows(&self, whose: Whose, index: usize) -> bool {
        let ended = self.closed.iter().filter(|it| it.end == Some(index));
        self.open.iter().chain(ended).any(|it| it.whose == whose)
    }

    fn begin(&mut self, whose: Whose, start: usize) {
        self.open.push(Track {
            whose,
            start,
            end: None,
            complete: false,
            last: start,
            owed: 0,
            lost: false,
        });
    }

    fn close(&mut self, whose: Whose, index: usize, complete: bool) {
        if let Some(place) = self.open.iter().position(|it| it.whose == whose) {
            let track = self.open.remove(place);
            let end = Some(index);
            self.closed = Some(Track {
                end,
                complete,
                ..track
            });
        }
    }

    fn part_of(&mut self, event: &Event) -> Option<Whose> {
        let env = event.env();
        let of = |kind| Some((env, kind));
        match *event {
            Event::Accessed { rerun, .. } if !rerun => None,
            Event::Idled { .. } => None,
            Event::Switched { from, .. } => self.acting_for(from),
            Event::LimitSet { excess, .. } => {
                let begun = self.track((env, PathKind::Revocation)).is_some();
                (begun || excess > 0).then_some((env, PathKind::Revocation))
            }
            Event::RevocationDemanded { .. }
            | Event::Repossessed { .. }
            | Event::ContentsSaved { .. } => of(PathKind::Revocation),
            Event::AlarmRang { .. } => of(PathKind::Alarm),
            Event::Notified { upcall, .. } => of(match upcall {
                Entry::Revoke | Entry::Repossessed => PathKind::Revocation,
                Entry::Alarm => PathKind::Alarm,
                _ => PathKind::Packets,
            }),
            Event::Raised { .. } => of(PathKind::Exception),
            Event::SliceBegan { .. } | Event::SliceEnding { .. } => of(PathKind::Slice),
            Event::Requested { .. } => of(PathKind::Request),
            Event::Missed { .. } | Event::Protected { .. } => {
                self.acting_for(env).or(of(PathKind::Fault))
            }
            Event::Transferred { .. } | Event::TransferFailed { .. } => {
                self.acting_for(env).or(of(PathKind::Transfer))
            }
            _ => self.acting_for(env),
        }
    }

    /// Notes how many frames an environment has still to give back.
    fn owe(&mut self, event: &Event, index: usize) {
        let whose = (event.env(), PathKind::Revocation);
        let handled = self.handlers.iter().any(|it| it.1 == whose);
        let hears = self.hear_losses.contains(&whose.0);
        let Some(track) = self.track(whose) else {
            return;
        };
        match *event {
            Event::LimitSet { excess, .. } => track.owed = excess,
            Event::RevocationDemanded { frames, .. } => track.owed = frames,
            Event::Notified {
                upcall: Entry::Revoke,
                arguments: [excess, ..],
                ..
            } => track.owed = u32::try_from(excess).unwrap_or(u32::MAX),
            Event::Notified { .. } => track.lost = false,
            Event::Freed { .. } => track.owed = track.owed.saturating_sub(1),
            Event::Repossessed { .. } => {
                track.owed = track.owed.saturating_sub(1);
                track.lost = hears;
            }
            _ => return,
        }
        let over = track.owed == 0 && !track.lost;
        // Who answers ends it when its answer is complete.
        let asked = matches!(event, Event::Notified { .. });
        if over && !handled && !asked {
            self.close(whose, index, true);
        }
    }

    fn enter_or_leave(&mut self, event: &Event, part_of: Option<Whose>) {
        match *event {
            Event::Transferred { to, transfer, .. } if transfer != Transfer::Back => {
                self.handlers.extend(part_of.map(|it| (to, it)));
                self.running = to;
            }
            Event::Transferred { from, to, .. } => {
                self.leave(from);
                self.running = to;
            }
            Event::Switched { to, .. } => self.running = to,
            Event::Upcall { env, .. }
            | Event::Notified { env, .. }
            | Event::Raised { env, .. }
            | Event::SliceBegan { env, .. }
            | Event::SliceEnding { env, .. }
            | Event::Requested { env, .. } => {
                self.handlers.extend(part_of.map(|it| (env, it)));
            }
            Event::Resumed { env }
            | Event::Recovered { env, .. }
            | Event::Saved { env }
            | Event::Replied { env, .. }
            | Event::Broken { env, .. } => self.leave(env),
            _ => {}
        }
    }

    fn leave(&mut self, env: EnvId) {
        if let Some(place) = self.handlers.iter().rposition(|it| it.0 == env) {
            self.handlers.remove(place);
        }
    }

    /// Ends the path that is over with an event.
    fn end(&mut self, event: &Event, part_of: Option<Whose>, index: usize) {
        let env = event.env();
        match *event {
            Event::Broken { .. } | Event::Loaded { .. } | Event::Finished { .. } => {
                // The end of an application ends no dialogue about frames. The path that the event is
                // part of comes last: it is shown.
                let broke = matches!(event, Event::Broken { .. });
                let ends = |it: &Whose| it.0 == env && (broke || it.1 == PathKind::Fault);
                let other = |it: &Track| ends(&it.whose) && Some(it.whose) != part_of;
                while let Some(whose) = self.open.iter().find(|it| other(it)).map(|it| it.whose) {
                    self.close(whose, index, false);
                }
                if let Some(whose) = part_of.filter(ends) {
                    self.close(whose, index, false);
                }
            }
            _ => {
                if let Some(whose) = part_of.filter(|it| self.is_over(*it, event)) {
                    self.close(whose, index, true);
                }
            }
        }
    }

    /// Whether a path is over with an event that is part of it.
    fn is_over(&self, (owner, kind): Whose, event: &Event) -> bool {
        let own = event.env() == owner;
        match *event {
            Event::Accessed { .. } => kind == PathKind::Fault && own,
            Event::Transferred {
                to,
                transfer: Transfer::Back,
                ..
            } => kind == PathKind::Transfer && to == owner,
            Event::TransferFailed { .. } => kind == PathKind::Transfer && own,
            Event::Resumed { .. } if kind == PathKind::Transfer => !own,
            Event::Resumed { .. } if kind == PathKind::Revocation && own => {
                let track = self.open.iter().find(|it| it.whose == (owner, kind));
                track.is_some_and(|it| it.owed == 0 && !it.lost)
            }
            Event::Resumed { .. } => kind != PathKind::Fault && own,
            Event::Recovered { .. } | Event::Saved { .. } | Event::Replied { .. } => {
                own && kind != PathKind::Fault
            }
            _ => false,
        }
    }
}

/// Whether a path may begin with an event.
fn begins(event: &Event) -> bool {
    matches!(
        event,
        Event::Missed { .. }
            | Event::Protected { .. }
            | Event::LimitSet { .. }
            | Event::RevocationDemanded { .. }
            | Event::Repossessed { .. }
            | Event::AlarmRang { .. }
            | Event::Notified { .. }
            | Event::Raised { .. }
            | Event::SliceBegan { .. }
            | Event::SliceEnding { .. }
            | Event::Requested { .. }
    ) || matches!(event, Event::Transferred { transfer, .. } if *transfer != Transfer::Back)
}

/// Whether an event made a handler of `env` run.
fn enters(event: &Event, env: EnvId) -> bool {
    match *event {
        Event::Upcall { .. }
        | Event::Notified { .. }
        | Event::Raised { .. }
        | Event::SliceBegan { .. }
        | Event::SliceEnding { .. }
        | Event::Requested { .. }
        | Event::Installed { .. } => event.env() == env,
        Event::Transferred { to, .. } => to == env,
        _ => false,
    }
}

/// Whether an event is nobody's doing at that moment: it was due, or came from outside.
fn comes_by_itself(event: &Event) -> bool {
    match event {
        Event::LimitSet { .. }
        | Event::RevocationDemanded { .. }
        | Event::Repossessed { .. }
        | Event::ContentsSaved { .. }
        | Event::DiskCompleted { .. }
        | Event::AlarmRang { .. } => true,
        Event::Network { fact, .. } => !fact.is_system_call(),
        _ => false,
    }
}

/// The kind of path that a handler works for, as far as that can be told from the handler.
fn kind_of(upcall: Upcall) -> Option<PathKind> {
    Some(match upcall {
        Upcall::PageFault => PathKind::Fault,
        Upcall::Request => PathKind::Request,
        Upcall::Exception => PathKind::Exception,
        Upcall::SliceBegan | Upcall::SliceEnded => PathKind::Slice,
        Upcall::Revoke | Upcall::Repossessed => PathKind::Revocation,
        Upcall::Packets => PathKind::Packets,
        Upcall::Alarm => PathKind::Alarm,
        Upcall::Adopted | Upcall::Entered | Upcall::Signalled => return None,
    })
}
