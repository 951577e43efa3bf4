//! The hardware TLB as a grid of slots, and the software TLB as a strip of buckets.

use std::fmt::Write;

use exo_core::event::Event;
use exo_core::hw::Replacement;
use exo_core::ids::{Access, EnvId};
use exo_core::machine::Machine;
use exo_session::Session;
use exo_session::explain::env_letter;
use exo_session::why::Thing;

use super::memory::Owner;
use super::touched::touched;
use super::words::{grouped, hex};
use crate::store::Playground;

/// Buckets of the strip at most.
const BUCKETS_MAX: usize = 128;
/// Height of the strip's bars, in hundredths.
const BAR_HEIGHT: usize = 2000;
/// Height of a bar of one entry, so that it can be seen.
const BAR_HEIGHT_MIN: usize = 200;

/// One slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlbCell {
    /// Owner, page and frame; none if the slot is invalid.
    pub entry: Option<(Owner, String, String)>,
    /// Whether it allows reading only.
    pub read_only: bool,
    /// Whether this step hit or wrote it.
    pub now: bool,
    /// Whether it names the frame that is looked at.
    pub selected: bool,
    /// The slot in words.
    pub label: String,
}

/// The grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlbView {
    /// All slots, set by set.
    pub cells: Vec<TlbCell>,
    /// Columns of the grid.
    pub columns: usize,
    /// What this step did to the TLB.
    pub headline: String,
    /// Structure and use: `64 of 64 in use; fully associative, random`.
    pub structure: String,
}

/// The slot that this step looked into or wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Its bucket.
    pub bucket: usize,
    /// What was found, or done.
    pub text: String,
}

/// The strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StlbView {
    /// Whether the machine has one.
    pub on: bool,
    /// The bars as an SVG path, in a box of `buckets × 10` by 24.
    pub bars: String,
    /// How many buckets there are.
    pub buckets: usize,
    /// `611 of 4,096 in use; 32 to a bar`.
    pub summary: String,
    /// What this step did.
    pub probe: Option<Probe>,
    /// The entries in use, by their indices.
    pub used: Vec<u32>,
    /// How many entries a bucket has.
    pub size: u32,
    /// The entry that is looked at, in words, with its index.
    pub looked: Option<(u32, String)>,
}

pub(super) fn select(playground: &Playground) -> TlbView {
    let session = playground.session();
    let machine = session.machine();
    let (config, touched) = (machine.config().tlb, touched(session));
    let entries = machine.hardware().tlb.entries();
    let cells = entries.iter().enumerate().map(|(slot, entry)| {
        let place = place(config.sets, config.ways, slot);
        let label = match entry {
            None => format!("{place}: invalid"),
            Some(entry) => format!(
                "{place}: {} page {}, frame {}, {}",
                env_letter(EnvId(entry.asid)),
                hex(entry.page.0),
                hex(entry.frame.0),
                rights(entry.access),
            ),
        };
        TlbCell {
            entry: entry.map(|entry| {
                let owner = Owner {
                    env: EnvId(entry.asid),
                };
                (
                    owner,
                    format!("{:X}", entry.page.0),
                    format!("{:X}", entry.frame.0),
                )
            }),
            read_only: entry.is_some_and(|entry| entry.access == Access::Read),
            now: touched
                .slot
                .is_some_and(|touched| usize::from(touched.0) == slot),
            selected: match playground.looked {
                Some(Thing::Tlb(looked)) => usize::from(looked.0) == slot,
                Some(Thing::Frame(frame)) => entry.is_some_and(|entry| entry.frame == frame),
                _ => false,
            },
            label,
        }
    });
    let used = entries.iter().flatten().count();
    TlbView {
        cells: cells.collect(),
        columns: if (2..8).contains(&config.ways) {
            config.ways as usize
        } else {
            8
        },
        headline: headline(session),
        structure: format!("{used} of {} in use; {}", entries.len(), structure(machine)),
    }
}

pub(super) fn rights(access: Access) -> &'static str {
    match access {
        Access::Read => "read only",
        Access::ReadWrite => "read and write",
    }
}

pub(super) fn place(sets: u32, ways: u32, slot: usize) -> String {
    match (sets, ways as usize) {
        (1, _) | (_, 0..2) => format!("slot {slot}"),
        (_, ways) => format!("set {}, way {}", slot / ways, slot % ways),
    }
}

fn structure(machine: &Machine) -> String {
    let config = machine.config().tlb;
    let shape = match (config.sets, config.ways) {
        (1, _) => "fully associative".to_owned(),
        (_, 1) => "direct-mapped".to_owned(),
        (sets, ways) => format!("{sets} sets of {ways}"),
    };
    let replacement = match config.replacement {
        Replacement::Random => "random replacement",
        Replacement::Fifo => "first in, first out",
        Replacement::Lru => "least recently used goes",
    };
    format!("{shape}, {replacement}")
}

