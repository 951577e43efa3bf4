//! Refusals: what the kernel says instead of doing what was asked.
//!
//! A refused call changes nothing but the cycles charged for it and the event log (INV-ERR-1).

use core::fmt;

macro_rules! sys_errors {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal;)*) => {
        /// Why a system call was refused. The number is what a program sees.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum SysError { $($(#[doc = $doc])* $name = $number,)* }

        impl SysError {
            /// Every refusal, in order of number.
            pub const ALL: &'static [SysError] = &[$(SysError::$name),*];

            /// The name that a policy writes after `SysError::`.
            pub fn name(self) -> &'static str {
                match self { $(SysError::$name => stringify!($name),)* }
            }

            /// The refusal of that number.
            pub fn from_number(number: u64) -> Option<SysError> {
                match number { $($number => Some(SysError::$name),)* _ => None }
            }
        }
    };
}

sys_errors! {
    /// No frame of the machine is free. Nothing was allocated.
    NoFreeFrame = 0;
    /// The environment already holds as many frames as it may. Nothing was allocated.
    Limit = 1;
    /// The frame named is not free. Nothing was allocated.
    Taken = 2;
    /// The machine has no frame of that number. Nothing changed.
    NoSuchFrame = 3;
    /// The environment does not own the frame. Nothing was read, bound or freed.
    NoAuthority = 4;
    /// The frame holds the environment's own program state and stays where it is. Nothing changed.
    Pinned = 5;
    /// The page number is past the end of the address space. Nothing was bound.
    NoSuchPage = 6;
    /// The machine does not have what was asked for. Nothing changed.
    NotOffered = 7;
    /// The libOS takes no such request. What it did before it said so is its own affair.
    NoSuchRequest = 8;
}

impl fmt::Display for SysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SysError::NoFreeFrame => "no frame of the machine is free",
            SysError::Limit => "the environment already holds as many frames as it may",
            SysError::Taken => "the frame asked for is not free",
            SysError::NoSuchFrame => "the machine has no frame of that number",
            SysError::NoAuthority => "the environment does not own the frame",
            SysError::Pinned => "the frame holds the environment's own program state",
            SysError::NoSuchPage => "the page number is past the end of the address space",
            SysError::NotOffered => "this machine does not have it",
            SysError::NoSuchRequest => "the libOS takes no such request",
        })
    }
}
