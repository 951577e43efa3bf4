//! A file of filters: one a line, `owner: expression`.
//!
//! ```text
//!   # comments and empty lines count for nothing
//!   web: tcp dst port 80
//!   rest (yields): ip          others may claim parts of it
//! ```

use std::fmt;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Filter, FilterError, FilterId, FilterSet, FilterSetBuilder};
use exo_core::limits::ENVIRONMENTS_MAX;

use crate::text::{TextError, compile};

/// The longest line in characters.
const LINE_CHARS_MAX: usize = 4_096;
/// The largest file in bytes.
pub const FILE_BYTES_MAX: usize = 4 << 20;
/// The longest name of an owner in characters.
const OWNER_CHARS_MAX: usize = 32;

/// A filter of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its line, from 1.
    pub line: usize,
    /// Whose it is.
    pub owner: String,
    /// Its expression, as it was written.
    pub expression: String,
    /// The number that the set gave it.
    pub id: FilterId,
}

/// A file's filters, installed.
#[derive(Clone, Debug, Default)]
pub struct FilterFile {
    /// The filters, in their order.
    pub lines: Vec<Line>,
    /// What they were merged into.
    pub set: FilterSet,
}

impl FilterFile {
    /// A filter's line; none if the file has no such filter.
    pub fn line(&self, id: FilterId) -> Option<&Line> {
        let place = self.lines.binary_search_by_key(&id, |line| line.id);
        self.lines.get(place.ok()?)
    }
}

/// What is wrong with a file of filters: nothing of it was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterFileError {
    /// Its line, from 1.
    pub line: usize,
    /// Where in the line, and why.
    pub error: TextError,
    /// If it would take packets of another owner's: the line of that filter, and whose it is.
    pub robbed: Option<(usize, EnvId)>,
}

impl fmt::Display for FilterFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.error)
    }
}

impl std::error::Error for FilterFileError {}

/// One line before it is installed.
struct Read {
    owner: String,
    expression: String,
    /// Where the expression begins, from 1.
    column: usize,
    filter: Filter,
}

/// Reads a file of filters and installs them in their order.
///
/// # Errors
/// The first line that is wrong, or whose filter is refused.
pub fn read_filters(text: &str) -> Result<FilterFile, FilterFileError> {
    if text.len() > FILE_BYTES_MAX {
        let reason = format!("the file has {} bytes", text.len());
        let hint = format!("there may be {FILE_BYTES_MAX}");
        return Err(wrong(1, TextError::new(1, reason, hint)));
    }
    let mut reader = FilterReader::default();
    for line in text.lines() {
        reader.line(line)?;
    }
    reader.finish()
}

fn wrong(line: usize, error: TextError) -> FilterFileError {
    FilterFileError {
        line,
        error,
        robbed: None,
    }
}

/// A file of filters as it is read line by line: a long one can be read in slices.
#[derive(Clone, Debug, Default)]
pub struct FilterReader {
    /// Lines that were read, those without a filter too.
    read: usize,
    owners: Vec<String>,
    lines: Vec<Line>,
    set: FilterSetBuilder,
}

impl FilterReader {
    /// Takes the next line.
    ///
    /// # Errors
    /// The line is wrong, or its filter is refused: it takes nothing, and no file can be made any more.
    pub fn line(&mut self, line: &str) -> Result<(), FilterFileError> {
        self.read += 1;
        // As some editors begin a text, to say that it is UTF-8.
        let unmarked = line.strip_prefix('\u{FEFF}');
        let line = unmarked.filter(|_| self.read == 1).unwrap_or(line);
        let read = one(line, &mut self.owners).map_err(|error| wrong(self.read, error))?;
        let Some(read) = read else {
            return Ok(());
        };
        let id = self.set.add(read.filter);
        let id = id.map_err(|error| self.refusal(read.column, error))?;
        self.lines.push(Line {
            line: self.read,
            owner: read.owner,
            expression: read.expression,
            id,
        });
        Ok(())
    }

