//! The real kernel with environments that do one thing at a time, as a command says.
//!
//! Between two commands the running environment stands in its libOS: at the upcall of a reference
//! that always faults, the gate, or of a request, so that any system call is possible. The others stand before their
//! application's next reference.

use exo_core::error::SysError;
use exo_core::event::{Event, Sink, Stamped};
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::call::{Call, CallResult};
use exo_core::kernel::check::Violation;
use exo_core::kernel::{Environment, Handler, Phase};
use exo_core::machine::{Machine, Stop};
use exo_core::trace::Trace;

use super::command::{Command, Key, Word};
use super::settle::STEPS_MAX;
use super::stage::{SLICE, Stage};
use super::{Verdict, require};

/// The numbers that the kernel has given out for one place of its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    last: Option<u64>,
    older: Option<u64>,
}

/// A machine and what its environments know: every capability's number is known to all of them.
#[derive(Clone, Debug)]
pub struct World {
    /// The machine.
    pub machine: Machine,
    places: Vec<Place>,
}

/// What came of a command: the answer of a call.
pub type Answer = Option<CallResult>;

impl World {
    /// A world at its beginning, behind its prelude.
    ///
    /// # Errors
    /// The machine does not come to rest.
    pub fn new(stage: &Stage) -> Result<World, Violation> {
        let mut world = World::at_reset(stage)?;
        let mut events = Vec::new();
        for command in World::prelude(stage) {
            world.apply(stage, command, &mut events)?;
        }
        Ok(world)
    }

    /// A world whose first environment has come to the gate, and nothing else.
    ///
    /// # Errors
    /// The machine does not come to rest.
    pub fn at_reset(stage: &Stage) -> Result<World, Violation> {
        let mut world = World {
            machine: stage.machine(),
            places: Vec::new(),
        };
        world.settle(stage, &mut Vec::new())?;
        Ok(world)
    }

    /// Each environment loads a byte of a frame of its own and gives the frame back: what it stores
    /// from then on is not zero.
    pub fn prelude(stage: &Stage) -> Vec<Command> {
        let call = |call, arguments: [u64; 3]| Command::Call(call, arguments.map(Word::Number));
        let frame = stage.state_frames();
        let turn = [
            call(Call::Allocate, [0; 3]),
            call(Call::TlbWrite, [0, frame, 0]),
            Command::Reference(0, ReferenceKind::Load),
            call(Call::Free, [frame, 0, 0]),
            Command::Switch,
        ];
        turn.repeat(stage.sizes.limits.len())
    }

    /// The environment whose turn it is.
    pub fn actor(&self) -> EnvId {
        self.machine.kernel().running
    }

    /// The places for which numbers were given out.
    pub fn places(&self) -> std::ops::Range<u16> {
        0..self.places.len() as u16
    }

    /// The number of a capability; none if there has been none.
    pub fn number(&self, key: Key) -> Option<u64> {
        let place = |place: u16| self.places.get(usize::from(place));
        match key {
            Key::Last(it) => place(it)?.last,
            Key::Older(it) => place(it)?.older,
            // The check of the first one, spoilt.
            Key::Forged => Some(place(0).and_then(|it| it.last).unwrap_or(0) ^ 1 << 40),
        }
    }

    /// Whether a capability can no longer be worth anything: it has ended, or was never made.
    pub fn worthless(&self, key: Key) -> bool {
        let live = |place: u16| {
            let records = &mut self.machine.kernel().capabilities.records();
            records.any(|(id, _)| id.0 == place)
        };
        match key {
            Key::Last(place) => !live(place),
            Key::Older(_) | Key::Forged => true,
        }
    }

