//! Where things lie: in the bytes of the state, and in registers.
//!
//! In the state fields lie in order of declaration, each at a multiple of its own alignment. An
//! `Option` is a tag of one byte, then its payload. In registers a value is the row of its scalars;
//! an `Option` or `Result` is its tag, then room for its payload. Arrays lie in the state only.

use std::fmt::Write;
use std::rc::Rc;

use exo_core::cpu::Field;

use crate::diagnostic::{Report, Span};
use crate::items::{Context, Query};
use crate::tree::Value;
use crate::types::{Named, Type};

/// The most bytes of state.
pub const STATE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// The longest text of a field's type.
const TYPE_TEXT_MAX: usize = 16 * 1024;
/// More than any value that can be kept in registers.
pub(crate) const REGISTERS_TOO_MANY: u32 = 1 << 16;

/// How a type lies in the state and in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) size: u64,
    pub(crate) align: u64,
    /// Nothing if it holds an array.
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

/// The bytes of a scalar.
pub(crate) fn width(ty: &Type) -> Width {
    match ty {
        Type::Integer(integer) => match (integer.bits(), integer.signed()) {
            (8, _) => Width::U8,
            (16, _) => Width::U16,
            (32, true) => Width::I32,
            (32, false) => Width::U32,
            _ => Width::Wide,
        },
        Type::Frame => Width::U32,
        _ => Width::U8,
    }
}

fn width_bytes(width: Width) -> u64 {
    match width {
        Width::U8 => 1,
        Width::U16 => 2,
        Width::U32 | Width::I32 => 4,
        Width::Wide => 8,
    }
}

/// First byte of the payload of an option.
fn payload_offset(payload: Layout) -> u64 {
    align_up(1, payload.align)
}

