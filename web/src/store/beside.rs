//! The fault of the path beside the comparison kernels: the same reference's way under each, kept up while one steps.

use std::fmt;
use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::compare::{Beside, Way};
use exo_session::path::{PathKind, fault_path};

use super::kernels::as_it_stands;
use super::playground::Playground;
use super::work::{Activity, UNITS};

/// The ways of one reference, while they are looked at.
#[derive(Debug, Default)]
pub struct Besides {
    /// Whether they are.
    pub open: bool,
    /// Whose reference it is, and which.
    pub of: Option<(EnvId, u64)>,
    kernels: Option<Kernels>,
    working: bool,
    /// Those that are known.
    pub ways: Rc<Vec<Way>>,
    /// Why there are none.
    pub problem: Option<String>,
}

/// The kernels on their way.
struct Kernels(Box<Beside>);

impl fmt::Debug for Kernels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kernels")
            .field(&self.0.ways().len())
            .finish()
    }
}

impl Playground {
    /// Shows the ways, or puts them away.
    pub(super) fn show_beside(&mut self, shown: bool) {
        self.pause();
        self.besides = Besides {
            open: shown,
            ..Besides::default()
        };
    }

    /// Sets out to run the comparison kernels to the reference of the path, if that is looked at and nothing
    /// else is under way.
    pub(crate) fn follow_fault(&mut self) {
        if !self.besides.open || self.activity != Activity::Idle || self.reading {
            return;
        }
        let path = fault_path(&self.session).filter(|it| it.kind == PathKind::Fault);
        let of = path.map(|it| (it.env, it.reference));
        let besides = &mut self.besides;
        let Some((env, reference)) = of else {
            return;
        };
        let scenario = as_it_stands(&self.session);
        let parameters = self.kernels.parameters;
        let same = besides
            .kernels
            .as_ref()
            .is_some_and(|it| it.0.is_of(&scenario, parameters));
        if besides.of == of && (same || besides.problem.is_some()) {
            if besides.working {
                self.activity = Activity::ComparingFault;
            }
            return;
        }
        (besides.of, besides.ways, besides.problem) = (of, Rc::default(), None);
        let went_on = besides
            .kernels
            .as_mut()
            .is_some_and(|it| same && it.0.go_on_to(env, reference));
        if !went_on {
            match Beside::new(scenario, parameters, env, reference) {
                Ok(beside) => besides.kernels = Some(Kernels(Box::new(beside))),
                Err(error) => {
                    let text = format!("There is nothing to put beside it: {error}.");
                    (besides.kernels, besides.problem) = (None, Some(text));
                    besides.working = false;
                    return;
                }
            }
        }
        besides.working = true;
        self.activity = Activity::ComparingFault;
    }

    /// Goes on with it; the session stays where it stands. True if there is more to do.
    pub(super) fn compare_fault(&mut self) -> bool {
        let besides = &mut self.besides;
        let more = besides
            .kernels
            .as_mut()
            .is_some_and(|it| it.0.advance(UNITS));
        if !more {
            let known = besides.kernels.as_ref().map(|it| it.0.ways().to_vec());
            besides.ways = Rc::new(known.unwrap_or_default());
            besides.working = false;
            self.activity = Activity::Idle;
        }
        more
    }

    /// The ways, while they are looked at.
    pub(crate) fn besides(&self) -> &Besides {
        &self.besides
    }
}
