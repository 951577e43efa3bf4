//! Values of a program, read out of registers, state and stack by the types that the compiler left: looked into as
//! far as one wants, since an array may have 32,768 elements.

use std::fmt;
use std::ops::Range;

use exo_core::cpu::{Program, STACK_BASE, TypeIndex, TypeShape};

/// Elements of an array that are written, from the first.
const ELEMENTS_WRITTEN: u32 = 16;
/// How deep values are read.
const DEPTH_MAX: u32 = 16;

/// What a program's addresses lead to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'run> {
    pub(super) program: &'run Program,
    pub(super) state: &'run [u8],
    pub(super) stack: &'run [u8],
}

/// Where a value lies.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'run> {
    /// In memory, at this address.
    Memory(u64),
    /// In a row of registers, from this one on.
    Registers(&'run [u64], usize),
}

/// A value of a program, with the name that leads to it; `Display` writes it as Rust would, an array by its first 16
/// elements. Pages, addresses and frames are written in base 16, as the page writes them everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Value<'run> {
    pub(super) name: &'run str,
    pub(super) ty: TypeIndex,
    pub(super) bytes: Bytes<'run>,
    pub(super) place: Place<'run>,
    pub(super) depth: u32,
}

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'run> {
    /// Of nothing: a struct without fields, or `()`.
    Nothing,
    /// A number, a name, or an `Option` or `Result` of something.
    Word,
    /// Of fields: the name of the struct.
    Struct(&'run str),
    /// Of so many elements.
    Array(u32),
    /// It cannot be told: the program has no types, or lies about them.
    Unknown,
}

