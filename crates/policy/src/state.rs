//! The policy's state: its fields as the machine shows them, and its first bytes.

use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::tree::{Value, payload_type};
use crate::types::{Named, Type};
use exo_core::cpu::Field;
use std::fmt::Write;

use crate::layout::{Width, width, width_bytes};

/// The most bytes of state.
pub const STATE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// The longest text of a field's type.
const TYPE_TEXT_MAX: usize = 16 * 1024;

impl Context<'_> {
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
                ty: 0,
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
            let message =
                format!("the type of this field, spelt out, is over {TYPE_TEXT_MAX} characters");
            self.sink
                .add(Report::error(span, message).hint("use fewer structs"));
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
                let own = self
                    .enum_item(named)
                    .filter(|_| named.index >= crate::prelude::ENUMS.len());
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
            Type::Result(value, error) => {
                text.push_str("Result<");
                self.spell(value, text);
                text.push_str(", ");
                self.spell(error, text);
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
            (Type::Option(_) | Type::Result(..), Value::Variant(index, payload)) => {
                write_scalar(bytes, offset, Width::U8, i128::from(*index));
                let at = offset + self.payload_offset(ty);
                if let (Some(value), Some(ty)) = (payload, payload_type(ty, *index)) {
                    self.write_value(ty, value, at, bytes);
                }
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
