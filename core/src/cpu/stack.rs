//! The stack, and how the CPU tells it from the state: by its address.
//!
//! A function that needs addresses for its locals asks for a frame of zeros (`Enter`); a return
//! gives it back. References are such addresses, or addresses within the state.

use alloc::vec::Vec;

use super::context::Trap;
use crate::hw::{State, StateWindow};

/// The address of the first byte of the stack.
pub const STACK_BASE: u64 = 1 << 32;

/// What loads and stores go through.
pub(super) trait Places {
    /// First byte of the running function's stack frame.
    fn frame(&self) -> u32;
    /// Loads `N` bytes.
    fn load<const N: usize>(&self, address: u64) -> Result<[u8; N], Trap>;
    /// Stores `N` bytes, or nothing.
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Trap>;
}

/// Everything that an address within a program can name.
pub(super) struct Reach<'run, 'machine> {
    pub(super) state: &'run mut State<'machine>,
    pub(super) stack: &'run mut Vec<u8>,
    /// First byte of the running function's frame.
    pub(super) frame: u32,
}

/// What of it lies in plain slices. A trap of its loads and stores says only that [`Reach`] must be
/// asked.
pub(super) struct Near<'reach> {
    window: StateWindow<'reach>,
    stack: &'reach mut [u8],
    frame: u32,
}

impl<'reach> Near<'reach> {
    /// What lies in plain slices; the running function's stack frame begins at `frame`.
    #[inline(always)]
    pub(super) fn new(state: &'reach mut State<'_>, stack: &'reach mut [u8], frame: u32) -> Self {
        let window = state.window();
        Near {
            window,
            stack,
            frame,
        }
    }

    /// How many bytes of locals there are.
    #[inline(always)]
    pub(super) fn stack_bytes(&self) -> usize {
        self.stack.len()
    }

    /// Another function runs.
    #[inline(always)]
    pub(super) fn set_frame(&mut self, frame: u32) {
        self.frame = frame;
    }
}

impl Places for Near<'_> {
    #[inline(always)]
    fn frame(&self) -> u32 {
        self.frame
    }

    #[inline(always)]
    fn load<const N: usize>(&self, address: u64) -> Result<[u8; N], Trap> {
        let window = self.window.load(address);
        match window {
            Some(bytes) => Ok(bytes),
            None => load_stack(self.stack, address),
        }
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Trap> {
        match self.window.store(address, bytes) {
            Some(()) => Ok(()),
            None => store_stack(self.stack, address, bytes),
        }
    }
}

impl Places for Reach<'_, '_> {
    fn frame(&self) -> u32 {
        self.frame
    }

    fn load<const N: usize>(&self, address: u64) -> Result<[u8; N], Trap> {
        match self.state.load(address) {
            Some(bytes) => Ok(bytes),
            None => load_stack(self.stack, address),
        }
    }

    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Trap> {
        match self.state.store(address, bytes) {
            Some(()) => Ok(()),
            None => store_stack(self.stack, address, bytes),
        }
    }
}

impl Reach<'_, '_> {
    /// Whether all of `bytes` from `address` on can be loaded and stored.
    pub(super) fn covers(&self, address: u64, bytes: u64) -> bool {
        if address < STACK_BASE {
            return self.state.covers(address, bytes);
        }
        let end = (address - STACK_BASE).checked_add(bytes);
        end.is_some_and(|end| end <= self.stack.len() as u64)
    }
}

#[inline(always)]
fn load_stack<const N: usize>(stack: &[u8], address: u64) -> Result<[u8; N], Trap> {
    let bytes = stack_index(address).and_then(|at| stack.get(at..)?.first_chunk::<N>());
    bytes.copied().ok_or(Trap::BadAddress)
}

#[inline(always)]
fn store_stack<const N: usize>(stack: &mut [u8], address: u64, bytes: [u8; N]) -> Result<(), Trap> {
    let place = stack_index(address)
        .and_then(|at| stack.get_mut(at..)?.first_chunk_mut::<N>())
        .ok_or(Trap::BadAddress)?;
    *place = bytes;
    Ok(())
}

#[inline(always)]
fn stack_index(address: u64) -> Option<usize> {
    address
        .checked_sub(STACK_BASE)
        .and_then(|at| usize::try_from(at).ok())
}
