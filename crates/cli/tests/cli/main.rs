//! The command line from outside: what it prints, where, and how it exits.

mod app;
mod attack;
mod export;
mod libos;
mod net;
mod run_network;
mod session;
mod sources;
mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use support::{DASH, Folder, PAGE_NUMBERS, exo, failure, json, loop_trace, number, text};

#[test]
fn the_shipped_trace_runs_under_every_sample_and_the_object_has_every_key() {
    for policy in [
        "fifo",
        "clock",
        "second-chance",
        "lru",
        "wsclock",
        "random",
        "2q",
        "join",
    ] {
        // A TLB smaller than the memory, so that the software TLB has something to do.
        let report = json(&[
            "--trace",
            DASH,
            "--libos",
            policy,
            "--tlb",
            "full:16:random",
        ]);
        let keys = [
            "references",
            "tlb_hits",
            "tlb_misses",
            "stlb_hits",
            "upcalls",
            "page_loads",
            "evictions",
            "crossings",
        ];
        keys.iter()
            .for_each(|key| assert!(number(&report, key) > 0, "{key}"));
        for who in ["application", "libos", "kernel"] {
            assert!(number(&report["cycles"], who) > 0, "{who}");
        }
        let digest = report["digest"].as_str().unwrap();
        assert!(digest.len() == 16 && digest.chars().all(|it| it.is_ascii_hexdigit()));
        assert_eq!(number(&report, "references"), 359_177);
        assert_adds_up(&report);
    }
}

/// What must hold of any run that came to its end.
fn assert_adds_up(report: &Value) {
    let of = |key| number(report, key);
    assert_eq!(of("references"), of("tlb_hits") + of("tlb_misses"));
    assert_eq!(
        of("tlb_misses") + of("protection_faults"),
        of("stlb_hits") + of("upcalls")
    );
    assert_eq!(of("references"), number(&report["cycles"], "application"));
    assert_eq!(
        of("crossings"),
        of("tlb_misses") + of("protection_faults") + of("system_calls")
    );
    assert_eq!(of("page_loads"), of("evictions") + of("frames_held"));
    assert_eq!(report["broken"], Value::Null);
}

#[test]
fn plain_text_and_gzip_give_the_same_result_and_so_does_a_second_run() {
    let folder = Folder::new();
    let plain = folder.file("loop.lackey", loop_trace().as_bytes());
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(loop_trace().as_bytes()).unwrap();
    let packed = folder.file("loop.lackey.gz", &encoder.finish().unwrap());
    let run = |trace: &str| json(&["--trace", trace, "--libos", "clock", "--frames", "20"]);
    let report = run(&plain);
    assert_eq!(report, run(&packed));
    assert_eq!(report, run(&plain));
    assert_eq!(number(&report, "references"), 6000);
    assert_eq!(number(&report, "pages"), 41);
    assert_eq!(number(&report, "skipped_lines"), 3);
    assert_adds_up(&report);
}

/// What a textbook counts by hand, and what it comes to.
#[test]
fn a_textbooks_page_numbers_miss_as_often_as_it_says() {
    let folder = Folder::new();
    let pages = folder.file("pages.txt", PAGE_NUMBERS.as_bytes());
    for (libos, misses) in [("fifo", 7), ("lru", 5)] {
        let run = ["--trace", &pages, "--page-bits", "0", "--libos", libos];
        let report = json(&[&run[..], &["--frames", "3"]].concat());
        assert_eq!(number(&report, "page_loads"), misses, "{libos}");
        assert_eq!(number(&report, "references"), 11);
        assert_adds_up(&report);
    }
}

#[test]
fn dineros_records_give_the_same_as_lackeys_of_the_same_references() {
    let folder = Folder::new();
    let lackey = folder.file("a.lackey", b" L 1000,4\n S 2004,4\nI  3000,2\n L 1004,8\n");
    let dinero = folder.file("a.din", b"0 1000\n1 2004\n2 3000\n0 1004\n");
    let run = |trace: &str| json(&["--trace", trace, "--libos", "clock", "--frames", "2"]);
    assert_eq!(run(&lackey), run(&dinero));
    assert_eq!(number(&run(&dinero), "page_loads"), 4);
}

#[test]
fn the_data_stream_leaves_out_instruction_fetches() {
    let folder = Folder::new();
    let trace = folder.file("loop.lackey", loop_trace().as_bytes());
    let all = json(&["--trace", &trace, "--libos", "fifo", "--stream", "all"]);
    let data = json(&["--trace", &trace, "--libos", "fifo", "--stream", "data"]);
    assert_eq!(number(&all, "references"), 6000);
    assert_eq!(number(&data, "references"), 4000);
    assert_eq!(number(&data, "page_loads"), 40);
    assert_eq!(number(&all, "page_loads"), 41);
}

