//! What is looked at: a frame, a page, an environment, a line of a program, or a binding in the TLB or the software TLB.

use exo_core::ids::{EnvId, Frame, Page, TlbSlot};
use exo_core::kernel::Right;
use exo_core::machine::Machine;
use exo_session::debugger::Breakpoint;
use exo_session::explain::env_letter;
use exo_session::why::Thing;

use super::linked::Linked;
use super::memory::{self, FrameCell, Owner, add, cell};
use super::tlb::{place, rights};
use super::touched::{Touched, touched};
use super::why::{self, WhyView};
use super::words::{grouped, hex};
use crate::store::{Playground, breakpoint_words};

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
    /// The step whose event it was chosen by, with the number as it is written.
    pub step: Option<(u64, String)>,
    /// The line, or the one that made that event.
    pub line: Option<Breakpoint>,
    /// Why it is as it is, if someone asked.
    pub why: Option<WhyView>,
}

pub(super) fn select(playground: &Playground, linked: &Linked) -> DetailView {
    let touched = touched(playground.session());
    let known = playground.looked.and_then(|thing| match thing {
        Thing::Frame(frame) => of_frame(playground, frame, linked, touched),
        Thing::Page(env, page) => of_page(playground, env, page, linked, touched),
        Thing::Tlb(slot) => of_slot(playground, slot, touched),
        Thing::Stlb(index) => of_entry(playground, index, touched),
        Thing::Environment(env) => of_environment(playground, env, linked, touched),
        Thing::Line(line) => of_line(playground, line, linked),
        Thing::Block(_) | Thing::Extent(_) => None,
    });
    known.map_or_else(DetailView::default, |known| DetailView {
        thing: playground.looked,
        why: playground.looked.and_then(|it| why::select(playground, it)),
        step: playground.looked_step.map(|it| (it, grouped(it))),
        line: linked.line,
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

/// A fact that is another thing.
fn link(name: &'static str, words: String, thing: Thing) -> FactView {
    FactView {
        name,
        text: String::new(),
        things: vec![(words, thing)],
    }
}

/// Whose something is: an environment, with the file of its policy.
fn owner(playground: &Playground, env: EnvId) -> FactView {
    let draft = playground.drafts.get(env.index());
    let name = draft.map_or("", |draft| &draft.file_name);
    let words = format!("{}, {name}", env_letter(env));
    link("owner", words, Thing::Environment(env))
}

fn of_frame(
    playground: &Playground,
    frame: Frame,
    linked: &Linked,
    touched: Touched,
) -> Option<DetailView> {
    let machine = playground.session().machine();
    let cell = cell(machine, frame, touched.frame)?;
    let address = u64::from(frame.0) << machine.config().page_bits;
    let mut facts = vec![fact("address", format!("0x{address:08X}"))];
    match cell.owner {
        None => facts.push(fact("owner", "nobody: free".to_owned())),
        Some(it) => {
            facts.push(owner(playground, it.env));
            facts.push(match linked.page {
                Some((env, page)) => link(
                    "holds",
                    format!("page {}", hex(page.0)),
                    Thing::Page(env, page),
                ),
                None => fact("holds", holds(&cell)),
            });
            facts.push(cached(linked));
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

fn of_page(
    playground: &Playground,
    env: EnvId,
    page: Page,
    linked: &Linked,
    touched: Touched,
) -> Option<DetailView> {
    playground.session().machine().environment(env)?;
    let frame = match linked.frame {
        Some(frame) => link("frame", hex(frame.0), Thing::Frame(frame)),
        None => fact("frame", "none: the next use is a fault".to_owned()),
    };
    Some(DetailView {
        title: format!("Page {} of {}", hex(page.0), env_letter(env)),
        owner: Some(Owner { env }),
        facts: vec![owner(playground, env), frame, cached(linked)],
        now: touched.page == Some((env, page)),
        ..DetailView::default()
    })
}

fn of_environment(
    playground: &Playground,
    env: EnvId,
    linked: &Linked,
    touched: Touched,
) -> Option<DetailView> {
    let environment = playground.session().machine().environment(env)?;
    let name = playground.drafts.get(env.index());
    let held = format!(
        "{} of {}",
        environment.frames_held,
        environment.coming_frame_limit()
    );
    let cached = format!(
        "{} in the TLB, {} in the STLB",
        linked.slots.len(),
        grouped(linked.entries.len() as u64)
    );
    Some(DetailView {
        title: format!("Environment {}", env_letter(env)),
        owner: Some(Owner { env }),
        facts: vec![
            fact(
                "policy",
                name.map_or_else(String::new, |it| it.file_name.clone()),
            ),
            fact("frames", held),
            fact("cached", cached),
        ],
        now: touched.env == Some(env),
        ..DetailView::default()
    })
}

/// A line of a program: what it says, and what it made of the last events.
fn of_line(playground: &Playground, line: Breakpoint, linked: &Linked) -> Option<DetailView> {
    let session = playground.session();
    let source = playground.source_of(line.env, line.side)?;
    let index = (line.line as usize).checked_sub(1)?;
    let text = source.lines().nth(index)?.trim();
    let recent = session.recent();
    let made = recent.iter().filter(|it| linked.names(it)).count();
    let words = breakpoint_words(&line);
    Some(DetailView {
        title: format!("L{}", words.get(1..)?),
        owner: Some(Owner { env: line.env }),
        facts: vec![
            owner(playground, line.env),
            fact("reads", text.to_owned()),
            fact(
                "made",
                format!("{made} of the last {} events", recent.len()),
            ),
        ],
        now: session.current().is_some_and(|it| linked.names(it)),
        ..DetailView::default()
    })
}

fn of_slot(playground: &Playground, slot: TlbSlot, touched: Touched) -> Option<DetailView> {
    let machine = playground.session().machine();
    let config = machine.config().tlb;
    let entry = *machine.hardware().tlb.entries().get(usize::from(slot.0))?;
    let binding = entry.map(|it| (EnvId(it.asid), it.page, it.frame, rights(it.access)));
    Some(DetailView {
        title: format!(
            "TLB {}",
            place(config.sets, config.ways, usize::from(slot.0))
        ),
        owner: entry.map(|it| Owner {
            env: EnvId(it.asid),
        }),
        facts: binding_facts(playground, binding),
        now: touched.slot == Some(slot),
        ..DetailView::default()
    })
}

fn of_entry(playground: &Playground, index: u32, touched: Touched) -> Option<DetailView> {
    let stlb = &playground.session().machine().kernel().stlb;
    let entry = stlb.entries().get(index as usize)?.as_ref();
    let binding = entry.map(|it| (it.env, it.page, it.frame, rights(it.access)));
    Some(DetailView {
        title: format!("STLB slot {}", hex(index)),
        owner: entry.map(|it| Owner { env: it.env }),
        facts: binding_facts(playground, binding),
        now: touched.stlb == Some(index),
        ..DetailView::default()
    })
}

/// A cached binding: whose, of which page, to which frame, for what.
fn binding_facts(
    playground: &Playground,
    binding: Option<(EnvId, Page, Frame, &str)>,
) -> Vec<FactView> {
    let Some((env, page, frame, rights)) = binding else {
        return vec![fact("holds", "nothing".to_owned())];
    };
    vec![
        owner(playground, env),
        link("page", hex(page.0), Thing::Page(env, page)),
        link("frame", hex(frame.0), Thing::Frame(frame)),
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

/// Where the page or the frame is cached.
fn cached(linked: &Linked) -> FactView {
    let slots = linked.slots.iter();
    let tlb = slots.map(|slot| (format!("TLB {}", slot.0), Thing::Tlb(*slot)));
    let entries = linked.entries.iter();
    let stlb = entries.map(|index| (format!("STLB {}", hex(*index)), Thing::Stlb(*index)));
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
    use crate::store::{Action, Playground};
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
    fn from_a_frame_one_comes_to_its_page_and_its_bindings_and_from_each_back_to_the_frame() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let memory = View::of(&playground).memory;
        let frame = memory.cells.iter().position(|cell| cell.now).unwrap() as u32;
        let frame = Thing::Frame(Frame(frame));
        playground.update(Action::Look(Some(frame)));
        let things = |playground: &Playground| -> Vec<Thing> {
            let facts = View::of(playground).detail.facts.clone();
            let things = facts.iter().flat_map(|it| it.things.clone());
            things.map(|(_, thing)| thing).collect()
        };
        let all = things(&playground);
        assert_eq!(all.len(), 4, "owner, page, TLB and STLB: {all:?}");
        for thing in all {
            playground.update(Action::Look(Some(thing)));
            let view = View::of(&playground);
            assert!(view.detail.now && view.detail.owner.is_some());
            if let Thing::Environment(_) = thing {
                continue;
            }
            assert!(things(&playground).contains(&frame), "{thing:?}");
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
