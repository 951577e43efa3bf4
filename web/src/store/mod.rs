//! The page's state and what changes it. Knows no browser: time comes in as a number.

mod action;
mod draft;
mod inside;
mod playground;
mod runs;
mod share;
mod work;

pub use action::{Action, Face, Panel, Speed};
pub use draft::{Checked, Draft};
pub use inside::{Listing, ListingRow};
pub use playground::{Notice, Playground};
pub use share::Share;
pub use work::{Activity, tells_each_step};