    /// Does what a command says, and comes to rest again.
    ///
    /// # Errors
    /// The machine does not come to rest: it keeps passing a fault up, or runs on and on.
    pub fn apply<S: Sink + Told>(
        &mut self,
        stage: &Stage,
        command: Command,
        events: &mut S,
    ) -> Result<Answer, Violation> {
        match command {
            Command::Call(call, words) => {
                let left = self.machine.kernel().slice_left;
                let answer = self.call(call, words, events);
                if call == Call::YieldTo && matches!(answer, Some(Ok(_))) {
                    self.passed_on(left)?;
                }
                if !self.at_the_gate(stage) {
                    self.settle(stage, events)?;
                }
                Ok(answer)
            }
            Command::Reference(address, kind) => {
                self.leave(stage, events);
                self.reference(stage.trace(address, kind), events)?;
                self.settle(stage, events)?;
                Ok(None)
            }
            Command::Wait => {
                self.machine.leap();
                self.let_due_things_happen(stage, events);
                self.settle(stage, events)?;
                Ok(None)
            }
            Command::Insist(address) => {
                self.leave(stage, events);
                self.insist(stage.trace(address, ReferenceKind::Load), events)?;
                self.settle(stage, events)?;
                Ok(None)
            }
            Command::Reach(address, stores) => {
                self.reach(address, stores, events);
                self.settle(stage, events)?;
                Ok(None)
            }
            Command::Fail => {
                let env = self.actor();
                if self
                    .machine
                    .native_answer(env, Err(SysError::Limit), events)
                    .is_none()
                {
                    self.machine
                        .native_return(env, Err(SysError::Limit), events);
                }
                self.settle(stage, events)?;
                Ok(None)
            }
            Command::Install(..) | Command::Load(..) | Command::Talk | Command::Limit(..) => {
                self.users_turn(stage, command, events);
                self.settle(stage, events)?;
                Ok(None)
            }
            Command::Switch => {
                self.leave(stage, events);
                self.machine.set_slice(0);
                self.machine.step(&[&stage.gate], events);
                self.settle(stage, events)?;
                Ok(None)
            }
        }
    }

    fn call<S: Sink + Told>(&mut self, call: Call, words: [Word; 3], events: &mut S) -> Answer {
        let arguments = words.map(|word| match word {
            Word::Number(number) => number,
            Word::Key(key) => self.number(key).unwrap_or(0),
        });
        let env = self.actor();
        let answer = self.machine.native_call(env, call, arguments, events);
        if let (
            Some(Ok(number)),
            Some(
                Event::CapabilityMade { capability, .. }
                | Event::ExtentAllocated { capability, .. },
            ),
        ) = (answer, events.last())
        {
            let place = usize::from(capability.0);
            if place >= self.places.len() {
                self.places.resize(place + 1, Place::default());
            }
            let older = self.places[place].last;
            self.places[place] = Place {
                last: Some(number),
                older,
            };
        }
        answer
    }

    /// INV-SCHED-2: a directed yield gives exactly what is left of the slice, less the unit that a
    /// handler pays for it.
    fn passed_on(&self, left: u32) -> Verdict {
        let kernel = self.machine.kernel();
        let (now, over) = (kernel.slice_left, kernel.slices.over);
        require(over || now + 1 == left, "INV-SCHED-2", || {
            format!("a yield of {left} units gave {now}")
        })
    }

    /// The libOS is done with its upcall, and the application gives the reference up.
    pub(super) fn leave<S: Sink>(&mut self, stage: &Stage, events: &mut S) {
        let env = self.actor();
        if self.machine.native_request(env).is_some() {
            self.machine.native_answer(env, Ok(0), events);
            return;
        }
        self.machine.native_return(env, Ok(()), events);
        // What falls due meanwhile comes first.
        for _ in 0..STEPS_MAX {
            let environment = self.machine.environment(env);
            let reruns = environment.is_some_and(|it| it.phase == Phase::Rerunning);
            if !reruns || self.actor() != env {
                return;
            }
            self.machine.step(&[&stage.nothing], events);
        }
    }

