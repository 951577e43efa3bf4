//! Running: one step at a time, or as many references as fit, in one short loop.
//!
//! ```text
//!   Application --hit--> Application           one reference or instruction, no kernel (A09)
//!        | miss
//!     Probing --STLB hit--> Rerunning          one crossing (A33)
//!        | miss
//!   Dispatching --> Handling --> Rerunning     upcall (A26), handler, resumed without the kernel (A27)
//! ```

use super::Machine;
use crate::cost;
use crate::event::{BreakReason, Event, Sink};
use crate::hw::{MemoryWindow, StampsWindow, TlbWindow};
use crate::ids::{Access, Cause, EnvId, Frame, Page, Position, ReferenceKind, TlbSlot};
use crate::kernel::{Environment, Fault, Phase};
use crate::limits::IDENTICAL_FAULTS_MAX;
use crate::mutants::Mutant;
use crate::trace::{BLOCK_REFERENCES, References, Trace};

/// Why a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It came as far as it was asked to.
    Reached,
    /// No environment has anything left to do.
    Halted,
    /// A native handler must answer an upcall of this environment.
    Upcall(EnvId),
}

impl Machine {
    /// Runs until `retired` units are complete since reset, or there is another reason to stop.
    ///
    /// `sources` are the traces that the environments name by place; one that is missing is empty.
    pub fn run<S: Sink>(&mut self, retired: u64, sources: &[&Trace], sink: &mut S) -> Stop {
        while self.position.retired < retired {
            if let Some(stop) = self.advance(retired, sources, sink) {
                return stop;
            }
            // A handler goes on without looking around, unless something else comes first.
            let alone = self.kernel.urgent.is_none()
                && !self.kernel.environments.iter().any(Environment::waits);
            while alone
                && !self.kernel.slices.over
                && !self.is_due()
                && let Phase::Handling(upcall) = self.running().phase
                && self.position.retired < retired
            {
                if let Some(stop) = self.handle(upcall, self.until_due(retired), sink) {
                    return stop;
                }
            }
        }
        Stop::Reached
    }

    /// Makes one step: at most one event, and at most one unit.
    pub fn step<S: Sink>(&mut self, sources: &[&Trace], sink: &mut S) -> Stop {
        self.advance(self.position.retired + 1, sources, sink)
            .unwrap_or(Stop::Reached)
    }

    /// One step, or as many units of one kind as stay below `retired`: references that hit up to
    /// the next miss, or instructions up to the next system call. None is "nothing special".
    pub fn advance<S: Sink>(
        &mut self,
        retired: u64,
        sources: &[&Trace],
        sink: &mut S,
    ) -> Option<Stop> {
        if self.take_over(sink) || self.on_time(sink) || self.hurry(sink) {
            return None;
        }
        let retired = self.until_due(retired);
        if self.kernel.slices.over {
            return self.schedule(sink);
        }
        let program = self.running().process.is_some();
        let trace = sources.get(usize::from(self.running().source)).copied();
        let phase = self.running().phase;
        match phase {
            _ if self.running().notified() => self.begin_notice(sink),
            Phase::Application if self.kernel.slice_left == 0 => return self.end_slice(sink),
            Phase::Application | Phase::Rerunning | Phase::Requesting
                if self.running().begins.is_some() =>
            {
                self.begin_slice(sink);
            }
            Phase::Transferring => self.transfer_failed(sink),
            Phase::Application if program => self.execute(retired, sink),
            Phase::Rerunning if program => self.rerun(sink),
            Phase::Requesting => self.request(sink),
            Phase::Application => {
                let length = trace.map_or(0, Trace::length);
                match trace {
                    Some(trace) if self.running().cursor < length => {
                        let units = retired - self.position.retired;
                        if S::RECORDING || self.references(trace, units) == 0 {
                            self.reference(trace, sink);
                        }
                    }
                    _ => {
                        self.running().phase = Phase::Finished;
                        self.running().over = true;
                        let env = self.kernel.running;
                        self.emit(sink, Event::Finished { env });
                    }
                }
            }
            Phase::Rerunning => match trace {
                Some(trace) => self.reference(trace, sink),
                None => self.running().phase = Phase::Application,
            },
            Phase::Probing => self.probe(sink),
            Phase::Dispatching => self.dispatch(sink),
            Phase::Handling(upcall) => return self.handle(upcall, retired, sink),
            Phase::Waiting(_) | Phase::Finished | Phase::Broken(_) => return self.schedule(sink),
        }
        None
    }

