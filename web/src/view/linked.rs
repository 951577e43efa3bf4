//! What belongs together: the page, its environment, its frame and where that is cached, by the machine's present
//! state. Every part of the page marks what belongs to the one thing that is chosen.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Frame, Page, TlbSlot};
use exo_core::machine::Machine;
use exo_session::Recorded;
use exo_session::debugger::Breakpoint;
use exo_session::why::Thing;

use super::touched;
use crate::store::Playground;

/// What belongs to the thing that is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Linked {
    /// What is chosen.
    thing: Option<Thing>,
    /// The owner: of the page, or else of the frame.
    pub(crate) env: Option<EnvId>,
    /// The page.
    pub(crate) page: Option<(EnvId, Page)>,
    /// The frame.
    pub(crate) frame: Option<Frame>,
    /// Slots of the TLB.
    pub(crate) slots: Vec<TlbSlot>,
    /// Entries of the software TLB.
    pub(crate) entries: Vec<u32>,
    /// The line, or the one that made the event by which it was chosen.
    pub(crate) line: Option<Breakpoint>,
    /// The last event that another program than the line's made.
    since: u64,
}

impl Linked {
    /// What belongs to what is looked at.
    pub(super) fn select(playground: &Playground) -> Linked {
        let machine = playground.session().machine();
        let line = playground.looked.and(playground.looked_line);
        Linked {
            line,
            since: line.map_or(0, |it| playground.runs_since(&it)),
            ..Linked::of(machine, playground.looked)
        }
    }

    /// What belongs to a thing, or to nothing.
    pub(crate) fn of(machine: &Machine, thing: Option<Thing>) -> Linked {
        let mut linked = Linked {
            thing,
            ..Linked::default()
        };
        match thing {
            Some(Thing::Frame(frame)) => linked.with_frame(machine, frame),
            Some(Thing::Page(env, page)) => {
                linked.page = Some((env, page));
                linked.frame = frame_of(machine, env, page);
            }
            Some(Thing::Tlb(slot)) => {
                let entries = machine.hardware().tlb.entries();
                let entry = entries.get(usize::from(slot.0)).copied().flatten();
                linked.page = entry.map(|it| (EnvId(it.asid), it.page));
                linked.frame = entry.map(|it| it.frame);
            }
            Some(Thing::Stlb(index)) => {
                let entry = machine.kernel().stlb.entry(index);
                linked.page = entry.as_ref().map(|it| (it.env, it.page));
                linked.frame = entry.map(|it| it.frame);
            }
            Some(Thing::Environment(env)) => linked.env = Some(env),
            Some(Thing::Line(line)) => linked.env = Some(line.env),
            Some(Thing::Block(_) | Thing::Extent(_)) | None => {}
        }
        linked.env = linked.page.map(|it| it.0).or(linked.env);
        linked.with_cached(machine);
        linked
    }

    fn with_frame(&mut self, machine: &Machine, frame: Frame) {
        let record = machine.kernel().frames.records().get(frame.index());
        self.frame = record.map(|_| frame);
        self.env = record.and_then(|it| it.owner);
        let page = record.filter(|it| !it.pinned).and_then(|it| it.page);
        self.page = self.env.zip(page);
    }

    /// Where the page is cached, or the frame under any other; all that is cached of a chosen environment.
    fn with_cached(&mut self, machine: &Machine) {
        let whole = match self.thing {
            Some(Thing::Environment(env)) => Some(env),
            _ => None,
        };
        let (page, frame) = (self.page, self.frame);
        if whole.is_none() && page.is_none() && frame.is_none() {
            return self.with_empty();
        }
        let belongs = |env: EnvId, of: Page, at: Frame| {
            whole == Some(env) || page == Some((env, of)) || frame == Some(at)
        };
        let slots = (0..).zip(machine.hardware().tlb.entries());
        let slots = slots.filter(|(_, entry)| {
            entry.is_some_and(|it| belongs(EnvId(it.asid), it.page, it.frame))
        });
        self.slots = slots.map(|(slot, _)| TlbSlot(slot)).collect();
        let entries = (0..).zip(machine.kernel().stlb.entries());
        let entries = entries.filter(|(_, entry)| {
            entry
                .as_ref()
                .is_some_and(|it| belongs(it.env, it.page, it.frame))
        });
        self.entries = entries.map(|(index, _)| index).collect();
    }

