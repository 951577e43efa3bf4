//! View models: what each part of the page shows, as plain data, and the selectors that make them.
//!
//! Selectors are the only readers of the session. All models are `Eq` and held in `Rc`: one that did
//! not change keeps its pointer, and its component is not drawn again.

mod apply;
mod attempts;
mod beside;
mod branches;
mod caption;
mod chart_file;
mod charts;
mod density;
mod detail;
mod editor;
mod environments;
mod find;
mod guide;
mod hatch;
mod inside;
mod kept;
mod kernel_charts;
mod kernels;
mod lessons;
mod lines;
mod linked;
mod log;
mod marks;
mod memory;
mod network;
mod packet;
mod packets;
mod processor;
mod rates;
mod record;
mod rings;
mod run;
mod state;
mod stlb;
mod timeline;
mod tlb;
mod touched;
mod trend;
mod trie;
mod trips;
mod values;
mod versions;
mod why;
pub mod words;

use std::rc::Rc;

use exo_session::path::{FaultPath, fault_path};

pub use apply::ApplyView;
pub use attempts::{AttemptRow, AttemptsView};
pub use beside::BesideView;
pub(crate) use beside::handler_name;
pub use branches::{BranchRow, BranchesView};
pub use caption::{ActorMark, CaptionView};
pub use charts::{BarsView, ChartView, ChartsView, LineView, Pen, TripsView, chart_file};
pub use density::TrackView;
pub(crate) use density::{Counted, Slices};
pub use detail::{DetailView, FactView};
pub use editor::{DiagnosticView, EditorView, StopView, TabView};
pub(crate) use environments::deadline;
pub use environments::{AskedView, EnvironmentView, PhaseMark};
pub use find::FindView;
pub use guide::GuideView;
pub use hatch::{hatch_number, hatch_path, is_hatched};
pub use inside::InsideView;
pub use kept::{KeptRow, KeptView};
pub use kernel_charts::kernel_file;
pub use kernels::{COLUMNS as KERNEL_COLUMNS, KernelRow, KernelsView, ParameterRow};
pub use lessons::LessonView;
pub(crate) use linked::Linked;
pub use log::LogRow;
pub(crate) use log::{mark as log_mark, single as log_row};
pub use marks::{MarkRow, MarksView};
pub use memory::{FrameCell, MemoryView, Owner};
pub use network::{FillRow, NetworkView, PeerRow};
pub use packet::{EngineCycles, MergedView, PacketView, StepView};
pub use packets::{
    BoundRow, ClaimView, ENGINES, FilterProblem, HandlerRow, MachineView, PacketRow, PacketsView,
    PassedRow,
};
pub use processor::ProcessorView;
pub use record::RecordView;
pub use rings::{Holder, RingView, SendRow, SlotView};
pub use run::RunView;
pub use state::{
    ArrayView, ElementRow, EntryView, GroupView, LinesView, PageTableView, StateBody, StateRow,
    StateView, TableRow,
};
pub use stlb::{CloseView, NearView, Outcome, Probe, StlbView};
pub use timeline::{DrawnView, MarkView, TimelineView};
pub use tlb::{TlbCell, TlbView};
pub(crate) use touched::of as touched_by;
pub use trend::{HIGH as TREND_HIGH, TrendView, WIDE as TREND_WIDE};
pub use trie::{AnswerView, BranchView};
pub use versions::VersionRow;

pub use why::{WhyLink, WhyView};

/// Width and height of a chart.
pub const CHART_SIZE: (u32, u32) = (charts::WIDTH, charts::HEIGHT);

use crate::later::later;
use crate::store::{ExportFile, Notice, Panel, Playground, Share};

