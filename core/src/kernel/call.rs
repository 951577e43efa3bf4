//! The system calls by number: what a program may ask of the kernel.

use crate::error::SysError;

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident = $number:literal $text:literal ($arguments:literal -> $results:literal);)*) => {
        /// A system call. The number is the wire format between programs and kernel.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Call { $($(#[$doc])* $name = $number,)* }

        impl Call {
            /// Every call, in order of number.
            pub const ALL: &'static [Call] = &[$(Call::$name),*];

            /// The call of that number.
            pub fn from_number(number: u8) -> Option<Call> {
                match number { $($number => Some(Call::$name),)* _ => None }
            }

            /// The name that a policy writes after `sys.`.
            pub fn name(self) -> &'static str {
                match self { $(Call::$name => $text,)* }
            }

            /// How many registers hold its arguments on entry, and its results on return.
            pub fn registers(self) -> (u8, u8) {
                match self { $(Call::$name => ($arguments, $results),)* }
            }
        }
    };
}

calls! {
    /// `allocate() -> Result<Frame, SysError>`: any free frame, zeroed.
    Allocate = 0 "allocate" (0 -> 2);
    /// `allocate_at(frame) -> Result<(), SysError>`: that very frame, zeroed (A01).
    AllocateAt = 1 "allocate_at" (1 -> 2);
    /// `free(frame) -> Result<(), SysError>`: breaks every binding to it and gives it back (A11).
    Free = 2 "free" (1 -> 2);
    /// `tlb_write(page, frame, access) -> Result<(), SysError>`: binds a page (A08).
    TlbWrite = 3 "tlb_write" (3 -> 2);
    /// `tlb_drop(page) -> Result<(), SysError>`: unbinds a page; the frame stays held.
    TlbDrop = 4 "tlb_drop" (1 -> 2);
    /// `referenced(frame) -> Result<bool, SysError>`.
    Referenced = 5 "referenced" (1 -> 2);
    /// `clear_referenced(frame) -> Result<(), SysError>`.
    ClearReferenced = 6 "clear_referenced" (1 -> 2);
    /// `dirty(frame) -> Result<bool, SysError>`.
    Dirty = 7 "dirty" (1 -> 2);
    /// `clear_dirty(frame) -> Result<(), SysError>`.
    ClearDirty = 8 "clear_dirty" (1 -> 2);
    /// `frame_limit() -> usize`: frames it may hold for its application's pages.
    FrameLimit = 9 "frame_limit" (0 -> 1);
    /// `random() -> u64`: the next number of the environment's own sequence.
    Random = 10 "random" (0 -> 1);
    /// `cycles() -> u64`: cycles since reset, of the whole machine.
    Cycles = 11 "cycles" (0 -> 1);
    /// `log!("…", …)`: writes a line to the event log. Never reached by [`Call`] number.
    Log = 12 "log" (0 -> 0);
}

/// What a system call gave back: the value of `Ok` (0 where it is `()`), or the refusal.
pub type CallResult = Result<u64, SysError>;
