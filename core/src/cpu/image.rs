//! A program as bytes, so that it can be kept, sent, and refused.
//!
//! ```text
//!   "exo" version | role | name | code places | functions | shapes | constants | messages | fields
//!   | state | entries
//! ```
//! Little-endian; a list is its count, then its items; a text is its length, then UTF-8. What only
//! a debugger reads (types and variables) is left out. Reading checks every count against the bytes
//! that are left before it takes memory for them, and believes nothing else: see
//! [`verify`](crate::verify::verify).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::instr::Instr;
use super::program::{Entry, Field, Function, Message, Program, Role, Shape, Shown, SourcePlace};

const HEAD: [u8; 4] = *b"exo\x01";

/// Why bytes are not a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageError {
    /// The first byte that does not fit.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "these bytes are no program: expected {} at byte {}",
            self.expected, self.at
        )
    }
}

impl Program {
    /// Its bytes, without types and variables.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(HEAD.to_vec());
        out.0.push(self.role as u8);
        out.text(&self.name);
        out.list(&self.code, |out, instr| out.0.extend(instr.to_bytes()));
        out.list(&self.places, |out, place| {
            out.u32(place.line);
            out.u32(place.column);
        });
        out.list(&self.functions, |out, function| {
            out.text(&function.name);
            out.u32(function.entry);
            out.u32(function.registers.into());
            out.0.push(function.arguments);
        });
        out.list(&self.shapes, |out, shape| {
            out.u32(shape.offset);
            out.u32(shape.length);
            out.u32(shape.size_bytes);
        });
        out.list(&self.constants, |out, constant| {
            out.0.extend(constant.to_le_bytes());
        });
        out.list(&self.messages, |out, message| {
            out.list(&message.pieces, |out, piece| out.text(piece));
            out.list(&message.shown, |out, shown| out.0.push(*shown as u8));
        });
        out.list(&self.fields, |out, field| {
            out.text(&field.name);
            out.text(&field.type_text);
            out.u32(field.offset);
            out.u32(field.size_bytes);
            out.0.push(u8::from(field.holds_frames));
        });
        out.list(&self.initial_state, |out, byte| out.0.push(*byte));
        out.list(&self.entries, |out, (entry, function)| {
            out.0.push(*entry as u8);
            out.u32((*function).into());
        });
        out.0
    }

    /// The program of these bytes, which is yet to be verified.
    ///
    /// # Errors
    /// [`ImageError`] says where the bytes stop making sense; there is no program then.
    pub fn from_bytes(bytes: &[u8]) -> Result<Program, ImageError> {
        let mut from = Reader { bytes, at: 0 };
        if from.take(4, "the mark of a program")? != HEAD {
            return Err(from.error_at(0, "the mark of a program"));
        }
        let role = from.numbered("a role", Role::from_number)?;
        let program = Program {
            role,
            name: from.text()?,
            code: from.list(8, |from| from.instr())?,
            places: from.list(8, |from| {
                Ok(SourcePlace {
                    line: from.u32()?,
                    column: from.u32()?,
                })
            })?,
            functions: from.list(13, Reader::function)?,
            shapes: from.list(12, |from| {
                Ok(Shape {
                    offset: from.u32()?,
                    length: from.u32()?,
                    size_bytes: from.u32()?,
                })
            })?,
            constants: from.list(8, |from| from.number().map(u64::from_le_bytes))?,
            messages: from.list(8, |from| {
                Ok(Message {
                    pieces: from.list(4, Reader::text)?,
                    shown: from.list(1, Reader::shown)?,
                })
            })?,
            fields: from.list(17, Reader::field)?,
            initial_state: from.list(1, Reader::u8)?,
            entries: from.list(5, |from| {
                let entry = from.numbered("an entry", Entry::from_number)?;
                Ok((entry, from.u16()?))
            })?,
            types: Vec::new(),
        };
        if from.at < bytes.len() {
            return Err(from.error_at(from.at, "the end"));
        }
        Ok(program)
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.u32(text.len() as u32);
        self.0.extend(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.u32(items.len() as u32);
        items.iter().for_each(|item| write(self, item));
    }
}

struct Reader<'bytes> {
    bytes: &'bytes [u8],
    at: usize,
}

impl<'bytes> Reader<'bytes> {
    fn error_at(&self, at: usize, expected: &'static str) -> ImageError {
        ImageError { at, expected }
    }

    fn take(&mut self, count: usize, expected: &'static str) -> Result<&'bytes [u8], ImageError> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let taken = rest.get(..count);
        let taken = taken.ok_or(self.error_at(self.at, expected))?;
        self.at += count;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], ImageError> {
        let bytes = self.take(N, "a number")?;
        bytes
            .try_into()
            .map_err(|_| self.error_at(self.at, "a number"))
    }

    fn u8(&mut self) -> Result<u8, ImageError> {
        self.number().map(u8::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, ImageError> {
        self.number().map(u32::from_le_bytes)
    }

    fn u16(&mut self) -> Result<u16, ImageError> {
        let at = self.at;
        let error = self.error_at(at, "a number below 65,536");
        u16::try_from(self.u32()?).map_err(|_| error)
    }

    fn shown(&mut self) -> Result<Shown, ImageError> {
        self.numbered("0 to 2", |number| match number {
            0 => Some(Shown::Unsigned),
            1 => Some(Shown::Signed),
            2 => Some(Shown::Truth),
            _ => None,
        })
    }

    fn truth(&mut self) -> Result<bool, ImageError> {
        self.numbered("0 or 1", |number| match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        })
    }

    fn numbered<T>(
        &mut self,
        expected: &'static str,
        of: impl Fn(u8) -> Option<T>,
    ) -> Result<T, ImageError> {
        let error = self.error_at(self.at, expected);
        of(self.u8()?).ok_or(error)
    }

    fn text(&mut self) -> Result<String, ImageError> {
        let length = self.u32()? as usize;
        let at = self.at;
        let bytes = self.take(length, "a text of that length")?;
        let text = core::str::from_utf8(bytes);
        text.map(String::from)
            .map_err(|_| self.error_at(at, "a text in UTF-8"))
    }

    /// A list whose items take at least `least` bytes each.
    fn list<T>(
        &mut self,
        least: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, ImageError>,
    ) -> Result<Vec<T>, ImageError> {
        let at = self.at;
        let count = self.u32()? as usize;
        if count.saturating_mul(least) > self.bytes.len() - self.at {
            return Err(self.error_at(at, "a count of what follows"));
        }
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(read(self)?);
        }
        Ok(items)
    }

    fn instr(&mut self) -> Result<Instr, ImageError> {
        let error = self.error_at(self.at, "an instruction");
        Instr::from_bytes(self.number()?).ok_or(error)
    }

    fn function(&mut self) -> Result<Function, ImageError> {
        Ok(Function {
            name: self.text()?,
            entry: self.u32()?,
            registers: self.u16()?,
            arguments: self.u8()?,
            variables: Vec::new(),
        })
    }

    fn field(&mut self) -> Result<Field, ImageError> {
        Ok(Field {
            name: self.text()?,
            type_text: self.text()?,
            ty: 0,
            offset: self.u32()?,
            size_bytes: self.u32()?,
            holds_frames: self.truth()?,
        })
    }
}
