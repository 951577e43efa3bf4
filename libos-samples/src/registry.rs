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
    /// Whether it asks for the use stamps of frames, which a machine keeps only when told to.
    pub use_stamps: bool,
    /// Its source with the hashed inverted page table, which both compilers read.
    pub source: &'static str,
}

impl Sample {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        lesson_of(self.source)
    }

    /// Its source with another page table: a whole file, as [`Sample::source`] is.
    pub fn with_table(&self, table: &PageTable) -> String {
        let policy = self.source.strip_suffix(INVERTED).unwrap_or(self.source);
        [policy, table.source].concat()
    }
}

/// The text of a source's first documentation comment.
pub(crate) fn lesson_of(source: &str) -> String {
    let lines = source.lines();
    let lesson = lines
        .skip_while(|line| !line.starts_with("/// "))
        .map_while(|line| line.strip_prefix("///"));
    let mut text = String::new();
    for line in lesson {
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text
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

impl PageTable {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        lesson_of(self.source)
    }
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
    ($name:literal, $title:literal, $kind:ident, $stamps:literal, $file:literal, $summary:literal) => {
        Sample {
            name: $name,
            title: $title,
            kind: Kind::$kind,
            summary: $summary,
            use_stamps: $stamps,
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
    sample!("demand-zero", "Demand zero", General, false, "demand_zero", "no replacement: gives up when memory is full"),
    sample!("fifo", "FIFO", General, false, "fifo", "first in, first out"),
    sample!("clock", "CLOCK", General, false, "clock", "second chance by reference bits"),
    sample!("second-chance", "Second chance", General, false, "second_chance", "CLOCK without hardware bits, by protection faults"),
    sample!("lru", "LRU", General, true, "lru", "the page untouched for longest goes, by use stamps"),
    sample!("mru", "MRU", General, true, "mru", "the page touched last goes: for scans"),
    sample!("wsclock", "WSClock", General, false, "wsclock", "a clock that takes what left the working set"),
    sample!("random", "Random", General, false, "random", "any page, as the seed decides"),
    sample!("2q", "2Q", General, false, "two_queues", "a page must come twice to stay"),
    sample!("join", "Hash join", Special, false, "join", "for one program: its hash table stays, scans go"),
    sample!("protect", "Protection", Special, false, "protect", "no replacement: opens and closes pages as its program asks"),
    sample!("gc", "Collector's help", Special, false, "gc", "no replacement: tells a collector which pages were written"),
];

/// The sample of that name.
pub fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// The page table of that name.
pub fn table(name: &str) -> Option<&'static PageTable> {
    TABLES.iter().find(|table| table.name == name)
}
