//! A toolchain directory with a standard library for Wasm, built from the source in Debian's packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::places::{self, Cache};
use crate::process::{self, Quiet};
use crate::report;
use crate::wasm_toolchain::WASM_TARGET;

/// Where Debian's packages put the compiler.
const DEBIANS_RUSTC: &str = "/usr/bin/rustc";
/// The name of the crate that is built for its dependencies.
const EMPTY_CRATE: &str = "nothing";
/// The file in a finished prefix that says which compiler it is for.
const STAMP: &str = "made-for";

/// A compiler outside rustup.
#[derive(Clone, Debug)]
pub struct Compiler {
    /// Its version, such as `1.96.0`.
    pub version: String,
    /// The triple of the machine.
    host: String,
    /// All that it says of itself.
    description: String,
}

impl Compiler {
    /// Debian's compiler, if it is installed together with the source of its standard library.
    pub fn find_debians() -> Result<Option<Self>> {
        let source = Path::new("/usr/lib/rustlib/src/rust/library/Cargo.lock");
        if !Path::new(DEBIANS_RUSTC).is_file() || !source.is_file() {
            return Ok(None);
        }
        let description = process::output(Command::new(DEBIANS_RUSTC).arg("-vV"))?;
        Self::from_description(description).map(Some)
    }

    /// A compiler by what `rustc -vV` says.
    fn from_description(description: String) -> Result<Self> {
        let field = |name: &str| {
            description
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(|value| value.trim().to_owned())
                .with_context(|| format!("`rustc -vV` says no `{name}`"))
        };
        Ok(Self {
            version: field("release:")?,
            host: field("host:")?,
            description,
        })
    }

    /// The directory of the toolchain for this compiler.
    fn prefix(&self, cache: &Cache) -> PathBuf {
        cache.join(format!("toolchains/wasm-{}", self.version))
    }

    /// Where this compiler keeps the libraries for its own machine.
    fn host_libraries(&self) -> PathBuf {
        Path::new("/usr/lib/rustlib").join(&self.host).join("lib")
    }
}

/// Whether the standard library for this compiler was built by an earlier run.
pub fn is_made(compiler: &Compiler, cache: &Cache) -> bool {
    fs::read_to_string(compiler.prefix(cache).join(STAMP))
        .is_ok_and(|stamp| stamp == compiler.description)
}

/// The toolchain directory for this compiler, made if it is missing, its links up to date.
pub fn ensure(compiler: &Compiler, cache: &Cache) -> Result<PathBuf> {
    let prefix = compiler.prefix(cache);
    if !is_made(compiler, cache) {
        let title = format!(
            "Building Rust's standard library for Wasm with rustc {}",
            compiler.version
        );
        report::step(&title, "once, about 1 minute", || {
            cache.fill(&prefix, |draft| make(compiler, draft, &prefix, cache))
        })?;
    }
    // The user's own toolchain lends its cargo and its linker, and may have moved since.
    for (link, original) in lent_programs(compiler, &prefix)? {
        if fs::read_link(&link).ok().as_ref() != Some(&original) {
            make_link(&original, &link)?;
        }
    }
    Ok(prefix)
}

