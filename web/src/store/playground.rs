//! The state of the page: a session, drafts of its policies, and what is looked at.

use std::rc::Rc;

use exo_core::ids::{EnvId, Position};
use exo_libos_samples::{sample, table};
use exo_session::debugger::{Breakpoint, HandlerRun, Side};
use exo_session::saved::Read;
use exo_session::why::{Asking, Thing};
use exo_session::{Scenario, Session, SessionError};

use super::action::{Action, Face, Panel, Speed};
use super::asking::Answer;
use super::beside::Besides;
use super::branches::Branches;
use super::charts::Charts;
use super::course::Course;
use super::documents::applications;
use super::draft::Draft;
use super::export::{ExportFile, Exporting};
use super::find::Finder;
use super::following::Following;
use super::guide::Guide;
use super::inside::Listing;
use super::kept::{Kept, Offer};
use super::kernels::Kernels;
use super::marks::Mark;
use super::packets::Packets;
use super::record::Record;
use super::share::{Arrival, Share};
use super::state::Looking;
use super::undo::Before;
use super::versions::Versions;
use super::work::Activity;
use super::zoom::Close;
use crate::later::later;

/// A sentence across the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub problem: bool,
    /// Of something that takes time: done so far, and in all.
    pub progress: Option<(u64, u64)>,
}

impl Notice {
    /// Something worth knowing.
    pub fn fact(text: String) -> Notice {
        Notice {
            text,
            problem: false,
            progress: None,
        }
    }

    /// Something that went wrong.
    pub fn problem(text: String) -> Notice {
        Notice {
            text,
            problem: true,
            progress: None,
        }
    }
}

/// All that the page shows follows from this.
#[derive(Debug)]
pub struct Playground {
    pub(crate) session: Session,
    /// Which of the sessions of this page it is: no two have the same number.
    pub(crate) session_number: u32,
    /// How many there have been.
    pub(super) sessions: u32,
    /// How the run has gone so far.
    pub(crate) course: Course,
    /// Where runs stopped, and what was found.
    pub(crate) places: Vec<Mark>,
    /// Whether marks are looked at.
    pub(crate) marks_open: bool,
    /// The first step that the timeline shows and how many, if that is not all of the run.
    pub(crate) zoomed: Option<(u64, u64)>,
    /// What happened in that part, counted for it where what was counted of all of the run is too coarse.
    pub(crate) close: Option<Close>,
    /// What the page opened with; another trace may have taken the place of its own.
    pub(crate) opening: Scenario,
    pub(crate) drafts: Vec<Draft>,
    /// The texts of applications; none where an environment runs a trace.
    pub(crate) applications: Vec<Option<Draft>>,
    pub(crate) shown: EnvId,
    /// Which of its programs is shown.
    pub(crate) side: Side,
    /// Whether what differs from the original is shown.
    pub(crate) comparing: bool,
    pub(crate) speed: Speed,
    pub(crate) activity: Activity,
    /// While running: when the last sentence of counts was made, and the sentence.
    pub(crate) told: Option<(f64, String)>,
    /// What is looked at, or chosen: every part of the page marks what belongs to it.
    pub(crate) looked: Option<Thing>,
    /// The step whose event it was chosen by.
    pub(crate) looked_step: Option<u64>,
    /// The line that is looked at, or that made the event by which something else was chosen.
    pub(crate) looked_line: Option<Breakpoint>,
    /// How the shown text follows the run.
    pub(crate) following: Following,
    /// The texts whose lines the breakpoints are, two for each environment.
    pub(crate) break_sources: Vec<Rc<str>>,
    /// What is looked for.
    pub(crate) finder: Finder,
    /// The futures that were left, while they are looked at.
    pub(super) branches: Branches,
    /// What runs here under other kernels, while that is looked at.
    pub(super) kernels: Kernels,
    /// The fault of the path under them, while that is looked at.
    pub(super) besides: Besides,
    /// Why something is as it is, since someone asked.
    pub(crate) answer: Option<Answer>,
    /// The same while it is looked for.
    pub(crate) asking: Option<Asking>,
    pub(crate) panel: Panel,
    pub(crate) face: Face,
    /// What runs, instruction by instruction, while that is looked at.
    pub(crate) listing: Option<Listing>,
    /// The message handler that ran at this step, while values are looked at.
    pub(crate) handler: Option<HandlerRun>,
    /// What is looked at of a program's state.
    pub(crate) looking: Looking,
    /// The lines that have run of the call under way: of whose program, where, and which.
    pub(crate) lines_run: Option<((EnvId, Side, Position), Vec<u32>)>,
    pub(crate) notice: Option<Notice>,
    /// A trace file is being read.
    pub(crate) reading: bool,
    /// Every event, while they are looked at.
    pub(crate) record: Record,
    /// Page loads against frames, while they are looked at.
    pub(crate) charts: Charts,
    /// Packets of a capture, and their filters.
    pub(super) packets: Packets,
    /// How the first lesson stands.
    pub(crate) guide: Guide,
    /// Page loads of A when the lesson's first run was over, 0 unless it was one of FIFO alone; and when its last was.
    pub(crate) guide_loads: (u64, u64),
    /// Where to go when what is being opened is there.
    pub(super) start_at: Option<String>,
    /// What was there before each change of the scenario.
    pub(super) undo: Vec<Before>,
    /// Whether the page may only be read.
    pub(crate) read_only: bool,
    /// What the browser keeps, the newest first.
    pub(crate) kept: Rc<[Kept]>,
    /// What of it is offered.
    pub(super) kept_offer: Offer,
    /// Earlier versions of a text, while they are looked at.
    pub(crate) versions: Option<Versions>,
    /// Link and file of the session, while they are looked at.
    pub(crate) share: Option<Share>,
    /// The last file that was exported.
    pub(crate) exported: Option<Rc<ExportFile>>,
    /// The next one, while it is written.
    pub(super) exporting: Option<Exporting>,
    /// A session that cannot be opened until its trace is there, and where it comes from.
    pub(crate) waiting: Option<(Read, String)>,
    /// Whether physical memory is shown as a table.
    pub(crate) frames_as_table: bool,
    /// What is to be done when the later part of the program is here.
    pub(super) wanted: Option<Box<Action>>,
    /// Whether it has been loaded, or tried to be, to show what was tried and what stopped it.
    pub(super) attempts_wanted: bool,
    /// Where a session that was opened goes.
    pub(crate) arrival: Option<Arrival>,
}