    /// Completes references of the running environment for as long as they hit, at most `units` of
    /// them and at most to the end of the slice or block. Returns how many. Tells nobody.
    fn references(&mut self, trace: &Trace, units: u64) -> u64 {
        let environment = &mut self.kernel.environments[self.kernel.running.index()];
        let start = environment.cursor;
        let Some(block) = trace.block(start) else {
            return 0;
        };
        let first = (start % BLOCK_REFERENCES as u64) as usize;
        let most = units
            .min(u64::from(self.kernel.slice_left))
            .min(trace.length() - start)
            .min((BLOCK_REFERENCES - first) as u64) as usize;
        let run = Run {
            block: block.references(),
            places: first..first + most,
            page_bits: self.config.page_bits,
            value: (start as u8).wrapping_sub(first as u8),
        };
        let stamped = self.hw.use_stamps.offered();
        let (tlb, memory) = (self.hw.tlb.window(), self.hw.memory.window());
        let (stamps, checksum) = (self.hw.use_stamps.window(), environment.checksum);
        let (done, checksum) = if stamped {
            run.complete::<true>(tlb, memory, stamps, checksum)
        } else {
            run.complete::<false>(tlb, memory, stamps, checksum)
        };
        let done = done as u64;
        environment.cursor += done;
        environment.checksum = checksum;
        environment.cycles.application += done * cost::REFERENCE;
        environment.counters.references += done;
        environment.counters.tlb_hits += done;
        self.kernel.slice_left -= done as u32;
        self.events.0 += done;
        if done > 0 {
            self.position = Position {
                retired: self.position.retired + done,
                event: 0,
            };
        }
        done
    }

    /// One reference with all that may become of it: it is completed, at once or after a fault, or
    /// it traps.
    fn reference<S: Sink>(&mut self, trace: &Trace, sink: &mut S) {
        let Some((address, kind)) = trace.get(self.running().cursor) else {
            // The trace was exchanged for a shorter one: the reference is gone.
            self.running().fault = None;
            self.running().phase = Phase::Application;
            return;
        };
        let Some((slot, frame)) = self.translate(address, kind.needs(), sink) else {
            return;
        };
        let offset = address & ((1 << self.config.page_bits) - 1);
        let environment = &mut self.kernel.environments[self.kernel.running.index()];
        let value = environment.cursor as u8;
        let read = self.hw.memory.access(frame, offset, kind.stores(), value);
        environment.checksum = fold(environment.checksum, read, kind);
        environment.cursor += 1;
        environment.cycles.application += cost::REFERENCE;
        self.complete(address, kind, slot, frame, sink);
    }

    /// Looks a reference up in the TLB. None if it trapped to the kernel, which an event tells.
    pub(super) fn translate<S: Sink>(
        &mut self,
        address: u32,
        access: Access,
        sink: &mut S,
    ) -> Option<(TlbSlot, Frame)> {
        let env = self.kernel.running;
        let page = Page(address >> self.config.page_bits);
        let tlb = &self.hw.tlb;
        let found = tlb
            .slot_of(page)
            .and_then(|slot| Some((slot, tlb.entry(slot)?)));
        let (cause, event) = match found {
            Some((slot, entry))
                if entry.access.covers(access) || Mutant::StoreIgnoresAccess.made() =>
            {
                return Some((slot, entry.frame));
            }
            Some((slot, _)) => (
                Cause::Protection,
                Event::Protected {
                    env,
                    address,
                    page,
                    slot,
                },
            ),
            None => (
                Cause::Miss,
                Event::Missed {
                    env,
                    address,
                    page,
                    access,
                },
            ),
        };
        self.trap(Fault {
            address,
            access,
            cause,
            upcalls: [0; 2],
        });
        self.emit(sink, event);
        None
    }

