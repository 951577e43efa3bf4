//! Reads what `valgrind --tool=lackey --trace-mem=yes` writes, plain or gzip, as it streams in.
//!
//! ```text
//!   I  04015860,3      an instruction fetch of 3 bytes
//!    L 1ffeffff90,8    a load        S: a store        M: a modify
//!   ==4711== ...       valgrind's own lines (also --4711-- and **4711**), skipped and counted
//! ```
//! One record is one reference, to the page of its first byte; a modify counts once.

use std::fmt;
use std::io::Write;

use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;
use flate2::write::MultiGzDecoder;

use crate::regions::Regions;
use crate::scenario::NamedTrace;

/// Which records of a trace are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stream {
    /// All of them.
    #[default]
    All,
    /// Loads, stores and modifies, but no instruction fetches.
    Data,
}

/// What to take of a trace file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Which records.
    pub stream: Stream,
    /// The most references to take; those behind are left out, and the trace says so.
    pub references_max: Option<u64>,
}

/// Why a file is not a trace. Nothing that was open before is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence of each is in its Display")]
pub enum TraceError {
    Record { line: u64, text: String },
    Regions { line: u64 },
    LongLine { line: u64 },
    Gzip { line: u64, reason: String },
    Empty,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::Record { line, text } => write!(
                f,
                "line {line}: {text:?} is not a record of lackey's: expected `I`, ` L`, ` S` or \
                 ` M`, a hexadecimal address, a comma and a size, like ` L 1ffeffff90,8`"
            ),
            TraceError::Regions { line } => write!(
                f,
                "line {line}: the trace touches more than 256 regions of 16 MiB, and a 32-bit \
                 machine has no room for another; trace a smaller program, or a part of it"
            ),
            TraceError::LongLine { line } => {
                write!(
                    f,
                    "line {line} is longer than any record: is this a text file of lackey's?"
                )
            }
            TraceError::Gzip { line, reason } => write!(
                f,
                "the gzip file is damaged after line {line} ({reason}): fetch or pack it again"
            ),
            TraceError::Empty => f.write_str(
                "there is no record in this file: make one with \
                 `valgrind --tool=lackey --trace-mem=yes --log-file=FILE PROGRAM`",
            ),
        }
    }
}

impl std::error::Error for TraceError {}

/// Characters of a bad line that an error quotes.
const QUOTE_MAX: usize = 60;
/// The longest line that is looked at; valgrind's own lines may be long, records never are.
const LINE_BYTES_MAX: usize = 4096;

/// A trace file on its way in.
#[derive(Debug)]
pub struct TraceReader {
    input: Input,
}

#[derive(Debug)]
enum Input {
    /// Fewer than two bytes have come: it could be either.
    Unknown(Lines, Vec<u8>),
    Plain(Lines),
    Gzip(Box<MultiGzDecoder<Lines>>),
}

impl TraceReader {
    /// Nothing read yet.
    pub fn new(options: ReadOptions) -> TraceReader {
        TraceReader {
            input: Input::Unknown(Lines::new(options), Vec::new()),
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// The first malformed line, or damage of the gzip stream; the reader takes nothing more.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TraceError> {
        if let Input::Unknown(lines, head) = &mut self.input {
            head.extend_from_slice(bytes);
            if head.len() < 2 {
                return Ok(());
            }
            let (lines, head) = (std::mem::take(lines), std::mem::take(head));
            self.input = if head.starts_with(&[0x1f, 0x8b]) {
                Input::Gzip(Box::new(MultiGzDecoder::new(lines)))
            } else {
                Input::Plain(lines)
            };
            return self.take(&head);
        }
        self.take(bytes)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), TraceError> {
        match &mut self.input {
            Input::Unknown(..) => Ok(()),
            Input::Plain(lines) => lines.push(bytes),
            Input::Gzip(decoder) => {
                let written = decoder.write_all(bytes);
                check_gzip(decoder, written)
            }
        }
    }

    /// References taken so far.
    pub fn references(&self) -> u64 {
        match &self.input {
            Input::Unknown(lines, _) | Input::Plain(lines) => lines.trace.length(),
            Input::Gzip(decoder) => decoder.get_ref().trace.length(),
        }
    }

    /// Whether it has as many references as were asked for, so that more bytes change nothing.
    pub fn full(&self) -> bool {
        match &self.input {
            Input::Unknown(lines, _) | Input::Plain(lines) => lines.truncated,
            Input::Gzip(decoder) => decoder.get_ref().truncated,
        }
    }

    /// The whole trace, under a name to show.
    ///
    /// # Errors
    /// A malformed last line, a gzip stream that ends too soon, or no record at all.
    pub fn finish(self, name: &str) -> Result<NamedTrace, TraceError> {
        let mut lines = match self.input {
            Input::Unknown(mut lines, head) => {
                lines.push(&head)?;
                lines
            }
            Input::Plain(lines) => lines,
            Input::Gzip(mut decoder) => {
                if !decoder.get_ref().truncated {
                    let finished = decoder.try_finish();
                    check_gzip(&decoder, finished)?;
                }
                std::mem::take(decoder.get_mut())
            }
        };
        lines.end()?;
        if lines.trace.length() == 0 {
            return Err(TraceError::Empty);
        }
        Ok(NamedTrace {
            name: name.chars().take(64).collect(),
            pages: lines.pages.count(),
            stream: lines.options.stream,
            trace: lines.trace,
            skipped_lines: lines.skipped,
            truncated: lines.truncated,
        })
    }
}

/// A complaint of the lines inside goes before one of the gzip stream around them.
fn check_gzip(
    decoder: &MultiGzDecoder<Lines>,
    result: std::io::Result<()>,
) -> Result<(), TraceError> {
    let lines = decoder.get_ref();
    match (&lines.error, result) {
        (Some(error), _) => Err(error.clone()),
        (None, Err(error)) => Err(TraceError::Gzip {
            line: lines.line,
            reason: error.to_string(),
        }),
        (None, Ok(())) => Ok(()),
    }
}

/// Reads a whole file that is in memory.
///
/// # Errors
/// As [`TraceReader::push`] and [`TraceReader::finish`].
pub fn read_trace(
    bytes: &[u8],
    name: &str,
    options: &ReadOptions,
) -> Result<NamedTrace, TraceError> {
    let mut reader = TraceReader::new(*options);
    for chunk in bytes.chunks(1 << 16) {
        reader.push(chunk)?;
        if reader.full() {
            break;
        }
    }
    reader.finish(name)
}

/// Cuts bytes into lines and lines into references.
#[derive(Debug, Default)]
struct Lines {
    options: ReadOptions,
    trace: Trace,
    pages: Pages,
    regions: Regions,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    line: u64,
    skipped: u64,
    truncated: bool,
    error: Option<TraceError>,
}

impl Lines {
    fn new(options: ReadOptions) -> Lines {
        Lines {
            options,
            ..Lines::default()
        }
    }

