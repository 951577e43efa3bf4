//! A Rust toolchain that can build for Wasm: the user's own where rustup can complete it, else one of ours.
//!
//! rustup cannot download everywhere. Where it cannot, Debian's packages have a compiler and the source of its
//! standard library; a toolchain made of them is linked into rustup under a name of its own, beside the user's.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::places::{Cache, Workspace};
use crate::process::{self, Quiet};
use crate::report;
use crate::standard_library::{self, Compiler};

/// The target of every Wasm build.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Debian's packages for a Rust that is newer than the distribution.
const PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "libstd-rust-web-dev"];
/// How long rustup may try to download.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);

/// The toolchain for Wasm builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The one in use: it has the Wasm target.
    InUse,
    /// One that is linked into rustup under this name.
    Linked(String),
}

impl WasmToolchain {
    /// Makes a command use this toolchain, with a target directory that fits it.
    pub fn select(&self, command: &mut Command, workspace: &Workspace) {
        // cargo tells its children which cargo runs; a linked toolchain has its own.
        for name in ["CARGO", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
        match self {
            Self::InUse => command.env("CARGO_TARGET_DIR", &workspace.target),
            Self::Linked(name) => command
                .env("RUSTUP_TOOLCHAIN", name)
                // Two compilers in one directory would undo each other's work.
                .env("CARGO_TARGET_DIR", workspace.target.join("wasm")),
        };
    }
}

/// Finds a toolchain that builds for Wasm, or makes one.
pub fn ensure(cache: &Cache) -> Result<WasmToolchain> {
    if has_wasm() {
        return Ok(WasmToolchain::InUse);
    }
    if let Some(name) = find_linked(cache)? {
        return Ok(WasmToolchain::Linked(name));
    }
    let Err(refusal) = add_target(cache) else {
        return Ok(WasmToolchain::InUse);
    };
    if !debian::is_debian() {
        bail!(
            "{refusal:#}\n\nWithout rustup's download the standard library for {WASM_TARGET} is made from Debian's \
             packages, and this machine has no apt-get. Run this where rustup can download, or install your \
             distribution's package of Rust's standard library for {WASM_TARGET}"
        );
    }
    println!(
        "  rustup could not: the standard library for Wasm is made from Debian's packages instead"
    );
    debian::install(&PACKAGES, "building for Wasm", cache)?;
    let compiler = Compiler::find_debians()?
        .context("Debian's packages are installed, but their compiler does not run")?;
    link(&compiler, cache).map(WasmToolchain::Linked)
}

/// Whether the toolchain in use has the standard library for Wasm.
fn has_wasm() -> bool {
    process::output(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]))
    .is_ok_and(|path| has_core(Path::new(path.trim())))
}

/// Whether this directory has Rust's core library.
fn has_core(directory: &Path) -> bool {
    directory.read_dir().is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
    })
}

/// Asks rustup for the target.
fn add_target(cache: &Cache) -> Result<()> {
    let title = format!("Adding Rust's target {WASM_TARGET}");
    report::step(&title, "once, some seconds", || {
        let quiet = Quiet {
            doing: "asking rustup for the Wasm target",
            log: &cache.log("rustup-target"),
            limit: Some(DOWNLOAD_LIMIT),
        };
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", WASM_TARGET]);
        quiet.run(&mut rustup)?;
        if !has_wasm() {
            bail!("rustup added {WASM_TARGET}, but the compiler in use does not have it");
        }
        Ok(())
    })
}

/// The name of the linked toolchain, if it was made by an earlier run and still fits the machine.
fn find_linked(cache: &Cache) -> Result<Option<String>> {
    let Some(compiler) = Compiler::find_debians()? else {
        return Ok(None);
    };
    if !standard_library::is_made(&compiler, cache) {
        return Ok(None);
    }
    link(&compiler, cache).map(Some)
}

/// Makes what is missing of the linked toolchain, links it, and returns its name.
fn link(compiler: &Compiler, cache: &Cache) -> Result<String> {
    let prefix = standard_library::ensure(compiler, cache)?;
    let name = format!("exokernel-wasm-{}", compiler.version);
    if sysroot_of(&name).is_none_or(|sysroot| Path::new(&sysroot) != prefix) {
        let mut rustup = Command::new("rustup");
        rustup.args(["toolchain", "link", &name]).arg(&prefix);
        process::output(&mut rustup)
            .context("The toolchain for Wasm could not be linked into rustup")?;
        println!(
            "Linked the toolchain {name} into rustup (`rustup toolchain uninstall {name}` undoes it)"
        );
    }
    Ok(name)
}

/// Where the toolchain of this name looks for its libraries, if there is one.
fn sysroot_of(name: &str) -> Option<String> {
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--print", "sysroot"])
        .env("RUSTUP_TOOLCHAIN", name)
        .env("RUSTUP_AUTO_INSTALL", "0");
    let sysroot = process::output(&mut rustc).ok()?;
    Some(sysroot.trim().to_owned())
}
