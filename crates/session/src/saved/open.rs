//! Makes a session of what was written down.

use std::fmt;
use std::sync::Arc;

use exo_core::ids::{EnvId, Position};
use exo_core::limits::FRAMES_MAX;
use exo_core::machine::MODEL_VERSION;

use super::traces::{TraceName, shipped_trace};
use super::{
    Editor, SavedApplication, SavedChange, SavedEnvironment, SavedInput, SavedSession, SourceName,
};
use crate::debugger::Side;
use crate::network::NetworkSpec;
use crate::scenario::{
    ApplicationSpec, DownloadSpec, EnvironmentSpec, NamedTrace, Scenario, SessionError,
};
use crate::session::{Annotations, BranchLog, Given, GivenChange, Session};
use crate::trace_file::{PAGE_BITS, Stream};

/// Where files are that a session names and does not hold.
pub trait Supply {
    /// A trace.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    fn trace(&mut self, wanted: &TraceName) -> Result<Arc<NamedTrace>, String>;

    /// A source.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    fn source(&mut self, name: &str) -> Result<String, String>;

    /// A capture that a peer sends. A session never holds one.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    fn capture(&mut self, _name: &str) -> Result<Vec<u8>, String> {
        Err("captures are read at the command line only".to_owned())
    }
}

/// There are no files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Supply for Nothing {
    fn trace(&mut self, _: &TraceName) -> Result<Arc<NamedTrace>, String> {
        Err("the session does not hold it".to_owned())
    }

    fn source(&mut self, _: &str) -> Result<String, String> {
        Err("the session does not hold it".to_owned())
    }
}