/// Builds the library and lays the toolchain out in `draft`, as it will be at `prefix`.
fn make(compiler: &Compiler, draft: &Path, prefix: &Path, cache: &Cache) -> Result<()> {
    let build = draft.join("build");
    build_library(&build, cache)?;
    let libraries = draft.join("lib/rustlib").join(WASM_TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    let built = build.join("target").join(WASM_TARGET).join("release/deps");
    let count = move_libraries(&built, &libraries)?;
    if count == 0 {
        bail!(
            "building the standard library left nothing in {}",
            built.display()
        );
    }
    places::remove_directory(&build)?;
    make_link(
        &compiler.host_libraries(),
        &draft.join("lib/rustlib").join(&compiler.host).join("lib"),
    )?;
    for program in ["rustc", "rustdoc"] {
        write_script(&draft.join("bin").join(program), program, prefix)?;
    }
    fs::write(draft.join(STAMP), &compiler.description)?;
    Ok(())
}

/// Builds an empty crate together with the standard library.
fn build_library(build: &Path, cache: &Cache) -> Result<()> {
    fs::create_dir_all(build.join("src"))?;
    fs::write(build.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"{EMPTY_CRATE}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n"
    );
    fs::write(build.join("Cargo.toml"), manifest)?;
    let mut command = process::cargo();
    command
        .args(["build", "--quiet", "--release", "--target", WASM_TARGET])
        // `test` is for tests in the browser.
        .arg("-Zbuild-std=std,panic_abort,test")
        .current_dir(build)
        .env("CARGO_TARGET_DIR", build.join("target"))
        .env("RUSTC", DEBIANS_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Without the bitcode no later build can use link-time optimisation.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("LD_LIBRARY_PATH");
    let quiet = Quiet {
        doing: "building Rust's standard library for Wasm",
        log: &cache.log("standard-library"),
        limit: None,
    };
    quiet.run(&mut command)
}

/// Moves every library but the empty crate's; returns how many.
fn move_libraries(from: &Path, to: &Path) -> Result<usize> {
    let mut count = 0;
    let entries = from
        .read_dir()
        .with_context(|| format!("{} cannot be read", from.display()))?;
    for entry in entries {
        let name = entry?.file_name();
        if is_library(&name.to_string_lossy()) {
            fs::rename(from.join(&name), to.join(&name))?;
            count += 1;
        }
    }
    Ok(count)
}

/// Whether a file of this name belongs to the standard library.
fn is_library(name: &str) -> bool {
    name.ends_with(".rlib") && !name.starts_with(&format!("lib{EMPTY_CRATE}-"))
}

/// The programs that the user's own toolchain lends: where the link is to be, and what it is to name.
fn lent_programs(compiler: &Compiler, prefix: &Path) -> Result<[(PathBuf, PathBuf); 2]> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let sysroot = Path::new(sysroot.trim());
    let linker = Path::new("lib/rustlib")
        .join(&compiler.host)
        .join("bin/rust-lld");
    let programs = [PathBuf::from("bin/cargo"), linker];
    if let Some(missing) = programs.iter().find(|path| !sysroot.join(path).is_file()) {
        bail!(
            "the Rust toolchain at {} has no {}; use a stable toolchain of rustup's",
            sysroot.display(),
            missing.display()
        );
    }
    Ok(programs.map(|path| (prefix.join(&path), sysroot.join(&path))))
}

/// Writes a script that runs Debian's program with the toolchain's own libraries.
fn write_script(file: &Path, program: &str, prefix: &Path) -> Result<()> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    let sysroot = prefix.display().to_string().replace('\'', r"'\''");
    fs::write(
        file,
        format!("#!/bin/sh\nexec /usr/bin/{program} --sysroot '{sysroot}' \"$@\"\n"),
    )?;
    make_executable(file)
}

/// Lets everyone run the file.
#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        file,
        fs::Permissions::from_mode(0o755),
    )?)
}

/// Debian is a Unix.
#[cfg(not(unix))]
fn make_executable(_file: &Path) -> Result<()> {
    bail!("a toolchain from Debian's packages can be made on Debian only")
}

/// Makes a symbolic link, in the place of any older one.
#[cfg(unix)]
fn make_link(original: &Path, link: &Path) -> Result<()> {
    if let Some(directory) = link.parent() {
        fs::create_dir_all(directory)?;
    }
    if link.symlink_metadata().is_ok() {
        fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(original, link)
        .with_context(|| format!("{} cannot be made", link.display()))
}

/// Debian is a Unix.
#[cfg(not(unix))]
fn make_link(_original: &Path, _link: &Path) -> Result<()> {
    bail!("a toolchain from Debian's packages can be made on Debian only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_known_by_what_it_says() {
        let words =
            "rustc 1.96.0 (abc 2026-05-25)\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\n";
        let compiler = Compiler::from_description(words.to_owned()).unwrap();
        assert_eq!(compiler.version, "1.96.0");
        assert!(
            compiler
                .host_libraries()
                .ends_with("rustlib/x86_64-unknown-linux-gnu/lib")
        );
        assert!(Compiler::from_description("rustc".to_owned()).is_err());
    }

    #[test]
    fn only_the_standard_librarys_own_files_are_taken() {
        assert!(is_library("libstd-0123.rlib"));
        assert!(!is_library("libstd-0123.rmeta"));
        assert!(!is_library("libnothing-0123.rlib"));
    }
}
