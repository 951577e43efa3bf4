//! The text form means what tcpdump's does: verdicts as libpcap gives them.
//!
//! `tests/corpus/libpcap.txt` holds libpcap's verdicts, an expression a line. Where tcpdump is installed
//! (`cargo xtask test` sees to it) they are found anew and must be the same; `UPDATE_EXPECT=1` writes
//! them down.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::process::Command;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Engine, Filter, FilterSet, check};
use exo_net::frames::{BROADCAST, Ipv4, Mac, arp, ethernet, icmp, ipv6, tcp, udp};
use exo_net::{capture, compile, sample};

/// Whole packets are filled up to so many bytes, so that no expression reads past their end.
const WHOLE_BYTES: usize = 160;

const STATIONS: [Mac; 3] = [
    [2, 0, 0, 0, 0, 1],
    [2, 0, 0, 0, 0, 2],
    [0x33, 0x33, 0, 0, 0, 1],
];
const PORTS: [u16; 6] = [22, 53, 80, 443, 1024, 65_535];

fn hosts() -> [Ipv4Addr; 4] {
    [
        Ipv4Addr::new(10, 0, 0, 1),
        Ipv4Addr::new(10, 0, 0, 2),
        Ipv4Addr::new(192, 168, 7, 9),
        Ipv4Addr::new(224, 0, 0, 251),
    ]
}

fn hosts6() -> [Ipv6Addr; 3] {
    [
        Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1),
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2),
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb),
    ]
}

/// What an IP packet carries, by the number of its protocol.
fn carried(protocol: u8, from: u16, to: u16, turn: usize) -> Vec<u8> {
    match protocol {
        6 => tcp(from, to, [2, 0x12, 0x10, 0x18, 0x11, 4][turn % 6], b"data"),
        17 => udp(from, to, b"data"),
        // SCTP begins with ports too; whatever else begins with a type.
        132 => [&udp(from, to, b"chunk")[..4], &[0; 12]].concat(),
        _ => icmp([8, 0, 3, 11][turn % 4], 7, from, b"data"),
    }
}

/// Frames of every kind that the expressions are about, whole ones.
fn whole() -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut turn = 0;
    for protocol in [6_u8, 17, 132, 1, 2, 58, 47] {
        for (from, to) in [(0, 1), (1, 0), (2, 3), (1, 2)] {
            for fragment in [0, 0, 0x2000, 0x4000, 0x2005] {
                let ports = (PORTS[turn % 6], PORTS[turn / 2 % 6]);
                let header = Ipv4 {
                    source: hosts()[from],
                    destination: hosts()[to],
                    protocol,
                    options: &[1; 40][..turn % 4 * 4],
                    fragment,
                };
                let packet = header.packet(&carried(protocol, ports.0, ports.1, turn));
                let to = [STATIONS[turn % 3], BROADCAST][turn % 7 / 6];
                frames.push(ethernet(to, STATIONS[turn % 2], 0x0800, &packet));
                turn += 1;
            }
        }
        for (from, to) in [(0, 1), (1, 2), (1, 0), (0, 2)] {
            let ports = (PORTS[turn % 6], PORTS[turn / 3 % 6]);
            let inner = carried(protocol, ports.0, ports.1, turn);
            let (next, inner) = match turn % 3 {
                // Behind the header of a fragment.
                2 => (44, [&[protocol, 0, 0, 1, 0, 0, 0, 7], &inner[..]].concat()),
                _ => (protocol, inner),
            };
            let packet = ipv6(hosts6()[from], hosts6()[to], next, &inner);
            frames.push(ethernet(STATIONS[turn % 3], STATIONS[0], 0x86dd, &packet));
            turn += 1;
        }
    }
    for (operation, kind) in [(1, 0x0806), (2, 0x0806), (3, 0x8035), (4, 0x8035)] {
        let ends = arp(
            operation,
            (STATIONS[0], hosts()[0]),
            (STATIONS[1], hosts()[2]),
        );
        frames.push(ethernet(BROADCAST, STATIONS[0], kind, &ends));
    }
    frames.push(ethernet(STATIONS[1], STATIONS[0], 0x88b5, b"an experiment"));
    // A header that says it is shorter than any header can be.
    let mut odd = frames[0].clone();
    odd[14] = 0x41;
    frames.push(odd);
    for frame in &mut frames {
        frame.resize(WHOLE_BYTES, 0);
    }
    frames
}

/// The same and the sample's, cut off somewhere.
fn cut() -> Vec<Vec<u8>> {
    let mut frames = whole();
    frames.extend(sample::frames());
    for (index, frame) in frames.iter_mut().enumerate() {
        let length = [0, 6, 13, 14, 15, 20, 24, 30, 34, 36, 38, 41, 50, 54, 56, 60][index % 16];
        frame.truncate(length);
    }
    frames
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/libpcap.txt")
}

