//! Upcalls that come by themselves: how one begins.

use super::Machine;
use crate::cost;
use crate::cpu::SourcePlace;
use crate::event::{BreakReason, Event, Sink};
use crate::ids::EnvId;
use crate::kernel::{Handler, Phase};
use crate::verify::arguments;

impl Machine {
    /// Enters the handler of the upcall that has waited longest. Saving three registers and jumping
    /// costs what any dispatch does (A26).
    pub(super) fn begin_notice<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let Some(waiting) = self.running().notices.pop() else {
            return;
        };
        let notice = self.kernel.told(env, waiting);
        let environment = self.running();
        let upcall = notice.upcall;
        let [first, second, third] = notice.arguments;
        let entered = match &environment.handler {
            Handler::Native => Ok(()),
            Handler::None => Err(BreakReason::NoHandler),
            Handler::Program(program) => match program.entry(upcall.entry()) {
                None => Err(BreakReason::NoHandler),
                Some(function) => {
                    let given = [0, first, second, third];
                    let count = usize::from(arguments(upcall.entry()));
                    let given = given.get(..count).unwrap_or(&given);
                    let entered = environment.context.enter(program, function, given);
                    entered.map_err(BreakReason::Trap)
                }
            },
        };
        if let Err(reason) = entered {
            return self.break_environment(reason, SourcePlace::default(), sink);
        }
        environment.phase = Phase::Handling(upcall);
        environment.notice = Some(notice);
        environment.counters.upcalls += 1;
        environment.cycles.kernel += cost::DISPATCH;
        let (upcall, arguments) = (upcall.entry(), notice.arguments);
        self.emit(
            sink,
            Event::Notified {
                env,
                upcall,
                arguments,
            },
        );
    }

    /// Another limit takes effect, if one waits for an environment.
    pub(super) fn set_pending_limit<S: Sink>(&mut self, sink: &mut S) -> bool {
        let environments = self.kernel.environments.iter_mut().enumerate();
        let mut waiting =
            environments.filter_map(|(index, it)| Some((index, it.pending_limit.take()?)));
        let Some((index, frame_limit)) = waiting.next() else {
            return false;
        };
        let env = EnvId(index as u8);
        let now = self.cycles();
        self.kernel.set_frame_limit(env, frame_limit, now);
        let excess = self.kernel.environments[index].excess();
        self.emit(
            sink,
            Event::LimitSet {
                env,
                frame_limit,
                excess,
            },
        );
        true
    }
}
