//! `exo run --app`: an application in the policy subset of Rust.

use serde_json::Value;

use crate::support::{DASH, Folder, exo, failure, json, number, text};

/// An application whose `main` is `body`.
fn application(folder: &Folder, body: &str) -> String {
    let source = format!(
        "use exo_prelude::*;\npub struct Mine {{ said: u64 }}\nimpl Mine {{\n    pub const fn new() \
         -> Mine {{ Mine {{ said: 0 }} }}\n}}\nimpl Application for Mine {{\n    fn main(&mut self, \
         mem: &mut Mem, sys: &mut Sys) {{\n{body}\n    }}\n}}\n"
    );
    folder.file("mine.rs", source.as_bytes())
}

const SUM: &str = "        for n in 0..4096u32 { mem.store_u32(0x10000 + n * 4, n); }
        for n in 0..4096u32 { self.said += mem.load_u32(0x10000 + n * 4) as u64; }
        log!(\"the sum is {}\", self.said);";

#[test]
fn an_application_runs_and_is_told_with_its_log() {
    let folder = Folder::new();
    let own = application(&folder, SUM);
    let output = exo(&["run", "--app", &own, "--libos", "fifo", "--frames", "4"]);
    assert!(output.status.success());
    let table = text(&output.stdout);
    let row = |label: &str| {
        let line = table.lines().find(|line| line.starts_with(label));
        line.unwrap_or_else(|| panic!("{label}: {table}"))
    };
    assert!(row("references").ends_with(" 8,192"));
    assert!(row("requests to libOS").ends_with(" 0"));
    assert!(row("instructions").len() > 20);
    assert!(table.trim_end().ends_with("Its main has returned."));
    assert!(text(&output.stderr).contains("mine.rs: log: the sum is 8386560"));
}

#[test]
fn an_applications_figures_and_log_are_in_the_json() {
    let folder = Folder::new();
    let own = application(&folder, SUM);
    let arguments = ["run", "--json", "--app", &own, "--libos", "clock"];
    let report: Value = serde_json::from_slice(&exo(&arguments).stdout).unwrap();
    assert_eq!(number(&report, "references"), 8192);
    assert_eq!(number(&report, "tlb_misses"), 4);
    assert_eq!(number(&report, "page_loads"), 4);
    assert_eq!(report["application_log"][0], "log: the sum is 8386560");
    assert_eq!(
        number(&report["cycles"], "application"),
        number(&report, "instructions")
    );
}

#[test]
fn an_application_that_traps_fails_the_run_at_its_own_line() {
    let folder = Folder::new();
    let own = application(&folder, "        mem.store_u32(0x1001, 1);");
    let output = exo(&["run", "--json", "--app", &own, "--libos", "fifo"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("mine.rs: line 8: the address 0x00001001"),
        "{said}"
    );
}

#[test]
fn a_trace_or_an_application_must_be_named_and_not_both() {
    let folder = Folder::new();
    let own = application(&folder, SUM);
    assert_eq!(failure(&["run", "--libos", "fifo"]).0, 2);
    let both = ["run", "--libos", "fifo", "--trace", DASH, "--app", &own];
    assert_eq!(failure(&both).0, 2);
    let (code, said) = failure(&["run", "--libos", "fifo", "--app", "nowhere.rs"]);
    assert_eq!(code, 2);
    assert!(
        said.contains("cannot read the application nowhere.rs"),
        "{said}"
    );
    let policy = folder.file(
        "policy.rs",
        exo_libos_samples::sample("fifo").unwrap().source.as_bytes(),
    );
    let (code, said) = failure(&["run", "--libos", "fifo", "--app", &policy]);
    assert_eq!(code, 2);
    assert!(said.contains("an `impl Application` is wanted here"), "{said}");
    let (code, said) = failure(&["run", "--libos", &own, "--trace", DASH]);
    assert_eq!(code, 2);
    assert!(said.contains("an `impl LibOs` is wanted here"), "{said}");
}

#[test]
fn use_stamps_are_there_on_request_and_change_no_figure_of_a_policy_that_reads_none() {
    let without = json(&["--trace", DASH, "--libos", "fifo"]);
    let with = json(&["--trace", DASH, "--libos", "fifo", "--use-stamps"]);
    assert_ne!(without["digest"], with["digest"]);
    for key in ["references", "tlb_misses", "page_loads", "evictions"] {
        assert_eq!(without[key], with[key], "{key}");
    }
}
