//! Values of a program, read out of registers, state and stack by the types that the compiler left.

use std::fmt;

use exo_core::cpu::{Program, STACK_BASE, TypeIndex, TypeShape};

/// Elements of an array that are read; the page asks for no more at once.
const ELEMENTS_MAX: u32 = 256;
/// Elements of an array that a row has, from the first.
const ELEMENTS_SHOWN: usize = 16;
/// How deep values are read.
const DEPTH_MAX: u32 = 16;

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Name as written.
    pub name: String,
    /// Value.
    pub value: ValueView,
}

/// A value as a reader sees it; `Display` writes it as Rust would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueView {
    /// One word: a number, `true`, `Frame(3)`, `Access::Read`.
    Word(String),
    /// A struct.
    Struct {
        /// Name of its type.
        name: String,
        /// Its fields.
        fields: Vec<FieldView>,
    },
    /// An array, of which at most the first 256 elements are here.
    Array {
        /// How many there are.
        length: u32,
        /// The first of them.
        elements: Vec<ValueView>,
    },
    /// `Some(…)`, `None`, `Ok(…)`, `Err(…)`.
    Variant {
        /// Its name.
        name: String,
        /// What it holds.
        payload: Option<Box<ValueView>>,
    },
    /// It cannot be told: the program has no types, or lies about them.
    Unknown,
}

impl fmt::Display for ValueView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueView::Word(word) => f.write_str(word),
            ValueView::Struct { name, fields } if fields.is_empty() => f.write_str(name),
            ValueView::Struct { name, fields } => {
                write!(f, "{name} {{ ")?;
                for (place, field) in fields.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{}: {}", field.name, field.value)?;
                }
                f.write_str(" }")
            }
            ValueView::Array { length, elements } => {
                f.write_str("[")?;
                for (place, element) in elements.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{element}")?;
                }
                if elements.len() < *length as usize {
                    write!(f, ", … {length} in all")?;
                }
                f.write_str("]")
            }
            ValueView::Variant { name, payload } => match payload {
                Some(payload) => write!(f, "{name}({payload})"),
                None => f.write_str(name),
            },
            ValueView::Unknown => f.write_str("?"),
        }
    }
}

/// Rows of values, each with its name and its value as Rust would write it; a struct has one for each of its fields.
pub fn rows<'a>(fields: impl Iterator<Item = &'a FieldView>) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    fields.for_each(|field| put(&mut rows, &field.name, &field.value));
    rows
}

fn put(rows: &mut Vec<(String, String)>, name: &str, value: &ValueView) {
    match value {
        ValueView::Struct { fields, .. } if !fields.is_empty() => {
            for field in fields {
                put(rows, &format!("{name}.{}", field.name), &field.value);
            }
        }
        ValueView::Array { length, elements } => {
            let first = elements.iter().take(ELEMENTS_SHOWN).cloned().collect();
            let short = ValueView::Array {
                length: *length,
                elements: first,
            };
            rows.push((name.to_owned(), short.to_string()));
        }
        other => rows.push((name.to_owned(), other.to_string())),
    }
}

/// What a program's addresses lead to.
pub(super) struct Bytes<'run> {
    pub(super) program: &'run Program,
    pub(super) state: &'run [u8],
    pub(super) stack: &'run [u8],
}

