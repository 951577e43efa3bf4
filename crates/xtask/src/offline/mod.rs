//! The page without a network: the service worker, with the list of the files that were built.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use xtask::headers;

use crate::inputs::hex;

/// The worker's name beside the page; `web/src/driver/offline.rs` registers it.
const FILE_NAME: &str = "sw.js";
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
    let rows: Vec<String> = files
        .iter()
        .map(|(name, hash)| format!("[{}, \"{hash}\"]", quoted(name)))
        .collect();
    let list = format!("[\n  {},\n]", rows.join(",\n  "));
    let version = hex(&Sha256::digest(&list));
    SOURCE
        .replace("__VERSION__", &version[..16])
        .replace("__FILES__", &list)
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
        assert!(!first.contains("_headers") && !first.contains("[\"sw.js\""));
        assert_eq!(first, again);
        assert_ne!(first, changed);
        assert!(!first.contains("__"), "{first}");
    }
}