#[test]
fn the_seed_decides_what_is_random_and_nothing_else() {
    let folder = Folder::new();
    let trace = folder.file("loop.lackey", loop_trace().as_bytes());
    let run = |policy: &str, tlb: &str, seed: &str| {
        json(&[
            "--trace", &trace, "--libos", policy, "--frames", "20", "--tlb", tlb, "--seed", seed,
        ])
    };
    let loads = |report: &Value| number(report, "page_loads");
    let (one, two) = (run("random", "full:8", "1"), run("random", "full:8", "2"));
    assert_ne!(loads(&one), loads(&two));
    let (one, two) = (
        run("fifo", "full:8:lru", "1"),
        run("fifo", "full:8:lru", "2"),
    );
    assert_eq!((loads(&one), &one["cycles"]), (loads(&two), &two["cycles"]));
    assert_ne!(
        one["digest"], two["digest"],
        "the seed is part of the machine"
    );
}

#[test]
fn frames_tlb_and_software_tlb_are_as_asked() {
    let run = |more: &[&str]| {
        let fixed = ["--trace", DASH, "--libos", "clock"];
        let shape = if more.contains(&"--tlb") {
            &[][..]
        } else {
            &["--tlb", "full:16"]
        };
        let fixed = [&fixed, shape].concat();
        json(&[&fixed, more].concat())
    };
    let (usual, off) = (run(&[]), run(&["--stlb", "off"]));
    assert_eq!(number(&off, "stlb_hits"), 0);
    assert_eq!(number(&off, "page_loads"), number(&usual, "page_loads"));
    assert!(number(&off, "upcalls") > number(&usual, "upcalls"));
    let few = run(&["--frames", "16"]);
    assert!(number(&few, "page_loads") > number(&usual, "page_loads"));
    assert_eq!(number(&few, "frames_held"), 16);
    for tlb in ["full:8:lru", "16x4:fifo", "direct:64"] {
        assert_adds_up(&run(&["--tlb", tlb]));
    }
}

#[test]
fn without_json_a_table_for_people_is_printed() {
    let output = exo(&["run", "--trace", DASH, "--libos", "fifo"]);
    assert!(output.status.success());
    let table = text(&output.stdout);
    for row in [
        "references",
        "TLB hits",
        "page loads",
        "cycles, kernel",
        "digest",
    ] {
        assert!(
            table.lines().any(|line| line.starts_with(row)),
            "{row} in\n{table}"
        );
    }
    assert!(table.contains("359,177"));
}

/// A policy file whose handler is `body`.
fn policy(folder: &Folder, body: &str) -> String {
    let source = format!(
        "use exo_prelude::*;\n\npub struct Mine {{\n    zero: usize,\n}}\n\nimpl Mine {{\n    \
         pub const fn new() -> Mine {{\n        Mine {{ zero: 0 }}\n    }}\n}}\n\nimpl LibOs for \
         Mine {{\n    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), \
         SysError> {{\n{body}\n    }}\n}}\n"
    );
    folder.file("mine.rs", source.as_bytes())
}

#[test]
fn a_policy_of_ones_own_runs_and_its_log_goes_to_standard_error() {
    let folder = Folder::new();
    let own = policy(
        &folder,
        "        log!(\"page {} please\", fault.page);
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)",
    );
    let trace = folder.file("two.lackey", b" L 1000,4\n S 2000,4\n L 1004,4\n");
    let output = exo(&["run", "--json", "--trace", &trace, "--libos", &own]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(number(&report, "upcalls"), 2);
    let said = text(&output.stderr);
    assert!(
        said.contains("page 1 please") && said.contains("page 2 please"),
        "{said}"
    );
}

