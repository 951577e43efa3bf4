//! A request: an application calls its own libOS, as a procedure and not as a system call.

use super::Machine;
use crate::cpu::{SourcePlace, Trap};
use crate::error::SysError;
use crate::event::{BreakReason, Event, Sink};
use crate::kernel::call::CallResult;
use crate::kernel::{Phase, Upcall};
use crate::mutants::Mutant;

impl Machine {
    /// Enters the libOS with the request of its application; a libOS that takes none refuses it.
    pub(super) fn request<S: Sink>(&mut self, sink: &mut S) {
        let environment = self.running();
        let process = environment.process.as_ref();
        let Some(request) = process.and_then(|process| process.request) else {
            environment.phase = Phase::Application;
            return;
        };
        match environment.enter(Upcall::Request, &request.arguments) {
            Ok(true) => environment.phase = Phase::Handling(Upcall::Request),
            Ok(false) => self.reply(Err(SysError::NoSuchRequest), sink),
            Err(trap) => {
                let reason = BreakReason::Trap(trap);
                self.break_environment(reason, SourcePlace::default(), sink);
            }
        }
    }

    /// What a handler's results say: the answer to a request.
    ///
    /// # Errors
    /// The code names a refusal that does not exist.
    pub(super) fn answer_of(tag: u64, value: u64) -> Result<CallResult, Trap> {
        match tag {
            0 => Ok(Ok(value)),
            _ => SysError::from_number(value).map(Err).ok_or(Trap::BadCode),
        }
    }

    /// Gives the application the answer to its request; it goes on behind the call.
    pub(super) fn reply<S: Sink>(&mut self, answer: CallResult, sink: &mut S) {
        let env = self.kernel.running;
        let environment = self.running();
        environment.phase = Phase::Application;
        if let Some(process) = &mut environment.process
            && let Some(request) = process.request.take()
        {
            let (tag, value) = match answer {
                Ok(value) => (0, value),
                Err(error) => (1, error as u64),
            };
            if Mutant::ReplyKeepsRequest.made() {
                process.request = Some(request);
            }
            let context = &mut process.context;
            context.set_register(request.register, tag);
            context.set_register(request.register.saturating_add(1), value);
        }
        self.emit(sink, Event::Replied { env, answer });
    }
}
