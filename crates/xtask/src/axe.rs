//! axe-core, which looks for what assistive technology cannot use: for the tests only, from npm.
//!
//! The one engine of its kind that browsers' own tools use as well; MPL-2.0, 10 years old, no
//! dependencies. It lies in the cache and in nothing that is built.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::places::Cache;
use crate::process::{self, Quiet};
use crate::report;

/// The version, exactly.
const VERSION: &str = "4.14.1";
/// How npm is called.
#[cfg(windows)]
const NPM: &str = "npm.cmd";
#[cfg(not(windows))]
const NPM: &str = "npm";

/// The script that a page is looked at with, fetched if it is missing. `EXO_AXE` names another one.
pub fn ensure(cache: &Cache) -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("EXO_AXE") {
        return Ok(chosen.into());
    }
    let place = cache.join(format!("tools/axe-core-{VERSION}"));
    let script = place.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        let title = format!("Fetching axe-core {VERSION}");
        report::step(&title, "once, some seconds", || fetch(cache, &place))
            .context(
                "The tests look at every screen with axe-core, which comes from npm: install Node.js with npm \
                 (Debian: nodejs npm), or name a copy of axe.min.js in EXO_AXE",
            )?;
    }
    if !script.is_file() {
        bail!("npm left no {}", script.display());
    }
    Ok(script)
}

fn fetch(cache: &Cache, place: &Path) -> Result<()> {
    if process::find_on_path("npm").is_none() && process::find_on_path(NPM).is_none() {
        bail!("npm was not found on PATH");
    }
    cache.fill(place, |draft| {
        let mut npm = Command::new(NPM);
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
            .arg("--prefix")
            .arg(draft)
            .arg(format!("axe-core@{VERSION}"));
        let quiet = Quiet {
            doing: "fetching axe-core",
            log: &cache.log("axe-core"),
            limit: None,
        };
        quiet.run(&mut npm)
    })
}
