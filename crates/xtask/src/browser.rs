//! Chromium and its WebDriver: found, or installed on Debian.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::places::Cache;
use crate::process;

/// What the browser is called, on one system or another.
const BROWSER_NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
/// Where else the browser is, on one system or another.
const BROWSER_PLACES: [&str; 4] = [
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/// What the driver is called.
const DRIVER_NAMES: [&str; 2] = ["chromedriver", "chromium.chromedriver"];
/// Where else the driver is.
const DRIVER_PLACES: [&str; 4] = [
    "/usr/lib/chromium/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
    "/snap/bin/chromium.chromedriver",
    "/opt/homebrew/bin/chromedriver",
];
/// Debian's packages of both.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];
/// What the browser is told: no network of its own, no sandbox (a container's root has none), little memory shared.
const BROWSER_ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A browser and the driver for it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The browser's program.
    pub chromium: PathBuf,
    /// The driver's program.
    pub driver: PathBuf,
}

/// Finds a browser with its driver, or installs them.
///
/// `EXO_CHROMIUM` and `EXO_CHROMEDRIVER` choose others than those found.
pub fn ensure(cache: &Cache) -> Result<Browser> {
    let browser = match find() {
        Some(browser) => browser,
        None => {
            if debian::is_debian() {
                debian::install(&PACKAGES, "tests in a browser", cache)?;
            }
            find().context(
                "Tests in a browser need Chromium or Chrome, and ChromeDriver of the same version. Install both so that \
                 they are found on PATH (Debian: chromium chromium-driver; Fedora: chromium chromedriver; Arch: chromium), \
                 or name them in EXO_CHROMIUM and EXO_CHROMEDRIVER",
            )?
        }
    };
    browser.check()?;
    Ok(browser)
}

/// The browser and driver of this machine.
fn find() -> Option<Browser> {
    Some(Browser {
        chromium: program("EXO_CHROMIUM", &BROWSER_NAMES, &BROWSER_PLACES)?,
        driver: program("EXO_CHROMEDRIVER", &DRIVER_NAMES, &DRIVER_PLACES)?,
    })
}

/// The program that the variable names, or else the first of these names on PATH or of these places.
fn program(variable: &str, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os(variable) {
        return Some(chosen.into());
    }
    let on_path = names.iter().find_map(|name| process::find_on_path(name));
    on_path.or_else(|| places.iter().map(PathBuf::from).find(|path| path.is_file()))
}

impl Browser {
    /// Makes sure that both run and fit each other.
    fn check(&self) -> Result<()> {
        let (browser, driver) = (version(&self.chromium)?, version(&self.driver)?);
        if major(&browser) != major(&driver) {
            bail!(
                "The browser {} is version {browser}, its driver {} is version {driver}: install the two from one source, \
                 or name a pair that fits in EXO_CHROMIUM and EXO_CHROMEDRIVER",
                self.chromium.display(),
                self.driver.display()
            );
        }
        Ok(())
    }

    /// Writes the file that tells wasm-bindgen's test runner about this browser.
    pub fn write_settings(&self, file: &Path) -> Result<()> {
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(file, settings(&self.chromium.to_string_lossy()))
            .with_context(|| format!("{} cannot be written", file.display()))
    }
}

/// The version that a program says it has.
fn version(program: &Path) -> Result<String> {
    let words = process::output(Command::new(program).arg("--version"))
        .with_context(|| format!("{} does not run", program.display()))?;
    version_in(&words).with_context(|| format!("{} says no version: {words}", program.display()))
}

/// The first word that is a version.
fn version_in(words: &str) -> Option<String> {
    words
        .split_whitespace()
        .find(|word| word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}

/// The first number of a version.
fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

/// The capabilities of a WebDriver session, in JSON.
fn settings(chromium: &str) -> String {
    let arguments = BROWSER_ARGUMENTS.map(quoted).join(",");
    format!(
        "{{\"goog:chromeOptions\":{{\"binary\":{},\"args\":[{arguments}]}}}}\n",
        quoted(chromium)
    )
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_browsers_say() {
        let chromium = "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)";
        let driver = "ChromeDriver 156.0.8078.79 (a21ce95c-refs/branch-heads/8078@{#1704})";
        assert_eq!(version_in(chromium), version_in(driver));
        assert_eq!(major(&version_in(chromium).unwrap()), "156");
        assert_eq!(version_in("Chromium"), None);
    }

    #[test]
    fn the_settings_name_the_browser() {
        let settings = settings(r"C:\Chrome\chrome.exe");
        assert!(settings.starts_with(
            r#"{"goog:chromeOptions":{"binary":"C:\\Chrome\\chrome.exe","args":["--headless","#
        ));
        assert!(settings.ends_with("]}}\n"));
    }
}
