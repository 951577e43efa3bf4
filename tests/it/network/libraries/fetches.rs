//! The web server's TCP, segment by segment: what it sends when the other end is odd.

use std::sync::Arc;

use exo_core::event::{Silent, Stamped};
use exo_core::hw::LinkConfig;
use exo_core::ids::Frame;
use exo_core::machine::{Flip, Machine, Stop};
use exo_peers::{Clock, End, Outcome, Segment};

use super::client::{Client, Got, START, segments};
use super::files::{PAGE, large};
use super::rig::{EMPTY, finish, finish_quietly, heard, machine, server};
use super::script::{Script, segment};
use super::stations::fetch;

const LARGE: &[u8] = b"GET /large HTTP/1.0\r\nHost: exo.test\r\n\r\n";

/// What a server sends to a client, segment by segment.
fn met(client: Client) -> (Machine, Vec<Got>) {
    let mut machine = machine(vec![server()], Arc::new(client), LinkConfig::default(), 1);
    let _: Vec<Stamped> = finish(&mut machine);
    let got = segments(machine.hardware().nic.as_ref().unwrap().heard().0);
    (machine, got)
}

/// The stream that segments make up, whatever their order, up to the first byte that is missing; and
/// whether its end came.
fn stream(got: &[Got]) -> (Vec<u8>, bool) {
    let first = got.iter().find(|it| it.flags & 2 != 0).unwrap().sequence;
    let place = |it: &Got| it.sequence.wrapping_sub(first).wrapping_sub(1) as usize;
    let mut pieces: Vec<&Got> = got.iter().filter(|it| it.flags & 6 == 0).collect();
    pieces.sort_by_key(|it| place(it));
    let (mut bytes, mut end) = (Vec::new(), false);
    for it in pieces {
        let Some(new) = bytes.len().checked_sub(place(it)) else {
            break;
        };
        let same = new.min(it.contents.len());
        assert_eq!(bytes[place(it)..place(it) + same], it.contents[..same]);
        bytes.extend(it.contents.get(new..).unwrap_or(&[]));
        end |= it.flags & 1 != 0;
    }
    (bytes, end)
}

