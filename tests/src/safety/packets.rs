//! What tables and memory say of packets, read without the kernel.

use exo_core::hw::Source;
use exo_core::ids::{EnvId, Frame};
use exo_core::machine::Machine;

/// Who owns a frame.
pub fn owner(machine: &Machine, frame: Frame) -> Option<EnvId> {
    machine.kernel().frames.records().get(frame.index())?.owner
}

/// The bytes of a packet as memory has them.
pub fn gathered(machine: &Machine, source: &Source) -> Vec<u8> {
    match source {
        Source::Copied(bytes) => bytes.to_vec(),
        Source::Frames(parts) => {
            let bytes = parts.iter().flat_map(|part| {
                let held = machine.hardware().memory.frame_bytes(part.frame);
                let (start, length) = (part.at as usize, part.length as usize);
                let held = held.get(start..start + length);
                held.map_or_else(|| vec![0; length], <[u8]>::to_vec)
            });
            bytes.collect()
        }
    }
}