impl<'run> Value<'run> {
    /// Its name as written: of a variable or a field; of an element, that of its array.
    pub fn name(&self) -> &'run str {
        self.name
    }

    /// What it is made of.
    pub fn kind(&self) -> Kind<'run> {
        match self.shape() {
            Some(TypeShape::Unit) => Kind::Nothing,
            Some(TypeShape::Struct { members, .. }) if members.is_empty() => Kind::Nothing,
            Some(TypeShape::Struct { name, .. }) => Kind::Struct(name),
            Some(TypeShape::Array { length, .. }) if self.address().is_some() => {
                Kind::Array(*length)
            }
            Some(TypeShape::Array { .. }) | None => Kind::Unknown,
            Some(_) if self.scalar(1).is_none() => Kind::Unknown,
            Some(_) => Kind::Word,
        }
    }

    /// The fields of a struct, in order; none of anything else.
    pub fn fields(&self) -> impl Iterator<Item = Value<'run>> + use<'run> {
        let members = match self.shape() {
            Some(TypeShape::Struct { members, .. }) => &members[..],
            _ => &[],
        };
        let value = *self;
        members.iter().map(move |member| Value {
            name: &member.name,
            ..value.below(member.ty, member.offset, usize::from(member.slot))
        })
    }

    /// A field of a struct.
    pub fn field(&self, name: &str) -> Option<Value<'run>> {
        self.fields().find(|field| field.name == name)
    }

    /// An element of an array.
    pub fn element(&self, index: u32) -> Option<Value<'run>> {
        match (self.kind(), self.shape()) {
            (
                Kind::Array(length),
                Some(TypeShape::Array {
                    element,
                    stride_bytes,
                    ..
                }),
            ) if index < length => {
                Some(self.below(*element, index.saturating_mul(*stride_bytes), 0))
            }
            _ => None,
        }
    }

    /// How many elements an array has; 0 of anything else.
    pub fn length(&self) -> u32 {
        match self.kind() {
            Kind::Array(length) => length,
            _ => 0,
        }
    }

    /// The number, if it is one without a sign, or a frame's.
    pub fn number(&self) -> Option<u64> {
        match self.shape()? {
            TypeShape::Integer { signed: false, .. } | TypeShape::Frame => {
                self.scalar(size(self.shape()?))
            }
            _ => None,
        }
    }

    /// The number, if it could be the index of an array: a `usize` that is no page and no address.
    pub fn index(&self) -> Option<u64> {
        match self.shape()? {
            TypeShape::Integer {
                bits: 64,
                signed: false,
            } if !self.is_place() => self.number(),
            _ => None,
        }
    }

    /// The number of an element, if that has one.
    pub fn number_at(&self, index: u32) -> Option<u64> {
        self.element(index)?.number()
    }

    /// Whether it is the name of a frame, or an array of them.
    pub fn is_frames(&self) -> bool {
        let shape = match self.shape() {
            Some(TypeShape::Array { element, .. }) => {
                self.bytes.program.types.get(*element as usize)
            }
            shape => shape,
        };
        matches!(shape, Some(TypeShape::Frame))
    }

    /// Where in the program's state its bytes are; none of what lies in registers or on the stack.
    pub fn range(&self) -> Option<Range<usize>> {
        let from = usize::try_from(self.address()?).ok()?;
        let until = from.checked_add(self.size_of(self.ty, self.depth) as usize)?;
        (until <= self.bytes.state.len()).then_some(from..until)
    }

    fn address(&self) -> Option<u64> {
        match self.place {
            Place::Memory(address) => Some(address),
            Place::Registers(..) => None,
        }
    }

    fn shape(&self) -> Option<&'run TypeShape> {
        let known = self.bytes.program.types.get(self.ty as usize);
        known.filter(|_| self.depth < DEPTH_MAX)
    }

    /// A part of it.
    fn below(&self, ty: TypeIndex, offset: u32, slot: usize) -> Value<'run> {
        Value {
            ty,
            depth: self.depth + 1,
            place: match self.place {
                Place::Memory(address) => Place::Memory(address.wrapping_add(offset.into())),
                Place::Registers(row, first) => Place::Registers(row, first + slot),
            },
            ..*self
        }
    }

    /// The number in its first bytes, or in its register.
    fn scalar(&self, size: u32) -> Option<u64> {
        let address = match self.place {
            Place::Registers(row, first) => return row.get(first).copied(),
            Place::Memory(address) => address,
        };
        let (bytes, from) = match address.checked_sub(STACK_BASE) {
            Some(from) => (self.bytes.stack, from),
            None => (self.bytes.state, address),
        };
        let from = usize::try_from(from).ok()?;
        let own = bytes.get(from..)?.get(..size as usize)?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(own.iter().rev().fold(0, fold))
    }

    /// Bytes of a type in memory.
    fn size_of(&self, ty: TypeIndex, depth: u32) -> u32 {
        let types = &self.bytes.program.types;
        let Some(shape) = types.get(ty as usize).filter(|_| depth < DEPTH_MAX) else {
            return 0;
        };
        let end = |ty: TypeIndex, offset: u32| offset.saturating_add(self.size_of(ty, depth + 1));
        match shape {
            TypeShape::Struct { members, .. } => {
                let ends = members.iter().map(|it| end(it.ty, it.offset));
                ends.max().unwrap_or(0)
            }
            TypeShape::Array {
                length,
                stride_bytes,
                ..
            } => length.saturating_mul(*stride_bytes),
            TypeShape::Variants {
                variants,
                payload_offset,
            } => {
                let payloads = variants.iter().filter_map(|it| it.payload);
                let ends = payloads.map(|ty| end(ty, *payload_offset));
                ends.max().unwrap_or(1).max(1)
            }
            scalar => size(scalar),
        }
    }

    /// Whether it is a page or an address, by its name: the last word of that says so.
    fn is_place(&self) -> bool {
        let name = self.name.strip_suffix("_of").unwrap_or(self.name);
        let last = name.rsplit('_').next().unwrap_or(name);
        matches!(last, "page" | "address")
    }

    /// A scalar as Rust would write it.
    fn write_word(&self, shape: &TypeShape, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(value) = self.scalar(size(shape)) else {
            return f.write_str("?");
        };
        match shape {
            TypeShape::Bool => write!(f, "{}", value != 0),
            TypeShape::Integer {
                bits: 32,
                signed: true,
            } => write!(f, "{}", value as u32 as i32),
            TypeShape::Integer { signed: true, .. } => write!(f, "{}", value as i64),
            TypeShape::Frame => write!(f, "Frame(0x{value:X})"),
            TypeShape::Enum { name, variants } => match variants.get(value as usize) {
                Some(variant) => write!(f, "{name}::{variant}"),
                None => f.write_str("?"),
            },
            _ if self.is_place() => write!(f, "0x{value:X}"),
            _ => write!(f, "{value}"),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = |place: u32| if place > 0 { ", " } else { "" };
        match self.shape() {
            None => f.write_str("?"),
            Some(TypeShape::Unit) => f.write_str("()"),
            Some(TypeShape::Struct { name, members }) => {
                f.write_str(name)?;
                if members.is_empty() {
                    return Ok(());
                }
                f.write_str(" { ")?;
                for (place, field) in (0..).zip(self.fields()) {
                    write!(f, "{}{}: {field}", comma(place), field.name)?;
                }
                f.write_str(" }")
            }
            Some(TypeShape::Array { .. }) => {
                if self.kind() == Kind::Unknown {
                    return f.write_str("?");
                }
                f.write_str("[")?;
                for place in 0..self.length().min(ELEMENTS_WRITTEN) {
                    if let Some(element) = self.element(place) {
                        write!(f, "{}{element}", comma(place))?;
                    }
                }
                if self.length() > ELEMENTS_WRITTEN {
                    write!(f, ", … {} in all", self.length())?;
                }
                f.write_str("]")
            }
            Some(TypeShape::Variants {
                variants,
                payload_offset,
            }) => {
                let tag = self.scalar(1).and_then(|tag| variants.get(tag as usize));
                match tag.map(|variant| (&variant.name, variant.payload)) {
                    None => f.write_str("?"),
                    Some((name, None)) => f.write_str(name),
                    Some((name, Some(ty))) => {
                        write!(f, "{name}({})", self.below(ty, *payload_offset, 1))
                    }
                }
            }
            Some(scalar) => self.write_word(scalar, f),
        }
    }
}

/// Rows of values, each with its name and its value as Rust would write it; a struct has one for each of its fields.
pub(super) fn rows<'a>(values: impl Iterator<Item = Value<'a>>) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    values.for_each(|value| put(&mut rows, value.name, value));
    rows
}

fn put(rows: &mut Vec<(String, String)>, name: &str, value: Value<'_>) {
    match value.kind() {
        Kind::Struct(_) => value.fields().for_each(|field| {
            put(rows, &format!("{name}.{}", field.name), field);
        }),
        _ => rows.push((name.to_owned(), value.to_string())),
    }
}

/// Bytes of a scalar in memory.
fn size(shape: &TypeShape) -> u32 {
    match shape {
        TypeShape::Integer { bits, .. } => u32::from(*bits) / 8,
        TypeShape::Frame => 4,
        TypeShape::Bool | TypeShape::Enum { .. } => 1,
        _ => 0,
    }
}