/// Why what was written down cannot be run. Nothing that was open before is touched.
#[derive(Clone, Debug, PartialEq)]
pub enum OpenError {
    /// A trace is needed that is not there.
    Trace {
        /// Which.
        wanted: TraceName,
        /// Why it is not there.
        reason: String,
    },
    /// A source is needed that is not there.
    Source {
        /// Which.
        name: String,
        /// Why it is not there.
        reason: String,
    },
    /// A source does not compile, or the machine cannot be made.
    Session(SessionError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Trace { wanted, reason } => {
                let TraceName { name, .. } = wanted;
                write!(f, "the session runs on the trace {name}, and {reason}")
            }
            OpenError::Source { name, reason } => {
                write!(f, "the session names the source {name}, and {reason}")
            }
            OpenError::Session(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<SessionError> for OpenError {
    fn from(error: SessionError) -> OpenError {
        OpenError::Session(error)
    }
}

/// A text that was in an editor, and not what ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorText {
    /// Whose.
    pub env: EnvId,
    /// Of which of its programs.
    pub side: Side,
    /// The name of its file.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A session at reset, and where it was when it was saved.
#[derive(Debug)]
pub struct Opened {
    /// The session, at reset.
    pub session: Session,
    /// Where it stood.
    pub position: Position,
    /// The digest that it had there.
    pub digest: Option<u64>,
    /// The texts in editors that are not what runs.
    pub editors: Vec<EditorText>,
    /// What a person should know of it, each a sentence.
    pub notices: Vec<String>,
}

impl Opened {
    /// What a person should know when the session has come to the position, if it is not as it was.
    pub fn differs(&self) -> Option<String> {
        differs(&self.session, self.position, self.digest)
    }

    /// The session where it stands now, with the texts in its editors.
    pub fn saved(&self) -> SavedSession {
        let editors = self.editors.iter().map(|it| Editor {
            env: it.env,
            side: it.side,
            name: &it.name,
            text: &it.text,
        });
        SavedSession::of(&self.session, &editors.collect::<Vec<_>>())
    }
}

/// Whether a session at its saved position is as it was, in words if not.
pub fn differs(session: &Session, wanted: Position, digest: Option<u64>) -> Option<String> {
    let here = session.machine().position();
    if here != wanted {
        return Some(format!(
            "It was saved at position {wanted}, and this run has none of that name: it stands at \
             {here}."
        ));
    }
    let now = session.machine().state_digest();
    digest.filter(|then| *then != now).map(|then| {
        format!(
            "Its state here has the digest {now:016x}, and had {then:016x} when it was saved: \
             something that it runs has changed since."
        )
    })
}

/// Makes the session. It stands at reset: going to [`Opened::position`] is left to the caller, since
/// that may take long.
///
/// # Errors
/// What is missing, or does not compile; nothing has changed.
pub fn open(saved: &SavedSession, supply: &mut dyn Supply) -> Result<Opened, OpenError> {
    let mut files = Files { saved, supply };
    let mut environments = Vec::new();
    let mut editors = Vec::new();
    for (environment, env) in saved.environments.iter().zip((0..).map(EnvId)) {
        environments.push(files.environment(environment)?);
        for (side, editor) in environment.editors() {
            let (name, text) = files.source(editor)?;
            editors.push(EditorText {
                env,
                side,
                name,
                text,
            });
        }
    }
    let inputs = files.inputs(&saved.inputs)?;
    let mut branches = Vec::new();
    for branch in &saved.branches {
        branches.push(BranchLog {
            number: branch.number,
            inputs: files.inputs(&branch.inputs)?,
            furthest: branch.furthest,
        });
    }
    let network = saved.network.clone().map(|shape| {
        let made = NetworkSpec::new(shape, &mut |name| supply.capture(name));
        made.map_err(SessionError::Network)
    });
    let network = network.transpose()?;
    let mut scenario = Scenario {
        title: saved.title.clone(),
        machine: saved.machine,
        environments,
        network: network.map(Arc::new),
    };
    if scenario.machine.frames == 0 {
        let limits = scenario.environments.iter().map(|spec| spec.frame_limit);
        let wanted = limits.fold(scenario.pinned_frames()?, u32::saturating_add);
        scenario.machine.frames = wanted.clamp(1, FRAMES_MAX);
    }
    let mut session = Session::with_inputs(scenario, &inputs)?;
    session.restore_branches(saved.branch, &branches)?;
    session.annotate(Annotations {
        notes: saved.notes.clone(),
        breakpoints: saved.breakpoints.clone(),
    });
    let other_model = saved.model.filter(|model| *model != MODEL_VERSION);
    let notice = other_model.map(|model| {
        format!(
            "It was saved by version {model} of the machine's model, and this is version \
             {MODEL_VERSION}: positions may mean other moments now, so it opens at the nearest one."
        )
    });
    Ok(Opened {
        session,
        position: saved.position,
        digest: saved.digest.filter(|_| other_model.is_none()),
        editors,
        notices: notice.into_iter().collect(),
    })
}

struct Files<'open> {
    saved: &'open SavedSession,
    supply: &'open mut dyn Supply,
}

impl Files<'_> {
    fn environment(&mut self, saved: &SavedEnvironment) -> Result<EnvironmentSpec, OpenError> {
        let (name, source) = self.source(&saved.libos)?;
        Ok(EnvironmentSpec {
            name,
            source,
            frame_limit: saved.frames,
            application: match &saved.runs {
                SavedApplication::Trace(name) => ApplicationSpec::Trace(self.trace(name)?),
                SavedApplication::Nothing => ApplicationSpec::nothing(),
                SavedApplication::Program(program) => {
                    let (name, source) = self.source(program)?;
                    ApplicationSpec::Program { name, source }
                }
            },
            downloads: self.downloads(&saved.downloads)?,
        })
    }

    fn downloads(&mut self, saved: &[SourceName]) -> Result<Vec<DownloadSpec>, OpenError> {
        let read = saved.iter().map(|name| {
            let (name, source) = self.source(name)?;
            Ok(DownloadSpec { name, source })
        });
        read.collect()
    }

    fn inputs(&mut self, saved: &[SavedInput]) -> Result<Vec<Given>, OpenError> {
        let given = saved.iter().map(|input| {
            let change = match &input.change {
                SavedChange::Policy { libos, reset } => GivenChange::Policy {
                    text: self.source(libos)?.1,
                    reset: *reset,
                },
                SavedChange::Application(name) => GivenChange::Application {
                    text: self.source(name)?.1,
                },
                SavedChange::Frames(frames) => GivenChange::FrameLimit(*frames),
            };
            Ok(Given {
                at: input.at,
                env: input.env,
                change,
            })
        });
        given.collect()
    }

    /// The file name and the text of a source.
    fn source(&mut self, name: &SourceName) -> Result<(String, String), OpenError> {
        let own = match name {
            SourceName::Shipped(shipped) => return Ok((shipped.file_name(), shipped.text())),
            SourceName::Own(own) => own,
        };
        let held = self.saved.sources.iter().find(|source| source.name == *own);
        if let Some(source) = held {
            return Ok((own.clone(), source.text.clone()));
        }
        let text = self
            .supply
            .source(own)
            .map_err(|reason| OpenError::Source {
                name: own.clone(),
                reason,
            })?;
        Ok((own.clone(), text))
    }

    fn trace(&mut self, name: &str) -> Result<Arc<NamedTrace>, OpenError> {
        if let Some(trace) = shipped_trace(name)? {
            return Ok(trace);
        }
        let listed = self.saved.traces.iter().find(|trace| trace.name == name);
        let wanted = listed.cloned().unwrap_or_else(|| TraceName {
            name: name.to_owned(),
            hash: None,
            references: None,
            stream: Stream::All,
            page_bits: PAGE_BITS,
        });
        let trace = self.supply.trace(&wanted);
        let fits = trace.and_then(|trace| wanted.check(&trace).map(|()| trace));
        fits.map_err(|reason| OpenError::Trace { wanted, reason })
    }
}
