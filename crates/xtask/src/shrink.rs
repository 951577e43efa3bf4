//! The page's program, made smaller: by binaryen's optimiser, which Rust's compiler does not replace, and by xz, which
//! leaves a fifth less of it than gzip does, on every host. `web/editor/unpack.js` unpacks it as it comes in.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lzma_rust2::{CheckType, XzOptions, XzWriter};
use sha2::{Digest, Sha384};

use crate::bundle::{self, fingerprint};
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
/// What is done to it: values that can be nothing else are put where they are used, then all else is made smaller.
/// `-Oz` leaves fewer bytes, of which more remain when they are packed.
const PASSES: [&str; 3] = ["--gufa", "-Os", "--strip-producers"];
/// How far back the packer looks, in bytes: as much memory the browser needs to unpack.
const WINDOW: u32 = 4 << 20;

/// Replaces the program that Trunk left in the page by a smaller one, packed, and has the page unpack it.
pub fn shrink(workspace: &Workspace, node: &Node, page: &Path) -> Result<()> {
    let old = program_in(page)?;
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
        .arg(&old)
        .arg("-o")
        .arg(&new);
    quiet.run(&mut optimise)?;
    let bytes = fs::read(&new).with_context(|| format!("{} was not made", new.display()))?;
    let packed = packed(&bytes).context("The page's program could not be packed")?;
    let (unpack, _) = bundle::make(workspace, node, page, "unpack.js", "unpack")?;
    let index = page.join("index.html");
    let html = fs::read_to_string(&index)?;
    let change = Change {
        old: &file_name(&old),
        old_integrity: &integrity(&fs::read(&old)?),
        new: &format!("exo-web-{}_bg.wasm.xz", fingerprint(&packed)),
        new_integrity: &integrity(&packed),
        unpack: &unpack,
    };
    let html = change.made_in(&html)?;
    fs::write(page.join(change.new), &packed)?;
    fs::remove_file(&old)?;
    fs::write(&index, html)?;
    Ok(())
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

/// The one program in the page.
fn program_in(page: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in page.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "wasm") {
            found.push(path);
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => bail!(
            "There are {} programs in {}, not one",
            found.len(),
            page.display()
        ),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// What a browser compares a file with before it uses it.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// What changes in `index.html`: the program's name and fingerprint, and how it is started.
struct Change<'a> {
    old: &'a str,
    old_integrity: &'a str,
    new: &'a str,
    new_integrity: &'a str,
    unpack: &'a str,
}

impl Change<'_> {
    /// The changed page.
    ///
    /// # Errors
    /// The page does not start the program as Trunk has it; nothing was changed.
    fn made_in(&self, html: &str) -> Result<String> {
        let given = format!("module_or_path: './{}'", self.old);
        let begin = "import init, ";
        let preload = "as=\"fetch\" type=\"application/wasm\"";
        for part in [&given, begin, preload, self.old_integrity] {
            if html.matches(part).count() != 1 {
                bail!("index.html does not have {part:?} once, as Trunk wrote it so far");
            }
        }
        let unpacks = format!("module_or_path: unpack('./{}')", self.new);
        let imports = format!("import {{ unpack }} from './{}';\n{begin}", self.unpack);
        Ok(html
            .replace(&given, &unpacks)
            .replace(begin, &imports)
            .replace(preload, "as=\"fetch\"")
            .replace(self.old, self.new)
            .replace(self.old_integrity, self.new_integrity))
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, packed};

    const HTML: &str = "import init, * as b from './a.js';\ninit({ module_or_path: './a.wasm' });\n\
        <link href=\"./a.wasm\" integrity=\"one\" as=\"fetch\" type=\"application/wasm\">";
    const CHANGE: Change<'_> = Change {
        old: "a.wasm",
        old_integrity: "one",
        new: "b.wasm.xz",
        new_integrity: "two",
        unpack: "unpack-1.js",
    };

    #[test]
    fn the_page_fetches_the_packed_program_early_and_unpacks_it() {
        assert_eq!(
            CHANGE.made_in(HTML).unwrap(),
            "import { unpack } from './unpack-1.js';\nimport init, * as b from './a.js';\n\
             init({ module_or_path: unpack('./b.wasm.xz') });\n\
             <link href=\"./b.wasm.xz\" integrity=\"two\" as=\"fetch\">"
        );
    }

    #[test]
    fn a_page_that_starts_its_program_otherwise_is_refused() {
        for part in ["module_or_path", "import init", "as=\"fetch\"", "one"] {
            let error = CHANGE.made_in(&HTML.replace(part, "")).unwrap_err();
            assert!(error.to_string().contains("as Trunk wrote it"), "{error}");
        }
    }

    #[test]
    fn what_repeats_is_packed_into_little() {
        let packed = packed(&[7; 100_000]).unwrap();
        assert!(packed.len() < 300, "{}", packed.len());
        assert_eq!(&packed[1..5], b"7zXZ");
    }
}
