//! A page table as it is: its chains, its list or its leaves, and the way of a look-up through it.

use exo_core::ids::Frame;
use exo_libos_samples::table;
use exo_session::debugger::{Group, Inside, LookUp, PageTable, Probe, Structure};
use exo_session::why::Thing;

use super::fault_page;
use crate::store::Playground;
use crate::view::words::{grouped, hex};

/// Rows that are shown at once.
const ROWS: usize = 64;
/// Slots of a list that stand in one row.
const LIST_ROW: usize = 8;

/// A page table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageTableView {
    /// What it is.
    pub title: String,
    /// How it was recognised, and how much is in it.
    pub note: String,
    /// The page that is looked up; empty if there is none.
    pub page: String,
    /// How: one sentence for each element that is read.
    pub steps: Vec<String>,
    /// Where that leads.
    pub found: String,
    /// The frame to which it leads.
    pub frame: Option<Frame>,
    /// Whether rows have a place for each page of a leaf.
    pub leaves: bool,
    /// Its rows, or those of them that are shown.
    pub rows: Vec<TableRow>,
    /// Which rows these are, if they are not all.
    pub shown: Option<String>,
    /// The first of the rows before.
    pub before: Option<u32>,
    /// The first of the rows behind.
    pub behind: Option<u32>,
    /// The row where the look-up ends.
    pub looked_up: Option<u32>,
}

/// A chain, a part of a list, or a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Its place among all rows.
    pub index: u32,
    /// What it is.
    pub label: String,
    /// Whether the look-up goes through it.
    pub read: bool,
    /// Its entries; none where a leaf has no page.
    pub entries: Vec<Option<EntryView>>,
}

/// A page with its slot and its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// The page.
    pub page: u32,
    /// The slot.
    pub slot: u32,
    /// The frame.
    pub frame: Frame,
    /// Whether it is the page that is looked up.
    pub looked_up: bool,
    /// Whether the look-up reads it, and goes on.
    pub read: bool,
    /// Whether its frame is looked at.
    pub selected: bool,
}

/// The page table of a libOS, if it has one that is known.
pub(super) fn select(playground: &Playground, inside: &Inside<'_>) -> Option<PageTableView> {
    let known = PageTable::of(inside)?;
    let looking = &playground.looking;
    let page = looking
        .page
        .or_else(|| fault_page(playground.session(), playground.shown));
    let path = page.map(|page| known.look_up(page)).unwrap_or_default();
    let reader = Reader {
        known,
        page,
        path: &path,
        looked: playground.looked,
    };
    let rows = reader.rows();
    let pages: usize = rows
        .iter()
        .map(|row| row.entries.iter().flatten().count())
        .sum();
    let here = |row: &TableRow| row.entries.iter().flatten().any(|it| it.looked_up);
    let looked_up = rows.iter().position(here);
    let first = match looking.table_row {
        Some(row) => row as usize,
        None => looked_up.unwrap_or(0) / ROWS * ROWS,
    };
    let (count, first) = (rows.len(), first.min(rows.len().saturating_sub(1)));
    let behind = first + ROWS;
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Some(PageTableView {
        title: reader.title(),
        note: reader.note(pages),
        page: page.map(hex).unwrap_or_default(),
        steps: path.probes.iter().map(|it| reader.step(it)).collect(),
        found: reader.found(),
        frame: path.slot.and_then(|slot| known.frame(slot)).map(Frame),
        leaves: known.structure == Structure::TwoLevel,
        rows: rows.into_iter().skip(first).take(ROWS).collect(),
        shown: (count > ROWS).then(|| {
            let last = behind.min(count);
            format!("rows {} to {last} of {}", first + 1, grouped(count as u64))
        }),
        before: (first > 0).then(|| narrow(first.saturating_sub(ROWS))),
        behind: (behind < count).then(|| narrow(behind)),
        looked_up: looked_up.map(narrow),
    })
}

/// Reads one page table.
struct Reader<'view> {
    known: PageTable<'view>,
    page: Option<u32>,
    path: &'view LookUp,
    looked: Option<Thing>,
}

