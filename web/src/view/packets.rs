//! The list of packets with their verdicts, and the filters that gave them; or those of the machine at hand.

mod bound;
mod machine;
mod passed;

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Engine, FilterId};
use exo_net::Line;
use exo_net::decode::summary;

use super::memory::Owner;
use super::packet::{self, PacketView};
use super::words::{grouped, letter};
use crate::store::{PacketSource, Packets, Playground};

pub use bound::{BoundRow, HandlerRow};
pub use machine::MachineView;
pub use passed::PassedRow;

/// Rows that are drawn at once: as many as a large screen shows.
const ROWS: usize = 64;

/// A packet in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketRow {
    /// Its place, from 0.
    pub index: usize,
    /// When it was captured, in seconds since the first one.
    pub time: String,
    /// Its length in bytes.
    pub length: String,
    /// What it is.
    pub summary: String,
    /// Who has it; none while that is not known.
    pub claim: Option<ClaimView>,
    /// What the chosen engine took.
    pub cycles: String,
}

/// Who has a packet: whose filter, and which; or nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// Whose.
    pub owner: Option<Owner>,
    /// Who and by which line, in words.
    pub words: String,
}

impl ClaimView {
    fn of(line: &Line, owner: Owner) -> ClaimView {
        ClaimView {
            owner: Some(owner),
            words: format!("{}, line {}", line.owner, line.line),
        }
    }

    fn nobody() -> ClaimView {
        ClaimView {
            owner: None,
            words: "nobody: dropped".to_owned(),
        }
    }
}

/// What is wrong with the text of the filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterProblem {
    /// Line and column.
    pub place: (u32, u32),
    /// What, and what would be right.
    pub words: String,
    /// Whose packets it would take.
    pub robbed: Option<(Owner, String)>,
}

/// Packets and filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketsView {
    /// Whether they are looked at; what follows is empty while they are not.
    pub open: bool,
    /// Whether the machine has a network to be looked at instead of a capture.
    pub has_machine: bool,
    /// The machine's network, if that is looked at.
    pub machine: Option<MachineView>,
    /// The capture, or the machine's packets, in words.
    pub what: String,
    /// Whether the capture that comes along is wanted.
    pub wants_sample: bool,
    /// What is under way: in words, how much is done, and how much there is.
    pub progress: Option<(&'static str, u64, u64)>,
    /// How many packets there are.
    pub total: usize,
    /// The rows that are drawn.
    pub rows: Vec<PacketRow>,
    /// The row that is looked at, from 0.
    pub selected: usize,
    /// The name of the engine whose cycles are shown.
    pub engine: &'static str,
    /// The text of the filters.
    pub text: Rc<str>,
    /// What is wrong with it.
    pub problem: Option<FilterProblem>,
    /// Who has how many packets, by filter; nobody comes last.
    pub counts: Vec<(ClaimView, String)>,
    /// The packet that is looked at.
    pub packet: Option<PacketView>,
}

pub(super) fn select(playground: &Playground) -> PacketsView {
    let packets = playground.packets();
    if !packets.open {
        return PacketsView::default();
    }
    if playground.packet_source() == PacketSource::Machine
        && let Some((machine, packet)) = machine::select(playground)
    {
        return of_machine(playground, machine, packet);
    }
    let total = packets.capture.packets.len();
    let first = packets.first.min(total);
    PacketsView {
        open: true,
        has_machine: playground.has_network(),
        machine: None,
        what: what(packets),
        wants_sample: packets.wants_sample(),
        progress: packets.progress(),
        total,
        rows: (first..total.min(first + ROWS))
            .filter_map(|it| row(packets, it))
            .collect(),
        selected: packets.selected,
        engine: packets.engine.name(),
        text: packets.text.clone(),
        problem: problem(packets),
        counts: counts(packets),
        packet: packet::select(packets),
    }
}

fn of_machine(
    playground: &Playground,
    machine: MachineView,
    packet: Option<PacketView>,
) -> PacketsView {
    let packets = playground.packets();
    let followed = playground.followed();
    PacketsView {
        open: true,
        has_machine: true,
        machine: Some(machine),
        what: passed::what(playground),
        progress: followed.map(|(done, all)| ("Collecting packets", done, all)),
        total: packets.live.log.packets().len(),
        selected: packets.live.selected(playground.session().step_number()),
        engine: packets.engine.name(),
        packet,
        ..PacketsView::default()
    }
}

