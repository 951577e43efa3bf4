//! The formats of trace files, a line at a time.

use std::fmt;

use exo_core::ids::ReferenceKind;

/// How the records of a trace file are written. The first record says which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `valgrind --tool=lackey --trace-mem=yes`: ` L 1ffeffff90,8`.
    Lackey,
    /// Dinero's: a label (0 load, 1 store, 2 fetch) and a hexadecimal address.
    Dinero,
    /// One address a line, hexadecimal with `0x` or decimal: each is a load.
    Addresses,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Lackey => {
                "a record of lackey's: expected `I`, ` L`, ` S` or ` M`, a hexadecimal address, a \
                 comma and a size, like ` L 1ffeffff90,8`"
            }
            Format::Dinero => {
                "a record of Dinero's: expected 0 (load), 1 (store) or 2 (fetch) and a hexadecimal \
                 address, like `0 1ffeffff90`"
            }
            Format::Addresses => {
                "an address: expected one a line, hexadecimal like `0x1ffeffff90` or decimal"
            }
        })
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    Reference(ReferenceKind, u64),
    /// Nothing that a machine would do: Dinero's labels 3 and 4.
    Escape,
}

impl Format {
    /// The format that has such a line; none if there is no such format.
    pub(super) fn of(line: &[u8]) -> Option<Format> {
        let formats = [Format::Lackey, Format::Dinero, Format::Addresses];
        formats.into_iter().find(|it| it.record(line).is_some())
    }

    /// A line, if it is a record of this format.
    pub(super) fn record(self, line: &[u8]) -> Option<Record> {
        match self {
            Format::Lackey => lackey(line),
            Format::Dinero => dinero(line),
            Format::Addresses => address(line),
        }
    }
}

/// Two characters of kind, a space, the address in hexadecimal, a comma, the size.
fn lackey(line: &[u8]) -> Option<Record> {
    let (kind, rest) = match line {
        [b'I', b' ', b' ', rest @ ..] => (ReferenceKind::Fetch, rest),
        [b' ', b'L', b' ', rest @ ..] => (ReferenceKind::Load, rest),
        [b' ', b'S', b' ', rest @ ..] => (ReferenceKind::Store, rest),
        [b' ', b'M', b' ', rest @ ..] => (ReferenceKind::Modify, rest),
        _ => return None,
    };
    let comma = rest.iter().position(|byte| *byte == b',')?;
    let (digits, size) = (rest.get(..comma)?, rest.get(comma + 1..)?);
    if size.is_empty() || size.len() > 9 || !size.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(Record::Reference(kind, number(digits, 16)?))
}

/// A label and an address; what stands behind them is a comment.
fn dinero(line: &[u8]) -> Option<Record> {
    let mut words = words(line);
    let (label, digits) = (words.next()?, words.next()?);
    let digits = digits
        .strip_prefix(b"0x")
        .or_else(|| digits.strip_prefix(b"0X"))
        .unwrap_or(digits);
    let address = number(digits, 16)?;
    match label {
        b"0" => Some(Record::Reference(ReferenceKind::Load, address)),
        b"1" => Some(Record::Reference(ReferenceKind::Store, address)),
        b"2" => Some(Record::Reference(ReferenceKind::Fetch, address)),
        b"3" | b"4" => Some(Record::Escape),
        _ => None,
    }
}

fn address(line: &[u8]) -> Option<Record> {
    let mut words = words(line);
    let word = words.next()?;
    if words.next().is_some() {
        return None;
    }
    let hexadecimal = word
        .strip_prefix(b"0x")
        .or_else(|| word.strip_prefix(b"0X"));
    let address = match hexadecimal {
        Some(digits) => number(digits, 16)?,
        None => number(word, 10)?,
    };
    Some(Record::Reference(ReferenceKind::Load, address))
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
}

/// A number of at least one digit that fits 64 bits.
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number
            .checked_mul(radix.into())?
            .checked_add(u64::from(digit))
    })
}
