//! `exo export`.

use std::fs;

use serde_json::Value;

use crate::support::{Folder, exo, failure, text};

/// Exports to files in a folder, and gives what was said.
fn exported(arguments: &[&str]) -> (String, String) {
    let output = exo(&[&["export"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    (
        text(&output.stdout).to_owned(),
        text(&output.stderr).to_owned(),
    )
}

#[test]
fn each_format_goes_to_its_file_in_one_run() {
    let folder = Folder::new();
    let file = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let [trace, table, lines, picture] = ["a.json", "a.csv", "a.jsonl", "a.svg"].map(file);
    let window = ["--from", "1000", "--to", "40000.0"];
    let files = [
        "--perfetto",
        &trace,
        "--csv",
        &table,
        "--jsonl",
        &lines,
        "--svg",
        &picture,
    ];
    let (said, noted) = exported(&[&["swap"], &window[..], &files].concat());
    assert_eq!(said.lines().count(), 4);
    assert_eq!(noted, "");
    for (line, file) in said.lines().zip([&trace, &table, &lines, &picture]) {
        assert!(line.starts_with(&format!("{file}: ")), "{line}");
        assert!(line.contains(" events from position 1000.0 to 40000.0; "));
    }
    let read = |file: &str| fs::read_to_string(file).unwrap();
    let value: Value = serde_json::from_str(&read(&trace)).unwrap();
    let events = value["otherData"]["events"].as_u64().unwrap() as usize;
    assert!(events > 100);
    assert_eq!(read(&table).lines().count(), events + 1);
    assert_eq!(read(&lines).lines().count(), events);
    assert!(read(&picture).ends_with("</svg>\n"));
}

#[test]
fn a_dash_is_standard_output_and_nothing_else_is_there() {
    let (out, noted) = exported(&["first-light", "--to", "2000", "--jsonl", "-"]);
    for line in out.lines() {
        let _: Value = serde_json::from_str(line).unwrap();
    }
    assert!(out.lines().count() > 10);
    assert_eq!(noted, "");
    let (hits, _) = exported(&["first-light", "--to", "2000", "--jsonl", "-", "--hits"]);
    assert!(hits.lines().count() > out.lines().count() + 1000);
}

#[test]
fn a_session_is_exported_to_where_it_was_saved() {
    let folder = Folder::new();
    let saved = folder.file("saved.toml", b"");
    let arguments = ["replay", "live-edit", "--to", "160000.0", "--save", &saved];
    assert!(exo(&arguments).status.success());
    let table = folder.0.join("a.csv");
    let table = table.to_str().unwrap();
    let (said, _) = exported(&[&saved, "--csv", table]);
    assert!(said.contains("from position 0.0 to 160000.0;"), "{said}");
    let (said, _) = exported(&[&saved, "--to", "end", "--csv", table]);
    assert!(!said.contains("160000.0"), "{said}");
}

#[test]
fn a_cut_is_noted_with_where_to_go_on() {
    let folder = Folder::new();
    let file = folder.0.join("a.csv");
    let file = file.to_str().unwrap();
    let (said, noted) = exported(&["first-light", "--limit", "1500", "--csv", file]);
    assert!(
        said.contains(": 1,500 events from position 0.0 to "),
        "{said}"
    );
    assert!(
        noted.contains("is cut at position ") && noted.contains(", after 1,500 events"),
        "{noted}"
    );
    let (_, position) = noted.trim_end().rsplit_once("--from ").unwrap();
    let position = position.split_once(' ').unwrap().0;
    assert!(
        said.contains(&format!(" to {position}")),
        "{position}: {said}"
    );
}

#[test]
fn what_cannot_be_exported_is_one_sentence_and_exit_code_2_and_leaves_files_alone() {
    let folder = Folder::new();
    let file = folder.file("kept.csv", b"mine");
    let nowhere = folder.0.join("no such folder").join("a.csv");
    let nowhere = nowhere.to_str().unwrap();
    let csv = ["--csv", &*file];
    for (arguments, says) in [
        (
            [&["first-light", "--from", "9", "--to", "8"], &csv[..]].concat(),
            "position 8.0 lies before position 9.0",
        ),
        (
            [&["first-light", "--to", "99999999"], &csv[..]].concat(),
            "there is no position 99999999.0: the run ends at position 788955.1",
        ),
        (
            [&["first-light", "--from", "99999999"], &csv[..]].concat(),
            "there is no position 99999999.0: the run ends at position",
        ),
        (
            [&["first-light", "--from", "noon"], &csv[..]].concat(),
            "write a position, like 1024.3",
        ),
        (
            [&["first-light", "--clock", "fast"], &csv[..]].concat(),
            "write megahertz up to 1000",
        ),
        (
            [&["nothing.toml"], &csv[..]].concat(),
            "there is no session \"nothing.toml\"",
        ),
        (vec!["first-light", "--csv", nowhere], "cannot write "),
        (vec!["first-light", "--to", "9"], "--perfetto"),
        (vec!["first-light", "--pdf", "a.pdf"], "--pdf"),
    ] {
        let (code, said) = failure(&[&["export"], &arguments[..]].concat());
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(says), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(fs::read(&file).unwrap(), b"mine");
    }
}

#[test]
fn a_reader_that_goes_away_has_what_it_wanted() {
    for format in ["--perfetto", "--csv", "--jsonl", "--svg"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_exo"))
            .args(["export", "first-light", format, "-"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{format}");
        assert_eq!(text(&output.stderr), "", "{format}");
    }
}