/// Verdicts as digits, four packets each.
fn digits(verdicts: &[bool]) -> String {
    let mut text = String::new();
    for four in verdicts.chunks(4) {
        let number = four.iter().fold(0, |sum, it| sum * 2 + u32::from(*it));
        let _ = write!(text, "{number:x}");
    }
    text
}

/// Which of the packets of a file tcpdump accepts. Each has a time of its own.
fn tcpdump(file: &Path, expression: &str, count: usize) -> Vec<bool> {
    let mut command = Command::new("tcpdump");
    command
        .arg("-r")
        .arg(file)
        .args(["-w", "-", "--", expression]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{expression}: {said}");
    let mut verdicts = vec![false; count];
    let mut rest = &output.stdout[24..];
    while let Some((head, more)) = rest.split_first_chunk::<16>() {
        let word = |at: usize| u32::from_le_bytes(*head[at..].first_chunk().unwrap());
        verdicts[(word(0) * 1000 + word(4) / 1000) as usize] = true;
        rest = &more[word(8) as usize..];
    }
    verdicts
}

/// Which of the packets our filter accepts, by every engine.
fn ours(expression: &str, frames: &[Vec<u8>]) -> Vec<bool> {
    let patterns = compile(expression).unwrap_or_else(|why| panic!("{expression}: {why}"));
    let mut set = FilterSet::new();
    let (owner, yields) = (EnvId(0), false);
    set.install(Filter {
        owner,
        yields,
        patterns,
    })
    .unwrap();
    let slices: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
    check::all(&set, &slices).unwrap();
    let verdict = |it: &&[u8]| set.classify(Engine::Compiled, it).accepted.is_some();
    slices.iter().map(verdict).collect()
}

/// The corpus as it is written down: whole packets' verdicts, those of cut ones, the expression.
fn recorded() -> Vec<(String, String, String)> {
    let text = fs::read_to_string(corpus()).unwrap();
    let lines = text.lines().filter(|it| !it.starts_with('#'));
    let parts = lines.map(|line| {
        let mut parts = line.splitn(3, ' ').map(str::to_owned);
        let mut part = || parts.next().unwrap();
        (part(), part(), part())
    });
    parts.collect()
}

#[test]
fn verdicts_on_whole_packets_are_libpcaps() {
    let frames = whole();
    let mut accepting = 0;
    for (verdicts, _, expression) in recorded() {
        let found = ours(&expression, &frames);
        assert_eq!(digits(&found), verdicts, "{expression}");
        accepting += usize::from(found.iter().any(|it| *it));
    }
    assert!(accepting > 100, "{accepting} expressions accept something");
}

#[test]
fn what_libpcap_accepts_of_packets_that_are_cut_off_is_accepted_here_too() {
    let frames = cut();
    let mut more = 0;
    for (_, verdicts, expression) in recorded() {
        let found = digits(&ours(&expression, &frames));
        for (ours, theirs) in found.chars().zip(verdicts.chars()) {
            let [ours, theirs] = [ours, theirs].map(|it| it.to_digit(16).unwrap());
            assert_eq!(ours & theirs, theirs, "{expression}");
            more += (ours & !theirs).count_ones();
        }
    }
    // Where one of two that are joined by `or` lies behind the end, libpcap gives up and we do not.
    assert!(more > 0, "the documented difference shows");
}

#[test]
fn the_verdicts_that_are_written_down_are_what_libpcap_says() {
    let installed = Command::new("tcpdump").arg("--version").output().is_ok();
    if !installed {
        println!(
            "tcpdump is not installed, so that the verdicts that are written down stand: `cargo xtask test` installs it on Debian"
        );
        return;
    }
    let folder = std::env::temp_dir().join(format!("exo-libpcap-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let captured = [("whole.pcap", whole()), ("cut.pcap", cut())].map(|(name, frames)| {
        let path = folder.join(name);
        fs::write(&path, capture::write(frames.iter().map(Vec::as_slice))).unwrap();
        (path, frames.len())
    });
    let said = |expression: &str| {
        let [whole, cut] = captured
            .each_ref()
            .map(|(path, count)| digits(&tcpdump(path, expression, *count)));
        (whole, cut, expression.to_owned())
    };
    let before = recorded();
    let now: Vec<(String, String, String)> = before.iter().map(|(.., it)| said(it)).collect();
    fs::remove_dir_all(&folder).unwrap();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let mut text = "# libpcap's verdicts: on whole packets, on cut ones, of the expression (tests/it/network/libpcap.rs)\n".to_owned();
        for (whole, cut, expression) in &now {
            let _ = writeln!(text, "{whole} {cut} {expression}");
        }
        fs::write(corpus(), text).unwrap();
        return;
    }
    assert_eq!(now, before);
}
