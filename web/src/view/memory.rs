//! Physical memory: who owns each frame, and the one that is looked at.

use exo_core::ids::{EnvId, Frame, Object, Page};
use exo_core::kernel::Kernel;
use exo_core::machine::Machine;
use exo_session::explain::env_letter;

use super::environments::asked;
use super::touched::touched;
use super::words::{grouped, hex, hue, letter};
use crate::store::Playground;

/// An owner: letter and hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The environment.
    pub env: EnvId,
}

impl Owner {
    /// Its letter.
    pub fn letter(self) -> String {
        env_letter(self.env)
    }

    /// Its hue: a, b, c or d.
    pub fn hue(self) -> &'static str {
        hue(self.env)
    }
}

/// One frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameCell {
    /// Its owner; none if it is free.
    pub owner: Option<Owner>,
    /// The page last bound to it.
    pub page: Option<Page>,
    /// Touched since the bit was cleared.
    pub referenced: bool,
    /// Written since the bit was cleared.
    pub dirty: bool,
    /// Holds its owner's policy state.
    pub pinned: bool,
    /// There is a capability for it that has not ended: who has its number may map the frame, too.
    pub shared: bool,
    /// Its owner is asked for frames, and this is one that it may give back.
    pub asked: bool,
    /// Under a transfer of the disk.
    pub transfer: bool,
    /// Packets lie in it, or are on their way into it.
    pub packets: bool,
    /// Touched by this step.
    pub now: bool,
}

impl FrameCell {
    /// The frame in words, for a table row, a label and the screen reader.
    pub fn describe(&self, frame: u32) -> String {
        let mut told = format!("Frame {}, ", hex(frame));
        match self.owner {
            Some(owner) => told.extend(["owned by ", &owner.letter()]),
            None => told.push_str("free"),
        }
        add(&mut told, &self.holds());
        add(&mut told, &self.marks());
        told
    }

    /// What is in it, in words; nothing in a free one.
    pub fn holds(&self) -> String {
        match (self.owner, self.pinned, self.page) {
            (None, ..) => String::new(),
            (_, true, _) => "pinned: state of its programs".to_owned(),
            (_, _, Some(page)) => format!("page {}", hex(page.0)),
            _ => "no page yet".to_owned(),
        }
    }

    /// All else that is the case with it, in the words of the legend.
    pub fn marks(&self) -> String {
        let owned = self.owner.is_some();
        let marks = [
            (owned && self.referenced, "referenced"),
            (owned && self.dirty, "dirty"),
            (self.shared, "shared"),
            (self.asked, "asked for"),
            (self.transfer, "the disk’s until its transfer is complete"),
            (self.packets, "packets lie in it"),
            (self.now, "this step"),
        ];
        let mut told = String::new();
        for (is, word) in marks {
            add(&mut told, if is { word } else { "" });
        }
        told
    }
}

/// Adds a part, if there is one, behind those that were told before.
pub(super) fn add(told: &mut String, part: &str) {
    if !told.is_empty() && !part.is_empty() {
        told.push_str(", ");
    }
    told.push_str(part);
}

/// The map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryView {
    /// All frames in order.
    pub cells: Vec<FrameCell>,
    /// `256 frames of 4 KB`.
    pub size: String,
    /// Where pages can go that lose their frames, in a sentence.
    pub store: String,
    /// How many each owns: `75 A · 75 B · 106 free`.
    pub totals: String,
    /// Whether it is shown as a table.
    pub as_table: bool,
    /// Who is asked for frames, in a sentence each.
    pub asked: Option<String>,
    /// The frame that is looked at.
    pub selected: Option<Frame>,
}

/// One frame as it is now; none if there is no such frame.
pub(super) fn cell(machine: &Machine, frame: Frame, touched: Option<Frame>) -> Option<FrameCell> {
    let cell = unshared(machine, frame, touched)?;
    Some(FrameCell {
        shared: shared(machine.kernel()).any(|it| it == frame),
        ..cell
    })
}

/// The frames for which there are capabilities, one for each of those.
pub(super) fn shared(kernel: &Kernel) -> impl Iterator<Item = Frame> + '_ {
    let records = kernel.capabilities.records();
    records.filter_map(|(_, record)| match record.object {
        Object::Frame(frame) => Some(frame),
        Object::Extent(_) => None,
    })
}

