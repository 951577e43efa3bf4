//! What programs of each role may do (D2, profiles).

use alloc::vec;

use super::{Flaw, Refusal, function_end};
use crate::cpu::{Entry, Instr, Program, Role};
use crate::limits::{CALL_DEPTH_MAX, DOWNLOADED_FUEL, UPCALL_FUEL};

/// Something that some programs may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ban {
    /// Jump to where it came from.
    JumpBackward,
    /// Call a function.
    CallFunction,
    /// Call functions in a circle, or too deep.
    Recurse,
    /// Make a system call, or write to the log.
    SystemCall,
    /// Call a libOS.
    LibosCall,
    /// Store anywhere.
    Store,
    /// Load or store application memory.
    ApplicationMemory,
    /// Read a packet.
    ReadPacket,
    /// Reply.
    Reply,
    /// Use the coprocessor.
    Coprocessor,
}

impl Ban {
    /// What it may not do, after "may not".
    pub fn text(self) -> &'static str {
        match self {
            Ban::JumpBackward => "jump backward",
            Ban::CallFunction => "call functions",
            Ban::Recurse => "call functions in a circle, or nest calls too deep",
            Ban::SystemCall => "make system calls or write to the log",
            Ban::LibosCall => "call a libOS",
            Ban::Store => "store anything",
            Ban::ApplicationMemory => "load or store application memory",
            Ban::ReadPacket => "read packets",
            Ban::Reply => "reply",
            Ban::Coprocessor => "use the coprocessor",
        }
    }
}

/// The entries of a role; the first is needed.
pub(super) fn entries(role: Role) -> &'static [Entry] {
    match role {
        Role::LibOs => &[
            Entry::PageFault,
            Entry::Adopted,
            Entry::Request,
            Entry::Exception,
            Entry::Entered,
            Entry::Signalled,
            Entry::SliceBegan,
            Entry::SliceEnded,
            Entry::Revoke,
            Entry::Repossessed,
            Entry::Packets,
            Entry::Alarm,
        ],
        Role::Application => &[Entry::Main],
        Role::PacketFilter => &[Entry::Accept],
        Role::MessageHandler => &[Entry::Arrived],
        Role::Udf => &[Entry::Evaluate],
    }
}

/// Registers of an entry's arguments, the address of the state included.
pub(crate) fn arguments(entry: Entry) -> u8 {
    match entry {
        Entry::PageFault | Entry::Exception => 5,
        Entry::Request | Entry::Revoke => 4,
        Entry::Entered | Entry::Signalled => 6,
        Entry::SliceBegan => 2,
        Entry::Adopted
        | Entry::Repossessed
        | Entry::Packets
        | Entry::Alarm
        | Entry::SliceEnded
        | Entry::Main
        | Entry::Accept
        | Entry::Arrived
        | Entry::Evaluate => 1,
    }
}

/// Checks the rules of the program's role. Returns the most units of fuel one run may take.
pub(super) fn check(program: &Program) -> Result<u64, Refusal> {
    if let Some(refusal) = banned(program).next() {
        return Err(refusal);
    }
    match program.role {
        Role::LibOs => Ok(UPCALL_FUEL),
        Role::Application => Ok(u64::MAX),
        // Nothing is run twice.
        Role::PacketFilter => Ok(program.code.len() as u64),
        Role::MessageHandler | Role::Udf => {
            nesting(program)?;
            Ok(DOWNLOADED_FUEL)
        }
    }
}

/// Every instruction that programs of this role may not hold, in order of the code.
pub fn banned(program: &Program) -> impl Iterator<Item = Refusal> {
    let role = program.role;
    program
        .code
        .iter()
        .enumerate()
        .filter_map(move |(at, instr)| {
            let ban = ban(role, at, *instr)?;
            Some(Refusal::at(at, Flaw::Banned(role, ban)))
        })
}

/// Why programs of `role` may not hold the instruction.
fn ban(role: Role, at: usize, instr: Instr) -> Option<Ban> {
    let filter = role == Role::PacketFilter;
    let downloaded = !matches!(role, Role::LibOs | Role::Application);
    let memory = matches!(role, Role::LibOs | Role::Application | Role::MessageHandler);
    let backward = |target: u32| target as usize <= at;
    let (ban, banned) = match instr {
        Instr::Jump { target }
        | Instr::JumpIf { target, .. }
        | Instr::JumpIfNot { target, .. }
        | Instr::JumpEq { target, .. }
        | Instr::JumpNe { target, .. }
        | Instr::JumpLtU { target, .. }
        | Instr::JumpLeU { target, .. }
        | Instr::JumpLtS { target, .. }
        | Instr::JumpLeS { target, .. }
        | Instr::JumpEqImmediate { target, .. }
        | Instr::JumpNeImmediate { target, .. }
        | Instr::JumpLtImmediateU { target, .. }
        | Instr::JumpGeImmediateU { target, .. } => (Ban::JumpBackward, filter && backward(target)),
        Instr::Call { .. } => (Ban::CallFunction, filter),
        Instr::Syscall { .. } | Instr::Log { .. } => (Ban::SystemCall, downloaded),
        Instr::LibosCall { .. } => (Ban::LibosCall, role != Role::Application),
        Instr::Store8 { .. }
        | Instr::Store16 { .. }
        | Instr::Store32 { .. }
        | Instr::Store64 { .. }
        | Instr::StoreElement { .. }
        | Instr::StoreElement8 { .. }
        | Instr::StoreElement32 { .. }
        | Instr::StoreElement64 { .. }
        | Instr::SetElement8 { .. }
        | Instr::Enter { .. }
        | Instr::Copy { .. }
        | Instr::Repeat { .. } => (Ban::Store, filter),
        Instr::MemLoad { .. } | Instr::MemStore { .. } => (Ban::ApplicationMemory, !memory),
        Instr::PacketLength { .. } | Instr::PacketLoad { .. } => (Ban::ReadPacket, !downloaded),
        Instr::ReplyStore { .. } | Instr::ReplySend { .. } => {
            (Ban::Reply, role != Role::MessageHandler)
        }
        Instr::SquareRoot { .. } => (Ban::Coprocessor, role != Role::Application),
        _ => return None,
    };
    banned.then_some(ban)
}

/// Checks that no function calls itself, directly or not, and that calls nest no deeper than the
/// CPU allows: what is left of the depth is handed down from the callers to the called.
fn nesting(program: &Program) -> Result<(), Refusal> {
    let mut depths = vec![0_usize; program.functions.len()];
    // Round n knows every path of n calls, so a path that is too long shows in time.
    for _ in 0..=CALL_DEPTH_MAX + 1 {
        let mut deeper = None;
        for index in 0..program.functions.len() {
            let start = program
                .functions
                .get(index)
                .map_or(0, |it| it.entry as usize);
            let end = function_end(program, index);
            let depth = depths.get(index).copied().unwrap_or(0) + 1;
            let code = program.code.get(start..end).unwrap_or(&[]);
            for (at, instr) in (start..).zip(code) {
                if let Instr::Call { function, .. } = instr
                    && let Some(known) = depths.get_mut(usize::from(*function))
                    && *known < depth
                {
                    *known = depth;
                    deeper = Some((at, depth));
                }
            }
        }
        match deeper {
            None => return Ok(()),
            Some((at, depth)) if depth > CALL_DEPTH_MAX => {
                return Err(Refusal::at(at, Flaw::Banned(program.role, Ban::Recurse)));
            }
            Some(_) => {}
        }
    }
    let last = program.code.len().saturating_sub(1);
    Err(Refusal::at(last, Flaw::Banned(program.role, Ban::Recurse)))
}
