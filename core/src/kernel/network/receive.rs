//! Receiving: whose a packet is, its handler, and the buffer that it goes into (A46, A50, X14).

use alloc::vec::Vec;

use super::download::Run;
use super::{BUFFER_HEADER_BYTES, DropReason, Network, Stage};
use crate::cost;
use crate::cpu::{Role, Watch};
use crate::event::{Event, NetworkFact};
use crate::hw::{Filling, NicDue, Packet};
use crate::ids::{Delivery, EnvId, Fate, Frame};
use crate::kernel::filter::FilterId;
use crate::kernel::{Hardware, Kernel, Upcall};
use crate::limits::{PACKET_BYTES_MAX, PACKET_BYTES_MIN};
use crate::mutants::Mutant;

impl Kernel {
    /// Does what the network interface has to do next, which is due. Returns what tells it; none if
    /// nothing is to be told.
    pub(crate) fn network_step(&mut self, hw: &mut Hardware, now: u64) -> Option<Event> {
        let (_, what) = hw.nic.as_ref()?.next_due()?;
        let event = match what {
            NicDue::Sent => self.complete_sending(hw),
            NicDue::OtherEnd => self.let_other_end_act(hw),
            NicDue::Arrival => self.packet_arrives(hw),
            NicDue::Received => self.look_at_first(hw, now),
            NicDue::Filled => self.buffer_filled(hw),
        };
        self.set_network_due(hw);
        event
    }

    /// Notes when the network interface has something to do next.
    pub(crate) fn set_network_due(&mut self, hw: &Hardware) {
        let due = hw.nic.as_ref().and_then(|nic| nic.next_due());
        self.network_due_cycles.0 = due.map(|(due, _)| due);
        self.set_due();
    }

    fn let_other_end_act(&self, hw: &mut Hardware) -> Option<Event> {
        let (packets, lost) = hw.nic.as_mut()?.poll();
        let fact = NetworkFact::OtherEndSent { packets, lost };
        (packets > 0).then(|| self.tells(fact))
    }

    fn packet_arrives(&mut self, hw: &mut Hardware) -> Option<Event> {
        let (number, length, room) = hw.nic.as_mut()?.arrive()?;
        if room {
            return Some(self.tells(NetworkFact::Arrived { number, length }));
        }
        self.dropped(self.running, number, None, DropReason::Overrun)
    }

    /// Takes the first packet of the receive ring one stage further.
    fn look_at_first(&mut self, hw: &mut Hardware, now: u64) -> Option<Event> {
        let packet = hw.nic.as_ref()?.first()?.clone();
        let told = match self.network.as_ref()?.stage {
            Stage::Arrived => self.demultiplex(hw, &packet),
            Stage::Claimed(filter) => self.run_handler(hw, filter, &packet, now),
            Stage::Queued(filter) => self.begin_filling(hw, filter, &packet, now),
        };
        // A packet never stays where it is, or nothing else would happen any more.
        told.or_else(|| self.drop_first(hw, None, DropReason::Unclaimed))
    }

    /// Takes an interrupt and finds whose a packet is. Its owner pays; if it has none, whoever runs.
    fn demultiplex(&mut self, hw: &mut Hardware, packet: &Packet) -> Option<Event> {
        let length = packet.bytes.len() as u32;
        if !(PACKET_BYTES_MIN..=PACKET_BYTES_MAX).contains(&length) {
            self.charge(self.running, cost::INTERRUPT);
            return self.drop_first(hw, None, DropReason::Length);
        }
        let network = self.network.as_ref()?;
        let verdict = network.filters.classify(network.engine, &packet.bytes);
        let mut cycles = u64::from(verdict.cycles);
        let mut filter = verdict.accepted.map(|(filter, _)| filter);
        if filter.is_none() {
            filter = self.ask_programs(hw, packet, &mut cycles);
        }
        let network = self.network.as_mut()?;
        let binding = filter.and_then(|id| network.bindings.get(&id));
        let (Some(id), Some(binding)) = (filter, binding) else {
            self.charge(self.running, cost::INTERRUPT + cycles);
            return self.drop_first(hw, None, DropReason::Unclaimed);
        };
        let env = binding.owner;
        network.stage = match binding.handler {
            Some(_) => Stage::Claimed(id),
            None => Stage::Queued(id),
        };
        self.charge(env, cost::INTERRUPT + cycles);
        let fact = NetworkFact::Claimed {
            number: packet.number,
            filter: id,
            cycles: cycles as u32,
        };
        Some(Event::Network { env, fact })
    }

