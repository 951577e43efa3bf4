//! Packets in memory: how the network interface writes one into a buffer, and reads one that is sent.

use alloc::vec::Vec;

use super::mem::{Memory, STORED};
use super::nic::{Packet, Part};
use crate::ids::Frame;

impl Memory {
    /// Writes a packet into a buffer: length, number, time of arrival, two bytes, and the packet. The frame
    /// counts as written to.
    pub(crate) fn receive(&mut self, frame: Frame, packet: &Packet) {
        let length = packet.bytes.len() as u32;
        let mut header = [0; 16];
        for (place, byte) in header.iter_mut().zip(
            length
                .to_le_bytes()
                .into_iter()
                .chain(packet.number.to_le_bytes())
                .chain(packet.at_cycles.to_le_bytes()),
        ) {
            *place = byte;
        }
        self.write_quietly(frame, 18, &packet.bytes);
        self.write_quietly(frame, 0, &header);
        self.mark(frame, STORED);
    }

    /// The bytes of parts of frames, one behind the other: the device reads memory.
    pub fn gather(&self, parts: &[Part]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            let start = part.at as usize;
            let end = start.saturating_add(part.length as usize);
            let held = self.frame_bytes(part.frame).get(start..end);
            // A frame that was never touched is all zero.
            match held {
                Some(held) => bytes.extend_from_slice(held),
                None => bytes.resize(bytes.len() + part.length as usize, 0),
            }
        }
        bytes
    }
}
