//! Running the command, and files for it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

pub const DASH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/dash.lackey.gz");

pub fn exo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo"));
    command.args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder of one test's own; it goes when the test does.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("exo-cli-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    pub fn file(&self, name: &str, contents: &[u8]) -> String {
        let path = self.0.join(name);
        fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A reference string of a textbook (OSTEP, chapter 22): of 11 references to four pages on three
/// frames, FIFO misses 7 and LRU 5.
pub const PAGE_NUMBERS: &str = "# pages\n0\n1\n2\n0\n1\n3\n0\n3\n1\n2\n1\n";

/// 6,000 records of a loop over forty pages, as lackey writes them.
pub fn loop_trace() -> String {
    let mut text = String::from("==1== Lackey, an example Valgrind tool\n");
    for number in 0..2000_u64 {
        let page = 0x4000 + number * 7 % 40;
        text.push_str(&format!("I  {:08x},4\n", 0x40_0000 + number % 64 * 4));
        text.push_str(&format!(
            " L {:010x},8\n",
            (page << 12) | (number % 512 * 8)
        ));
        let kind = if number % 2 == 0 { " S" } else { " M" };
        text.push_str(&format!("{kind} {:010x},8\n", page << 12));
    }
    text.push_str("==1== \n==1== Exit code: 0\n");
    text
}

/// Runs with `--json` and reads what was printed; nothing else may be on standard output.
pub fn json(arguments: &[&str]) -> Value {
    let output = exo(&[&["run", "--json"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "progress is for terminals only");
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn number(value: &Value, key: &str) -> u64 {
    value[key]
        .as_u64()
        .unwrap_or_else(|| panic!("{key} in {value}"))
}

/// What a run that must fail says, and its exit code; standard output is empty.
pub fn failure(arguments: &[&str]) -> (i32, String) {
    let output = exo(arguments);
    assert_eq!(text(&output.stdout), "");
    (
        output.status.code().unwrap(),
        text(&output.stderr).to_owned(),
    )
}
