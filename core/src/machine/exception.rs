//! Exceptions of an application, passed up to its libOS and resumed without the kernel (A26 to A28).

use super::Machine;
use crate::cost;
use crate::cpu::{Entry, Exception, SourcePlace, Trap};
use crate::error::SysError;
use crate::event::{BreakReason, Event, Sink};
use crate::kernel::{Phase, Raised, Upcall};
use crate::limits::IDENTICAL_FAULTS_MAX;

/// What a libOS says its application does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resume {
    /// Go on behind the instruction, as if it had given this value.
    Skip(u64),
    /// Run the instruction again.
    Again,
    /// Nothing: it is over.
    Stop,
}

impl Machine {
    /// Passes a trap of the running environment's application up to its libOS, as an exception; what
    /// is none, or meets a libOS without an entry for it, is the end of the environment.
    pub(super) fn trap_application<S: Sink>(&mut self, trap: Trap, sink: &mut S) {
        let place = self.application_place();
        let entered = self.enter_exception(trap);
        let exception = match entered {
            Ok(exception) => exception,
            Err(reason) => return self.break_environment(reason, place, sink),
        };
        let env = self.kernel.running;
        let environment = self.running();
        environment.phase = Phase::Handling(Upcall::Exception);
        environment.counters.upcalls += 1;
        environment.counters.crossings += 1;
        environment.cycles.kernel += cost::DISPATCH;
        self.emit(sink, Event::Raised { env, exception });
    }

    /// Saves three registers and enters the handler.
    ///
    /// # Errors
    /// Why the environment is at its end instead. Nothing of it has changed.
    fn enter_exception(&mut self, trap: Trap) -> Result<Exception, BreakReason> {
        let environment = self.running();
        let end = BreakReason::Application(trap);
        // A native handler takes none.
        let answered = environment
            .program()
            .is_some_and(|it| it.entry(Entry::Exception).is_some());
        let Some(process) = environment.process.as_ref().filter(|_| answered) else {
            return Err(end);
        };
        let exception = process.context.exception(&process.program, trap);
        let exception = exception.ok_or(end)?;
        let tries = process.raised.map_or(0, |before| before.tries);
        if tries >= IDENTICAL_FAULTS_MAX {
            return Err(BreakReason::NeverResolved(exception.kind));
        }
        let Exception {
            kind,
            instruction,
            address,
            value,
        } = exception;
        let arguments = [kind as u64, instruction.into(), address.into(), value];
        environment.must_enter(Upcall::Exception, &arguments)?;
        if let Some(process) = &mut environment.process {
            process.raised = Some(Raised {
                exception,
                tries: tries + 1,
            });
        }
        Ok(exception)
    }

    /// The handler of an exception is done: its results say how the application goes on.
    pub(super) fn recover<S: Sink>(&mut self, place: SourcePlace, sink: &mut S) {
        let env = self.kernel.running;
        let environment = self.running();
        let context = &mut environment.context;
        let resume = match [0, 1, 2].map(|register| context.register(register)) {
            [0, 0, value] => Ok(Resume::Skip(value)),
            [0, 1, _] => Ok(Resume::Again),
            [0, 2, _] => Ok(Resume::Stop),
            [0, ..] => Err(BreakReason::Trap(Trap::BadCode)),
            [_, code, _] => Err(match SysError::from_number(code) {
                Some(error) => BreakReason::Failed(error),
                None => BreakReason::Trap(Trap::BadCode),
            }),
        };
        let resume = match resume {
            Ok(resume) => resume,
            Err(reason) => return self.break_environment(reason, place, sink),
        };
        context.leave();
        environment.phase = Phase::Application;
        let Some(process) = &mut environment.process else {
            return;
        };
        let skipped = match resume {
            Resume::Again => None,
            Resume::Skip(value) => {
                process.context.skip(&process.program, value);
                process.raised = None;
                Some(value)
            }
            Resume::Stop => {
                let kind = process.raised.take().map(|it| it.exception.kind);
                let place = self.application_place();
                let reason = kind.map_or(BreakReason::NoHandler, BreakReason::Stopped);
                return self.break_environment(reason, place, sink);
            }
        };
        self.emit(sink, Event::Recovered { env, skipped });
    }
}