/// All that the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The top bar.
    pub run: Rc<RunView>,
    /// The sentence.
    pub caption: Rc<CaptionView>,
    /// The run from end to end.
    pub timeline: Rc<TimelineView>,
    /// What is looked for.
    pub find: Rc<FindView>,
    /// The futures that were left.
    pub branches: Rc<BranchesView>,
    /// What is marked in the run.
    pub marks: Rc<MarksView>,
    /// What runs here under other kernels.
    pub kernels: Rc<KernelsView>,
    /// A notice across the page.
    pub notice: Option<Rc<Notice>>,
    /// The policy under edit.
    pub editor: Rc<EditorView>,
    /// The policy from inside.
    pub inside: Rc<InsideView>,
    /// The fault under way, or the last one.
    pub path: Option<Rc<FaultPath>>,
    /// The same reference under other kernels.
    pub beside: Rc<BesideView>,
    /// What of the path and the timeline belongs to what is chosen.
    pub looked: Rc<LookedView>,
    /// Physical memory.
    pub memory: Rc<MemoryView>,
    /// What is looked at.
    pub detail: Rc<DetailView>,
    /// The hardware TLB.
    pub tlb: Rc<TlbView>,
    /// The software TLB.
    pub stlb: Rc<StlbView>,
    /// The environments.
    pub environments: Rc<Vec<EnvironmentView>>,
    /// The last events.
    pub log: Rc<Vec<LogRow>>,
    /// Every event.
    pub record: Rc<RecordView>,
    /// Charts.
    pub charts: Rc<ChartsView>,
    /// The network; none if the machine has none.
    pub network: Option<Rc<NetworkView>>,
    /// What was tried and what stopped it; none if nothing was.
    pub attempts: Option<Rc<AttemptsView>>,
    /// Packets and their filters.
    pub packets: Rc<PacketsView>,
    /// The first lesson.
    pub guide: Rc<GuideView>,
    /// What the browser keeps.
    pub kept: Rc<KeptView>,
    /// Link and file of the session, while they are looked at.
    pub share: Option<Rc<Share>>,
    /// The last file that was exported.
    pub exported: Option<Rc<ExportFile>>,
    /// The next one, while it is written: steps that are, and how many there are.
    pub exporting: Option<(u64, u64)>,
    /// What a small screen shows.
    pub panel: Panel,
    /// Whether the later part of the program is to be loaded.
    pub wants_later: bool,
}

/// What of the fault path and the timeline belongs to what is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookedView {
    /// Its owner.
    pub owner: Option<Owner>,
    /// Steps of the path that name it.
    pub steps: Vec<u64>,
    /// The step by which it was chosen.
    pub step: Option<u64>,
}

/// What the sheets of the later part show: nothing while it is not here.
#[derive(Debug, Default)]
pub(crate) struct LaterViews {
    beside: BesideView,
    branches: BranchesView,
    marks: MarksView,
    kernels: KernelsView,
    record: RecordView,
    charts: ChartsView,
    network: Option<NetworkView>,
    attempts: Option<AttemptsView>,
    packets: PacketsView,
    state: StateView,
}

impl LaterViews {
    pub(crate) fn of(playground: &Playground, path: Option<&FaultPath>) -> LaterViews {
        LaterViews {
            beside: beside::select(playground, path),
            branches: branches::select(playground),
            marks: marks::select(playground),
            kernels: kernels::select(playground),
            record: record::select(playground),
            charts: charts::select(playground),
            network: network::select(playground),
            attempts: attempts::select(playground),
            packets: packets::select(playground),
            state: state::select(playground),
        }
    }
}

impl View {
    /// What the page shows of this state.
    pub fn of(playground: &Playground) -> View {
        View::select(playground, None)
    }

