//! The trie as it is drawn, the times of captures, and verdicts for other programs.

use exo_core::kernel::filter::{Engine, FilterSet};
use exo_net::verdicts::{CSV_HEAD, VerdictRow};
use exo_net::{FilterFile, FilterReader, capture, read_filters, sample};
use exo_tests::filters::way;

fn filters() -> FilterFile {
    read_filters(sample::FILTERS).unwrap()
}

#[test]
fn the_way_of_each_packet_of_the_sample_is_what_the_trie_engine_does() {
    let filters = filters();
    for frame in sample::frames() {
        way::follows(&filters.set, &frame).unwrap();
    }
}

#[test]
fn a_question_tells_where_it_looks_and_an_answer_is_told_as_it_was_read() {
    let filters = read_filters("dns: udp port 53\n").unwrap();
    let trie = filters.set.trie_view();
    let first = &trie.places[0].branches[0];
    let question = first.question;
    assert_eq!((question.offset(), question.bytes()), (12, 2));
    assert!(question.is_whole() && question.shift().is_none());
    let values: Vec<u64> = first.answers.iter().map(|it| it.0).collect();
    assert_eq!(values, [0x0800, 0x86dd]);
    let frames = sample::frames();
    let way = trie.way(&frames[4]);
    assert_eq!((way[0].at, way[0].value), (12, Some(0x0800)));
    // The header's length moves the base on by 20 bytes, to the ports.
    let shift = way.iter().find(|it| {
        let branch = &trie.places[it.place].branches[it.branch];
        branch.question.shift() == Some(2)
    });
    assert_eq!(shift.unwrap().value, Some(5));
    assert!(way.iter().any(|it| it.at == 36 && it.value == Some(53)));
    // A frame of four bytes has no type.
    let cut = trie.way(&[2, 0, 0, 0]);
    assert_eq!((cut.len(), cut[0].value, cut[0].next), (1, None, None));
}

#[test]
fn a_capture_that_is_read_packet_by_packet_is_the_one_that_is_read_at_once() {
    let whole = capture::read(sample::CAPTURE);
    let mut cursor = capture::Cursor::default();
    for packet in &whole.packets {
        assert_eq!(cursor.next(sample::CAPTURE), Ok(Some(*packet)));
        let at = packet.at;
        assert_eq!(&sample::CAPTURE[at..at + packet.bytes.len()], packet.bytes);
        assert!(cursor.at() <= sample::CAPTURE.len());
    }
    assert_eq!(cursor.next(sample::CAPTURE), Ok(None));
    assert_eq!(cursor.at(), sample::CAPTURE.len());
}

#[test]
fn a_cursor_that_met_damage_says_so_each_time_and_goes_no_further() {
    let cut = &sample::CAPTURE[..900];
    let mut cursor = capture::Cursor::default();
    while let Ok(Some(_)) = cursor.next(cut) {}
    let (at, error) = (cursor.at(), cursor.next(cut).unwrap_err());
    assert_eq!(cursor.next(cut), Err(error));
    assert_eq!(cursor.at(), at);
}

#[test]
fn packets_have_their_times_to_the_nanosecond_in_either_format() {
    let times = |name: &str| {
        let path = format!(
            "{}/corpus/readers/capture/{name}",
            env!("CARGO_MANIFEST_DIR")
        );
        let bytes = std::fs::read(path).unwrap();
        let packets = capture::read(&bytes).packets;
        let times: Vec<u64> = packets.iter().map(|it| it.nanoseconds).collect();
        for packet in packets {
            let at = packet.at;
            assert_eq!(&bytes[at..at + packet.bytes.len()], packet.bytes, "{name}");
        }
        times
    };
    let sample = times("sample.pcap");
    assert_eq!(sample[..3], [0, 1_000_000, 2_000_000]);
    // The same numbers, in units of a thousandth.
    let smaller: Vec<u64> = sample.iter().map(|it| it / 1000).collect();
    assert_eq!(times("nanoseconds.pcap"), smaller);
    assert_eq!(times("big-endian.pcap"), sample);
    let newer = times("little.pcapng");
    assert_eq!(newer, times("big.pcapng"));
}

#[test]
fn verdicts_are_written_for_other_programs_by_one_row_each() {
    let filters = filters();
    let frames = sample::frames();
    let row = |index: usize| {
        let frame = &frames[index];
        let verdict = filters.set.classify(Engine::Compiled, frame);
        VerdictRow::new(&filters, index as u64 + 1, frame.len() as u32, verdict)
    };
    let (arp, nobody) = (row(0), row(19));
    assert_eq!(arp.csv(), format!("1,60,accepted,5,arp,{}\n", arp.cycles));
    assert_eq!(nobody.csv(), format!("20,4,dropped,,,{}\n", nobody.cycles));
    assert_eq!(CSV_HEAD.split(',').count(), arp.csv().split(',').count());
    assert_eq!(
        nobody.json(),
        format!(
            "{{\"number\":20,\"length\":4,\"verdict\":\"dropped\",\"filter\":null,\"owner\":null,\"cycles\":{}}}",
            nobody.cycles
        )
    );
    let whose = "\"verdict\":\"accepted\",\"filter\":5,\"owner\":\"arp\"";
    assert!(arp.json().contains(whose), "{}", arp.json());
}

#[test]
fn a46_a_refused_filter_tells_whose_packets_it_would_take() {
    let text = "# mine\nweb: tcp port 80\nspy: arp\nspy: tcp port 80\n";
    let error = read_filters(text).unwrap_err();
    assert_eq!(
        (error.line, error.robbed.map(|it| (it.0, it.1.0))),
        (4, Some((2, 0)))
    );
    let error = read_filters("web: tcp prt 80\n").unwrap_err();
    assert_eq!(error.robbed, None);
}

#[test]
fn a_file_that_is_read_line_by_line_gives_the_set_that_is_installed_at_once() {
    let whole = filters();
    let mut reader = FilterReader::default();
    for line in sample::FILTERS.lines() {
        reader.line(line).unwrap();
    }
    let read = reader.finish().unwrap();
    assert_eq!((&read.lines, &read.set), (&whole.lines, &whole.set));
    let mut set = FilterSet::new();
    let each = whole.set.filters().map(|(_, filter)| filter.clone());
    set.install_all(each).unwrap();
    assert_eq!(set, whole.set);
}

#[test]
fn of_a_file_the_first_line_that_is_wrong_or_refused_is_told() {
    let error = read_filters("web: tcp\nspy: tcp port 80\nweb: tcp prt\n").unwrap_err();
    assert_eq!((error.line, error.robbed.is_some()), (2, true));
    let error = read_filters("# nothing\n\n").unwrap_err();
    assert_eq!((error.line, error.error.column), (1, 1));
}