impl Context<'_> {
    /// How a type lies.
    pub(crate) fn layout(&self, ty: &Type) -> Layout {
        match ty {
            Type::Bool | Type::Integer(_) | Type::Enum(_) | Type::Frame => Layout {
                holds_frames: *ty == Type::Frame,
                ..Layout::scalar(width_bytes(width(ty)))
            },
            Type::Struct(named) => self.struct_layout(named).map_or(Layout::EMPTY, |it| it.whole),
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
                let end = payload_offset(payload).saturating_add(payload.size);
                Layout {
                    size: align_up(end, payload.align),
                    registers: payload.registers.map(|count| count + 1),
                    ..payload
                }
            }
            Type::Result(value, error) => {
                let (value, error) = (self.layout(value), self.layout(error));
                let registers = value.registers.zip(error.registers);
                Layout {
                    registers: registers.map(|(value, error)| 1 + value.max(error)),
                    ..Layout::EMPTY
                }
            }
            Type::Reference { .. } => Layout::scalar(8),
            Type::Unit
            | Type::Never
            | Type::Sys
            | Type::Unknown
            | Type::Variable(_)
            | Type::IntegerVariable(_) => Layout::EMPTY,
        }
    }

    /// How many registers a value takes; nothing if it holds an array.
    pub(crate) fn registers(&self, ty: &Type) -> Option<u32> {
        self.layout(ty).registers
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
            slots.push(whole.registers.unwrap_or(REGISTERS_TOO_MANY));
            whole.size = offset.saturating_add(layout.size);
            whole.align = whole.align.max(layout.align);
            whole.registers = whole
                .registers
                .zip(layout.registers)
                .map(|(before, here)| (before + here).min(REGISTERS_TOO_MANY));
            whole.holds_frames |= layout.holds_frames;
        }
        whole.size = align_up(whole.size, whole.align);
        StructLayout {
            whole,
            offsets,
            slots,
        }
    }

    /// The scalars that a value is made of. Nothing for one that registers cannot hold.
    pub(crate) fn leaves(&self, ty: &Type) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        if self.registers(ty).is_some_and(|count| count <= 256) {
            self.add_leaves(ty, 0, 0, &mut leaves);
        }
        leaves
    }

    fn add_leaves(&self, ty: &Type, slot: u32, offset: u64, leaves: &mut Vec<Leaf>) {
        if self.registers(ty) == Some(0) {
            return;
        }
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
                leaves.push(Leaf {
                    slot,
                    offset,
                    width: Width::U8,
                });
                let inner = payload_offset(self.layout(payload));
                self.add_leaves(payload, slot + 1, offset + inner, leaves);
            }
            scalar if scalar.is_scalar() => leaves.push(Leaf {
                slot,
                offset,
                width: width(scalar),
            }),
            _ => {}
        }
    }

    /// Why values of a type cannot lie in the state, if so.
    pub(crate) fn unstorable(&self, ty: &Type) -> Option<String> {
        match ty {
            Type::Result(..) => Some(format!("`{ty}` cannot be kept in a field")),
            Type::Array(element, _) | Type::Option(element) => self.unstorable(element),
            _ => None,
        }
    }

    /// The fields of the policy's type as the machine shows them, and the size of its state.
    /// Nothing if it cannot be laid out, which was reported.
    pub(crate) fn state_fields(&self, policy: &Named) -> Option<(Vec<Field>, u64)> {
        let item = self.struct_item(policy)?;
        let layout = self.struct_layout(policy)?;
        if layout.whole.size > STATE_BYTES_MAX {
            let message = format!(
                "the state of `{}` takes {} bytes; it may take at most {STATE_BYTES_MAX}",
                policy.name, layout.whole.size
            );
            let hint = "make its arrays shorter";
            self.sink.add(Report::error(item.span, message).hint(hint));
            return None;
        }
        let mut fields = Vec::new();
        for (field, offset) in self.fields(policy).iter().zip(&layout.offsets) {
            let here = self.layout(&field.ty);
            fields.push(Field {
                name: field.name.clone(),
                type_text: self.type_text(&field.ty, field.span)?,
                offset: u32::try_from(*offset).ok()?,
                size_bytes: u32::try_from(here.size).ok()?,
                holds_frames: here.holds_frames,
            });
        }
        Some((fields, layout.whole.size))
    }

    fn type_text(&self, ty: &Type, span: Span) -> Option<String> {
        let mut text = String::new();
        self.spell(ty, &mut text);
        if text.len() > TYPE_TEXT_MAX {
            let message = format!("the type of this field, spelt out, is over {TYPE_TEXT_MAX} characters");
            self.sink.add(Report::error(span, message).hint("use fewer structs"));
            return None;
        }
        Some(text)
    }

    fn spell(&self, ty: &Type, text: &mut String) {
        if text.len() > TYPE_TEXT_MAX {
            return;
        }
        match ty {
            Type::Struct(named) => {
                let _ = write!(text, "{} {{", named.name);
                for (position, field) in self.fields(named).iter().enumerate() {
                    let comma = if position > 0 { "," } else { "" };
                    let _ = write!(text, "{comma} {}: ", field.name);
                    self.spell(&field.ty, text);
                }
                text.push_str(" }");
            }
            Type::Enum(named) => {
                text.push_str(&named.name);
                let own = self.enum_item(named).filter(|_| named.index > crate::prelude::SYS_ERROR);
                if let Some(item) = own {
                    let _ = write!(text, " {{ {} }}", item.variants.join(", "));
                }
            }
            Type::Array(element, length) => {
                text.push('[');
                self.spell(element, text);
                let _ = write!(text, "; {length}]");
            }
            Type::Option(payload) => {
                text.push_str("Option<");
                self.spell(payload, text);
                text.push('>');
            }
            scalar => {
                let _ = write!(text, "{scalar}");
            }
        }
    }

    /// Writes a value into the bytes at `offset`.
    pub(crate) fn write_value(&self, ty: &Type, value: &Value, offset: u64, bytes: &mut [u8]) {
        if self.layout(ty).size == 0 {
            return;
        }
        match (ty, value) {
            (Type::Struct(named), Value::Struct(values)) => {
                let Some(layout) = self.struct_layout(named) else {
                    return;
                };
                let places = values.iter().zip(&layout.offsets);
                for (field, (value, at)) in self.fields(named).iter().zip(places) {
                    self.write_value(&field.ty, value, offset + at, bytes);
                }
            }
            (Type::Array(element, _), Value::Array(values)) => {
                let size = self.layout(element).size;
                let mut at = offset;
                for value in values.iter() {
                    self.write_value(element, value, at, bytes);
                    at += size;
                }
            }
            (Type::Array(element, _), Value::Repeat(value, length)) => {
                let size = self.layout(element).size;
                if size > 0 && *length > 0 {
                    self.write_value(element, value, offset, bytes);
                    repeat(bytes, offset, size, *length);
                }
            }
            (Type::Option(_), Value::Variant(0, _)) => {}
            (Type::Option(payload), Value::Variant(_, Some(value))) => {
                write_scalar(bytes, offset, Width::U8, 1);
                let at = offset + payload_offset(self.layout(payload));
                self.write_value(payload, value, at, bytes);
            }
            (scalar, Value::Scalar(value)) => write_scalar(bytes, offset, width(scalar), *value),
            _ => {}
        }
    }
}

/// Copies the element at `offset` over the whole array.
fn repeat(bytes: &mut [u8], offset: u64, size: u64, length: u64) {
    let (Ok(start), Ok(size), Ok(total)) = (
        usize::try_from(offset),
        usize::try_from(size),
        usize::try_from(size.saturating_mul(length)),
    ) else {
        return;
    };
    let Some(array) = bytes.get_mut(start..start.saturating_add(total)) else {
        return;
    };
    let mut done = size;
    while done < total {
        let more = done.min(total - done);
        array.copy_within(..more, done);
        done += more;
    }
}

fn write_scalar(bytes: &mut [u8], offset: u64, width: Width, value: i128) {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let low = value.to_le_bytes();
    let size = usize::try_from(width_bytes(width)).unwrap_or(0);
    let place = bytes.get_mut(start..start.saturating_add(size));
    if let (Some(place), Some(low)) = (place, low.get(..size)) {
        place.copy_from_slice(low);
    }
}
