//! Packets of a capture, and what filters make of them; and those of the machine at hand.

mod live;
mod verdicts;

use std::rc::Rc;

use exo_core::kernel::filter::{Engine, TrieView};
use exo_net::verdicts::{CSV_HEAD, VerdictRow};
use exo_net::{FilterFile, FilterFileError};

use super::playground::{Notice, Playground};
use super::reading::has_ending;
use super::work::Activity;
use crate::view::words::grouped;

pub use live::{COLLECTED_MAX, Live};
pub use verdicts::Found;
use verdicts::{Loaded, Tally};
use verdicts::{Merging, Reading, Sorting};

/// The largest capture that the page takes, in bytes.
pub const CAPTURE_MAX: u64 = 64 << 20;
/// The longest text of filters that the page takes, in bytes.
const FILTERS_MAX: usize = 64 << 10;

/// Whose packets are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketSource {
    /// Those of a capture, by the filters that are written beside them.
    Capture,
    /// Those that pass the wire of the machine at hand, by the filters that its libraries have bound.
    Machine,
}

/// What can be done with packets.
#[derive(Clone, Debug)]
pub enum PacketsAction {
    /// Show them, or put them away.
    Show(bool),
    /// Show those of a capture, or the machine's.
    Source(PacketSource),
    /// Take the machine's packets up to this step for a capture, to look at them through other filters.
    Try,
    /// A file of that name was read, to be opened as a capture.
    Read(String, Rc<Vec<u8>>),
    /// Filter by another text.
    Filters(String),
    /// Show the cycles of another engine.
    Engine(Engine),
    /// Look at the packet of that row, from 0.
    Select(usize),
    /// Show the rows from that one on.
    From(usize),
    /// Write the list for other programs: as JSON Lines, or as CSV.
    Export {
        /// Whether as JSON Lines.
        json: bool,
    },
}

/// The packets, kept while they are not looked at.
#[derive(Debug)]
pub struct Packets {
    /// Whether they are looked at.
    pub open: bool,
    /// Whose were chosen, if someone chose.
    pub(super) source: Option<PacketSource>,
    /// Those of the machine.
    pub live: Live,
    /// The capture.
    pub capture: Rc<Loaded>,
    /// The text of filters, as it stands.
    pub text: Rc<str>,
    /// What is wrong with it.
    pub error: Option<FilterFileError>,
    /// The filters of the verdicts: those of the last text that was right.
    pub filters: FilterFile,
    /// What they were merged into.
    pub trie: TrieView,
    /// The verdict on each packet; as many as the capture has, unless the sorting was given up.
    pub found: Vec<Found>,
    /// How many packets each filter has, and cycles in all.
    pub tally: Tally,
    /// Whose cycles are shown.
    pub engine: Engine,
    /// The row that is looked at, from 0.
    pub selected: usize,
    /// The first row that is shown.
    pub first: usize,
    under_way: Option<UnderWay>,
}

/// What takes longer than one frame of the display.
#[derive(Debug)]
enum UnderWay {
    Reading(Box<Reading>),
    Merging(Box<Merging>),
    Sorting(Box<Sorting>),
}

impl Default for Packets {
    fn default() -> Packets {
        Packets {
            open: false,
            source: None,
            live: Live::default(),
            capture: Rc::default(),
            text: exo_net::sample::FILTERS.into(),
            error: None,
            filters: FilterFile::default(),
            trie: TrieView::default(),
            found: Vec::new(),
            tally: Tally::default(),
            engine: Engine::Compiled,
            selected: 0,
            first: 0,
            under_way: None,
        }
    }
}

impl Packets {
    /// Whether there is no capture yet, so that the one that comes along is wanted.
    pub fn wants_sample(&self) -> bool {
        self.open && self.capture.name.is_empty() && self.under_way.is_none()
    }

