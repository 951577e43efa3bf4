//! What is looked at: a frame, or a binding in the TLB or the software TLB.

use exo_core::ids::{EnvId, Frame, TlbSlot};
use exo_core::kernel::Right;
use exo_core::machine::Machine;
use exo_session::explain::env_letter;
use exo_session::why::Thing;

use super::memory::{self, FrameCell, Owner, add, cell};
use super::tlb::{place, rights};
use super::touched::{Touched, touched};
use super::why::{self, WhyView};
use super::words::hex;
use crate::store::Playground;

/// Something that is known: its name, what it is, and other things that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactView {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub text: String,
    /// Things that can be looked at instead, with their names.
    pub things: Vec<(String, Thing)>,
}

/// What is looked at, or nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailView {
    /// What it is.
    pub thing: Option<Thing>,
    /// Its name, if there is one.
    pub title: String,
    /// Its owner.
    pub owner: Option<Owner>,
    /// What is known of it.
    pub facts: Vec<FactView>,
    /// Whether this step touched it.
    pub now: bool,
    /// Why it is as it is, if someone asked.
    pub why: Option<WhyView>,
}

pub(super) fn select(playground: &Playground) -> DetailView {
    let touched = touched(playground.session());
    let known = playground.looked.and_then(|thing| match thing {
        Thing::Frame(frame) => of_frame(playground, frame, touched),
        Thing::Tlb(slot) => of_slot(playground, slot, touched),
        Thing::Stlb(index) => of_entry(playground, index, touched),
        _ => None,
    });
    known.map_or_else(DetailView::default, |known| DetailView {
        thing: playground.looked,
        why: playground.looked.and_then(|it| why::select(playground, it)),
        ..known
    })
}

fn fact(name: &'static str, text: String) -> FactView {
    FactView {
        name,
        text,
        things: Vec::new(),
    }
}

fn of_frame(playground: &Playground, frame: Frame, touched: Touched) -> Option<DetailView> {
    let machine = playground.session().machine();
    let cell = cell(machine, frame, touched.frame)?;
    let address = u64::from(frame.0) << machine.config().page_bits;
    let mut facts = vec![fact("address", format!("0x{address:08X}"))];
    match cell.owner {
        None => facts.push(fact("owner", "nobody: free".to_owned())),
        Some(owner) => {
            let name = playground
                .drafts
                .get(owner.env.index())
                .map_or("", |draft| &draft.file_name);
            facts.push(fact("owner", format!("{}, {name}", owner.letter())));
            facts.push(fact("holds", holds(&cell)));
            facts.push(cached(machine, frame));
            facts.extend(shared(machine, frame));
        }
    }
    let marks = match cell.marks() {
        none if none.is_empty() => "none".to_owned(),
        marks => marks,
    };
    facts.push(fact("marks", marks));
    Some(DetailView {
        title: format!("Frame {}", hex(frame.0)),
        owner: cell.owner,
        facts,
        now: cell.now,
        ..DetailView::default()
    })
}

fn of_slot(playground: &Playground, slot: TlbSlot, touched: Touched) -> Option<DetailView> {
    let machine = playground.session().machine();
    let config = machine.config().tlb;
    let entry = *machine.hardware().tlb.entries().get(usize::from(slot.0))?;
    let binding = entry.map(|it| (EnvId(it.asid), it.page.0, it.frame, rights(it.access)));
    Some(DetailView {
        title: format!(
            "TLB {}",
            place(config.sets, config.ways, usize::from(slot.0))
        ),
        owner: entry.map(|it| Owner {
            env: EnvId(it.asid),
        }),
        facts: binding_facts(binding),
        now: touched.slot == Some(slot),
        ..DetailView::default()
    })
}

fn of_entry(playground: &Playground, index: u32, touched: Touched) -> Option<DetailView> {
    let machine = playground.session().machine();
    let entry = machine
        .kernel()
        .stlb
        .entries()
        .get(index as usize)?
        .as_ref();
    let binding = entry.map(|it| (it.env, it.page.0, it.frame, rights(it.access)));
    Some(DetailView {
        title: format!("STLB slot {}", hex(index)),
        owner: entry.map(|it| Owner { env: it.env }),
        facts: binding_facts(binding),
        now: touched.stlb == Some(index),
        ..DetailView::default()
    })
}

/// A cached binding: whose, of which page, to which frame, for what.
fn binding_facts(binding: Option<(EnvId, u32, Frame, &str)>) -> Vec<FactView> {
    let Some((env, page, frame, rights)) = binding else {
        return vec![fact("holds", "nothing".to_owned())];
    };
    let frame = FactView {
        name: "frame",
        text: String::new(),
        things: vec![(hex(frame.0), Thing::Frame(frame))],
    };
    vec![
        fact("page", format!("{} of {}", hex(page), env_letter(env))),
        frame,
        fact("allows", rights.to_owned()),
    ]
}

