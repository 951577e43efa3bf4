//! Building the page: its program and scripts are made, its files laid out, then it is sealed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use xtask::headers;

use crate::bundle;
use crate::inputs::{self, Record};
use crate::layout::{Layout, Named};
use crate::node::Node;
use crate::offline::{self, LATER};
use crate::places::Workspace;
use crate::process;
use crate::program::{self, Program};
use crate::report;
use crate::seal;
use crate::setup::Kit;
use crate::shrink;

/// Builds the page, unless it is there and nothing has changed since; returns its directory.
pub fn build(workspace: &Workspace, kit: &Kit) -> Result<PathBuf> {
    let _lock = process::lock(&workspace.own_file("page.lock"), "building the page")?;
    let page = workspace.page();
    let file = workspace.own_file("page-record");
    let recorded = fs::read_to_string(&file)
        .ok()
        .and_then(|text| Record::parse(&text));
    let inputs = inputs::of_sources(&workspace.root, &kit.description())?;
    let current = Record {
        inputs: inputs.clone(),
        page: inputs::of_page(&page)?,
    };
    if recorded.as_ref() == Some(&current) {
        println!("The page is up to date");
        return Ok(page);
    }
    report::step("Building the page", "the first time some minutes", || {
        lay_out(workspace, kit)?.write(&page)?;
        seal_page(workspace)
    })?;
    let record = Record {
        inputs,
        page: inputs::of_page(&page)?,
    };
    fs::write(&file, record.render())
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(page)
}

/// Makes the files of the page: in two parts, optimised and packed, where there is Node.js.
fn lay_out(workspace: &Workspace, kit: &Kit) -> Result<Layout> {
    let root = &workspace.root;
    let html = fs::read_to_string(root.join("web/index.html"))?;
    let mut layout = Layout::begin(&html, |path| {
        let file = root.join("static").join(path);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))
    })?;
    let program = program::build(workspace, kit, kit.node().is_some())?;
    let start = match kit.node() {
        None => plain_start(&mut layout, &program)?,
        Some(node) => {
            let editor = bundle::bundle(workspace, node, &root.join("web/editor/main.js"))?;
            let Named { name, integrity } = layout.add("editor", "js", editor);
            layout.append_to_head(&format!(
                "<meta name=\"editor-bundle\" content=\"./{name}\" data-integrity=\"{integrity}\">"
            ))?;
            packed_start(workspace, node, &mut layout, &program)?
        }
    };
    let Named { name, integrity } = start;
    layout.append_to_head(&format!(
        "<script type=\"module\" src=\"./{name}\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
    ))?;
    Ok(layout)
}

/// The program as it was compiled, and the script that starts it.
fn plain_start(layout: &mut Layout, program: &Program) -> Result<Named> {
    let main = layout.add("exo-web", "wasm", fs::read(&program.main)?);
    preload(layout, &main)?;
    let glue = fs::read(program.directory.join(program::GLUE))?;
    let glue = layout.add("exo-web", "js", glue);
    let start = format!(
        "import init from \"./{}\";\nawait init({{ module_or_path: \"./{}\" }});\n",
        glue.name, main.name
    );
    Ok(layout.add("start", "js", start.into_bytes()))
}

/// The program in two parts, packed, and the script that starts it and fetches the later part.
fn packed_start(
    workspace: &Workspace,
    node: &Node,
    layout: &mut Layout,
    program: &Program,
) -> Result<Named> {
    let main = shrink::shrunk(workspace, node, &program.main)?;
    let main = layout.add("exo-web", "wasm.xz", main);
    preload(layout, &main)?;
    let beside = |name: &str| program.directory.join(name);
    if let Some(later) = &program.later {
        let later = shrink::shrunk(workspace, node, later)?;
        let later = layout.add(LATER, "wasm.xz", later);
        let script = fs::read_to_string(beside(program::LINK))?;
        let script = program::link(&script, &later.name, &later.integrity)?;
        fs::write(beside(program::LINK), script)?;
    }
    let unpack = "unpack.js";
    fs::copy(
        workspace.root.join("web/editor").join(unpack),
        beside(unpack),
    )?;
    let start = format!(
        "import init from \"./{}\";\nimport {{ unpack }} from \"./{unpack}\";\n\
         await init({{ module_or_path: unpack(\"./{}\") }});\n",
        program::GLUE,
        main.name
    );
    fs::write(beside("start.js"), start)?;
    let start = bundle::bundle(workspace, node, &beside("start.js"))?;
    Ok(layout.add("start", "js", start))
}

/// Has the browser fetch the program while it reads the page.
fn preload(layout: &mut Layout, program: &Named) -> Result<()> {
    let Named { name, integrity } = program;
    layout.append_to_head(&format!(
        "<link rel=\"preload\" href=\"./{name}\" as=\"fetch\" integrity=\"{integrity}\" crossorigin=\"anonymous\">"
    ))
}

/// Puts the policy into the page, and the headers and the service worker beside it.
fn seal_page(workspace: &Workspace) -> Result<()> {
    let page = workspace.page();
    let index = page.join("index.html");
    let html =
        fs::read_to_string(&index).with_context(|| format!("There is no {}", index.display()))?;
    let sealed = match seal::seal(&html) {
        Ok(sealed) => sealed,
        Err(offences) => bail!(
            "The page cannot be sealed: its content security policy would break it. In {}:\n  {}",
            index.display(),
            offences.join("\n  ")
        ),
    };
    fs::write(
        page.join(headers::FILE_NAME),
        headers::render(&sealed.headers),
    )?;
    fs::write(&index, sealed.html)?;
    offline::write(&page)
}