    fn push(&mut self, mut bytes: &[u8]) -> Result<(), TraceError> {
        while !self.truncated
            && let Some(end) = bytes.iter().position(|byte| *byte == b'\n')
        {
            let (line, more) = (&bytes[..end], &bytes[end + 1..]);
            if self.rest.is_empty() {
                self.record(line)?;
            } else {
                let mut whole = std::mem::take(&mut self.rest);
                whole.extend_from_slice(line);
                self.record(&whole)?;
            }
            bytes = more;
        }
        if !self.truncated {
            self.rest.extend_from_slice(bytes);
        }
        if self.rest.len() > LINE_BYTES_MAX {
            return Err(TraceError::LongLine {
                line: self.line + 1,
            });
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), TraceError> {
        let last = std::mem::take(&mut self.rest);
        if last.is_empty() || self.truncated {
            Ok(())
        } else {
            self.record(&last)
        }
    }

    fn record(&mut self, line: &[u8]) -> Result<(), TraceError> {
        self.line += 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let own = [b"==", b"--", b"**"];
        if line.is_empty() || own.iter().any(|mark| line.starts_with(*mark)) {
            self.skipped += u64::from(!line.is_empty());
            return Ok(());
        }
        let Some((kind, address)) = parse(line) else {
            let text: String = String::from_utf8_lossy(line)
                .chars()
                .take(QUOTE_MAX)
                .collect();
            return Err(TraceError::Record {
                line: self.line,
                text,
            });
        };
        if kind == ReferenceKind::Fetch && self.options.stream == Stream::Data {
            return Ok(());
        }
        if self
            .options
            .references_max
            .is_some_and(|most| self.trace.length() >= most)
        {
            self.truncated = true;
            return Ok(());
        }
        let address = self
            .regions
            .map(address)
            .ok_or(TraceError::Regions { line: self.line })?;
        self.pages.touch(address);
        self.trace.push(address, kind);
        Ok(())
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.error.is_none() {
            self.error = self.push(bytes).err();
        }
        match &self.error {
            Some(error) => Err(std::io::Error::other(error.to_string())),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A record: two characters of kind, a space, the address in hexadecimal, a comma, the size.
fn parse(line: &[u8]) -> Option<(ReferenceKind, u64)> {
    let (kind, rest) = match line {
        [b'I', b' ', b' ', rest @ ..] => (ReferenceKind::Fetch, rest),
        [b' ', b'L', b' ', rest @ ..] => (ReferenceKind::Load, rest),
        [b' ', b'S', b' ', rest @ ..] => (ReferenceKind::Store, rest),
        [b' ', b'M', b' ', rest @ ..] => (ReferenceKind::Modify, rest),
        _ => return None,
    };
    let comma = rest.iter().position(|byte| *byte == b',')?;
    let (digits, size) = (&rest[..comma], &rest[comma + 1..]);
    if digits.is_empty() || digits.len() > 16 || size.is_empty() || size.len() > 9 {
        return None;
    }
    let address = digits.iter().try_fold(0_u64, |address, digit| {
        Some(address << 4 | u64::from((*digit as char).to_digit(16)?))
    })?;
    size.iter()
        .all(u8::is_ascii_digit)
        .then_some((kind, address))
}

/// Which pages of 4 KiB were touched.
#[derive(Debug, Default)]
struct Pages {
    touched: Vec<u64>,
}

impl Pages {
    fn touch(&mut self, address: u32) {
        let page = (address >> 12) as usize;
        if self.touched.len() <= page / 64 {
            self.touched.resize(page / 64 + 1, 0);
        }
        self.touched[page / 64] |= 1 << (page % 64);
    }

    fn count(&self) -> u32 {
        self.touched.iter().map(|word| word.count_ones()).sum()
    }
}

#[cfg(test)]
mod tests;