    /// Counts and tells a reference that was completed through a TLB entry that serves it, after a
    /// fault or without; it retires.
    pub(super) fn complete<S: Sink>(
        &mut self,
        address: u32,
        kind: ReferenceKind,
        slot: TlbSlot,
        frame: Frame,
        sink: &mut S,
    ) {
        let env = self.kernel.running;
        let page = Page(address >> self.config.page_bits);
        let environment = &mut self.kernel.environments[env.index()];
        let rerun = environment.fault.take().is_some();
        environment.phase = Phase::Application;
        environment.counters.references += 1;
        environment.counters.tlb_hits += u64::from(!rerun);
        self.hw.tlb.touch(slot);
        self.hw.use_stamps.note(frame);
        if !Mutant::SliceUncharged.made() {
            self.kernel.slice_left = self.kernel.slice_left.saturating_sub(1);
        }
        self.emit(
            sink,
            Event::Accessed {
                env,
                page,
                frame,
                slot,
                kind,
                rerun,
            },
        );
        self.retire();
    }

    /// The hardware enters the kernel: the first crossing of a fault. A reference is counted as a
    /// hit or a miss once, by its first look-up.
    fn trap(&mut self, fault: Fault) {
        let environment = self.running();
        let counters = &mut environment.counters;
        counters.crossings += 1;
        match (fault.cause, environment.fault.is_some()) {
            (Cause::Miss, false) => counters.tlb_misses += 1,
            (Cause::Protection, false) => {
                counters.tlb_hits += 1;
                counters.protection_faults += 1;
            }
            (Cause::Protection, true) => counters.protection_faults += 1,
            (Cause::Miss, true) => {}
        }
        let upcalls = environment.fault.map_or([0; 2], |before| before.upcalls);
        environment.fault = Some(Fault { upcalls, ..fault });
        environment.phase = match fault.cause {
            Cause::Miss => Phase::Probing,
            Cause::Protection => Phase::Dispatching,
        };
    }

    /// Whether a handler has had its chances to serve this fault.
    pub(super) fn gives_up(&self, fault: &Fault) -> Option<BreakReason> {
        let tries = fault.upcalls[fault.cause as usize];
        let over = tries >= IDENTICAL_FAULTS_MAX && !Mutant::FaultForEver.made();
        over.then_some(BreakReason::NeverMapped(fault.cause))
    }
}

/// References of one block, one after the other.
struct Run<'trace> {
    block: References<'trace>,
    places: core::ops::Range<usize>,
    page_bits: u8,
    /// What is stored by a reference at place 0; each later place stores one more (its ordinal).
    value: u8,
}

impl Run<'_> {
    /// Completes references for as long as they hit (A09). Returns how many, and the checksum.
    ///
    /// The one hot loop of the machine: no hashing, no allocation, no event, no search. `STAMPED`
    /// is whether frames have use stamps; a machine without them has another loop.
    #[inline(never)]
    fn complete<const STAMPED: bool>(
        self,
        mut tlb: TlbWindow<'_>,
        mut memory: MemoryWindow<'_>,
        mut stamps: StampsWindow<'_>,
        mut checksum: u64,
    ) -> (usize, u64) {
        let first = self.places.start;
        let mut done = 0;
        for place in self.places {
            let (address, kind) = self.block.get(place);
            let stores = kind.stores();
            let Some((slot, frame)) = tlb.find(Page(address >> self.page_bits), stores) else {
                break;
            };
            // Memory that was never touched grows on the slow path.
            let offset = address & ((1 << self.page_bits) - 1);
            let value = self.value.wrapping_add(place as u8);
            let Some(read) = memory.access(frame, offset, stores, value) else {
                break;
            };
            checksum = fold(checksum, read, kind);
            tlb.touch(slot);
            if STAMPED {
                stamps.note(frame);
            }
            done = place + 1 - first;
        }
        (done, checksum)
    }
}

/// Folds a byte that was read into a checksum, so that lost contents show; a plain store reads
/// nothing.
#[inline(always)]
fn fold(checksum: u64, byte: u8, kind: ReferenceKind) -> u64 {
    let folded = checksum.rotate_left(5).wrapping_add(u64::from(byte));
    if kind == ReferenceKind::Store {
        checksum
    } else {
        folded
    }
}
