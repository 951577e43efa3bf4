//! The page's state and what changes it. Knows no browser: time comes in as a number.

mod action;
mod draft;
mod playground;
mod work;

pub use action::{Action, Panel, Speed};
pub use draft::{Checked, Draft};
pub use playground::{Notice, Playground};
pub use work::{Activity, tells_each_step};
