//! Types as written become types as meant.

use crate::syntax::{self, GenericArgument, OtherType, PathArguments};

use super::collect::Text;
use super::{Context, FieldItem, StructItem};
use crate::diagnostic::{Report, Span, nearest};
use crate::prelude::{self, Door, PreludeType};
use crate::tree::Value;
use crate::types::{Named, Type};

impl<'s> Context<'s> {
    /// The type that `syntax` stands for; `owner` is what `Self` means there.
    pub(crate) fn resolve_type(&self, syntax: &syntax::Type<'_>, owner: Option<&Type>) -> Type {
        match syntax {
            syntax::Type::Path(path) => self.resolve_path(path, owner),
            syntax::Type::Paren(inner) => self.resolve_type(&inner.0, owner),
            syntax::Type::Tuple(elems, _) if elems.is_empty() => Type::Unit,
            syntax::Type::Array(array) => {
                let element = self.resolve_type(&array.elem, owner);
                let value = self.evaluate(&array.len, &Type::USIZE, owner);
                let length = match value {
                    Some(Value::Scalar(length)) => u64::try_from(length).ok(),
                    _ => None,
                };
                match (element, length) {
                    (Type::Unknown, _) | (_, None) => Type::Unknown,
                    (Type::Door(door), _) => self.refuse_door_within(array.span, door),
                    (element, Some(length)) => Type::Array(element.into(), length),
                }
            }
            syntax::Type::Reference(reference) => self.resolve_reference(reference),
            syntax::Type::Tuple(_, span) => self.refuse_type(*span, "a tuple", "declare a struct"),
            syntax::Type::Other(other, span) => {
                let (construct, instead) = outside(*other);
                self.refuse_type(*span, construct, instead)
            }
        }
    }

    pub(super) fn refuse_type(&self, span: Span, construct: &str, instead: &str) -> Type {
        let message = format!("{construct} is outside the subset of Rust for policies");
        self.sink.add(Report::error(span, message).hint(instead));
        Type::Unknown
    }

    fn resolve_reference(&self, reference: &syntax::TypeReference<'_>) -> Type {
        if let Some(door) = self.door_reference(reference) {
            return door;
        }
        self.refuse_type(
            Span::around(reference),
            "a reference that is not a parameter",
            "keep the value itself, or its index; lend it to functions with `&` or `&mut`",
        )
    }

    /// The type of a parameter, which may be a reference.
    pub(crate) fn resolve_parameter(
        &self,
        syntax: &syntax::Type<'_>,
        owner: Option<&Type>,
    ) -> Type {
        let reference = match syntax {
            syntax::Type::Reference(reference) => reference,
            syntax::Type::Paren(inner) => return self.resolve_parameter(&inner.0, owner),
            other => return self.resolve_type(other, owner),
        };
        if let Some(door) = self.door_reference(reference) {
            return door;
        }
        if let Some(lifetime) = &reference.lifetime {
            let span = lifetime.span;
            return self.refuse_type(span, "a lifetime", "leave it out: `&u32`, `&mut u32`");
        }
        if matches!(reference.elem, syntax::Type::Other(OtherType::Slice, _)) {
            let instead = "write `&` and an array: `&[u32; 64]`";
            return self.refuse_type(reference.span, "a slice", instead);
        }
        match self.resolve_type(&reference.elem, owner) {
            Type::Unknown => Type::Unknown,
            to => Type::Reference {
                to: to.into(),
                mutable: reference.mutability,
            },
        }
    }