fn what(packets: &Packets) -> String {
    let capture = &packets.capture;
    if capture.name.is_empty() {
        return "No capture is open yet.".to_owned();
    }
    let count = match capture.packets.len() {
        1 => "1 packet".to_owned(),
        count => format!("{} packets", grouped(count as u64)),
    };
    format!("{}: {count}", capture.name)
}

fn row(packets: &Packets, index: usize) -> Option<PacketRow> {
    let packet = packets.capture.packets.get(index)?;
    let found = packets.found.get(index);
    let first = packets.capture.packets.first()?.time_ns;
    Some(PacketRow {
        index,
        time: seconds(packet.time_ns, first),
        length: grouped(packet.length.into()),
        summary: summary(packets.capture.bytes(index)),
        claim: found.map(|it| claim(packets, it.accepted)),
        cycles: found.map_or(String::new(), |it| {
            grouped(it.verdict(packets.engine).cycles.into())
        }),
    })
}

/// A time since another one, to the microsecond.
fn seconds(time_ns: u64, first_ns: u64) -> String {
    let (sign, ns) = match time_ns.checked_sub(first_ns) {
        Some(ns) => ("", ns),
        None => ("-", first_ns - time_ns),
    };
    let (seconds, rest) = (ns / 1_000_000_000, ns % 1_000_000_000 / 1_000);
    format!("{sign}{seconds}.{rest:06}")
}

/// Who has a packet that was accepted so.
pub(super) fn claim(packets: &Packets, accepted: Option<(FilterId, EnvId)>) -> ClaimView {
    let line = accepted.and_then(|(id, env)| Some((packets.filters.line(id)?, env)));
    line.map_or_else(ClaimView::nobody, |(line, env)| {
        ClaimView::of(line, Owner { env })
    })
}

fn problem(packets: &Packets) -> Option<FilterProblem> {
    let it = packets.error.as_ref()?;
    Some(FilterProblem {
        place: (it.line as u32, it.error.column as u32),
        words: format!("Line {}, column {}: {}; {}.", it.line, it.error.column, it.error.reason, it.error.hint),
        robbed: it.robbed.map(|(line, env)| {
            let whose = letter(env.index());
            (
                Owner { env },
                format!("{whose} has these packets by line {line}: the new filter is refused, so that it takes none of them."),
            )
        }),
    })
}

fn counts(packets: &Packets) -> Vec<(ClaimView, String)> {
    let tally = &packets.tally;
    let set = &packets.filters.set;
    let mut counts: Vec<(ClaimView, String)> = packets
        .filters
        .lines
        .iter()
        .filter_map(|line| {
            let env = set.filter(line.id)?.owner;
            let count = tally.packets.get(&line.id).copied().unwrap_or(0);
            Some((ClaimView::of(line, Owner { env }), grouped(count)))
        })
        .collect();
    if !packets.found.is_empty() {
        counts.push((ClaimView::nobody(), grouped(tally.nobodys)));
    }
    counts
}

