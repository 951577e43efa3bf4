//! Physical memory: who owns each frame, and the one that is looked at.

use exo_core::ids::{EnvId, Frame, Page};
use exo_core::machine::Machine;
use exo_session::explain::env_letter;

use super::touched::touched;
use super::words::{grouped, hex, hue};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Touched by this step.
    pub now: bool,
}

impl FrameCell {
    /// The frame in words, for a table row, a label and the screen reader.
    pub fn describe(&self, frame: u32) -> String {
        let name = format!("frame {}", hex(frame));
        let Some(owner) = self.owner else {
            return format!("{name}, free");
        };
        let holds = match (self.pinned, self.page) {
            (true, _) => "state of its policy, pinned".to_owned(),
            (false, Some(page)) => format!("page {}", hex(page.0)),
            (false, None) => "no page yet".to_owned(),
        };
        let now = if self.now {
            ", touched by this step"
        } else {
            ""
        };
        format!("{name}, {}, {holds}, {}{now}", owner.letter(), self.bits())
    }

    /// Its two bits in words.
    pub fn bits(&self) -> &'static str {
        match (self.referenced, self.dirty) {
            (true, true) => "referenced, dirty",
            (true, false) => "referenced, clean",
            (false, true) => "not referenced, dirty",
            (false, false) => "not referenced, clean",
        }
    }
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
    /// The frame that is looked at.
    pub selected: Option<Frame>,
}

/// The frame that is looked at, or what to do to look at one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailView {
    /// Its name, if there is one.
    pub title: Option<String>,
    /// Its owner.
    pub owner: Option<Owner>,
    /// What is known of it, name and value.
    pub facts: Vec<(&'static str, String)>,
    /// Whether this step touched it.
    pub now: bool,
}

fn cell(machine: &Machine, index: usize, touched: Option<Frame>) -> Option<FrameCell> {
    let record = machine.kernel().frames.records().get(index)?;
    let (memory, frame) = (&machine.hardware().memory, Frame(index as u32));
    Some(FrameCell {
        owner: record.owner.map(|env| Owner { env }),
        page: record.page,
        referenced: memory.referenced(frame),
        dirty: memory.dirty(frame),
        pinned: record.pinned,
        now: touched == Some(frame),
    })
}

pub(super) fn select(playground: &Playground) -> MemoryView {
    let machine = playground.session().machine();
    let touched = touched(playground.session()).frame;
    let count = machine.kernel().frames.records().len();
    let cells: Vec<FrameCell> = (0..count)
        .filter_map(|index| cell(machine, index, touched))
        .collect();
    MemoryView {
        store: store(machine.config().disk_blocks),
        size: format!("{} frames of {}", grouped(count as u64), page_size(machine)),
        totals: totals(machine, &cells),
        cells,
        selected: playground.selected,
    }
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
    let environments = 0..machine.kernel().environments.len();
    let mut parts: Vec<String> = environments
        .map(|index| EnvId(index as u8))
        .map(|env| format!("{} {}", count(Some(env)), env_letter(env)))
        .collect();
    parts.push(format!("{} free", count(None)));
    parts.join(" · ")
}

pub(super) fn select_detail(playground: &Playground) -> DetailView {
    let machine = playground.session().machine();
    let touched = touched(playground.session()).frame;
    let Some(frame) = playground.selected else {
        return DetailView::default();
    };
    let Some(cell) = cell(machine, frame.index(), touched) else {
        return DetailView::default();
    };
    let address = u64::from(frame.0) << machine.config().page_bits;
    let mut facts = vec![("address", format!("0x{address:08X}"))];
    match cell.owner {
        None => facts.push(("owner", "nobody: free".to_owned())),
        Some(owner) => {
            let name = playground
                .drafts
                .get(owner.env.index())
                .map_or("", |draft| &draft.file_name);
            facts.push(("owner", format!("{}, {name}", owner.letter())));
            facts.push(("holds", holds(&cell)));
            facts.push(("cached", cached(machine, frame)));
            facts.push(("bits", cell.bits().to_owned()));
        }
    }
    DetailView {
        title: Some(format!("Frame {}", hex(frame.0))),
        owner: cell.owner,
        facts,
        now: cell.now,
    }
}

fn holds(cell: &FrameCell) -> String {
    match (cell.pinned, cell.page) {
        (true, _) => "state of its policy; pinned: never given up".to_owned(),
        (false, Some(page)) => format!("page {}", hex(page.0)),
        (false, None) => "no page yet".to_owned(),
    }
}

/// Which cached bindings name the frame.
fn cached(machine: &Machine, frame: Frame) -> String {
    let slots = machine.hardware().tlb.entries().iter().enumerate();
    let tlb = slots
        .filter(|(_, entry)| entry.is_some_and(|entry| entry.frame == frame))
        .map(|(slot, _)| format!("TLB {slot}"));
    let entries = machine.kernel().stlb.entries().iter().enumerate();
    let stlb = entries
        .filter(|(_, entry)| entry.is_some_and(|entry| entry.frame == frame))
        .map(|(index, _)| format!("STLB {}", hex(index as u32)));
    let places: Vec<String> = tlb.chain(stlb).collect();
    if places.is_empty() {
        "nowhere".to_owned()
    } else {
        places.join(", ")
    }
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
    use exo_core::ids::Frame;

    use crate::store::Action;
    use crate::view::View;

    #[test]
    fn the_frame_that_the_step_bound_is_the_only_one_touched() {
        let mut playground = crate::view::tests::playground();
        crate::view::tests::step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let memory = View::of(&playground).memory;
        let touched: Vec<_> = memory.cells.iter().filter(|cell| cell.now).collect();
        assert_eq!(touched.len(), 1);
        assert!(touched[0].owner.is_some() && touched[0].page.is_some());
    }

    #[test]
    fn totals_cover_every_frame() {
        let playground = crate::view::tests::playground();
        let memory = View::of(&playground).memory;
        let sum: usize = memory
            .totals
            .split(" · ")
            .filter_map(|part| part.split(' ').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(sum, memory.cells.len());
    }

    #[test]
    fn a_selected_frame_tells_owner_contents_and_where_it_is_cached() {
        let mut playground = crate::view::tests::playground();
        crate::view::tests::step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let memory = View::of(&playground).memory;
        let frame = memory.cells.iter().position(|cell| cell.now).unwrap() as u32;
        playground.update(Action::SelectFrame(Some(Frame(frame))));
        let detail = View::of(&playground).detail;
        let fact = |name: &str| {
            detail
                .facts
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.clone())
                .unwrap()
        };
        assert!(fact("owner").starts_with("A, "));
        assert!(fact("holds").starts_with("page 0x"));
        assert!(fact("cached").contains("TLB 0") && fact("cached").contains("STLB"));
    }
}
