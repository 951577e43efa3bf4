//! Alarm clocks: each environment has one, and is told when its time has come.

use super::{Kernel, Upcall};
use crate::event::Event;
use crate::ids::EnvId;

impl Kernel {
    /// Sets the running environment's alarm clock; 0 switches it off. What is past rings at once.
    pub(super) fn set_alarm(&mut self, at: u64) -> (u64, Event) {
        let env = self.running;
        let at_cycles = (at > 0).then_some(at);
        if let Some(environment) = self.environments.get_mut(env.index()) {
            environment.alarm_cycles = at_cycles;
        }
        self.set_due();
        (0, Event::AlarmSet { env, at_cycles })
    }

    /// The time of an environment's alarm clock has come: `alarm` waits for it.
    pub(crate) fn ring(&mut self, env: EnvId) -> Option<Event> {
        let environment = self.environments.get_mut(env.index())?;
        environment.alarm_cycles = None;
        self.notify(env, Upcall::Alarm);
        self.set_due();
        Some(Event::AlarmRang { env })
    }
}
