//! `cargo xtask test`: every test, in an order that finds the cheap mistakes first.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::axe;
use crate::browser::Browser;
use crate::budget;
use crate::page;
use crate::places::{Cache, Workspace};
use crate::process;
use crate::report::duration_text;
use crate::safe;
use crate::setup::{self, Kit};

/// The stages so far, with the time that each took.
#[derive(Default)]
struct Stages {
    done: Vec<(&'static str, Duration)>,
}

impl Stages {
    /// Runs one more stage; an error says which stage failed.
    fn run<T>(&mut self, name: &'static str, action: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = action().with_context(|| {
            format!(
                "Stage {} of `cargo xtask test` failed: {name}",
                self.done.len() + 1
            )
        })?;
        self.done.push((name, start.elapsed()));
        Ok(result)
    }

    /// One line for each stage, and one for all.
    fn summary(&self) -> String {
        let widest = self
            .done
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        let lines: String = self
            .done
            .iter()
            .map(|(name, took)| format!("  {name:widest$}  {}\n", duration_text(*took)))
            .collect();
        let total = duration_text(self.done.iter().map(|(_, took)| *took).sum());
        format!("{lines}All {} stages passed, in {total}.", self.done.len())
    }
}

/// Sets up what is missing and runs every test; stops at the first stage that fails.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut stages = Stages::default();
    let cache = Cache::locate()?;
    let (kit, browser) = stages.run("Set-up", || setup::for_tests(workspace, &cache))?;
    let axe = stages.run("axe-core", || axe::ensure(&cache))?;
    stages.run("Format", || {
        host(workspace, &["fmt", "--all", "--check"]).context("`cargo fmt --all` puts it right")
    })?;
    stages.run("Lints", || lints(workspace))?;
    stages.run("Native tests", || host(workspace, &["test", "--workspace"]))?;
    stages.run("Compared with rustc", || compared_with_rustc(workspace))?;
    stages.run("Shown safe", || safe::run(workspace))?;
    // Each of the two keeps one processor busy most of the time.
    let page = stages.run("Mutants, and the page", || {
        let (noticed, page) =
            process::beside(|| safe::mutants(workspace), || page::build(workspace, &kit));
        noticed.and(page)
    })?;
    stages.run("Tests in the browser", || {
        browser_tests(workspace, &kit, &browser)
    })?;
    stages.run("The page's size", || budget::check(&page))?;
    stages.run("End to end", || {
        let mut test = end_to_end(workspace, &page, &browser);
        process::run_shown(test.arg("--nocapture").env("EXO_AXE", &axe))
    })?;
    println!("\n{}", stages.summary());
    Ok(())
}

/// Builds the page and measures it in the browser.
///
/// # Errors
/// The set-up or the build failed, or the page did not do what is measured.
pub fn bench_page(workspace: &Workspace) -> Result<()> {
    let (kit, browser) = setup::for_tests(workspace, &Cache::locate()?)?;
    let page = page::build(workspace, &kit)?;
    let mut figures = end_to_end(workspace, &page, &browser);
    process::run_shown(figures.args(["--ignored", "--nocapture", "figures::"]))
}

/// The tests of the built page in the browser; what they are told comes behind.
pub fn end_to_end(workspace: &Workspace, page: &Path, browser: &Browser) -> Command {
    let mut test = host_command(workspace);
    // Of the whole workspace, so that nothing is compiled anew with the features of a part of it.
    test.args(["test", "--workspace", "--test", "e2e", "--"])
        .env("EXO_PAGE_DIR", page)
        .env("EXO_CHROMEDRIVER", &browser.driver)
        .env("EXO_CHROMIUM", &browser.chromium);
    test
}

/// Runs cargo with the user's own toolchain.
pub fn host(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    process::run_shown(host_command(workspace).args(arguments))
}

/// cargo, with the user's own toolchain.
fn host_command(workspace: &Workspace) -> Command {
    let mut command = process::cargo();
    command.current_dir(&workspace.root);
    command
}

/// Lints everything; the tests of the built page are left out unless they are named.
fn lints(workspace: &Workspace) -> Result<()> {
    [&["--all-targets"][..], &["--test", "e2e"]]
        .iter()
        .try_for_each(|targets| {
            let mut words = vec!["clippy", "--workspace", "--features", "exo-web/bench"];
            words.extend(*targets);
            words.extend(["--", "-D", "warnings"]);
            host(workspace, &words)
        })
}

/// Compares generated programs under our compiler and under rustc, and tries hostile input.
fn compared_with_rustc(workspace: &Workspace) -> Result<()> {
    let parts = [
        ("--programs", "20000"),
        ("--mistakes", "400"),
        ("--tokens", "1000"),
        ("--sources", "3000"),
        ("--bytecode", "20000"),
    ];
    let mut words = vec!["run", "--release", "--quiet", "-p", "exo-tests"];
    words.extend(["--bin", "differential", "--"]);
    words.extend(parts.iter().flat_map(|(part, count)| [*part, *count]));
    host(workspace, &words)
}

/// Runs the page's own tests in the browser.
fn browser_tests(workspace: &Workspace, kit: &Kit, browser: &Browser) -> Result<()> {
    in_browser(workspace, kit, browser, &[], &[])
}

/// Measures in Wasm, in the browser, what has `word` in its name: the second half of `exo bench`.
pub fn bench_wasm(workspace: &Workspace, word: Option<&str>) -> Result<()> {
    let (kit, browser) = setup::for_tests(workspace, &Cache::locate()?)?;
    let mut only = vec![
        "--features",
        "bench",
        "--test",
        "bench",
        "--",
        "--nocapture",
    ];
    only.extend(word);
    in_browser(workspace, &kit, &browser, &["--release"], &only)
}

/// Runs tests of `web/` in headless Chromium. `options` are for wasm-pack, `cargo` for cargo.
fn in_browser(
    workspace: &Workspace,
    kit: &Kit,
    browser: &Browser,
    options: &[&str],
    cargo: &[&str],
) -> Result<()> {
    let settings = workspace.own_file("webdriver.json");
    browser.write_settings(&settings)?;
    let mut test = kit.wasm_command("wasm-pack", workspace);
    test.args(["test", "--headless", "--chrome", "--chromedriver"])
        .arg(&browser.driver)
        .args(options)
        // The crate's directory comes last: whatever follows it is for cargo.
        .args(["--mode", "no-install", "web"])
        .args(cargo)
        .current_dir(&workspace.root)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &settings)
        // The usual limits, 20 and 5 seconds, are short for a machine that does other work besides.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        // Debug information makes the module many times as large, and the browser shows none of it.
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    process::run_shown(&mut test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_every_stage_and_the_whole_time() {
        let stages = Stages {
            done: vec![
                ("Format", Duration::from_secs(2)),
                ("Native tests", Duration::from_secs(28)),
            ],
        };
        assert_eq!(
            stages.summary(),
            "  Format        2.0 s\n  Native tests  28 s\nAll 2 stages passed, in 30 s."
        );
    }

    #[test]
    fn a_failure_says_which_stage_it_was() {
        let mut stages = Stages::default();
        stages.run("Format", || Ok(())).unwrap();
        let error = stages
            .run::<()>("Lints", || Err(anyhow::anyhow!("the reason")))
            .unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "Stage 2 of `cargo xtask test` failed: Lints: the reason"
        );
    }
}