impl Playground {
    /// The page on a scenario, at reset.
    ///
    /// # Errors
    /// As [`Session::new`].
    pub fn new(scenario: Scenario) -> Result<Playground, SessionError> {
        let session = Session::new(scenario)?;
        let specs = &session.scenario().environments;
        let drafts = specs
            .iter()
            .map(|spec| Draft::new(&spec.name, &spec.source))
            .collect();
        Ok(Playground {
            opening: session.scenario().clone(),
            course: Course::default(),
            places: Vec::new(),
            marks_open: false,
            zoomed: None,
            close: None,
            applications: applications(&session),
            drafts,
            shown: EnvId(0),
            side: Side::LibOs,
            comparing: false,
            session,
            session_number: 0,
            sessions: 1,
            speed: Speed::default(),
            activity: Activity::default(),
            told: None,
            looked: None,
            looked_step: None,
            looked_line: None,
            following: Following::default(),
            break_sources: Vec::new(),
            finder: Finder::default(),
            branches: Branches::default(),
            kernels: Kernels::default(),
            besides: Besides::default(),
            answer: None,
            asking: None,
            panel: Panel::default(),
            face: Face::default(),
            listing: None,
            handler: None,
            looking: Looking::default(),
            lines_run: None,
            notice: None,
            reading: false,
            record: Record::default(),
            charts: Charts::default(),
            packets: Packets::default(),
            guide: Guide::default(),
            guide_loads: (0, 0),
            start_at: None,
            undo: Vec::new(),
            read_only: false,
            kept: Rc::default(),
            kept_offer: Offer::Nothing,
            versions: None,
            share: None,
            exported: None,
            exporting: None,
            waiting: None,
            frames_as_table: false,
            wanted: None,
            attempts_wanted: false,
            arrival: None,
        })
    }

    /// The session, to be read.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Which of the sessions of this page it is: no two have the same number.
    pub fn session_number(&self) -> u32 {
        self.session_number
    }

    /// Does what is asked, or begins it; [`Playground::work`] goes on with what takes longer.
    pub fn update(&mut self, action: Action) {
        if self.read_only && (action.changes() || action.replaces()) {
            self.refuse_change();
        } else {
            self.following.moved |= action.moves();
            self.take(action);
        }
        self.follow_program();
        self.check_again();
        self.follow();
    }

    /// Brings up to date what is kept of where the session stands.
    pub(super) fn follow(&mut self) {
        let changed = self.course.note(&self.session);
        if changed {
            self.forget_marks();
            self.forget_answer();
            self.cut_packets();
        }
        self.follow_zoom();
        self.count_close(changed);
        self.follow_applications();
        self.move_lines();
        self.list_again();
        self.follow_lines();
        if let Some(later) = later() {
            (later.watch)(self);
        }
        self.follow_guide();
        self.follow_packets();
        match later() {
            Some(later) => (later.follow_fault)(self),
            None => self.want_attempts(),
        }
    }

    /// Ends what is under way; if nothing is, puts away what is looked for.
    pub(super) fn cancel(&mut self) {
        if self.reading {
            self.stop_reading();
        } else if self.is_busy() {
            if self.activity == Activity::Following {
                self.stop_following();
            }
            if self.activity == Activity::Recording {
                self.take_later(Action::Cancel);
            }
            self.pause();
        } else {
            self.finder.open = false;
        }
    }

    /// Moves by hand: whatever was under way ends.
    pub(super) fn moving(&mut self, advance: impl FnOnce(&mut Session)) {
        self.pause();
        self.quiet_notice();
        advance(&mut self.session);
    }

    /// Sets out for the next of what the action names.
    pub(super) fn go_on_to(&mut self, action: &Action) {
        self.begin(match action {
            Action::NextPacket => Activity::SeekingPacket,
            Action::NextFault => Activity::SeekingFault,
            _ => Activity::SeekingEvent,
        });
    }

    fn begin(&mut self, activity: Activity) {
        self.pause();
        self.quiet_notice();
        if self.can_go_on() {
            self.activity = activity;
        }
    }

    /// Takes a notice away that the next step makes stale; not the one of a file being read.
    pub(super) fn quiet_notice(&mut self) {
        self.finder.said = None;
        if !self.reading {
            self.notice = None;
        }
    }

    pub(super) fn toggle_run(&mut self) {
        let aside = [Activity::Following, Activity::ComparingFault].contains(&self.activity);
        if self.is_busy() && !aside {
            self.pause();
        } else {
            self.begin(Activity::Running { due: None });
        }
    }

    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        if matches!(self.activity, Activity::Running { .. }) {
            self.pause();
            self.activity = Activity::Running { due: None };
        }
    }

    pub(super) fn load_sample(&mut self, name: &str) {
        if let Some(sample) = sample(name) {
            self.load_unlocked(&format!("{name}.rs"), sample.source);
        }
    }

    pub(super) fn exchange_table(&mut self, name: &str) {
        if let Some(table) = table(name)
            && !self.draft().exchange_table(table)
        {
            self.say_locked();
        }
    }
}
