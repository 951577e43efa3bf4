//! Setting up what is missing, and what was set up.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::browser::{self, Browser};
use crate::debian;
use crate::node::{self, Node};
use crate::places::{Cache, Workspace};
use crate::process::{self, Quiet};
use crate::report;
use crate::tools::{self, Tool};
use crate::wasm_toolchain::{self, WasmToolchain};

/// Everything that building the page needs.
#[derive(Clone, Debug)]
pub struct Kit {
    toolchain: WasmToolchain,
    directories: Vec<PathBuf>,
    node: Option<Node>,
}

impl Kit {
    /// A command that builds for Wasm: its tools come first on PATH, its toolchain is the right one.
    pub fn wasm_command(&self, program: &str, workspace: &Workspace) -> Command {
        let path = env::var_os("PATH").unwrap_or_default();
        let all = self
            .directories
            .iter()
            .cloned()
            .chain(env::split_paths(&path));
        // A directory whose name has the separator in it cannot be on PATH; such a one was never found there.
        let path = env::join_paths(all).unwrap_or(path.clone());
        let program = self
            .directories
            .iter()
            .map(|directory| directory.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
            .find(|file| file.is_file())
            .unwrap_or_else(|| program.into());
        let mut command = Command::new(program);
        command.env("PATH", path);
        self.toolchain.select(&mut command, workspace);
        command
    }

    /// Node.js with the editor's packages, where it can be had.
    pub fn node(&self) -> Option<&Node> {
        self.node.as_ref()
    }

    /// What the kit is, for a page to be rebuilt when it changes.
    pub fn description(&self) -> String {
        format!("{self:?}")
    }
}

/// Sets up what building the page needs. Without Node.js there is a page too, and a sentence that says what it
/// lacks.
pub fn for_page(workspace: &Workspace, cache: &Cache) -> Result<Kit> {
    let _lock = cache.lock()?;
    let node = node::ensure(workspace, cache)
        .inspect_err(|error| println!("{}", without_node(error)))
        .ok();
    set_up(cache, &[&tools::WASM_BINDGEN], node)
}

/// What the page lacks for want of Node.js.
fn without_node(error: &anyhow::Error) -> String {
    format!(
        "The page is built without Node.js: its editor is a plain text field, and its program is larger and in one piece.\n  \
         The reason: {error:#}"
    )
}

/// Sets up what the tests need: that too, and a browser.
pub fn for_tests(workspace: &Workspace, cache: &Cache) -> Result<(Kit, Browser)> {
    let _lock = cache.lock()?;
    ensure_components(cache)?;
    // Without it the verdicts of libpcap that are written down are compared with, and not found anew.
    if debian::is_debian() && process::find_on_path("tcpdump").is_none() {
        debian::install(&["tcpdump"], "comparing packet filters with libpcap", cache)?;
    }
    // Without it only our own reader looks at the captures that are written.
    if debian::is_debian() && process::find_on_path("tshark").is_none() {
        debian::install(&["tshark"], "reading captures with Wireshark", cache)?;
    }
    let browser = browser::ensure(cache)?;
    let node = node::ensure(workspace, cache)
        .context("The tests need Node.js: they try the editor, and hold the page to its size")?;
    let kit = set_up(
        cache,
        &[&tools::WASM_BINDGEN, &tools::WASM_PACK],
        Some(node),
    )?;
    Ok((kit, browser))
}

/// Sets up a toolchain and these tools.
fn set_up(cache: &Cache, tools: &[&Tool], node: Option<Node>) -> Result<Kit> {
    Ok(Kit {
        toolchain: wasm_toolchain::ensure(cache)?,
        directories: tools::ensure(tools, cache)?,
        node,
    })
}

/// Makes sure that the toolchain has a formatter and a linter: rustup's smallest profile has neither.
fn ensure_components(cache: &Cache) -> Result<()> {
    let missing: Vec<&str> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, subcommand)| {
            process::output(process::cargo().args([subcommand, "--version"])).is_err()
        })
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let title = format!("Adding {} to the Rust toolchain", missing.join(" and "));
    report::step(&title, "once, some seconds", || {
        let quiet = Quiet {
            doing: "asking rustup for components",
            log: &cache.log("rustup-component"),
            limit: None,
        };
        quiet.run(
            Command::new("rustup")
                .args(["component", "add"])
                .args(&missing),
        )
    })
    .context("The tests need rustfmt and clippy")
}
