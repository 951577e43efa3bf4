//! Where things lie: in the bytes of the state, and in registers.
//!
//! In memory fields lie in order of declaration, each at a multiple of its own alignment. An
//! `Option` or `Result` is a tag of one byte, then its payload. In registers a value is the row of
//! its scalars; an `Option` or `Result` is its tag, then room for its payload. Arrays, and what
//! has too many scalars, lie in memory only. What is not used, between fields and behind a tag, is
//! zero everywhere, so that equal values are equal bytes.

use std::rc::Rc;

use crate::diagnostic::Report;
use crate::items::{Context, Query};
use crate::prelude::Newtype;
use crate::types::{Integer, Named, Type};

/// The most registers of one value; a larger one lies in memory.
pub(crate) const REGISTERS_MAX: u32 = 16;

/// How a type lies in the state and in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) size: u64,
    pub(crate) align: u64,
    /// Nothing if it lies in memory only.
    pub(crate) registers: Option<u32>,
    pub(crate) holds_frames: bool,
}

impl Layout {
    const fn scalar(size: u64) -> Layout {
        Layout {
            size,
            align: size,
            registers: Some(1),
            holds_frames: false,
        }
    }

    const EMPTY: Layout = Layout {
        size: 0,
        align: 1,
        registers: Some(0),
        holds_frames: false,
    };
}

/// How a struct lies.
#[derive(Clone, Debug)]
pub(crate) struct StructLayout {
    pub(crate) whole: Layout,
    /// First byte of each field.
    pub(crate) offsets: Vec<u64>,
    /// First register of each field.
    pub(crate) slots: Vec<u32>,
}

/// How one scalar lies in the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    U8,
    U16,
    U32,
    I32,
    Wide,
}

/// One scalar of a value: its register within the value, and its bytes within the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) slot: u32,
    pub(crate) offset: u64,
    pub(crate) width: Width,
}

fn align_up(offset: u64, align: u64) -> u64 {
    offset.saturating_add(align - 1) / align * align
}

fn integer_width(integer: Integer) -> Width {
    match (integer.bits(), integer.signed()) {
        (8, _) => Width::U8,
        (16, _) => Width::U16,
        (32, true) => Width::I32,
        (32, false) => Width::U32,
        _ => Width::Wide,
    }
}

/// The bytes of a scalar.
pub(crate) fn width(ty: &Type) -> Width {
    match ty {
        Type::Integer(integer) => integer_width(*integer),
        Type::Newtype(newtype) => integer_width(newtype.of()),
        _ => Width::U8,
    }
}

pub(crate) fn width_bytes(width: Width) -> u64 {
    match width {
        Width::U8 => 1,
        Width::U16 => 2,
        Width::U32 | Width::I32 => 4,
        Width::Wide => 8,
    }
}

/// How many registers a tag and a payload take.
fn tagged(payload: Option<u32>) -> Option<u32> {
    payload
        .map(|count| count + 1)
        .filter(|count| *count <= REGISTERS_MAX)
}

