//! The state of the page: a session, drafts of its policies, and what is looked at.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_libos_samples::{sample, table};
use exo_session::debugger::{HandlerRun, Side};
use exo_session::saved::Read;
use exo_session::why::{Asking, Thing};
use exo_session::{Scenario, Session, SessionError};

use super::action::{Action, Face, Panel, Speed};
use super::asking::Answer;
use super::branches::Branches;
use super::charts::Charts;
use super::course::Course;
use super::documents::applications;
use super::draft::Draft;
use super::export::{ExportFile, Exporting};
use super::find::Finder;
use super::guide::Guide;
use super::inside::Listing;
use super::kept::{Kept, Offer, Offering};
use super::kernels::Kernels;
use super::marks::Mark;
use super::packets::Packets;
use super::record::Record;
use super::share::{Arrival, Share};
use super::undo::Before;
use super::versions::Versions;
use super::work::Activity;

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
    /// What is looked at: a frame or a cached binding.
    pub(crate) looked: Option<Thing>,
    /// The texts whose lines the breakpoints are, two for each environment.
    pub(crate) break_sources: Vec<Rc<str>>,
    /// What is looked for.
    pub(crate) finder: Finder,
    /// The futures that were left, while they are looked at.
    pub(super) branches: Branches,
    /// What runs here under other kernels, while that is looked at.
    pub(super) kernels: Kernels,
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
    /// Page loads of A when the lesson's first run was over.
    pub(crate) guide_loads: u64,
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
    /// What is to be done when the later part of the program is here.
    pub(super) wanted: Option<Box<Action>>,
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
            break_sources: Vec::new(),
            finder: Finder::default(),
            branches: Branches::default(),
            kernels: Kernels::default(),
            answer: None,
            asking: None,
            panel: Panel::default(),
            face: Face::default(),
            listing: None,
            handler: None,
            notice: None,
            reading: false,
            record: Record::default(),
            charts: Charts::default(),
            packets: Packets::default(),
            guide: Guide::default(),
            guide_loads: 0,
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
            wanted: None,
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
        if self.read_only && action.changes() {
            self.refuse_change();
        } else {
            self.take(action);
        }
        self.check_again();
        self.follow();
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Reset => self.moving(|session| session.reset()),
            Action::StepBack => self.moving(|it| _ = it.step_back()),
            Action::Step => self.moving(|it| _ = it.step()),
            Action::NextEvent | Action::NextFault | Action::NextPacket => self.go_on_to(&action),
            Action::StepLine(stride) => self.step_line(stride),
            Action::StepLineBack(stride) => self.step_line_back(stride),
            Action::ToggleBreakpoint(line) => self.toggle_breakpoint(line),
            Action::RemoveBreakpoint(breakpoint) => self.remove_breakpoint(breakpoint),
            Action::GoTo(target) => self.go_to(target),
            Action::GoToTyped(text) => self.go_to_typed(&text),
            Action::GoToMark { forward } => self.go_to_mark(forward),
            Action::OpenFind => self.open_finder(),
            Action::CloseFind => self.finder.open = false,
            Action::SetFind(form) => self.finder.form = *form,
            Action::Search { back } => self.search(back),
            Action::Cancel => self.cancel(),
            Action::ToggleRun => self.toggle_run(),
            Action::SetSpeed(speed) => self.set_speed(speed),
            Action::SelectEnvironment(env) => self.show_program(env, Side::LibOs),
            Action::SelectApplication(env) => self.show_program(env, Side::Application),
            Action::ShowFace(face) => self.face = face,
            Action::Run { env, application } => self.run_application(env, application),
            Action::SetFrameLimit { env, frames } => self.set_frame_limit(env, frames),
            Action::Edit(text) => self.edit(text),
            Action::Compare(shown) => self.comparing = shown,
            Action::Check => self.check(),
            Action::LoadSample(name) => self.load_sample(name),
            Action::ExchangeTable(name) => self.exchange_table(name),
            Action::LoadOriginal => self.draft().load_original(),
            Action::LoadRunning => self.load_running(),
            Action::UndoLoad => self.draft().undo_load(),
            Action::Apply { reset } => self.apply(reset),
            Action::Look(thing) => self.look(thing),
            Action::Ask(thing) => self.ask(thing),
            Action::CloseAnswer => self.close_answer(),
            Action::SelectPanel(panel) => self.panel = panel,
            Action::TraceReading { name, read, size } => self.reading(&name, read, size),
            Action::TraceRead(trace) => self.offered(*trace),
            Action::TraceFailed { name, reason } => self.not_read(&name, &reason),
            Action::UndoChange => self.undo_change(),
            Action::StopReading => self.stop_reading(),
            Action::OpenLink(link) => self.open_link(&link),
            Action::OpenText { name, text } => self.open_text(&name, &text),
            Action::OpenProgram { name, text } => self.open_program(&name, &text),
            Action::OfSeveral(count) => self.of_several(count),
            Action::OpenScenario(name) => self.open_scenario(name),
            Action::Record(_) | Action::Charts(_) | Action::Packets(_) => self.take_later(action),
            Action::Kernels(_) | Action::Branch(_) => self.take_later(action),
            Action::Export(_) | Action::Format => self.take_later(action),
            Action::LaterFailed => self.later_failed(),
            Action::Guide(action) => self.guide(action),
            Action::StartAt(place) => self.start_at(place),
            Action::ReadOnly => self.read_only = true,
            Action::KeptFound { kept, offer } => self.found_kept(kept, offer),
            Action::OpenKept(name) => self.open_kept(&name),
            Action::DeclineKept => self.kept_offer = Offer::Nothing,
            Action::ForgetKept => self.found_kept(Rc::default(), Offering::Nothing),
            Action::NotKept => self.not_kept(),
            Action::ShowVersions(_) => self.take_later(action),
            Action::TakeVersion(index) => self.take_version(index),
            Action::Share => self.share(),
            Action::Copied(copied) => self.copied(copied),
            Action::CloseShare => self.share = None,
            Action::Dismiss => (self.notice, self.waiting, self.wanted) = (None, None, None),
        }
    }

    /// Brings up to date what is kept of where the session stands.
    pub(super) fn follow(&mut self) {
        if self.course.note(&self.session) {
            self.forget_marks();
            self.forget_answer();
            self.cut_packets();
        }
        self.follow_applications();
        self.move_breakpoints();
        self.list_again();
        self.watch_again();
        self.follow_guide();
        self.follow_packets();
    }

    /// Ends what is under way; if nothing is, puts away what is looked for.
    fn cancel(&mut self) {
        if self.reading {
            self.stop_reading();
        } else if self.is_busy() {
            if self.activity == Activity::Following {
                self.stop_following();
            }
            self.pause();
        } else {
            self.finder.open = false;
        }
    }

    /// Moves by hand: whatever was under way ends.
    fn moving(&mut self, advance: impl FnOnce(&mut Session)) {
        self.pause();
        self.quiet_notice();
        advance(&mut self.session);
    }

    /// Sets out for the next of what the action names.
    fn go_on_to(&mut self, action: &Action) {
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

    fn toggle_run(&mut self) {
        if self.is_busy() && self.activity != Activity::Following {
            self.pause();
        } else {
            self.begin(Activity::Running { due: None });
        }
    }

    fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        if self.activity.is_run() {
            self.pause();
            self.activity = Activity::Running { due: None };
        }
    }

    fn load_sample(&mut self, name: &str) {
        if let Some(sample) = sample(name) {
            self.draft().load(&format!("{name}.rs"), sample.source);
        }
    }

    fn exchange_table(&mut self, name: &str) {
        if let Some(table) = table(name) {
            self.draft().exchange_table(table);
        }
    }
}
