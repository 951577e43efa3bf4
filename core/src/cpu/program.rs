//! A program: bytecode, its line table, and the layout of its state.
//!
//! Immutable and plain data. The machine runs it; the compiler makes it; nobody changes it. The
//! CPU treats every index in it as an allegation: one that points nowhere is a trap, not a panic.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::debug::{TypeIndex, TypeShape, Variable};
use super::instr::Instr;
use crate::digest::Digest;

/// A place in the source: line and column, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourcePlace {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One function of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Name as written, `Type::name` for a method.
    pub name: String,
    /// Index of its first instruction.
    pub entry: u32,
    /// How many registers it uses (at most 256), arguments included.
    pub registers: u16,
    /// How many of them are arguments, from register 0 on.
    pub arguments: u8,
    /// Its parameters and locals, for a debugger.
    pub variables: Vec<Variable>,
}

/// Who runs a program, and what it may do there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// A library operating system: answers upcalls, makes system calls.
    #[default]
    LibOs = 0,
    /// An application: runs in slices, loads and stores through the MMU.
    Application = 1,
    /// Downloaded: says whether a packet is its owner's (A45).
    PacketFilter = 2,
    /// Downloaded: runs when a packet arrives, may reply and write its owner's memory (A48).
    MessageHandler = 3,
    /// Downloaded: an untrusted deterministic function of a block (X22).
    Udf = 4,
}

/// A function that the machine enters.
///
/// On entry register 0 is the address of the program's state (0); its other arguments follow.
/// Doors (`Sys`, `Mem`, `Packet`, ...) take no register. Results lie from register 0 on; a
/// `Result` is a tag (0 `Ok`, 1 `Err`), then its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Entry {
    /// `page_fault`: the fault's address, page, access (0 read, 1 read and write), cause (0 miss, 1
    /// protection); gives `Result<(), SysError>`.
    PageFault = 0,
    /// `adopted`: nothing.
    Adopted = 1,
    /// `request`: the request's number, two values; gives `Result<u64, SysError>`.
    Request = 2,
    /// `main` of an application: nothing.
    Main = 3,
    /// `accept` of a packet filter; gives `bool`.
    Accept = 4,
    /// `arrived` of a message handler; gives what becomes of the packet (0 done, 1 wake, 2 queue).
    Arrived = 5,
    /// `evaluate` of a deterministic function; gives `u64`.
    Evaluate = 6,
    /// `exception`: the exception's kind (as [`ExceptionKind`](super::ExceptionKind) numbers them),
    /// instruction, address and value; gives `Result<Resume, SysError>`.
    Exception = 30,
    /// `entered`: the caller, four words; gives four words.
    Entered = 31,
    /// `signalled`: the caller, four words; gives nothing.
    Signalled = 32,
    /// `slice_began`: the slice's position; gives nothing.
    SliceBegan = 33,
    /// `slice_ended`: nothing.
    SliceEnded = 34,
    /// `revoke`: how many frames, how urgent (0 request, 1 imperative), the deadline in cycles; gives
    /// `Result<(), SysError>`.
    Revoke = 7,
    /// `repossessed`: nothing; gives `Result<(), SysError>`.
    Repossessed = 8,
    /// `packets`: nothing; gives `Result<(), SysError>`.
    Packets = 9,
    /// `alarm`: nothing; gives `Result<(), SysError>`.
    Alarm = 10,
}

impl Role {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Role::LibOs => "libOS",
            Role::Application => "application",
            Role::PacketFilter => "packet filter",
            Role::MessageHandler => "message handler",
            Role::Udf => "deterministic function",
        }
    }

    /// The role of that number.
    pub fn from_number(number: u8) -> Option<Role> {
        [
            Role::LibOs,
            Role::Application,
            Role::PacketFilter,
            Role::MessageHandler,
            Role::Udf,
        ]
        .into_iter()
        .find(|role| *role as u8 == number)
    }
}

impl Entry {
    const ALL: [Entry; 16] = [
        Entry::PageFault,
        Entry::Adopted,
        Entry::Request,
        Entry::Main,
        Entry::Accept,
        Entry::Arrived,
        Entry::Evaluate,
        Entry::Exception,
        Entry::Entered,
        Entry::Signalled,
        Entry::SliceBegan,
        Entry::SliceEnded,
        Entry::Revoke,
        Entry::Repossessed,
        Entry::Packets,
        Entry::Alarm,
    ];