fn response(status: &str, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let head = format!("HTTP/1.0 {status}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), contents].concat()
}

/// Every segment with contents.
fn pieces(got: &[Got]) -> Vec<&Got> {
    got.iter().filter(|it| !it.contents.is_empty()).collect()
}

#[test]
fn a_file_comes_whole_with_numbers_that_begin_again_at_0_in_pieces_that_the_client_takes() {
    let (_, got) = met(Client::new(LARGE));
    assert_eq!(stream(&got), (response("200 OK", &large()), true));
    let pieces = pieces(&got);
    assert!(
        pieces.iter().all(|it| it.contents.len() <= 512),
        "its SYN said 512"
    );
    assert!(pieces[0].sequence >= 0xffff_0000);
    assert!(pieces.last().unwrap().sequence < 0x0002_0000);
    // The client's own numbers begin again too, in the midst of its request.
    assert!(
        pieces
            .iter()
            .all(|it| it.acknowledged == 0xffff_fff1_u32.wrapping_add(39))
    );
    // Nothing was lost, so nothing came twice: the pieces are as many bytes as the stream.
    let sent: usize = pieces.iter().map(|it| it.contents.len()).sum();
    assert_eq!(sent, response("200 OK", &large()).len());
}

#[test]
fn the_request_is_acknowledged_by_its_answer_and_the_last_piece_ends_the_stream() {
    let (_, got) = met(Client::new(b"GET / HTTP/1.0\r\n\r\n"));
    assert_eq!(stream(&got), (response("200 OK", PAGE), true));
    // SYN, head, page with FIN, and the acknowledgement of the client's FIN: four, and no more.
    let flags: Vec<u8> = got.iter().map(|it| it.flags).collect();
    assert_eq!(flags, [0x12, 0x10, 0x11, 0x10]);
}

#[test]
fn requests_that_are_wrong_or_for_nothing_are_told_so() {
    for (request, status) in [
        (&b"GET /nowhere HTTP/1.0\r\n\r\n"[..], "404 Not Found"),
        (b"GET /largest HTTP/1.0\r\n\r\n", "404 Not Found"),
        (b"GET /larg HTTP/1.0\r\n\r\n", "404 Not Found"),
        (b"GET /\r\n\r\n", "400 Bad Request"),
        (b"PUT / HTTP/1.0\r\n\r\n", "400 Bad Request"),
        (b"GET large HTTP/1.0\r\n\r\n", "400 Bad Request"),
        (b"\0\xff\x80\n\n", "400 Bad Request"),
        (
            b"GET /a-path-that-is-longer-than-any-that-it-has-room-for HTTP/1.0\r\n\r\n",
            "400 Bad Request",
        ),
    ] {
        let (_, got) = met(Client::new(request));
        assert_eq!(stream(&got), (response(status, &[]), true), "{request:?}");
    }
}

#[test]
fn a_piece_that_is_lost_comes_again_at_the_third_sign_of_it_and_not_when_time_is_out() {
    let mut client = Client::new(LARGE);
    client.deaf_to = &[20];
    let (_, got) = met(client);
    assert_eq!(stream(&got), (response("200 OK", &large()), true));
    let pieces = pieces(&got);
    let lost = pieces[20].sequence;
    let times: Vec<u64> = pieces
        .iter()
        .filter(|it| it.sequence == lost)
        .map(|it| it.at_cycles)
        .collect();
    assert_eq!(times.len(), 2, "once more, and only that piece");
    assert!(times[1] - times[0] < 500_000, "{times:?}");
}

#[test]
fn no_more_is_under_way_than_the_client_has_room_for() {
    let small: &[u8] = b"GET / HTTP/1.0\r\n\r\n";
    for (window, request) in [
        (1, small),
        (30, small),
        (100, small),
        (700, LARGE),
        (2_000, LARGE),
    ] {
        let mut client = Client::new(request);
        client.window = window;
        let (_, got) = met(client);
        let contents = if request == small {
            PAGE.to_vec()
        } else {
            large()
        };
        assert_eq!(
            stream(&got),
            (response("200 OK", &contents), true),
            "{window}"
        );
        let pieces = pieces(&got);
        assert!(
            pieces
                .iter()
                .all(|it| it.contents.len() <= usize::from(window))
        );
        // What came within the time in which no acknowledgement can have been heard.
        for (number, piece) in pieces.iter().enumerate() {
            let together = pieces[number..].iter();
            let together = together.take_while(|it| it.at_cycles < piece.at_cycles + 2 * 1_482);
            let bytes: usize = together.map(|it| it.contents.len()).sum();
            assert!(bytes <= usize::from(window), "{bytes} in {window}");
        }
    }
}

#[test]
fn a_client_without_room_is_asked_again_until_it_has_some() {
    let mut client = Client::new(LARGE);
    client.full = Some((20_000, START + 100_000_000));
    let (_, got) = met(client);
    assert_eq!(stream(&got), (response("200 OK", &large()), true));
    let asked = got.iter().filter(|it| it.contents.len() == 1);
    let times: Vec<u64> = asked.map(|it| it.at_cycles).collect();
    assert!((2..8).contains(&times.len()), "{times:?}");
    let gaps: Vec<u64> = times.windows(2).map(|it| it[1] - it[0]).collect();
    assert!(
        gaps.windows(2).all(|it| it[1] > it[0]),
        "each later than the last: {gaps:?}"
    );
}

#[test]
fn a_client_that_says_no_more_is_answered_a_few_times_further_and_further_apart() {
    let mut client = Client::new(LARGE);
    client.silent = true;
    let (_, got) = met(client);
    assert!(
        got.iter()
            .all(|it| it.flags == 0x12 && it.sequence == got[0].sequence)
    );
    let times: Vec<u64> = got.iter().map(|it| it.at_cycles).collect();
    let gaps: Vec<u64> = times.windows(2).map(|it| it[1] - it[0]).collect();
    assert_eq!(gaps.len(), 4);
    assert!(
        gaps.windows(2).all(|it| it[1] > it[0] * 19 / 10),
        "{gaps:?}"
    );
}

#[test]
fn a_client_that_resets_hears_no_more() {
    let mut client = Client::new(LARGE);
    client.resets = true;
    let (_, got) = met(client);
    let sent: usize = got.iter().map(|it| it.contents.len()).sum();
    assert!(sent < 10_000, "{sent} bytes came all the same");
}

#[test]
fn segments_that_are_nearly_right_break_nothing_and_what_is_sent_stays_the_file() {
    let mut whole = 0;
    for spoils in 1..=16 {
        let mut client = Client::new(LARGE);
        client.spoils = spoils;
        let (_, got) = met(client);
        // A wrong number may end the fetch, but what came is what was to come.
        let (bytes, end) = stream(&got);
        let right = [
            response("200 OK", &large()),
            response("400 Bad Request", &[]),
        ];
        assert!(right.iter().any(|it| it.starts_with(&bytes)), "{spoils}");
        whole += usize::from(end);
    }
    assert!(whole > 0, "no fetch came to its end");
}

#[test]
fn a_segment_of_no_connection_is_refused_and_a_refusal_is_not() {
    let sent = [
        segment(1_000, 77, 0x10, 1_000, b"abc"),
        segment(1_000, 0, 0x01, 1_000, b"abc"),
        segment(1_000, 77, 0x04, 1_000, &[]),
    ];
    let wire = Script::paced(START, 100_000, sent);
    let mut machine = machine(vec![server()], Arc::new(wire), LinkConfig::default(), 1);
    finish(&mut machine);
    let got: Vec<Got> = heard(&machine).iter().filter_map(Got::of).collect();
    let told: Vec<_> = got
        .iter()
        .map(|it| (it.flags, it.sequence, it.acknowledged))
        .collect();
    assert_eq!(told, [(0x04, 77, 0), (0x14, 0, 1_004)]);
}

#[test]
fn what_is_sent_from_the_cache_is_not_touched_so_that_the_client_finds_a_bit_that_has_turned_over()
{
    let mut fetches = fetch("/large", 2);
    fetches.interval = Some(50_000_000);
    let load = |_: &str| Err("no file".to_owned());
    let segment = Arc::new(Segment::of(&[fetches], Clock::DECSTATION, &load).unwrap());
    let mut machine = machine(vec![server()], segment.clone(), LinkConfig::default(), 1);
    let reports = |machine: &Machine| {
        let (heard, polled) = machine.hardware().nic.as_ref().unwrap().heard();
        segment.reports(heard, polled)
    };
    while reports(&machine)[0].replies == 0 {
        let until = machine.position().retired + 10_000;
        assert_eq!(machine.run(until, &[&EMPTY], &mut Silent), Stop::Reached);
    }
    let frames = machine.kernel().frames.records().len() as u32;
    let wanted = &large()[4096..8192];
    let kept = (0..frames).map(Frame).find(|frame| {
        let bytes = machine.hardware().memory.frame_bytes(*frame);
        bytes == wanted
    });
    let frame = kept.expect("the second block of the file, in the cache");
    assert!(machine.flip(Flip::Memory {
        frame,
        offset: 1_000,
        bit: 3
    }));
    finish_quietly(&mut machine);
    let report = &reports(&machine)[0];
    assert_eq!((report.sent, report.replies), (2, 1), "{report:?}");
    assert!(matches!(report.outcome, Outcome::Failed(_)), "{report:?}");
}