    /// A slot or an entry that holds nothing belongs to itself alone.
    fn with_empty(&mut self) {
        match self.thing {
            Some(Thing::Tlb(slot)) => self.slots.push(slot),
            Some(Thing::Stlb(index)) => self.entries.push(index),
            _ => {}
        }
    }

    /// Whether an event names the thing, or what belongs to it, or was made by it.
    pub(crate) fn names(&self, told: &Recorded) -> bool {
        if let Some(Thing::Line(line)) = self.thing {
            return told.line == Some(line) && told.number > self.since;
        }
        let event = &told.stamped.event;
        let named = touched::of(event);
        let same = |it: Thing| self.thing == Some(it);
        let other = match *event {
            Event::StlbMissed { occupant, .. } => occupant,
            Event::Bound { env, replaced, .. } => replaced.map(|page| (env, page)),
            _ => None,
        };
        self.page.is_some() && (named.page == self.page || other == self.page)
            || self.frame.is_some() && named.frame == self.frame
            || named.slot.is_some_and(|slot| same(Thing::Tlb(slot)))
            || named.stlb.is_some_and(|index| same(Thing::Stlb(index)))
            || same(Thing::Environment(event.env()))
    }

    /// Whether everything of an environment belongs to it.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.thing, Some(Thing::Environment(_)))
    }
}

/// The frame in which a page lies: as its bindings say, or else as the kernel noted.
fn frame_of(machine: &Machine, env: EnvId, page: Page) -> Option<Frame> {
    let slots = machine.hardware().tlb.entries().iter().flatten();
    let cached = slots.filter(|it| (EnvId(it.asid), it.page) == (env, page));
    let stlb = &machine.kernel().stlb;
    let entry = stlb.index_of(env, page).and_then(|it| stlb.entry(it));
    let entry = entry.filter(|it| (it.env, it.page) == (env, page));
    let frames = (0..).zip(machine.kernel().frames.records());
    let mut noted = frames
        .filter(|(_, it)| it.owner == Some(env) && it.page == Some(page) && !it.pinned)
        .map(|(index, _)| Frame(index));
    cached
        .map(|it| it.frame)
        .next()
        .or(entry.map(|it| it.frame))
        .or_else(|| noted.next())
}

#[cfg(test)]
mod tests {
    use exo_core::ids::{EnvId, Frame, Page, TlbSlot};
    use exo_session::why::Thing;

    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::{playground, settled, step_until};

    const A: EnvId = EnvId(0);

    /// At a page that has just been bound: its number, its frame, its slot and its entry.
    fn bound() -> (Playground, Page, Frame, TlbSlot, u32) {
        let mut playground = playground();
        for _ in 0..3 {
            step_until(&mut playground, |text| text.starts_with("tlb_write"));
        }
        let event = playground.session().current().unwrap().stamped.event;
        let exo_core::event::Event::Bound {
            env: A,
            page,
            frame,
            slot,
            index: Some(index),
            ..
        } = event
        else {
            panic!("{event:?}");
        };
        (playground, page, frame, slot, index)
    }

    /// Everything that belongs to what is chosen, in every part of the page.
    fn marks(view: &View) -> (Option<Frame>, Vec<usize>, Vec<u32>, Vec<bool>) {
        let slots = view.tlb.cells.iter().enumerate();
        let slots = slots
            .filter(|(_, cell)| cell.selected)
            .map(|(slot, _)| slot);
        (
            view.memory.selected,
            slots.collect(),
            view.stlb.linked.clone(),
            view.environments.iter().map(|it| it.looked).collect(),
        )
    }

    #[test]
    fn frame_page_slot_and_entry_mark_the_same_in_every_part_of_the_page() {
        let (mut playground, page, frame, slot, index) = bound();
        for thing in [
            Thing::Frame(frame),
            Thing::Page(A, page),
            Thing::Tlb(slot),
            Thing::Stlb(index),
        ] {
            playground.update(Action::Look(Some(thing)));
            let view = View::of(&playground);
            let expected = (
                Some(frame),
                vec![usize::from(slot.0)],
                vec![index / view.stlb.size],
                vec![true, false],
            );
            assert_eq!(marks(&view), expected, "{thing:?}");
            assert_eq!(view.detail.thing, Some(thing));
            assert_eq!(view.editor.looked, Some(A));
            assert_eq!(view.looked.owner.map(|it| it.env), Some(A));
            let hops = &view.path.as_ref().unwrap().hops;
            let last = hops.last().unwrap().step;
            assert!(view.looked.steps.contains(&last), "{thing:?}");
            let rows: Vec<bool> = view.log.iter().map(|row| row.looked).collect();
            assert!(rows[rows.len() - 1] && rows.contains(&false), "{rows:?}");
        }
    }

