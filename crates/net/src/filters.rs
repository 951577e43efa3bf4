//! A file of filters: one a line, `owner: expression`.
//!
//! ```text
//!   # comments and empty lines count for nothing
//!   web: tcp dst port 80
//!   rest (yields): ip          others may claim parts of it
//! ```

use std::fmt;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Filter, FilterError, FilterId, FilterSet};
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
    line: usize,
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
    let wrong = |line, error| FilterFileError {
        line,
        error,
        robbed: None,
    };
    if text.len() > FILE_BYTES_MAX {
        let reason = format!("the file has {} bytes", text.len());
        let hint = format!("there may be {FILE_BYTES_MAX}");
        return Err(wrong(1, TextError::new(1, reason, hint)));
    }
    let mut owners: Vec<String> = Vec::new();
    let mut read = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match one(line, &mut owners) {
            Ok(None) => {}
            Ok(Some(filter)) => read.push(Read {
                line: number,
                ..filter
            }),
            Err(error) => return Err(wrong(number, error)),
        }
    }
    if read.is_empty() {
        let hint = "write one a line, such as `web: tcp dst port 80`";
        return Err(wrong(
            1,
            TextError::new(1, "there is no filter in the file", hint),
        ));
    }
    let mut set = FilterSet::new();
    let filters = read.iter().map(|it| it.filter.clone());
    let ids = set.install_all(filters).map_err(|(index, error)| {
        let refused = read.get(index);
        let line = refused.map_or(1, |it| it.line);
        let robbed = match error {
            FilterError::Overlap(FilterId(other)) => read.get(other as usize),
            _ => None,
        };
        FilterFileError {
            robbed: robbed.map(|it| (it.line, it.filter.owner)),
            ..wrong(line, refusal(&read, index, error))
        }
    })?;
    let lines = read.into_iter().zip(ids).map(|(read, id)| Line {
        line: read.line,
        owner: read.owner,
        expression: read.expression,
        id,
    });
    Ok(FilterFile {
        lines: lines.collect(),
        set,
    })
}

/// Why the set refused a line, with the line that it has to do with.
fn refusal(read: &[Read], index: usize, error: FilterError) -> TextError {
    let column = read.get(index).map_or(1, |it| it.column);
    match error {
        // Filters get their numbers in order, from 0.
        FilterError::Overlap(FilterId(other)) => match read.get(other as usize) {
            Some(other) => TextError::new(
                column,
                format!(
                    "it may accept packets that {:?} has claimed in line {}: {}",
                    other.owner, other.line, other.expression
                ),
                format!(
                    "narrow one of them, put the narrower one first, or let line {} yield: `{} (yields): …`",
                    other.line, other.owner
                ),
            ),
            None => TextError::new(column, error.to_string(), "narrow it"),
        },
        FilterError::Patterns(0) => {
            TextError::new(column, error.to_string(), "its parts exclude each other")
        }
        _ => TextError::new(
            column,
            error.to_string(),
            "fewer or simpler filters have room",
        ),
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
        line: 0,
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
