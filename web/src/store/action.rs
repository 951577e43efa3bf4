//! Everything that a person, a file or the clock can ask of the page.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::NamedTrace;
use exo_session::debugger::{Breakpoint, Stride};
use exo_session::export::Format;
use exo_session::why::Thing;

use super::branches::BranchAction;
use super::charts::ChartsAction;
use super::find_form::FindForm;
use super::going::Target;
use super::guide::GuideAction;
use super::kept::{Kept, Offering};
use super::kernels::KernelsAction;
use super::marks::MarksAction;
use super::packets::PacketsAction;
use super::record::RecordAction;
use super::state::StateAction;
use crate::view::words::grouped;

/// How fast a run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// One event a second.
    One,
    /// Five events a second.
    Five,
    /// Twenty events a second.
    #[default]
    Twenty,
    /// A hundred events a second.
    Hundred,
    /// A thousand events a second.
    Thousand,
    /// Twenty thousand events a second: memory fills before one's eyes.
    TwentyThousand,
    /// As fast as the page can, drawn once a frame.
    Full,
}

impl Speed {
    /// Every speed, slowest first.
    pub const ALL: [Speed; 7] = [
        Speed::One,
        Speed::Five,
        Speed::Twenty,
        Speed::Hundred,
        Speed::Thousand,
        Speed::TwentyThousand,
        Speed::Full,
    ];

    /// Events a second; none at full speed.
    pub fn events_a_second(self) -> Option<u32> {
        match self {
            Speed::One => Some(1),
            Speed::Five => Some(5),
            Speed::Twenty => Some(20),
            Speed::Hundred => Some(100),
            Speed::Thousand => Some(1_000),
            Speed::TwentyThousand => Some(20_000),
            Speed::Full => None,
        }
    }

    /// What the menu calls it.
    pub fn label(self) -> String {
        let rate = self.events_a_second().map(|rate| grouped(u64::from(rate)));
        rate.map_or_else(|| "full".to_owned(), |rate| format!("{rate}/s"))
    }

    /// Whether single steps can still be read.
    pub fn is_readable(self) -> bool {
        matches!(self, Speed::One | Speed::Five)
    }
}

/// The part of the page that a small screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// The fault's path.
    #[default]
    Path,
    /// Memory, TLB and software TLB.
    Memory,
    /// The policy.
    Code,
    /// Environments and events.
    Events,
}

impl Panel {
    /// All of them in order of their tabs.
    pub const ALL: [Panel; 4] = [Panel::Path, Panel::Memory, Panel::Code, Panel::Events];

    /// Its tab's text.
    pub fn label(self) -> &'static str {
        match self {
            Panel::Path => "Path",
            Panel::Memory => "Memory",
            Panel::Code => "Code",
            Panel::Events => "Events",
        }
    }
}

/// What the policy's column shows of the policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    /// The text in the editor.
    #[default]
    Source,
    /// The program that runs, instruction by instruction.
    Bytecode,
    /// Its fields, and the calls under way with their variables.
    Values,
}

impl Face {
    /// All of them in order of their buttons.
    pub const ALL: [Face; 3] = [Face::Source, Face::Bytecode, Face::Values];

    /// Its button's text.
    pub fn label(self) -> &'static str {
        match self {
            Face::Source => "Source",
            Face::Bytecode => "Bytecode",
            Face::Values => "Values",
        }
    }
}

