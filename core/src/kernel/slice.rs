//! The processor as a resource: a linear vector of time slices, allocated as frames are (A37).
//!
//! The place in the vector says the order and the latest start; the kernel goes round it. Which
//! places an environment takes, next to each other or far apart (A38), is its own affair.

use alloc::vec::Vec;

use super::call::Call;
use super::{Environment, Hardware, Kernel, Phase, Upcall};
use crate::cpu::Entry;
use crate::digest::Digest;
use crate::error::SysError;
use crate::event::Event;
use crate::ids::EnvId;
use crate::mutants::Mutant;

/// A slice that stands still while another environment is told something urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// Who ran in it.
    pub env: EnvId,
    /// What it has left; none if it was over.
    pub left: Option<u32>,
}

/// The vector of slices, and which of them runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slices {
    owners: Vec<Option<EnvId>>,
    /// The slice under way.
    pub position: u16,
    /// Whether its time has been used up or given away, so that the next one is to be found.
    pub over: bool,
    /// The slice under way, if it stands still.
    pub interrupted: Option<Interrupted>,
    /// References of a trace, or instructions of a program, in one slice.
    pub length: u32,
}

impl Slices {
    /// Bytes of the vector.
    pub fn bytes(&self) -> usize {
        size_of_val(self.owners.as_slice())
    }

    /// A vector with these first owners, before its first slice. `length` is that of a slice.
    pub fn new(owners: Vec<Option<EnvId>>, length: u32) -> Slices {
        let first = owners.iter().position(Option::is_some).unwrap_or(0);
        Slices {
            owners,
            position: first as u16,
            over: false,
            interrupted: None,
            length,
        }
    }

    /// Who owns each slice, in order (A03).
    pub fn owners(&self) -> &[Option<EnvId>] {
        &self.owners
    }

    /// The owner of a slice; the refusal if there is no such slice.
    fn owner(&self, position: u64) -> Result<(u16, Option<EnvId>), SysError> {
        let place = usize::try_from(position).map_err(|_| SysError::NoSuchSlice)?;
        let owner = self.owners.get(place).ok_or(SysError::NoSuchSlice)?;
        Ok((place as u16, *owner))
    }

    /// Adds how many slices there are, the owner of each, the one under way, whether it is
    /// over, and whether it stands still.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.owners.len() as u64);
        for owner in &self.owners {
            digest.u32(owner.map_or(u32::MAX, |env| env.0.into()));
        }
        digest.u32(self.position.into());
        digest.bool(self.over);
        digest.bool(self.interrupted.is_some());
        if let Some(Interrupted { env, left }) = self.interrupted {
            digest.u32(env.0.into());
            digest.u32(left.unwrap_or(u32::MAX));
        }
    }
}

impl Environment {
    /// Whether its handler's instructions are part of the slice in which it runs, so that it can be
    /// interrupted at any of them as an application can.
    pub(crate) fn charged(upcall: Upcall) -> bool {
        matches!(
            upcall,
            Upcall::Exception | Upcall::SliceBegan | Upcall::Entered | Upcall::Signalled
        )
    }
}

impl Kernel {
    /// The environment that runs in the slices of `owner`: itself, or the one to which it has
    /// transferred and which has not transferred back (A42). None if there is nothing to run.
    pub fn runs_for(&self, owner: EnvId) -> Option<EnvId> {
        let mut env = owner;
        // A chain of transfers names nobody twice: who waits cannot be transferred to.
        for _ in 0..=self.environments.len() {
            let environment = self.environments.get(env.index())?;
            match self.callee_under_way(env) {
                Some(callee) => env = callee,
                None => return environment.runnable().then_some(env),
            }
        }
        None
    }

    /// The next slice that somebody can run in, after the one under way, and who that is.
    pub(crate) fn next_slice(&self) -> Option<(u16, EnvId, EnvId)> {
        let count = self.slices.owners.len();
        let from = usize::from(self.slices.position);
        (1..=count).find_map(|distance| {
            let position = (from + distance) % count;
            let owner = (*self.slices.owners.get(position)?)?;
            Some((position as u16, owner, self.runs_for(owner)?))
        })
    }

