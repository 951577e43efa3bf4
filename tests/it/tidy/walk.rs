//! Every source file of the project, tracked or not.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what tools made, or nothing of ours.
const SKIPPED: &[&str] = &["target", "dist", ".git", "node_modules", "pkg"];

/// A text file.
pub struct Source {
    /// Its path from the project's root, with `/`.
    pub path: String,
    pub text: String,
}

/// Where the project is checked out.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every text file below a folder of the project, in order of path.
pub fn files(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    gather(&root().join(folder), folder, &mut found);
    found.sort_by(|one, two| one.path.cmp(&two.path));
    assert!(!found.is_empty(), "nothing below {folder:?}");
    found
}

/// Every Rust file below a folder.
pub fn rust(folder: &str) -> Vec<Source> {
    let mut found = files(folder);
    found.retain(|it| it.path.ends_with(".rs"));
    found
}

/// Every Rust file below a folder that is no test's.
pub fn product(folder: &str) -> Vec<Source> {
    let mut found = rust(folder);
    found.retain(|it| {
        let path = format!("/{}", it.path);
        !path.contains("/tests/") && !path.ends_with("/tests.rs")
    });
    found
}

fn gather(folder: &Path, shown: &str, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{shown}/{name}").trim_start_matches('/').to_owned();
        if SKIPPED.contains(&name.as_str()) {
            continue; // in a second working tree `.git` is a file
        }
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            gather(&entry.path(), &path, found);
        } else if kind.is_file()
            && let Ok(bytes) = fs::read(entry.path())
            && let Ok(text) = String::from_utf8(bytes)
        {
            found.push(Source { path, text });
        }
    }
}

/// Complaints, one a line; none is what a test wants.
pub fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
