//! `exo libos`, and samples by name and page table in `exo run`.

use std::fs;

use exo_libos_samples::{SAMPLES, STORES, TABLES, sample};
use serde_json::Value;

use crate::support::{DASH, Folder, exo, failure, json, loop_trace, number, text};

fn result(arguments: &[&str]) -> String {
    let output = exo(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout).to_owned()
}

#[test]
fn every_policy_and_every_page_table_is_listed_with_what_it_does() {
    let list = result(&["libos", "list"]);
    let all: Value = serde_json::from_str(&result(&["libos", "list", "--json"])).unwrap();
    for (index, sample) in SAMPLES.iter().enumerate() {
        let row =
            |line: &&str| line.trim().starts_with(sample.name) && line.ends_with(sample.summary);
        assert_eq!(list.lines().filter(row).count(), 1, "{}", sample.name);
        let told = &all["policies"][index];
        assert_eq!(told["name"], sample.name);
        assert_eq!(told["kind"], sample.kind.name());
        let lesson = told["lesson"].as_str().unwrap();
        assert!(lesson.len() > 200 && !lesson.contains("///"), "{lesson}");
    }
    for (index, table) in TABLES.iter().enumerate() {
        assert!(list.contains(table.summary));
        let told = &all["tables"][index];
        assert_eq!(told["name"], table.name);
        assert!(
            told["lesson"]
                .as_str()
                .unwrap()
                .starts_with("The page table")
        );
    }
}

#[test]
fn the_source_that_is_shown_runs_as_a_file_and_does_what_the_sample_does() {
    let folder = Folder::new();
    let trace = folder.file("loop.lackey", loop_trace().as_bytes());
    for table in TABLES {
        let shown = result(&["libos", "show", "2q", "--table", table.name]);
        assert_eq!(shown, sample("2q").unwrap().with_table(table));
        let file = folder.file("mine.rs", shown.as_bytes());
        let run = |libos: &[&str]| {
            let fixed = ["--trace", &trace, "--frames", "20"];
            let mut report = json(&[&fixed, libos].concat());
            report.as_object_mut().unwrap().remove("libos");
            report
        };
        let named = run(&["--libos", "2q", "--table", table.name]);
        assert_eq!(run(&["--libos", &file]), named);
    }
    let shown = result(&["libos", "show", "clock"]);
    assert_eq!(shown, sample("clock").unwrap().source);
}

#[test]
fn a_page_table_changes_what_a_run_takes_and_not_what_it_does() {
    let run = |more: &[&str]| json(&[&["--trace", DASH, "--libos", "clock"], more].concat());
    let usual = run(&[]);
    assert_eq!(run(&["--table", "inverted"]), usual);
    for table in ["linear", "two-level"] {
        let other = run(&["--table", table]);
        for key in ["page_loads", "evictions", "upcalls", "crossings"] {
            assert_eq!(
                number(&other, key),
                number(&usual, key),
                "{key} with {table}"
            );
        }
        assert!(number(&other["cycles"], "libos") > number(&usual["cycles"], "libos"));
    }
}

#[test]
fn every_backing_store_is_listed_and_shown_with_any_table() {
    let list = result(&["libos", "list"]);
    let all: Value = serde_json::from_str(&result(&["libos", "list", "--json"])).unwrap();
    for (index, store) in STORES.iter().enumerate() {
        assert!(list.contains(store.summary));
        assert_eq!(all["stores"][index]["name"], store.name);
        let table = &TABLES[1];
        let fixed = ["libos", "show", "fifo", "--table", table.name];
        let shown = result(&[&fixed, &["--store", store.name][..]].concat());
        assert_eq!(shown, sample("fifo").unwrap().with_parts(table, store));
    }
    let (code, said) = failure(&["libos", "show", "fifo", "--store", "tape"]);
    assert!(code == 2 && said.contains("none, swap"), "{said}");
}

