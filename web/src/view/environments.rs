//! The environments: what each is doing, what it holds, and who spends its cycles.

use exo_core::ids::{EnvId, Urgency};
use exo_core::kernel::{Environment, Phase, Upcall};
use exo_core::machine::Machine;
use exo_libos_samples::{APPLICATIONS, ApplicationSample};
use exo_session::explain::broken;
use exo_session::why::Thing;
use exo_session::{ApplicationSpec, Session};

use super::lessons::{LessonView, lesson};
use super::linked::Linked;
use super::memory::Owner;
use super::touched::touched;
use super::why::{self, WhyView};
use super::words::{self, grouped, percent};
use crate::store::Playground;

/// What an environment is doing, apart from the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseMark {
    /// It has something to do.
    Alive,
    /// Its trace is over.
    Finished,
    /// It was given up.
    Broken,
}

/// What the kernel wants back of an environment, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedView {
    /// In words.
    pub words: String,
    /// Cycles of the time for it that are over, and how long it is.
    pub time: (u64, u64),
}

/// One environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentView {
    /// Its letter and hue.
    pub owner: Owner,
    /// The name of its policy's type.
    pub policy: String,
    /// The sample application that it runs; none for a trace.
    pub runs: Option<&'static str>,
    /// The name of its trace, or of the one that would come back.
    pub trace: String,
    /// What its application teaches.
    pub lesson: Option<LessonView>,
    /// Frames held, of those it may hold.
    pub frames: String,
    /// How many it may hold.
    pub frame_limit: u32,
    /// How many the machine has.
    pub frames_in_all: u32,
    /// What the kernel wants back.
    pub asked: Option<AskedView>,
    /// What it is doing, in words.
    pub phase: String,
    /// The line at which its handler stands or was given up, which the words end with.
    pub line: Option<u32>,
    /// Whether it is chosen, or owns what is.
    pub looked: bool,
    /// Whether it is itself what is chosen.
    pub chosen: bool,
    /// The same as the words, for the eye.
    pub mark: PhaseMark,
    /// Why it was given up.
    pub reason: Option<String>,
    /// Why it is where it is, if someone asked.
    pub why: Option<WhyView>,
    /// Whether the current step is its.
    pub now: bool,
    /// Counters, name and value.
    pub counters: Vec<(&'static str, String)>,
    /// Cycles of application, libOS and kernel.
    pub cycles: [u64; 3],
    /// Cycles of the environment that has the most, for the scale of the bars.
    pub scale: u64,
}

pub(super) fn select(playground: &Playground, linked: &Linked) -> Vec<EnvironmentView> {
    let session = playground.session();
    let kernel = session.machine().kernel();
    let scale = kernel
        .environments
        .iter()
        .map(|env| env.cycles.total())
        .max()
        .unwrap_or(0);
    let acting = touched(session).env;
    let environments = kernel.environments.iter().enumerate();
    let pinned = pinned(session.machine());
    environments
        .map(|(index, environment)| {
            let env = EnvId(index as u8);
            let running = kernel.running == env;
            let line = session.handler_place(env).map(|place| place.line);
            let cycles = environment.cycles;
            let sample = application(session, index);
            EnvironmentView {
                owner: Owner { env },
                policy: environment
                    .program()
                    .map_or_else(String::new, |it| it.name.clone()),
                runs: sample.map(|sample| sample.name),
                trace: trace(playground, index),
                lesson: sample.map(|sample| lesson(sample.title, &sample.lesson())),
                frames: frames(environment, pinned.get(index).copied().unwrap_or(0)),
                frame_limit: environment.coming_frame_limit(),
                frames_in_all: session.machine().config().frames,
                asked: asked_here(session, env, environment),
                phase: phase(environment, running, line),
                line: line.filter(|line| *line > 0 && stands(environment)),
                looked: linked.env == Some(env),
                chosen: playground.looked == Some(Thing::Environment(env)),
                mark: match environment.phase {
                    Phase::Finished => PhaseMark::Finished,
                    Phase::Broken(_) => PhaseMark::Broken,
                    _ => PhaseMark::Alive,
                },
                reason: reason(environment, line),
                why: why::select(playground, Thing::Environment(env)),
                now: acting == Some(env),
                counters: counters(environment),
                cycles: [cycles.application, cycles.libos, cycles.kernel],
                scale,
            }
        })
        .collect()
}

/// The sample that an environment runs as its application.
fn application(session: &Session, index: usize) -> Option<&'static ApplicationSample> {
    let source = session.application_source_at(EnvId(index as u8))?;
    APPLICATIONS.iter().find(|sample| sample.source == source)
}

/// The trace that an environment opened with.
fn trace(playground: &Playground, index: usize) -> String {
    let spec = playground.opening.environments.get(index);
    match spec.map(|spec| &spec.application) {
        Some(ApplicationSpec::Trace(trace)) => trace.name.clone(),
        Some(ApplicationSpec::Program { name, .. }) => name.clone(),
        None => String::new(),
    }
}

