//! Node.js, and the packages from npm that the page is built with: the editor's bundler and the optimiser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::debian;
use crate::inputs::hex;
use crate::places::{Cache, Workspace};
use crate::process::{self, Quiet};
use crate::report;

/// The oldest Node.js that the packages run on.
const OLDEST: u32 = 18;
/// Where the packages are listed, below the checkout.
const HOME: &str = "web/editor";
/// What says which packages are wanted, and how npm fetches them.
const LISTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// Node.js with the packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    program: PathBuf,
    modules: PathBuf,
}

impl Node {
    /// A command that runs a program of a package: `esbuild/bin/esbuild`.
    pub fn run(&self, program: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(self.modules.join(program))
            // Where a bundler finds packages that are not beside what it bundles.
            .env("NODE_PATH", &self.modules);
        command
    }
}

/// Finds Node.js, or installs it, and fetches the packages if they changed.
///
/// # Errors
/// A sentence that says what to install, or why the packages could not be fetched.
pub fn ensure(workspace: &Workspace, cache: &Cache) -> Result<Node> {
    let (program, npm) = match find() {
        Some(found) => found,
        None => install(cache)?,
    };
    let home = workspace.root.join(HOME);
    let place = cache.join(format!("npm/{}", fingerprint(&home)?));
    let modules = place.join("node_modules");
    if !modules.is_dir() {
        report::step(
            "Fetching the editor's and the optimiser's packages with npm",
            "once, about a minute",
            || cache.fill(&place, |draft| fetch(&npm, &home, draft, cache)),
        )
        .context("The packages could not be fetched; npm's registry must be reachable for that")?;
    }
    Ok(Node { program, modules })
}

/// Node.js and npm, if both are there and new enough.
fn find() -> Option<(PathBuf, PathBuf)> {
    let (node, npm) = (
        process::find_on_path("node")?,
        process::find_on_path("npm")?,
    );
    let version = process::output(Command::new(&node).arg("--version")).ok()?;
    (major(&version)? >= OLDEST).then_some((node, npm))
}

/// The first number of a version: 20 of `v20.1.0`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Installs both where that can be done.
fn install(cache: &Cache) -> Result<(PathBuf, PathBuf)> {
    let wanted = format!("Node.js {OLDEST} or newer, with npm");
    if !debian::is_debian() {
        bail!("Install {wanted}: from nodejs.org, or with your system's packages");
    }
    debian::install(&["nodejs", "npm"], "the page's editor and optimiser", cache)?;
    find().with_context(|| {
        format!("Debian's packages nodejs and npm are installed, but they are not {wanted}")
    })
}

/// What the lists say, in 16 digits.
fn fingerprint(home: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for name in LISTS {
        let file = home.join(name);
        let text = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        hash.update(format!("\n{name} {}\n", text.len()));
        hash.update(text);
    }
    Ok(hex(&hash.finalize()[..8]))
}

/// Fetches the packages into `draft`, exactly those of the lock file.
fn fetch(npm: &Path, home: &Path, draft: &Path, cache: &Cache) -> Result<()> {
    for name in LISTS {
        fs::copy(home.join(name), draft.join(name))
            .with_context(|| format!("{name} cannot be copied to {}", draft.display()))?;
    }
    let quiet = Quiet {
        doing: "fetching packages with npm",
        log: &cache.log("npm"),
        limit: None,
    };
    quiet.run(Command::new(npm).arg("ci").current_dir(draft))
}

#[cfg(test)]
mod tests {
    use super::{HOME, major};

    #[test]
    fn a_version_s_first_number_decides() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.1"), Some(8));
        assert_eq!(major("20.1"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn the_lock_file_names_no_host_that_it_was_made_at() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let lock = std::fs::read_to_string(root.join(HOME).join("package-lock.json")).unwrap();
        assert!(lock.contains("\"integrity\""));
        assert!(!lock.contains("\"resolved\""), "see web/editor/.npmrc");
        assert!(!lock.contains("registry"), "see web/editor/.npmrc");
    }
}
