//! The calls that draft and bind filters, rings and handlers (A45 to A47, A50, X14).

use alloc::sync::Arc;
use alloc::vec;

use super::{Binding, Counts, Draft, Network, Stage};
use crate::cpu::Role;
use crate::error::SysError;
use crate::event::{Event, NetworkFact};
use crate::ids::{Delivery, EnvId, Frame};
use crate::kernel::call::Call;
use crate::kernel::filter::{Atom, Filter, FilterError, FilterId, Pattern, Width};
use crate::kernel::syscall::frame_argument;
use crate::kernel::{Hardware, Kernel};
use crate::limits::{
    FILTERS_PER_ENVIRONMENT_MAX, HANDLER_FRAMES_MAX, PATTERN_ATOMS_MAX, PATTERN_SHIFTS_MAX,
    RING_BUFFERS_MAX,
};
use crate::mutants::Mutant;

/// What a call gives, and what it tells.
pub(super) type Done = Result<(u64, Event), SysError>;

impl Kernel {
    /// Carries out a call about the network, or about the alarm clock, of the running environment.
    pub(in crate::kernel) fn network_call(
        &mut self,
        hw: &mut Hardware,
        call: Call,
        arguments: [u64; 3],
        now: u64,
    ) -> Done {
        let [first, second, third] = arguments;
        match call {
            Call::Alarm => return Ok(self.set_alarm(first)),
            Call::TransmitWaiting => {
                let waiting = self.transmit_waiting(hw);
                return Ok((waiting, self.answered(call, waiting)));
            }
            _ if self.network.is_none() => {
                return match call {
                    // Drafts that nobody can have are forgotten easily.
                    Call::FilterBegin | Call::TransmitForget => Ok((0, self.answered(call, 0))),
                    _ => Err(SysError::NotOffered),
                };
            }
            _ => {}
        }
        match call {
            Call::FilterBegin => self.begin_filter(),
            Call::FilterU8 => self.draft_field(Width::One, first, second, third),
            Call::FilterU16 => self.draft_field(Width::Two, first, second, third),
            Call::FilterU32 => self.draft_field(Width::Four, first, second, third),
            Call::FilterShift => self.draft_shift(first, second, third),
            Call::FilterAdvance => {
                let bytes = u16::try_from(first).map_err(|_| SysError::BadFilter)?;
                self.draft(Atom::Advance(bytes))
            }
            Call::FilterBind => self.bind_filter(first, second != 0),
            Call::FilterBindProgram => self.bind_program(first, second),
            Call::FilterFree => self.free_filter(first),
            Call::RingBuffer => self.add_buffer(first, second),
            Call::HandlerBind => self.bind_handler(first, second),
            Call::HandlerFrame => self.add_handler_frame(first, second),
            Call::TransmitPart => self.draft_part(hw, arguments),
            Call::Transmit => self.transmit(hw, arguments, now),
            Call::TransmitForget => self.forget_parts(),
            _ => Err(SysError::NotOffered),
        }
    }

    /// The event of a question that cannot be refused.
    fn answered(&self, call: Call, value: u64) -> Event {
        let env = self.running;
        Event::Answered { env, call, value }
    }

    /// The event of a fact that the running environment has brought about.
    pub(super) fn tells(&self, fact: NetworkFact) -> Event {
        let env = self.running;
        Event::Network { env, fact }
    }

    /// The network; the refusal if the machine has none.
    pub(super) fn network_mut(&mut self) -> Result<&mut Network, SysError> {
        self.network.as_mut().ok_or(SysError::NotOffered)
    }

    fn begin_filter(&mut self) -> Done {
        let place = self.running.index();
        if let Some(draft) = self.network_mut()?.drafts.get_mut(place) {
            draft.atoms.clear();
        }
        Ok((0, self.tells(NetworkFact::DraftBegun)))
    }

    /// Adds an atom to the running environment's draft.
    fn draft(&mut self, atom: Atom) -> Done {
        let place = self.running.index();
        let draft = self.network_mut()?.drafts.get_mut(place);
        let draft = draft.ok_or(SysError::NotOffered)?;
        let shifts = |it: &&Atom| matches!(it, Atom::Shift { .. });
        let many =
            shifts(&&atom) && draft.atoms.iter().filter(shifts).count() >= PATTERN_SHIFTS_MAX;
        if many || draft.atoms.len() >= PATTERN_ATOMS_MAX {
            return Err(SysError::BadFilter);
        }
        draft.atoms.push(atom);
        Ok((0, self.tells(NetworkFact::Drafted { atom })))
    }

