//! `exo app` and `exo run --app`: applications by name and from files.

use std::collections::BTreeSet;

use exo_libos_samples::{APPLICATIONS, application, sample};
use serde_json::Value;

use crate::support::{DASH, Folder, exo, failure, json, number, text};

fn result(arguments: &[&str]) -> String {
    let output = exo(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

/// Runs with `--json`: the object, and what was said beside it.
fn run(arguments: &[&str]) -> (Value, String) {
    let output = exo(&[&["run", "--json"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report = serde_json::from_slice(&output.stdout).unwrap();
    (report, text(&output.stderr).to_owned())
}

#[test]
fn every_application_is_listed_and_shown_and_runs_to_its_end_as_it_is_shown() {
    let (list, object) = (result(&["app", "list"]), result(&["app", "list", "--json"]));
    let object: Value = serde_json::from_str(&object).unwrap();
    let listed = object["applications"].as_array().unwrap();
    assert_eq!(listed.len(), APPLICATIONS.len());
    for (one, listed) in APPLICATIONS.iter().zip(listed) {
        assert!(list.contains(one.name) && list.contains(one.summary));
        assert_eq!(listed["name"], one.name);
        assert!(listed["lesson"].as_str().unwrap().len() > 100);
        assert_eq!(result(&["app", "show", one.name]).trim(), one.source.trim());
        assert!(sample(one.libos).is_some());
        let (report, _) = run(&["--app", one.name]);
        assert_eq!(report["broken"], Value::Null, "{}", one.name);
        assert_eq!(number(&report, "frames"), u64::from(one.frames));
        assert!(number(&report, "references") > 0 && number(&report, "instructions") > 0);
        assert_eq!(
            number(&report, "references"),
            number(&report, "tlb_hits") + number(&report, "tlb_misses")
        );
        let asked = number(&report, "requests");
        assert_eq!(
            number(&report["cycles"], "application"),
            number(&report, "instructions") + 6 * asked
        );
    }
    let names: BTreeSet<&str> = APPLICATIONS.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), APPLICATIONS.len());
}

#[test]
fn an_application_says_what_it_found_and_a_file_of_it_says_the_same() {
    let (named, said) = run(&["--app", "scan", "--libos", "fifo", "--frames", "64"]);
    assert!(
        said.contains("scan.rs: log: the sum is 209725440, and should be 209725440"),
        "{said}"
    );
    assert_eq!(named["log"][0]["application"], true);
    assert_eq!(number(&named, "page_loads"), 40);
    let folder = Folder::new();
    let source = application("scan").unwrap().source;
    let own = folder.file("mine.rs", source.as_bytes());
    let (from_file, said) = run(&["--app", &own, "--libos", "fifo"]);
    assert!(said.contains("mine.rs: log: the sum is"), "{said}");
    assert_eq!(from_file["digest"], named["digest"]);
    let (few, said) = run(&["--app", "scan", "--libos", "fifo", "--frames", "39"]);
    assert!(said.contains("the sum is 0, and should be"), "{said}");
    assert_eq!(number(&few, "page_loads"), 80);
}

#[test]
fn the_table_of_an_application_has_its_instructions_and_requests_and_its_end() {
    let table = result(&["run", "--app", "scan"]);
    for row in ["instructions", "requests", "cycles, libOS", "ended"] {
        assert!(
            table.lines().any(|it| it.starts_with(row)),
            "{row}: {table}"
        );
    }
    assert!(
        table.contains("scan.rs under demand-zero.rs: 48 frames"),
        "{table}"
    );
    let of_a_trace = result(&["run", "--trace", DASH, "--libos", "fifo"]);
    assert!(!of_a_trace.contains("instructions") && of_a_trace.contains("it came to its end"));
}

#[test]
fn an_application_that_stops_is_named_with_its_line() {
    let folder = Folder::new();
    let source = "use exo_prelude::*;\n\npub struct Mine {}\n\nimpl Mine {\n    pub const fn new() \
                  -> Mine {\n        Mine {}\n    }\n}\n\nimpl Application for Mine {\n    fn \
                  main(&mut self, mem: &mut Mem, _sys: &mut Sys) {\n        mem.store_u32(6, 1);\n    \
                  }\n}\n";
    let own = folder.file("mine.rs", source.as_bytes());
    let output = exo(&["run", "--app", &own, "--libos", "fifo"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("mine.rs: line 13 of the application: the address 0x00000006"),
        "{said}"
    );
    assert!(text(&output.stdout).contains("given up"));
}

#[test]
fn a_policy_file_that_asks_for_use_stamps_is_told_how_to_have_them() {
    let folder = Folder::new();
    let own = folder.file("mine.rs", sample("lru").unwrap().source.as_bytes());
    for what in [["--app", "scan"], ["--trace", DASH]] {
        let fixed = [&what[..], &["--frames", "20", "--libos"]].concat();
        let output = exo(&[&["run"], &fixed[..], &[&own]].concat());
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        assert!(
            said.contains("NotOffered") && said.contains("--use-stamps"),
            "{said}"
        );
        let (told, _) = run(&[&fixed[..], &[&own, "--use-stamps"]].concat());
        let (named, _) = run(&[&fixed[..], &["lru"]].concat());
        assert!(number(&told, "evictions") > 0);
        assert_eq!(told["digest"], named["digest"]);
    }
    let plain = json(&["--trace", DASH, "--libos", "clock"]);
    let stamped = json(&["--trace", DASH, "--libos", "clock", "--use-stamps"]);
    for key in [
        "references",
        "tlb_misses",
        "page_loads",
        "evictions",
        "cycles",
    ] {
        assert_eq!(plain[key], stamped[key], "{key}");
    }
    assert_ne!(
        plain["digest"], stamped["digest"],
        "stamps are part of the machine"
    );
}

#[test]
fn what_is_no_application_is_answered_with_what_would_be() {
    let folder = Folder::new();
    let policy = folder.file("fifo.rs", sample("fifo").unwrap().source.as_bytes());
    let program = folder.file("scan.rs", application("scan").unwrap().source.as_bytes());
    let cases: &[(&[&str], &str)] = &[
        (&["run", "--app", "fly"], "scan"),
        (&["run", "--app", "no-such.rs"], "no-such.rs"),
        (&["run", "--app", &program], "--libos"),
        (
            &["run", "--app", &policy, "--libos", "fifo"],
            "an `impl Application` is wanted here",
        ),
        (
            &["run", "--app", "scan", "--libos", &program],
            "an `impl LibOs` is wanted here",
        ),
        (&["run", "--app", "scan", "--trace", DASH], "--trace"),
        (&["run", "--libos", "fifo"], "--app"),
        (&["app", "show", "fly"], "scan"),
        (&["app", "show"], "<NAME>"),
        (&["app"], "list"),
    ];
    for (arguments, words) in cases {
        let (code, said) = failure(arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {words} in {said}");
    }
}