/// Pinned frames of each environment: the state of its policy, and of what else of it runs.
fn pinned(machine: &Machine) -> Vec<u32> {
    let mut pinned = vec![0; machine.kernel().environments.len()];
    let records = machine.kernel().frames.records().iter();
    for owner in records.filter(|it| it.pinned).filter_map(|it| it.owner) {
        if let Some(count) = pinned.get_mut(owner.index()) {
            *count += 1;
        }
    }
    pinned
}

fn frames(environment: &Environment, pinned: u32) -> String {
    let (held, limit) = (environment.frames_held, environment.frame_limit);
    let number = |frames: u32| grouped(frames.into());
    let (held, limit) = (number(held), number(limit));
    format!("{held} of {limit} frames, {pinned} pinned")
}

pub(super) fn asked(environment: &Environment, machine: &Machine) -> Option<AskedView> {
    let (now, times) = (machine.cycles(), &machine.config().revocation);
    let revocation = environment.revocation?;
    let frames = words::frames(environment.excess());
    let left = revocation.due_cycles.saturating_sub(now);
    let (due, now, in_cycles) = (grouped(revocation.due_cycles), grouped(now), grouped(left));
    let (words, time) = match revocation.urgency {
        Urgency::Request => (
            format!(
                "The kernel asks for {frames} back, and insists in {in_cycles} cycles: it is cycle {now}, and it does at {due}."
            ),
            times.request_cycles,
        ),
        Urgency::Imperative => (
            format!(
                "{frames} must be back in {in_cycles} cycles, or the kernel takes them: it is cycle {now}, and the deadline is {due}."
            ),
            times.imperative_cycles,
        ),
    };
    Some(AskedView {
        words,
        time: (time.saturating_sub(left), time),
    })
}

/// What the kernel wants back, with the step at which its time is over, if the run has gone past that.
fn asked_here(session: &Session, env: EnvId, environment: &Environment) -> Option<AskedView> {
    let mut asked = asked(environment, session.machine())?;
    if let Some((step, does)) = deadline(session, env) {
        let step = grouped(step);
        asked.words += &format!(" In the run so far it {does} at step {step}.");
    }
    Some(asked)
}

/// The step at which the time is over that an environment has to give frames back, and what the kernel does there: it
/// is known if the run has gone past it.
pub(crate) fn deadline(session: &Session, env: EnvId) -> Option<(u64, &'static str)> {
    let urgency = session.machine().environment(env)?.revocation?.urgency;
    let here = session.step_number();
    let step = session.tally().deadline_after(here, env, urgency)?;
    Some(match urgency {
        Urgency::Request => (step, "insists"),
        Urgency::Imperative => (step, "begins to take them"),
    })
}

/// Whether the words on what an environment does end with a line.
fn stands(environment: &Environment) -> bool {
    environment.in_handler() || matches!(environment.phase, Phase::Broken(_))
}

fn phase(environment: &Environment, running: bool, line: Option<u32>) -> String {
    let at_line = line
        .filter(|line| *line > 0)
        .map_or(String::new(), |line| format!(", line {line}"));
    let words = match environment.phase {
        Phase::Finished => "finished",
        Phase::Broken(_) => return format!("✕ given up{at_line}"),
        Phase::Waiting(_) => "waiting for the disk",
        Phase::Transferring => "waiting for a transfer back",
        _ if !running => "waiting for its turn",
        Phase::Application => "running",
        Phase::Probing | Phase::Dispatching => "faulted, in the kernel",
        Phase::Handling(Upcall::PageFault) => return format!("in its handler{at_line}"),
        Phase::Requesting => "calling its libOS",
        Phase::Handling(Upcall::Request) => return format!("answering its application{at_line}"),
        Phase::Handling(Upcall::Exception) => return format!("handling an exception{at_line}"),
        Phase::Handling(Upcall::SliceBegan) => return format!("beginning its slice{at_line}"),
        Phase::Handling(Upcall::SliceEnded) => return format!("saving its state{at_line}"),
        Phase::Handling(Upcall::Entered | Upcall::Signalled) => {
            return format!("serving another environment{at_line}");
        }
        Phase::Handling(Upcall::Adopted) => return format!("taking over{at_line}"),
        Phase::Handling(Upcall::Revoke) => return format!("choosing frames to give up{at_line}"),
        Phase::Handling(Upcall::Repossessed) => return format!("learning what it lost{at_line}"),
        Phase::Handling(Upcall::Packets) => return format!("receiving packets{at_line}"),
        Phase::Handling(Upcall::Alarm) => return format!("woken by its alarm clock{at_line}"),
        Phase::Rerunning => "trying again",
    };
    words.to_owned()
}

/// Why an environment was given up: a sentence.
pub(super) fn reason(environment: &Environment, line: Option<u32>) -> Option<String> {
    let Phase::Broken(reason) = environment.phase else {
        return None;
    };
    let words = broken(reason);
    Some(match line.filter(|line| *line > 0) {
        Some(line) => format!("Line {line}: {words}."),
        None => format!("Given up: {words}."),
    })
}