    /// Makes one reference: it is completed, or passed up to the libOS.
    fn reference<S: Sink>(&mut self, trace: &Trace, events: &mut S) -> Verdict {
        let actor = self.actor();
        if !self.references(actor) {
            return Ok(());
        }
        let retired = self.machine.position().retired;
        self.machine.set_slice(SLICE);
        for _ in 0..STEPS_MAX {
            let stop = self.machine.step(&[trace], events);
            let over = self.machine.position().retired > retired;
            if over && self.actor() != actor {
                // It was given up meanwhile, and another has gone on in a slice of its own.
                return Ok(());
            }
            if over
                && self
                    .machine
                    .environment(actor)
                    .is_some_and(|it| it.process.is_none())
            {
                let left = self.machine.kernel().slice_left;
                return require(left == SLICE - 1, "INV-SCHED-1", || {
                    format!("a reference left {left} of a slice of {SLICE}")
                });
            }
            if stop != Stop::Reached {
                return Ok(());
            }
        }
        self.restless()
    }

    /// Lets the libOS load a byte of its application's memory, or store one.
    fn reach<S: Sink>(&mut self, address: u32, stores: bool, events: &mut S) {
        let (env, stored) = (self.actor(), stores.then_some(1));
        self.machine.native_reach(env, address, 8, stored, events);
    }

    /// Makes one reference that the libOS does not serve, until the kernel has had enough of it.
    fn insist<S: Sink>(&mut self, trace: &Trace, events: &mut S) -> Verdict {
        let actor = self.actor();
        if !self.references(actor) {
            return Ok(());
        }
        let retired = self.machine.position().retired;
        self.machine.set_slice(SLICE);
        for _ in 0..STEPS_MAX {
            self.machine.step(&[trace], events);
            let over = self.machine.position().retired > retired;
            let runs = self
                .machine
                .environment(actor)
                .is_some_and(Environment::runnable);
            if over || !runs || self.machine.native_request(actor).is_some() {
                return Ok(());
            }
            self.machine.native_return(actor, Ok(()), events);
        }
        self.restless()
    }

    /// Lets the user do something: one policy or application takes over at each step.
    fn users_turn<S: Sink>(&mut self, stage: &Stage, command: Command, events: &mut S) {
        self.users(stage, command);
        let most = match command {
            Command::Talk => 2 * stage.sizes.limits.len(),
            _ => 1,
        };
        for _ in 0..most {
            self.machine.step(&[&stage.gate], events);
        }
    }

    /// What the user asks for; the machine does it at its next step.
    fn users(&mut self, stage: &Stage, command: Command) {
        let programs = &stage.programs;
        match command {
            Command::Install(env, policy, afresh) => {
                if let Some(policy) = programs.policies.get(usize::from(policy)) {
                    let _ = self.machine.install(EnvId(env), policy.clone(), afresh);
                }
            }
            Command::Load(env, program) => {
                if let Some(program) = programs.applications.get(usize::from(program)) {
                    let _ = self.machine.load(EnvId(env), program.clone());
                }
            }
            Command::Talk => {
                for env in 1..stage.sizes.limits.len() as u8 {
                    let _ = self
                        .machine
                        .install(EnvId(env), programs.talks.clone(), false);
                    let _ = self.machine.load(EnvId(env), programs.calls.clone());
                }
            }
            Command::Limit(env, limit) => {
                let _ = self.machine.set_frame_limit(EnvId(env), limit);
            }
            _ => {}
        }
    }

    /// Whether an environment's application is what the world says: a trace under a native handler,
    /// and nothing waits to take over.
    fn references(&self, env: EnvId) -> bool {
        let environment = self.machine.environment(env);
        environment.is_some_and(|it| {
            matches!(it.handler, Handler::Native) && it.process.is_none() && !it.waits()
        })
    }
}

/// A listener that knows what it was told last.
pub trait Told {
    /// The last event.
    fn last(&self) -> Option<Event>;
}

impl Told for Vec<Stamped> {
    fn last(&self) -> Option<Event> {
        self.as_slice().last().map(|it| it.event)
    }
}