#[test]
fn a_run_with_a_disk_finds_its_pages_again_and_says_what_the_disk_did() {
    let run = |more: &[&str]| exo(&[&["run", "--json", "--app", "quicksort"], more].concat());
    let report = |more: &[&str]| -> Value {
        let output = run(more);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let few = ["--libos", "clock", "--frames", "4"];
    let whole = report(&[]);
    let lost = report(&few);
    let kept = report(&[&few, &["--disk", "64"][..]].concat());
    assert_ne!(lost["log"], whole["log"]);
    assert_eq!(kept["log"], whole["log"]);
    assert_eq!(
        (number(&lost, "disk_blocks"), number(&kept, "disk_blocks")),
        (0, 64)
    );
    assert_eq!(
        number(&lost, "disk_reads") + number(&lost, "waiting_cycles"),
        0
    );
    let transfers = number(&kept, "disk_reads") + number(&kept, "disk_writes");
    assert!(number(&kept, "waiting_cycles") >= 50_000 * transfers);

    let failing = run(&[&few, &["--disk", "64", "--disk-fault", "3"][..]].concat());
    assert_eq!(failing.status.code(), Some(1));
    assert!(text(&failing.stderr).contains("Err(DiskError)"));
    let wrong: &[&[&str]] = &[
        &["--disk", "70000"],
        &["--disk-fault", "3"],
        &["--disk", "9", "--disk-fault", "0"],
    ];
    for more in wrong {
        assert_eq!(run(more).status.code(), Some(2), "{more:?}");
    }
}

#[test]
fn a_name_that_is_not_known_is_answered_with_those_that_are() {
    let folder = Folder::new();
    let own = folder.file("mine.rs", sample("fifo").unwrap().source.as_bytes());
    let cases: &[(&[&str], &str)] = &[
        (&["libos", "show", "opt"], "demand-zero, fifo, clock"),
        (
            &["libos", "show", "fifo", "--table", "tree"],
            "inverted, linear, two-level",
        ),
        (
            &["run", "--trace", DASH, "--libos", "opt"],
            "demand-zero, fifo, clock",
        ),
        (
            &["run", "--trace", DASH, "--libos", "fifo", "--table", "tree"],
            "inverted, linear, two-level",
        ),
        (
            &["run", "--trace", DASH, "--libos", &own, "--table", "linear"],
            "exo libos show",
        ),
        (
            &["bench", "--native-only", "--libos", "opt"],
            "demand-zero, fifo, clock",
        ),
        (&["libos", "show"], "<NAME>"),
        (&["libos"], "measure"),
    ];
    for (arguments, words) in cases {
        let (code, said) = failure(arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {words} in {said}");
    }
}

#[test]
fn a_policy_without_replacement_says_why_it_gives_up() {
    let output = exo(&["run", "--trace", DASH, "--libos", "demand-zero"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("finds all 64 frames in use"), "{said}");
    assert!(said.contains("Err(Limit)"), "{said}");
}

#[test]
fn a_sample_that_asks_for_use_stamps_has_them_and_a_file_when_the_machine_is_told_to() {
    let folder = Folder::new();
    let trace = folder.file("loop.lackey", loop_trace().as_bytes());
    let own = folder.file("mine.rs", sample("lru").unwrap().source.as_bytes());
    let run = |libos: &[&str]| {
        exo(&[
            &["run", "--json", "--frames", "20", "--trace", &trace],
            libos,
        ]
        .concat())
    };
    let loads = |output: &[u8]| {
        let report: Value = serde_json::from_slice(output).unwrap();
        (number(&report, "page_loads"), report["digest"].clone())
    };
    let named = run(&["--libos", "lru"]);
    assert!(named.status.success(), "{}", text(&named.stderr));
    let told = run(&["--libos", &own, "--use-stamps"]);
    assert_eq!(loads(&told.stdout), loads(&named.stdout));
    let without = run(&["--libos", &own]);
    assert_eq!(without.status.code(), Some(1));
    assert!(text(&without.stderr).contains("Err(NotOffered)"));
}

#[test]
fn the_trace_of_the_hash_join_shows_what_its_own_policy_saves() {
    let folder = Folder::new();
    let trace = result(&["libos", "trace"]);
    let file = folder.file("join.lackey", trace.as_bytes());
    let run = |libos| json(&["--trace", &file, "--libos", libos]);
    let (join, clock) = (run("join"), run("clock"));
    assert_eq!(number(&join, "references"), 4800);
    assert_eq!(number(&join, "page_loads"), number(&join, "pages"));
    assert!(number(&clock, "page_loads") > 2 * number(&join, "page_loads"));
}

#[test]
fn the_page_about_the_samples_says_what_they_do_today() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/samples.md");
    let page = fs::read_to_string(path).unwrap();
    let measured = result(&["libos", "measure"]);
    assert!(page == measured, "run: exo libos measure > docs/samples.md");
}

#[test]
fn a51_a_mapped_file_and_a_fork_are_listed_shown_and_run_by_their_names() {
    let list = result(&["libos", "list"]);
    for part in exo_libos_samples::parts() {
        assert!(list.contains(part.summary), "{}", part.name);
        assert_eq!(result(&["libos", "show", part.name]), part.source);
    }
    let run = |arguments: &[&str]| {
        let output = exo(&[&["run"], arguments].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let told = text(&output.stdout).to_owned();
        (told, text(&output.stderr).to_owned())
    };
    let (_, log) = run(&[
        "--app", "mapping", "--libos", "map", "--frames", "4", "--disk", "16",
    ]);
    assert!(
        log.contains("32768 bytes as they were left, 0 not"),
        "{log}"
    );
    let both = ["--app", "forking", "--libos", "fork", "--environments", "2"];
    let (told, log) = run(&both);
    assert!(
        log.contains("A forking.rs: log: the parent found 0 bytes wrong"),
        "{log}"
    );
    assert!(
        log.contains("B forking.rs: log: the child found 0 bytes wrong"),
        "{log}"
    );
    assert!(
        told.contains("Environment A: forking.rs under fork.rs"),
        "{told}"
    );
    let (json, _) = run(&[&both[..], &["--json"]].concat());
    let reports: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        number(&reports[1], "frames_held"),
        0,
        "the child gave all up"
    );
}
