//! Calls that wait: where their answers go, and when.

use super::Machine;
use crate::event::Event;
use crate::ids::EnvId;
use crate::kernel::Phase;
use crate::kernel::call::{Call, CallResult};

impl Machine {
    /// Gives the handler of `env`, or its application, the answer to a call in the registers from
    /// `first` on: it made the call, but another environment may run by now. If the call waits,
    /// notes where the answer belongs.
    pub(super) fn give_back(&mut self, env: EnvId, call: Call, result: CallResult, first: u8) {
        let environment = &mut self.kernel.environments[env.index()];
        if let Some(wait) = &mut environment.wait {
            wait.register = first;
            return;
        }
        match (environment.phase, &mut environment.process) {
            (Phase::Application, Some(process)) => {
                super::upcall::write_result(call, result, &mut process.context, first);
            }
            _ => super::upcall::write_result(call, result, &mut environment.context, first),
        }
    }

    /// The disk's first transfer is complete: whoever waited for it goes on with the answer.
    /// Returns what tells it. `now` is the machine's cycle count.
    pub(super) fn complete_transfer(&mut self, now: u64) -> Option<Event> {
        let (event, done) = self.kernel.complete_transfer(&mut self.hw, now)?;
        let Some(done) = done else { return Some(event) };
        let environment = &mut self.kernel.environments[done.env.index()];
        let result = done.result.map(|()| 0);
        let (first, native) = (done.wait.register, environment.program().is_none());
        match (environment.phase, &mut environment.process) {
            (Phase::Handling(_), _) if native => {
                environment.answer = Some(result);
            }
            (Phase::Handling(_), _) => {
                let context = &mut environment.context;
                super::upcall::write_result(Call::DiskRead, result, context, first);
            }
            (_, Some(process)) => {
                let context = &mut process.context;
                super::upcall::write_result(Call::DiskRead, result, context, first);
            }
            _ => {}
        }
        Some(event)
    }
}
