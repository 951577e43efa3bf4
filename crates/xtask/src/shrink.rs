//! The page's program, made smaller: by binaryen's optimiser, which Rust's compiler does not replace, and by xz, which
//! leaves a fifth less of it than gzip does, on every host. `web/editor/unpack.js` unpacks it as it comes in.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use lzma_rust2::{CheckType, XzOptions, XzWriter};

use crate::node::Node;
use crate::places::Workspace;
use crate::process::Quiet;

/// What browsers have had for years, and Rust's compiler uses: without them the optimiser refuses the program.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// What is done to it: values that can be nothing else are put where they are used, then all else is made simpler.
/// `-Os` and `-Oz` leave fewer bytes, of which more remain when they are packed.
const PASSES: [&str; 5] = [
    "--gufa",
    "-O2",
    "--reorder-functions",
    "--strip-debug",
    "--strip-producers",
];
/// How far back the packer looks, in bytes: as much memory the browser needs to unpack.
const WINDOW: u32 = 4 << 20;

/// A program or a part of one, optimised and packed.
///
/// # Errors
/// The optimiser failed.
pub fn shrunk(workspace: &Workspace, node: &Node, program: &Path) -> Result<Vec<u8>> {
    let new = workspace.own_file("shrunk.wasm");
    let quiet = Quiet {
        doing: "optimising the page's program",
        log: &workspace.own_file("wasm-opt.log"),
        limit: None,
    };
    let mut optimise = node.run("binaryen/bin/wasm-opt");
    optimise
        .args(FEATURES)
        .args(PASSES)
        .arg(program)
        .arg("-o")
        .arg(&new);
    quiet.run(&mut optimise)?;
    let bytes = fs::read(&new).with_context(|| format!("{} was not made", new.display()))?;
    packed(&bytes).context("The page's program could not be packed")
}

/// Packs with xz as much as it can.
fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut options = XzOptions::with_preset(9);
    options.lzma_options.dict_size = WINDOW;
    // Code is not aligned.
    options.lzma_options.pb = 0;
    options.lzma_options.lc = 4;
    options.lzma_options.nice_len = 273;
    options.set_check_sum_type(CheckType::Crc32);
    let mut writer = XzWriter::new(Vec::new(), options)?;
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use super::packed;

    #[test]
    fn what_repeats_is_packed_into_little() {
        let packed = packed(&[7; 100_000]).unwrap();
        assert!(packed.len() < 300, "{}", packed.len());
        assert_eq!(&packed[1..5], b"7zXZ");
    }
}