/// One frame, but for whether it is shared.
fn unshared(machine: &Machine, frame: Frame, touched: Option<Frame>) -> Option<FrameCell> {
    let kernel = machine.kernel();
    let record = kernel.frames.records().get(frame.index())?;
    let memory = &machine.hardware().memory;
    let owner = record.owner;
    let environment = owner.and_then(|env| kernel.environments.get(env.index()));
    Some(FrameCell {
        owner: owner.map(|env| Owner { env }),
        page: record.page,
        referenced: memory.referenced(frame),
        dirty: memory.dirty(frame),
        pinned: record.pinned,
        shared: false,
        asked: !record.pinned && environment.is_some_and(|it| it.revocation.is_some()),
        transfer: record.transfer,
        packets: record.packets > 0,
        now: touched == Some(frame),
    })
}

pub(super) fn select(playground: &Playground, selected: Option<Frame>) -> MemoryView {
    let machine = playground.session().machine();
    let kernel = machine.kernel();
    let touched = touched(playground.session()).frame;
    let count = kernel.frames.records().len();
    let frames = (0..count as u32).map(Frame);
    let mut cells: Vec<FrameCell> = frames
        .filter_map(|frame| unshared(machine, frame, touched))
        .collect();
    for frame in shared(kernel) {
        if let Some(cell) = cells.get_mut(frame.index()) {
            cell.shared = true;
        }
    }
    MemoryView {
        store: store(machine.config().disk_blocks),
        size: format!("{} frames of {}", grouped(count as u64), page_size(machine)),
        totals: totals(machine, &cells),
        cells,
        as_table: playground.frames_as_table,
        asked: all_asked(machine),
        selected,
    }
}

fn all_asked(machine: &Machine) -> Option<String> {
    let mut told = String::new();
    for (index, environment) in machine.kernel().environments.iter().enumerate() {
        if let Some(asked) = asked(environment, machine) {
            told += &format!("{}: {} ", letter(index), asked.words);
        }
    }
    (!told.is_empty()).then_some(told)
}

fn page_size(machine: &Machine) -> String {
    let bytes = 1_u64 << machine.config().page_bits;
    match bytes / 1024 {
        0 => format!("{bytes} bytes"),
        kilobytes => format!("{kilobytes} KB"),
    }
}

fn totals(machine: &Machine, cells: &[FrameCell]) -> String {
    let count = |owner: Option<EnvId>| {
        cells
            .iter()
            .filter(|cell| cell.owner.map(|owner| owner.env) == owner)
            .count()
    };
    let count = |owner| grouped(count(owner) as u64);
    let environments = 0..machine.kernel().environments.len();
    let mut parts: Vec<String> = environments
        .map(|index| EnvId(index as u8))
        .map(|env| format!("{} {}", count(Some(env)), env_letter(env)))
        .collect();
    parts.push(format!("{} free", count(None)));
    parts.join(" · ")
}

fn store(blocks: u32) -> String {
    match blocks {
        0 => "No backing store: this machine has no disk, so a page that comes back gets a zeroed \
              frame."
            .to_owned(),
        blocks => format!(
            "A disk of {} blocks: which pages it keeps is each policy’s affair.",
            grouped(blocks.into())
        ),
    }
}

#[cfg(test)]
mod tests {
    use exo_core::event::Event;
    use exo_core::ids::{EnvId, Object};
    use exo_session::why::Thing;

    use super::{FrameCell, Owner};
    use crate::store::{Action, Playground, Target};
    use crate::view::View;
    use crate::view::tests::{playground, settled, step_until};

    fn opened(scenario: &'static str) -> Playground {
        let mut playground = playground();
        settled(&mut playground, Action::OpenScenario(scenario));
        playground
    }

    fn cells(playground: &Playground) -> Vec<FrameCell> {
        super::select(playground, None).cells
    }

    fn numbers(cells: &[FrameCell], is: impl Fn(&FrameCell) -> bool) -> Vec<usize> {
        let numbered = cells.iter().enumerate();
        let of_them = numbered.filter(|(_, cell)| is(cell));
        of_them.map(|(index, _)| index).collect()
    }

    /// Steps until an event of which something is to be told, and tells it.
    fn step_to<T>(playground: &mut Playground, told: impl Fn(&Event) -> Option<T>) -> T {
        for _ in 0..20_000 {
            settled(playground, Action::NextEvent);
            let current = playground.session().current();
            if let Some(told) = current.and_then(|it| told(&it.stamped.event)) {
                return told;
            }
        }
        panic!("no such event among the next 20,000 that are not hits");
    }

