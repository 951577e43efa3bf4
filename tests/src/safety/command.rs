//! What environments may do, one thing at a time, and how a fixture writes it down.

use std::fmt;

use exo_core::ids::ReferenceKind;
use exo_core::kernel::call::Call;

/// A capability's number, by what the numbers given out so far have come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The newest of that place, whether or not it has ended.
    Last(u16),
    /// The one before, which has ended.
    Older(u16),
    /// One that was never made.
    Forged,
}

/// An argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A number.
    Number(u64),
    /// A capability.
    Key(Key),
}

/// What the running environment does, or what is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Its libOS makes a system call.
    Call(Call, [Word; 3]),
    /// Its application references an address. If it faults, the libOS gives the reference up.
    Reference(u32, ReferenceKind),
    /// Its slice ends.
    Switch,
    /// Nobody does anything until something is due.
    Wait,
    /// Its application references an address, and the libOS returns without a binding until the
    /// kernel gives the environment up.
    Insist(u32),
    /// Its libOS loads from its application's memory, or stores to it.
    Reach(u32, bool),
    /// Its libOS gives up, which ends the environment.
    Fail,
    /// The user gives an environment the policy of that number, afresh or not.
    Install(u8, u8, bool),
    /// The user gives an environment the application of that number.
    Load(u8, u8),
    /// The user gives every environment but the first a policy and an application that transfer,
    /// yield and meet exceptions.
    Talk,
    /// The user sets how many frames an environment may hold.
    Limit(u8, u32),
}

/// What an argument of a call stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A frame.
    Frame,
    /// A page.
    Page,
    /// Reading, or reading and writing.
    Access,
    /// A capability.
    Key,
    /// How many.
    Count,
    /// A block, counted from the first one of the disk or of an extent.
    Block,
    /// How many blocks.
    Blocks,
    /// A slice, by its position.
    Position,
    /// An environment.
    Environment,
    /// On or off.
    Switch,
    /// An entry of the TLB, or of the software TLB.
    Entry,
}

use Argument::{
    Access, Block, Blocks, Count, Entry, Environment, Frame, Key as Capability, Page, Position,
    Switch,
};

/// The calls whose every use is tried, with what their arguments stand for. A new call is one line.
pub const CALLS: &[(Call, &[Argument])] = &[
    (Call::Allocate, &[]),
    (Call::AllocateAt, &[Frame]),
    (Call::Free, &[Frame]),
    (Call::TlbWrite, &[Page, Frame, Access]),
    (Call::TlbDrop, &[Page]),
    (Call::Referenced, &[Frame]),
    (Call::ClearReferenced, &[Frame]),
    (Call::Dirty, &[Frame]),
    (Call::ClearDirty, &[Frame]),
    (Call::UseStamp, &[Frame]),
    (Call::Capability, &[Frame, Access]),
    (Call::Derive, &[Capability, Access]),
    (Call::Revoke, &[Capability]),
    (Call::TlbWriteShared, &[Page, Capability, Access]),
    (Call::RequestFrames, &[Count]),
    (Call::NextRepossessed, &[]),
    (Call::Preload, &[Capability, Block]),
    (Call::FrameLimit, &[]),
    (Call::Random, &[]),
    (Call::ExtentAllocate, &[Blocks]),
    (Call::ExtentAllocateAt, &[Block, Blocks]),
    (Call::ExtentFree, &[Capability]),
    (Call::DiskRead, &[Capability, Block, Frame]),
    (Call::DiskWrite, &[Capability, Block, Frame]),
    (Call::BlockLimit, &[]),
    (Call::SliceAllocate, &[]),
    (Call::SliceAllocateAt, &[Position]),
    (Call::SliceFree, &[Position]),
    (Call::SliceOwner, &[Position]),
    (Call::YieldSlice, &[]),
    (Call::YieldTo, &[Environment]),
    (Call::Coprocessor, &[Switch]),
    (Call::Slices, &[]),
    (Call::Environment, &[]),
    (Call::FrameOwner, &[Frame]),
    (Call::FreeFrames, &[]),
    (Call::TlbEntries, &[]),
    (Call::TlbEntry, &[Entry]),
    (Call::StlbEntries, &[]),
    (Call::StlbEntry, &[Entry]),
    (Call::TlbDropRun, &[Page, Count]),
];