    /// The name of the function that answers it.
    pub fn name(self) -> &'static str {
        match self {
            Entry::PageFault => "page_fault",
            Entry::Adopted => "adopted",
            Entry::Request => "request",
            Entry::Main => "main",
            Entry::Accept => "accept",
            Entry::Arrived => "arrived",
            Entry::Evaluate => "evaluate",
            Entry::Exception => "exception",
            Entry::Entered => "entered",
            Entry::Signalled => "signalled",
            Entry::SliceBegan => "slice_began",
            Entry::SliceEnded => "slice_ended",
            Entry::Revoke => "revoke",
            Entry::Repossessed => "repossessed",
            Entry::Packets => "packets",
            Entry::Alarm => "alarm",
        }
    }

    /// The entry of that number.
    pub fn from_number(number: u8) -> Option<Entry> {
        Entry::ALL.into_iter().find(|entry| *entry as u8 == number)
    }
}

/// The shape of an array: what [`Instr::Element`] checks and scales by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// First byte of element 0, from the base address that the instruction names.
    pub offset: u32,
    /// Elements.
    pub length: u32,
    /// Size of one element in bytes, padding included.
    pub size_bytes: u32,
}

/// The text of a `log!`, cut where its values go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One more piece than there are values.
    pub pieces: Vec<String>,
    /// How each value is shown.
    pub shown: Vec<Shown>,
}

/// How a value of a `log!` is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Shown {
    /// As a number without a sign.
    #[default]
    Unsigned = 0,
    /// As a number with a sign.
    Signed = 1,
    /// As `true` or `false`.
    Truth = 2,
}

impl Shown {
    /// The value as a reader sees it.
    pub fn text(self, value: u64) -> String {
        match self {
            Shown::Unsigned => value.to_string(),
            Shown::Signed => (value as i64).to_string(),
            Shown::Truth => (value != 0).to_string(),
        }
    }
}

/// One field of the policy's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name as written.
    pub name: String,
    /// Its whole type, structs spelled out, so that equal text means equal layout:
    /// `[u32; 64]`, `Table { page: [u32; 64], used: usize }`.
    pub type_text: String,
    /// Its type, for readers.
    pub ty: TypeIndex,
    /// First byte within the state.
    pub offset: u32,
    /// Size in bytes.
    pub size_bytes: u32,
    /// Whether a [`Frame`](crate::ids::Frame) lies anywhere in it (A16).
    pub holds_frames: bool,
}

/// A compiled policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Name of the policy's type.
    pub name: String,
    /// The code of all functions.
    pub code: Vec<Instr>,
    /// Where each instruction comes from; as long as `code`.
    pub places: Vec<SourcePlace>,
    /// All functions.
    pub functions: Vec<Function>,
    /// Array shapes.
    pub shapes: Vec<Shape>,
    /// Constants too wide for [`Instr::Const`].
    pub constants: Vec<u64>,
    /// Texts of `log!`.
    pub messages: Vec<Message>,
    /// The fields of the policy's type, in order of offset.
    pub fields: Vec<Field>,
    /// The state that `new()` makes, byte for byte; its length is the size of the state.
    pub initial_state: Vec<u8>,
    /// Who runs it.
    pub role: Role,
    /// Functions that the machine enters, by index.
    pub entries: Vec<(Entry, u16)>,
    /// The types of its fields and variables, for readers.
    pub types: Vec<TypeShape>,
}

impl Program {
    /// The function that answers `entry`, if it has one.
    #[inline]
    pub fn entry(&self, entry: Entry) -> Option<u16> {
        self.entries
            .iter()
            .find(|(known, _)| *known == entry)
            .map(|(_, function)| *function)
    }

    /// Where instruction `index` comes from; the start of the file if it is past the end.
    pub fn place(&self, index: u32) -> SourcePlace {
        self.places
            .get(index as usize)
            .copied()
            .unwrap_or(SourcePlace { line: 1, column: 1 })
    }

    /// Adds what decides a program's behaviour to a digest: code, tables, first state, and the
    /// fields, which decide what a later policy keeps.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.code.len() as u64);
        for instr in &self.code {
            digest.u64(u64::from_le_bytes(instr.to_bytes()));
        }
        digest.u64(self.functions.len() as u64);
        for function in &self.functions {
            digest.u32(function.entry);
            digest.u32(u32::from(function.registers));
            digest.u32(u32::from(function.arguments));
        }
        digest.u64(self.shapes.len() as u64);
        for shape in &self.shapes {
            digest.u32(shape.offset);
            digest.u32(shape.length);
            digest.u32(shape.size_bytes);
        }
        digest.u64(self.constants.len() as u64);
        for constant in &self.constants {
            digest.u64(*constant);
        }
        digest.bytes(&self.initial_state);
        digest.u64(self.fields.len() as u64);
        for field in &self.fields {
            digest.bytes(field.name.as_bytes());
            digest.bytes(field.type_text.as_bytes());
            digest.u32(field.offset);
            digest.u32(field.size_bytes);
        }
        digest.u32(self.role as u32);
        digest.u64(self.entries.len() as u64);
        for (entry, function) in &self.entries {
            digest.u32(*entry as u32);
            digest.u32(u32::from(*function));
        }
    }
}
