//! One bounded run of a program that nobody answers: downloaded code (D2).

use super::bus::Bus;
use super::context::{Context, Exit, Trap};
use super::program::Program;
use crate::hw::State;

/// Looks at a run before each of its instructions. It changes nothing.
pub type Watch<'watch> = dyn FnMut(&Context, &State<'_>) + 'watch;

/// Enters a function of a program with nothing but the address of its state, and runs it to its end, in at
/// most `fuel` instructions. Returns what stands in the first register then, or why it was stopped; and how
/// many instructions it took.
pub(crate) fn run_once<B: Bus>(
    program: &Program,
    function: u16,
    state: &mut State<'_>,
    bus: &mut B,
    fuel: u64,
    watch: Option<&mut Watch<'_>>,
) -> (Result<u64, Trap>, u64) {
    let mut context = Context::default();
    let result = context.enter(program, function, &[0]).and_then(|()| {
        let exit = match watch {
            None => context.run(program, state, bus, fuel).1,
            Some(watch) => watched(&mut context, program, state, bus, fuel, watch),
        };
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

/// As [`Context::run`], with a look before each instruction.
fn watched<B: Bus>(
    context: &mut Context,
    program: &Program,
    state: &mut State<'_>,
    bus: &mut B,
    fuel: u64,
    watch: &mut Watch<'_>,
) -> Exit {
    loop {
        if context.fuel_used() >= fuel {
            return Exit::Budget;
        }
        watch(context, state);
        let (_, exit) = context.run(program, state, bus, 1);
        if exit != Exit::Budget {
            return exit;
        }
    }
}