impl Context<'_> {
    /// How a type lies.
    pub(crate) fn layout(&self, ty: &Type) -> Layout {
        match ty {
            Type::Bool | Type::Integer(_) | Type::Enum(_) | Type::Newtype(_) => Layout {
                holds_frames: *ty == Type::Newtype(Newtype::Frame),
                ..Layout::scalar(width_bytes(width(ty)))
            },
            Type::Struct(named) => self
                .struct_layout(named)
                .map_or(Layout::EMPTY, |it| it.whole),
            Type::Array(element, length) => {
                let element = self.layout(element);
                Layout {
                    size: element.size.saturating_mul(*length),
                    registers: None,
                    ..element
                }
            }
            Type::Option(payload) => {
                let payload = self.layout(payload);
                let end = align_up(1, payload.align).saturating_add(payload.size);
                Layout {
                    size: align_up(end, payload.align),
                    registers: tagged(payload.registers),
                    ..payload
                }
            }
            Type::Result(value, error) => {
                let (value, error) = (self.layout(value), self.layout(error));
                let align = value.align.max(error.align);
                let end = align_up(1, align).saturating_add(value.size.max(error.size));
                let registers = value.registers.zip(error.registers);
                Layout {
                    size: align_up(end, align),
                    align,
                    registers: tagged(registers.map(|(value, error)| value.max(error))),
                    holds_frames: value.holds_frames || error.holds_frames,
                }
            }
            Type::Reference { .. } => Layout::scalar(8),
            Type::Unit
            | Type::Never
            | Type::Door(_)
            | Type::Unknown
            | Type::Variable(_)
            | Type::IntegerVariable(_) => Layout::EMPTY,
        }
    }

    /// How many registers a value takes; nothing if it lies in memory only.
    pub(crate) fn registers(&self, ty: &Type) -> Option<u32> {
        self.layout(ty).registers
    }

    /// First byte of the payload of an `Option` or `Result`.
    pub(crate) fn payload_offset(&self, ty: &Type) -> u64 {
        match ty {
            Type::Option(payload) => align_up(1, self.layout(payload).align),
            Type::Result(value, error) => {
                align_up(1, self.layout(value).align.max(self.layout(error).align))
            }
            _ => 0,
        }
    }

    /// How a struct lies; nothing if that cannot be told, which was reported.
    pub(crate) fn struct_layout(&self, named: &Named) -> Option<Rc<StructLayout>> {
        let item = self.struct_item(named)?;
        match &*item.layout.borrow() {
            Query::Done(layout) => return Some(layout.clone()),
            Query::Running => {
                let message = format!("recursive type `{}` has infinite size", named.name);
                let hint = "keep the others in an array and name one by its index";
                self.sink
                    .add(Report::error(item.span, message).code("E0072").hint(hint));
                return None;
            }
            Query::Waiting => {}
        }
        *item.layout.borrow_mut() = Query::Running;
        let layout = self.deeper(item.span, || Some(self.lay_out(named)));
        let layout = Rc::new(layout.unwrap_or_else(|| StructLayout {
            whole: Layout::EMPTY,
            offsets: Vec::new(),
            slots: Vec::new(),
        }));
        *item.layout.borrow_mut() = Query::Done(layout.clone());
        Some(layout)
    }

    fn lay_out(&self, named: &Named) -> StructLayout {
        let mut whole = Layout::EMPTY;
        let mut offsets = Vec::new();
        let mut slots = Vec::new();
        for field in self.fields(named) {
            let layout = self.layout(&field.ty);
            let offset = align_up(whole.size, layout.align);
            offsets.push(offset);
            slots.push(whole.registers.unwrap_or(0));
            whole.size = offset.saturating_add(layout.size);
            whole.align = whole.align.max(layout.align);
            whole.registers = whole
                .registers
                .zip(layout.registers)
                .map(|(before, here)| before + here)
                .filter(|count| *count <= REGISTERS_MAX);
            whole.holds_frames |= layout.holds_frames;
        }
        whole.size = align_up(whole.size, whole.align);
        StructLayout {
            whole,
            offsets,
            slots,
        }
    }

    /// The scalars that a value is made of. Nothing for one that lies in memory only.
    pub(crate) fn leaves(&self, ty: &Type) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        if self.registers(ty).is_some() {
            self.add_leaves(ty, 0, 0, &mut leaves);
        }
        leaves
    }

    fn add_leaves(&self, ty: &Type, slot: u32, offset: u64, leaves: &mut Vec<Leaf>) {
        if self.registers(ty) == Some(0) {
            return;
        }
        let tag = Leaf {
            slot,
            offset,
            width: Width::U8,
        };
        match ty {
            Type::Struct(named) => {
                let Some(layout) = self.struct_layout(named) else {
                    return;
                };
                let places = layout.slots.iter().zip(&layout.offsets);
                for (field, (field_slot, field_offset)) in self.fields(named).iter().zip(places) {
                    self.add_leaves(&field.ty, slot + field_slot, offset + field_offset, leaves);
                }
            }
            Type::Option(payload) => {
                leaves.push(tag);
                self.add_leaves(payload, slot + 1, offset + self.payload_offset(ty), leaves);
            }
            Type::Result(value, error) => {
                leaves.push(tag);
                let inner = offset + self.payload_offset(ty);
                let mut either = Vec::new();
                self.add_leaves(value, slot + 1, inner, leaves);
                self.add_leaves(error, slot + 1, inner, &mut either);
                for leaf in either {
                    // Where both have a scalar, the wider one serves both.
                    match leaves.iter_mut().find(|known| known.slot == leaf.slot) {
                        Some(known) if width_bytes(known.width) < width_bytes(leaf.width) => {
                            *known = leaf;
                        }
                        Some(_) => {}
                        None => leaves.push(leaf),
                    }
                }
            }
            scalar if scalar.is_scalar() => leaves.push(Leaf {
                slot,
                offset,
                width: width(scalar),
            }),
            _ => {}
        }
    }

    /// Whether the scalars of a `Result` lie at the same bytes, whichever it holds.
    fn agrees(&self, value: &Type, error: &Type) -> bool {
        let (value, error) = (self.leaves(value), self.leaves(error));
        let same = |pair: (&Leaf, &Leaf)| {
            let signs = [pair.0.width, pair.1.width];
            let mixed = signs.contains(&Width::I32) && signs.contains(&Width::U32);
            pair.0.offset == pair.1.offset && !mixed
        };
        value.iter().zip(&error).all(same)
    }

    /// Why values of a type cannot lie in the state, if so.
    pub(crate) fn unstorable(&self, ty: &Type) -> Option<String> {
        match ty {
            Type::Result(value, error)
                if self.registers(ty).is_some() && !self.agrees(value, error) =>
            {
                Some(format!(
                    "`{ty}` cannot lie in memory: its two values lie differently"
                ))
            }
            Type::Result(value, error) => self.unstorable(value).or_else(|| self.unstorable(error)),
            Type::Array(element, _) | Type::Option(element) => self.unstorable(element),
            _ => None,
        }
    }
}