/// The engines by their names, with what each is.
pub const ENGINES: [(Engine, &str); 3] = [
    (Engine::Linear, "one filter after the other"),
    (Engine::Trie, "merged, interpreted"),
    (Engine::Compiled, "merged, compiled"),
];

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use exo_core::kernel::filter::Engine;
    use exo_net::sample::{CAPTURE, FILTERS};

    use super::{PacketsView, grouped, seconds};
    use crate::store::{Action, PacketsAction, Playground};
    use crate::view::View;

    fn act(playground: &mut Playground, action: PacketsAction) -> Rc<PacketsView> {
        playground.update(Action::Packets(action));
        while playground.work(0.0) {}
        View::of(playground).packets
    }

    fn read(playground: &mut Playground, bytes: &[u8]) -> Rc<PacketsView> {
        act(
            playground,
            PacketsAction::Read("mine.pcap".to_owned(), Rc::new(bytes.to_vec())),
        )
    }

    fn opened() -> (Playground, Rc<PacketsView>) {
        let mut playground = crate::view::tests::playground();
        let view = read(&mut playground, CAPTURE);
        (playground, view)
    }

    fn whose(view: &PacketsView) -> Vec<&str> {
        view.rows
            .iter()
            .map(|it| it.claim.as_ref().unwrap().words.as_str())
            .collect()
    }

    #[test]
    fn the_sheet_wants_the_sample_until_there_is_a_capture() {
        let mut playground = crate::view::tests::playground();
        assert!(!View::of(&playground).packets.wants_sample);
        let view = act(&mut playground, PacketsAction::Show(true));
        assert!(view.wants_sample && view.rows.is_empty() && view.packet.is_none());
        let view = read(&mut playground, CAPTURE);
        assert!(!view.wants_sample);
        assert_eq!(
            (view.what.as_str(), view.total),
            ("mine.pcap: 22 packets", 22)
        );
        assert_eq!(
            (view.rows[1].time.as_str(), view.rows[0].length.as_str()),
            ("0.001000", "60")
        );
        assert_eq!(whose(&view)[..2], ["arp, line 5", "arp, line 5"]);
        assert_eq!(whose(&view)[19], "nobody: dropped");
    }

    #[test]
    fn counts_and_means_are_those_of_the_whole_capture() {
        let (mut playground, view) = opened();
        let sum: u64 = view
            .counts
            .iter()
            .map(|it| it.1.parse::<u64>().unwrap())
            .sum();
        assert_eq!(sum, 22);
        assert_eq!(view.counts.last().unwrap().0.owner, None);
        let filters = exo_net::read_filters(FILTERS).unwrap();
        let packets = exo_net::capture::read(CAPTURE).packets;
        for (index, engine) in Engine::ALL.into_iter().enumerate() {
            let view = act(&mut playground, PacketsAction::Engine(engine));
            let cycles: Vec<u32> = packets
                .iter()
                .map(|it| filters.set.classify(engine, it.bytes).cycles)
                .collect();
            let shown: Vec<String> = view.rows.iter().map(|it| it.cycles.clone()).collect();
            assert_eq!(
                shown,
                cycles
                    .iter()
                    .map(|it| grouped((*it).into()))
                    .collect::<Vec<_>>()
            );
            let mean = cycles.iter().sum::<u32>() * 10 / 22;
            let merged = view.packet.as_ref().unwrap().merged.as_ref();
            let (name, here, of_all) = &merged.unwrap().engines[index];
            assert_eq!((*name, here), (engine.name(), &shown[0]));
            assert_eq!(
                *of_all,
                Some(format!("{}.{}", grouped((mean / 10).into()), mean % 10))
            );
        }
    }

    #[test]
    fn verdicts_follow_the_text_and_stay_when_it_is_wrong() {
        let (mut playground, before) = opened();
        assert_eq!(whose(&before)[6], "web, line 9");
        let text = FILTERS.replace("web: tcp port 80", "shop: tcp port 80");
        let view = act(&mut playground, PacketsAction::Filters(text));
        assert_eq!(whose(&view)[6], "shop, line 9");
        let text = FILTERS.replace("tcp port 80", "tcp prt 80");
        let view = act(&mut playground, PacketsAction::Filters(text));
        assert_eq!(whose(&view)[6], "shop, line 9");
        let problem = view.problem.clone().unwrap();
        assert_eq!(problem.place, (9, 10));
        assert!(
            problem.words.starts_with("Line 9, column 10: `prt`"),
            "{}",
            problem.words
        );
        let view = act(&mut playground, PacketsAction::Filters(FILTERS.to_owned()));
        assert_eq!(
            (view.problem.as_ref(), whose(&view)[6]),
            (None, "web, line 9")
        );
    }

    #[test]
    fn a_refused_filter_names_the_owner_whose_packets_it_would_take() {
        let (mut playground, _) = opened();
        let text = format!("{FILTERS}spy: tcp port 80\n");
        let view = act(&mut playground, PacketsAction::Filters(text));
        let problem = view.problem.clone().unwrap();
        let (owner, words) = problem.robbed.unwrap();
        assert_eq!(owner.letter(), "D");
        assert!(words.contains("by line 9"), "{words}");
        assert!(
            problem.words.contains("\"web\" has claimed in line 9"),
            "{}",
            problem.words
        );
    }

    #[test]
    fn a_bad_capture_is_refused_and_what_was_open_stays() {
        let (mut playground, before) = opened();
        let view = read(&mut playground, b"no capture at all");
        assert_eq!((&view.what, &view.rows), (&before.what, &before.rows));
        let notice = View::of(&playground).notice.unwrap();
        assert!(
            notice.problem && notice.text.contains("this is no capture"),
            "{}",
            notice.text
        );
        let view = read(&mut playground, &CAPTURE[..900]);
        assert_eq!(view.total, 11);
        let notice = View::of(&playground).notice.unwrap();
        assert!(
            notice
                .text
                .contains("The 11 packets before that place are shown"),
            "{}",
            notice.text
        );
    }

    #[test]
    fn the_bytes_that_led_to_the_verdict_are_marked_bit_by_bit() {
        let (mut playground, _) = opened();
        let view = act(&mut playground, PacketsAction::Select(4));
        let packet = view.packet.as_ref().unwrap();
        assert_eq!(whose(&view)[4], "dns, line 7");
        let marked: Vec<(usize, u8)> = (0..)
            .zip(&packet.bytes)
            .filter(|(_, it)| it.1 != 0)
            .map(|(at, it)| (at, it.1))
            .collect();
        assert_eq!(
            marked,
            [
                (12, 0xff),
                (13, 0xff),
                (14, 0x0f),
                (20, 0x1f),
                (21, 0xff),
                (23, 0xff),
                (36, 0xff),
                (37, 0xff)
            ]
        );
        let first = &packet.merged.as_ref().unwrap().trie.branches[0];
        assert!(
            first.taken && first.asks.ends_with("2 bytes at 12"),
            "{}",
            first.asks
        );
        let answer = first.answers.iter().find(|it| it.taken).unwrap();
        assert_eq!((answer.value.as_str(), answer.won), ("0x0800", true));
    }

    #[test]
    fn packets_are_looked_at_while_the_run_stays_where_it_is() {
        let mut playground = crate::view::tests::playground();
        playground.update(Action::GoToTyped("300".to_owned()));
        while playground.work(0.0) {}
        let here = playground.session().machine().state_digest();
        act(&mut playground, PacketsAction::Show(true));
        read(&mut playground, CAPTURE);
        act(&mut playground, PacketsAction::Show(false));
        assert_eq!(playground.session().machine().state_digest(), here);
        assert_eq!(playground.session().step_number(), 300);
    }

    #[test]
    fn what_is_under_way_can_be_given_up_and_begins_anew_when_the_filters_change() {
        let frames = vec![vec![0_u8; 60]; 100_000];
        let bytes = exo_net::capture::write(frames.iter().map(Vec::as_slice));
        let mut playground = crate::view::tests::playground();
        let read = PacketsAction::Read("large.pcap".to_owned(), Rc::new(bytes));
        playground.update(Action::Packets(read));
        playground.work(0.0);
        let (words, done, all) = View::of(&playground).packets.progress.unwrap();
        assert!(words.starts_with("Looking") && done > 0 && done < all);
        while View::of(&playground).packets.total == 0 {
            playground.work(0.0);
        }
        playground.work(0.0);
        playground.update(Action::Cancel);
        let view = View::of(&playground);
        assert!(view.notice.unwrap().text.starts_with("Stopped."));
        // What it is can be seen all the same.
        let packet = view.packets.packet.as_ref().unwrap();
        assert!(packet.merged.is_none() && packet.bytes.len() == 60);
        assert!(view.packets.rows.iter().all(|it| it.claim.is_none()));
        let view = act(
            &mut playground,
            PacketsAction::Filters("all: ether\n".replace("ether", "len >= 1")),
        );
        assert_eq!(view.counts[0].1, "100,000");
        assert!(view.rows.len() < 200);
    }

    #[test]
    fn the_list_is_written_for_other_programs_as_the_command_line_writes_it() {
        let (mut playground, _) = opened();
        act(&mut playground, PacketsAction::Export { json: true });
        let exported = View::of(&playground).exported.unwrap();
        assert_eq!(
            (exported.name.as_str(), exported.text().lines().count()),
            ("exokernel-verdicts.jsonl", 22)
        );
        act(&mut playground, PacketsAction::Export { json: false });
        let exported = View::of(&playground).exported.unwrap();
        assert_eq!((exported.number, exported.text().lines().count()), (2, 23));
    }

    #[test]
    fn times_are_told_to_the_microsecond_and_may_go_back() {
        assert_eq!(seconds(1_500_000_000, 0), "1.500000");
        assert_eq!(seconds(5_000, 1_005_000), "-0.001000");
    }
}