/// Runs a policy that breaks: the figures so far are printed, the exit code is 1, and the message
/// names the line.
fn assert_breaks(body: &str, line: usize, words: &str) {
    let folder = Folder::new();
    let own = policy(&folder, body);
    let output = exo(&["run", "--json", "--trace", DASH, "--libos", &own]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("mine.rs"), "{said}");
    assert!(
        said.contains(&format!("line {line}")),
        "line {line}: {said}"
    );
    assert!(said.contains(words), "{words}: {said}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["broken"].as_str().is_some());
}

#[test]
fn a_policy_that_breaks_ends_the_run_with_its_line_and_exit_1() {
    assert_breaks("        loop {}", 15, "1,000,000");
    assert_breaks(
        "        let _frame = 7 / self.zero;\n        Ok(())",
        15,
        "zero",
    );
    assert_breaks("\n        Err(SysError::Limit)", 16, "frames");
    assert_breaks("        Ok(())", 15, "tlb_write");
}

#[test]
fn a_policy_that_logs_for_ever_fills_no_terminal() {
    let folder = Folder::new();
    let own = policy(
        &folder,
        "        loop {\n            log!(\"again\");\n        }",
    );
    let output = exo(&["run", "--trace", DASH, "--libos", &own]);
    assert_eq!(output.status.code(), Some(1));
    let lines = text(&output.stderr).lines().count();
    assert!((100..110).contains(&lines), "{lines} lines");
}

#[test]
fn a_policy_that_does_not_compile_is_bad_input_and_shows_line_and_column() {
    let folder = Folder::new();
    let own = policy(
        &folder,
        "        sys.tlb_write(fault.pgae, Frame::new(0), Access::Read)",
    );
    let (code, said) = failure(&["run", "--trace", DASH, "--libos", &own]);
    assert_eq!(code, 2);
    assert!(said.contains("mine.rs:15:"), "{said}");
    assert!(said.contains("pgae"), "{said}");
    let own = policy(&folder, "        let = 3;");
    let (code, said) = failure(&["run", "--trace", DASH, "--libos", &own]);
    assert_eq!(code, 2);
    assert!(said.contains("mine.rs:15:13"), "{said}");
}

#[test]
fn bad_usage_is_exit_2_and_says_what_would_be_right() {
    let fixed = ["run", "--trace", DASH];
    let cases: &[(&[&str], &str)] = &[
        (&["--libos", "opt"], "clock"),
        (&["--libos", "no-such-file.rs"], "no-such-file.rs"),
        (&["--libos", "fifo", "--tlb", "64"], "16x4:lru"),
        (&["--libos", "fifo", "--tlb", "full:0"], "full:"),
        (&["--libos", "fifo", "--tlb", "full:4096"], "1024"),
        (&["--libos", "fifo", "--stlb", "0"], "off"),
        (&["--libos", "fifo", "--stlb", "many"], "off"),
        (&["--libos", "fifo", "--frames", "0"], "frames"),
        (&["--libos", "fifo", "--frames", "70000"], "65536"),
        (&["--libos", "fifo", "--stream", "code"], "data"),
        (&["--libos", "fifo", "--seed", "x"], "seed"),
        (&["--libos", "fifo", "--fast"], "--fast"),
        (&[], "--libos"),
    ];
    for (more, word) in cases {
        let (code, said) = failure(&[&fixed, *more].concat());
        assert_eq!(code, 2, "{more:?}: {said}");
        assert!(said.contains(word), "{more:?}: {word} in {said}");
    }
    assert_eq!(failure(&["run", "--libos", "fifo"]).0, 2);
    assert_eq!(failure(&["fly"]).0, 2);
    assert_eq!(failure(&[]).0, 2);
}

#[test]
fn a_trace_that_cannot_be_read_is_exit_2_and_names_file_or_line() {
    let folder = Folder::new();
    let run = |trace: &str| failure(&["run", "--trace", trace, "--libos", "fifo"]);
    let (code, said) = run("no-such-trace.gz");
    assert_eq!(code, 2);
    assert!(said.contains("no-such-trace.gz"), "{said}");
    let malformed = format!("{}\n L xyz,4\n", loop_trace().trim_end());
    let lines = malformed.lines().count();
    let cases: [(&str, Vec<u8>, String); 4] = [
        ("malformed", malformed.into_bytes(), format!("line {lines}")),
        ("empty", Vec::new(), "no record".to_owned()),
        ("binary", vec![0; 9000], "line 1".to_owned()),
        (
            "cut.gz",
            fs::read(DASH).unwrap()[..5000].to_vec(),
            "damaged".to_owned(),
        ),
    ];
    for (name, contents, word) in cases {
        let (code, said) = run(&folder.file(name, &contents));
        assert_eq!(code, 2, "{name}: {said}");
        assert!(
            said.contains(&word) && said.contains(name),
            "{name}: {said}"
        );
    }
    assert_eq!(run(folder.0.to_str().unwrap()).0, 2, "a folder is no trace");
}

#[test]
fn help_and_version_are_results_and_not_failures() {
    for arguments in [&["--help"][..], &["run", "--help"], &["--version"]] {
        let output = exo(arguments);
        assert!(output.status.success());
        assert!(!output.stdout.is_empty() && output.stderr.is_empty());
    }
    assert!(Path::new(DASH).exists());
}

#[test]
fn a_policy_that_evicts_before_its_frames_are_used_up_is_noted() {
    let folder = Folder::new();
    let source = exo_libos_samples::sample("fifo").unwrap().source;
    let small = source.replace("FRAMES: usize = 4096", "FRAMES: usize = 16");
    assert_ne!(small, source);
    let (policy, trace) = (
        folder.file("small.rs", small.as_bytes()),
        folder.file("loop.trace", loop_trace().as_bytes()),
    );
    let output = exo(&["run", "--trace", &trace, "--libos", &policy]);
    assert!(output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains("evicted pages while it held 16 of the 64 frames that it may hold"),
        "{said}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo"));
    command.args(["run", "--trace", DASH, "--libos", "fifo"]);
    let status = command.stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(1));
}
