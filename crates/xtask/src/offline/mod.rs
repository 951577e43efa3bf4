//! The page without a network: the service worker, with the list of the files that were built.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use xtask::headers;

use crate::inputs::hex;

/// The worker's name beside the page; `web/src/driver/offline.rs` registers it.
const FILE_NAME: &str = "sw.js";
/// What the name of the program's later part begins with: it is kept when it is first fetched.
pub const LATER: &str = "exo-later";
/// What the worker is made of.
const SOURCE: &str = include_str!("worker.js");

/// Writes the worker of the built page. Its version is a hash of all files, so that it changes exactly
/// when one of them does.
pub fn write(page: &Path) -> Result<()> {
    let files = files(page)?;
    fs::write(page.join(FILE_NAME), render(&files))
        .with_context(|| format!("{FILE_NAME} cannot be written"))
}

/// The page's files in order, each with its hash; the page itself is `./`.
fn files(page: &Path) -> Result<Vec<(String, String)>> {
    let mut names = Vec::new();
    gather(page, "", &mut names)?;
    names.sort();
    let kept = names
        .into_iter()
        .filter(|name| name != headers::FILE_NAME && name != FILE_NAME);
    kept.map(|name| {
        let bytes = fs::read(page.join(&name)).with_context(|| format!("{name} cannot be read"))?;
        let path = if name == "index.html" {
            "./".to_owned()
        } else {
            name
        };
        Ok((path, hex(&Sha256::digest(bytes))))
    })
    .collect()
}

fn gather(directory: &Path, before: &str, names: &mut Vec<String>) -> Result<()> {
    let entries = directory
        .read_dir()
        .with_context(|| format!("{} cannot be read", directory.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn render(files: &[(String, String)]) -> String {
    let is_later = |it: &&(String, String)| it.0.starts_with(LATER);
    let first = list(files.iter().filter(|it| !is_later(it)));
    let later = list(files.iter().filter(is_later));
    let version = hex(&Sha256::digest(format!("{first}{later}")));
    SOURCE
        .replace("__VERSION__", &version[..16])
        .replace("__FILES__", &first)
        .replace("__LATER__", &later)
}

/// Names with their hashes, as a list of JavaScript.
fn list<'run>(files: impl Iterator<Item = &'run (String, String)>) -> String {
    let rows: Vec<String> = files
        .map(|(name, hash)| format!("  [{}, \"{hash}\"],\n", quoted(name)))
        .collect();
    format!("[\n{}]", rows.concat())
}

/// A text as one of JavaScript.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_lists_every_file_but_its_own_and_the_server_s() {
        let page = std::env::temp_dir().join(format!("xtask-offline-{}", std::process::id()));
        fs::create_dir_all(page.join("deep")).unwrap();
        for (name, text) in [
            ("index.html", "page"),
            ("deep/a.css", "css"),
            ("exo-later-1.wasm.xz", "later"),
            ("_headers", "/*"),
        ] {
            fs::write(page.join(name), text).unwrap();
        }
        write(&page).unwrap();
        let first = fs::read_to_string(page.join(FILE_NAME)).unwrap();
        write(&page).unwrap();
        let again = fs::read_to_string(page.join(FILE_NAME)).unwrap();
        fs::write(page.join("deep/a.css"), "other").unwrap();
        write(&page).unwrap();
        let changed = fs::read_to_string(page.join(FILE_NAME)).unwrap();
        fs::remove_dir_all(&page).unwrap();
        let hash = hex(&Sha256::digest("page"));
        assert!(first.contains(&format!("[\"./\", \"{hash}\"]")), "{first}");
        assert!(first.contains("[\"deep/a.css\", "));
        let (_, at_once) = first.split_once("const FILES").unwrap();
        let (at_once, later) = at_once.split_once("const LATER").unwrap();
        assert!(
            at_once.contains("a.css") && !at_once.contains("exo-later-1"),
            "{first}"
        );
        assert!(later.contains("[\"exo-later-1.wasm.xz\", "), "{first}");
        assert!(!first.contains("_headers") && !first.contains("[\"sw.js\""));
        assert_eq!(first, again);
        assert_ne!(first, changed);
        assert!(!first.contains("__"), "{first}");
    }
}
