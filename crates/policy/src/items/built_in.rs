//! The types that every source has: those of the prelude, and the language's own.

use std::rc::Rc;

use super::collect::Collector;
use super::{Derives, EnumItem, FieldItem, Query, StructItem};
use crate::diagnostic::Span;
use crate::prelude::{self, Newtype};
use crate::types::{Integer, Named, Type};

impl Collector<'_> {
    pub(super) fn prelude(&mut self) {
        let context = &mut self.context;
        for (index, row) in prelude::ENUMS.iter().enumerate() {
            let named = Named {
                index,
                name: Rc::from(row.name),
            };
            context
                .types
                .insert(row.name.to_string(), Type::Enum(named.clone()));
            let variants = row.variants.iter();
            context.enums.push(EnumItem {
                named,
                derives: Derives::ALL,
                variants: variants.map(|word| word.name.to_string()).collect(),
                public: true,
                span: None,
                spans: Vec::new(),
            });
        }
        for newtype in Newtype::ALL {
            context
                .types
                .insert(newtype.name().to_string(), Type::Newtype(*newtype));
        }
        context.types.insert("bool".to_string(), Type::Bool);
        for integer in Integer::ALL {
            context
                .types
                .insert(integer.name().to_string(), Type::Integer(integer));
        }
        for (index, row) in prelude::STRUCTS.iter().enumerate() {
            self.prelude_struct(index, row);
        }
    }

    fn prelude_struct(&mut self, index: usize, row: &prelude::StructRow) {
        let context = &mut self.context;
        let named = Named {
            index,
            name: Rc::from(row.name),
        };
        let fields: Vec<FieldItem> = row
            .fields
            .iter()
            .map(|(word, ty)| FieldItem {
                name: word.name.to_string(),
                ty: context.prelude_type(*ty),
                span: Span::top(),
            })
            .collect();
        context
            .types
            .insert(row.name.to_string(), Type::Struct(named.clone()));
        context.structs.push(StructItem {
            named,
            span: Span::top(),
            public: true,
            derives: Derives::ALL,
            unit: false,
            syntax: None,
            fields: fields.into(),
            resolving: Default::default(),
            layout: Query::Waiting.into(),
        });
    }
}
