//! The hardware TLB as a grid of slots, set by set.

use std::ops::Range;

use exo_core::event::Event;
use exo_core::hw::{Replacement, TlbConfig};
use exo_core::ids::{Access, EnvId, Page, TlbSlot};
use exo_core::machine::Machine;
use exo_session::Session;
use exo_session::explain::env_letter;

use super::linked::Linked;
use super::memory::Owner;
use super::touched::touched;
use super::trend::{self, TrendView};
use super::words::hex;
use crate::store::Playground;

/// Slots that stand in one row at most.
const ROW_MAX: usize = 8;
/// The same where a page and its frame have more digits together than there is room for then.
const ROW_OF_LONG_MAX: usize = 6;
const DIGITS_MAX: usize = 6;

/// One slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlbCell {
    /// Owner, page and frame; none if the slot is invalid.
    pub entry: Option<(Owner, String, String)>,
    /// Whether it allows reading only.
    pub read_only: bool,
    /// Whether this step hit or wrote it.
    pub now: bool,
    /// Whether it belongs to what is chosen.
    pub selected: bool,
    /// The number of its set, if it is the first of one.
    pub set: Option<usize>,
    /// The slot in words.
    pub label: String,
}

/// The grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlbView {
    /// All slots, set by set.
    pub cells: Vec<TlbCell>,
    /// Columns of the grid where there is room for them.
    pub columns: usize,
    /// Whether each row is a set, or two of them are.
    pub in_sets: bool,
    /// The slots that this step looked into without a match.
    pub probed: Range<usize>,
    /// What this step did to the TLB.
    pub headline: String,
    /// Structure and use: `64 of 64 in use; fully associative, random`.
    pub structure: String,
    /// Its hit rate over the run.
    pub trend: Option<TrendView>,
}

pub(super) fn select(playground: &Playground, linked: &Linked) -> TlbView {
    let session = playground.session();
    let machine = session.machine();
    let (config, touched) = (machine.config().tlb, touched(session));
    let (in_sets, ways) = (config.sets > 1 && config.ways > 1, config.ways as usize);
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
            selected: linked.slots.contains(&TlbSlot(slot as u16)),
            set: (in_sets && slot % ways == 0).then(|| slot / ways),
            label,
        }
    });
    let cells: Vec<TlbCell> = cells.collect();
    let used = entries.iter().flatten().count();
    let long = |cell: &TlbCell| {
        let entry = cell.entry.as_ref();
        entry.is_some_and(|(_, page, frame)| page.len() + frame.len() > DIGITS_MAX)
    };
    TlbView {
        columns: match ways {
            2..ROW_MAX => ways,
            _ if !in_sets && cells.iter().any(long) => ROW_OF_LONG_MAX,
            _ => ROW_MAX,
        },
        cells,
        in_sets,
        probed: probed(session, config),
        headline: headline(session),
        structure: format!("{used} of {} in use; {}", entries.len(), structure(machine)),
        trend: trend::select(playground, trend::tlb),
    }
}

/// The slots that this step looked into without a match: those of the page's set.
fn probed(session: &Session, config: TlbConfig) -> Range<usize> {
    let current = session.current();
    let missed = current.and_then(|it| match it.stamped.event {
        Event::Missed { page, .. } => Some(page),
        _ => None,
    });
    let Some(Page(page)) = missed else {
        return 0..0;
    };
    let ways = config.ways as usize;
    let first = (page % config.sets.max(1)) as usize * ways;
    first..first + ways
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
    let config = session.machine().config().tlb;
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
            let place = match (config.sets, config.ways) {
                (0..=1, ways) => format!("any of {ways} slots"),
                (sets, 1) => format!("slot {}", page.0 % sets),
                (sets, _) => format!("set {}", page.0 % sets),
            };
            format!("{} {}: no match in {place}", env_letter(env), hex(page.0))
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

#[cfg(test)]
mod tests {
    use exo_core::hw::{Replacement, TlbConfig};

    use crate::store::Playground;
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    #[test]
    fn a_miss_shows_every_slot_of_a_fully_associative_tlb_as_probed_and_the_write_the_one() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("page "));
        let tlb = View::of(&playground).tlb.clone();
        assert!(
            tlb.headline.ends_with(": no match in any of 4 slots"),
            "{}",
            tlb.headline
        );
        assert_eq!(tlb.probed, 0..4);
        assert!(!tlb.in_sets && tlb.cells.iter().all(|cell| cell.set.is_none()));
        step_until(&mut playground, |text| text.starts_with("tlb_write "));
        let tlb = View::of(&playground).tlb.clone();
        assert!(tlb.probed.is_empty());
        assert_eq!(tlb.cells.iter().filter(|cell| cell.now).count(), 1);
        assert!(tlb.cells[0].now && tlb.cells[0].label.starts_with("slot 0: A page "));
    }

    #[test]
    fn sets_are_rows_of_their_ways_and_a_miss_probes_the_set_of_its_page() {
        let mut scenario = playground().session().scenario().clone();
        scenario.machine.tlb = TlbConfig {
            sets: 4,
            ways: 2,
            replacement: Replacement::Lru,
        };
        let mut playground = Playground::new(scenario).unwrap();
        let mut seen = 0;
        for _ in 0..12 {
            step_until(&mut playground, |text| text.starts_with("page "));
            let tlb = View::of(&playground).tlb.clone();
            let heads: Vec<_> = tlb.cells.iter().map(|cell| cell.set).collect();
            let [a, b, c, d] = [0, 1, 2, 3].map(Some);
            assert_eq!(heads, [a, None, b, None, c, None, d, None]);
            assert_eq!((tlb.columns, tlb.in_sets), (2, true));
            let (_, set) = tlb.headline.rsplit_once(" in set ").unwrap();
            let set: usize = set.parse().unwrap();
            assert_eq!(tlb.probed, set * 2..set * 2 + 2);
            seen |= 1 << set;
        }
        assert!(
            u32::count_ones(seen) > 1,
            "pages of several sets were missed"
        );
    }
}
