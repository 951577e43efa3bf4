//! Visible revocation: ask, insist with a deadline, and take what is not given back (A14 to A18).
//!
//! ```text
//!   within its limit --limit lowered--> Request --request_cycles--> Imperative --imperative_cycles-->
//!         ^                                |                            |              one frame after
//!         +---- enough frames freed -------+----------------------------+              the other taken
//! ```
//! Who is ordered runs at once, so that nobody loses frames without having been told, but one that
//! cannot run. The kernel says how many, the libOS chooses which (A04). An environment is asked
//! exactly while it holds more frames than its limit: there is no other record of what it owes.

use super::notice::Notice;
use super::phase::Upcall;
use super::{Hardware, Kernel};
use crate::digest::Digest;
use crate::error::SysError;
use crate::event::Event;
use crate::ids::{EnvId, Urgency};
use crate::mutants::Mutant;

/// A dialogue under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// How far it has come.
    pub urgency: Urgency,
    /// The machine's cycle count at which it goes further.
    pub due_cycles: u64,
}

impl Revocation {
    /// Adds urgency and due time.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.urgency as u64);
        digest.u64(self.due_cycles);
    }
}

/// How long each part of the dialogue lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevocationTimes {
    /// From the request to the imperative.
    pub request_cycles: u64,
    /// From the imperative to the abort. The paper's example is 50 microseconds (A14).
    pub imperative_cycles: u64,
}

impl Kernel {
    /// Sets how many frames an environment may hold, and asks for those that are too many.
    pub(crate) fn set_frame_limit(&mut self, env: EnvId, limit: u32, now: u64) {
        if let Some(environment) = self.environments.get_mut(env.index()) {
            environment.frame_limit = limit;
        }
        self.review(env, now);
    }

    /// Begins or ends the dialogue with an environment whose frames or limit have changed.
    pub(crate) fn review(&mut self, env: EnvId, now: u64) {
        let request_cycles = self.times.request_cycles;
        let Some(environment) = self.environments.get_mut(env.index()) else {
            return;
        };
        match (environment.excess() > 0, environment.revocation) {
            (true, None) if Mutant::RequestForgotten.made() => return,
            (true, None) => {
                environment.revocation = Some(Revocation {
                    urgency: Urgency::Request,
                    due_cycles: now.saturating_add(request_cycles),
                });
                self.notify(env, Upcall::Revoke);
            }
            (false, Some(_)) => {
                environment.revocation = None;
                environment
                    .notices
                    .forget(|notice| notice.upcall == Upcall::Revoke);
            }
            _ => return,
        }
        self.set_due();
    }

    /// Lets an upcall wait for an environment that answers it; one of the kind is enough.
    pub(super) fn notify(&mut self, env: EnvId, upcall: Upcall) {
        let Some(environment) = self.environments.get_mut(env.index()) else {
            return;
        };
        if !environment.answers(upcall) || environment.notices.holds(upcall) {
            return;
        }
        let arguments = [0; 3];
        if !environment.notices.push(Notice { upcall, arguments }) {
            environment.counters.notices_lost += 1;
        }
    }

    /// What a notice says by the time that it begins.
    pub(crate) fn told(&self, env: EnvId, notice: Notice) -> Notice {
        let environment = self.environments.get(env.index());
        let arguments = match (notice.upcall, environment) {
            (Upcall::Revoke, Some(environment)) => {
                let (urgency, due) = environment
                    .revocation
                    .map_or((0, 0), |it| (it.urgency as u64, it.due_cycles));
                [environment.excess().into(), urgency, due]
            }
            _ => notice.arguments,
        };
        Notice {
            arguments,
            ..notice
        }
    }

    /// Goes one step further with the dialogue of an environment that is due: insists, or takes one
    /// frame.
    pub(crate) fn insist(&mut self, hw: &mut Hardware, env: EnvId, now: u64) -> Option<Event> {
        let imperative_cycles = self.times.imperative_cycles;
        let environment = self.environments.get_mut(env.index())?;
        let revocation = environment.revocation.as_mut()?;
        match revocation.urgency {
            Urgency::Request => {
                revocation.urgency = Urgency::Imperative;
                let due_cycles = now.saturating_add(imperative_cycles);
                revocation.due_cycles = due_cycles;
                let frames = environment.excess();
                self.notify(env, Upcall::Revoke);
                self.urgent = Some(env);
                self.set_due();
                Some(Event::RevocationDemanded {
                    env,
                    frames,
                    due_cycles,
                })
            }
            Urgency::Imperative => self.repossess(hw, env, now),
        }
    }

    /// Takes one frame of an environment: breaks every binding to it, notes the loss in the
    /// repossession vector and tells the libOS, which is not ended (A18). What was in it goes to a
    /// block that the libOS has preloaded, if it has (A19). Frames that hold program state are
    /// guaranteed and stay (A20).
    fn repossess(&mut self, hw: &mut Hardware, env: EnvId, now: u64) -> Option<Event> {
        let loser = if Mutant::RepossessAnothers.made() {
            self.running
        } else {
            env
        };
        let frame = self.frames.takeable(loser)?;
        let loss = self.save_contents(hw, loser, frame, now);
        let (page, dropped) = self.release(hw, frame);
        let environment = self.environments.get_mut(env.index())?;
        environment.frames_held -= 1;
        environment.counters.evictions += u64::from(page.is_some());
        environment.counters.repossessions += 1;
        self.note_loss(env, loss);
        self.notify(env, Upcall::Repossessed);
        self.review(env, now);
        Some(Event::Repossessed {
            env,
            frame,
            page,
            dropped,
            contents: loss.contents,
            block: loss.saved.map(|(_, block)| block),
        })
    }

    /// Moves room for frames to the caller, from what no limit has promised and then from the
    /// environment with the highest limit, down to where both are equal: so nobody can be brought
    /// below another (A06).
    pub(super) fn request_frames(
        &mut self,
        hw: &Hardware,
        count: u64,
        now: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let limit_of = |env: EnvId| {
            let environment = self.environments.get(env.index());
            environment.map_or(0, |it| it.frame_limit)
        };
        let own = limit_of(env);
        let wanted = u32::try_from(count).unwrap_or(u32::MAX);
        let unpromised = wanted.min(self.unpromised(hw));
        let rest = wanted - unpromised;
        let all = (0..self.environments.len()).map(|index| EnvId(index as u8));
        let from = all
            .filter(|it| *it != env)
            .max_by_key(|it| (limit_of(*it), core::cmp::Reverse(*it)));
        let raised = own.saturating_add(unpromised);
        let moved = from.map_or(0, |from| limit_of(from).saturating_sub(raised) / 2);
        let moved = moved.min(rest);

        let total = unpromised + moved;
        let lowered = from.filter(|_| moved > 0);
        if let Some((from, limit)) = lowered.map(|from| (from, limit_of(from) - moved)) {
            self.set_frame_limit(from, limit, now);
        }
        self.set_frame_limit(env, own.saturating_add(total), now);
        let event = Event::FramesRequested {
            env,
            from: lowered,
            unpromised,
            moved,
        };
        Ok((total.into(), event))
    }

    /// Frames that neither hold program state nor are promised to anyone by a limit.
    fn unpromised(&self, hw: &Hardware) -> u32 {
        let promised: u64 = self
            .environments
            .iter()
            .map(|it| u64::from(it.frame_limit.max(it.frames_held)))
            .sum();
        let pinned = self.frames.pinned();
        let all = u64::from(hw.memory.frames());
        all.saturating_sub(promised + u64::from(pinned)) as u32
    }
}
