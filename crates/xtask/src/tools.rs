//! The tools that build and test the page, at exact versions, in the user's cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::places::{self, Cache};
use crate::process::{self, Quiet};
use crate::report;

/// A program from crates.io.
pub struct Tool {
    /// The package's name.
    package: &'static str,
    /// The version, exactly.
    version: &'static str,
    /// The programs in it that are used.
    programs: &'static [&'static str],
    /// What `cargo install` is told besides.
    arguments: &'static [&'static str],
    /// How long a newcomer waits.
    expectation: &'static str,
}

/// Makes the JavaScript side of a Wasm module. Its version is the `wasm-bindgen` library's.
///
/// Not `--locked`: its lock file names a version of a crate that is no longer to be had.
pub const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    arguments: &[],
    expectation: "once, about 2 minutes",
};

/// Runs tests in a browser.
pub const WASM_PACK: Tool = Tool {
    package: "wasm-pack",
    version: "0.15.1",
    programs: &["wasm-pack"],
    arguments: &["--locked"],
    expectation: "once, about 1 minute",
};

/// Where each tool is, after those that are missing were installed.
pub fn ensure(tools: &[&Tool], cache: &Cache) -> Result<Vec<PathBuf>> {
    // Shared, so that what two tools have in common is compiled once.
    let target = cache.join("install-target");
    let directories: Result<Vec<PathBuf>> = tools
        .iter()
        .map(|tool| match tool.find(cache) {
            Some(directory) => Ok(directory),
            None => tool.install(cache, &target),
        })
        .collect();
    places::remove_directory(&target)?;
    directories
}

impl Tool {
    /// The directory with this tool's programs, if some directory has them in the right version.
    fn find(&self, cache: &Cache) -> Option<PathBuf> {
        let on_path = process::find_on_path(self.programs[0])
            .and_then(|program| program.parent().map(Path::to_path_buf));
        let installed = self.home(cache).join("bin");
        [Some(installed), on_path]
            .into_iter()
            .flatten()
            .find(|directory| self.is_in(directory))
    }

    /// Where this tool is installed to.
    fn home(&self, cache: &Cache) -> PathBuf {
        cache.join(format!("tools/{}-{}", self.package, self.version))
    }

    /// Whether the directory has all its programs, they run, and say the right version.
    fn is_in(&self, directory: &Path) -> bool {
        self.programs.iter().all(|program| {
            let file = directory.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
            file.is_file()
                && process::output(Command::new(file).arg("--version").env_remove("NO_COLOR"))
                    .is_ok_and(|words| says_version(&words, self.version))
        })
    }

    /// Builds the tool and puts it into the cache.
    fn install(&self, cache: &Cache, target: &Path) -> Result<PathBuf> {
        let name = format!("{} {}", self.package, self.version);
        let home = self.home(cache);
        report::step(
            &format!("Building the tool {name}"),
            self.expectation,
            || cache.fill(&home, |draft| self.run_install(draft, target, cache)),
        )
        .with_context(|| {
            format!("The tool {name} could not be installed; crates.io must be reachable for that")
        })?;
        let directory = home.join("bin");
        if !self.is_in(&directory) {
            bail!(
                "{name} was installed to {}, but does not run",
                directory.display()
            );
        }
        Ok(directory)
    }

    /// Runs `cargo install`. The build is a quick one: the newcomer's wait for it counts most.
    fn run_install(&self, root: &Path, target: &Path, cache: &Cache) -> Result<()> {
        let mut command = process::cargo();
        command
            .args(["install", "--debug", "--quiet", "--root"])
            .arg(root)
            .args(self.arguments)
            .arg(format!("{}@{}", self.package, self.version))
            .current_dir(root)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        let quiet = Quiet {
            doing: &format!("building {}", self.package),
            log: &cache.log(self.package),
            limit: None,
        };
        quiet.run(&mut command)
    }
}

/// Whether the output of `--version` names this version.
fn says_version(output: &str, version: &str) -> bool {
    output.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exactly_the_right_version_will_do() {
        assert!(says_version("wasm-pack 0.15.1\n", "0.15.1"));
        assert!(says_version("wasm-bindgen 0.2.130 (abc)", "0.2.130"));
        assert!(!says_version("wasm-bindgen 0.2.13", "0.2.130"));
        assert!(!says_version("wasm-pack 0.15.1-beta.1", "0.15.1"));
        assert!(!says_version("", "0.21.14"));
    }
}
