//! Why something is as it is: a chain of steps, each a place to go to.

use exo_core::ids::Position;
use exo_session::debugger::Breakpoint;
use exo_session::why::{Link, Thing};

use super::words::grouped;
use crate::store::Playground;

/// One step of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyLink {
    /// Its number, grouped.
    pub step: String,
    /// Where it leads.
    pub position: Position,
    /// What happened.
    pub text: String,
    /// The line that did it.
    pub line: Option<Breakpoint>,
    /// Whether the run stands there.
    pub here: bool,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyView {
    /// The step at which it was asked, grouped.
    pub asked: String,
    /// Its position.
    pub position: Position,
    /// Whether the run stands there.
    pub here: bool,
    /// While it is looked for, if that takes long: steps looked back over, and how many there are.
    pub progress: Option<(u64, u64)>,
    /// The last change first. Empty if nothing has changed it since reset.
    pub links: Vec<WhyLink>,
}

/// The answer about a thing, if it was asked about.
pub(super) fn select(playground: &Playground, thing: Thing) -> Option<WhyView> {
    let answer = playground.answer.as_ref().filter(|it| it.thing == thing)?;
    let progress = playground.asked();
    if progress.is_none() && playground.asking.is_some() {
        return None;
    }
    let here = playground.session().machine().position();
    let link = |link: &Link| WhyLink {
        step: grouped(link.step),
        position: link.position,
        text: link.text.clone(),
        line: link.line,
        here: link.position == here,
    };
    Some(WhyView {
        asked: grouped(answer.step),
        position: answer.position,
        here: progress.is_some() || answer.position == here,
        progress,
        links: answer.chain.iter().map(link).collect(),
    })
}

#[cfg(test)]
mod tests {
    use exo_core::ids::{EnvId, Frame, TlbSlot};
    use exo_session::debugger::Side;
    use exo_session::why::Thing;

    use crate::store::{Action, Playground, Target};
    use crate::view::tests::{playground, step_until};
    use crate::view::{View, WhyView};

    fn done(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    fn why(playground: &mut Playground, thing: Thing) -> WhyView {
        done(playground, Action::Look(Some(thing)));
        done(playground, Action::Ask(thing));
        View::of(playground).detail.why.clone().unwrap()
    }

    /// A run with a frame that was just bound, in the slot where it was.
    fn bound() -> (Playground, Frame) {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let cells = View::of(&playground).memory.cells.clone();
        let frame = cells.iter().position(|cell| cell.now).unwrap();
        (playground, Frame(frame as u32))
    }

    #[test]
    fn a_bound_frame_leads_from_the_policy_s_line_to_the_upcall_and_the_reference() {
        let (mut playground, frame) = bound();
        (0..30).for_each(|_| playground.update(Action::Step));
        let before = playground.session().machine().state_digest();
        let why = why(&mut playground, Thing::Frame(frame));
        assert_eq!(playground.session().machine().state_digest(), before);
        assert!(why.here && why.links.len() == 3, "{why:#?}");
        let line = why.links[0].line.unwrap();
        assert_eq!((line.env, line.side), (EnvId(0), Side::LibOs));
        assert!(
            why.links[2].text.contains("traps to the kernel"),
            "{why:#?}"
        );
    }

    #[test]
    fn one_goes_to_a_step_of_the_chain_and_back_and_the_answer_stays() {
        let (mut playground, frame) = bound();
        (0..30).for_each(|_| playground.update(Action::Step));
        let asked = why(&mut playground, Thing::Frame(frame));
        for link in &asked.links {
            done(
                &mut playground,
                Action::GoTo(Target::Position(link.position)),
            );
            let view = View::of(&playground);
            assert_eq!(view.run.step, link.step);
            let now = view.detail.why.as_ref().unwrap();
            assert!(!now.here);
            let here = now.links.iter().filter(|it| it.here);
            assert_eq!(here.map(|it| &it.step).collect::<Vec<_>>(), [&link.step]);
        }
        done(
            &mut playground,
            Action::GoTo(Target::Position(asked.position)),
        );
        assert_eq!(View::of(&playground).detail.why.as_ref(), Some(&asked));
    }

    #[test]
    fn a_slot_an_entry_and_an_environment_can_be_asked_about() {
        let (mut playground, _) = bound();
        let slot = View::of(&playground).tlb.cells.iter().position(|it| it.now);
        let slot = why(&mut playground, Thing::Tlb(TlbSlot(slot.unwrap() as u16)));
        let index = View::of(&playground).stlb.used[0];
        let entry = why(&mut playground, Thing::Stlb(index));
        assert_eq!(slot.links[0].text, entry.links[0].text);
        done(&mut playground, Action::Ask(Thing::Environment(EnvId(0))));
        let view = View::of(&playground);
        let own = view.environments[0].why.as_ref().unwrap();
        assert_eq!(own.links[0].step, view.run.step);
        assert_eq!(view.environments[1].why, None);
        assert_eq!(view.detail.why, None, "there is one answer at a time");
    }

    #[test]
    fn what_nothing_has_changed_has_an_empty_chain_and_another_past_forgets_the_answer() {
        let (mut playground, frame) = bound();
        let free = View::of(&playground).memory.cells.len() as u32 - 1;
        assert_eq!(why(&mut playground, Thing::Frame(Frame(free))).links, []);
        why(&mut playground, Thing::Frame(frame));
        done(&mut playground, Action::Reset);
        assert!(View::of(&playground).detail.why.is_some());
        let env = EnvId(0);
        playground.update(Action::SetFrameLimit { env, frames: 3 });
        assert_eq!(View::of(&playground).detail.why, None);
    }

    #[test]
    fn why_is_looked_for_in_pieces_tells_how_far_it_came_and_can_be_given_up() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        done(&mut playground, Action::GoTo(Target::Step(400_000)));
        let digest = playground.session().machine().state_digest();
        // Nobody ever held it: all of the run is looked through.
        let thing = Thing::Frame(Frame(0xFF));
        playground.update(Action::Look(Some(thing)));
        playground.update(Action::Ask(thing));
        assert!(View::of(&playground).detail.why.is_none() && !View::of(&playground).run.busy);
        let mut told = 0;
        while playground.work(0.0) {
            let view = View::of(&playground);
            let (looked, steps) = view.detail.why.as_ref().unwrap().progress.unwrap();
            assert!(looked >= told && steps == 400_000 && view.run.busy);
            told = looked;
        }
        assert!(told > 200_000, "{told}");
        let stands = |it: &Playground| it.session().machine().state_digest() == digest;
        let why = View::of(&playground).detail.why.clone().unwrap();
        assert!(why.here && why.links.is_empty() && why.progress.is_none());
        assert!(stands(&playground));
        for given_up in [Action::Cancel, Action::CloseAnswer, Action::Look(None)] {
            playground.update(Action::Look(Some(thing)));
            playground.update(Action::Ask(thing));
            (0..3).for_each(|_| assert!(playground.work(0.0)));
            playground.update(given_up);
            let view = View::of(&playground);
            assert!(!view.run.working && view.detail.why.is_none());
            assert!(
                view.notice
                    .unwrap()
                    .text
                    .contains(" steps back; the run stands")
            );
            assert!(stands(&playground));
        }
    }
}
