//! The page's state and what changes it. Knows no browser: time comes in as a number.

mod action;
mod asking;
mod beside;
mod branches;
mod breakpoints;
mod charts;
mod course;
mod documents;
mod draft;
mod export;
mod find;
mod find_form;
mod following;
mod going;
mod guide;
mod hosted;
mod inside;
mod kept;
mod kernels;
mod later;
mod locked;
mod marks;
mod packets;
mod playground;
mod purpose;
mod reading;
mod record;
mod runs;
mod share;
mod shelf;
mod state;
mod taking;
mod undo;
mod versions;
mod work;
mod zoom;

pub use action::{Action, Face, Panel, Speed};
pub use asking::Answer;
pub use beside::Besides;
pub use branches::{BranchAction, Branches, Compared};
pub use breakpoints::{breakpoint_words, same_line};
pub use charts::{Chart, ChartFile, Charts, ChartsAction};
pub use course::{Course, RAN, Rates};
pub use draft::{Checked, Draft};
pub use export::{ExportFile, FORMATS};
pub use find::{Seeking, none_words};
pub use find_form::{COUNTERS, FindForm, KINDS, What};
pub use going::Target;
pub use guide::{Guide, GuideAction, GuideStep, LINES};
pub use inside::{Listing, ListingRow};
pub use kept::{Kept, Offering, WorkMark};
pub use kernels::{Kernels, KernelsAction};
pub use marks::{Mark, MarkKind, MarksAction};
pub use packets::{CAPTURE_MAX, COLLECTED_MAX, Found, Live, PacketSource, Packets, PacketsAction};
pub use playground::{Notice, Playground};
pub use reading::has_ending;
pub use record::{
    COLLECTED_MAX as RECORD_COLLECTED_MAX, RECORD_KINDS, ROWS as RECORD_ROWS, Record, RecordAction,
    RecordFilter,
};
pub use share::Share;
pub use shelf::{Shelf, bounded, shelve};
pub(crate) use state::Looking;
pub use state::StateAction;
pub use versions::{Version, Versions};
pub use work::{Activity, tells_each_step};
