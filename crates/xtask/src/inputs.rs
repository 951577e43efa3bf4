//! Whether the built page is still what its sources would give.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// What the page is made from, and what seals it; a directory that is not there counts as empty.
const INPUTS: [&str; 13] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "core",
    "crates/net",
    "crates/peers",
    "crates/policy",
    "crates/prelude",
    "crates/session",
    "crates/xtask",
    "libos-samples",
    "static",
    "web",
];

/// The fingerprints of a build: of what went in, and of what came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of the sources and the tools.
    pub inputs: String,
    /// Of the built page.
    pub page: String,
}

impl Record {
    /// The record as text.
    pub fn render(&self) -> String {
        format!("inputs {}\npage {}\n", self.inputs, self.page)
    }

    /// The record in a text, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (inputs, page) = text.strip_prefix("inputs ")?.split_once("\npage ")?;
        Some(Self {
            inputs: inputs.to_owned(),
            page: page.strip_suffix('\n')?.to_owned(),
        })
    }
}

/// The fingerprint of the sources below `root`, and of these words about the tools.
pub fn of_sources(root: &Path, tools: &str) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(tools);
    for input in INPUTS {
        add(&mut hash, root, Path::new(input))?;
    }
    Ok(hex(&hash.finalize()))
}

/// The fingerprint of the built page.
pub fn of_page(page: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    add(&mut hash, page, Path::new(""))?;
    Ok(hex(&hash.finalize()))
}

/// Adds a file, or a directory and all that is in it, by name and content.
fn add(hash: &mut Sha256, root: &Path, relative: &Path) -> Result<()> {
    let path = root.join(relative);
    if path.is_dir() {
        for name in sorted_names(&path)? {
            add(hash, root, &relative.join(name))?;
        }
    } else if path.is_file() {
        let content =
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        // With its length, so that no two trees give the same bytes.
        hash.update(format!("\n{} {}\n", relative.display(), content.len()));
        hash.update(&content);
    }
    Ok(())
}

/// The names in a directory, in an order that does not depend on the disk.
fn sorted_names(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries: std::io::Result<Vec<PathBuf>> = directory
        .read_dir()
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name().into())).collect());
    let mut names = entries.with_context(|| format!("{} cannot be read", directory.display()))?;
    names.sort();
    Ok(names)
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back() {
        let record = Record {
            inputs: "a1".to_owned(),
            page: "b2".to_owned(),
        };
        assert_eq!(Record::parse(&record.render()), Some(record));
    }

    #[test]
    fn half_a_record_is_none() {
        for text in ["", "inputs a1\n", "inputs a1\npage b2", "page b2\n"] {
            assert_eq!(Record::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_fingerprint_follows_sources_and_tools_and_nothing_else() {
        let root = std::env::temp_dir().join(format!("xtask-inputs-{}", std::process::id()));
        fs::create_dir_all(root.join("web/src")).unwrap();
        fs::create_dir_all(root.join("target")).unwrap();
        let of = |file: &str, text: &str, tools: &str| {
            fs::write(root.join(file), text).unwrap();
            of_sources(&root, tools).unwrap()
        };
        let first = of("web/src/main.rs", "fn main() {}", "one");
        let same = of("target/out", "built", "one");
        let edited = of("web/src/main.rs", "fn main() { }", "one");
        let retooled = of("web/src/main.rs", "fn main() {}", "two");
        let moved = of("web/src/other.rs", "", "one");
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(first, same);
        for other in [edited, retooled, moved] {
            assert_ne!(first, other);
        }
    }
}
