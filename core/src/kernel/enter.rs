//! How a handler is entered: at the place that its program names for it, and nowhere else.

use super::{Environment, Handler, Upcall};
use crate::cpu::Trap;
use crate::event::BreakReason;

/// Registers that an entry takes at most, the address of its state included.
const ENTRY_REGISTERS_MAX: usize = 6;

impl Environment {
    /// Enters the handler of that upcall, with `arguments` behind the address of its state. False, and
    /// nothing happens, if nobody answers it. A native handler is entered by whoever drives the
    /// machine.
    ///
    /// # Errors
    /// Why the program cannot be entered there. Nothing has changed.
    pub(crate) fn enter(&mut self, upcall: Upcall, arguments: &[u64]) -> Result<bool, Trap> {
        let function = match &self.handler {
            Handler::Native => return Ok(true),
            Handler::None => return Ok(false),
            Handler::Program(program) => program.entry(upcall.entry()).map(|it| (program, it)),
        };
        let Some((program, function)) = function else {
            return Ok(false);
        };
        let mut given = [0; ENTRY_REGISTERS_MAX];
        let count = arguments.len() + 1;
        let places = given.get_mut(1..count).ok_or(Trap::BadCode)?;
        places.copy_from_slice(arguments);
        let given = given.get(..count).unwrap_or(&[]);
        self.context.enter(program, function, given)?;
        Ok(true)
    }

    /// As [`Environment::enter`], for an upcall that has to be answered.
    ///
    /// # Errors
    /// Why the environment is at its end. Nothing has changed.
    pub(crate) fn must_enter(
        &mut self,
        upcall: Upcall,
        arguments: &[u64],
    ) -> Result<(), BreakReason> {
        match self.enter(upcall, arguments) {
            Ok(true) => Ok(()),
            Ok(false) => Err(BreakReason::NoHandler),
            Err(trap) => Err(BreakReason::Trap(trap)),
        }
    }
}
