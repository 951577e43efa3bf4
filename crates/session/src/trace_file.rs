//! Reads traces of memory, plain or gzip, as they stream in: what `valgrind --tool=lackey
//! --trace-mem=yes` writes, Dinero's records, and plain addresses.
//!
//! ```text
//!   I  04015860,3      an instruction fetch of 3 bytes
//!    L 1ffeffff90,8    a load        S: a store        M: a modify
//!   ==4711== ...       valgrind's own lines (also --4711-- and **4711**), skipped and counted
//!
//!   0 1ffeffff90       Dinero: a load     1: a store   2: a fetch   3 and 4 are skipped
//!
//!   0x1ffeffff90       an address, or decimal: a load
//!   # ...              a comment, skipped and counted
//! ```
//! One record is one reference, to the page of its first byte; a modify counts once. The first record
//! says which format it is.

mod error;
mod format;
mod gzip;

pub use error::TraceError;
use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;
pub use format::Format;
use format::Record;
use gzip::{Gunzip, MAGIC};

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

/// log2 of the size in bytes of a page of the machine.
pub const PAGE_BITS: u8 = 12;
/// The largest page that a trace may be said to have, likewise.
pub const TRACE_PAGE_BITS_MAX: u8 = 24;

/// What to take of a trace file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Which records.
    pub stream: Stream,
    /// The most references to take; those behind are left out, and the trace says so.
    pub references_max: Option<u64>,
    /// How many low bits of an address lie within its page: 0 for a file of page numbers. Each page
    /// becomes one of the machine's, of 4 KiB.
    pub page_bits: u8,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            stream: Stream::All,
            references_max: None,
            page_bits: PAGE_BITS,
        }
    }
}

/// Characters of a bad line that an error quotes.
const QUOTE_MAX: usize = 60;
/// The longest line that is looked at; valgrind's own lines may be long, records never are.
const LINE_BYTES_MAX: usize = 4096;

/// What some editors begin a text with, to say that it is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

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
    Gzip(Lines, Box<Gunzip>),
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
            self.input = if head.starts_with(&MAGIC) {
                Input::Gzip(lines, Box::new(Gunzip::new()))
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
            Input::Gzip(lines, gunzip) => unpack(gunzip, lines, bytes),
        }
    }

    /// References taken so far.
    pub fn references(&self) -> u64 {
        match &self.input {
            Input::Unknown(lines, _) | Input::Plain(lines) | Input::Gzip(lines, _) => {
                lines.trace.length()
            }
        }
    }

    /// Whether it has as many references as were asked for, so that more bytes change nothing.
    pub fn full(&self) -> bool {
        match &self.input {
            Input::Unknown(lines, _) | Input::Plain(lines) | Input::Gzip(lines, _) => {
                lines.truncated
            }
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
            Input::Gzip(lines, gunzip) => {
                if !lines.truncated {
                    gunzip.finish().map_err(|reason| lines.damaged(reason))?;
                }
                lines
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
            page_bits: lines.options.page_bits,
            trace: lines.trace,
            skipped_lines: lines.skipped,
            truncated: lines.truncated,
        })
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
    /// That of the first record.
    format: Option<Format>,
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
        let unmarked = line.strip_prefix(BYTE_ORDER_MARK);
        let line = unmarked.filter(|_| self.line == 1).unwrap_or(line);
        let own: [&[u8]; 4] = [b"==", b"--", b"**", b"#"];
        if line.is_empty() || own.iter().any(|mark| line.starts_with(mark)) {
            self.skipped += u64::from(!line.is_empty());
            return Ok(());
        }
        self.format = self.format.or_else(|| Format::of(line));
        let (kind, address) = match self.format.and_then(|format| format.record(line)) {
            Some(Record::Reference(kind, address)) => (kind, address),
            Some(Record::Escape) => {
                self.skipped += 1;
                return Ok(());
            }
            None => return Err(self.unread(line)),
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
        let line = self.line;
        let address = in_pages(address, self.options.page_bits);
        let address = address.ok_or(TraceError::PageNumber { line })?;
        let address = self.regions.map(address);
        let address = address.ok_or(TraceError::Regions { line })?;
        self.pages.touch(address);
        self.trace.push(address, kind);
        Ok(())
    }

    fn damaged(&self, reason: &'static str) -> TraceError {
        TraceError::Gzip {
            line: self.line,
            reason,
        }
    }

    fn unread(&self, line: &[u8]) -> TraceError {
        let text = String::from_utf8_lossy(line);
        TraceError::Record {
            line: self.line,
            text: text.chars().take(QUOTE_MAX).collect(),
            format: self.format,
        }
    }
}

/// An address in a page of the machine's size, for one in a page of 2^`page_bits` bytes: the low bits
/// that there is room for stay. None if there is no such page.
fn in_pages(address: u64, page_bits: u8) -> Option<u64> {
    if page_bits == PAGE_BITS {
        return Some(address);
    }
    let page = address.checked_shr(page_bits.into())?;
    let within = address & ((1 << page_bits.min(PAGE_BITS)) - 1);
    let start = page.checked_mul(1 << PAGE_BITS)?;
    Some(start | within)
}

/// Hands on what a gzip stream unpacks to. A complaint of the lines inside goes before one of the stream around
/// them, since it comes first.
fn unpack(gunzip: &mut Gunzip, lines: &mut Lines, bytes: &[u8]) -> Result<(), TraceError> {
    let unpacked = gunzip.push(bytes, &mut |piece| lines.push(piece).map_err(Refusal::Line));
    unpacked.map_err(|refusal| match refusal {
        Refusal::Line(error) => error,
        Refusal::Gzip(reason) => lines.damaged(reason),
    })
}

/// Who takes no more of a gzip stream.
enum Refusal {
    Line(TraceError),
    Gzip(&'static str),
}

impl From<&'static str> for Refusal {
    fn from(reason: &'static str) -> Refusal {
        Refusal::Gzip(reason)
    }
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
