//! The later part of the program: what is loaded when it is first needed. That is networks, the values of a program, and
//! the sheets that are opened by a button. All that lies behind its entries, and is reached in no other way, is in a file
//! of its own.

use std::rc::Rc;
use std::sync::OnceLock;

use exo_session::network::{self, Part};
use exo_session::path::FaultPath;
use yew::{Callback, Html};

use crate::components::{
    FrameTable, Pointing, WorkbenchProps, beside, find_bar, frame_table, later_panel, later_sheets,
    later_state, pointing,
};
use crate::store::{Action, Playground};
use crate::view::{BesideView, Counted, FindView, LaterViews, Slices, StateView};

/// Its entries.
#[derive(Debug)]
pub struct Later {
    /// What networks are made with.
    network: &'static Part,
    /// Does what is asked.
    pub(crate) take: fn(&mut Playground, Action),
    /// Goes on with work under way. True if there is more to do.
    pub(crate) work: fn(&mut Playground) -> bool,
    /// Ends work under way before it is through.
    pub(crate) give_up: fn(&mut Playground),
    /// While something runs: follows it with what is looked at. The time is the driver's clock.
    pub(crate) follow_run: fn(&mut Playground, f64),
    /// Sets out to put the fault of the path beside other kernels, if that is looked at.
    pub(crate) follow_fault: fn(&mut Playground),
    /// While values are looked at: follows where the run stands.
    pub(crate) watch: fn(&mut Playground),
    /// What its sheets show.
    pub(crate) select: fn(&Playground, Option<&FaultPath>) -> LaterViews,
    /// Draws frames as a table.
    pub(crate) frame_table: fn(FrameTable) -> Html,
    /// Tells what is pointed at on the timeline.
    pub(crate) pointing: fn(Pointing) -> Html,
    /// What is told of the steps behind the first one up to the second, slice by slice.
    pub(crate) slices: fn(&Counted<'_>, u64, u64) -> Slices,
    /// Draws the find bar.
    pub(crate) find: fn(&Rc<FindView>, &Callback<Action>) -> Html,
    /// Draws its panel.
    pub(crate) panel: fn(&WorkbenchProps) -> Html,
    /// Draws the fault of the path beside other kernels.
    pub(crate) beside: fn(&BesideView, Option<&FaultPath>) -> Html,
    /// Draws the values of a program.
    pub(crate) state: fn(&Rc<StateView>, &Callback<Action>) -> Html,
    /// Draws its sheets.
    pub(crate) sheets: fn(&WorkbenchProps) -> Html,
}

/// All of it, for who links it or loads it.
pub(crate) static ALL: Later = Later {
    network: &network::WHOLE,
    take: Playground::take_with_later,
    work: Playground::work_with_later,
    give_up: Playground::give_up_with_later,
    follow_run: Playground::follow_run,
    watch: Playground::watch_again,
    follow_fault: Playground::follow_fault,
    select: LaterViews::of,
    frame_table,
    pointing,
    slices: Slices::of,
    find: find_bar,
    panel: later_panel,
    state: later_state,
    beside,
    sheets: later_sheets,
};

/// The same, once it is here.
static HERE: OnceLock<&Later> = OnceLock::new();

/// Lets the program use it from now on.
pub(crate) fn bring(later: &'static Later) {
    network::bring(later.network);
    let _ = HERE.set(later);
}

/// The later part, if it is here.
pub(crate) fn later() -> Option<&'static Later> {
    #[cfg(feature = "whole")]
    bring(&ALL);
    HERE.get().copied()
}