fn counters(environment: &Environment) -> Vec<(&'static str, String)> {
    let it = environment.counters;
    let mut all = vec![
        (
            "TLB hits",
            percent(it.tlb_hits, it.tlb_hits + it.tlb_misses),
        ),
        ("STLB hits", percent(it.stlb_hits, it.tlb_misses)),
        ("references", grouped(it.references)),
        ("cycles", grouped(environment.cycles.total())),
        ("upcalls", grouped(it.upcalls)),
        ("page loads", grouped(it.page_loads)),
        ("evictions", grouped(it.evictions)),
        ("crossings", grouped(it.crossings)),
    ];
    if it.repossessions > 0 {
        all.push(("frames taken", grouped(it.repossessions)));
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, Speed};
    use exo_core::event::Event;
    use exo_session::explain::env_letter;

    use crate::view::tests::{playground, settled, step_until};
    use crate::view::{FrameCell, PhaseMark, View};

    #[test]
    fn an_environment_is_running_then_in_its_handler_while_the_other_waits() {
        let mut playground = playground();
        let view = View::of(&playground);
        assert_eq!(view.environments[0].phase, "running");
        assert_eq!(view.environments[1].phase, "waiting for its turn");
        step_until(&mut playground, |text| text.starts_with("upcall"));
        let view = View::of(&playground);
        assert!(
            view.environments[0]
                .phase
                .starts_with("in its handler, line ")
        );
        assert!(view.environments[0].now && !view.environments[1].now);
    }

    #[test]
    fn what_the_kernel_asks_for_is_told_with_the_cycles_that_are_left() {
        let mut playground = playground();
        let env = exo_core::ids::EnvId(0);
        for _ in 0..200 {
            playground.update(Action::Step);
        }
        playground.update(Action::SetFrameLimit { env, frames: 2 });
        let asked = (0..50).find_map(|_| {
            playground.update(Action::Step);
            View::of(&playground).environments[0].asked.clone()
        });
        let asked = asked.unwrap();
        let session = playground.session();
        let due = session.machine().kernel().environments[0]
            .revocation
            .unwrap();
        let left = due.due_cycles - session.machine().cycles();
        assert!(
            asked
                .words
                .contains(&format!("insists in {} cycles", super::grouped(left)))
        );
        assert_eq!(asked.time.1 - asked.time.0, left);
    }

    #[test]
    fn a_policy_that_loops_for_ever_is_given_up_with_its_line_and_the_run_pauses() {
        let mut playground = playground();
        let source = playground
            .session()
            .source_at(exo_core::ids::EnvId(0))
            .to_owned();
        let looping = source.replacen(
            "let frame = match self.table.find(fault.page) {",
            "loop {}\n        let frame = match self.table.find(fault.page) {",
            1,
        );
        assert_ne!(source, looping);
        playground.update(Action::Edit(looping));
        playground.update(Action::Apply { reset: false });
        playground.update(Action::SetSpeed(Speed::Full));
        playground.update(Action::ToggleRun);
        for _ in 0..1000 {
            if !playground.work(0.0) {
                break;
            }
        }
        assert!(!playground.is_busy());
        let view = View::of(&playground);
        assert_eq!(view.environments[0].mark, PhaseMark::Broken);
        assert!(
            view.environments[0]
                .reason
                .as_ref()
                .is_some_and(|it| it.starts_with("Line "))
        );
        assert!(
            view.notice
                .as_ref()
                .is_some_and(|it| it.text.contains("was given up"))
        );
        assert!(view.run.can_forward);
        playground.update(Action::LoadSample("clock"));
        playground.update(Action::Apply { reset: false });
        playground.update(Action::Step);
        let view = View::of(&playground);
        assert_eq!(view.environments[0].mark, PhaseMark::Alive);
        assert_eq!(view.environments[0].policy, "Clock");
    }

    #[test]
    fn a_run_stops_at_each_environment_that_is_given_up_names_it_and_shows_its_text() {
        let mut playground = playground();
        settled(
            &mut playground,
            Action::OpenScenario("attack-fault-in-handler"),
        );
        playground.update(Action::SetSpeed(Speed::Full));
        for _ in 0..4 {
            playground.update(Action::ToggleRun);
            let mut now = 0.0;
            while playground.is_busy() {
                now += 16.0;
                playground.work(now);
            }
            let current = playground.session().current().unwrap().stamped.event;
            assert!(matches!(current, Event::Broken { .. }), "{current:?}");
            let view = View::of(&playground);
            let words = format!("environment {} was given up", env_letter(current.env()));
            let notice = view.notice.as_ref().map(|it| it.text.clone()).unwrap();
            assert!(notice.contains(&words), "{notice}: {words}");
            assert_eq!(view.editor.env, current.env());
        }
    }

    #[test]
    fn the_pinned_frames_of_a_card_are_those_of_the_map() {
        let mut playground = playground();
        settled(&mut playground, Action::OpenScenario("swap"));
        let view = View::of(&playground);
        for environment in view.environments.iter() {
            let own = |it: &&FrameCell| it.pinned && it.owner == Some(environment.owner);
            let pinned = view.memory.cells.iter().filter(own).count();
            let words = format!(", {pinned} pinned");
            assert!(
                environment.frames.ends_with(&words),
                "{}",
                environment.frames
            );
        }
    }
}
