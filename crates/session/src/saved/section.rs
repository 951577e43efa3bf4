//! A table of a TOML file with its place in it, so that every complaint names the key and the line.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use exo_core::ids::{EnvId, Position};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::plain::{NAME_CHARS_MAX, is_plain};

/// Why a file is not a session. Nothing that was open before is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The line, from 1.
    pub line: u32,
    /// The key, as `machine.tlb` or `environment[2].libos`; empty where there is none.
    pub key: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl FileError {
    /// Whether nothing is known of the file but that it needs the part for networks and attacks, which is not here.
    pub fn lacks_part(&self) -> bool {
        self.message == crate::network::NOT_HERE
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FileError { line, key, message } = self;
        match key.as_str() {
            "" => write!(f, "line {line}: {message}"),
            key => write!(f, "line {line}: {key}: {message}"),
        }
    }
}

impl std::error::Error for FileError {}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count() as u32
}

/// The most values of a list within a peer.
const PLAIN_ITEMS_MAX: usize = 1_000;

/// A table of the file.
#[derive(Clone)]
pub(super) struct Section<'file> {
    text: &'file str,
    path: String,
    span: Range<usize>,
    table: &'file DeTable<'file>,
}

/// A value of the file.
#[derive(Clone)]
pub(super) struct Value<'file> {
    text: &'file str,
    path: String,
    value: &'file Spanned<DeValue<'file>>,
}

impl<'file> Section<'file> {
    pub(super) fn whole(text: &'file str, table: &'file Spanned<DeTable<'file>>) -> Section<'file> {
        Section {
            text,
            path: String::new(),
            span: table.span(),
            table: table.get_ref(),
        }
    }

    fn path_of(&self, key: &str) -> String {
        match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    /// A complaint about the whole of it.
    pub(super) fn wrong(&self, message: impl Into<String>) -> FileError {
        FileError {
            line: line_of(self.text, self.span.start),
            key: self.path.clone(),
            message: message.into(),
        }
    }

    /// Whether it has these keys only.
    pub(super) fn known(&self, keys: &[&str]) -> Result<(), FileError> {
        let unknown = self
            .table
            .keys()
            .find(|key| !keys.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown else {
            return Ok(());
        };
        let shown: String = key.get_ref().chars().take(NAME_CHARS_MAX).collect();
        let shown = shown.escape_default().to_string();
        Err(FileError {
            line: line_of(self.text, key.span().start),
            key: self.path_of(&shown),
            message: format!("there is no such key; there are {}", keys.join(", ")),
        })
    }

    /// Its keys, each with a value that is a text, a number, or a list of these, as a text: of a list with commas
    /// between them.
    pub(super) fn plain_values(&self) -> Result<Vec<(String, String)>, FileError> {
        let values = self.table.iter().map(|(key, value)| {
            let key: &str = key.get_ref();
            let value = Value {
                text: self.text,
                path: self.path_of(key),
                value,
            };
            Ok((key.to_owned(), value.plain()?))
        });
        values.collect()
    }

    pub(super) fn find(&self, key: &str) -> Option<Value<'file>> {
        let value = self.table.get(key)?;
        Some(Value {
            text: self.text,
            path: self.path_of(key),
            value,
        })
    }

    pub(super) fn need(&self, key: &str) -> Result<Value<'file>, FileError> {
        self.find(key)
            .ok_or_else(|| self.wrong(format!("the key {key:?} is missing")))
    }

    /// A table in it.
    pub(super) fn section(&self, key: &str) -> Result<Option<Section<'file>>, FileError> {
        let Some(value) = self.find(key) else {
            return Ok(None);
        };
        match value.value.get_ref() {
            DeValue::Table(table) => Ok(Some(Section {
                text: self.text,
                path: value.path,
                span: value.value.span(),
                table,
            })),
            _ => Err(value.wrong(format!("this must be a table: write [{key}]"))),
        }
    }

    /// A list of at most `most` tables in it.
    pub(super) fn sections(
        &self,
        key: &str,
        most: usize,
    ) -> Result<Vec<Section<'file>>, FileError> {
        let Some(value) = self.find(key) else {
            return Ok(Vec::new());
        };
        let list = value.list()?;
        if list.len() > most {
            let count = list.len();
            return Err(value.wrong(format!("{count} of them: there may be at most {most}")));
        }
        let tables = list.iter().enumerate().map(|(index, item)| {
            let path = format!("{}[{}]", self.path_of(key), index + 1);
            match item.get_ref() {
                DeValue::Table(table) => Ok(Section {
                    text: self.text,
                    path,
                    span: item.span(),
                    table,
                }),
                _ => Err(value.wrong(format!("each must be a table: write [[{key}]]"))),
            }
        });
        tables.collect()
    }
}

