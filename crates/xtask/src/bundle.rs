//! The editor of policies: bundled into one file, which the page loads when it has opened.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::inputs::hex;
use crate::node::Node;
use crate::places::Workspace;
use crate::process::Quiet;
use crate::shrink::integrity;

/// Puts the bundle into the page, and its name into `index.html`. Without it there is a plain text field.
pub fn add(workspace: &Workspace, node: &Node, page: &Path) -> Result<()> {
    let (name, bytes) = make(workspace, node, page, "main.js", "editor")?;
    let index = page.join("index.html");
    let html = fs::read_to_string(&index)?;
    let html = named(&html, &name, &integrity(&bytes)).context("index.html has no </head>")?;
    fs::write(&index, html)?;
    Ok(())
}

/// Bundles a file of `web/editor` and what it imports into one of the page, whose name begins with `title` and fits
/// its content: name and content.
pub fn make(
    workspace: &Workspace,
    node: &Node,
    page: &Path,
    source: &str,
    title: &str,
) -> Result<(String, Vec<u8>)> {
    let made = workspace.own_file(&format!("{title}.js"));
    let quiet = Quiet {
        doing: "bundling the page's scripts",
        log: &workspace.own_file("esbuild.log"),
        limit: None,
    };
    let mut bundle = node.run("esbuild/bin/esbuild");
    bundle
        .arg(workspace.root.join("web/editor").join(source))
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
        .args(["--legal-comments=eof", "--log-level=warning"])
        .arg(format!("--outfile={}", made.display()));
    quiet.run(&mut bundle)?;
    let bytes = fs::read(&made).with_context(|| format!("{} was not made", made.display()))?;
    let name = format!("{title}-{}.js", fingerprint(&bytes));
    fs::write(page.join(&name), &bytes)?;
    Ok((name, bytes))
}

/// Sixteen digits that differ where the content does.
pub fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

/// The page with the bundle's name at the end of its head.
fn named(html: &str, name: &str, integrity: &str) -> Option<String> {
    let (head, rest) = html.split_once("</head>")?;
    let meta = format!(
        "<meta name=\"editor-bundle\" content=\"./{name}\" data-integrity=\"{integrity}\">"
    );
    Some(format!("{head}{meta}</head>{rest}"))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_bundle_is_named_in_the_head_and_loaded_by_nobody_yet() {
        let html = named(
            "<head><title>t</title></head><body>",
            "editor-1.js",
            "sha384-x",
        )
        .unwrap();
        assert_eq!(
            html,
            "<head><title>t</title><meta name=\"editor-bundle\" content=\"./editor-1.js\" \
             data-integrity=\"sha384-x\"></head><body>"
        );
        assert_eq!(named("<p>", "a", "b"), None);
    }
}
