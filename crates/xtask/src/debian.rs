//! Installing Debian's packages, for those who have them.

use std::io::{IsTerminal, stdin};
use std::process::Command;

use anyhow::{Result, bail};

use crate::places::Cache;
use crate::process::{self, Quiet};
use crate::report;

/// Whether this machine installs its software with apt-get.
pub fn is_debian() -> bool {
    process::find_on_path("apt-get").is_some() && process::find_on_path("dpkg-query").is_some()
}

/// Installs those of the packages that are missing; never removes another.
pub fn install(packages: &[&str], purpose: &str, cache: &Cache) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let Some(prefix) = root_prefix() else {
        bail!(
            "{purpose} needs packages that only root can install. Type this, then run the same command again:\n  \
             su -c \"apt-get update && {}\"",
            install_words(&missing).join(" ")
        );
    };
    let title = format!("Installing {} for {purpose}", missing.join(", "));
    report::step(&title, "about half a minute", || {
        let update = ["apt-get", "update", "-qq"].map(str::to_owned);
        run(&prefix, &update, "reading the package lists", cache)?;
        run(
            &prefix,
            &install_words(&missing),
            "installing packages",
            cache,
        )
    })
}

/// Runs apt-get with the words that make it root.
fn run(prefix: &[&str], words: &[String], doing: &str, cache: &Cache) -> Result<()> {
    let mut all = prefix
        .iter()
        .map(|word| (*word).to_owned())
        .chain([
            "env".to_owned(),
            "DEBIAN_FRONTEND=noninteractive".to_owned(),
        ])
        .chain(words.iter().cloned());
    let mut command = Command::new(all.next().unwrap_or_default());
    let quiet = Quiet {
        doing,
        log: &cache.log("apt-get"),
        limit: None,
    };
    quiet.run(command.args(all))
}

/// The words that install packages.
fn install_words(packages: &[&str]) -> Vec<String> {
    [
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        "--no-remove",
    ]
    .iter()
    .chain(packages)
    .map(|word| (*word).to_owned())
    .collect()
}

/// The words before a command that has to be root's; `None` if we cannot be root.
fn root_prefix() -> Option<Vec<&'static str>> {
    let user = process::output(Command::new("id").arg("-u")).unwrap_or_default();
    if user.trim() == "0" {
        return Some(Vec::new());
    }
    process::find_on_path("sudo")?;
    if stdin().is_terminal() {
        return Some(vec!["sudo"]);
    }
    // Without a terminal nobody can type a password.
    let may = process::output(Command::new("sudo").args(["-n", "true"]));
    may.is_ok().then(|| vec!["sudo", "-n"])
}

/// Whether the package is installed, wholly.
fn is_installed(package: &str) -> bool {
    process::output(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Abbrev}", package]))
        .is_ok_and(|status| status.starts_with("ii"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installing_never_asks_recommends_or_removes() {
        assert_eq!(
            install_words(&["a", "b"]).join(" "),
            "apt-get install -y --no-install-recommends --no-remove a b"
        );
    }
}