    fn select(playground: &Playground, before: Option<&View>) -> View {
        let linked = Linked::select(playground);
        let path = fault_path(playground.session());
        let caption = caption::select(playground, path.as_ref());
        let mut later = later()
            .map(|it| (it.select)(playground, path.as_ref()))
            .unwrap_or_default();
        later.branches.count = playground.session().branch_count();
        let timeline = before.map(|it| &*it.timeline);
        View {
            run: Rc::new(run::select(playground)),
            timeline: Rc::new(timeline::select(playground, &caption.text, timeline)),
            find: Rc::new(find::select(playground)),
            branches: Rc::new(later.branches),
            marks: Rc::new(later.marks),
            kernels: Rc::new(later.kernels),
            caption: Rc::new(caption),
            notice: playground.notice.clone().map(Rc::new),
            editor: Rc::new(editor::select(playground, &linked)),
            inside: Rc::new(inside::select(playground, later.state)),
            looked: Rc::new(looked(playground, &linked, path.as_ref())),
            path: path.map(Rc::new),
            beside: Rc::new(later.beside),
            memory: Rc::new(memory::select(playground, linked.frame)),
            detail: Rc::new(detail::select(playground, &linked)),
            tlb: Rc::new(tlb::select(playground, &linked)),
            stlb: Rc::new(stlb::select(playground, &linked)),
            environments: Rc::new(environments::select(playground, &linked)),
            log: Rc::new(log::select(playground, &linked)),
            record: Rc::new(later.record),
            charts: Rc::new(later.charts),
            network: later.network.map(Rc::new),
            attempts: later.attempts.map(Rc::new),
            packets: Rc::new(later.packets),
            guide: Rc::new(guide::select(playground)),
            kept: kept::select(playground),
            share: playground.share.clone().map(Rc::new),
            exported: playground.exported.clone(),
            exporting: playground.export_steps(),
            panel: playground.panel,
            wants_later: playground.wants_later(),
        }
    }

    /// The same, keeping the models of `before` that did not change.
    pub fn after(before: &View, playground: &Playground) -> View {
        fn keep<T: Eq>(now: &mut Rc<T>, before: &Rc<T>) {
            if now == before {
                *now = before.clone();
            }
        }
        fn keep_some<T: Eq>(now: &mut Option<Rc<T>>, before: &Option<Rc<T>>) {
            if now == before {
                now.clone_from(before);
            }
        }
        let mut now = View::select(playground, Some(before));
        keep(&mut now.run, &before.run);
        keep(&mut now.find, &before.find);
        keep(&mut now.branches, &before.branches);
        keep(&mut now.marks, &before.marks);
        keep(&mut now.kernels, &before.kernels);
        keep(&mut now.timeline, &before.timeline);
        keep(&mut now.caption, &before.caption);
        keep(&mut now.editor, &before.editor);
        keep(&mut now.inside, &before.inside);
        keep(&mut now.beside, &before.beside);
        keep_some(&mut now.path, &before.path);
        keep(&mut now.looked, &before.looked);
        keep(&mut now.memory, &before.memory);
        keep(&mut now.detail, &before.detail);
        keep(&mut now.tlb, &before.tlb);
        keep(&mut now.stlb, &before.stlb);
        keep(&mut now.environments, &before.environments);
        keep(&mut now.log, &before.log);
        keep(&mut now.record, &before.record);
        keep(&mut now.charts, &before.charts);
        keep(&mut now.packets, &before.packets);
        keep_some(&mut now.network, &before.network);
        keep_some(&mut now.attempts, &before.attempts);
        keep(&mut now.guide, &before.guide);
        keep(&mut now.kept, &before.kept);
        now
    }
}

/// What of a path belongs to what is chosen.
fn looked(playground: &Playground, linked: &Linked, path: Option<&FaultPath>) -> LookedView {
    if playground.looked.is_none() {
        return LookedView::default();
    }
    let recent = playground.session().recent();
    let named = |step: &u64| {
        let found = recent.binary_search_by_key(step, |it| it.number);
        found.is_ok_and(|index| linked.names(&recent[index]))
    };
    let hops = path.map_or(&[][..], |it| &it.hops);
    LookedView {
        owner: linked.env.map(|env| Owner { env }),
        steps: hops.iter().map(|it| it.step).filter(named).collect(),
        step: playground.looked_step,
    }
}

#[cfg(test)]
pub(crate) mod tests;