    /// What is under way, in words; how much is done and how much there is.
    pub fn progress(&self) -> Option<(&'static str, u64, u64)> {
        match self.under_way.as_ref()? {
            UnderWay::Reading(it) => Some(("Looking for packets", it.done(), it.all())),
            UnderWay::Merging(it) => Some(("Merging filters", it.done(), it.all())),
            UnderWay::Sorting(it) => {
                let all = self.capture.packets.len() as u64;
                Some(("Filtering packets", it.done(), all))
            }
        }
    }

    /// The row of a packet for other programs.
    fn row(&self, index: usize) -> Option<VerdictRow<'_>> {
        let (packet, found) = (self.capture.packets.get(index)?, self.found.get(index)?);
        let number = index as u64 + 1;
        let verdict = found.verdict(self.engine);
        Some(VerdictRow::new(
            &self.filters,
            number,
            packet.length,
            verdict,
        ))
    }
}

impl Playground {
    /// Does what is asked. Whatever is under way ends; the run stays where it is.
    pub(super) fn update_packets(&mut self, action: PacketsAction) {
        match action {
            PacketsAction::Show(open) => {
                self.pause();
                self.quiet_notice();
                self.packets.open = open;
            }
            PacketsAction::Source(source) => self.packets.source = Some(source),
            PacketsAction::Try => self.try_filters(),
            PacketsAction::Read(name, bytes) => self.open_capture(name, bytes),
            PacketsAction::Filters(text) => self.set_filters(&text),
            PacketsAction::Engine(engine) => self.packets.engine = engine,
            PacketsAction::Select(row) if self.packet_source() == PacketSource::Machine => {
                let step = self.session.step_number();
                self.packets.live.select(row, step);
                self.look_at_packet(step);
            }
            PacketsAction::From(row) if self.packet_source() == PacketSource::Machine => {
                self.packets.live.first = row;
            }
            PacketsAction::Select(row) => {
                let last = self.packets.capture.packets.len().saturating_sub(1);
                self.packets.selected = row.min(last);
            }
            PacketsAction::From(row) => self.packets.first = row,
            PacketsAction::Export { json } => self.export_verdicts(json),
        }
    }

    fn open_capture(&mut self, name: String, bytes: Rc<Vec<u8>>) {
        self.pause();
        self.reading = false;
        self.notice = None;
        self.packets.open = true;
        self.packets.source = Some(PacketSource::Capture);
        self.packets.under_way = Some(UnderWay::Reading(Reading::new(name, bytes).into()));
        self.activity = Activity::Filtering;
    }

    fn try_filters(&mut self) {
        let name = format!(
            "this machine up to step {}",
            grouped(self.session.step_number())
        );
        if let Some(bytes) = self.written_packets() {
            self.open_capture(name, Rc::new(bytes));
        }
    }

    fn set_filters(&mut self, text: &str) {
        self.packets.text = text.into();
        if let Some(UnderWay::Reading(_)) = self.packets.under_way {
            return; // they are read when the packets are there
        }
        self.pause();
        self.notice = None;
        if text.len() > FILTERS_MAX {
            let words = "These filters are too long for the page: it takes 64 KB of them, exo net takes 4 MB.";
            self.notice = Some(Notice::problem(words.to_owned()));
            return;
        }
        self.sort_packets();
    }

    /// Sets out to merge the filters of the text, and to find whose each packet is.
    fn sort_packets(&mut self) {
        let merging = Merging::new(&self.packets.text);
        self.packets.under_way = Some(UnderWay::Merging(merging.into()));
        self.activity = Activity::Filtering;
    }

    /// The text has been read. If it is wrong, verdicts are those of the last text that was right.
    fn filters_merged(&mut self, read: Result<FilterFile, FilterFileError>) {
        let packets = &mut self.packets;
        let filters = match read {
            Ok(filters) => {
                packets.error = None;
                filters
            }
            Err(error) => {
                packets.error = Some(error);
                let sorted = packets.found.len() == packets.capture.packets.len();
                if sorted || packets.filters.lines.is_empty() {
                    return;
                }
                packets.filters.clone()
            }
        };
        packets.under_way = Some(UnderWay::Sorting(Sorting::new(filters).into()));
    }

