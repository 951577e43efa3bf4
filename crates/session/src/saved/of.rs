//! Writes down where a session stands.

use exo_core::cpu::Role;
use exo_core::ids::EnvId;
use exo_core::machine::MODEL_VERSION;

use super::plain::{NAME_CHARS_MAX, TITLE_CHARS_MAX, plain};
use super::shipped::{Shipped, shipped_hash};
use super::traces::{SHIPPED, TraceName, shipped_name};
use super::{
    DOWNLOAD, SavedApplication, SavedBranch, SavedChange, SavedEnvironment, SavedInput,
    SavedSession, SavedSource, SourceName,
};
use crate::debugger::Side;
use crate::scenario::{ApplicationSpec, EnvironmentSpec, NamedTrace};
use crate::session::{Given, GivenChange, Session};

/// A text in the editor of one program of an environment.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'page> {
    /// Whose.
    pub env: EnvId,
    /// Of which of its programs.
    pub side: Side,
    /// The name of its file.
    pub name: &'page str,
    /// The text.
    pub text: &'page str,
}

impl SavedSession {
    /// The session as it stands, with the texts in the editors; there may be none. One that runs is
    /// not written twice.
    pub fn of(session: &Session, editors: &[Editor<'_>]) -> SavedSession {
        let scenario = session.scenario();
        let machine = session.machine();
        let mut lists = Lists::default();
        let environments = scenario
            .environments
            .iter()
            .map(|spec| lists.environment(spec));
        let mut environments: Vec<SavedEnvironment> = environments.collect();
        let inputs = lists.inputs(session, &session.inputs());
        let branches = session.branches();
        let branches = branches.iter().map(|branch| SavedBranch {
            number: branch.number,
            furthest: branch.furthest,
            inputs: lists.inputs(session, &branch.inputs),
        });
        let branches = branches.collect();
        for Editor {
            env,
            side,
            name,
            text,
        } in editors.iter().copied()
        {
            let Some(place) = environments.get_mut(env.index()) else {
                continue;
            };
            match (side, session.application_source_at(env)) {
                (Side::LibOs, _) if text != session.source_at(env) => {
                    place.editor = Some(lists.source(Role::LibOs, name, text));
                }
                (Side::Application, Some(runs)) if text != runs => {
                    place.app_editor = Some(lists.source(Role::Application, name, text));
                }
                _ => {}
            }
        }
        let mut saved = SavedSession {
            title: match plain(&scenario.title, TITLE_CHARS_MAX) {
                empty if empty.is_empty() => "A session".to_owned(),
                title => title,
            },
            notes: session.annotations().notes.clone(),
            model: Some(MODEL_VERSION),
            position: machine.position(),
            digest: Some(machine.state_digest()),
            shipped: None,
            machine: scenario.machine,
            environments,
            network: scenario.network.as_ref().map(|it| it.shape().clone()),
            inputs,
            sources: lists.sources,
            traces: lists.traces,
            breakpoints: session.annotations().breakpoints.clone(),
            branch: session.branch(),
            branches,
        };
        saved.shipped = Some(shipped_hash(&saved.shipped_sources()));
        saved
    }
}

/// The sources and traces that have been named so far.
#[derive(Default)]
struct Lists {
    sources: Vec<SavedSource>,
    roles: Vec<Role>,
    traces: Vec<TraceName>,
}

impl Lists {
    /// An environment as it began.
    fn environment(&mut self, spec: &EnvironmentSpec) -> SavedEnvironment {
        SavedEnvironment {
            libos: self.source(Role::LibOs, &spec.name, &spec.source),
            frames: spec.frame_limit,
            runs: match &spec.application {
                ApplicationSpec::Trace(trace) if trace.trace.length() == 0 => {
                    SavedApplication::Nothing
                }
                ApplicationSpec::Trace(trace) => SavedApplication::Trace(self.trace(trace)),
                ApplicationSpec::Program { name, source } => {
                    SavedApplication::Program(self.source(Role::Application, name, source))
                }
            },
            downloads: self.downloads(spec),
            editor: None,
            app_editor: None,
        }
    }

    fn downloads(&mut self, spec: &EnvironmentSpec) -> Vec<SourceName> {
        let downloads = spec.downloads.iter();
        let named = downloads.map(|it| self.source(DOWNLOAD, &it.name, &it.source));
        named.collect()
    }

    fn source(&mut self, role: Role, name: &str, text: &str) -> SourceName {
        if let Some(shipped) = Shipped::of_text(role, text) {
            return SourceName::Shipped(shipped);
        }
        let known = self.sources.iter().zip(&self.roles);
        for (source, of) in known {
            if source.text == text && *of == role {
                return SourceName::Own(source.name.clone());
            }
        }
        let name = self.free_name(name);
        self.roles.push(role);
        self.sources.push(SavedSource {
            name: name.clone(),
            text: text.to_owned(),
        });
        SourceName::Own(name)
    }

    /// A name that no source has yet: `clock.rs`, `clock-2.rs`, ... One that has a number gets the next
    /// of its kind, so that a session that is opened and saved again calls its sources the same.
    fn free_name(&self, name: &str) -> String {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = file.strip_suffix(".rs").unwrap_or(file);
        let stem = plain(stem, NAME_CHARS_MAX - 8);
        let stem = if stem.is_empty() { "policy" } else { &stem };
        let taken = |name: &str| self.sources.iter().any(|source| source.name == name);
        let mut name = format!("{stem}.rs");
        let numbered = stem.rsplit_once('-').filter(|(before, number)| {
            !before.is_empty() && number.parse::<u32>().is_ok_and(|it| it > 1)
        });
        let stem = numbered.map_or(stem, |(before, _)| before);
        let mut number = 2;
        while taken(&name) {
            name = format!("{stem}-{number}.rs");
            number += 1;
        }
        name
    }

    fn trace(&mut self, trace: &NamedTrace) -> String {
        if let Some(shipped) = shipped_name(trace) {
            return shipped.to_owned();
        }
        let own = plain(&trace.name, NAME_CHARS_MAX - 8);
        let mut named = TraceName::of(trace, own.clone());
        let mut number = 2;
        loop {
            let same_name = self.traces.iter().find(|it| it.name == named.name);
            match same_name {
                Some(it) if *it == named => return named.name,
                None if !named.name.is_empty() && !SHIPPED.contains(&named.name.as_str()) => break,
                _ => named.name = format!("{own}-{number}"),
            }
            number += 1;
        }
        self.traces.push(named.clone());
        named.name
    }

    fn inputs(&mut self, session: &Session, given: &[Given]) -> Vec<SavedInput> {
        given.iter().map(|it| self.input(session, it)).collect()
    }

    fn input(&mut self, session: &Session, given: &Given) -> SavedInput {
        let spec = session.scenario().environments.get(given.env.index());
        let policy = spec.map_or("policy.rs", |spec| &spec.name);
        let change = match &given.change {
            GivenChange::Policy { text, reset } => SavedChange::Policy {
                libos: self.source(Role::LibOs, policy, text),
                reset: *reset,
            },
            GivenChange::Application { text } => {
                let name = match spec.map(|spec| &spec.application) {
                    Some(ApplicationSpec::Program { name, .. }) => name,
                    _ => "application.rs",
                };
                SavedChange::Application(self.source(Role::Application, name, text))
            }
            GivenChange::FrameLimit(frames) => SavedChange::Frames(*frames),
        };
        SavedInput {
            at: given.at,
            env: given.env,
            change,
        }
    }
}
