//! `cargo xtask sizes`: what the compiler of policies adds to the page.
//!
//! Two programs are built as the page is, one with the compiler and one without, and compressed as a
//! server would: the difference is what a visitor loads for it.

use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::places::{Cache, Workspace};
use crate::process;
use crate::setup;

/// What the compiler may add, in bytes, compressed.
const BUDGET: usize = 220_000;

/// Builds the two programs and prints how large they are.
///
/// # Errors — nothing was printed
/// The set-up or the build failed. A compiler over its budget is not an error.
pub fn run(workspace: &Workspace) -> Result<()> {
    let kit = setup::for_page(workspace, &Cache::locate()?)?;
    let target = workspace.target.join("sizes");
    let mut build = kit.wasm_command("cargo", workspace);
    build
        .args(["build", "--quiet", "--package", "exo-size-probe"])
        .args(["--profile", "page", "--target", "wasm32-unknown-unknown"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&workspace.root);
    process::run_shown(&mut build)?;
    let compressed = |name: &str| {
        let file = target.join(format!("wasm32-unknown-unknown/page/{name}.wasm"));
        let bytes =
            fs::read(&file).with_context(|| format!("The build left no {}", file.display()))?;
        compressed(&bytes)
    };
    print!(
        "{}",
        text(compressed("with-policy")?, compressed("without-policy")?)
    );
    Ok(())
}

/// How many bytes are left after compression with gzip, level 9.
pub fn compressed(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// The figures, and how they stand to the budget.
fn text(with: usize, without: usize) -> String {
    let added = with.saturating_sub(without);
    let stands = match added.checked_sub(BUDGET) {
        None | Some(0) => format!("{} below", kilobytes(BUDGET - added)),
        Some(over) => format!("{} above", kilobytes(over)),
    };
    format!(
        "Wasm, compressed with gzip (level 9):\n  \
         with the compiler of policies     {:>8}\n  \
         without it                        {:>8}\n  \
         so it adds                        {:>8}, {stands} its budget of {}\n",
        kilobytes(with),
        kilobytes(without),
        kilobytes(added),
        kilobytes(BUDGET),
    )
}

/// Bytes as thousands of them.
pub fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_say_how_far_the_budget_is() {
        let over = text(240_000, 10_000);
        assert!(
            over.contains("230.0 KB, 10.0 KB above its budget of 220.0 KB"),
            "{over}"
        );
        let below = text(210_500, 10_000);
        assert!(
            below.contains("200.5 KB, 19.5 KB below its budget of 220.0 KB"),
            "{below}"
        );
    }

    #[test]
    fn what_repeats_is_compressed() {
        assert!(compressed(&[7; 10_000]).unwrap() < 100);
    }
}
