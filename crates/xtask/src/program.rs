//! The page's program: compiled, cut in two, and given its scripts.
//!
//! The later part is what `web/src/later.rs` has behind its entries. It is cut off by what the linker tells of every
//! reference; both parts share memory and table, and the browser fetches the second when it is first needed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::places::{self, Workspace};
use crate::process::{self, Quiet};
use crate::setup::Kit;
use crate::wasm_toolchain::WASM_TARGET;

/// The script that fetches the later part, and the one that wasm-bindgen makes.
pub const LINK: &str = "exo-split.js";
pub const GLUE: &str = "exo-web.js";
/// The later part as the splitter names it.
const LATER: &str = "split_later";

/// The program, in a directory of its own, with its scripts [`GLUE`] and [`LINK`].
#[derive(Debug)]
pub struct Program {
    /// The directory.
    pub directory: PathBuf,
    /// What is loaded when the page opens.
    pub main: PathBuf,
    /// What is loaded when it is first needed; none if the program is in one piece.
    pub later: Option<PathBuf>,
}

/// Compiles the program, in one piece or `split` in two, and makes its scripts.
///
/// # Errors
/// It does not compile, or a tool failed; the page is as it was.
pub fn build(workspace: &Workspace, kit: &Kit, split: bool) -> Result<Program> {
    let directory = workspace.own_file("program");
    places::remove_directory(&directory)?;
    fs::create_dir_all(&directory)?;
    let compiled = compile(workspace, kit, split)?;
    let mut later = None;
    let mut main = compiled;
    if split {
        later = Some(cut(&main, &directory)?);
        main = directory.join("main.wasm");
    }
    let mut bindgen = kit.wasm_command("wasm-bindgen", workspace);
    bindgen
        .args([
            "--target",
            "web",
            "--no-typescript",
            // The later part shares the table, which goes by such a name.
            "--keep-lld-exports",
            "--out-name",
            "exo-web",
        ])
        .arg("--out-dir")
        .arg(&directory)
        .arg(main);
    let quiet = Quiet {
        doing: "making the program's script",
        log: &workspace.own_file("wasm-bindgen.log"),
        limit: None,
    };
    quiet.run(&mut bindgen)?;
    Ok(Program {
        main: directory.join("exo-web_bg.wasm"),
        later,
        directory,
    })
}

/// Fetches what the program is made of, and compiles it; returns the file.
fn compile(workspace: &Workspace, kit: &Kit, split: bool) -> Result<PathBuf> {
    process::output(process::cargo().arg("fetch").current_dir(&workspace.root))
        .context("The crates that the page is made of could not be fetched")?;
    let mut cargo = kit.wasm_command("cargo", workspace);
    cargo
        .args([
            "rustc",
            "--offline",
            "--package",
            "exo-web",
            "--bin",
            "exo-web",
        ])
        .args(["--profile", "page", "--target", WASM_TARGET])
        .current_dir(&workspace.root);
    if split {
        // With all references and names: it is by these that the program is cut.
        cargo
            .arg("--no-default-features")
            .args(["--", "-Clink-arg=--emit-relocs", "-Cstrip=none"]);
    }
    let target = cargo
        .get_envs()
        .find(|(name, _)| *name == "CARGO_TARGET_DIR")
        .and_then(|(_, value)| value.map(PathBuf::from))
        .unwrap_or_else(|| workspace.target.clone());
    let quiet = Quiet {
        doing: "compiling the page's program",
        log: &workspace.own_file("cargo.log"),
        limit: None,
    };
    quiet.run(&mut cargo)?;
    Ok(target.join(WASM_TARGET).join("page/exo-web.wasm"))
}

/// Cuts the later part off: leaves `main.wasm` and [`LINK`] in the directory, and returns the later part.
fn cut(whole: &Path, directory: &Path) -> Result<PathBuf> {
    let bytes = fs::read(whole).with_context(|| format!("There is no {}", whole.display()))?;
    let main = directory.join("main.wasm");
    let (link, glue) = (format!("./{LINK}"), format!("./{GLUE}"));
    let mut options = Options::new(&bytes);
    options.output_dir = directory;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &glue;
    let made = transform(options).map_err(|error| anyhow!("{error:#}"));
    let made = made.context("The page's program could not be cut in two")?;
    match made.split_modules.as_slice() {
        [one] if one.file_stem().is_some_and(|it| it == LATER) => Ok(one.clone()),
        other => Err(anyhow!(
            "The page's program was cut into {other:?}, not into two"
        )),
    }
}

/// The script of the splitter, with the later part fetched packed, from this address, and compared with its hash.
///
/// # Errors
/// The script does not fetch as it did so far.
pub fn link(script: &str, address: &str, integrity: &str) -> Result<String> {
    let fetch = format!("fetch(new URL(\"./{LATER}.wasm\", import.meta.url))");
    if script.matches(&fetch).count() != 1 {
        return Err(anyhow!(
            "{LINK} does not have {fetch:?} once, as the splitter wrote it so far"
        ));
    }
    let unpacked = format!("unpack(\"./{address}\", \"{integrity}\")");
    Ok(format!(
        "import {{ unpack }} from \"./unpack.js\";\n{}",
        script.replace(&fetch, &unpacked)
    ))
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn the_later_part_is_fetched_packed_and_compared_with_its_hash() {
        let script = "const src = fetch(new URL(\"./split_later.wasm\", import.meta.url));";
        assert_eq!(
            link(script, "exo-later-1.wasm.xz", "sha384-x").unwrap(),
            "import { unpack } from \"./unpack.js\";\n\
             const src = unpack(\"./exo-later-1.wasm.xz\", \"sha384-x\");"
        );
        let error = link("const src = 1;", "a", "b").unwrap_err();
        assert!(
            error.to_string().contains("as the splitter wrote it"),
            "{error}"
        );
    }
}