impl<'file> Value<'file> {
    /// A complaint about it.
    pub(super) fn wrong(&self, message: impl Into<String>) -> FileError {
        FileError {
            line: line_of(self.text, self.value.span().start),
            key: self.path.clone(),
            message: message.into(),
        }
    }

    fn list(&self) -> Result<&'file DeArray<'file>, FileError> {
        match self.value.get_ref() {
            DeValue::Array(list) => Ok(list),
            _ => Err(self.wrong("this must be a list of tables: write it in double brackets")),
        }
    }

    /// The values of a list.
    pub(super) fn items(&self, most: usize) -> Result<Vec<Value<'file>>, FileError> {
        let DeValue::Array(list) = self.value.get_ref() else {
            return Err(self.wrong("this must be a list in square brackets"));
        };
        if list.len() > most {
            let count = list.len();
            return Err(self.wrong(format!("{count} of them: there may be at most {most}")));
        }
        let items = list.iter().enumerate().map(|(index, value)| Value {
            text: self.text,
            path: format!("{}[{}]", self.path, index + 1),
            value,
        });
        Ok(items.collect())
    }

    /// A text or a number, or a list of these, as a text.
    pub(super) fn plain(&self) -> Result<String, FileError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.clone().into_owned()),
            DeValue::Array(_) => {
                let items = self.items(PLAIN_ITEMS_MAX)?;
                let texts: Result<Vec<String>, FileError> =
                    items.iter().map(Value::plain_item).collect();
                Ok(texts?.join(", "))
            }
            _ => self.plain_item(),
        }
    }

    fn plain_item(&self) -> Result<String, FileError> {
        let number = self.digits().map(|number| number.to_string());
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.clone().into_owned()),
            _ => number.ok_or_else(|| {
                self.wrong("this must be a text in quotes, a whole number, or a list of these")
            }),
        }
    }

    /// Any text, of many lines perhaps.
    pub(super) fn text(&self) -> Result<&'file str, FileError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.wrong("this must be a text in quotes")),
        }
    }

    /// A name or a title: a short text on one line.
    pub(super) fn name(&self, most: usize) -> Result<&'file str, FileError> {
        let text = self.text()?;
        if text.is_empty() || text.chars().count() > most || !text.chars().all(is_plain) {
            return Err(self.wrong(format!(
                "this must be a text of 1 to {most} characters on one line, without control \
                 characters"
            )));
        }
        Ok(text)
    }

    pub(super) fn truth(&self) -> Result<bool, FileError> {
        match self.value.get_ref() {
            DeValue::Boolean(truth) => Ok(*truth),
            _ => Err(self.wrong("this must be true or false")),
        }
    }

    fn digits(&self) -> Option<u64> {
        match self.value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        }
    }

    pub(super) fn number(&self, range: RangeInclusive<u64>) -> Result<u64, FileError> {
        let number = self.digits().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            self.wrong(format!(
                "this must be a whole number from {least} to {most}"
            ))
        })
    }

    pub(super) fn number_u32(&self, range: RangeInclusive<u32>) -> Result<u32, FileError> {
        let range = u64::from(*range.start())..=u64::from(*range.end());
        Ok(self.number(range)? as u32)
    }

    /// 64 bits as 16 hexadecimal digits.
    pub(super) fn hash(&self) -> Result<u64, FileError> {
        let text = self.text()?;
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = u64::from_str_radix(text, 16).ok().filter(|_| digits);
        hash.ok_or_else(|| self.wrong("this must be 16 hexadecimal digits in quotes"))
    }

    /// A position, as `"1024.3"` or as a number of units.
    pub(super) fn position(&self) -> Result<Position, FileError> {
        let read = match self.value.get_ref() {
            DeValue::String(text) => parse_position(text),
            _ => self.digits().map(|retired| Position { retired, event: 0 }),
        };
        read.ok_or_else(|| self.wrong(format!("this must be a position: {POSITION_FORM}")))
    }

    /// An environment by its letter, of `count`.
    pub(super) fn environment(&self, count: usize) -> Result<EnvId, FileError> {
        let letter = self.text()?;
        let mut all = (0..count).map(|index| EnvId(index as u8));
        all.find(|env| crate::explain::env_letter(*env) == letter)
            .ok_or_else(|| {
                let last = crate::explain::env_letter(EnvId(count.saturating_sub(1) as u8));
                self.wrong(format!(
                    "this must be an environment: a letter from A to {last}"
                ))
            })
    }
}

/// How positions are written, for people.
const POSITION_FORM: &str =
    "references and instructions completed, a dot, events within the next one, like \"1024.3\"";

/// Reads a position as it is shown: `1024.3`, or `1024` for the first moment of that unit.
pub fn parse_position(text: &str) -> Option<Position> {
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u64>().ok().filter(|_| plain)
    };
    let (retired, event) = text.split_once('.').unwrap_or((text, "0"));
    Some(Position {
        retired: number(retired)?,
        event: u32::try_from(number(event)?).ok()?,
    })
}
