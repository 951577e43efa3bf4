//! The fault of the path beside the comparison kernels, as lanes and sums.

use std::rc::Rc;

use exo_session::compare::{KernelKind, Way};
use exo_session::path::{FaultPath, PathKind};

use crate::store::Playground;

/// The ways of the path's reference under the comparison kernels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BesideView {
    /// Whether they are looked at; what follows is empty while they are not.
    pub open: bool,
    /// What stands instead of them.
    pub instead: Option<String>,
    /// The ways, in the order of the kernels.
    pub ways: Rc<Vec<Way>>,
    /// Cycles of the longest bar.
    pub scale: u64,
}

/// What runs a policy under a kernel, where a libOS does here.
pub(crate) fn handler_name(kernel: KernelKind) -> &'static str {
    match kernel {
        KernelKind::MicrokernelTagged | KernelKind::MicrokernelUntagged => "pager",
        _ => "handler",
    }
}

pub(super) fn select(playground: &Playground, path: Option<&FaultPath>) -> BesideView {
    let besides = playground.besides();
    if !besides.open {
        return BesideView::default();
    }
    let fault = path.filter(|it| it.kind == PathKind::Fault);
    let of = fault.map(|it| (it.env, it.reference));
    let told = of.is_some() && besides.of == of && !besides.ways.is_empty();
    let instead = match &besides.problem {
        _ if of.is_none() => Some("Only a fault has a way under other kernels."),
        Some(problem) => Some(problem.as_str()),
        None if told => None,
        None => Some("The other kernels run to this reference when the run stands still."),
    };
    let ways = if told {
        besides.ways.clone()
    } else {
        Rc::default()
    };
    let longest = ways.iter().map(|it| {
        let it = &it.cycles;
        it.application + it.libos + it.kernel
    });
    BesideView {
        open: true,
        instead: instead.map(str::to_owned),
        scale: longest.max().unwrap_or(0),
        ways,
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    fn totals(playground: &Playground) -> Vec<u64> {
        let view = View::of(playground).beside;
        let cycles = view.ways.iter().map(|it| &it.cycles);
        cycles
            .map(|it| it.application + it.libos + it.kernel)
            .collect()
    }

    #[test]
    fn the_fault_of_the_path_is_put_beside_four_kernels_and_follows_each_step() {
        let mut playground = playground();
        settled(&mut playground, Action::NextFault);
        settled(&mut playground, Action::Beside(true));
        let view = View::of(&playground);
        assert_eq!(view.beside.ways.len(), 4);
        assert_eq!(view.beside.instead, None);
        let first = totals(&playground);
        assert!(first.iter().all(|it| *it > 36), "{first:?}");
        assert_eq!(view.beside.scale, *first.iter().max().unwrap());
        // Another step of the same fault has the same ways.
        settled(&mut playground, Action::Step);
        assert_eq!(totals(&playground), first);
        let mut others = 0;
        for _ in 0..6 {
            settled(&mut playground, Action::NextFault);
            others += usize::from(totals(&playground) != first);
            assert_eq!(totals(&playground).len(), 4);
        }
        assert!(others > 0);
        // Back at the first fault there is what there was.
        settled(&mut playground, Action::Reset);
        assert!(View::of(&playground).beside.ways.is_empty());
        settled(&mut playground, Action::NextFault);
        assert_eq!(totals(&playground), first);
        settled(&mut playground, Action::Beside(false));
        assert!(!View::of(&playground).beside.open);
    }

    #[test]
    fn behind_a_jump_without_a_fault_the_last_one_is_a_button_away() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        settled(&mut playground, Action::GoToTyped("60000".to_owned()));
        assert_eq!(View::of(&playground).path, None);
        settled(&mut playground, Action::LastFault);
        let path = View::of(&playground).path.clone().unwrap();
        let hop = path.hops.last().unwrap();
        assert!(
            hop.now && hop.text.starts_with("upcall page_fault"),
            "{hop:?}"
        );
        assert!(hop.step > 50_000 && hop.step < 60_000, "{hop:?}");
        // Before the first one there is none, and that is said.
        settled(&mut playground, Action::Reset);
        settled(&mut playground, Action::LastFault);
        let notice = View::of(&playground).notice.clone().unwrap();
        assert!(notice.text.starts_with("Nothing found."), "{notice:?}");
    }

    #[test]
    fn other_limits_and_other_costs_have_other_ways() {
        let mut playground = playground();
        settled(&mut playground, Action::NextFault);
        settled(&mut playground, Action::Beside(true));
        let first = totals(&playground);
        let ipc = exo_core::rivals::Parameters::ALL
            .iter()
            .find(|it| it.name == "ipc_one_way");
        let set = crate::store::KernelsAction::SetParameter(ipc.unwrap(), "165".to_owned());
        settled(&mut playground, Action::Kernels(set));
        let dear = totals(&playground);
        assert_eq!(dear[0], first[0] + 200);
        assert_eq!(dear[2..], first[2..]);
    }

    #[test]
    fn a_network_has_no_ways_and_the_panel_says_why() {
        let mut playground = playground();
        settled(&mut playground, Action::OpenScenario("network-ping"));
        settled(&mut playground, Action::NextFault);
        settled(&mut playground, Action::Beside(true));
        let view = View::of(&playground).beside;
        assert!(view.ways.is_empty());
        let instead = view.instead.clone().unwrap();
        assert!(
            instead.contains("network") || instead.contains("Only a fault"),
            "{instead}"
        );
    }
}
