//! A fault on its way: software TLB, upcall, handler, and back to the application.

use super::{Machine, Stop};
use crate::cost;
use crate::cpu::{Context, Entry, Exit, NoBus, SourcePlace, Trap};
use crate::event::{BreakReason, Event, Sink};
use crate::hw::State;
use crate::ids::{Cause, EnvId, Page};
use crate::kernel::call::{Call, CallResult};
use crate::kernel::{Fault, Handler, Hardware, Kernel, Phase, StlbEntry, Upcall, Way};
use crate::limits::{LOG_VALUES_MAX, UPCALL_FUEL};
use crate::mutants::Mutant;

impl Machine {
    /// The kernel looks in the software TLB for the page that missed (A30).
    pub(super) fn probe<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let Some(fault) = self.running().fault else {
            return;
        };
        let page = Page(fault.address >> self.config.page_bits);
        if self.refill(page, sink) {
            self.running().phase = Phase::Rerunning;
            return;
        }
        self.running().phase = Phase::Dispatching;
        let Some(index) = self.kernel.stlb.index_of(env, page) else {
            return;
        };
        let other = self.kernel.stlb.entry(index);
        let occupant = other.map(|entry| (entry.env, entry.page));
        self.emit(
            sink,
            Event::StlbMissed {
                env,
                page,
                index,
                occupant,
            },
        );
    }

    /// Writes a page of the running environment into the TLB, if the software TLB has it. False, and
    /// nothing happens, if it has not.
    pub(super) fn refill<S: Sink>(&mut self, page: Page, sink: &mut S) -> bool {
        let env = self.kernel.running;
        let Some(index) = self.kernel.stlb.index_of(env, page) else {
            return false;
        };
        let entry = self.kernel.stlb.entry(index);
        let Some(entry) = entry.filter(|it| serves(it, env, page)) else {
            return false;
        };
        let (frame, access) = (entry.frame, entry.access);
        let slot = self.kernel.install(&mut self.hw, entry);
        let environment = self.running();
        environment.cycles.kernel += cost::STLB_HIT;
        environment.counters.stlb_hits += 1;
        self.charge_save_time(cost::STLB_HIT as u32);
        self.emit(
            sink,
            Event::StlbHit {
                env,
                page,
                frame,
                access,
                index,
                slot,
            },
        );
        true
    }

    /// The kernel passes the fault up: saves three registers, jumps to the handler (A26).
    pub(super) fn dispatch<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let page_bits = self.config.page_bits;
        let Some(mut fault) = self.running().fault else {
            return;
        };
        if let Some(reason) = self.gives_up(&fault) {
            let place = self.handler_place();
            return self.break_environment(reason, place, sink);
        }
        let upcalls = &mut fault.upcalls[fault.cause as usize];
        *upcalls = upcalls.saturating_add(1);
        let page = Page(fault.address >> page_bits);
        let environment = &mut self.kernel.environments[env.index()];
        let arguments = fault_arguments(&fault, page);
        if let Err(reason) = environment.must_enter(Upcall::PageFault, &arguments) {
            return self.break_environment(reason, SourcePlace::default(), sink);
        }
        environment.fault = Some(fault);
        environment.phase = Phase::Handling(Upcall::PageFault);
        environment.counters.upcalls += 1;
        environment.cycles.kernel += match fault.cause {
            Cause::Miss => cost::DISPATCH,
            Cause::Protection => cost::DISPATCH_PROTECTION,
        };
        let (address, access, cause) = (fault.address, fault.access, fault.cause);
        self.emit(
            sink,
            Event::Upcall {
                env,
                address,
                page,
                access,
                cause,
            },
        );
    }

    fn handler_place(&mut self) -> SourcePlace {
        let Some(program) = self.running().program() else {
            return SourcePlace::default();
        };
        let function = program
            .entry(Entry::PageFault)
            .and_then(|it| program.functions.get(usize::from(it)));
        function.map_or(SourcePlace::default(), |function| {
            program.place(function.entry)
        })
    }

    /// Runs the handler up to its next system call, its end, or `retired` units in all.
    pub(super) fn handle<S: Sink>(
        &mut self,
        upcall: Upcall,
        retired: u64,
        sink: &mut S,
    ) -> Option<Stop> {
        let env = self.kernel.running;
        let environment = &self.kernel.environments[env.index()];
        if environment.program().is_none() {
            return Some(Stop::Upcall(env));
        }
        let fuel = UPCALL_FUEL + u64::from(Mutant::FuelOffByOne.made());
        let fuel_left = fuel.saturating_sub(environment.context.fuel_used());
        let mut budget = (retired - self.position.retired).min(fuel_left);
        if let Some(left) = self.handler_left(upcall) {
            if left == 0 {
                return self.handler_out_of_time(sink);
            }
            budget = budget.min(left);
        }
        let environment = &mut self.kernel.environments[env.index()];
        let Handler::Program(program) = &environment.handler else {
            return Some(Stop::Upcall(env));
        };
        let mut state = State::new(&mut self.hw.memory, &environment.segment);
        let (completed, exit) = environment
            .context
            .run(program, &mut state, &mut NoBus, budget);
        environment.cycles.libos += completed * cost::INSTRUCTION;
        self.charge_handler(upcall, completed);
        match exit {
            // What the last instruction does is told before that instruction retires.
            Exit::Syscall { .. } | Exit::Log { .. } | Exit::Returned => {
                self.pass(completed - 1);
                self.answer(upcall, exit, sink);
                self.retire();
            }
            Exit::Budget => {
                self.pass(completed);
                if fuel_left == completed {
                    self.trap_handler(Trap::OutOfFuel, sink);
                }
            }
            Exit::Trap(trap) => {
                self.pass(completed);
                self.trap_handler(trap, sink);
            }
            Exit::Reference(reference) => {
                self.pass(completed);
                self.reach(upcall, reference, sink);
            }
            // Only an application has a libOS to call.
            Exit::LibosCall { .. } => {
                self.pass(completed);
                self.trap_handler(Trap::BadCode, sink);
            }
        }
        None
    }

    /// Notes that `units` instructions are complete.
    pub(super) fn pass(&mut self, units: u64) {
        if units > 0 {
            self.position.retired += units;
            self.position.event = 0;
        }
    }

    fn trap_handler<S: Sink>(&mut self, trap: Trap, sink: &mut S) {
        let place = self.standing_place();
        self.break_environment(BreakReason::Trap(trap), place, sink);
    }

    /// Where the running environment's handler stands.
    pub(super) fn standing_place(&mut self) -> SourcePlace {
        let environment = self.running();
        let program = environment.program();
        program.map_or(SourcePlace::default(), |it| environment.context.place(it))
    }

    /// Answers what the handler stopped for.
    fn answer<S: Sink>(&mut self, upcall: Upcall, exit: Exit, sink: &mut S) {
        let env = self.kernel.running;
        match exit {
            Exit::Syscall { call, first } => {
                if self.transfer(call, first, sink) {
                    return;
                }
                let arguments = arguments(&self.running().context, first);
                match self.numbered_call(call, arguments, sink) {
                    None => self.trap_handler(Trap::BadCode, sink),
                    Some((call, result)) => self.give_back(env, call, result, first),
                }
            }
            Exit::Log {
                message,
                first,
                count,
            } => {
                let values = log_values(&self.running().context, first, count);
                self.charge_system_call(Call::Log);
                self.emit(
                    sink,
                    Event::Logged {
                        env,
                        application: false,
                        message,
                        count,
                        values,
                    },
                );
            }
            Exit::Returned => self.returned(upcall, sink),
            Exit::Budget | Exit::Trap(_) | Exit::LibosCall { .. } | Exit::Reference(_) => {}
        }
    }

    /// The handler is done: its results decide what becomes of its environment.
    fn returned<S: Sink>(&mut self, upcall: Upcall, sink: &mut S) {
        let place = self.standing_place();
        match upcall {
            Upcall::Exception => return self.recover(place, sink),
            Upcall::SliceEnded => return self.slice_saved(sink),
            Upcall::Entered => return self.transfer_back(sink),
            Upcall::Signalled => return self.signal_served(sink),
            _ => {}
        }
        let context = &mut self.running().context;
        let (tag, value) = (context.register(0), context.register(1));
        let answer = Machine::answer_of(tag, value);
        if upcall == Upcall::Request && answer.is_err() {
            return self.trap_handler(Trap::BadCode, sink);
        }
        self.running().context.leave();
        match (upcall, answer) {
            (Upcall::Request, Ok(answer)) => self.reply(answer, sink),
            (
                Upcall::PageFault
                | Upcall::Revoke
                | Upcall::Repossessed
                | Upcall::Packets
                | Upcall::Alarm,
                Ok(Err(error)),
            ) => {
                self.break_environment(BreakReason::Failed(error), place, sink);
            }
            _ => self.resume(sink),
        }
    }

    /// The handler goes back to its application without the kernel (A27).
    pub(super) fn resume<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let environment = self.running();
        if !Mutant::NoticeStays.made() {
            environment.notice = None;
        }
        environment.phase = environment.application_phase();
        self.emit(sink, Event::Resumed { env });
    }

    /// Carries out the system call of that number. None, and nothing happens, if there is none.
    pub(super) fn numbered_call<S: Sink>(
        &mut self,
        number: u8,
        arguments: [u64; 3],
        sink: &mut S,
    ) -> Option<(Call, CallResult)> {
        let call = Call::from_number(number)?;
        Some((call, self.system_call(call, arguments, sink)))
    }

    /// Enters the kernel for a system call of the running environment and carries it out.
    pub(super) fn system_call<S: Sink>(
        &mut self,
        call: Call,
        arguments: [u64; 3],
        sink: &mut S,
    ) -> CallResult {
        self.charge_system_call(call);
        let cycles = self.cycles();
        let (kernel, hw): (&mut Kernel, &mut Hardware) = (&mut self.kernel, &mut self.hw);
        let (result, event) = kernel.system_call(hw, call, arguments, cycles);
        if let Event::Unbound { pages, .. } = event
            && call == Call::TlbDropRun
        {
            self.running().cycles.kernel += cost::DROP_PAGE * u64::from(pages);
            self.charge_save_time(cost::DROP_PAGE as u32 * pages);
        }
        self.emit(sink, event);
        result
    }

    /// One entry into the kernel and the way back, by the way that the call takes (A44).
    pub(super) fn charge_system_call(&mut self, call: Call) {
        let way = call.way();
        let environment = self.running();
        environment.cycles.kernel += way.cycles();
        environment.counters.system_calls += 1;
        environment.counters.stack_calls += u64::from(way == Way::Stack);
        environment.counters.crossings += 1;
        self.charge_save_time(way.cycles() as u32);
    }

    /// Gives up the running environment. It keeps its frames; nothing of it runs until another
    /// policy is installed.
    pub(super) fn break_environment<S: Sink>(
        &mut self,
        reason: BreakReason,
        place: SourcePlace,
        sink: &mut S,
    ) {
        let env: EnvId = self.kernel.running;
        let environment = self.running();
        environment.notice = None;
        environment.phase = Phase::Broken(reason);
        (environment.saving, environment.begins) = (None, None);
        environment.incoming = None;
        self.emit(sink, Event::Broken { env, reason, place });
    }
}

