//! Formatting: what rustfmt would print, byte by byte, with the tokens left alone.

use std::io::Write;
use std::process::{Command, Stdio};

use exo_policy::services::format;

fn rustfmt(source: &str) -> String {
    let mut child = Command::new(std::env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into()))
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt can be run");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(source.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "rustfmt refused\n{source}");
    String::from_utf8(output.stdout).expect("text")
}

/// Every policy with its first table, and every table by itself.
fn samples() -> Vec<(&'static str, &'static str)> {
    let policies = exo_libos_samples::SAMPLES.iter();
    let tables = exo_libos_samples::TABLES.iter();
    policies
        .map(|sample| (sample.name, sample.source))
        .chain(tables.map(|table| (table.name, table.source)))
        .collect()
}

fn ours(name: &str, source: &str) -> String {
    let formatted = format(source).unwrap_or_else(|errors| panic!("{name}: {}", errors[0]));
    assert_eq!(
        format(&formatted).as_deref(),
        Ok(&*formatted),
        "{name} again"
    );
    formatted
}

#[track_caller]
fn assert_same(name: &str, found: &str, wanted: &str) {
    if found != wanted {
        let differs = found.lines().zip(wanted.lines()).position(|(a, b)| a != b);
        let at = differs.unwrap_or(0).saturating_sub(2);
        let part = |text: &str| text.lines().skip(at).take(9).collect::<Vec<_>>().join("\n");
        panic!(
            "{name}: ours\n{}\n--- rustfmt\n{}",
            part(found),
            part(wanted)
        );
    }
}

#[test]
fn samples_are_formatted_already() {
    let parts = exo_libos_samples::parts().map(|part| (part.name, part.source));
    for (name, source) in samples().into_iter().chain(parts) {
        assert_same(name, &ours(name, source), source);
    }
}

/// A copy whose white space is another, comments and empty lines left.
fn mangled(source: &str, how: usize) -> String {
    let mut text = String::new();
    for line in source.lines() {
        let trimmed = line.trim();
        let comment = trimmed.contains("//");
        match how {
            0 => text.push_str(trimmed),
            1 => text.push_str(&format!("{}{trimmed}", " ".repeat(trimmed.len() % 7))),
            _ if comment || trimmed.is_empty() => text.push_str(trimmed),
            _ => {
                let spread = trimmed.replace(", ", " ,  ").replace(" = ", "  =\n");
                text.push_str(&spread);
            }
        }
        let joins = how == 3 && !comment && !trimmed.is_empty();
        text.push(if joins { ' ' } else { '\n' });
    }
    text
}

#[test]
fn mangled_samples_are_formatted_as_rustfmt_does_it() {
    for (name, source) in samples() {
        for how in 0..4 {
            let copy = mangled(source, how);
            let name = format!("{name}, mangled {how}");
            assert_same(&name, &ours(&name, &copy), &rustfmt(&copy));
        }
    }
}

/// Statements of all kinds, too long, too short and with comments, in one line each.
const LAYOUTS: &str = include_str!("layouts.txt");
/// Functions that these rules do not lay out.
const LEFT: &str = include_str!("left.txt");

#[test]
fn every_layout_of_the_subset_is_that_of_rustfmt() {
    assert_same("layouts", &ours("layouts", LAYOUTS), &rustfmt(LAYOUTS));
}

#[test]
fn what_is_beyond_these_rules_is_left_as_it_is() {
    let around = |text: &str| format!("fn before() {{}}\n{text}fn after() {{}}\n");
    assert_ne!(rustfmt(LEFT), LEFT);
    assert_same("left", &ours("left", &around(LEFT)), &around(LEFT));
}

#[test]
fn the_compiler_itself_is_formatted_already() {
    // Not the subset, so not all of it is laid out: but nothing is laid out in another way.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a text");
        let name = path.display().to_string();
        assert_same(&name, &format(&source).expect(&name), &source);
        files += 1;
    }
    assert!(files > 10);
}

#[test]
fn formatting_changes_no_program() {
    for (name, source) in samples() {
        let (Ok(before), copy) = (exo_policy::compile(source), mangled(source, 2)) else {
            continue;
        };
        let after = exo_policy::compile(&ours(name, &copy)).expect(name);
        assert_eq!(before, after, "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_not_formatted() {
    for source in ["fn f( {}", "fn f() { let }", "struct S { a }"] {
        assert!(!format(source).expect_err(source).is_empty());
    }
    assert_eq!(format("").as_deref(), Ok(""));
    assert_eq!(format("// alone").as_deref(), Ok("// alone\n"));
    let deep = format!(
        "fn f() {{ {}1{} }}",
        "{ let x = ".repeat(18),
        " }; }".repeat(18)
    );
    let _ = format(&deep);
}
