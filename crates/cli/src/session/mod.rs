//! Sessions at the command line: `exo replay`, `exo link`, `exo scenario`.

mod link;
mod replay;
mod scenario;
mod source;

pub use link::{LinkArguments, link};
pub use replay::{ReplayArguments, replay};
pub use scenario::{ScenarioArguments, scenario};
