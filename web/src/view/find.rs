//! What is looked for, and what came of it.

use super::memory::Owner;
use crate::store::{Activity, FindForm, Playground};

/// The find bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindView {
    /// Whether it is shown.
    pub open: bool,
    /// What stands in the fields.
    pub form: FindForm,
    /// The same as the command line takes it.
    pub words: String,
    /// Whose things can be looked for.
    pub owners: Vec<Owner>,
    /// Whether a search is under way.
    pub searching: bool,
    /// How far it has come: steps looked through, and those that are known to be there.
    pub progress: Option<(u64, u64)>,
    /// What came of the last search, and whether it failed.
    pub said: Option<(String, bool)>,
}

pub(super) fn select(playground: &Playground) -> FindView {
    let finder = &playground.finder;
    let (step, furthest) = (
        playground.session().step_number(),
        playground.session().furthest_step(),
    );
    let (searching, progress) = match playground.activity {
        Activity::Seeking(seeking) if seeking.back.is_some() => {
            let looked = seeking.back.map(|it| it.steps(playground.session()));
            (true, looked.map(|looked| (looked, seeking.step)))
        }
        Activity::Seeking(_) => (true, Some((step, furthest)).filter(|_| step < furthest)),
        _ => (false, None),
    };
    let owners = (0..playground.environments().len()).map(|index| Owner {
        env: exo_core::ids::EnvId(index as u8),
    });
    FindView {
        open: finder.open,
        form: finder.form.clone(),
        words: finder.form.words(),
        owners: owners.collect(),
        searching,
        progress,
        said: finder.said.clone(),
    }
}
