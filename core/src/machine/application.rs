//! Applications that are programs: their instructions, loads and stores, calls and end.

use super::Machine;
use super::mmu::{Mmu, Told};
use crate::cost;
use crate::cpu::{Exit, Reference, SourcePlace, Trap};
use crate::event::{Event, Sink};
use crate::hw::State;
use crate::ids::ReferenceKind;
use crate::kernel::call::Call;
use crate::kernel::{Phase, Request};

impl Machine {
    /// Runs instructions of the running environment's program up to its next call, to a reference
    /// that does not hit, to its end, to the end of its slice, or to `retired` units in all. Each
    /// is one unit, one cycle of the application and one of the slice.
    ///
    /// While a sink records, every reference leaves the CPU, so that it is told where it happens.
    pub(super) fn execute<S: Sink>(&mut self, retired: u64, sink: &mut S) {
        let left = retired.saturating_sub(self.position.retired);
        let budget = left.min(u64::from(self.kernel.slice_left));
        let environment = &mut self.kernel.environments[self.kernel.running.index()];
        let Some(process) = &mut environment.process else {
            return;
        };
        let mut state = State::new(&mut self.hw.memory, &process.segment);
        let (context, program) = (&mut process.context, &process.program);
        let (completed, exit, references) = if S::RECORDING {
            let mut told = Told {
                coprocessor: environment.coprocessor,
            };
            let (completed, exit) = context.run(program, &mut state, &mut told, budget);
            (completed, exit, 0)
        } else {
            let mut mmu = Mmu {
                tlb: self.hw.tlb.window(),
                stamps: self.hw.use_stamps.window(),
                page_bits: self.config.page_bits,
                coprocessor: environment.coprocessor,
                references: 0,
            };
            let (completed, exit) = context.run(program, &mut state, &mut mmu, budget);
            (completed, exit, mmu.references)
        };
        if completed > 0 {
            process.raised = None;
        }
        environment.cycles.application += completed * cost::INSTRUCTION;
        environment.counters.instructions += completed;
        environment.counters.references += references;
        environment.counters.tlb_hits += references;
        self.events.0 += references;
        self.kernel.slice_left -= completed as u32;
        self.executed(completed, exit, sink);
    }

    /// Goes on from where the CPU stopped behind `completed` instructions.
    fn executed<S: Sink>(&mut self, completed: u64, exit: Exit, sink: &mut S) {
        match exit {
            // What the last instruction does is told before that instruction retires.
            Exit::Syscall { .. } | Exit::Log { .. } | Exit::LibosCall { .. } | Exit::Returned => {
                self.pass(completed.saturating_sub(1));
                self.ask(exit, sink);
                self.retire();
            }
            Exit::Budget => self.pass(completed),
            Exit::Reference(reference) => {
                self.pass(completed);
                self.serve(reference, sink);
            }
            Exit::Trap(trap) => {
                self.pass(completed);
                self.trap_application(trap, sink);
            }
        }
    }

    /// Does what the program's last instruction asks for.
    fn ask<S: Sink>(&mut self, exit: Exit, sink: &mut S) {
        let env = self.kernel.running;
        let environment = &mut self.kernel.environments[env.index()];
        let Some(process) = &mut environment.process else {
            return;
        };
        match exit {
            Exit::Syscall { call, first } => self.ask_kernel(call, first, sink),
            Exit::Log {
                message,
                first,
                count,
            } => {
                let values = super::upcall::log_values(&process.context, first, count);
                self.charge_system_call(Call::Log);
                self.emit(
                    sink,
                    Event::Logged {
                        env,
                        application: true,
                        message,
                        count,
                        values,
                    },
                );
            }
            Exit::LibosCall { first } => {
                let arguments = super::upcall::arguments(&process.context, first);
                process.request = Some(Request {
                    arguments,
                    register: first,
                });
                // The instruction itself is one of the cycles of a procedure call.
                environment.cycles.application += cost::PROCEDURE_CALL - cost::INSTRUCTION;
                environment.counters.requests += 1;
                environment.phase = Phase::Requesting;
                let [request, first, second] = arguments;
                self.emit(
                    sink,
                    Event::Requested {
                        env,
                        request,
                        first,
                        second,
                    },
                );
            }
            Exit::Returned => {
                process.context.leave();
                environment.phase = Phase::Finished;
                environment.over = true;
                self.emit(sink, Event::Finished { env });
            }
            Exit::Budget | Exit::Trap(_) | Exit::Reference(_) => {}
        }
    }

    /// Makes the system call that the program asks for, with registers from `first` on.
    fn ask_kernel<S: Sink>(&mut self, number: u8, first: u8, sink: &mut S) {
        if self.transfer(number, first, sink) {
            return;
        }
        let env = self.kernel.running;
        let Some(process) = &self.running().process else {
            return;
        };
        let arguments = super::upcall::arguments(&process.context, first);
        let Some((call, result)) = self.numbered_call(number, arguments, sink) else {
            return self.trap_application(Trap::BadCode, sink);
        };
        self.give_back(env, call, result, first);
    }

    /// Runs the load or store that faulted once more.
    pub(super) fn rerun<S: Sink>(&mut self, sink: &mut S) {
        let environment = &mut self.kernel.environments[self.kernel.running.index()];
        let exit = environment.process.as_mut().map(|process| {
            let mut state = State::new(&mut self.hw.memory, &process.segment);
            let program = &process.program;
            let mut told = Told {
                coprocessor: environment.coprocessor,
            };
            process.context.run(program, &mut state, &mut told, 1).1
        });
        if let Some(Exit::Reference(reference)) = exit {
            self.serve(reference, sink);
        } else {
            environment.fault = None;
            environment.phase = Phase::Application;
        }
    }

    /// One load or store with all that may become of it: it is completed, at once or after a fault,
    /// or it traps.
    fn serve<S: Sink>(&mut self, reference: Reference, sink: &mut S) {
        let kind = match reference.stored {
            None => ReferenceKind::Load,
            Some(_) => ReferenceKind::Store,
        };
        let Reference { address, bits, .. } = reference;
        let Some((slot, frame)) = self.translate(address, kind.needs(), sink) else {
            return;
        };
        let offset = address & ((1 << self.config.page_bits) - 1);
        let memory = &mut self.hw.memory;
        memory.touch(frame);
        let loaded = match reference.stored {
            None => memory.load_word(frame, offset, bits),
            Some(value) => memory
                .store_word(frame, offset, bits, value)
                .map(|()| value),
        };
        let environment = self.running();
        if let (Some(loaded), Some(process)) = (loaded, &mut environment.process) {
            process.context.complete_reference(reference, loaded);
        }
        environment.cycles.application += cost::INSTRUCTION;
        environment.counters.instructions += 1;
        self.complete(address, kind, slot, frame, sink);
    }

    /// Where the running environment's application stands.
    pub(super) fn application_place(&mut self) -> SourcePlace {
        let process = self.running().process.as_ref();
        process.map_or(SourcePlace::default(), |it| it.context.place(&it.program))
    }
}