/// What this step did to the TLB.
fn headline(session: &Session) -> String {
    let Some(current) = session.current() else {
        return String::new();
    };
    match current.stamped.event {
        Event::Accessed {
            env, page, slot, ..
        } => {
            format!(
                "{} {}: hit in slot {}",
                env_letter(env),
                hex(page.0),
                slot.0
            )
        }
        Event::Missed { env, page, .. } => {
            format!("{} {}: no match", env_letter(env), hex(page.0))
        }
        Event::Protected {
            env, page, slot, ..
        } => {
            format!(
                "{} {}: slot {} is read-only",
                env_letter(env),
                hex(page.0),
                slot.0
            )
        }
        Event::StlbHit {
            env, page, slot, ..
        }
        | Event::Bound {
            env, page, slot, ..
        } => {
            format!(
                "{} {}: written to slot {}",
                env_letter(env),
                hex(page.0),
                slot.0
            )
        }
        Event::Unbound {
            env, page, dropped, ..
        } => {
            let what = if dropped == 0 {
                "was cached nowhere"
            } else {
                "dropped"
            };
            format!("{} {}: {what}", env_letter(env), hex(page.0))
        }
        _ => String::new(),
    }
}

pub(super) fn select_stlb(playground: &Playground) -> StlbView {
    let session = playground.session();
    let entries = session.machine().kernel().stlb.entries();
    let buckets = entries.len().min(BUCKETS_MAX);
    let used = entries.iter().flatten().count();
    let size = entries.len().div_ceil(buckets.max(1));
    let summary = format!(
        "{} of {} in use; {size} to a bar",
        grouped(used as u64),
        grouped(entries.len() as u64)
    );
    StlbView {
        on: !entries.is_empty(),
        bars: bars(
            entries
                .chunks(size.max(1))
                .map(|chunk| chunk.iter().flatten().count()),
            size,
        ),
        buckets,
        summary,
        probe: probe(session, size.max(1)),
        used: (0..)
            .zip(entries)
            .filter_map(|(index, entry)| entry.as_ref().map(|_| index))
            .collect(),
        size: size.max(1) as u32,
        looked: looked(playground),
    }
}

/// The entry that is looked at.
fn looked(playground: &Playground) -> Option<(u32, String)> {
    let Some(Thing::Stlb(index)) = playground.looked else {
        return None;
    };
    let entries = playground.session().machine().kernel().stlb.entries();
    let words = match entries.get(index as usize)? {
        None => format!("slot {} is empty", hex(index)),
        Some(entry) => format!(
            "slot {} holds {} {}",
            hex(index),
            env_letter(entry.env),
            hex(entry.page.0)
        ),
    };
    Some((index, words))
}

/// One vertical stroke for each bucket that is not empty.
fn bars(counts: impl Iterator<Item = usize>, size: usize) -> String {
    let mut path = String::new();
    for (bucket, count) in counts.enumerate().filter(|(_, count)| *count > 0) {
        let height = (count * BAR_HEIGHT).div_ceil(size).max(BAR_HEIGHT_MIN);
        let _ = write!(
            path,
            "M{} 22v-{}.{:02}",
            bucket * 10 + 5,
            height / 100,
            height % 100
        );
    }
    path
}

fn probe(session: &Session, size: usize) -> Option<Probe> {
    let current = session.current()?;
    let (index, text) = match current.stamped.event {
        Event::StlbMissed {
            index,
            occupant: None,
            ..
        } => (index, "is empty: miss".to_owned()),
        Event::StlbMissed {
            index,
            occupant: Some((env, page)),
            ..
        } => (
            index,
            format!("holds {} {}: miss", env_letter(env), hex(page.0)),
        ),
        Event::StlbHit {
            env, page, index, ..
        } => (
            index,
            format!("holds {} {}: hit", env_letter(env), hex(page.0)),
        ),
        Event::Bound {
            env,
            page,
            index: Some(index),
            ..
        } => (
            index,
            format!("now holds {} {}", env_letter(env), hex(page.0)),
        ),
        _ => return None,
    };
    Some(Probe {
        bucket: index as usize / size,
        text: format!("slot {} {text}", hex(index)),
    })
}

#[cfg(test)]
mod tests {
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    #[test]
    fn the_first_fault_misses_tlb_and_stlb_and_the_write_fills_both() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("page "));
        assert!(View::of(&playground).tlb.headline.ends_with(": no match"));
        step_until(&mut playground, |text| text.starts_with("STLB "));
        let stlb = View::of(&playground).stlb;
        assert!(
            stlb.probe
                .as_ref()
                .is_some_and(|probe| probe.text.ends_with("is empty: miss"))
        );
        assert!(stlb.bars.is_empty() && stlb.summary.starts_with("0 of "));
        step_until(&mut playground, |text| text.starts_with("tlb_write "));
        let view = View::of(&playground);
        assert_eq!(view.tlb.cells.iter().filter(|cell| cell.now).count(), 1);
        assert!(view.tlb.cells[0].now && view.tlb.cells[0].label.starts_with("slot 0: A page "));
        assert!(view.stlb.summary.starts_with("1 of "));
        assert!(view.stlb.bars.starts_with('M'));
    }
}