    /// Lets another environment run.
    pub(crate) fn switch(&mut self, hw: &mut Hardware, to: EnvId) {
        if self.running != to {
            self.running = to;
            if !Mutant::SwitchKeepsAddressSpace.made() {
                hw.tlb.switch(to.0);
            }
        }
    }

    /// Carries out a call about slices of the running environment.
    pub(super) fn slice_call(
        &mut self,
        hw: &mut Hardware,
        call: Call,
        first: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let answered = |value| Ok((value, Event::Answered { env, call, value }));
        match call {
            Call::SliceAllocate => self.allocate_slice(None),
            Call::SliceAllocateAt => self.allocate_slice(Some(first)),
            Call::SliceFree => self.free_slice(first),
            Call::SliceOwner => {
                let (_, owner) = self.slices.owner(first)?;
                answered(u64::from(owner.ok_or(SysError::Unowned)?.0))
            }
            Call::Slices => answered(self.slices.owners.len() as u64),
            Call::Environment => answered(env.0.into()),
            Call::YieldTo => self.yield_to(hw, first),
            _ => Ok((0, self.yield_slice())),
        }
    }

    /// Gives the caller a free slice (A37).
    fn allocate_slice(&mut self, named: Option<u64>) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let position = match named {
            None => {
                let mut owners = self.slices.owners.iter();
                let free = owners.position(Option::is_none);
                free.ok_or(SysError::Taken)? as u16
            }
            Some(position) => match self.slices.owner(position)? {
                (position, None) => position,
                (_, Some(_)) => return Err(SysError::Taken),
            },
        };
        if let Some(place) = self.slices.owners.get_mut(usize::from(position)) {
            *place = Some(env);
        }
        let named = named.is_some();
        let event = Event::SliceAllocated {
            env,
            position,
            named,
        };
        Ok((position.into(), event))
    }

    /// Takes a slice back from the caller, who owns it. If it is under way it goes on to its end.
    fn free_slice(&mut self, position: u64) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let (position, owner) = self.slices.owner(position)?;
        if owner != Some(env) && !Mutant::SliceFreeSkipsOwner.made() {
            return Err(SysError::NoAuthority);
        }
        if let Some(place) = self.slices.owners.get_mut(usize::from(position)) {
            *place = None;
        }
        Ok((0, Event::SliceFreed { env, position }))
    }

    /// Ends the slice under way.
    fn yield_slice(&mut self) -> Event {
        let env = self.running;
        self.slices.over = true;
        if let Some(caller) = self.environments.get_mut(env.index()) {
            caller.saving = None;
        }
        Event::Yielded { env, to: None }
    }

    /// Gives the rest of the slice under way to the environment that is named (A40).
    fn yield_to(&mut self, hw: &mut Hardware, to: u64) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let to = self.environment_argument(to)?;
        let to = self.runs_for(to).ok_or(SysError::NotRunnable)?;
        self.charge_switch();
        if self.slice_left == 0 {
            return Ok((0, self.yield_slice()));
        }
        if Mutant::YieldRenewsSlice.made() {
            self.slice_left = self.slices.length;
        }
        self.begins(to);
        self.switch(hw, to);
        let to = Some(to);
        Ok((0, Event::Yielded { env, to }))
    }

    /// A handler whose instructions are not part of the slice pays for one when it passes the
    /// processor on, as an application has: so that no slice is passed on for ever (INV-SCHED-1).
    pub(super) fn charge_switch(&mut self) {
        let phase = self.environments.get(self.running.index());
        match phase.map(|it| it.phase) {
            Some(Phase::Handling(upcall)) if !Environment::charged(upcall) => {
                self.slice_left = self.slice_left.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// The environment of that number; the refusal if there is none.
    pub(super) fn environment_argument(&self, number: u64) -> Result<EnvId, SysError> {
        match u8::try_from(number) {
            Ok(number) if usize::from(number) < self.environments.len() => Ok(EnvId(number)),
            _ => Err(SysError::NoSuchEnvironment),
        }
    }

    /// Notes that an environment is to be told that it has got the processor, if it wants to be.
    pub(crate) fn begins(&mut self, env: EnvId) {
        let position = self.slices.position;
        if let Some(environment) = self.environments.get_mut(env.index())
            && environment
                .program()
                .is_some_and(|program| program.entry(Entry::SliceBegan).is_some())
        {
            environment.begins = Some(position);
        }
    }
}
