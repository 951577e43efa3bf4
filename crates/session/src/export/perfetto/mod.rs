//! A run as Chrome trace events, which Perfetto and `chrome://tracing` open.
//!
//! The machine is a process. Each environment is a track of it, and so are the kernel and the hardware.
//! Slices are beginnings and ends (`B`, `E`) and never lengths: two moments that are the same are then the
//! same number, however a viewer rounds them, and slices stay within each other.

mod counters;
mod disk;
mod levels;
mod lines;
mod stack;

use std::io::{self, Write};

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::machine::{MODEL_VERSION, Machine};

use self::counters::CounterTracks;
use self::disk::Transfers;
use self::levels::levels;
use self::lines::{FlowPart, Lines, Named, Track};
use self::stack::{Flow, Stack};
use super::clock::Clock;
use super::columns::Column;
use super::fields::{Row, row};
use super::json::Object;
use super::{Exported, Reader, View, runs};
use crate::explain::{Actor, env_letter, explain};
use crate::session::{Recorded, Session};

/// Writes the trace.
pub(super) struct Perfetto<W> {
    lines: Lines<W>,
    clock: Clock,
    title: String,
    stacks: Vec<Stack>,
    counters: CounterTracks,
    transfers: Transfers,
    /// What the kernel had spent, and nobody had, before the step.
    kernel_before: u64,
    idle_before: u64,
}

/// Cycles that the kernel has spent, for whomever.
fn kernel_cycles(machine: &Machine) -> u64 {
    let environments = machine.kernel().environments.iter();
    environments.map(|it| it.cycles.kernel).sum()
}

impl<W: Write> Perfetto<W> {
    pub(super) fn new(out: W, clock: Clock) -> Perfetto<W> {
        Perfetto {
            lines: Lines::new(out, clock),
            clock,
            title: String::new(),
            stacks: Vec::new(),
            counters: CounterTracks::default(),
            transfers: Transfers::default(),
            kernel_before: 0,
            idle_before: 0,
        }
    }

    /// Names the tracks.
    fn names(&mut self, session: &Session) -> io::Result<()> {
        let machine = format!("exokernel: {}", self.title);
        self.lines.name(None, &machine)?;
        for (index, spec) in session.scenario().environments.iter().enumerate() {
            let env = EnvId(index as u8);
            let name = format!("{}: {}", env_letter(env), runs(spec));
            self.lines.name(Some(Track::Environment(env)), &name)?;
            self.stacks.push(Stack::new(env));
        }
        self.lines.name(Some(Track::Kernel), "kernel")?;
        self.lines.name(Some(Track::Hardware), "hardware")
    }

    /// Brings every track to what its environment does now. What `acted` did ends where the kernel's
    /// work for it began.
    fn follow(&mut self, machine: &Machine, acted: Option<EnvId>, began: u64) -> io::Result<()> {
        let now = machine.cycles();
        for (index, stack) in self.stacks.iter_mut().enumerate() {
            let env = EnvId(index as u8);
            let ends = if acted == Some(env) { began } else { now };
            stack.follow(&mut self.lines, levels(machine, env), ends, now)?;
            // The reference is complete, or gone with its program.
            let faulting = machine
                .environment(env)
                .is_some_and(|it| it.fault.is_some());
            stack.flow = stack.flow.filter(|_| faulting);
        }
        Ok(())
    }

    /// Writes an event; the kernel has worked for it since `began`. True if it is a call of the kernel.
    fn tell(&mut self, machine: &Machine, recorded: &Recorded, began: u64) -> io::Result<bool> {
        let event = &recorded.stamped.event;
        let now = machine.cycles();
        let sentence = explain(event, machine);
        let row = row(event);
        let args = about(recorded, &row, &sentence.text);
        let what = Named {
            category: "event",
            name: name(&row),
            args: Some(&args),
        };
        self.fault(recorded);
        if began < now {
            self.kernel_slice(event, recorded, &what, began)?;
        }
        let track = track(event, sentence.actor);
        let own = event.env().index();
        let called = row.get(Column::Call) != super::Value::Nothing;
        if called
            && began < now
            && let Some(stack) = self.stacks.get_mut(own)
        {
            let call = Named {
                category: "system call",
                ..what
            };
            stack.show(&mut self.lines)?;
            self.lines.begin(stack.track(), began, &call)?;
            self.lines.end(stack.track(), now)?;
        } else if began == now && !is_an_edge(event) || track == Track::Hardware {
            match (track, self.stacks.get_mut(own)) {
                (Track::Environment(_), Some(stack)) => {
                    stack.instant(&mut self.lines, now, &what)?;
                }
                _ => self.lines.instant(track, now, &what)?,
            }
        }
        let concerned = match *event {
            Event::Transferred { to, .. } => to,
            _ => event.env(),
        };
        if let Some(stack) = self.stacks.get_mut(concerned.index()) {
            stack.about = Some(args);
        }
        Ok(called)
    }

    /// Begins the arrow of a fault, or forgets the one of an environment that was given up.
    fn fault(&mut self, recorded: &Recorded) {
        let event = &recorded.stamped.event;
        let Some(stack) = self.stacks.get_mut(event.env().index()) else {
            return;
        };
        match *event {
            Event::Upcall { page, .. } if stack.flow.is_none() => {
                stack.flow = Some(Flow {
                    id: recorded.number,
                    page: page.0,
                });
            }
            Event::Broken { .. } => stack.flow = None,
            _ => {}
        }
    }

