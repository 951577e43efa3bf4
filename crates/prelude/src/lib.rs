//! What a library operating system may name: the system calls, and the fault it answers.
//!
//! A policy begins with `use exo_prelude::*;`. Compiled by rustc it runs against any
//! [`SystemCalls`]; compiled by `exo-policy` it runs on the emulated CPU. Both mean the same.
#![no_std]

/// A physical frame, by its number (A02: names are physical). Knowing a name gives no right to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Frame(u32);

impl Frame {
    /// The frame of that number, which need not exist.
    pub const fn new(number: u32) -> Frame {
        Frame(number)
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// What a mapping allows, or what a reference needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Loads and instruction fetches.
    Read,
    /// Loads and stores.
    ReadWrite,
}

/// Why the hardware could not complete a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Neither the TLB nor the software TLB holds the page.
    Miss,
    /// A store to a page that is mapped for reading only.
    Protection,
}

/// A reference that could not be completed; it is run again when the handler returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The virtual address.
    pub address: u32,
    /// The virtual page that holds it.
    pub page: u32,
    /// What the reference needs.
    pub access: Access,
    /// Why it stopped.
    pub cause: Cause,
}

/// Why the kernel refused a system call; nothing was changed by the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysError {
    /// No frame of the machine is free.
    NoFreeFrame,
    /// The environment already holds as many frames as it may.
    Limit,
    /// The frame named is not free.
    Taken,
    /// The machine has no frame of that number.
    NoSuchFrame,
    /// The environment does not own the frame.
    NoAuthority,
    /// The frame holds the environment's own program state.
    Pinned,
    /// The page number is past the end of the address space.
    NoSuchPage,
}

/// A library operating system: the handlers that the kernel calls up to.
pub trait LibOs {
    /// The application touched a page that is not mapped: map it (`sys.tlb_write`) and return
    /// `Ok(())`; the reference is then run again. `Err` ends the environment.
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError>;

    /// This policy has just replaced another in a running environment. Fields of the same name and
    /// type have kept their values.
    fn adopted(&mut self, _sys: &mut Sys) {}
}

/// The kernel's side of the door, for policies compiled by rustc.
pub trait SystemCalls {
    /// See [`Sys::allocate`].
    fn allocate(&mut self) -> Result<Frame, SysError>;
    /// See [`Sys::allocate_at`].
    fn allocate_at(&mut self, frame: Frame) -> Result<(), SysError>;
    /// See [`Sys::free`].
    fn free(&mut self, frame: Frame) -> Result<(), SysError>;
    /// See [`Sys::tlb_write`].
    fn tlb_write(&mut self, page: u32, frame: Frame, access: Access) -> Result<(), SysError>;
    /// See [`Sys::tlb_drop`].
    fn tlb_drop(&mut self, page: u32) -> Result<(), SysError>;
    /// See [`Sys::referenced`].
    fn referenced(&mut self, frame: Frame) -> Result<bool, SysError>;
    /// See [`Sys::clear_referenced`].
    fn clear_referenced(&mut self, frame: Frame) -> Result<(), SysError>;
    /// See [`Sys::dirty`].
    fn dirty(&mut self, frame: Frame) -> Result<bool, SysError>;
    /// See [`Sys::clear_dirty`].
    fn clear_dirty(&mut self, frame: Frame) -> Result<(), SysError>;
    /// See [`Sys::frame_limit`].
    fn frame_limit(&mut self) -> usize;
    /// See [`Sys::random`].
    fn random(&mut self) -> u64;
    /// See [`Sys::cycles`].
    fn cycles(&mut self) -> u64;
}

/// The door to the kernel. Each call costs 40 cycles and one crossing.
pub struct Sys<'kernel> {
    kernel: &'kernel mut dyn SystemCalls,
}

impl<'kernel> Sys<'kernel> {
    /// A door that leads to `kernel`.
    pub fn new(kernel: &'kernel mut dyn SystemCalls) -> Sys<'kernel> {
        Sys { kernel }
    }

    /// Any free frame, zeroed. Refused: `Limit`, `NoFreeFrame`.
    pub fn allocate(&mut self) -> Result<Frame, SysError> {
        self.kernel.allocate()
    }

    /// That very frame, zeroed, if it is free. Refused: `NoSuchFrame`, `Taken`, `Limit`.
    pub fn allocate_at(&mut self, frame: Frame) -> Result<(), SysError> {
        self.kernel.allocate_at(frame)
    }

    /// Gives `frame` back; every mapping to it is gone first. Refused: `NoSuchFrame`,
    /// `NoAuthority`, `Pinned`.
    pub fn free(&mut self, frame: Frame) -> Result<(), SysError> {
        self.kernel.free(frame)
    }

    /// Maps `page` to `frame`. If the frame last held another page it is zeroed, since this
    /// machine has no disk to bring contents back from. Refused: `NoSuchPage`, `NoSuchFrame`,
    /// `NoAuthority`, `Pinned`.
    pub fn tlb_write(&mut self, page: u32, frame: Frame, access: Access) -> Result<(), SysError> {
        self.kernel.tlb_write(page, frame, access)
    }

    /// Removes the mapping of `page`, if there is one; the frame stays yours. Refused: `NoSuchPage`.
    pub fn tlb_drop(&mut self, page: u32) -> Result<(), SysError> {
        self.kernel.tlb_drop(page)
    }

    /// Whether `frame` was touched since its reference bit was last cleared. Refused:
    /// `NoSuchFrame`, `NoAuthority`.
    pub fn referenced(&mut self, frame: Frame) -> Result<bool, SysError> {
        self.kernel.referenced(frame)
    }

    /// Clears the reference bit of `frame`. Refused: `NoSuchFrame`, `NoAuthority`.
    pub fn clear_referenced(&mut self, frame: Frame) -> Result<(), SysError> {
        self.kernel.clear_referenced(frame)
    }

    /// Whether `frame` was written since its dirty bit was last cleared. Refused: `NoSuchFrame`,
    /// `NoAuthority`.
    pub fn dirty(&mut self, frame: Frame) -> Result<bool, SysError> {
        self.kernel.dirty(frame)
    }

    /// Clears the dirty bit of `frame`. Refused: `NoSuchFrame`, `NoAuthority`.
    pub fn clear_dirty(&mut self, frame: Frame) -> Result<(), SysError> {
        self.kernel.clear_dirty(frame)
    }

    /// How many frames may be held for the application's pages.
    pub fn frame_limit(&mut self) -> usize {
        self.kernel.frame_limit()
    }

    /// The next number of this environment's own random sequence, decided by the seed.
    pub fn random(&mut self) -> u64 {
        self.kernel.random()
    }

    /// Cycles since the machine was reset.
    pub fn cycles(&mut self) -> u64 {
        self.kernel.cycles()
    }
}

/// Writes a line to the event log: `log!("page {} goes", page)`, with at most three integers.
#[macro_export]
macro_rules! log {
    ($($part:tt)*) => {{
        let _ = ::core::format_args!($($part)*);
    }};
}
