//! `cargo xtask generate`: everything that says what a system call is, from one table.

mod both;
mod interface;
mod policy;
mod prelude;
mod reference;
mod text;
mod ty;
mod wire;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use interface::Interface;

/// The table.
const TABLE: &str = "crates/prelude/interface.toml";

/// A file that is made from the table.
#[derive(Debug)]
struct Generated {
    /// Its path in the checkout.
    path: String,
    text: String,
}

/// Writes what differs from what the table gives; returns the paths written.
///
/// # Errors
/// The table cannot be read or contradicts itself, or a file cannot be written. Files before it in
/// the list may have been.
pub fn run(root: &Path) -> Result<Vec<String>> {
    let mut written = Vec::new();
    for file in files(root)? {
        let place = root.join(&file.path);
        if fs::read_to_string(&place).is_ok_and(|there| there == file.text) {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        fs::write(&place, &file.text)
            .with_context(|| format!("{} cannot be written", place.display()))?;
        written.push(file.path);
    }
    Ok(written)
}

/// Everything that the table gives.
fn files(root: &Path) -> Result<Vec<Generated>> {
    let place = root.join(TABLE);
    let text = fs::read_to_string(&place)
        .with_context(|| format!("{} cannot be read", place.display()))?;
    let interface = Interface::parse(&text).with_context(|| TABLE.to_owned())?;
    let mut files = vec![Generated {
        path: "docs/reference.md".to_owned(),
        text: reference::page(&interface),
    }];
    let mut rust = |path: &str, source: String| -> Result<()> {
        let text = text::formatted(&source).with_context(|| path.to_owned())?;
        let path = path.to_owned();
        files.push(Generated { path, text });
        Ok(())
    };
    rust("core/src/kernel/call.rs", wire::calls(&interface))?;
    rust("core/src/error.rs", wire::refusals(&interface))?;
    let prelude = "crates/prelude/src/generated";
    rust(&format!("{prelude}/mod.rs"), prelude::root())?;
    rust(&format!("{prelude}/types.rs"), prelude::types(&interface))?;
    rust(
        &format!("{prelude}/refusals.rs"),
        prelude::refusals(&interface),
    )?;
    rust(&format!("{prelude}/doors.rs"), prelude::doors(&interface)?)?;
    rust(&format!("{prelude}/roles.rs"), prelude::roles(&interface))?;
    let table = "crates/policy/src/prelude/table";
    rust(&format!("{table}/mod.rs"), policy::root(&interface))?;
    rust(&format!("{table}/types.rs"), policy::types(&interface)?)?;
    rust(&format!("{table}/doors.rs"), policy::doors(&interface))?;
    rust(&format!("{table}/roles.rs"), policy::roles(&interface)?)?;
    for role in &interface.roles {
        let path = format!(
            "crates/policy/tests/interface/{}.rs",
            role.name.to_lowercase()
        );
        rust(&path, both::source(&interface, role)?)?;
    }
    for door in &interface.doors {
        let path = format!("{table}/{}.rs", policy::module(door));
        rust(&path, policy::methods(&interface, door)?)?;
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().nth(2).unwrap()
    }

    #[test]
    fn every_generated_file_is_what_the_table_gives() {
        let mut stale = Vec::new();
        for file in files(root()).unwrap() {
            let there = fs::read_to_string(root().join(&file.path)).unwrap_or_default();
            if there != file.text {
                stale.push(file.path);
            }
        }
        let none: [&str; 0] = [];
        assert_eq!(stale, none, "`cargo xtask generate` brings them up to date");
    }

    fn refusal_of(change: impl FnOnce(String) -> String) -> String {
        let text = fs::read_to_string(root().join(TABLE)).unwrap();
        let changed = change(text.clone());
        assert_ne!(changed, text, "the test changes nothing");
        format!("{:#}", Interface::parse(&changed).unwrap_err())
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused_with_the_reason() {
        for (from, to, reason) in [
            ("call = 11\n", "call = 10\n", "a number of its own"),
            ("number = 6\n", "number = 7\n", "in order of number"),
            ("type = \"Frame\"", "type = \"Fraem\"", "no type `Fraem`"),
            (
                "{ name = \"Taken\", when",
                "{ name = \"Token\", when",
                "no refusal `Token`",
            ),
            (
                "result = \"usize\"",
                "result = \"Result<usize, SysError>\"",
                "it can be refused",
            ),
            ("Any free frame, zeroed.", "Any free frame", "full stop"),
            (
                "call = 0\n",
                "call = 0\noperation = \"length\"\n",
                "`call` number or an `operation`",
            ),
            ("paper = \"A01\"", "papers = \"A01\"", "unknown field"),
        ] {
            let said = refusal_of(|text| text.replacen(from, to, 1));
            assert!(said.contains(reason), "{from}: {said}");
        }
    }
}