    /// Writes what the kernel did, with its price. The arrow of a fault begins here, and goes through
    /// the call that maps its page.
    fn kernel_slice(
        &mut self,
        event: &Event,
        recorded: &Recorded,
        what: &Named<'_>,
        began: u64,
    ) -> io::Result<()> {
        let now = recorded.stamped.cycles;
        let env = event.env();
        let args = Object::new()
            .text("environment", &env_letter(env))
            .number("cycles", now - began)
            .number("step", recorded.number)
            .end();
        let slice = Named {
            category: "kernel",
            args: Some(&args),
            ..*what
        };
        self.lines.begin(Track::Kernel, began, &slice)?;
        let flow = self.stacks.get(env.index()).and_then(|it| it.flow);
        if let Some(flow) = flow {
            let part = match *event {
                Event::Upcall { .. } if flow.id == recorded.number => Some(FlowPart::Start),
                Event::Upcall { .. } => Some(FlowPart::Step),
                Event::Bound { page, .. } | Event::BoundShared { page, .. }
                    if page.0 == flow.page =>
                {
                    Some(FlowPart::Step)
                }
                _ => None,
            };
            if let Some(part) = part {
                self.lines.flow(Track::Kernel, began, flow.id, part)?;
            }
        }
        self.lines.end(Track::Kernel, now)
    }
}

/// What is said of an event beside its name.
fn about(recorded: &Recorded, row: &Row, text: &str) -> String {
    let numbers = row.fields.iter();
    let numbers = numbers.fold(Object::new(), |args, (column, value)| {
        args.value(column.name(), *value)
    });
    numbers
        .text("position", &recorded.after.to_string())
        .number("step", recorded.number)
        .text("text", text)
        .end()
}

/// The system call, or the kind of event: the same for all that are alike, so that a viewer gives them
/// one colour and adds them up.
fn name(row: &Row) -> &'static str {
    match row.get(Column::Call) {
        super::Value::Word(call) => call,
        _ => row.kind,
    }
}

/// Where an event is drawn.
fn track(event: &Event, actor: Actor) -> Track {
    match (event, actor) {
        // The software TLB belongs beside the TLB, though it is the kernel that looks.
        (Event::StlbHit { .. } | Event::StlbMissed { .. }, _) => Track::Hardware,
        (_, Actor::Application(env) | Actor::Libos(env)) => Track::Environment(env),
        (_, Actor::Kernel) => Track::Kernel,
        (_, Actor::Hardware) => Track::Hardware,
    }
}

/// Whether an event is the end of a slice, which shows it.
fn is_an_edge(event: &Event) -> bool {
    matches!(
        event,
        Event::Accessed { rerun: true, .. } | Event::Resumed { .. } | Event::Idled { .. }
    )
}

impl<W: Write> Reader for Perfetto<W> {
    fn begin(&mut self, session: &Session, _: &View) -> io::Result<()> {
        let machine = session.machine();
        self.title.clone_from(&session.scenario().title);
        self.names(session)?;
        self.kernel_before = kernel_cycles(machine);
        self.idle_before = machine.kernel().idle_cycles;
        self.counters.begin(&mut self.lines, machine)?;
        self.transfers
            .begin(&machine.hardware().disk, machine.cycles());
        self.follow(machine, None, machine.cycles())
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        let now = machine.cycles();
        let (kernel, idle) = (kernel_cycles(machine), machine.kernel().idle_cycles);
        let began = now - (kernel - self.kernel_before);
        self.kernel_before = kernel;
        if idle > self.idle_before {
            let args = Object::new()
                .number("cycles", idle - self.idle_before)
                .end();
            let what = Named {
                category: "kernel",
                name: "nobody can run",
                args: Some(&args),
            };
            let since = now - (idle - self.idle_before);
            self.lines.begin(Track::Kernel, since, &what)?;
            self.lines.end(Track::Kernel, now)?;
            self.idle_before = idle;
        }
        let mut acted = None;
        if let Some(recorded) = told {
            let event = &recorded.stamped.event;
            self.transfers.pass(&mut self.lines, now)?;
            let called = self.tell(machine, recorded, began)?;
            if let Event::DiskRequested {
                direction,
                block,
                frame,
                due_cycles,
                ..
            } = *event
            {
                self.transfers.add(now, due_cycles, direction, block, frame);
            }
            // A system call lies within what made it.
            acted = Some(event.env()).filter(|_| !called);
            self.counters.step(&mut self.lines, machine, event)?;
        }
        self.follow(machine, acted, began)
    }

    fn finish(&mut self, machine: &Machine, exported: &Exported) -> io::Result<()> {
        let now = machine.cycles();
        for stack in &mut self.stacks {
            stack.follow(&mut self.lines, Default::default(), now, now)?;
        }
        self.transfers.finish(&mut self.lines, now)?;
        self.counters.finish(&mut self.lines, machine)?;
        let mut about = Object::new()
            .text("title", &self.title)
            .text("time", &format!("the machine's cycles at {}", self.clock))
            .text("from", &exported.from.to_string())
            .text("to", &exported.to.to_string());
        about = match exported.cut {
            Some(cut) => about.text("cutBefore", &cut.to_string()),
            None => about.raw("cutBefore", "null"),
        };
        let about = about
            .number("events", exported.events)
            .number("plainHitsLeftOut", exported.hits_left_out)
            .number("modelVersion", MODEL_VERSION.into())
            .end();
        self.lines.finish(&about)
    }
}
