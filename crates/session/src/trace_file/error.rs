//! Why a file is not a trace, in words.

use std::fmt;

use super::{Format, PAGE_BITS};

/// Why a file is not a trace. Nothing that was open before is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence of each is in its Display")]
pub enum TraceError {
    Record {
        line: u64,
        text: String,
        format: Option<Format>,
    },
    Regions {
        line: u64,
    },
    PageNumber {
        line: u64,
    },
    LongLine {
        line: u64,
    },
    Gzip {
        line: u64,
        reason: &'static str,
    },
    Empty,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::Record {
                line,
                text,
                format: Some(format),
            } => write!(f, "line {line}: {text:?} is not {format}"),
            TraceError::Record {
                line,
                text,
                format: None,
            } => write!(
                f,
                "line {line}: {text:?} is not a reference: expected lackey's records, like \
                 ` L 1ffeffff90,8`, Dinero's, like `0 1ffeffff90`, or one address a line, like \
                 `0x1ffeffff90`"
            ),
            TraceError::PageNumber { line } => write!(
                f,
                "line {line}: the page number of this address has more than 52 bits; with \
                 --page-bits {PAGE_BITS} the address is taken as it is"
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
