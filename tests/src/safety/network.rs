//! Simulation of the network: native libOSes claim, free and send as chance has it, while packets come in, frames
//! are taken and limits move; every invariant and the oracles look after every step.

use std::sync::Arc;

use exo_core::error::SysError;
use exo_core::event::{Event, NetworkFact, Stamped};
use exo_core::hw::{LinkConfig, OtherEnd, Replacement, TlbConfig};
use exo_core::ids::{EnvId, Frame, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::filter::Engine;
use exo_core::kernel::{Handler, RevocationTimes};
use exo_core::machine::{
    Application, EnvironmentConfig, Machine, MachineConfig, NetworkConfig, Stop,
};
use exo_core::rng::Rng;
use exo_core::trace::Trace;

use super::packets::{gathered, owner};
use super::programs::downloads;
use super::rain::{KINDS, Rain, TYPES, pick};
use super::{Verdict, require};

/// Pages that applications touch; a TLB of two entries makes them fault again and again.
const PAGES: u32 = 6;
/// What happened in some runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Simulated {
    /// Steps of machines.
    pub steps: u64,
    /// Packets in buffers of rings.
    pub received: u64,
    /// Packets that left.
    pub sent: u64,
    /// Packets that did not, since a frame was gone.
    pub not_sent: u64,
    /// Packets that were dropped.
    pub dropped: u64,
    /// Of these, the ones whose buffer was gone.
    pub lost: u64,
    /// Runs of message handlers.
    pub handled: u64,
    /// Calls that were refused.
    pub refused: u64,
    /// Among them, filters that would have taken another's packets.
    pub overlaps: u64,
}

/// One run.
struct Run {
    machine: Machine,
    trace: Trace,
    rng: Rng,
    found: Simulated,
}

/// Runs seeds, each for so many steps.
///
/// # Errors
/// The first seed that breaks something, and what.
pub fn simulate(first: u64, seeds: u64, steps: u64) -> Result<Simulated, (u64, super::Violation)> {
    let mut all = Simulated::default();
    for seed in first..first + seeds {
        let mut run = Run::new(seed);
        run.go(steps).map_err(|violation| (seed, violation))?;
        let it = run.found;
        all.steps += it.steps;
        all.received += it.received;
        all.sent += it.sent;
        all.not_sent += it.not_sent;
        all.dropped += it.dropped;
        all.lost += it.lost;
        all.handled += it.handled;
        all.refused += it.refused;
        all.overlaps += it.overlaps;
    }
    Ok(all)
}

impl Run {
    fn new(seed: u64) -> Run {
        let mut rng = Rng::new(seed, 9);
        let environment = EnvironmentConfig {
            handler: Handler::Native,
            frame_limit: 8,
            application: Application::Trace(0),
            downloads: downloads(),
        };
        let environments = vec![environment; 2 + rng.below(2) as usize];
        let some = |rng: &mut Rng| rng.below(3) as u16 * 100;
        let link = LinkConfig {
            lost_per_thousand: some(&mut rng),
            doubled_per_thousand: some(&mut rng),
            delayed_per_thousand: some(&mut rng),
            ..LinkConfig::default()
        };
        let network = NetworkConfig {
            link,
            engine: Engine::ALL[rng.below(3) as usize],
            other_end: OtherEnd(Some(Arc::new(Rain::new(
                seed,
                500 + u64::from(rng.below(4_000)),
            )))),
        };
        let machine = Machine::new(MachineConfig {
            page_bits: 11,
            frames: 10 + rng.below(20),
            tlb: TlbConfig {
                sets: 1,
                ways: 2,
                replacement: Replacement::Fifo,
            },
            stlb_entries: 0,
            slice_references: 20,
            revocation: RevocationTimes {
                request_cycles: 3_000,
                imperative_cycles: 1_000,
            },
            network: Some(network),
            seed,
            environments,
            ..MachineConfig::default()
        });
        let mut trace = Trace::new();
        for number in 0..20_000 {
            let page = number * 7 % PAGES;
            trace.push(page << 11, ReferenceKind::Modify);
        }
        Run {
            machine: machine.expect("sizes that a machine may have"),
            trace,
            rng,
            found: Simulated::default(),
        }
    }

    fn go(&mut self, steps: u64) -> Verdict {
        for step in 0..steps {
            let before = self.machine.clone();
            let mut events: Vec<Stamped> = Vec::new();
            let stop = self.machine.step(&[&self.trace], &mut events);
            self.found.steps += 1;
            self.look(&before, &events)?;
            match stop {
                Stop::Upcall(env) => self.libos(env)?,
                Stop::Halted => return Ok(()),
                Stop::Reached => {}
            }
            if self.rng.below(400) == 0 {
                let env = EnvId(self.rng.below(2) as u8);
                let limit = self.rng.below(10);
                // There is such an environment.
                let _ = self.machine.set_frame_limit(env, limit);
            }
            if step % 512 == 511 {
                self.there_and_back()?;
            }
        }
        Ok(())
    }

