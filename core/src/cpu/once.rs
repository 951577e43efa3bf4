//! One bounded run of a program that nobody answers: downloaded code (D2).

use super::bus::Bus;
use super::context::{Context, Exit, Trap};
use super::program::Program;
use crate::hw::State;

/// Enters a function of a program with nothing but the address of its state, and runs it to its end, in at
/// most `fuel` instructions. Returns what stands in the first register then, or why it was stopped; and how
/// many instructions it took.
pub(crate) fn run_once<B: Bus>(
    program: &Program,
    function: u16,
    state: &mut State<'_>,
    bus: &mut B,
    fuel: u64,
) -> (Result<u64, Trap>, u64) {
    let mut context = Context::default();
    let result = context.enter(program, function, &[0]).and_then(|()| {
        let (_, exit) = context.run(program, state, bus, fuel);
        match exit {
            Exit::Returned => Ok(context.register(0)),
            Exit::Budget => Err(Trap::OutOfFuel),
            Exit::Trap(trap) => Err(trap),
            // What the bus does not serve is no memory of its; nobody waits for it here.
            Exit::Reference(_) => Err(Trap::BadAddress),
            Exit::Syscall { .. } | Exit::LibosCall { .. } | Exit::Log { .. } => Err(Trap::BadCode),
        }
    });
    (result, context.fuel_used())
}