impl Reader<'_> {
    fn title(&self) -> String {
        let name = match self.known.structure {
            Structure::Inverted => "inverted",
            Structure::Linear => "linear",
            Structure::TwoLevel => "two-level",
        };
        let title = table(name).map_or(name, |it| it.title);
        format!(
            "Page table: {}, in the field {}",
            title.to_ascii_lowercase(),
            self.known.name()
        )
    }

    fn note(&self, pages: usize) -> String {
        let (used, pages) = (self.known.used(), pages as u64);
        let mut note = format!(
            "It has the fields of the table of that name that comes along, and is read here as that reads it. \
             {} slots have a frame, {} pages are in it.",
            grouped(used.into()),
            grouped(pages)
        );
        let astray = self.known.astray() as u64;
        if astray > 0 {
            note += &format!(
                " {} of them would not be found so: this libOS looks up in another way, or is about to put that right.",
                grouped(astray)
            );
        }
        note
    }

    fn rows(&self) -> Vec<TableRow> {
        let groups = self.known.groups();
        let rows = groups.iter().flat_map(|group| self.rows_of(group));
        let numbered = (0..)
            .zip(rows)
            .map(|(index, row)| TableRow { index, ..row });
        numbered.collect()
    }

    fn rows_of(&self, group: &Group) -> Vec<TableRow> {
        let entries: Vec<_> = group
            .slots
            .iter()
            .map(|slot| self.entry((*slot)?))
            .collect();
        let reads = |what, index| self.path.probes.iter().any(|it| it.reads == (what, index));
        let row = |label, read, entries: &[Option<EntryView>]| TableRow {
            index: 0,
            label,
            read,
            entries: entries.to_vec(),
        };
        let index = group.index;
        match (self.known.structure, group.leaf) {
            (Structure::Linear, _) => (0..)
                .step_by(LIST_ROW)
                .zip(entries.chunks(LIST_ROW))
                .map(|(from, part)| {
                    let read = (from..from + LIST_ROW as u32).any(|at| reads("sorted", at));
                    row(format!("sorted[{from}…]"), read, part)
                })
                .collect(),
            (Structure::TwoLevel, leaf) => {
                let pages = group.slots.len() as u32;
                let from = index.saturating_mul(pages);
                let label = format!(
                    "leaf[{index}] = {}: pages {} to {}",
                    leaf.unwrap_or(0),
                    hex(from),
                    hex(from.saturating_add(pages.saturating_sub(1)))
                );
                vec![row(label, reads("leaf", index), &entries)]
            }
            _ => vec![row(
                format!("chain[{index}]"),
                reads("chain", index),
                &entries,
            )],
        }
    }

    fn entry(&self, slot: u32) -> Option<EntryView> {
        let frame = Frame(self.known.frame(slot)?);
        let page = self.known.page(slot)?;
        let looked_up = self.path.slot == Some(slot) && self.page == Some(page);
        let read = self.path.probes.iter().any(|it| it.slot == Some(slot));
        Some(EntryView {
            page,
            slot,
            frame,
            looked_up,
            read: read && !looked_up,
            selected: self.looked == Some(Thing::Frame(frame)),
        })
    }

    /// What a look-up reads, as a sentence.
    fn step(&self, probe: &Probe) -> String {
        let (array, index) = probe.reads;
        let read = format!("{array}[{index}]");
        if array == "leaf" {
            let leaf = self.known.reads(probe).and_then(|it| it.number());
            return match leaf {
                Some(0) | None => format!("{read} is leaf 0, which is empty"),
                Some(leaf) => format!("{read} is leaf {leaf}"),
            };
        }
        let Some(slot) = probe.slot else {
            return format!("{read} is the end: there is no slot");
        };
        let page = self.known.page(slot).unwrap_or(0);
        let wanted = self.page.unwrap_or(0);
        let how = match (page == wanted, self.known.structure) {
            (true, _) => "found",
            (_, Structure::Linear) if page < wanted => "too low",
            (_, Structure::Linear) => "too high",
            _ => "another",
        };
        format!("{read} is slot {slot}, page {}: {how}", hex(page))
    }

    fn found(&self) -> String {
        let Some(page) = self.page else {
            return "There was no fault yet: type a page to look it up.".to_owned();
        };
        let frame = self
            .path
            .slot
            .and_then(|slot| Some((slot, self.known.frame(slot)?)));
        match frame {
            Some((slot, frame)) => format!(
                "Page {} is in slot {slot}: frame {}.",
                hex(page),
                hex(frame)
            ),
            None => format!("Page {} is in no slot.", hex(page)),
        }
    }
}