/// Why the calls of the network have no commands.
const NETWORK: &str = "packets come by themselves: `safety::network` makes these calls";

/// Calls that are not tried, and why.
pub const NO_COMMANDS: &[(Call, &str)] = &[
    (Call::TransferSync, "native handlers transfer to nobody"),
    (Call::TransferAsync, "native handlers transfer to nobody"),
    (Call::Cycles, "time is left out of every state"),
    (Call::Log, "the log is read by nobody"),
    (Call::FilterBegin, NETWORK),
    (Call::FilterU8, NETWORK),
    (Call::FilterU16, NETWORK),
    (Call::FilterU32, NETWORK),
    (Call::FilterShift, NETWORK),
    (Call::FilterAdvance, NETWORK),
    (Call::FilterBind, NETWORK),
    (Call::FilterBindProgram, NETWORK),
    (Call::FilterFree, NETWORK),
    (Call::RingBuffer, NETWORK),
    (Call::HandlerBind, NETWORK),
    (Call::HandlerFrame, NETWORK),
    (Call::TransmitPart, NETWORK),
    (Call::Transmit, NETWORK),
    (Call::TransmitForget, NETWORK),
    (Call::TransmitWaiting, NETWORK),
    (Call::Alarm, NETWORK),
];

/// Calls that read the kernel's tables, and one that is many of another: they lead to no state of
/// their own, and only simulation makes them.
pub const ABOUT_TABLES: &[Call] = &[
    Call::FrameOwner,
    Call::FreeFrames,
    Call::TlbEntries,
    Call::TlbEntry,
    Call::StlbEntries,
    Call::StlbEntry,
    Call::TlbDropRun,
];

/// Calls that nobody can tell apart from a question about reference and dirty bits.
pub const ABOUT_BITS: &[Call] = &[
    Call::Referenced,
    Call::ClearReferenced,
    Call::Dirty,
    Call::ClearDirty,
];

/// Calls of visible revocation.
pub const ABOUT_REVOCATION: &[Call] = &[Call::RequestFrames, Call::NextRepossessed];

/// The call that says where to save what is taken by force. It takes a disk.
pub const ABOUT_SAVING: &[Call] = &[Call::Preload];

/// Calls of the disk, which takes one.
pub const ABOUT_DISK: &[Call] = &[
    Call::ExtentAllocate,
    Call::ExtentAllocateAt,
    Call::ExtentFree,
    Call::DiskRead,
    Call::DiskWrite,
];

/// Calls that are not explored together with the disk, where states would be too many: sharing of
/// frames, and what comes to the same as another call.
pub const FROZEN: &[Call] = &[
    Call::AllocateAt,
    Call::TlbDrop,
    Call::UseStamp,
    Call::Capability,
    Call::TlbWriteShared,
    Call::ExtentAllocate,
];

/// Calls that are not explored where the user sets limits and contents are saved: asking for room, which
/// does the same to a limit, and what a vector does not notice while no disk fails.
pub const PRESSED: &[Call] = &[Call::RequestFrames, Call::DiskWrite];

/// Calls of the processor.
pub const ABOUT_PROCESSOR: &[Call] = &[
    Call::SliceAllocate,
    Call::SliceAllocateAt,
    Call::SliceFree,
    Call::SliceOwner,
    Call::YieldSlice,
    Call::YieldTo,
    Call::Coprocessor,
];

/// Calls that make a capability.
pub const MAKING: &[Call] = &[
    Call::Capability,
    Call::Derive,
    Call::ExtentAllocate,
    Call::ExtentAllocateAt,
];

/// Calls behind which another environment may run: they pass the processor on, or wait.
pub const PASSING_ON: &[Call] = &[
    Call::YieldSlice,
    Call::YieldTo,
    Call::DiskRead,
    Call::DiskWrite,
];

/// Calls that change nothing that another call or reference could notice, and cannot be refused.
pub const QUESTIONS: &[Call] = &[
    Call::FrameLimit,
    Call::Random,
    Call::BlockLimit,
    Call::Slices,
    Call::Environment,
];

