//! Running downloaded code for a packet: bounded, verified before, and alone with what it is handed (A47, A50).

use alloc::vec;
use alloc::vec::Vec;

use crate::cpu::{Bus, Entry, Role, Trap, Watch, run_once};
use crate::hw::{Memory, Packet, State};
use crate::ids::{EnvId, Frame};
use crate::kernel::{Hardware, Kernel};
use crate::limits::PACKET_BYTES_MAX;

/// What one run gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Its result; or why it was stopped, and then it has no say.
    pub(super) result: Result<u64, Trap>,
    /// Instructions that it took.
    pub(super) fuel: u64,
    /// What it sends.
    pub(super) reply: Option<Vec<u8>>,
}

/// What a downloaded program reaches: the packet, frames of its owner, and room for a reply.
struct Reach<'packet> {
    packet: &'packet [u8],
    frames: Vec<Option<Frame>>,
    page_bits: u8,
    reply: Vec<u8>,
    sends: Option<usize>,
}

impl Reach<'_> {
    /// The frame and the offset in it, made ready to be touched.
    fn find(&self, memory: &mut Memory, address: u32) -> Option<(Frame, u32)> {
        let place = (address >> self.page_bits) as usize;
        let frame = (*self.frames.get(place)?)?;
        memory.touch(frame);
        Some((frame, address & ((1 << self.page_bits) - 1)))
    }
}

impl Bus for Reach<'_> {
    fn load(&mut self, memory: &mut Memory, address: u32, bits: u8) -> Option<u64> {
        let (frame, offset) = self.find(memory, address)?;
        memory.load_word(frame, offset, bits)
    }

    fn store(&mut self, memory: &mut Memory, address: u32, bits: u8, value: u64) -> Option<()> {
        let (frame, offset) = self.find(memory, address)?;
        memory.store_word(frame, offset, bits, value)
    }

    fn packet(&self) -> &[u8] {
        self.packet
    }

    fn reply_store(&mut self, at: u64, bytes: &[u8]) -> bool {
        let place = usize::try_from(at).ok();
        let place = place.and_then(|at| self.reply.get_mut(at..at.checked_add(bytes.len())?));
        let Some(place) = place else { return false };
        place.copy_from_slice(bytes);
        true
    }

    fn reply_send(&mut self, length: u64) -> bool {
        let length = usize::try_from(length).ok();
        let length = length.filter(|length| *length <= self.reply.len());
        self.sends = length.or(self.sends);
        length.is_some()
    }
}

impl Kernel {
    /// Runs a program of that role that came with an environment, over a packet. Of the frames it reaches
    /// those that are its owner's now (INV-CODE-2). None if there is no such program; `watch` looks on.
    pub(super) fn run_download(
        &self,
        hw: &mut Hardware,
        (env, place, role): (EnvId, u16, Role),
        packet: &Packet,
        reached: &[Frame],
        watch: Option<&mut Watch<'_>>,
    ) -> Option<Run> {
        let environment = self.environments.get(env.index())?;
        let download = environment.downloads.get(usize::from(place))?;
        let program = &download.program;
        let entry = match role {
            Role::MessageHandler => Entry::Arrived,
            _ => Entry::Accept,
        };
        let entry = program.entry(entry).filter(|_| program.role == role)?;
        let own = |frame: &Frame| self.owns(env, *frame).then_some(*frame);
        let room = if role == Role::MessageHandler {
            PACKET_BYTES_MAX
        } else {
            0
        };
        let mut reach = Reach {
            packet: &packet.bytes,
            frames: reached.iter().map(own).collect(),
            page_bits: hw.memory.page_bits(),
            reply: vec![0; room as usize],
            sends: None,
        };
        let mut state = State::new(&mut hw.memory, &download.segment);
        let (result, fuel) = run_once(program, entry, &mut state, &mut reach, download.fuel, watch);
        let mut reply = reach.reply;
        Some(Run {
            fuel,
            reply: reach.sends.filter(|_| result.is_ok()).map(|length| {
                reply.truncate(length);
                reply
            }),
            result,
        })
    }
}
