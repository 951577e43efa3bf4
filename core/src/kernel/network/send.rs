//! Sending: what is handed to the network interface, and what becomes of it (A48).

use alloc::sync::Arc;

use super::bind::Done;
use crate::error::SysError;
use crate::event::{Event, NetworkFact};
use crate::hw::{Outgoing, Part, Source};
use crate::ids::EnvId;
use crate::kernel::{Hardware, Kernel};
use crate::limits::{PACKET_BYTES_MAX, PACKET_BYTES_MIN, PACKET_PARTS_MAX, SENDING_MAX};
use crate::mutants::Mutant;

impl Kernel {
    /// How many packets of the running environment wait to be sent.
    pub(super) fn transmit_waiting(&self, hw: &Hardware) -> u64 {
        let own = |it: &&Outgoing| it.note == self.running.0;
        let nic = hw.nic.as_ref();
        nic.map_or(0, |nic| nic.queue().filter(own).count() as u64)
    }

    /// A part of a packet that lies in a frame of the running environment, and how long the packet is
    /// with it.
    fn part(&self, hw: &Hardware, arguments: [u64; 3]) -> Result<(Part, u32), SysError> {
        let [frame, at, length] = arguments;
        let frame = self.device_frame(frame)?;
        let frame_bytes = 1_u64 << hw.memory.page_bits();
        let end = at.checked_add(length).ok_or(SysError::BadPacket)?;
        if length == 0 || end > frame_bytes || length > PACKET_BYTES_MAX.into() {
            return Err(SysError::BadPacket);
        }
        let network = self.network.as_ref().ok_or(SysError::NotOffered)?;
        let drafted = network.drafts.get(self.running.index());
        let drafted = drafted.map_or(&[][..], |it| it.parts.as_slice());
        let before: u32 = drafted.iter().map(|part| part.length).sum();
        let (at, length) = (at as u32, length as u32);
        let whole = before + length;
        if whole > PACKET_BYTES_MAX {
            return Err(SysError::BadPacket);
        }
        Ok((Part { frame, at, length }, whole))
    }

    pub(super) fn draft_part(&mut self, hw: &Hardware, arguments: [u64; 3]) -> Done {
        let (part, _) = self.part(hw, arguments)?;
        let place = self.running.index();
        let draft = self.network_mut()?.drafts.get_mut(place);
        let draft = draft.ok_or(SysError::NotOffered)?;
        if draft.parts.len() + 1 >= PACKET_PARTS_MAX {
            return Err(SysError::BufferLimit);
        }
        draft.parts.push(part);
        Ok((0, self.tells(NetworkFact::PartDrafted { part })))
    }

    pub(super) fn forget_parts(&mut self) -> Done {
        let place = self.running.index();
        if let Some(draft) = self.network_mut()?.drafts.get_mut(place) {
            draft.parts.clear();
        }
        Ok((0, self.tells(NetworkFact::PartsForgotten)))
    }

    /// Hands a packet to the network interface: the drafted parts and this one. Whose they are is looked
    /// at now, as for the others when they were drafted, and again when their bytes are read.
    pub(super) fn transmit(&mut self, hw: &mut Hardware, arguments: [u64; 3], now: u64) -> Done {
        let (part, length) = self.part(hw, arguments)?;
        if length < PACKET_BYTES_MIN {
            return Err(SysError::BadPacket);
        }
        if self.transmit_waiting(hw) >= SENDING_MAX as u64 {
            return Err(SysError::QueueFull);
        }
        let env = self.running;
        let drafted = self
            .network
            .as_ref()
            .and_then(|it| it.drafts.get(env.index()));
        let mut drafted = drafted.into_iter().flat_map(|it| &it.parts);
        if !drafted.all(|it| self.owns(env, it.frame)) {
            return Err(SysError::Stale);
        }
        let draft = self.network_mut()?.drafts.get_mut(env.index());
        let mut parts = draft
            .map(|it| core::mem::take(&mut it.parts))
            .unwrap_or_default();
        parts.push(part);
        let pinned = parts.iter().filter(|_| !Mutant::SendUnpinned.made());
        pinned.for_each(|it| self.frames.begin_packet(it.frame));
        let nic = hw.nic.as_mut().ok_or(SysError::NotOffered)?;
        let (number, due_cycles) = nic.send(env.0, Source::Frames(parts), length, now);
        self.set_network_due(hw);
        let fact = NetworkFact::TransmitQueued {
            number,
            part,
            length,
            due_cycles,
        };
        Ok((0, self.tells(fact)))
    }

    /// Hands a packet to the network interface that was copied to a buffer of the device: the reply of
    /// a message handler. Returns its number; none, and nothing is sent, if too many wait already.
    pub(super) fn transmit_copy(
        &mut self,
        hw: &mut Hardware,
        env: EnvId,
        bytes: &[u8],
        now: u64,
    ) -> Option<u32> {
        let nic = hw.nic.as_mut()?;
        let waiting = nic.queue().filter(|it| it.note == env.0).count();
        let length = u32::try_from(bytes.len()).ok()?;
        let fits = (PACKET_BYTES_MIN..=PACKET_BYTES_MAX).contains(&length);
        if waiting >= SENDING_MAX || !fits {
            return None;
        }
        let (number, _) = nic.send(env.0, Source::Copied(Arc::from(bytes)), length, now);
        Some(number)
    }

    /// A packet's last byte has left: it is read now, if its frames are still its sender's.
    pub(super) fn complete_sending(&mut self, hw: &mut Hardware) -> Option<Event> {
        let outgoing = hw.nic.as_mut()?.take_sent()?;
        let env = EnvId(outgoing.note);
        let held = outgoing.frames().all(|frame| self.owns(env, frame))
            || Mutant::SendOutlivesRight.made();
        outgoing.frames().for_each(|it| self.frames.end_packet(it));
        let (number, length) = (outgoing.number, outgoing.length);
        let fact = if held {
            let bytes = match outgoing.source {
                Source::Frames(parts) => Arc::from(hw.memory.gather(&parts)),
                Source::Copied(bytes) => bytes,
            };
            let nic = hw.nic.as_mut()?;
            let arrivals = nic.deliver(bytes, outgoing.due_cycles);
            if let Some(sent) = self.network.as_mut()?.sent.get_mut(env.index()) {
                *sent += 1;
            }
            NetworkFact::Sent {
                number,
                length,
                arrivals: arrivals as u8,
            }
        } else {
            NetworkFact::SendFailed { number, length }
        };
        Some(Event::Network { env, fact })
    }
}
