//! The page's state and what changes it. Knows no browser: time comes in as a number.

mod action;
mod asking;
mod branches;
mod breakpoints;
mod course;
mod documents;
mod draft;
mod export;
mod find;
mod find_form;
mod going;
mod inside;
mod kernels;
mod locked;
mod marks;
mod playground;
mod runs;
mod share;
mod work;

pub use action::{Action, BranchAction, Face, KernelsAction, Panel, Speed};
pub use asking::Answer;
pub use branches::{Branches, Compared};
pub use breakpoints::{breakpoint_words, same_line};
pub use course::{COUNTED, Course};
pub use draft::{Checked, Draft};
pub use export::{ExportFile, FORMATS};
pub use find::{Seeking, none_words};
pub use find_form::{COUNTERS, FindForm, KINDS, What};
pub use going::Target;
pub use inside::{Listing, ListingRow};
pub use kernels::Kernels;
pub(crate) use kernels::as_it_stands;
pub use marks::{Mark, MarkKind};
pub use playground::{Notice, Playground};
pub use share::Share;
pub use work::{Activity, tells_each_step};
