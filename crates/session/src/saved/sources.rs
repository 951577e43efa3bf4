//! The sources that a session brings: whole, or as differences from those that come along.

use exo_core::cpu::Role;
use exo_policy::SOURCE_BYTES_MAX;

use super::difference::changed;
use super::plain::NAME_CHARS_MAX;
use super::section::{FileError, Section, Value};
use super::shipped::{Shipped, text_hash};
use super::{DOWNLOAD, SavedSource, SourceName};
use crate::network::NOT_HERE;

/// Sources of a session.
const SOURCES_MAX: usize = 1_000;

/// The sources of a session.
pub(super) struct Sources {
    pub(super) list: Vec<SavedSource>,
}

impl Sources {
    /// The source that a value names.
    pub(super) fn named(&self, value: &Value<'_>, role: Role) -> Result<SourceName, FileError> {
        let name = value.name(NAME_CHARS_MAX)?;
        if name.ends_with(".rs") {
            return Ok(SourceName::Own(name.to_owned()));
        }
        let shipped = Shipped::of_role(role, name).map_err(|message| {
            let hint = if message == NOT_HERE {
                ""
            } else {
                "; or name a source that ends in .rs"
            };
            value.wrong(format!("{message}{hint}"))
        })?;
        Ok(SourceName::Shipped(shipped))
    }
}

/// Reads all sources; the sentences say which have changed since.
pub(super) fn read(file: &Section<'_>) -> Result<(Sources, Vec<String>), FileError> {
    let mut list: Vec<SavedSource> = Vec::new();
    let mut notices = Vec::new();
    for section in file.sections("source", SOURCES_MAX)? {
        section.known(&["name", "text", "from", "app", "download", "hash", "change"])?;
        let name = section.need("name")?;
        let shown = name.name(NAME_CHARS_MAX)?;
        if !shown.ends_with(".rs") {
            return Err(name.wrong("the name of a source must end in .rs"));
        }
        if list.iter().any(|it| it.name == shown) {
            return Err(name.wrong("there is a source of that name already"));
        }
        let text = match (section.find("text"), base(&section)?) {
            (Some(text), None) => text.text()?.to_owned(),
            (None, Some((base, value))) => from_base(&section, base, &value, &mut notices)?,
            _ => {
                let message = "a source has a text, or a change from a source that comes along";
                return Err(section.wrong(message));
            }
        };
        if text.len() > SOURCE_BYTES_MAX {
            let most = SOURCE_BYTES_MAX >> 10;
            return Err(name.wrong(format!("a source has at most {most} KiB")));
        }
        let name = shown.to_owned();
        list.push(SavedSource { name, text });
    }
    Ok((Sources { list }, notices))
}

/// The source that comes along from which this one is a difference.
fn base<'file>(section: &Section<'file>) -> Result<Option<(Shipped, Value<'file>)>, FileError> {
    for (key, role) in [
        ("from", Role::LibOs),
        ("app", Role::Application),
        ("download", DOWNLOAD),
    ] {
        if let Some(value) = section.find(key) {
            let name = value.name(NAME_CHARS_MAX)?;
            let base = Shipped::of_role(role, name).map_err(|message| value.wrong(message))?;
            return Ok(Some((base, value)));
        }
    }
    Ok(None)
}

fn from_base(
    section: &Section<'_>,
    base: Shipped,
    value: &Value<'_>,
    notices: &mut Vec<String>,
) -> Result<String, FileError> {
    let change = section.need("change")?;
    let text = base.text();
    let changed = changed(&text, change.text()?).map_err(|message| change.wrong(message))?;
    let then = section.find("hash").map(|it| it.hash()).transpose()?;
    if then.is_some_and(|then| then != text_hash(&text)) {
        notices.push(format!(
            "The source {:?} that comes with the playground has changed since this was saved; the \
             edit was put where its lines still stand.",
            value.text()?
        ));
    }
    Ok(changed)
}