    fn draft_field(&mut self, width: Width, at: u64, mask: u64, value: u64) -> Done {
        let offset = u16::try_from(at).map_err(|_| SysError::BadFilter)?;
        if mask & !width.full() != 0 || value & !mask != 0 {
            return Err(SysError::BadFilter);
        }
        self.draft(Atom::Equal {
            offset,
            width,
            mask,
            value,
        })
    }

    fn draft_shift(&mut self, at: u64, mask: u64, shift: u64) -> Done {
        let offset = u16::try_from(at).map_err(|_| SysError::BadFilter)?;
        let shift = u8::try_from(shift).ok().filter(|shift| *shift <= 8);
        self.draft(Atom::Shift {
            offset,
            width: Width::One,
            mask: mask & 0xff,
            shift: shift.ok_or(SysError::BadFilter)?,
        })
    }

    /// Whether the running environment may have another filter.
    fn room_for_filter(&mut self) -> Result<(), SysError> {
        let owner = self.running;
        let held = self.network_mut()?.of(owner).count();
        if held >= FILTERS_PER_ENVIRONMENT_MAX {
            return Err(SysError::FilterLimit);
        }
        Ok(())
    }

    /// Installs what the running environment has drafted: the secure binding of the network (A46).
    fn bind_filter(&mut self, delivery: u64, yields: bool) -> Done {
        let owner = self.running;
        let delivery = Delivery::from_number(delivery).unwrap_or(Delivery::Poll);
        self.room_for_filter()?;
        let network = self.network_mut()?;
        let draft = network.drafts.get_mut(owner.index());
        let draft = draft.ok_or(SysError::NotOffered)?;
        if draft.atoms.is_empty() {
            return Err(SysError::BadFilter);
        }
        let pattern = Pattern::new(&draft.atoms).map_err(|_| SysError::BadFilter)?;
        let filter = Filter {
            owner,
            yields,
            patterns: vec![pattern],
        };
        let installed = Arc::make_mut(&mut network.filters).install(filter);
        let id = installed.map_err(|error| match error {
            FilterError::Overlap(_) => SysError::Overlap,
            FilterError::Patterns(_) => SysError::BadFilter,
            FilterError::Full => SysError::FilterLimit,
        })?;
        draft.atoms.clear();
        let binding = Binding::new(self.running, delivery, None);
        self.network_mut()?.bindings.insert(id, binding);
        let fact = NetworkFact::FilterBound {
            filter: id,
            delivery,
            program: None,
        };
        Ok((id.0.into(), self.tells(fact)))
    }

    /// The place of a downloaded program of the running environment, if it has that role.
    fn download(&self, program: u64, role: Role) -> Result<u16, SysError> {
        let environment = self.environments.get(self.running.index());
        let place = usize::try_from(program).map_err(|_| SysError::NoSuchProgram)?;
        let found = environment.and_then(|it| it.downloads.get(place));
        match found {
            Some(download) if download.program.role == role => Ok(place as u16),
            _ => Err(SysError::NoSuchProgram),
        }
    }

    /// Installs a filter that is a program. Nobody can tell what it accepts, so it comes last (A47).
    fn bind_program(&mut self, program: u64, delivery: u64) -> Done {
        let program = self.download(program, Role::PacketFilter)?;
        let delivery = Delivery::from_number(delivery).unwrap_or(Delivery::Poll);
        self.room_for_filter()?;
        let binding = Binding::new(self.running, delivery, Some(program));
        let network = self.network_mut()?;
        let id = FilterId(network.next_program);
        let next = network.next_program.checked_add(1);
        network.next_program = next.ok_or(SysError::FilterLimit)?;
        network.bindings.insert(id, binding);
        let fact = NetworkFact::FilterBound {
            filter: id,
            delivery,
            program: Some(program),
        };
        Ok((id.0.into(), self.tells(fact)))
    }

