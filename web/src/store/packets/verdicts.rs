//! A capture that is looked through, and then sorted by filters, piece by piece.

use std::collections::BTreeMap;
use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Engine, FilterId, Verdict};
use exo_net::capture::Cursor;
use exo_net::{FilterFile, FilterFileError, FilterReader};

/// The most packets that the page takes.
const PACKETS_MAX: usize = 1_000_000;
/// Packets that are found in one piece.
const READ_PIECE: usize = 4_096;
/// Lines that are merged in one piece.
const MERGE_PIECE: usize = 4;
/// Packets that are sorted in one piece; each is by every engine.
const SORT_PIECE: usize = 128;

/// A capture.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The file's name; empty if there is none yet.
    pub name: String,
    /// Its packets.
    pub packets: Vec<Place>,
    /// Why there are no more.
    pub error: Option<String>,
    bytes: Rc<Vec<u8>>,
}

/// Where a packet is, and what is known of it besides its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    at: u32,
    captured: u32,
    /// How long it was on the wire.
    pub length: u32,
    /// When it was captured, in nanoseconds.
    pub time_ns: u64,
}

impl Loaded {
    /// What was captured of a packet; nothing if there is no such packet.
    pub fn bytes(&self, index: usize) -> &[u8] {
        let Some(packet) = self.packets.get(index) else {
            return &[];
        };
        let at = packet.at as usize;
        let bytes = self.bytes.get(at..at + packet.captured as usize);
        bytes.unwrap_or_default()
    }

    /// Bytes of the file.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
}

/// A file that is looked through.
#[derive(Debug)]
pub(super) struct Reading {
    loaded: Loaded,
    cursor: Cursor,
}

impl Reading {
    pub(super) fn new(name: String, bytes: Rc<Vec<u8>>) -> Reading {
        Reading {
            loaded: Loaded {
                name,
                bytes,
                ..Loaded::default()
            },
            cursor: Cursor::default(),
        }
    }

    /// Finds some more packets. True if there may be more.
    pub(super) fn advance(&mut self) -> bool {
        let loaded = &mut self.loaded;
        for _ in 0..READ_PIECE {
            if loaded.packets.len() == PACKETS_MAX {
                loaded.error = Some("there are more than 1,000,000 packets".to_owned());
                return false;
            }
            match self.cursor.next(&loaded.bytes) {
                Ok(Some(packet)) => loaded.packets.push(Place {
                    at: packet.at as u32,
                    captured: packet.bytes.len() as u32,
                    length: packet.length,
                    time_ns: packet.nanoseconds,
                }),
                Ok(None) => {
                    if loaded.packets.is_empty() {
                        loaded.error = Some("there is no packet in it".to_owned());
                    }
                    return false;
                }
                Err(error) => {
                    loaded.error = Some(error.to_string());
                    return false;
                }
            }
        }
        true
    }

    pub(super) fn done(&self) -> u64 {
        self.cursor.at() as u64
    }

    pub(super) fn all(&self) -> u64 {
        self.loaded.size() as u64
    }

    pub(super) fn done_with(self) -> Loaded {
        self.loaded
    }
}

/// Whose a packet is, and what each engine took to find out, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The filter that has it, and whose that is.
    pub accepted: Option<(FilterId, EnvId)>,
    /// Cycles.
    pub cycles: [u32; 3],
}

impl Found {
    /// As one engine says.
    pub fn verdict(&self, engine: Engine) -> Verdict {
        let cycles = Engine::ALL.iter().zip(self.cycles);
        let cycles = cycles.filter(|(it, _)| **it == engine).map(|it| it.1);
        Verdict {
            accepted: self.accepted,
            cycles: cycles.sum(),
        }
    }
}

/// What all verdicts come to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Packets of each filter that has any.
    pub packets: BTreeMap<FilterId, u64>,
    /// Packets that no filter has.
    pub nobodys: u64,
    /// Cycles of each engine.
    pub cycles: [u64; 3],
}

/// A text of filters that is read and merged.
#[derive(Debug)]
pub(super) struct Merging {
    all: usize,
    lines: std::vec::IntoIter<String>,
    reader: FilterReader,
    error: Option<FilterFileError>,
}

impl Merging {
    pub(super) fn new(text: &str) -> Merging {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        Merging {
            all: lines.len(),
            lines: lines.into_iter(),
            reader: FilterReader::default(),
            error: None,
        }
    }

    /// Reads some more lines. True if there are more.
    pub(super) fn advance(&mut self) -> bool {
        for line in self.lines.by_ref().take(MERGE_PIECE) {
            if let Err(error) = self.reader.line(&line) {
                self.error = Some(error);
                return false;
            }
        }
        self.lines.len() > 0
    }

    pub(super) fn done(&self) -> u64 {
        (self.all - self.lines.len()) as u64
    }

    pub(super) fn all(&self) -> u64 {
        self.all as u64
    }

    pub(super) fn done_with(self) -> Result<FilterFile, FilterFileError> {
        match self.error {
            Some(error) => Err(error),
            None => self.reader.finish(),
        }
    }
}

/// Packets that are sorted by filters.
#[derive(Debug)]
pub(super) struct Sorting {
    filters: FilterFile,
    found: Vec<Found>,
    tally: Tally,
}

impl Sorting {
    pub(super) fn new(filters: FilterFile) -> Sorting {
        Sorting {
            filters,
            found: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Sorts some more packets. True if there are more.
    pub(super) fn advance(&mut self, capture: &Loaded) -> bool {
        let all = capture.packets.len();
        let from = self.found.len();
        for index in from..all.min(from + SORT_PIECE) {
            let packet = capture.bytes(index);
            let verdicts = Engine::ALL.map(|it| self.filters.set.classify(it, packet));
            let [.., compiled] = verdicts;
            match compiled.accepted {
                Some((filter, _)) => *self.tally.packets.entry(filter).or_default() += 1,
                None => self.tally.nobodys += 1,
            }
            let cycles = verdicts.map(|it| it.cycles);
            for (sum, cycles) in self.tally.cycles.iter_mut().zip(cycles) {
                *sum += u64::from(cycles);
            }
            self.found.push(Found {
                accepted: compiled.accepted,
                cycles,
            });
        }
        self.found.len() < all
    }

    pub(super) fn done(&self) -> u64 {
        self.found.len() as u64
    }

    pub(super) fn done_with(self) -> (FilterFile, Vec<Found>, Tally) {
        (self.filters, self.found, self.tally)
    }
}
