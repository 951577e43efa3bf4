//! The page's program, made smaller by binaryen's optimiser, which Rust's compiler does not replace.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384};

use crate::node::Node;
use crate::places::Workspace;
use crate::process::Quiet;

/// What browsers have had for years, and Rust's compiler uses: without them the optimiser refuses the program.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Chosen by measuring (`docs/page.md`): the smallest at which the machine is not slower.
const LEVEL: &str = "-Os";

/// Replaces the program that Trunk left in the page by a smaller one, under a name that fits its content.
pub fn shrink(workspace: &Workspace, node: &Node, page: &Path) -> Result<()> {
    let old = program_in(page)?;
    let new = page.join("shrunk.wasm");
    let quiet = Quiet {
        doing: "optimising the page's program",
        log: &workspace.own_file("wasm-opt.log"),
        limit: None,
    };
    let mut optimise = node.run("binaryen/bin/wasm-opt");
    optimise
        .args(FEATURES)
        .arg(LEVEL)
        .arg(&old)
        .arg("-o")
        .arg(&new);
    quiet.run(&mut optimise)?;
    let bytes = fs::read(&new).with_context(|| format!("{} was not made", new.display()))?;
    let name = named(&bytes);
    let index = page.join("index.html");
    let html = fs::read_to_string(&index)?;
    let html = renamed(&html, &file_name(&old), &fs::read(&old)?, &name, &bytes)?;
    fs::rename(&new, page.join(&name))?;
    fs::remove_file(&old)?;
    fs::write(&index, html)?;
    Ok(())
}

/// The one program in the page.
fn program_in(page: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in page.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "wasm") {
            found.push(path);
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => bail!(
            "There are {} programs in {}, not one",
            found.len(),
            page.display()
        ),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The name of a program with this content.
fn named(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hash: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("exo-web-{hash}_bg.wasm")
}

/// What a browser compares a file with before it uses it.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// The page with one program's name and fingerprint in place of another's.
fn renamed(html: &str, old: &str, old_bytes: &[u8], new: &str, new_bytes: &[u8]) -> Result<String> {
    let (before, after) = (integrity(old_bytes), integrity(new_bytes));
    if !html.contains(old) || !html.contains(&before) {
        bail!("index.html does not name {old} with its fingerprint");
    }
    Ok(html.replace(old, new).replace(&before, &after))
}

#[cfg(test)]
mod tests {
    use super::{integrity, named, renamed};

    #[test]
    fn the_page_names_the_new_program_with_its_fingerprint() {
        let html = format!(
            "<link href=./a.wasm integrity={}>start('./a.wasm')",
            integrity(b"a")
        );
        let now = renamed(&html, "a.wasm", b"a", "b.wasm", b"b").unwrap();
        let expected = format!(
            "<link href=./b.wasm integrity={}>start('./b.wasm')",
            integrity(b"b")
        );
        assert_eq!(now, expected);
        assert!(renamed(&html, "a.wasm", b"other", "b.wasm", b"b").is_err());
        assert!(renamed("<p>", "a.wasm", b"a", "b.wasm", b"b").is_err());
    }

    #[test]
    fn another_content_has_another_name() {
        assert_ne!(named(b"a"), named(b"b"));
        assert_eq!(named(b"a"), named(b"a"));
    }
}
