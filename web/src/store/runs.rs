//! What environments run: the trace, or an application that comes along. Each begins at reset.

use std::sync::Arc;

use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_libos_samples::{ApplicationSample, application, sample};
use exo_session::debugger::Side;
use exo_session::{
    ApplicationSpec, EnvironmentSpec, NamedTrace, Scenario, Session, SessionError, first_light_with,
};

use super::draft::Draft;
use super::playground::{Notice, Playground};
use crate::view::words::{self, grouped, letter};

/// What a limit means to an environment that was given up.
const GIVEN_UP: &str = "It was given up before this step, and no limit changes that: step back to before it was, and \
                        set the limit there.";

impl Playground {
    fn is_given_up(&self, env: EnvId) -> bool {
        let environment = self.session.machine().environment(env);
        environment.is_some_and(|it| matches!(it.phase, Phase::Broken(_)))
    }

    /// Undoes a limit that was set at a step: the one before it is in force from here on.
    pub(super) fn set_limit_again(&mut self, env: EnvId, frames: u32, since: u64) {
        let here = self.session.step_number();
        let result = self.session.set_frame_limit(env, frames);
        let (letter, again) = (letter(env.index()), words::frames(frames));
        self.notice = Some(match result {
            Err(error) => Notice::problem(format!("Nothing has changed. {error}")),
            Ok(()) if self.is_given_up(env) => Notice::fact(format!(
                "{letter} may hold {again} again from this step on. {GIVEN_UP}"
            )),
            Ok(()) if here > since => Notice::fact(format!(
                "Undone from this step on: {letter} may hold {again} again. What happened since \
                 step {} stays as it was; step back to there to go another way.",
                grouped(since)
            )),
            Ok(()) => Notice::fact(format!("Undone: let {letter} hold {again} again.")),
        });
    }

    /// Sets a limit here and now; a run goes on under it.
    pub(super) fn set_frame_limit(&mut self, env: EnvId, frames: u32) {
        self.remember_limit(env);
        let changes = self.session.input_places().count();
        match self.session.set_frame_limit(env, frames) {
            Ok(()) => {
                if self.session.input_places().count() == changes && self.undo_limit_twice(env) {
                    self.undo.pop();
                }
                let consequence = match self.is_given_up(env) {
                    true => GIVEN_UP,
                    false => "If it holds more, the kernel asks for the rest.",
                };
                let (letter, frames) = (letter(env.index()), words::frames(frames));
                let text = format!("{letter} may hold {frames} from this step on. {consequence}");
                self.notice = Some(Notice::fact(text));
            }
            Err(error) => {
                self.undo.pop();
                self.notice = Some(Notice::problem(format!("Nothing has changed. {error}")));
            }
        }
    }

    /// Opens the same machine and the policies that run now on another trace, at reset.
    pub(super) fn replace_traces(&mut self, trace: NamedTrace) {
        self.reading = false;
        let words = trace_words(&trace);
        let trace = Arc::new(trace);
        let mut opening = self.opening.clone();
        opening.title = first_light_with(trace.clone()).title;
        for spec in &mut opening.environments {
            spec.application = ApplicationSpec::Trace(trace.clone());
        }
        let mut scenario = self.running();
        for (spec, opened) in scenario.environments.iter_mut().zip(&opening.environments) {
            spec.application = opened.application.clone();
            spec.frame_limit = opened.frame_limit;
        }
        match self.restart(scenario, &opening.title) {
            Ok(()) => {
                self.opening = opening;
                self.notice = Some(Notice::fact(words));
            }
            Err(error) => self.notice = Some(Notice::problem(error.to_string())),
        }
    }

    /// Restarts with that application in an environment, under the libOS and with the frames that it
    /// is shown with; none puts the opening trace and policy back. The others run what they run now.
    pub(super) fn run_application(&mut self, env: EnvId, name: Option<&str>) {
        self.pause();
        let Some(spec) = self.spec_of(env, name) else {
            return;
        };
        let mut scenario = self.running();
        if let Some(place) = scenario.environments.get_mut(env.index()) {
            place.clone_from(&spec);
        }
        let title = self.title_of(&scenario);
        let words = format!(
            "{} runs {} under {} with {} frames, from reset on.",
            letter(env.index()),
            runs_words(&spec.application),
            spec.name,
            grouped(spec.frame_limit.into())
        );
        if let Err(error) = self.restart(scenario, &title) {
            self.notice = Some(Notice::problem(format!("Nothing has changed. {error}")));
            return;
        }
        self.remove_breakpoints_of(env);
        if let Some(draft) = self.drafts.get_mut(env.index()) {
            put(draft, &spec);
        }
        self.applications = Vec::new();
        (self.shown, self.side) = (env, Side::LibOs);
        self.notice = Some(Notice::fact(words));
    }

    fn spec_of(&self, env: EnvId, name: Option<&str>) -> Option<EnvironmentSpec> {
        let opened = self.opening.environments.get(env.index())?;
        match name {
            None => Some(opened.clone()),
            Some(name) => with(application(name)?),
        }
    }

