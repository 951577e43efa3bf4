//! Time: what is due happens before anything else, and time that nobody uses passes.

use super::{Machine, Stop};
use crate::event::{Event, Sink};
use crate::kernel::Alarm;

impl Machine {
    /// Whether a timed thing is due.
    pub(super) fn is_due(&self) -> bool {
        self.kernel.due_cycles.0 != u64::MAX && self.kernel.due_cycles.0 <= self.cycles()
    }

    /// `retired`, or less, so that no run goes past what is due: each unit costs at least a cycle.
    #[inline]
    pub(super) fn until_due(&self, retired: u64) -> u64 {
        let due = self.kernel.due_cycles.0;
        if due == u64::MAX {
            return retired;
        }
        let left = due.saturating_sub(self.cycles());
        retired.min(self.position.retired.saturating_add(left))
    }

    /// Lets one thing happen that is due. False if none is.
    pub(super) fn on_time<S: Sink>(&mut self, sink: &mut S) -> bool {
        if !self.is_due() {
            return false;
        }
        let now = self.cycles();
        let event = match self.kernel.next_due() {
            Some((_, Alarm::Revocation(env))) => self.kernel.insist(&mut self.hw, env, now),
            Some((_, Alarm::Disk)) => self.complete_transfer(now),
            Some((_, Alarm::Network)) => self.kernel.network_step(&mut self.hw, now),
            Some((_, Alarm::Bell(env))) => self.kernel.ring(env),
            None => None,
        };
        if let Some(event) = event {
            self.emit(sink, event);
        }
        true
    }

    /// Nobody can run: time leaps to what is due next, or the machine halts.
    pub(super) fn idle<S: Sink>(&mut self, sink: &mut S) -> Option<Stop> {
        let due = self.kernel.due_cycles.0;
        if due == u64::MAX {
            return Some(Stop::Halted);
        }
        let cycles = due.saturating_sub(self.cycles());
        self.kernel.idle_cycles += cycles;
        let env = self.kernel.running;
        self.emit(sink, Event::Idled { env, cycles });
        None
    }
}