    /// The first filter that is a program and accepts a packet.
    fn ask_programs(
        &mut self,
        hw: &mut Hardware,
        packet: &Packet,
        cycles: &mut u64,
    ) -> Option<FilterId> {
        let bindings = self.network.as_ref()?.bindings.iter();
        let programs = bindings.filter_map(|(id, it)| Some((*id, it.owner, it.program?)));
        let programs: Vec<_> = programs.collect();
        programs.into_iter().find_map(|(id, owner, program)| {
            let run =
                self.run_download(hw, (owner, program, Role::PacketFilter), packet, &[], None)?;
            *cycles += run.fuel;
            (run.result == Ok(1)).then_some(id)
        })
    }

    /// The message handler of a filter, and the frames that it was given.
    fn handler_of(&self, id: FilterId) -> Option<((EnvId, u16, Role), Vec<Frame>)> {
        let binding = self.network.as_ref()?.bindings.get(&id)?;
        let which = (binding.owner, binding.handler?, Role::MessageHandler);
        Some((which, binding.reached.clone()))
    }

    /// Runs the message handler whose turn is next on a copy of the machine's memory, while `watch` looks on.
    /// None if it is no handler's turn.
    pub(crate) fn watch_handler(&self, hw: &Hardware, watch: &mut Watch<'_>) -> Option<()> {
        let Stage::Claimed(id) = self.network.as_ref()?.stage else {
            return None;
        };
        let packet = hw.nic.as_ref()?.first()?;
        let (which, reached) = self.handler_of(id)?;
        self.run_download(&mut hw.clone(), which, packet, &reached, Some(watch))?;
        Some(())
    }

    /// Runs the message handler of a packet's filter.
    fn run_handler(
        &mut self,
        hw: &mut Hardware,
        id: FilterId,
        packet: &Packet,
        now: u64,
    ) -> Option<Event> {
        let (which, reached) = self.handler_of(id)?;
        let (env, ..) = which;
        let run = self.run_download(hw, which, packet, &reached, None)?;
        let number = packet.number;
        let Run {
            result,
            fuel,
            reply,
        } = run;
        if let Some(environment) = self.environments.get_mut(env.index()) {
            environment.cycles.libos += fuel * cost::INSTRUCTION;
        }
        let fuel = fuel as u32;
        let fate = match result.map(Fate::from_number) {
            Ok(Some(fate)) => fate,
            result => {
                self.network.as_mut()?.stage = Stage::Queued(id);
                let trap = result.err().unwrap_or(crate::cpu::Trap::BadCode);
                let fact = NetworkFact::HandlerStopped {
                    number,
                    filter: id,
                    trap,
                    fuel,
                };
                return Some(Event::Network { env, fact });
            }
        };
        let reply = reply.and_then(|bytes| {
            self.charge(env, words(bytes.len()));
            self.transmit_copy(hw, env, &bytes, now)
        });
        let network = self.network.as_mut()?;
        if fate == Fate::Queue {
            network.stage = Stage::Queued(id);
        } else {
            network.stage = Stage::Arrived;
            network.count(Some(id), |counts| counts.consumed += 1);
            hw.nic.as_mut()?.take_first();
        }
        if fate == Fate::Wake {
            self.tell_of_packets(env, id);
        }
        let fact = NetworkFact::HandlerRan {
            number,
            filter: id,
            fate,
            fuel,
            reply,
        };
        Some(Event::Network { env, fact })
    }

    /// Begins to move a packet into the next buffer of its filter's ring, or drops it.
    fn begin_filling(
        &mut self,
        hw: &mut Hardware,
        id: FilterId,
        packet: &Packet,
        now: u64,
    ) -> Option<Event> {
        let binding = self.network.as_ref()?.bindings.get(&id)?;
        let env = binding.owner;
        let Some(frame) = self.empty_buffer(hw, env, binding.ring.get(binding.next)) else {
            return self.drop_first(hw, Some(id), DropReason::RingFull);
        };
        let needs = u64::from(BUFFER_HEADER_BYTES) + packet.bytes.len() as u64;
        if needs > 1 << hw.memory.page_bits() {
            return self.drop_first(hw, Some(id), DropReason::BufferSmall);
        }
        let network = self.network.as_mut()?;
        network.stage = Stage::Arrived;
        if let Some(binding) = network.bindings.get_mut(&id) {
            binding.next = (binding.next + 1) % binding.ring.len().max(1);
        }
        self.frames.begin_packet(frame);
        let due_cycles = now + words(packet.bytes.len());
        let nic = hw.nic.as_mut()?;
        let packet = nic.take_first()?;
        let number = packet.number;
        nic.fill(Filling {
            packet,
            frame,
            note: (id.0, env.0),
            due_cycles,
        });
        let fact = NetworkFact::ReceiveBegan {
            number,
            filter: id,
            frame,
            due_cycles,
        };
        Some(Event::Network { env, fact })
    }