    /// Goes on with what is under way. True if there is more to do.
    pub(super) fn filter_more(&mut self) -> bool {
        let packets = &mut self.packets;
        match packets.under_way.take() {
            Some(UnderWay::Reading(mut reading)) => match reading.advance() {
                true => packets.under_way = Some(UnderWay::Reading(reading)),
                false => self.capture_read(reading.done_with()),
            },
            Some(UnderWay::Merging(mut merging)) => match merging.advance() {
                true => packets.under_way = Some(UnderWay::Merging(merging)),
                false => self.filters_merged(merging.done_with()),
            },
            Some(UnderWay::Sorting(mut sorting)) => match sorting.advance(&packets.capture) {
                true => packets.under_way = Some(UnderWay::Sorting(sorting)),
                false => {
                    (packets.filters, packets.found, packets.tally) = sorting.done_with();
                    packets.trie = packets.filters.set.trie_view();
                }
            },
            None => {}
        }
        let more = self.packets.under_way.is_some();
        if !more {
            self.activity = Activity::Idle;
        }
        more
    }

    /// A capture has been looked through: it takes the place of the one before if there is a packet in it.
    fn capture_read(&mut self, loaded: Loaded) {
        let name = &loaded.name;
        if let Some(error) = &loaded.error {
            let kept = match loaded.packets.len() {
                0 => "It was not opened, and nothing has changed".to_owned(),
                count => format!(
                    "The {} packets before that place are shown",
                    grouped(count as u64)
                ),
            };
            self.notice = Some(Notice::problem(format!("{name}: {error}. {kept}.")));
            if loaded.packets.is_empty() {
                return;
            }
        }
        let packets = &mut self.packets;
        packets.capture = Rc::new(loaded);
        packets.selected = 0;
        packets.found.clear();
        packets.tally = Tally::default();
        self.sort_packets();
    }

    /// Ends what is under way; packets without a verdict have none until the filters change.
    pub(super) fn give_up_filtering(&mut self) {
        if self.packets.under_way.take().is_some() && self.packets.open {
            let words = "Stopped. What is shown is as it was before; any change of the filters begins anew.";
            self.notice = Some(Notice::fact(words.to_owned()));
        }
    }

    /// What is seen of work under way besides the step: when it changes, the page is drawn again.
    pub fn work_seen(&self) -> u64 {
        if let Some((looked, _)) = self.record.looked() {
            return looked;
        }
        let followed = self.followed().map_or(0, |(done, _)| done);
        self.packets
            .progress()
            .map_or(followed, |(_, done, _)| done)
    }

    fn export_verdicts(&mut self, json: bool) {
        let packets = &self.packets;
        let rows = (0..packets.capture.packets.len()).filter_map(|it| packets.row(it));
        let (ending, text) = match json {
            true => ("jsonl", rows.map(|it| it.json() + "\n").collect::<String>()),
            false => (
                "csv",
                CSV_HEAD.to_owned() + &rows.map(|it| it.csv()).collect::<String>(),
            ),
        };
        let words = format!("Verdicts of the {} engine.", packets.engine.name());
        self.offer(
            format!("exokernel-verdicts.{ending}"),
            text.into_bytes(),
            words,
        );
    }

    /// Whether a file of that name is taken for a capture: each is while packets are looked at.
    pub fn takes_captures(&self, name: &str) -> bool {
        let endings = [".pcap", ".pcapng", ".cap"];
        self.packets.open || endings.iter().any(|it| has_ending(name, it))
    }

    /// The packets, to be looked at.
    pub(crate) fn packets(&self) -> &Packets {
        &self.packets
    }
}