impl Bytes<'_> {
    /// A value that lies in memory.
    pub(super) fn memory(&self, ty: TypeIndex, address: u64) -> ValueView {
        self.at(ty, address, 0)
    }

    /// A value in a stack frame.
    pub(super) fn stack(&self, ty: TypeIndex, frame: u32, offset: u32) -> ValueView {
        self.at(ty, STACK_BASE + u64::from(frame) + u64::from(offset), 0)
    }

    /// A value in a row of registers.
    pub(super) fn registers(&self, ty: TypeIndex, row: &[u64], first: usize) -> ValueView {
        self.in_row(ty, row, first, 0)
    }

    fn shape(&self, ty: TypeIndex, depth: u32) -> Option<&TypeShape> {
        let known = self.program.types.get(ty as usize);
        known.filter(|_| depth < DEPTH_MAX)
    }

    /// The number in `size` bytes at an address.
    fn load(&self, address: u64, size: u32) -> Option<u64> {
        let (bytes, from) = match address.checked_sub(STACK_BASE) {
            Some(from) => (self.stack, from),
            None => (self.state, address),
        };
        let from = usize::try_from(from).ok()?;
        let own = bytes.get(from..)?.get(..size as usize)?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(own.iter().rev().fold(0, fold))
    }

    fn at(&self, ty: TypeIndex, address: u64, depth: u32) -> ValueView {
        let Some(shape) = self.shape(ty, depth) else {
            return ValueView::Unknown;
        };
        let below = |ty: TypeIndex, offset: u32| {
            self.at(ty, address.wrapping_add(offset.into()), depth + 1)
        };
        match shape {
            TypeShape::Struct { name, members } => ValueView::Struct {
                name: name.clone(),
                fields: members
                    .iter()
                    .map(|member| FieldView {
                        name: member.name.clone(),
                        value: below(member.ty, member.offset),
                    })
                    .collect(),
            },
            TypeShape::Array {
                element,
                length,
                stride_bytes,
            } => ValueView::Array {
                length: *length,
                elements: (0..(*length).min(ELEMENTS_MAX))
                    .map(|place| below(*element, place.saturating_mul(*stride_bytes)))
                    .collect(),
            },
            TypeShape::Variants {
                variants,
                payload_offset,
            } => {
                let tag = self
                    .load(address, 1)
                    .and_then(|tag| variants.get(tag as usize));
                tag.map_or(ValueView::Unknown, |variant| ValueView::Variant {
                    name: variant.name.clone(),
                    payload: variant
                        .payload
                        .map(|ty| Box::new(below(ty, *payload_offset))),
                })
            }
            scalar => match self.load(address, size(scalar)) {
                Some(value) => word(scalar, value),
                None => ValueView::Unknown,
            },
        }
    }

    fn in_row(&self, ty: TypeIndex, row: &[u64], first: usize, depth: u32) -> ValueView {
        let Some(shape) = self.shape(ty, depth) else {
            return ValueView::Unknown;
        };
        let below = |ty: TypeIndex, slot: usize| self.in_row(ty, row, first + slot, depth + 1);
        match shape {
            TypeShape::Struct { name, members } => ValueView::Struct {
                name: name.clone(),
                fields: members
                    .iter()
                    .map(|member| FieldView {
                        name: member.name.clone(),
                        value: below(member.ty, usize::from(member.slot)),
                    })
                    .collect(),
            },
            TypeShape::Variants { variants, .. } => {
                let tag = row.get(first).and_then(|tag| variants.get(*tag as usize));
                tag.map_or(ValueView::Unknown, |variant| ValueView::Variant {
                    name: variant.name.clone(),
                    payload: variant.payload.map(|ty| Box::new(below(ty, 1))),
                })
            }
            TypeShape::Array { .. } => ValueView::Unknown,
            TypeShape::Unit => word(shape, 0),
            scalar => match row.get(first) {
                Some(value) => word(scalar, *value),
                None => ValueView::Unknown,
            },
        }
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

/// A scalar as Rust would write it.
fn word(shape: &TypeShape, value: u64) -> ValueView {
    ValueView::Word(match shape {
        TypeShape::Unit => "()".to_owned(),
        TypeShape::Bool => (value != 0).to_string(),
        TypeShape::Integer {
            bits: 32,
            signed: true,
        } => (value as u32 as i32).to_string(),
        TypeShape::Integer { signed: true, .. } => (value as i64).to_string(),
        TypeShape::Frame => format!("Frame({value})"),
        TypeShape::Enum { name, variants } => match variants.get(value as usize) {
            Some(variant) => format!("{name}::{variant}"),
            None => return ValueView::Unknown,
        },
        _ => value.to_string(),
    })
}
