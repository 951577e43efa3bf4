//! What comes along, by name: for the page, the command line and the tests.

use alloc::string::String;

/// What a sample is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Serves any program.
    General,
    /// Made for one program, and no better than others elsewhere.
    Special,
}

impl Kind {
    /// One word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::General => "general",
            Kind::Special => "special",
        }
    }
}

/// A policy that comes with the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What one writes after `--libos`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it is for.
    pub kind: Kind,
    /// One line on what it does.
    pub summary: &'static str,
    /// Its source with the hashed inverted page table, which both compilers read.
    pub source: &'static str,
}

impl Sample {
    /// Its source with another page table: a whole file, as [`Sample::source`] is.
    pub fn with_table(&self, table: &PageTable) -> String {
        let policy = self.source.strip_suffix(INVERTED).unwrap_or(self.source);
        [policy, table.source].concat()
    }
}

/// A structure that leads from a page to its frame; every policy goes with every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageTable {
    /// What one writes after `--table`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// Its part of a sample's source.
    pub source: &'static str,
}

const INVERTED: &str = include_str!("tables/inverted.rs");

/// Every page table that comes with the playground; the first is the one that samples are shown
/// with.
pub const TABLES: &[PageTable] = &[
    PageTable {
        name: "inverted",
        title: "Hashed inverted table",
        summary: "one entry for each frame, found by a hash",
        source: INVERTED,
    },
    PageTable {
        name: "linear",
        title: "Sorted vector",
        summary: "pages in order, searched by halves",
        source: include_str!("tables/linear.rs"),
    },
    PageTable {
        name: "two-level",
        title: "Two-level table",
        summary: "a directory of leaves for 32 pages each",
        source: include_str!("tables/two_level.rs"),
    },
];

/// A sample: its policy's part, a line between, and the first table's part.
macro_rules! sample {
    ($name:literal, $title:literal, $kind:ident, $file:literal, $summary:literal) => {
        Sample {
            name: $name,
            title: $title,
            kind: Kind::$kind,
            summary: $summary,
            source: concat!(
                include_str!(concat!("policies/", $file, ".rs")),
                "\n",
                include_str!("tables/inverted.rs")
            ),
        }
    };
}

/// Every policy that comes with the playground, the simpler ones first.
#[rustfmt::skip]
pub const SAMPLES: &[Sample] = &[
    sample!("demand-zero", "Demand zero", General, "demand_zero", "no replacement: gives up when memory is full"),
    sample!("fifo", "FIFO", General, "fifo", "first in, first out"),
    sample!("clock", "CLOCK", General, "clock", "second chance by reference bits"),
    sample!("second-chance", "Second chance", General, "second_chance", "CLOCK without hardware bits, by protection faults"),
    sample!("wsclock", "WSClock", General, "wsclock", "a clock that takes what left the working set"),
    sample!("random", "Random", General, "random", "any page, as the seed decides"),
    sample!("2q", "2Q", General, "two_queues", "a page must come twice to stay"),
    sample!("join", "Hash join", Special, "join", "for one program: its hash table stays, scans go"),
];

/// The sample of that name.
pub fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// The page table of that name.
pub fn table(name: &str) -> Option<&'static PageTable> {
    TABLES.iter().find(|table| table.name == name)
}
