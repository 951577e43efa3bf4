//! What a handler loads from and stores to its application's memory, and double faults (A32).
//!
//! It goes through the TLB as the application's own references do. A miss that the software TLB
//! answers costs what it costs anyone. Any other fault is one within a handler, a double fault: it is
//! passed up to nobody, or a handler could be entered for its own fault without end (INV-UP-2).

use super::Machine;
use crate::cost;
use crate::cpu::Reference;
use crate::event::{BreakReason, Event, Sink};
use crate::ids::{Cause, EnvId, Page, ReferenceKind};
use crate::kernel::{Phase, Upcall};
use crate::mutants::Mutant;

/// What became of a load or store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// It is complete: what was loaded or stored.
    Done(u64),
    /// The software TLB had the page, and the TLB has it now: once more.
    Again,
    /// The environment was given up.
    DoubleFault,
}

impl Machine {
    /// One load or store by the program of the handler under way.
    pub(super) fn reach<S: Sink>(&mut self, upcall: Upcall, reference: Reference, sink: &mut S) {
        let Reference {
            address,
            bits,
            stored,
            ..
        } = reference;
        let Reached::Done(value) = self.reach_memory(address, bits, stored, sink) else {
            return;
        };
        let environment = self.running();
        environment.context.complete_reference(reference, value);
        environment.cycles.libos += cost::INSTRUCTION;
        self.charge_handler(upcall, 1);
        self.retire();
    }

    /// Loads or stores `bits` (8, 32 or 64) for the native handler of `env`. None, and nothing
    /// happens, if no such handler is under way, or the address is no multiple of the size. None
    /// also for a double fault, which is the end of the environment.
    pub fn native_reach<S: Sink>(
        &mut self,
        env: EnvId,
        address: u32,
        bits: u8,
        stored: Option<u64>,
        sink: &mut S,
    ) -> Option<u64> {
        let Phase::Handling(upcall) = self.environment(env)?.phase else {
            return None;
        };
        if !self.native_waits(env, upcall) || !address.is_multiple_of(u32::from(bits / 8).max(1)) {
            return None;
        }
        loop {
            match self.reach_memory(address, bits, stored, sink) {
                Reached::Done(value) => return Some(value),
                Reached::Again => {}
                Reached::DoubleFault => return None,
            }
        }
    }

    fn reach_memory<S: Sink>(
        &mut self,
        address: u32,
        bits: u8,
        stored: Option<u64>,
        sink: &mut S,
    ) -> Reached {
        let env = self.kernel.running;
        let page = Page(address >> self.config.page_bits);
        let kind = match stored {
            None => ReferenceKind::Load,
            Some(_) => ReferenceKind::Store,
        };
        let tlb = &self.hw.tlb;
        let found = tlb.slot_of(page);
        let found = found.and_then(|slot| Some((slot, tlb.entry(slot)?)));
        let Some((slot, entry)) = found else {
            self.running().counters.crossings += 1;
            return match self.refill(page, sink) {
                true => Reached::Again,
                false => self.double_fault(address, Cause::Miss, sink),
            };
        };
        if !entry.access.covers(kind.needs()) {
            self.running().counters.crossings += 1;
            return self.double_fault(address, Cause::Protection, sink);
        }

        let frame = entry.frame;
        let offset = address & ((1 << self.config.page_bits) - 1);
        let memory = &mut self.hw.memory;
        memory.touch(frame);
        let value = match stored {
            None => memory.load_word(frame, offset, bits),
            Some(value) => memory
                .store_word(frame, offset, bits, value)
                .map(|()| value),
        };
        self.hw.tlb.touch(slot);
        self.hw.use_stamps.note(frame);
        self.emit(
            sink,
            Event::HandlerAccessed {
                env,
                page,
                frame,
                slot,
                kind,
            },
        );
        Reached::Done(value.unwrap_or(0))
    }

    fn double_fault<S: Sink>(&mut self, address: u32, cause: Cause, sink: &mut S) -> Reached {
        if Mutant::DoubleFaultPassedOver.made() {
            return Reached::Done(0);
        }
        let place = self.standing_place();
        let reason = BreakReason::DoubleFault { address, cause };
        self.break_environment(reason, place, sink);
        Reached::DoubleFault
    }
}
