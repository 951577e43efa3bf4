//! `exo check` and `exo format`.

use std::fs;

use crate::support::{Folder, exo, text};

const POLICY: &str = "\
use exo_prelude::*;

pub struct P {}

impl P {
    pub const fn new() -> P {
        P {}
    }
}

impl LibOs for P {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let unread = 1;
        sys.tlb_drop(fault.page)
    }
}
";

#[test]
fn a_file_is_checked_with_errors_and_warnings_and_an_exit_code() {
    let folder = Folder::new();
    let good = folder.file("good.rs", POLICY.as_bytes());
    let output = exo(&["check", &good]);
    assert!(output.status.success());
    let said = text(&output.stdout);
    assert!(said.ends_with("good.rs:13:13: warning[unused_variables]: unused variable: `unread`; help: if this is intentional, prefix it with an underscore: `_unread`\n"), "{said}");

    let bad = folder.file("bad.rs", POLICY.replace("= 1;", "= true + 1").as_bytes());
    let output = exo(&["check", &bad, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    let value: serde_json::Value = serde_json::from_str(said.trim()).expect("one object");
    assert_eq!(
        (&value["severity"], &value["line"]),
        (&"error".into(), &13.into())
    );
    assert_eq!(value["hint"], "end the statement before with `;`");
    let output = exo(&["check", "no-such-file.rs"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_file_is_formatted_in_place_or_only_looked_at() {
    let folder = Folder::new();
    let mangled = POLICY.replace("    ", "").replace("\n}", "}");
    let file = folder.file("mangled.rs", mangled.as_bytes());
    let path = file.as_str();
    assert_eq!(exo(&["format", path, "--check"]).status.code(), Some(1));
    assert_eq!(fs::read_to_string(&file).expect("a file"), mangled);
    assert!(exo(&["format", path]).status.success());
    assert_eq!(fs::read_to_string(&file).expect("a file"), POLICY);
    assert!(exo(&["format", path, "--check"]).status.success());
    let broken = folder.file("broken.rs", "fn f( {".as_bytes());
    let output = exo(&["format", &broken]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&broken).expect("a file"), "fn f( {");
}
