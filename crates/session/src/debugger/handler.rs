//! The run of a message handler, line by line: run once more on copies, since it is one step of the machine.

use exo_core::cpu::{Context, Program};
use exo_core::event::{Event, NetworkFact};
use exo_core::hw::State;
use exo_core::ids::EnvId;
use exo_core::kernel::filter::FilterId;

use super::value::rows;
use super::{Inside, starts_line};
use crate::session::Session;

/// Lines that are told of one run.
const LINES_MAX: usize = 1_000;

/// How a message handler ran for one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerRun {
    /// Whose it is.
    pub env: EnvId,
    /// Its file name.
    pub name: String,
    /// The lines that it went through, in order; of a long run the first 1,000.
    pub lines: Vec<HandlerLine>,
}

/// A line that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerLine {
    /// The function that it stands in.
    pub function: String,
    /// Its number, from 1.
    pub line: u32,
    /// What is written there.
    pub text: String,
    /// Variables that had another value, or a first one, when the next line began: name and value.
    pub changes: Vec<(String, String)>,
}

/// What is noted on the way.
struct Trail<'program> {
    program: &'program Program,
    source: &'program str,
    lines: Vec<HandlerLine>,
    /// What was told of the variables of each call under way, the outermost first.
    told: Vec<Vec<(String, String)>>,
    /// Where it stood before.
    before: Option<u32>,
}

impl Trail<'_> {
    fn look(&mut self, context: &Context, state: &State<'_>) {
        let pc = context.pc();
        // An instruction that moves many bytes stands where it is for a while.
        let stays = self.before.replace(pc) == Some(pc);
        if stays || !starts_line(self.program, pc) || self.lines.len() >= LINES_MAX {
            return;
        }
        let inside = Inside {
            program: self.program,
            context: Some(context),
            state: state.image(),
        };
        let Some(call) = inside.calls().into_iter().next() else {
            return;
        };
        let values = rows(call.variables.into_iter());
        self.told.resize(context.depth() + 1, Vec::new());
        let told = self
            .told
            .last_mut()
            .map(|told| std::mem::replace(told, values.clone()));
        let told = told.unwrap_or_default();
        if let Some(line) = self.lines.last_mut() {
            let changes = values.into_iter().filter(|it| !told.contains(it));
            line.changes = changes.collect();
        }
        let line = call.place.line;
        let text = self.source.lines().nth(line.saturating_sub(1) as usize);
        self.lines.push(HandlerLine {
            function: call.function.to_owned(),
            line,
            text: text.unwrap_or_default().trim().to_owned(),
            changes: Vec::new(),
        });
    }
}

impl Session {
    /// The message handler that ran at the step that has just been made, line by line; none if none did.
    /// The run stands where it stood.
    pub fn handler_run(&mut self) -> Option<HandlerRun> {
        let here = self.machine().position();
        let current = self.current().filter(|it| it.after == here)?;
        let Event::Network {
            env,
            fact:
                NetworkFact::HandlerRan { filter, .. } | NetworkFact::HandlerStopped { filter, .. },
        } = current.stamped.event
        else {
            return None;
        };
        let step = current.number;
        self.go_to_step(step.saturating_sub(1));
        let run = self.handler_due(env, filter);
        self.go_to_step(step);
        run
    }

    /// The run of the handler whose turn is next, which is the one of that filter.
    fn handler_due(&self, env: EnvId, filter: FilterId) -> Option<HandlerRun> {
        let kernel = self.machine().kernel();
        let binding = kernel.network.as_ref()?.bindings.get(&filter)?;
        let place = usize::from(binding.handler?);
        let spec = self.scenario().environments.get(env.index())?;
        let download = spec.downloads.get(place)?;
        let environment = self.machine().environment(env)?;
        let mut trail = Trail {
            program: &environment.downloads.get(place)?.program,
            source: &download.source,
            lines: Vec::new(),
            told: Vec::new(),
            before: None,
        };
        let watch = &mut |context: &Context, state: &State<'_>| trail.look(context, state);
        self.machine().watch_handler(watch)?;
        Some(HandlerRun {
            env,
            name: download.name.clone(),
            lines: trail.lines,
        })
    }
}
