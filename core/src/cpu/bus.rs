//! What a program reaches besides its own state: the application's memory, a packet, a reply.

use crate::hw::Memory;

/// The outside of a running program. Every default means "there is none".
pub trait Bus {
    /// Loads `bits` (8, 16, 32 or 64) of application memory at an aligned address, zero-extended.
    /// None stops the CPU before the instruction, with [`Exit::Reference`](super::Exit).
    #[inline(always)]
    fn load(&mut self, memory: &mut Memory, address: u32, bits: u8) -> Option<u64> {
        let _ = (memory, address, bits);
        None
    }

    /// Stores the low `bits` of `value`; none stops the CPU before the instruction.
    #[inline(always)]
    fn store(&mut self, memory: &mut Memory, address: u32, bits: u8, value: u64) -> Option<()> {
        let _ = (memory, address, bits, value);
        None
    }

    /// Whether the coprocessor is on for this program.
    fn coprocessor(&self) -> bool {
        false
    }

    /// The packet, or the block, that a downloaded program looks at.
    fn packet(&self) -> &[u8] {
        &[]
    }

    /// Stores `bytes` at byte `at` of the reply. False, and nothing is stored, if there is no room.
    fn reply_store(&mut self, at: u64, bytes: &[u8]) -> bool {
        let _ = (at, bytes);
        false
    }

    /// Sends the first `length` bytes of the reply. False, and nothing is sent, if there are fewer.
    fn reply_send(&mut self, length: u64) -> bool {
        let _ = length;
        false
    }
}

/// A program that reaches nothing but its state and the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBus;

impl Bus for NoBus {}
