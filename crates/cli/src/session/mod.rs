//! Sessions at the command line: `exo replay`, `exo why`, `exo link`, `exo scenario`.

mod link;
mod replay;
mod scenario;
mod source;
mod why;

pub use link::{LinkArguments, link};
pub use replay::{ReplayArguments, replay};
pub use scenario::{ScenarioArguments, scenario};
pub use why::{WhyArguments, why};