    #[test]
    fn the_frame_that_the_step_bound_is_the_only_one_touched() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let memory = View::of(&playground).memory;
        let touched: Vec<_> = memory.cells.iter().filter(|cell| cell.now).collect();
        assert_eq!(touched.len(), 1);
        assert!(touched[0].owner.is_some() && touched[0].page.is_some());
    }

    #[test]
    fn a_frame_is_shared_while_somebody_but_its_owner_may_map_it() {
        let mut playground = opened("attack-replay");
        assert!(numbers(&cells(&playground), |cell| cell.shared).is_empty());
        let frame = step_to(&mut playground, |event| match event {
            Event::CapabilityMade {
                object: Object::Frame(frame),
                ..
            } => Some(*frame),
            _ => None,
        });
        let now = cells(&playground);
        assert_eq!(numbers(&now, |cell| cell.shared), [frame.index()]);
        let told = now[frame.index()].describe(frame.0);
        assert!(told.ends_with("shared, this step"), "{told}");
        let detail = |playground: &mut Playground, frame| {
            playground.update(Action::Look(Some(Thing::Frame(frame))));
            let detail = View::of(playground).detail.clone();
            let fact = detail.facts.iter().find(|it| it.name == "shared");
            fact.map(|it| it.text.clone()).unwrap_or_default()
        };
        let said = detail(&mut playground, frame);
        assert_eq!(said, "by 1 capability; nobody maps it by one");
        let (frame, env) = step_to(&mut playground, |event| match event {
            Event::BoundShared { frame, env, .. } => Some((*frame, *env)),
            _ => None,
        });
        let cell = cells(&playground)[frame.index()];
        assert!(cell.now && cell.shared && cell.owner != Some(Owner { env }));
        let said = detail(&mut playground, frame);
        assert!(said.ends_with("; mapped by B"), "{said}");
    }

    #[test]
    fn while_an_environment_is_asked_for_frames_those_that_it_may_give_are_marked() {
        let mut playground = opened("attack-ignore-revocation");
        assert!(numbers(&cells(&playground), |cell| cell.asked).is_empty());
        step_to(&mut playground, |event| match event {
            Event::LimitSet { .. } => Some(()),
            _ => None,
        });
        let memory = View::of(&playground).memory;
        let said = memory.asked.clone().unwrap_or_default();
        assert!(said.starts_with("B: ") && said.contains("frames"), "{said}");
        let is_b = |cell: &FrameCell| cell.owner.is_some_and(|it| it.env == EnvId(1));
        let may_give = numbers(&memory.cells, |cell| is_b(cell) && !cell.pinned);
        assert_eq!(numbers(&memory.cells, |cell| cell.asked), may_give);
        assert!(memory.cells.iter().any(|cell| is_b(cell) && cell.pinned));
        let told = memory.cells[may_give[0]].describe(may_give[0] as u32);
        assert!(told.contains(", asked for"), "{told}");
    }

    #[test]
    fn each_frame_that_is_taken_by_force_is_marked_by_the_step_that_takes_it() {
        let mut playground = opened("attack-ignore-revocation");
        let before = Action::GoTo(Target::Step(361_500));
        settled(&mut playground, before);
        for _ in 0..3 {
            let frame = step_to(&mut playground, |event| match event {
                Event::Repossessed { frame, .. } => Some(*frame),
                _ => None,
            });
            let now = cells(&playground);
            assert_eq!(numbers(&now, |cell| cell.now), [frame.index()]);
            assert!(now.iter().any(|cell| cell.asked) && !now[frame.index()].asked);
            let told = now[frame.index()].describe(frame.0);
            assert!(
                told.contains(", free") && told.ends_with("this step"),
                "{told}"
            );
        }
    }

    #[test]
    fn a_frame_under_a_transfer_is_told_to_be_the_disk_s() {
        let mut playground = opened("swap");
        let frame = step_to(&mut playground, |event| match event {
            Event::DiskRequested { frame, .. } => Some(*frame),
            _ => None,
        });
        let cell = cells(&playground)[frame.index()];
        assert!(cell.transfer && cell.now);
        assert!(cell.marks().contains("the disk’s"), "{}", cell.marks());
    }

    #[test]
    fn totals_cover_every_frame() {
        let playground = playground();
        let memory = View::of(&playground).memory;
        let sum: usize = memory
            .totals
            .split(" · ")
            .filter_map(|part| part.split(' ').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(sum, memory.cells.len());
    }
}
