//! What a source may name: the roles it can have, the system calls, memory, packets.
//!
//! A source begins with `use exo_prelude::*;`. Compiled by rustc it runs against any
//! [`SystemCalls`], [`Memory`] or bytes; compiled by `exo-policy` it runs on the emulated CPU. Both
//! mean the same. All of it but what is in this file is generated from `interface.toml`, beside the
//! sources.
#![no_std]

mod generated;

pub use generated::doors::{Block, Mem, Packet, Reply, Sys};
pub use generated::refusals::SysError;
pub use generated::roles::{Application, LibOs, MessageHandler, PacketFilter, Udf};
pub use generated::types::*;

/// The kernel's side of the door, for policies compiled by rustc.
pub trait SystemCalls {
    /// Carries out the call of that number with its arguments in the order of its signature; those
    /// that it does not have are 0. Gives the value of `Ok`, 0 where it is `()`.
    ///
    /// # Errors
    /// The refusal. A call whose signature has no `Result` is never refused; if it is all the same,
    /// the policy sees 0.
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError>;

    /// Transfers control to another environment, with a number for it and four words, and gives the
    /// words that come back.
    ///
    /// # Errors
    /// The refusal; that there are no transfers here, unless someone provides them.
    fn transfer(&mut self, number: u8, arguments: [u64; 5]) -> Result<[u64; 4], SysError> {
        let _ = (number, arguments);
        Err(SysError::NotOffered)
    }

    /// Loads `bytes` (1, 4 or 8) of the application's memory at an address that is a multiple of
    /// them, the lowest first.
    ///
    /// # Panics
    /// The page is not mapped: a double fault. Unless someone provides a memory, none is.
    #[track_caller]
    fn load(&mut self, address: u32, bytes: u8) -> u64 {
        panic!("a double fault: {bytes} bytes at {address:#x} are not mapped");
    }

    /// Stores the low `bytes` of `value` there.
    ///
    /// # Panics
    /// As for loading.
    #[track_caller]
    fn store(&mut self, address: u32, bytes: u8, value: u64) {
        let _ = value;
        panic!("a double fault: {bytes} bytes at {address:#x} are not mapped");
    }
}

/// The application's memory and its libOS, for applications compiled by rustc.
pub trait Memory {
    /// Loads `bytes` (1, 2, 4 or 8) at an address that is a multiple of them, the lowest first.
    fn load(&mut self, address: u32, bytes: u8) -> u64;

    /// Stores the low `bytes` of `value` there.
    fn store(&mut self, address: u32, bytes: u8, value: u64);

    /// Calls the application's own libOS.
    ///
    /// # Errors
    /// What the libOS gives; [`SysError::NoSuchRequest`] if it answers none.
    fn request(&mut self, request: u32, first: u64, second: u64) -> Result<u64, SysError>;

    /// The whole part of the square root: what a coprocessor gives that is on.
    fn square_root(&mut self, value: u64) -> u64 {
        value.isqrt()
    }
}

/// Room for a reply, for message handlers compiled by rustc.
pub trait ReplyBuffer {
    /// Writes `bytes` from byte `at` on. False, and nothing is written, if there is no room.
    fn store(&mut self, at: usize, bytes: &[u8]) -> bool;

    /// Sends the first `length` bytes. False, and nothing is sent, if there are fewer.
    fn send(&mut self, length: usize) -> bool;
}

/// The address, which the CPU takes only if it is a multiple of the size.
#[track_caller]
fn aligned(address: u32, bytes: u32) -> u32 {
    assert!(
        address.is_multiple_of(bytes),
        "{address:#x} is no multiple of {bytes}"
    );
    address
}

/// The number in `size` bytes from `at` on, the highest first; the CPU stops past the end.
#[track_caller]
fn read(bytes: &[u8], at: usize, size: usize) -> u64 {
    let found = bytes.get(at..).and_then(|rest| rest.get(..size));
    let Some(found) = found else {
        panic!("bytes {at} and on are past the end");
    };
    let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    found.iter().fold(0, fold)
}

/// Stops where the CPU does: at what the reply has no room for.
#[track_caller]
fn granted(has_room: bool) {
    assert!(has_room, "the reply has no room for that");
}

/// Writes a line to the event log: `log!("page {} goes", page)`, with at most three integers.
#[macro_export]
macro_rules! log {
    ($($part:tt)*) => {{
        let _ = ::core::format_args!($($part)*);
    }};
}
