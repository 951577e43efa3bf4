//! Why an environment was given up.

use exo_core::cpu::{ExceptionKind, SourcePlace, Trap};
use exo_core::error::SysError;
use exo_core::event::BreakReason;
use exo_core::ids::{Cause, EnvId};
use exo_core::kernel::Environment;
use exo_core::limits::{
    CALL_DEPTH_MAX, EXCESS_SLICES_MAX, IDENTICAL_FAULTS_MAX, STACK_BYTES_MAX, UPCALL_FUEL,
};
use exo_core::machine::Machine;

use super::grouped;

/// Why an environment was given up, without the line.
pub fn broken(reason: BreakReason) -> String {
    match reason {
        BreakReason::NoHandler => "its policy has no page_fault handler".to_owned(),
        BreakReason::DoubleFault { address, cause } => format!(
            "a double fault: its handler reached for its application's memory at 0x{address:08X}, {}. \
             A fault within a handler is passed up to nobody (bind the page with sys.tlb_write before \
             you load or store there)",
            match cause {
                Cause::Miss => "which neither the TLB nor the software TLB maps",
                Cause::Protection => "to store, where the page is bound for reading only",
            }
        ),
        BreakReason::NeverMapped(Cause::Miss) => format!(
            "its handler returned {IDENTICAL_FAULTS_MAX} times without mapping the page that was \
             missed (call sys.tlb_write before returning Ok)"
        ),
        BreakReason::NeverMapped(Cause::Protection) => format!(
            "its handler returned {IDENTICAL_FAULTS_MAX} times without allowing the store (map the \
             page with Access::ReadWrite)"
        ),
        BreakReason::Failed(error @ SysError::NotOffered) => format!(
            "its handler returned Err({}): {error} (use stamps and a disk are options of the machine, \
             and not there unless asked for)",
            error.name()
        ),
        BreakReason::Failed(error) => {
            format!("its handler returned Err({}): {error}", error.name())
        }
        BreakReason::NeverResolved(kind) => format!(
            "its handler said {IDENTICAL_FAULTS_MAX} times to run an instruction again that {}",
            excepted(kind)
        ),
        BreakReason::Stopped(kind) => format!(
            "its libOS gave the application up at an instruction that {}",
            excepted(kind)
        ),
        BreakReason::ExcessTime => format!(
            "its end-of-slice handler went on for more than {EXCESS_SLICES_MAX} slices that it had \
             not paid for"
        ),
        BreakReason::Trap(trap) | BreakReason::Application(trap) => trapped(trap),
    }
}

/// Why an environment was given up, with the program's own words where it gave up by itself.
pub fn broken_in(env: EnvId, reason: BreakReason, machine: &Machine) -> String {
    let environment = machine.environment(env);
    let (program, message) = match reason {
        BreakReason::Trap(Trap::Panic { message }) => {
            (environment.and_then(Environment::program), message)
        }
        BreakReason::Application(Trap::Panic { message }) => {
            let process = environment.and_then(|it| it.process.as_ref());
            (process.map(|it| &it.program), message)
        }
        _ => return broken(reason),
    };
    match program.and_then(|it| it.messages.get(usize::from(message))) {
        Some(message) => format!("{}: {}", broken(reason), message.pieces.concat()),
        None => broken(reason),
    }
}

/// Why an environment was given up, as [`broken_in`], with the line if there is one.
pub fn broken_at(env: EnvId, reason: BreakReason, place: SourcePlace, machine: &Machine) -> String {
    let why = broken_in(env, reason, machine);
    let of = match reason {
        BreakReason::Application(_) => " of the application",
        _ => "",
    };
    match place.line {
        0 => why,
        line => format!("line {line}{of}: {why}"),
    }
}

/// What an instruction did that could not be completed.
pub(super) fn excepted(kind: ExceptionKind) -> &'static str {
    match kind {
        ExceptionKind::Unaligned => "loads or stores at an address that is no multiple of the size",
        ExceptionKind::Overflow => "gives a result that does not fit its type",
        ExceptionKind::DivideByZero => "divides by zero",
        ExceptionKind::Coprocessor => "needs the coprocessor, which is off",
    }
}

/// Why a program stopped.
pub(super) fn trapped(trap: Trap) -> String {
    match trap {
        Trap::Overflow => "an arithmetic result does not fit its type".to_owned(),
        Trap::DivideByZero => "a division by zero".to_owned(),
        Trap::ShiftOverflow => "a shift by as many bits as the type has, or more".to_owned(),
        Trap::IndexOutOfBounds { index, length } => {
            format!("index {index} is out of bounds of an array of {length}")
        }
        Trap::OutOfFuel => {
            format!(
                "one upcall used all its fuel, {} instructions",
                grouped(UPCALL_FUEL)
            )
        }
        Trap::CallDepth => format!("calls are nested deeper than {CALL_DEPTH_MAX}"),
        Trap::StackOverflow => {
            format!("locals take more than {STACK_BYTES_MAX} bytes in all calls together")
        }
        Trap::Panic { .. } => "it gave up by itself".to_owned(),
        Trap::Unaligned { address } => {
            format!(
                "the address 0x{address:08X} is no multiple of the size that is loaded or stored there"
            )
        }
        Trap::CoprocessorOff => "the coprocessor is off (call sys.coprocessor(true))".to_owned(),
        Trap::PacketEnd => "a load past the end of the packet".to_owned(),
        Trap::ReplyRoom => "the reply has no room for so much".to_owned(),
        Trap::BadAddress => {
            "the code reaches outside the program's state and the 32 bits of an address".to_owned()
        }
        Trap::BadCode => "the code holds an instruction that does not exist".to_owned(),
    }
}
