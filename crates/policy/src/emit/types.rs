//! The types of a program, as a debugger reads values of them.

use exo_core::cpu::{Member, TypeIndex, TypeShape, Variant};

use crate::items::Context;
use crate::prelude::Newtype;
use crate::tree::variant_name;
use crate::types::Type;

/// The types that were given a number.
#[derive(Debug, Default)]
pub(super) struct Types {
    known: Vec<(Type, TypeIndex)>,
    shapes: Vec<TypeShape>,
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Types {
    /// The shapes, by number.
    pub(super) fn into_shapes(self) -> Vec<TypeShape> {
        self.shapes
    }

    /// The number of a type; those of its parts are lower.
    pub(super) fn number(&mut self, context: &Context<'_>, ty: &Type) -> TypeIndex {
        if let Some((_, number)) = self.known.iter().find(|(known, _)| known == ty) {
            return *number;
        }
        let shape = self.shape(context, ty);
        let number = TypeIndex::try_from(self.shapes.len()).unwrap_or(TypeIndex::MAX);
        self.shapes.push(shape);
        self.known.push((ty.clone(), number));
        number
    }

    fn shape(&mut self, context: &Context<'_>, ty: &Type) -> TypeShape {
        match ty {
            Type::Bool => TypeShape::Bool,
            Type::Integer(integer) => TypeShape::Integer {
                bits: integer.bits(),
                signed: integer.signed(),
            },
            Type::Newtype(Newtype::Frame) => TypeShape::Frame,
            Type::Newtype(newtype) => TypeShape::Integer {
                bits: newtype.of().bits(),
                signed: newtype.of().signed(),
            },
            Type::Enum(named) => TypeShape::Enum {
                name: named.name.to_string(),
                variants: context
                    .enum_item(named)
                    .map(|item| item.variants.clone())
                    .unwrap_or_default(),
            },
            Type::Struct(named) => {
                let mut members = Vec::new();
                if let Some(layout) = context.struct_layout(named) {
                    let places = layout.offsets.iter().zip(&layout.slots);
                    for (field, (offset, slot)) in context.fields(named).iter().zip(places) {
                        members.push(Member {
                            name: field.name.clone(),
                            ty: self.number(context, &field.ty),
                            offset: narrow(*offset),
                            slot: u16::try_from(*slot).unwrap_or(u16::MAX),
                        });
                    }
                }
                let name = named.name.to_string();
                TypeShape::Struct { name, members }
            }
            Type::Array(element, length) => TypeShape::Array {
                element: self.number(context, element),
                length: narrow(*length),
                stride_bytes: narrow(context.layout(element).size),
            },
            Type::Option(payload) => self.variants(context, ty, [None, Some(payload)]),
            Type::Result(value, error) => self.variants(context, ty, [Some(value), Some(error)]),
            _ => TypeShape::Unit,
        }
    }

    fn variants(
        &mut self,
        context: &Context<'_>,
        ty: &Type,
        payloads: [Option<&Type>; 2],
    ) -> TypeShape {
        let variants = (0..)
            .zip(payloads)
            .map(|(index, payload)| Variant {
                name: variant_name(ty, index).to_string(),
                payload: payload.map(|payload| self.number(context, payload)),
            })
            .collect();
        TypeShape::Variants {
            variants,
            payload_offset: narrow(context.payload_offset(ty)),
        }
    }
}