    fn resolve_path(&self, path: &syntax::Path<'_>, owner: Option<&Type>) -> Type {
        let span = Span::around(path);
        let segment = &path.first;
        if path.leading_colon || !path.rest.is_empty() {
            let message = format!("the type `{}` is not known here", Text(path));
            let hint = "types have one name; the prelude's need no path";
            self.sink
                .add(Report::error(span, message).code("E0433").hint(hint));
            return Type::Unknown;
        }
        let name = segment.ident.to_string();
        let wanted = match name.as_str() {
            "Option" => 1,
            "Result" => 2,
            _ => 0,
        };
        let known = wanted > 0
            || name == "Self"
            || Door::from_name(&name).is_some()
            || self.types.contains_key(&name);
        if !known {
            return self.unknown_type(span, &name);
        }
        let arguments = self.type_arguments(&segment.arguments, owner);
        let Some(arguments) = arguments.filter(|arguments| arguments.len() == wanted) else {
            let message = format!("`{name}` takes {wanted} types within `<…>`");
            self.sink.add(Report::error(span, message).code("E0107"));
            return Type::Unknown;
        };
        if arguments.contains(&Type::Unknown) {
            return Type::Unknown;
        }
        if let Some(door) = arguments.iter().find_map(Type::door) {
            return self.refuse_door_within(span, door);
        }
        match (name.as_str(), owner, arguments.as_slice()) {
            ("Option", _, [payload]) => Type::option(payload.clone()),
            ("Result", _, [value, error]) => Type::result(value.clone(), error.clone()),
            ("Self", Some(owner), _) => owner.clone(),
            _ => match (self.types.get(&name), Door::from_name(&name)) {
                (Some(ty), _) => {
                    self.uses.note_type(ty);
                    ty.clone()
                }
                (None, Some(door)) => self.refuse_door(span, door),
                (None, None) => self.unknown_type(span, &name),
            },
        }
    }

    fn unknown_type(&self, span: Span, name: &str) -> Type {
        let instead = match name {
            "i8" | "i16" => Some("the signed integers are `i32` and `i64`"),
            "u128" | "i128" => Some("the widest integers are `u64` and `i64`"),
            "isize" => Some("write `i64`"),
            "f32" | "f64" => Some("count in integers, for example in thousandths"),
            "str" | "String" | "char" => Some("text can only be written in `log!`"),
            "Vec" | "Box" | "VecDeque" | "HashMap" | "BTreeMap" | "HashSet" => {
                Some("there is no heap: keep an array of the most there can be")
            }
            _ => None,
        };
        if let Some(instead) = instead {
            return self.refuse_type(span, &format!("`{name}`"), instead);
        }
        let known = self
            .types
            .keys()
            .map(String::as_str)
            .chain(["Option", "Result"]);
        let hint = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        let message = format!("cannot find type `{name}`");
        self.sink
            .add(Report::error(span, message).code("E0412").maybe_hint(hint));
        Type::Unknown
    }

