//! Upcalls that come by themselves: how one begins.

use super::Machine;
use crate::cost;
use crate::cpu::SourcePlace;
use crate::event::{Event, Sink};
use crate::ids::EnvId;
use crate::kernel::Phase;
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
        // The first of an entry's registers is the address of its state.
        let count = usize::from(arguments(upcall.entry())).saturating_sub(1);
        let given = notice.arguments.get(..count).unwrap_or(&[]);
        if let Err(reason) = environment.must_enter(upcall, given) {
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