    /// The scenario with the policies that run at this step.
    fn running(&self) -> Scenario {
        let mut scenario = self.session.scenario().clone();
        for (index, spec) in scenario.environments.iter_mut().enumerate() {
            let source = self.session.source_at(EnvId(index as u8));
            if spec.source != source {
                source.clone_into(&mut spec.source);
            }
        }
        scenario
    }

    /// The opening title while every environment runs its trace, or what each runs.
    fn title_of(&self, scenario: &Scenario) -> String {
        let mut specs = scenario.environments.iter();
        if specs.all(|spec| matches!(spec.application, ApplicationSpec::Trace(_))) {
            return self.opening.title.clone();
        }
        let specs = scenario.environments.iter().enumerate();
        let each = specs
            .map(|(index, spec)| format!("{}: {}", letter(index), runs_words(&spec.application)));
        each.collect::<Vec<_>>().join(" · ")
    }

    /// Begins a scenario at reset, with frames enough for what its environments may hold.
    fn restart(&mut self, mut scenario: Scenario, title: &str) -> Result<(), SessionError> {
        title.clone_into(&mut scenario.title);
        let limits = scenario.environments.iter().map(|spec| spec.frame_limit);
        let wanted = limits.fold(scenario.pinned_frames()?, u32::saturating_add);
        scenario.machine.frames = self.opening.machine.frames.max(wanted);
        let kept = self.session.annotations().clone();
        let session = Session::new(scenario)?;
        self.replace_session(session);
        self.session.annotate(kept);
        self.looked = None;
        self.answer = None;
        Ok(())
    }
}

/// An environment for an application.
fn with(application: &ApplicationSample) -> Option<EnvironmentSpec> {
    Some(EnvironmentSpec {
        name: format!("{}.rs", application.libos),
        source: sample(application.libos)?.source.to_owned(),
        frame_limit: application.frames,
        application: ApplicationSpec::Program {
            name: format!("{}.rs", application.name),
            source: application.source.to_owned(),
        },
        downloads: Vec::new(),
    })
}

/// The policy that came with an environment goes into its draft; the text before can be brought back.
fn put(draft: &mut Draft, spec: &EnvironmentSpec) {
    draft.load(&spec.name, &spec.source);
    draft.original = (spec.name.clone(), spec.source.as_str().into());
    draft.last_applied = None;
}

/// What an environment runs, by the name that people use.
fn runs_words(runs: &ApplicationSpec) -> String {
    match runs {
        ApplicationSpec::Trace(trace) => format!("the trace {}", trace.name),
        ApplicationSpec::Program { name, .. } => {
            let sample = application(name.trim_end_matches(".rs"));
            sample.map_or_else(|| name.clone(), |sample| sample.title.to_owned())
        }
    }
}

/// What was read, in words.
fn trace_words(trace: &NamedTrace) -> String {
    let cut = if trace.truncated {
        " Those behind the last one were left out: the page takes up to 16,000,000."
    } else {
        ""
    };
    format!(
        "Opened {}: {} references to {} pages; {} lines of valgrind’s own skipped.{cut}",
        trace.name,
        grouped(trace.trace.length()),
        grouped(u64::from(trace.pages)),
        grouped(trace.skipped_lines),
    )
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_core::kernel::Phase;
    use exo_libos_samples::APPLICATIONS;

    use crate::store::{Action, Speed};
    use crate::view::View;
    use crate::view::tests::playground;

    #[test]
    fn every_application_runs_under_its_own_libos_with_its_frames_and_beside_the_trace() {
        for sample in APPLICATIONS {
            let mut playground = playground();
            playground.update(Action::Run {
                env: EnvId(1),
                application: Some(sample.name),
            });
            let view = View::of(&playground);
            assert_eq!(view.environments[1].runs, Some(sample.name));
            assert_eq!(view.environments[0].runs, None);
            assert_eq!(view.editor.file_name, format!("{}.rs", sample.libos));
            assert!(view.run.title.ends_with(sample.title), "{}", view.run.title);
            let environment = playground
                .session()
                .machine()
                .environment(EnvId(1))
                .unwrap();
            assert_eq!(environment.frame_limit, sample.frames);
            playground.update(Action::NextFault);
            while playground.work(0.0) {}
            assert!(View::of(&playground).run.can_back, "{}", sample.name);
        }
    }

    #[test]
    fn the_scan_runs_to_its_end_and_the_trace_comes_back_with_the_opening_policy() {
        let mut playground = playground();
        let opening = playground.session().machine().state_digest();
        playground.update(Action::Run {
            env: EnvId(0),
            application: Some("scan"),
        });
        playground.update(Action::SetSpeed(Speed::Full));
        playground.update(Action::ToggleRun);
        while playground.work(0.0) {}
        let environment = playground
            .session()
            .machine()
            .environment(EnvId(0))
            .unwrap();
        assert_eq!(environment.phase, Phase::Finished);
        playground.update(Action::Run {
            env: EnvId(0),
            application: None,
        });
        assert_eq!(playground.session().machine().state_digest(), opening);
        assert_eq!(View::of(&playground).run.title, "a test");
        assert_eq!(&*playground.drafts[0].file_name, "fifo.rs");
    }
}