/// What the arguments of a call stand for.
pub fn arguments(call: Call) -> &'static [Argument] {
    let known = CALLS.iter().find(|(it, _)| *it == call);
    known.map_or(&[], |(_, arguments)| arguments)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Last(place) => write!(f, "key{place}"),
            Key::Older(place) => write!(f, "old{place}"),
            Key::Forged => f.write_str("forged"),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Switch => f.write_str("switch"),
            Command::Wait => f.write_str("wait"),
            Command::Insist(address) => write!(f, "insist {address:#x}"),
            Command::Reach(address, false) => write!(f, "reach {address:#x} r"),
            Command::Reach(address, true) => write!(f, "reach {address:#x} rw"),
            Command::Fail => f.write_str("fail"),
            Command::Install(env, policy, afresh) => {
                write!(f, "install {env} {policy} {}", u8::from(*afresh))
            }
            Command::Load(env, program) => write!(f, "load {env} {program}"),
            Command::Talk => f.write_str("talk"),
            Command::Limit(env, limit) => write!(f, "limit {env} {limit}"),
            Command::Reference(address, kind) => {
                let verb = match kind {
                    ReferenceKind::Fetch => "fetch",
                    ReferenceKind::Load => "read",
                    ReferenceKind::Store => "write",
                    ReferenceKind::Modify => "modify",
                };
                write!(f, "{verb} {address:#x}")
            }
            Command::Call(call, words) => {
                f.write_str(call.name())?;
                for (kind, word) in arguments(*call).iter().zip(words) {
                    match (kind, word) {
                        (Access, Word::Number(0)) => f.write_str(" r")?,
                        (Access, Word::Number(_)) => f.write_str(" rw")?,
                        (_, Word::Number(number)) => write!(f, " {number}")?,
                        (_, Word::Key(key)) => write!(f, " {key}")?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// Reads what [`Command`]'s `Display` writes.
///
/// # Errors
/// What of it makes no sense.
pub fn parse(text: &str) -> Result<Command, String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    let kind = match name {
        "switch" => return Ok(Command::Switch),
        "wait" => return Ok(Command::Wait),
        "fail" => return Ok(Command::Fail),
        "fetch" => Some(ReferenceKind::Fetch),
        "read" => Some(ReferenceKind::Load),
        "write" => Some(ReferenceKind::Store),
        "modify" => Some(ReferenceKind::Modify),
        _ => None,
    };
    let mut read: Vec<Word> = Vec::new();
    for text in words {
        read.push(word(text)?);
    }
    if let Some(kind) = kind {
        let [Word::Number(address)] = read[..] else {
            return Err(format!("{text:?} names no address"));
        };
        return Ok(Command::Reference(address as u32, kind));
    }
    if let Some(command) = users(name, &read) {
        return Ok(command);
    }
    let call = Call::ALL.iter().find(|it| it.name() == name);
    let call = call.ok_or(format!("{name:?} is no command"))?;
    read.resize(3, Word::Number(0));
    Ok(Command::Call(*call, [read[0], read[1], read[2]]))
}

/// What the user does, and what breaks environments.
fn users(name: &str, words: &[Word]) -> Option<Command> {
    let number = |place: usize| match words.get(place) {
        Some(Word::Number(number)) => *number,
        _ => 0,
    };
    let (first, second) = (number(0) as u8, number(1));
    Some(match name {
        "insist" => Command::Insist(number(0) as u32),
        "reach" => Command::Reach(number(0) as u32, second != 0),
        "install" => Command::Install(first, second as u8, number(2) != 0),
        "talk" => Command::Talk,
        "load" => Command::Load(first, second as u8),
        "limit" => Command::Limit(first, second as u32),
        _ => return None,
    })
}

fn word(text: &str) -> Result<Word, String> {
    let place = |digits: &str| digits.parse::<u16>().ok();
    let known = match text {
        "r" => Some(Word::Number(0)),
        "rw" => Some(Word::Number(1)),
        "forged" => Some(Word::Key(Key::Forged)),
        _ => None,
    };
    let hexadecimal = || u64::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    let number = || text.parse().ok().or_else(hexadecimal).map(Word::Number);
    let last = || Some(Word::Key(Key::Last(place(text.strip_prefix("key")?)?)));
    let older = || Some(Word::Key(Key::Older(place(text.strip_prefix("old")?)?)));
    let found = known.or_else(number).or_else(last).or_else(older);
    found.ok_or(format!("{text:?} is neither a number nor a capability"))
}
