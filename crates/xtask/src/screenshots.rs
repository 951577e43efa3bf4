//! `cargo xtask screenshots`: a picture of each screen, and the README's among them.

use std::fs;

use anyhow::{Context, Result};

use crate::page;
use crate::places::{Cache, Workspace};
use crate::process;
use crate::setup;
use crate::stages;

/// The README's pictures: what each is called there, and which screen it is.
const IN_THE_README: [(&str, &str); 3] = [
    ("docs/workbench-light.png", "workbench-light-1440"),
    ("docs/workbench-dark.png", "workbench-dark-1440"),
    ("docs/phone.png", "workbench-light-390"),
];

/// Builds the page and pictures it.
///
/// # Errors — the README's pictures are as they were
/// The set-up, the build or a screen failed.
pub fn run(workspace: &Workspace) -> Result<()> {
    let (kit, browser) = setup::for_tests(workspace, &Cache::locate()?)?;
    let built = page::build(workspace, &kit)?;
    let folder = workspace.own_file("screenshots");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut pictures = stages::end_to_end(workspace, &built, &browser);
    pictures
        .args(["--ignored", "screenshots::"])
        .env("EXO_PICTURES", &folder);
    process::run_shown(&mut pictures)?;
    for (place, screen) in IN_THE_README {
        let picture = folder.join(format!("{screen}.png"));
        fs::copy(&picture, workspace.root.join(place))
            .with_context(|| format!("{} cannot be copied", picture.display()))?;
    }
    println!("The pictures are in {}", folder.display());
    Ok(())
}
