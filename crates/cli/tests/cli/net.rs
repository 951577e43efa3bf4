//! `exo net` from outside.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Folder, exo, failure, number, text};

const PCAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/sample.pcap");
const FILTERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/sample.filters");

/// The objects of the sample, by an engine.
fn objects(engine: &str) -> Vec<Value> {
    let output = exo(&[
        "net",
        "--json",
        "--pcap",
        PCAP,
        "--filters",
        FILTERS,
        "--engine",
        engine,
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = text(&output.stdout).lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Runs with a file on standard input.
fn piped(arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo"));
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = |bytes: &[u8]| text(bytes).to_owned();
    (
        output.status.code(),
        said(&output.stdout),
        said(&output.stderr),
    )
}

#[test]
fn every_packet_is_an_object_and_the_engines_differ_in_cycles_alone() {
    let [linear, trie, compiled] = ["linear", "trie", "compiled"].map(objects);
    assert_eq!(compiled.len(), 22);
    let mut cycles = [0; 3];
    for (index, object) in compiled.iter().enumerate() {
        assert_eq!(number(object, "number"), index as u64 + 1);
        let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            ["cycles", "filter", "length", "number", "owner", "verdict"]
        );
        let dropped = object["verdict"] == "dropped";
        assert_eq!(
            dropped,
            object["owner"].is_null() && object["filter"].is_null()
        );
        for (other, sum) in [&linear, &trie, &compiled].into_iter().zip(&mut cycles) {
            *sum += number(&other[index], "cycles");
            for key in ["number", "length", "verdict", "filter", "owner"] {
                assert_eq!(other[index][key], object[key]);
            }
        }
    }
    let [linear, trie, compiled] = cycles;
    assert!(linear > trie && trie > compiled, "{cycles:?}");
}

#[test]
fn without_json_a_table_with_a_summary_is_printed() {
    let output = exo(&["net", "--pcap", PCAP, "--filters", FILTERS]);
    let table = text(&output.stdout);
    assert!(output.status.success());
    assert!(table.contains("line 9: tcp port 80"), "{table}");
    assert!(
        table.contains("22 packets: arp 2, dns 2, echo 1, nobody 2"),
        "{table}"
    );
    assert!(table.contains("compiled engine"), "{table}");
}

/// What tshark says of a file: a line for each packet, with these fields.
fn tshark(path: &str, fields: &[&str]) -> Vec<String> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-r", path, "-T", "fields"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = text(&output.stdout).lines();
    lines.map(str::to_owned).collect()
}

#[test]
fn packets_are_written_with_comments_that_say_whose_they_are() {
    let folder = Folder::new();
    let out = folder.file("out.pcapng", b"");
    let plain = exo(&["net", "--pcap", PCAP, "--filters", FILTERS]);
    let output = exo(&["net", "--pcap", PCAP, "--filters", FILTERS, "--out", &out]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(output.stdout, plain.stdout);
    // It is read here too, and says the same of its packets.
    let again = exo(&["net", "--pcap", &out, "--filters", FILTERS]);
    assert_eq!(text(&again.stdout), text(&plain.stdout));
    let file = fs::read(&out).unwrap();
    let holds = |text: &str| file.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(holds("claimed by web: line 9: tcp port 80"));
    assert!(holds("dropped: no filter accepts it"));
    let folder = folder.0.to_str().unwrap();
    let (code, why) = failure(&["net", "--pcap", PCAP, "--filters", FILTERS, "--out", folder]);
    assert!(code == 2 && why.contains("cannot write"), "{why}");
}

#[test]
fn tshark_reads_the_packets_times_and_comments_that_were_written() {
    if Command::new("tshark").arg("--version").output().is_err() {
        eprintln!(
            "tshark is not installed, so that only our own reader looks at the file: `cargo xtask test` installs it on Debian"
        );
        return;
    }
    let folder = Folder::new();
    let out = folder.file("out.pcapng", b"");
    assert!(
        exo(&["net", "--pcap", PCAP, "--filters", FILTERS, "--out", &out])
            .status
            .success()
    );
    let same = [
        "frame.number",
        "frame.len",
        "frame.time_epoch",
        "frame.protocols",
    ];
    assert_eq!(tshark(&out, &same), tshark(PCAP, &same));
    let comments = tshark(&out, &["frame.comment"]);
    for (comment, object) in comments.iter().zip(objects("compiled")) {
        let right = match object["owner"].as_str() {
            Some(owner) => format!("claimed by {owner}: line {}: ", object["filter"]),
            None => "dropped: ".to_owned(),
        };
        assert!(comment.starts_with(&right), "{comment}");
    }
    assert_eq!(comments.len(), 22);
    assert_eq!(tshark(&out, &["frame.interface_name"]), ["capture"; 22]);
}

#[test]
fn without_arguments_it_says_how_it_is_used() {
    let output = exo(&["net"]);
    assert!(output.status.success());
    let said = text(&output.stdout);
    assert!(said.contains("exo net --pcap static/sample.pcap --filters static/sample.filters"));
}

#[test]
fn a_capture_or_filters_may_come_from_standard_input_but_not_both() {
    let files = exo(&["net", "--pcap", PCAP, "--filters", FILTERS]);
    let files = text(&files.stdout);
    let capture = fs::read(PCAP).unwrap();
    let (code, said, _) = piped(&["net", "--pcap", "-", "--filters", FILTERS], &capture);
    assert_eq!((code, said.as_str()), (Some(0), files));
    let filters = fs::read(FILTERS).unwrap();
    let (code, said, _) = piped(&["net", "--pcap", PCAP, "--filters", "-"], &filters);
    assert_eq!((code, said.as_str()), (Some(0), files));
    let (code, why) = failure(&["net", "--pcap", "-", "--filters", "-"]);
    assert!(code == 2 && why.contains("only one"), "{why}");
}

#[test]
fn what_is_whole_of_a_capture_that_is_cut_off_is_printed_and_then_it_fails() {
    let capture = fs::read(PCAP).unwrap();
    let (code, said, why) = piped(
        &["net", "--pcap", "-", "--filters", FILTERS],
        &capture[..900],
    );
    assert_eq!(code, Some(2));
    assert!(said.contains("11 packets"), "{said}");
    assert!(
        why.contains("behind 11 whole packets") && why.contains("byte 897"),
        "{why}"
    );
}

#[test]
fn files_that_are_wrong_are_exit_2_and_say_where() {
    let folder = Folder::new();
    let filters = |name: &str, contents: &str| folder.file(name, contents.as_bytes());
    let typing = filters("typing", "# mine\nweb: tcp port 80\nweb:  tcp prt 80\n");
    let (code, why) = failure(&["net", "--pcap", PCAP, "--filters", &typing]);
    assert!(code == 2 && why.contains("typing:3:11: `prt`"), "{why}");
    let overlap = filters("overlap", "web: tcp port 80\nspy: tcp\nspy: tcp port 80\n");
    let (code, why) = failure(&["net", "--pcap", PCAP, "--filters", &overlap]);
    assert!(
        code == 2 && why.contains("overlap:3:6: ") && why.contains("line 1"),
        "{why}"
    );
    let empty = filters("empty", "\n");
    let (code, why) = failure(&["net", "--pcap", PCAP, "--filters", &empty]);
    assert!(code == 2 && why.contains("no filter"), "{why}");
    let empty = folder.file("empty.pcap", b"");
    let (code, why) = failure(&["net", "--pcap", &empty, "--filters", FILTERS]);
    assert!(
        code == 2 && why.contains("empty.pcap: the capture is empty"),
        "{why}"
    );
    let mut raw = fs::read(PCAP).unwrap();
    raw[20] = 101;
    let raw = folder.file("raw.pcap", &raw);
    let (code, why) = failure(&["net", "--pcap", &raw, "--filters", FILTERS]);
    assert!(code == 2 && why.contains("link type is 101"), "{why}");
    let (code, why) = failure(&["net", "--pcap", "no-such.pcap", "--filters", FILTERS]);
    assert!(code == 2 && why.contains("no-such.pcap"), "{why}");
    assert_eq!(failure(&["net", "--pcap", PCAP]).0, 2);
    assert_eq!(
        failure(&[
            "net",
            "--pcap",
            PCAP,
            "--filters",
            FILTERS,
            "--engine",
            "jit"
        ])
        .0,
        2
    );
}