    /// Goes on a little and back: the state is what it was, and the way is the same.
    fn there_and_back(&mut self) -> Verdict {
        let checkpoint = self.machine.checkpoint();
        let before = self.machine.state_digest();
        let ahead = |machine: &mut Machine, trace: &Trace| {
            let mut events: Vec<Stamped> = Vec::new();
            for _ in 0..50 {
                machine.step(&[trace], &mut events);
            }
            (machine.state_digest(), events)
        };
        let first = ahead(&mut self.machine, &self.trace);
        self.machine.restore(&checkpoint);
        let back = self.machine.state_digest();
        require(back == before, "INV-DET-1", || {
            "a checkpoint brings something else back".to_owned()
        })?;
        let second = ahead(&mut self.machine, &self.trace);
        self.machine.restore(&checkpoint);
        require(first == second, "INV-DET-1", || {
            "the same state goes another way".to_owned()
        })
    }

    /// What the invariants and the oracles say of a step.
    fn look(&mut self, before: &Machine, events: &[Stamped]) -> Verdict {
        self.machine.check()?;
        for stamped in events {
            match stamped.event {
                Event::Network { env, fact } => self.fact(before, env, &fact)?,
                Event::Refused { error, .. } => {
                    self.found.refused += 1;
                    self.found.overlaps += u64::from(error == SysError::Overlap);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn fact(&mut self, before: &Machine, env: EnvId, fact: &NetworkFact) -> Verdict {
        match *fact {
            NetworkFact::ReceiveBegan { frame, .. } => {
                let bytes = before.hardware().memory.frame_bytes(frame);
                let empty = bytes.iter().take(4).all(|byte| *byte == 0);
                require(empty, "INV-NIC-1", || {
                    format!("{frame:?} is filled though it is not empty")
                })
            }
            NetworkFact::Received { filter, frame, .. } => {
                self.found.received += 1;
                let nic = before.hardware().nic.as_ref();
                let packet = nic
                    .and_then(|nic| nic.filling())
                    .map(|it| it.packet.clone());
                let bytes = packet.map(|it| it.bytes).unwrap_or_default();
                let held = self.machine.hardware().memory.frame_bytes(frame);
                let same = held.get(18..18 + bytes.len()) == Some(&*bytes);
                let own = owner(before, frame) == Some(env);
                let network = before.kernel().network.as_ref();
                let bound = network.and_then(|it| it.bindings.get(&filter));
                let bound = bound.is_some_and(|it| it.owner == env && it.ring.contains(&frame));
                require(same && own && bound, "integrity", || {
                    format!("{fact:?}: same {same}, own {own}, bound {bound}")
                })
            }
            NetworkFact::Sent { arrivals, .. } => {
                self.found.sent += 1;
                let nic = before.hardware().nic.as_ref();
                let Some(first) = nic.and_then(|nic| nic.queue().next()) else {
                    return require(false, "INV-NIC-1", || "sent what was not queued".to_owned());
                };
                let own = first
                    .frames()
                    .all(|frame| owner(before, frame) == Some(env));
                let wanted = gathered(before, &first.source);
                let heard = self
                    .machine
                    .hardware()
                    .nic
                    .as_ref()
                    .map(|nic| nic.heard().0.clone());
                let heard = heard.unwrap_or_default();
                let last = heard.since(heard.count() - u64::from(arrivals));
                let same = last.iter().all(|it| *it.bytes == wanted[..]);
                require(own && same, "INV-NIC-1", || {
                    format!("{fact:?}: own {own}, same {same}")
                })
            }
            NetworkFact::HandlerRan { .. } | NetworkFact::HandlerStopped { .. } => {
                self.found.handled += 1;
                Ok(())
            }
            NetworkFact::SendFailed { .. } => {
                self.found.not_sent += 1;
                Ok(())
            }
            NetworkFact::Dropped { reason, .. } => {
                self.found.dropped += 1;
                let gone = exo_core::kernel::network::DropReason::BufferLost;
                self.found.lost += u64::from(reason == gone);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A libOS does what chance says, and serves its fault.
    fn libos(&mut self, env: EnvId) -> Verdict {
        for _ in 0..self.rng.below(5) {
            self.call(env)?;
        }
        if let Some(fault) = self.machine.native_fault(env) {
            let page = u64::from(fault.page.0);
            let mut events: Vec<Stamped> = Vec::new();
            let frame = self.some_frame(env).map_or(0, |frame| frame.0.into());
            let bound =
                self.machine
                    .native_call(env, Call::TlbWrite, [page, frame, 1], &mut events);
            if bound != Some(Ok(0))
                && let Some(Ok(frame)) =
                    self.machine
                        .native_call(env, Call::Allocate, [0; 3], &mut events)
            {
                self.machine
                    .native_call(env, Call::TlbWrite, [page, frame, 1], &mut events);
            }
        }
        let mut events: Vec<Stamped> = Vec::new();
        self.machine.native_return(env, Ok(()), &mut events);
        self.machine.check()
    }

    /// A frame of its own, by chance.
    fn some_frame(&mut self, env: EnvId) -> Option<Frame> {
        let records = self.machine.kernel().frames.records().iter().enumerate();
        let own = records.filter(|(_, it)| it.owner == Some(env));
        let own: Vec<Frame> = own.map(|(index, _)| Frame(index as u32)).collect();
        let count = own.len() as u32;
        (count > 0).then(|| own[self.rng.below(count) as usize])
    }

    fn call(&mut self, env: EnvId) -> Verdict {
        let frames = self.machine.config().frames;
        let nic = self.machine.hardware().nic.as_ref();
        let filling = nic.and_then(|nic| nic.filling()).map(|it| it.frame);
        let own = self.some_frame(env).map(|it| u64::from(it.0));
        let any = u64::from(self.rng.below(frames));
        let frame = own.filter(|_| self.rng.below(5) > 0).unwrap_or(any);
        let filter = u64::from(self.rng.below(6));
        // What is on its way is given up now and then.
        let gives_up = filling.filter(|frame| owner(&self.machine, *frame) == Some(env));
        let (call, arguments) = match self.rng.below(16) {
            _ if gives_up.is_some() => (Call::Free, [gives_up.map_or(0, |it| it.0.into()), 0, 0]),
            0 => (Call::FilterBegin, [0; 3]),
            1 => (Call::FilterU16, [12, 0xffff, pick(&mut self.rng, &TYPES)]),
            2 => (Call::FilterU8, [23, 0xff, pick(&mut self.rng, &KINDS)]),
            3 => {
                let yields = u64::from(self.rng.below(4) == 0);
                (Call::FilterBind, [self.rng.below(3).into(), yields, 0])
            }
            4 if self.rng.below(6) == 0 => (Call::FilterFree, [filter, 0, 0]),
            4 => return self.empty(env),
            5 | 6 => (Call::RingBuffer, [filter, frame, 0]),
            7 if self.rng.below(3) > 0 => (Call::HandlerFrame, [filter, frame, 0]),
            7 if self.rng.below(3) == 0 => (Call::FilterBindProgram, [1, 1, 0]),
            7 => (Call::HandlerBind, [filter, 0, 0]),
            8 => (Call::TransmitPart, [frame, 0, self.rng.below(40).into()]),
            9 | 10 => (
                Call::Transmit,
                [
                    frame,
                    self.rng.below(1000).into(),
                    self.rng.below(200).into(),
                ],
            ),
            11 => (
                Call::Alarm,
                [
                    self.machine.cycles() + u64::from(self.rng.below(9_000)),
                    0,
                    0,
                ],
            ),
            12 if self.rng.below(3) == 0 => (Call::Free, [frame, 0, 0]),
            12 | 13 => return self.empty(env),
            _ => (Call::Allocate, [0; 3]),
        };
        let before = self.machine.clone();
        let mut events: Vec<Stamped> = Vec::new();
        self.machine.native_call(env, call, arguments, &mut events);
        self.look(&before, &events)?;
        self.owned(&before, env, call, arguments)
    }

    /// Says that a buffer of its own may be filled again.
    fn empty(&mut self, env: EnvId) -> Verdict {
        let network = self.machine.kernel().network.as_ref();
        let rings = network.into_iter().flat_map(|it| it.of(env));
        let buffers: Vec<Frame> = rings.flat_map(|(_, it)| it.ring.clone()).collect();
        let count = buffers.len() as u32;
        if count == 0 {
            return Ok(());
        }
        let frame = buffers[self.rng.below(count) as usize];
        let mut events: Vec<Stamped> = Vec::new();
        let page = u64::from(PAGES) + 1;
        let arguments = [page, frame.0.into(), 1];
        let bound = self
            .machine
            .native_call(env, Call::TlbWrite, arguments, &mut events);
        if bound == Some(Ok(0)) {
            let address = (page << 11) as u32;
            self.machine
                .native_reach(env, address, 32, Some(0), &mut events);
        }
        self.machine.check()
    }

    /// Nobody binds what is another's or frees another's filter (integrity).
    fn owned(&self, before: &Machine, env: EnvId, call: Call, arguments: [u64; 3]) -> Verdict {
        let of_others = |machine: &Machine| {
            let network = machine.kernel().network.as_ref();
            let all = network.into_iter().flat_map(|it| &it.bindings);
            let others = all.filter(|(_, it)| it.owner != env);
            others
                .map(|(id, it)| (*id, it.ring.clone(), it.reached.clone()))
                .collect::<Vec<_>>()
        };
        let same = of_others(before) == of_others(&self.machine);
        require(same, "integrity", || {
            format!("{env:?} changes another's filters by {call:?} {arguments:?}")
        })
    }
}