/// Something that changes the page's state.
#[derive(Clone, Debug)]
pub enum Action {
    /// Go back to before the first event.
    Reset,
    /// One event back.
    StepBack,
    /// One event forward.
    Step,
    /// Forward to the next event that is not a TLB hit.
    NextEvent,
    /// Forward to the next fault that reaches a handler.
    NextFault,
    /// Forward to what happens next in the network.
    NextPacket,
    /// By one line of the program of the shown environment.
    StepLine(Stride),
    /// Undo a step by line.
    StepLineBack(Stride),
    /// Set a breakpoint at a line of the shown text, or take it away.
    ToggleBreakpoint(u32),
    /// Take a breakpoint away.
    RemoveBreakpoint(Breakpoint),
    /// To a step, a position or the end.
    GoTo(Target),
    /// The same, as it was typed.
    GoToTyped(String),
    /// To the next mark of the timeline, or to the one before.
    GoToMark {
        /// Whether to the next.
        forward: bool,
    },
    /// Show less of the run on the timeline, or more.
    Zoom {
        /// Whether less.
        closer: bool,
    },
    /// Run back, or stop that.
    PlayBack,
    /// Something with the list of marks.
    Marks(MarksAction),
    /// Show what can be looked for, filled with what is looked at.
    OpenFind,
    /// Put it away.
    CloseFind,
    /// Look for something else.
    SetFind(Box<FindForm>),
    /// Look for it.
    Search {
        /// Whether back.
        back: bool,
    },
    /// End what is under way; if nothing is, put away what is open.
    Cancel,
    /// The same; if nothing is open either, look at nothing.
    PutAway,
    /// Run, or pause.
    ToggleRun,
    /// Change how fast a run goes.
    SetSpeed(Speed),
    /// Show another environment's policy.
    SelectEnvironment(EnvId),
    /// Show the text of an environment's application, if that is a program.
    SelectApplication(EnvId),
    /// Show the policy from another side.
    ShowFace(Face),
    /// Something with the values of a program.
    State(StateAction),
    /// Let an environment run that application from reset on, under the libOS that suits it; none
    /// is the trace.
    Run {
        /// Whose.
        env: EnvId,
        /// A sample application's name.
        application: Option<&'static str>,
    },
    /// Let an environment hold that many frames from this step on: memory pressure.
    SetFrameLimit {
        /// Whose.
        env: EnvId,
        /// How many frames.
        frames: u32,
    },
    /// The shown text was edited.
    Edit(String),
    /// Someone typed into lines that are to be read only, and the editor did not take it.
    TypedIntoLocked,
    /// Lay the shown text out as rustfmt would.
    Format,
    /// Show physical memory as a table, or as a map again.
    FramesAsTable(bool),
    /// Show what differs from the original text, or no more.
    Compare(bool),
    /// Compile the shown policy's text, to say what is wrong with it.
    Check,
    /// Put a sample into the editor.
    LoadSample(&'static str),
    /// Put another page table in the place of the text's own.
    ExchangeTable(&'static str),
    /// Put the scenario's own policy into the editor.
    LoadOriginal,
    /// Put the policy that runs at the current step into the editor.
    LoadRunning,
    /// Bring back the text that the last load replaced.
    UndoLoad,
    /// Let the shown text take over; or afresh, with all frames given back.
    Apply {
        /// Whether to begin afresh.
        reset: bool,
    },
    /// Look at one thing, or at nothing.
    Look(Option<Thing>),
    /// Look at what an event touched, by its number.
    LookAtStep(u64),
    /// Look at a line of the shown text.
    LookAtLine(u32),
    /// Show a line of a program that runs, and look at it.
    ShowLine(Breakpoint),
    /// Whether the shown text follows a step that ends in another environment's program.
    Follow(bool),
    /// Whether the text has the keyboard.
    Writing(bool),
    /// Say why something is as it is here.
    Ask(Thing),
    /// The answer has been read.
    CloseAnswer,
    /// Show another part of the page on a small screen.
    SelectPanel(Panel),
    /// A trace file is being read.
    TraceReading {
        /// The file's name.
        name: String,
        /// Bytes read so far.
        read: u64,
        /// Bytes of the file.
        size: u64,
    },
    /// A trace file was read.
    TraceRead(Box<NamedTrace>),
    /// A trace file cannot be used.
    TraceFailed {
        /// The file's name.
        name: String,
        /// Why, with the line.
        reason: String,
    },
    /// Undo the last change of the scenario.
    UndoChange,
    /// Read the file no further.
    StopReading,
    /// Open a link: an address, or what stands behind its `#`.
    OpenLink(String),
    /// Open a scenario or a session from the text of its file.
    OpenText {
        /// The file's name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Put a program into the editor.
    OpenProgram {
        /// The file's name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Of so many files that were dropped only the first was taken.
    OfSeveral(u32),
    /// Open a scenario that comes along.
    OpenScenario(&'static str),
    /// Something with the record of every event.
    Record(RecordAction),
    /// Something with the charts.
    Charts(ChartsAction),
    /// Something with the first lesson.
    Guide(GuideAction),
    /// Go to that step, or wherever it says, once what is being opened is there.
    StartAt(String),
    /// Nothing of the work may be changed from now on.
    ReadOnly,
    /// What the browser keeps has been read.
    KeptFound {
        /// The entries, the newest first.
        kept: Rc<[Kept]>,
        /// What of it is to be offered.
        offer: Offering,
    },
    /// Open what the browser keeps under that name.
    OpenKept(String),
    /// Offer no more what is kept.
    DeclineKept,
    /// Forget all that is kept.
    ForgetKept,
    /// The browser would not keep the work.
    NotKept,
    /// Show earlier versions of the shown text, or put them away.
    ShowVersions(bool),
    /// Put one of them into the editor, by its place in the list.
    TakeVersion(usize),
    /// Make a link and a file of the session as it stands.
    Share,
    /// The browser has copied the link, or would not.
    Copied(bool),
    /// Link and file have been looked at.
    CloseShare,
    /// Write the run so far for other programs.
    Export(Format),
    /// Something with the futures that were left.
    Branch(BranchAction),
    /// Go back to the last fault that was passed up.
    LastFault,
    /// Put the fault of the path beside the comparison kernels, or put that away.
    Beside(bool),
    /// Something with the comparison of kernels.
    Kernels(KernelsAction),
    /// Something with packets and their filters.
    Packets(PacketsAction),
    /// Show what was tried and what stopped it.
    Attempts,
    /// Tell what is pointed at on the timeline: the part of the program that does is loaded, and nothing is said of it.
    Point,
    /// The part of the program that something needs could not be loaded.
    LaterFailed,
    /// Take the notice away.
    Dismiss,
}