    /// The binding of a filter of the running environment.
    fn own_binding(&mut self, filter: u64) -> Result<(FilterId, &mut Binding), SysError> {
        let owner = self.running;
        let number = u32::try_from(filter).map_err(|_| SysError::NoSuchFilter)?;
        let id = FilterId(number);
        let binding = self.network_mut()?.bindings.get_mut(&id);
        let own = binding.filter(|it| it.owner == owner || Mutant::FilterSkipsOwner.made());
        own.map(|it| (id, it)).ok_or(SysError::NoSuchFilter)
    }

    fn free_filter(&mut self, filter: u64) -> Done {
        let (id, _) = self.own_binding(filter)?;
        let network = self.network_mut()?;
        if !Mutant::FilterLeftBehind.made() {
            Arc::make_mut(&mut network.filters).remove(id);
        }
        network.bindings.remove(&id);
        // A packet that was its is nobody's, and is asked about again.
        if matches!(network.stage, Stage::Claimed(it) | Stage::Queued(it) if it == id) {
            network.stage = Stage::Arrived;
        }
        Ok((0, self.tells(NetworkFact::FilterFreed { filter: id })))
    }

    /// Removes every filter of an environment, with rings and handlers, and forgets its drafts.
    pub(crate) fn release_filters(&mut self, env: EnvId) {
        let Some(network) = &mut self.network else {
            return;
        };
        if network.of(env).next().is_some() {
            Arc::make_mut(&mut network.filters).remove_owner(env);
            network.bindings.retain(|_, binding| binding.owner != env);
        }
        if let Stage::Claimed(id) | Stage::Queued(id) = network.stage
            && !network.bindings.contains_key(&id)
        {
            network.stage = Stage::Arrived;
        }
        if let Some(draft) = network.drafts.get_mut(env.index()) {
            *draft = Draft::default();
        }
    }

    /// A frame of the running environment that a device may use.
    pub(super) fn device_frame(&self, frame: u64) -> Result<Frame, SysError> {
        let frame = frame_argument(frame)?;
        let authority = self.frames.authority(self.running, frame)?;
        if authority.pinned {
            return Err(SysError::Pinned);
        }
        if !authority.owner && !Mutant::BufferSkipsAuthority.made() {
            return Err(SysError::NoAuthority);
        }
        Ok(frame)
    }

    fn add_buffer(&mut self, filter: u64, frame: u64) -> Done {
        self.own_binding(filter)?;
        let frame = self.device_frame(frame)?;
        let mut all = self.network_mut()?.bindings.values();
        if all.any(|binding| binding.ring.contains(&frame)) {
            return Err(SysError::Taken);
        }
        let (id, binding) = self.own_binding(filter)?;
        let place = binding.ring.len();
        if place >= RING_BUFFERS_MAX {
            return Err(SysError::BufferLimit);
        }
        binding.ring.push(frame);
        let fact = NetworkFact::BufferAdded {
            filter: id,
            frame,
            place: place as u16,
        };
        Ok((place as u64, self.tells(fact)))
    }

    fn bind_handler(&mut self, filter: u64, program: u64) -> Done {
        self.own_binding(filter)?;
        let program = self.download(program, Role::MessageHandler)?;
        let (id, binding) = self.own_binding(filter)?;
        binding.handler = Some(program);
        let fact = NetworkFact::HandlerBound {
            filter: id,
            program,
        };
        Ok((0, self.tells(fact)))
    }

    fn add_handler_frame(&mut self, filter: u64, frame: u64) -> Done {
        self.own_binding(filter)?;
        let frame = self.device_frame(frame)?;
        let (id, binding) = self.own_binding(filter)?;
        let place = binding.reached.len();
        if place >= HANDLER_FRAMES_MAX {
            return Err(SysError::BufferLimit);
        }
        binding.reached.push(frame);
        let fact = NetworkFact::HandlerFrameAdded {
            filter: id,
            frame,
            place: place as u16,
        };
        Ok((place as u64, self.tells(fact)))
    }
}

impl Binding {
    fn new(owner: EnvId, delivery: Delivery, program: Option<u16>) -> Binding {
        Binding {
            owner,
            delivery,
            program,
            handler: None,
            reached: vec![],
            ring: vec![],
            next: 0,
            counts: Counts::default(),
        }
    }
}
