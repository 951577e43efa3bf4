//! Sessions as text: scenario files, session files and share links (D6, reliability 6.3).
//!
//! One format serves all three. A *scenario* is a machine and its environments; a *session* has in
//! addition the sources that do not come with the playground, the inputs and the position; a *link*
//! is the same text with sources written as differences, packed. See `docs/sessions.md`.

mod difference;
mod inputs;
mod letters;
mod link;
mod named;
mod network;
mod of;
mod open;
mod plain;
mod read;
mod section;
mod shipped;
mod sources;
mod texts;
mod traces;
mod write;

pub use link::{LINK_CHARS_MAX, LINK_TEXT_BYTES_MAX, LinkError, from_link, is_link, to_link};
pub use of::Editor;
pub use open::{EditorText, Nothing, OpenError, Opened, Supply, differs, open};
pub use read::{FILE_BYTES_MAX, Read, read};
pub use section::{FileError, parse_position};
pub use shipped::{Shipped, text_hash};
pub use traces::{TraceName, shipped_trace, trace_hash};
pub(crate) use write::tlb as tlb_text;
pub use write::{Form, write};

use exo_core::cpu::Role;
use exo_core::ids::{EnvId, Position};

use crate::debugger::Breakpoint;
use crate::network::NetworkShape;
use crate::scenario::MachineShape;

/// Version of the format.
pub const FORMAT_VERSION: u64 = 1;

/// A session as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSession {
    /// What it is called.
    pub title: String,
    /// What its author says of it.
    pub notes: String,
    /// Version of the machine's model that its positions are of; none for a scenario.
    pub model: Option<u32>,
    /// Where it stands.
    pub position: Position,
    /// Digest of the machine there.
    pub digest: Option<u64>,
    /// Hash of the sources that come with the playground and that it names.
    pub shipped: Option<u64>,
    /// The machine; as many frames as its environments need if `frames` is 0.
    pub machine: MachineShape,
    /// Its environments, A first.
    pub environments: Vec<SavedEnvironment>,
    /// Its network, if it has one.
    pub network: Option<NetworkShape>,
    /// What came from outside, in order.
    pub inputs: Vec<SavedInput>,
    /// Sources that do not come with the playground.
    pub sources: Vec<SavedSource>,
    /// Traces that do not come with the playground.
    pub traces: Vec<TraceName>,
    /// Lines to stop at.
    pub breakpoints: Vec<Breakpoint>,
    /// The number of the branch that runs.
    pub branch: u32,
    /// Branches that were left. A link has none.
    pub branches: Vec<SavedBranch>,
}

/// A branch that was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedBranch {
    /// Its number.
    pub number: u32,
    /// The most events that it has come to.
    pub furthest: u64,
    /// Its inputs in order.
    pub inputs: Vec<SavedInput>,
}

/// One environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedEnvironment {
    /// Its policy.
    pub libos: SourceName,
    /// Frames it may hold for its application's pages.
    pub frames: u32,
    /// What it runs.
    pub runs: SavedApplication,
    /// What it may bind to its filters.
    pub downloads: Vec<SourceName>,
    /// The policy in its editor, if that is another than the one that runs.
    pub editor: Option<SourceName>,
    /// The same of its application.
    pub app_editor: Option<SourceName>,
}

/// What an environment runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedApplication {
    /// A trace, by its name.
    Trace(String),
    /// A program.
    Program(SourceName),
    /// Nothing: its policy answers upcalls, and that is all.
    Nothing,
}

impl SavedEnvironment {
    /// Every source that it names, but for the one in its editor.
    fn named(&self) -> impl Iterator<Item = &SourceName> {
        let program = match &self.runs {
            SavedApplication::Program(program) => Some(program),
            SavedApplication::Trace(_) | SavedApplication::Nothing => None,
        };
        let first = [&self.libos].into_iter().chain(program);
        first.chain(&self.downloads)
    }
}

/// The role by which sources are known that are downloaded, whichever of theirs they have.
const DOWNLOAD: Role = Role::MessageHandler;

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// It comes with the playground.
    Shipped(Shipped),
    /// It is among the session's own, or in a file of that name.
    Own(String),
}

impl SourceName {
    /// As files have it.
    fn text(&self) -> String {
        match self {
            SourceName::Shipped(shipped) => shipped.name(),
            SourceName::Own(name) => name.clone(),
        }
    }

    /// Its name among the session's own.
    fn own(&self) -> Option<&String> {
        match self {
            SourceName::Own(own) => Some(own),
            SourceName::Shipped(_) => None,
        }
    }
}

/// A source that does not come with the playground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSource {
    /// Its name, which ends in `.rs`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What came from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedInput {
    /// When.
    pub at: Position,
    /// To whom.
    pub env: EnvId,
    /// What.
    pub change: SavedChange,
}

/// What an input changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedChange {
    /// The policy.
    Policy {
        /// Which.
        libos: SourceName,
        /// Whether it begins afresh.
        reset: bool,
    },
    /// The application.
    Application(SourceName),
    /// How many frames the environment may hold.
    Frames(u32),
}
