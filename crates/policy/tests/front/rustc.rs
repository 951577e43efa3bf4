//! Asks the rustc of this machine what it says of the same text.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A warning: the name of its lint, and its line.
pub type Warning = (String, u32);

fn rustc(folder: &Path, arguments: &[&str]) -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .current_dir(folder)
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit=metadata",
        ])
        .args(arguments)
        .output()
        .expect("rustc can be run");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with the prelude, as rustc knows it.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("warnings");
        std::fs::create_dir_all(&folder).expect("a folder");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../prelude/src/lib.rs");
        let said = rustc(&folder, &["--crate-name", "exo_prelude", source]);
        assert!(folder.join("libexo_prelude.rmeta").exists(), "{said}");
        folder
    })
}

/// What rustc warns of in each source, in order; panics if it refuses one.
pub fn warnings(name: &str, sources: &[String]) -> Vec<Vec<Warning>> {
    said(name, sources, |message| {
        assert_ne!(message["level"], "error", "{name}: {}", message["rendered"]);
        true
    })
}

/// What rustc refuses in each source, in order, by its codes: of types alone, as it says no more once it
/// has refused a type.
pub fn errors(name: &str, sources: &[String]) -> Vec<Vec<Warning>> {
    said(name, sources, |message| message["level"] == "error")
}

/// The codes and lines of the messages that are `wanted`, for each source.
fn said(
    name: &str,
    sources: &[String],
    wanted: impl Fn(&serde_json::Value) -> bool,
) -> Vec<Vec<Warning>> {
    let folder = folder();
    let mut all = String::new();
    let mut starts = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        all.push_str(&format!("pub mod source{number} {{\n"));
        starts.push(all.matches('\n').count() as u32);
        all.push_str(&format!("{source}\n}}\n"));
    }
    let file = format!("{name}.rs");
    std::fs::write(folder.join(&file), all).expect("a file");
    let prelude = "exo_prelude=libexo_prelude.rmeta";
    let format = "--error-format=json";
    let arguments = ["--extern", prelude, format, "--crate-name", name, &file];
    let said = rustc(folder, &arguments);
    let mut found = vec![Vec::new(); sources.len()];
    for line in said.lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if !wanted(&message) {
            continue;
        }
        let Some(code) = message["code"]["code"].as_str() else {
            continue;
        };
        for span in message["spans"].as_array().into_iter().flatten() {
            if span["is_primary"] == true {
                let line = span["line_start"].as_u64().expect("a line") as u32;
                let number = starts.partition_point(|start| *start < line) - 1;
                found[number].push((code.to_string(), line - starts[number]));
            }
        }
    }
    for messages in &mut found {
        messages.sort_by_key(|(code, line)| (*line, code.clone()));
    }
    found
}