/// Whether an entry of the software TLB is the binding of `page` of `env`.
fn serves(entry: &StlbEntry, env: EnvId, page: Page) -> bool {
    (entry.env == env || Mutant::ProbeIgnoresEnvironment.made()) && entry.page == page
}

/// What `page_fault` is told.
fn fault_arguments(fault: &Fault, page: Page) -> [u64; 4] {
    let (address, page) = (u64::from(fault.address), u64::from(page.0));
    [address, page, fault.access as u64, fault.cause as u64]
}

/// The arguments of a call, from register `first` on.
pub(super) fn arguments(context: &Context, first: u8) -> [u64; 3] {
    [0, 1, 2].map(|offset| context.register(first.saturating_add(offset)))
}

/// The values of a `log!`, from register `first` on.
pub(super) fn log_values(context: &Context, first: u8, count: u8) -> [u64; LOG_VALUES_MAX] {
    let mut values = [0; LOG_VALUES_MAX];
    for (offset, value) in (0..count).zip(&mut values) {
        *value = context.register(first.saturating_add(offset));
    }
    values
}

/// Puts a call's result where its program expects it, from register `first` on.
pub(super) fn write_result(call: Call, result: CallResult, context: &mut Context, first: u8) {
    let mut write = |offset: u8, value| context.set_register(first.saturating_add(offset), value);
    match (call.registers().1, result) {
        (2.., Ok(mut value)) => {
            write(0, 0);
            for (offset, bits) in (1..).zip(call.fields()) {
                let wide = u64::MAX >> (64 - u32::from(*bits));
                write(offset, value & wide);
                value = value.checked_shr((*bits).into()).unwrap_or(0);
            }
        }
        // Behind a refusal there are zeros, as many as the answer would take.
        (results @ 2.., Err(error)) => {
            write(0, 1);
            write(1, error as u64);
            (2..results).for_each(|offset| write(offset, 0));
        }
        (1, Ok(value)) => write(0, value),
        _ => {}
    }
}