fn holds(cell: &FrameCell) -> String {
    let never = if cell.pinned { "; never given up" } else { "" };
    cell.holds() + never
}

/// By how many capabilities the frame is shared, and who maps it by one now.
fn shared(machine: &Machine, frame: Frame) -> Option<FactView> {
    let kernel = machine.kernel();
    let count = memory::shared(kernel).filter(|it| *it == frame).count();
    let maps = |env: EnvId| {
        let mut tlb = machine.hardware().tlb.entries().iter().flatten();
        let mut stlb = kernel.stlb.entries().iter().flatten();
        let by_one = |right: Right| right != Right::Owner;
        tlb.any(|it| it.frame == frame && it.asid == env.0 && by_one(Right::noted(it.note)))
            || stlb.any(|it| it.frame == frame && it.env == env && by_one(it.right))
    };
    let mut by = String::new();
    for index in 0..kernel.environments.len() {
        let env = EnvId(index as u8);
        if maps(env) {
            add(&mut by, &env_letter(env));
        }
    }
    let capabilities = match count {
        0 => return None,
        1 => "by 1 capability".to_owned(),
        more => format!("by {more} capabilities"),
    };
    let mapped = match by.is_empty() {
        true => "nobody maps it by one".to_owned(),
        false => format!("mapped by {by}"),
    };
    Some(fact("shared", format!("{capabilities}; {mapped}")))
}

/// Which cached bindings name the frame.
fn cached(machine: &Machine, frame: Frame) -> FactView {
    let slots = (0..).zip(machine.hardware().tlb.entries());
    let tlb = slots
        .filter(|(_, entry)| entry.is_some_and(|entry| entry.frame == frame))
        .map(|(slot, _)| (format!("TLB {slot}"), Thing::Tlb(TlbSlot(slot))));
    let entries = (0..).zip(machine.kernel().stlb.entries());
    let stlb = entries
        .filter(|(_, entry)| entry.as_ref().is_some_and(|entry| entry.frame == frame))
        .map(|(index, _)| (format!("STLB {}", hex(index)), Thing::Stlb(index)));
    let things: Vec<(String, Thing)> = tlb.chain(stlb).collect();
    let text = if things.is_empty() { "nowhere" } else { "" };
    FactView {
        name: "cached",
        text: text.to_owned(),
        things,
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::Frame;
    use exo_session::why::Thing;

    use super::DetailView;
    use crate::store::Action;
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    fn fact(detail: &DetailView, name: &str) -> String {
        let fact = detail.facts.iter().find(|it| it.name == name).unwrap();
        let things = fact.things.iter().map(|(name, _)| name.clone());
        std::iter::once(fact.text.clone()).chain(things).collect()
    }

    #[test]
    fn a_selected_frame_tells_owner_contents_and_where_it_is_cached() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let memory = View::of(&playground).memory;
        let frame = memory.cells.iter().position(|cell| cell.now).unwrap() as u32;
        playground.update(Action::Look(Some(Thing::Frame(Frame(frame)))));
        let detail = View::of(&playground).detail;
        assert!(fact(&detail, "owner").starts_with("A, "));
        assert!(fact(&detail, "holds").starts_with("page 0x"));
        let cached = fact(&detail, "cached");
        assert!(cached.contains("TLB 0") && cached.contains("STLB"));
    }

    #[test]
    fn from_a_frame_one_comes_to_its_bindings_and_from_each_back_to_the_frame() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let memory = View::of(&playground).memory;
        let frame = memory.cells.iter().position(|cell| cell.now).unwrap() as u32;
        let frame = Thing::Frame(Frame(frame));
        playground.update(Action::Look(Some(frame)));
        let facts = View::of(&playground).detail.facts.clone();
        let things = facts.iter().flat_map(|it| it.things.clone());
        let things: Vec<Thing> = things.map(|(_, thing)| thing).collect();
        assert_eq!(things.len(), 2);
        for thing in things {
            playground.update(Action::Look(Some(thing)));
            let view = View::of(&playground);
            assert!(view.detail.now && view.detail.owner.is_some());
            let back = view.detail.facts.iter().flat_map(|it| it.things.clone());
            assert_eq!(back.map(|it| it.1).collect::<Vec<_>>(), [frame]);
            assert_eq!(view.memory.selected.map(Thing::Frame), Some(frame));
        }
    }

    #[test]
    fn what_there_is_not_is_nothing_to_look_at() {
        let mut playground = playground();
        for thing in [Thing::Frame(Frame(9999)), Thing::Stlb(9999)] {
            playground.update(Action::Look(Some(thing)));
            assert_eq!(*View::of(&playground).detail, DetailView::default());
        }
    }
}
