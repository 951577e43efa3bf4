//! Protected control transfers as programs make them: from registers to registers (A41 to A44).

use super::Machine;
use crate::cost;
use crate::cpu::Context;
use crate::error::SysError;
use crate::event::{Event, Sink, Transfer};
use crate::ids::EnvId;
use crate::kernel::call::Call;
use crate::kernel::{Asked, MESSAGE_WORDS, Outgoing, Phase};
use crate::mutants::Mutant;

/// A message, or the refusal.
type Answer = Result<[u64; MESSAGE_WORDS], SysError>;

impl Machine {
    /// Makes the transfer that the running environment's program asks for, from register `first` on.
    /// False, and nothing happens, if `number` is another call.
    pub(super) fn transfer<S: Sink>(&mut self, number: u8, first: u8, sink: &mut S) -> bool {
        let call = match Call::from_number(number) {
            Some(call @ (Call::TransferSync | Call::TransferAsync)) => call,
            _ => return false,
        };
        let env = self.kernel.running;
        self.charge_transfer();
        let by = self.running().phase;
        let context = self.calling_context(by);
        let Some(context) = context else {
            return false;
        };
        let word = |offset: u8| context.register(first.saturating_add(offset));
        let asked = Asked {
            to: word(0),
            words: [word(1), word(2), word(3), word(4)],
            synchronous: call == Call::TransferSync,
            register: first,
        };
        let event = match self.kernel.transfer(&mut self.hw, asked) {
            Ok(event) => {
                if !asked.synchronous {
                    self.write_answer(env, by, call, first, Ok([0; MESSAGE_WORDS]));
                }
                event
            }
            Err(error) => {
                self.write_answer(env, by, call, first, Err(error));
                Event::Refused { env, call, error }
            }
        };
        self.emit(sink, event);
        true
    }

    /// The handler of a synchronous transfer is done: its results go back to the caller's registers,
    /// with what is left of the slice.
    pub(super) fn transfer_back<S: Sink>(&mut self, sink: &mut S) {
        let from = self.kernel.running;
        let environment = self.running();
        let context = &mut environment.context;
        let words = [0, 1, 2, 3].map(|register| context.register(register));
        context.leave();
        let Some(incoming) = environment.incoming.take() else {
            return self.resume(sink);
        };
        environment.phase = incoming.beneath;
        if Mutant::TransferBackForgotten.made() {
            environment.incoming = Some(incoming);
        }
        self.charge_transfer();
        let to = incoming.caller;
        self.answer_transfer(to, Ok(words));
        self.kernel.switch(&mut self.hw, to);
        self.emit(
            sink,
            Event::Transferred {
                from,
                to,
                transfer: Transfer::Back,
                words,
            },
        );
    }

    /// The handler of an asynchronous transfer is done: its environment goes on with what it did.
    pub(super) fn signal_served<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let environment = self.running();
        environment.context.leave();
        environment.phase = match environment.incoming.take() {
            Some(incoming) => incoming.beneath,
            None => environment.application_phase(),
        };
        self.emit(sink, Event::Resumed { env });
    }

    /// The callee of the running environment was given up before it transferred back.
    pub(super) fn transfer_failed<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let callee = self.running().outgoing.map_or(env, |it| it.callee);
        self.answer_transfer(env, Err(SysError::NotRunnable));
        self.emit(sink, Event::TransferFailed { env, callee });
    }

    /// Lets an environment go on behind its synchronous transfer.
    fn answer_transfer(&mut self, env: EnvId, answer: Answer) {
        let Some(environment) = self.kernel.environments.get_mut(env.index()) else {
            return;
        };
        let Some(Outgoing { register, from, .. }) = environment.outgoing.take() else {
            return;
        };
        environment.phase = from;
        self.write_answer(env, from, Call::TransferSync, register, answer);
    }

    /// The context of whoever of the running environment makes a call in that phase.
    fn calling_context(&mut self, by: Phase) -> Option<&mut Context> {
        let env = self.kernel.running;
        self.context_of(env, by)
    }

    fn context_of(&mut self, env: EnvId, by: Phase) -> Option<&mut Context> {
        let environment = self.kernel.environments.get_mut(env.index())?;
        match by {
            Phase::Handling(_) => Some(&mut environment.context),
            _ => environment.process.as_mut().map(|it| &mut it.context),
        }
    }

    /// Puts the result of a transfer where its program expects it: tag, then words.
    fn write_answer(&mut self, env: EnvId, by: Phase, call: Call, first: u8, answer: Answer) {
        let results = call.registers().1;
        let Some(context) = self.context_of(env, by) else {
            return;
        };
        let (tag, words) = match answer {
            Ok(words) => (0, words),
            // Behind a refusal there are zeros, as many as the message would take.
            Err(error) => (1, [error as u64, 0, 0, 0]),
        };
        context.set_register(first, tag);
        for (offset, word) in (1..results).zip(words) {
            context.set_register(first.saturating_add(offset), word);
        }
    }

    /// One entry into the kernel, 36 cycles, with no more of it than a transfer needs (A44).
    fn charge_transfer(&mut self) {
        self.charge_save_time(cost::TRANSFER as u32);
        let environment = self.running();
        environment.cycles.kernel += cost::TRANSFER;
        environment.counters.transfers += 1;
        environment.counters.crossings += 1;
    }
}
