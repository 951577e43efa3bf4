//! What a debugger needs to know of a program: its types, and where its variables lie.
//!
//! In no digest: it decides nothing that a program does.

use alloc::string::String;
use alloc::vec::Vec;

use super::instr::Target;

/// Index into [`Program::types`](super::Program::types).
pub type TypeIndex = u32;

/// How a value of one type lies in memory and in registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeShape {
    /// `()`.
    Unit,
    /// `bool`: one byte, one register.
    Bool,
    /// An integer.
    Integer {
        /// Width: 8, 16, 32 or 64.
        bits: u8,
        /// Whether it has negative values.
        signed: bool,
    },
    /// A physical frame's number: four bytes (A16).
    Frame,
    /// An enum without payloads: one byte, the number of its variant.
    Enum {
        /// Name.
        name: String,
        /// Its variants by number.
        variants: Vec<String>,
    },
    /// A struct.
    Struct {
        /// Name.
        name: String,
        /// Its fields in order of declaration.
        members: Vec<Member>,
    },
    /// An array, which lies in memory only.
    Array {
        /// Type of its elements.
        element: TypeIndex,
        /// How many.
        length: u32,
        /// Size of one in bytes, padding included.
        stride_bytes: u32,
    },
    /// `Option`, or `Result`: a tag (one byte, one register), then its payload.
    Variants {
        /// Names and payloads by tag.
        variants: Vec<Variant>,
        /// First byte of the payload; its first register is always 1.
        payload_offset: u32,
    },
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Type.
    pub ty: TypeIndex,
    /// First byte within the struct.
    pub offset: u32,
    /// First register within the struct, if it lies in registers.
    pub slot: u16,
}

/// A variant of an `Option` or a `Result`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Name.
    pub name: String,
    /// Type of its payload, if it has one.
    pub payload: Option<TypeIndex>,
}

/// Where a variable lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In registers, from this one on.
    Registers(u16),
    /// In the function's stack frame, from this byte on.
    Stack(u32),
    /// At the address that this register holds: what a reference refers to.
    Behind(u8),
}

/// A parameter or local variable of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Name as written.
    pub name: String,
    /// Type; of what it refers to, for a reference.
    pub ty: TypeIndex,
    /// Where it lies.
    pub home: Home,
    /// First instruction at which it has its value.
    pub from: Target,
    /// First instruction at which it is gone.
    pub until: Target,
}