    #[test]
    fn an_environment_marks_all_that_is_cached_of_it_its_text_and_its_events() {
        let (mut playground, ..) = bound();
        playground.update(Action::Look(Some(Thing::Environment(A))));
        let view = View::of(&playground);
        let (frame, slots, buckets, cards) = marks(&view);
        assert_eq!((frame, slots.len(), cards), (None, 3, vec![true, false]));
        assert!(view.stlb.whole && buckets.len() == 3);
        assert!(view.environments[0].chosen && !view.environments[1].chosen);
        assert!(
            view.log
                .iter()
                .all(|row| row.looked == (row.owner.env == EnvId(0)))
        );
        assert_eq!(view.detail.title, "Environment A");
    }

    #[test]
    fn an_event_chooses_the_page_that_it_names_and_its_step_can_be_gone_to() {
        let (mut playground, page, frame, ..) = bound();
        let view = View::of(&playground);
        let (hop, row) = (
            view.path.as_ref().unwrap().hops[0].step,
            view.log.last().unwrap().number,
        );
        for step in [hop, row] {
            playground.update(Action::LookAtStep(step));
            let view = View::of(&playground);
            assert_eq!(view.detail.thing, Some(Thing::Page(A, page)));
            assert_eq!(view.memory.selected, Some(frame));
            assert_eq!(view.looked.step, Some(step));
            assert_eq!(view.detail.step.as_ref().map(|it| it.0), Some(step));
            let chosen = view.log.iter().filter(|it| it.chosen).count();
            assert_eq!(chosen, 1, "the row that was pressed");
        }
        playground.update(Action::LookAtStep(u64::MAX));
        assert_eq!(
            playground.looked,
            Some(Thing::Page(A, page)),
            "no such event"
        );
    }

    #[test]
    fn what_is_chosen_follows_the_machine_from_step_to_step() {
        let (mut playground, page, frame, slot, _) = bound();
        playground.update(Action::Look(Some(Thing::Page(A, page))));
        playground.update(Action::Reset);
        let (at, slots, buckets, _) = marks(&View::of(&playground));
        assert_eq!((at, slots.len(), buckets.len()), (None, 0, 0));
        settled(&mut playground, Action::GoToTyped("end".to_owned()));
        playground.update(Action::Look(Some(Thing::Tlb(slot))));
        let there = playground.session().machine().hardware().tlb.entries();
        let there = there[usize::from(slot.0)].unwrap().frame;
        assert_eq!(View::of(&playground).memory.selected, Some(there));
        assert!(frame.index() < 64);
    }

    #[test]
    fn escape_puts_away_what_is_open_and_then_what_is_chosen() {
        let (mut playground, page, ..) = bound();
        playground.update(Action::Look(Some(Thing::Page(A, page))));
        playground.update(Action::OpenFind);
        playground.update(Action::PutAway);
        assert!(!View::of(&playground).find.open);
        assert!(View::of(&playground).detail.thing.is_some());
        playground.update(Action::PutAway);
        let view = View::of(&playground);
        assert_eq!(view.detail.thing, None);
        assert_eq!(
            marks(&view),
            (None, Vec::new(), Vec::new(), vec![false, false])
        );
        assert!(view.log.iter().all(|row| !row.looked && !row.chosen));
    }

    #[test]
    fn an_empty_slot_and_an_empty_entry_belong_to_themselves_alone() {
        let mut playground = playground();
        playground.update(Action::Look(Some(Thing::Tlb(TlbSlot(2)))));
        let (frame, slots, buckets, cards) = marks(&View::of(&playground));
        assert_eq!((frame, slots, buckets.len()), (None, vec![2], 0));
        assert_eq!(cards, [false, false]);
        playground.update(Action::Look(Some(Thing::Stlb(9))));
        let view = View::of(&playground);
        assert_eq!(marks(&view).2, [9 / view.stlb.size]);
        assert_eq!(view.stlb.close.as_ref().unwrap().index, 9);
    }
}
