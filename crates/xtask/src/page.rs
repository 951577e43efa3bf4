//! Building the page: Trunk makes it, then it is sealed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use xtask::headers;

use crate::bundle;
use crate::inputs::{self, Record};
use crate::offline;
use crate::places::Workspace;
use crate::process::{self, Quiet};
use crate::report;
use crate::seal;
use crate::setup::Kit;
use crate::shrink;

/// Builds the page, unless it is there and nothing has changed since; returns its directory.
pub fn build(workspace: &Workspace, kit: &Kit) -> Result<PathBuf> {
    let _lock = process::lock(&workspace.own_file("page.lock"), "building the page")?;
    let page = workspace.page();
    let file = workspace.own_file("page-record");
    let recorded = fs::read_to_string(&file)
        .ok()
        .and_then(|text| Record::parse(&text));
    let inputs = inputs::of_sources(&workspace.root, &kit.description())?;
    let current = Record {
        inputs: inputs.clone(),
        page: inputs::of_page(&page)?,
    };
    if recorded.as_ref() == Some(&current) {
        println!("The page is up to date");
        return Ok(page);
    }
    report::step("Building the page", "the first time some minutes", || {
        run_trunk(workspace, kit)?;
        if let Some(node) = kit.node() {
            shrink::shrink(workspace, node, &page)?;
            bundle::add(workspace, node, &page)?;
        }
        seal_page(workspace)
    })?;
    let record = Record {
        inputs,
        page: inputs::of_page(&page)?,
    };
    fs::write(&file, record.render())
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(page)
}

/// Fetches what the page is made of, and runs Trunk, which then needs no network.
fn run_trunk(workspace: &Workspace, kit: &Kit) -> Result<()> {
    process::output(process::cargo().arg("fetch").current_dir(&workspace.root))
        .context("The crates that the page is made of could not be fetched")?;
    let mut trunk = kit.wasm_command("trunk", workspace);
    trunk
        .args(["build", "--release", "--offline"])
        // Trunk takes `true` and `false` there, and stops at anything else.
        .env("NO_COLOR", "true")
        .current_dir(&workspace.root);
    let quiet = Quiet {
        doing: "building the page",
        log: &workspace.own_file("trunk.log"),
        limit: None,
    };
    quiet.run(&mut trunk)
}

/// Puts the policy into the page, and the headers and the service worker beside it.
fn seal_page(workspace: &Workspace) -> Result<()> {
    let page = workspace.page();
    let index = page.join("index.html");
    let html =
        fs::read_to_string(&index).with_context(|| format!("Trunk left no {}", index.display()))?;
    let sealed = match seal::seal(&html) {
        Ok(sealed) => sealed,
        Err(offences) => bail!(
            "The page cannot be sealed: its content security policy would break it. In {}:\n  {}",
            index.display(),
            offences.join("\n  ")
        ),
    };
    fs::write(
        page.join(headers::FILE_NAME),
        headers::render(&sealed.headers),
    )?;
    fs::write(&index, sealed.html)?;
    offline::write(&page)
}