    fn type_arguments(
        &self,
        syntax: &PathArguments<'_>,
        owner: Option<&Type>,
    ) -> Option<Vec<Type>> {
        match syntax {
            PathArguments::None => Some(Vec::new()),
            PathArguments::Parenthesized => None,
            PathArguments::AngleBracketed(list) => list
                .iter()
                .map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(self.resolve_type(ty, owner)),
                    _ => None,
                })
                .collect(),
        }
    }

    pub(super) fn resolve_fields(&self, item: &StructItem<'s>) -> Vec<FieldItem> {
        let owner = Type::Struct(item.named.clone());
        let mut fields: Vec<FieldItem> = Vec::new();
        for field in item.syntax.iter().flat_map(|syntax| &syntax.named) {
            let ident = field.ident;
            let span = ident.span;
            let name = ident.to_string();
            let mut ty = self.resolve_type(&field.ty, Some(&owner));
            if let Type::Door(door) = ty {
                let row = door.row();
                let construct = format!("a field that holds `{}`", row.reference);
                let instead = format!("handlers are given `{}` anew each time", row.parameter);
                ty = self.refuse_type(span, &construct, &instead);
            }
            if fields.iter().any(|earlier| earlier.name == name) {
                let message = format!("field `{name}` is already declared");
                self.sink.add(Report::error(span, message).code("E0124"));
                continue;
            }
            fields.push(FieldItem { name, ty, span });
        }
        fields
    }

    /// Checks what a struct derives against what its fields can.
    pub(crate) fn check_derives(&self, named: &Named) {
        let Some(item) = self.struct_item(named) else {
            return;
        };
        for field in self.fields(named) {
            if item.derives.copy && !self.is_copy(&field.ty) {
                let message = format!(
                    "`{named}` cannot be `Copy`: its field `{field}` is not",
                    named = named.name,
                    field = field.name
                );
                self.sink
                    .add(Report::error(field.span, message).code("E0204"));
            }
            let lacks_clone = item.derives.clone && !item.derives.copy && !self.is_copy(&field.ty);
            if lacks_clone && !self.has_clone(&field.ty) {
                let message = format!("the type `{}` of this field is not `Clone`", field.ty);
                self.sink
                    .add(Report::error(field.span, message).code("E0277"));
            }
            if item.derives.partial_eq && !self.is_comparable(&field.ty) {
                let message = format!("values of type `{}` cannot be compared", field.ty);
                let hint = "derive `PartialEq` for it as well";
                self.sink
                    .add(Report::error(field.span, message).code("E0369").hint(hint));
            }
            if item.derives.eq && !self.derives_all(&field.ty, |derives| derives.eq) {
                let message = format!("the type `{}` of this field is not `Eq`", field.ty);
                self.sink
                    .add(Report::error(field.span, message).code("E0277"));
            }
            if item.derives.debug && !self.derives_all(&field.ty, |derives| derives.debug) {
                let message = format!("the type `{}` of this field is not `Debug`", field.ty);
                self.sink
                    .add(Report::error(field.span, message).code("E0277"));
            }
        }
    }

    fn has_clone(&self, ty: &Type) -> bool {
        self.derives_all(ty, |derives| derives.clone)
    }

    /// Whether every struct and enum that a type is made of derives something.
    pub(crate) fn derives_all(&self, ty: &Type, which: fn(&super::Derives) -> bool) -> bool {
        match ty {
            Type::Struct(named) => self
                .struct_item(named)
                .is_none_or(|item| which(&item.derives)),
            Type::Enum(named) => self
                .enum_item(named)
                .is_none_or(|item| which(&item.derives)),
            Type::Array(element, _) | Type::Option(element) => self.derives_all(element, which),
            Type::Result(value, error) => {
                self.derives_all(value, which) && self.derives_all(error, which)
            }
            _ => true,
        }
    }

    /// A type of the prelude's table.
    pub(crate) fn prelude_type(&self, of: PreludeType) -> Type {
        let named = |index: usize| match self.enums.get(index) {
            Some(item) => Type::Enum(item.named.clone()),
            None => Type::Unknown,
        };
        match of {
            PreludeType::Unit => Type::Unit,
            PreludeType::Bool => Type::Bool,
            PreludeType::Integer(integer) => Type::Integer(integer),
            PreludeType::Newtype(newtype) => Type::Newtype(newtype),
            PreludeType::Enum(index) => named(index),
            PreludeType::Struct(index) => match self.structs.get(index) {
                Some(item) => Type::Struct(item.named.clone()),
                None => Type::Unknown,
            },
            PreludeType::Door(door) => Type::Door(door),
            PreludeType::Refusable(value) => {
                Type::result(self.prelude_type(*value), named(prelude::SYS_ERROR))
            }
        }
    }
}

/// What a type outside the subset is called, and what to write instead.
fn outside(ty: OtherType) -> (&'static str, &'static str) {
    match ty {
        OtherType::Slice => ("a slice", "write an array: `[u32; 64]`"),
        OtherType::Pointer => ("a raw pointer", "write an index into an array"),
        OtherType::FunctionPointer => ("a function pointer", "match on an enum"),
        OtherType::Trait => ("a trait as a type", "write the type itself"),
        OtherType::Never => ("the type `!`", "return a `Result`"),
        OtherType::Infer => ("the type `_` here", "write the type"),
        OtherType::Unnamed => (
            "this type",
            "write an integer, `bool`, an array or a struct",
        ),
    }
}
