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
    /// Whether it replaces pages, and so goes with any backing store.
    pub replaces: bool,
    /// Its own part, without page table and backing store.
    pub policy: &'static str,
    /// Its source with the hashed inverted page table and without a disk, which both compilers
    /// read.
    pub source: &'static str,
}

impl Sample {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        lesson_of(self.source)
    }

    /// Its source with another page table: a whole file, as [`Sample::source`] is.
    pub fn with_table(&self, table: &PageTable) -> String {
        self.with_parts(table, &STORES[0])
    }

    /// Its source with another page table and, if it replaces pages, another backing store.
    pub fn with_parts(&self, table: &PageTable, store: &BackingStore) -> String {
        let store = if self.replaces { store.source } else { "" };
        let line = if self.replaces { "\n" } else { "" };
        [self.policy, line, store, "\n", table.source].concat()
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

/// Where the pages of a policy go when they lose their frames; every policy that replaces goes with
/// every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackingStore {
    /// What one writes after `--store`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// Its part of a sample's source.
    pub source: &'static str,
}

impl BackingStore {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        lesson_of(self.source)
    }
}

/// Every backing store that comes with the playground; the first is the one that samples are shown
/// with.
pub const STORES: &[BackingStore] = &[
    BackingStore {
        name: "none",
        title: "No backing store",
        summary: "a page that goes is lost, and comes back all zero",
        source: include_str!("stores/none.rs"),
    },
    BackingStore {
        name: "swap",
        title: "An extent of the disk",
        summary: "a page that was written goes to the disk, and comes back as it was",
        source: include_str!("stores/swap.rs"),
    },
];

/// Every page table that comes with the playground; the first is the one that samples are shown
/// with.
pub const TABLES: &[PageTable] = &[
    PageTable {
        name: "inverted",
        title: "Hashed inverted table",
        summary: "one entry for each frame, found by a hash",
        source: include_str!("tables/inverted.rs"),
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

/// A sample that keeps its pages: its policy's part and the first table's, a line between.
macro_rules! sample {
    ($name:literal, $title:literal, $kind:ident, $stamps:literal, $file:literal, $summary:literal
     $(, $store:literal)?) => {
        Sample {
            name: $name,
            title: $title,
            kind: Kind::$kind,
            summary: $summary,
            use_stamps: $stamps,
            replaces: $(!$store.is_empty() ||)? false,
            policy: include_str!(concat!("policies/", $file, ".rs")),
            source: concat!(
                include_str!(concat!("policies/", $file, ".rs")),
                $("\n", include_str!($store),)?
                "\n",
                include_str!("tables/inverted.rs")
            ),
        }
    };
}

/// A sample that replaces pages: with the first store's part between.
macro_rules! paging {
    ($name:literal, $title:literal, $kind:ident, $stamps:literal, $file:literal, $summary:literal) => {
        sample!(
            $name,
            $title,
            $kind,
            $stamps,
            $file,
            $summary,
            "stores/none.rs"
        )
    };
}

/// Every policy that comes with the playground, the simpler ones first.
#[rustfmt::skip]
pub const SAMPLES: &[Sample] = &[
    sample!("demand-zero", "Demand zero", General, false, "demand_zero", "no replacement: gives up when memory is full"),
    paging!("fifo", "FIFO", General, false, "fifo", "first in, first out"),
    paging!("clock", "CLOCK", General, false, "clock", "second chance by reference bits"),
    paging!("second-chance", "Second chance", General, false, "second_chance", "CLOCK without hardware bits, by protection faults"),
    paging!("lru", "LRU", General, true, "lru", "the page untouched for longest goes, by use stamps"),
    paging!("mru", "MRU", General, true, "mru", "the page touched last goes: for scans"),
    paging!("wsclock", "WSClock", General, false, "wsclock", "a clock that takes what left the working set"),
    paging!("random", "Random", General, false, "random", "any page, as the seed decides"),
    paging!("2q", "2Q", General, false, "two_queues", "a page must come twice to stay"),
    paging!("join", "Hash join", Special, false, "join", "for one program: its hash table stays, scans go"),
    sample!("protect", "Protection", Special, false, "protect", "no replacement: opens and closes pages as its program asks"),
    sample!("gc", "Collector's help", Special, false, "gc", "no replacement: tells a collector which pages were written"),
];

/// The sample of that name.
pub fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// The backing store of that name.
pub fn store(name: &str) -> Option<&'static BackingStore> {
    STORES.iter().find(|store| store.name == name)
}

/// The page table of that name.
pub fn table(name: &str) -> Option<&'static PageTable> {
    TABLES.iter().find(|table| table.name == name)
}
