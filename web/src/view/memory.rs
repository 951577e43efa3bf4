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

/// One frame as it is now; none if there is no such frame.
pub(super) fn cell(machine: &Machine, index: usize, touched: Option<Frame>) -> Option<FrameCell> {
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
        selected: playground.selected_frame(),
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
}