    /// The file's filters, compiled.
    ///
    /// # Errors
    /// There is no filter in it.
    pub fn finish(self) -> Result<FilterFile, FilterFileError> {
        if self.lines.is_empty() {
            let hint = "write one a line, such as `web: tcp dst port 80`";
            let error = TextError::new(1, "there is no filter in the file", hint);
            return Err(wrong(1, error));
        }
        Ok(FilterFile {
            lines: self.lines,
            set: self.set.build(),
        })
    }

    /// Why the set refused this line, with the line that it has to do with.
    fn refusal(&self, column: usize, error: FilterError) -> FilterFileError {
        let hint = match error {
            // Filters get their numbers in order, from 0.
            FilterError::Overlap(FilterId(other)) => match self.lines.get(other as usize) {
                Some(other) => return self.overlap(column, other),
                None => "narrow it",
            },
            FilterError::Patterns(0) => "its parts exclude each other",
            _ => "fewer or simpler filters have room",
        };
        wrong(self.read, TextError::new(column, error.to_string(), hint))
    }

    fn overlap(&self, column: usize, other: &Line) -> FilterFileError {
        let Line {
            line,
            owner,
            expression,
            ..
        } = other;
        let error = TextError::new(
            column,
            format!(
                "it may accept packets that {owner:?} has claimed in line {line}: {expression}"
            ),
            format!(
                "narrow one of them, put the narrower one first, or let line {line} yield: `{owner} (yields): …`"
            ),
        );
        let place = self.owners.iter().position(|it| it == owner);
        FilterFileError {
            robbed: place.map(|place| (*line, EnvId(place as u8))),
            ..wrong(self.read, error)
        }
    }
}

/// Reads one line; none if there is no filter in it.
fn one(line: &str, owners: &mut Vec<String>) -> Result<Option<Read>, TextError> {
    let blank = line.trim();
    if blank.is_empty() || blank.starts_with('#') {
        return Ok(None);
    }
    if line.chars().count() > LINE_CHARS_MAX {
        let reason = format!("the line has more than {LINE_CHARS_MAX} characters");
        return Err(TextError::new(1, reason, "cut it up into several filters"));
    }
    let begin = 1 + line.chars().take_while(|it| it.is_whitespace()).count();
    let Some((head, rest)) = line.split_once(':') else {
        let hint = "a line is `owner: expression`";
        return Err(TextError::new(begin, "the line has no owner", hint));
    };
    let (owner, yields) = match head
        .trim()
        .strip_suffix(')')
        .and_then(|it| it.split_once('('))
    {
        None => (head.trim(), false),
        Some((owner, word)) if word.trim() == "yields" => (owner.trim(), true),
        Some((_, word)) => {
            let reason = format!("an owner cannot be {:?}", word.trim());
            return Err(TextError::new(
                begin,
                reason,
                "`owner (yields): …` lets others claim parts",
            ));
        }
    };
    let fits = |it: char| it.is_alphanumeric() || "-_.".contains(it);
    if owner.is_empty() || !owner.chars().all(fits) || owner.chars().count() > OWNER_CHARS_MAX {
        let reason = format!("{owner:?} is no name of an owner");
        let hint = "a name has up to 32 letters, digits, `-`, `_` and `.`";
        return Err(TextError::new(begin, reason, hint));
    }
    let before = head.chars().count() + 1;
    let column = before + 1 + rest.chars().take_while(|it| it.is_whitespace()).count();
    let patterns = compile(rest).map_err(|error| error.moved(before))?;
    let place = owners.iter().position(|it| it == owner);
    let place = place.unwrap_or_else(|| {
        owners.push(owner.to_owned());
        owners.len() - 1
    });
    if place >= ENVIRONMENTS_MAX {
        let reason = format!("there are more than {ENVIRONMENTS_MAX} owners");
        return Err(TextError::new(
            begin,
            reason,
            "a machine has no more environments",
        ));
    }
    Ok(Some(Read {
        owner: owner.to_owned(),
        expression: rest.trim().to_owned(),
        column,
        filter: Filter {
            owner: EnvId(place as u8),
            yields,
            patterns,
        },
    }))
}