    /// That buffer, if it is its owner's and its ownership word says that it may be filled.
    fn empty_buffer(&self, hw: &Hardware, env: EnvId, frame: Option<&Frame>) -> Option<Frame> {
        let frame = *frame?;
        let own = self.owns(env, frame);
        let word = hw.memory.frame_bytes(frame).first_chunk();
        let empty = word.is_none_or(|word| u32::from_le_bytes(*word) == 0);
        (own && (empty || Mutant::FullBufferFilled.made())).then_some(frame)
    }

    /// Whether a device may write to a frame for `env` now.
    pub(super) fn owns(&self, env: EnvId, frame: Frame) -> bool {
        let authority = self.frames.authority(env, frame);
        authority.is_ok_and(|it| it.owner && !it.pinned)
    }

    /// A packet is wholly in its buffer, if that is its owner's still; who it is for is told.
    fn buffer_filled(&mut self, hw: &mut Hardware) -> Option<Event> {
        let filling = hw.nic.as_mut()?.take_filled()?;
        let Filling { packet, frame, .. } = &filling;
        let (frame, number) = (*frame, packet.number);
        let (id, env) = (FilterId(filling.note.0), EnvId(filling.note.1));
        self.frames.end_packet(frame);
        let network = self.network.as_ref()?;
        let binding = network.bindings.get(&id);
        let ring = binding.is_some_and(|it| it.ring.contains(&frame));
        let held = ring && self.owns(env, frame) || Mutant::FillOutlivesRight.made();
        if !held {
            return self.dropped(env, number, Some(id), DropReason::BufferLost);
        }
        hw.memory.receive(frame, packet);
        self.network
            .as_mut()?
            .count(Some(id), |counts| counts.delivered += 1);
        self.tell_of_packets(env, id);
        let fact = NetworkFact::Received {
            number,
            filter: id,
            frame,
            length: filling.packet.bytes.len() as u32,
        };
        Some(Event::Network { env, fact })
    }

    /// Lets `packets` wait for an environment, as its filter says. Urgent is who finds nobody hurried
    /// already; any other is told when it runs next.
    fn tell_of_packets(&mut self, env: EnvId, id: FilterId) {
        let binding = self.network.as_ref().and_then(|it| it.bindings.get(&id));
        let delivery = binding.map_or(Delivery::Poll, |it| it.delivery);
        if delivery == Delivery::Poll {
            return;
        }
        self.notify(env, Upcall::Packets);
        if delivery == Delivery::Urgent && self.urgent.is_none() {
            self.urgent = Some(env);
        }
    }

    fn charge(&mut self, env: EnvId, cycles: u64) {
        if let Some(environment) = self.environments.get_mut(env.index()) {
            environment.cycles.kernel += cycles;
        }
    }

    /// Drops the first packet of the receive ring.
    fn drop_first(
        &mut self,
        hw: &mut Hardware,
        filter: Option<FilterId>,
        reason: DropReason,
    ) -> Option<Event> {
        let packet = hw.nic.as_mut()?.take_first()?;
        let network: &mut Network = self.network.as_mut()?;
        let owner = filter.and_then(|id| network.bindings.get(&id));
        let env = owner.map_or(self.running, |it| it.owner);
        network.stage = Stage::Arrived;
        self.dropped(env, packet.number, filter, reason)
    }

    /// Counts a packet that was dropped, and tells it.
    fn dropped(
        &mut self,
        env: EnvId,
        number: u32,
        filter: Option<FilterId>,
        reason: DropReason,
    ) -> Option<Event> {
        self.network.as_mut()?.drop_packet(filter, reason);
        let fact = NetworkFact::Dropped {
            number,
            filter,
            reason,
        };
        Some(Event::Network { env, fact })
    }
}

/// Cycles that the bytes of a packet take between the device and memory.
fn words(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(4) * cost::PACKET_WORD
}
