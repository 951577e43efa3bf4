//! Scripts with what they import, each bundled into one file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::node::Node;
use crate::places::Workspace;
use crate::process::Quiet;

/// Bundles a script and what it imports.
///
/// # Errors
/// The bundler failed.
pub fn bundle(workspace: &Workspace, node: &Node, script: &Path) -> Result<Vec<u8>> {
    let made = workspace.own_file("bundle.js");
    let quiet = Quiet {
        doing: "bundling the page's scripts",
        log: &workspace.own_file("esbuild.log"),
        limit: None,
    };
    let mut bundle = node.run("esbuild/bin/esbuild");
    bundle
        .arg(script)
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
        .args(["--legal-comments=eof", "--log-level=warning"])
        .arg(format!("--outfile={}", made.display()));
    quiet.run(&mut bundle)?;
    fs::read(&made).with_context(|| format!("{} was not made", made.display()))
}
