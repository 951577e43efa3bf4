//! What can be named: with its kind, its signature, and what it does.

use crate::check::METHODS;
use crate::items::Item;
use crate::prelude::{self, WordEntry, vocabulary};
use crate::text::Kind as TokenKind;
use crate::tree::Value;
use crate::types::{Integer, Type};

use super::Kind;
use super::integers;
use super::knowledge::Knowledge;
use super::words::{self, MethodWord};

/// Something that can be named.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) signature: String,
    pub(super) documentation: String,
}

impl Candidate {
    pub(super) fn new(
        name: &str,
        kind: Kind,
        signature: impl Into<String>,
        documentation: impl Into<String>,
    ) -> Candidate {
        Candidate {
            name: name.to_string(),
            kind,
            signature: signature.into(),
            documentation: documentation.into(),
        }
    }
}

/// A name of the prelude.
fn of_prelude(entry: &WordEntry) -> Candidate {
    let door = |owner: &str| prelude::Door::from_name(owner).is_some();
    let kind = match entry.kind {
        prelude::Kind::Type | prelude::Kind::Door | prelude::Kind::Role => Kind::Type,
        prelude::Kind::Variant => Kind::Variant,
        prelude::Kind::Field => Kind::Field,
        prelude::Kind::Method if entry.owner.is_some_and(door) => Kind::SystemCall,
        prelude::Kind::Method if entry.signature.contains("self") => Kind::Method,
        prelude::Kind::Method | prelude::Kind::Upcall => Kind::Function,
        prelude::Kind::Macro => Kind::Macro,
    };
    let cost = match entry.cycles {
        0 => String::new(),
        cycles => format!(" Costs {cycles} cycles beside the instruction itself."),
    };
    let documentation = format!("{}{cost}", entry.doc);
    Candidate::new(entry.name, kind, entry.signature, documentation)
}

/// The names that a type or trait of the prelude has.
pub(super) fn prelude_members(owner: &str) -> Vec<Candidate> {
    let entries = vocabulary();
    let entries = entries.iter().filter(|entry| entry.owner == Some(owner));
    entries.map(of_prelude).collect()
}

/// The prelude's types and macros.
pub(super) fn prelude_names() -> Vec<Candidate> {
    let entries = vocabulary();
    let entries = entries.iter().filter(|entry| entry.owner.is_none());
    entries.map(of_prelude).collect()
}

/// What the prelude says of a function that the machine calls.
fn upcall_documentation(name: &str) -> String {
    let entries = vocabulary();
    let upcall = entries
        .iter()
        .find(|entry| entry.kind == prelude::Kind::Upcall && entry.name == name);
    upcall.map_or_else(String::new, |entry| entry.doc.to_string())
}

/// The macros of the language itself.
pub(super) fn language_macros() -> Vec<Candidate> {
    let macros = words::MACROS.iter();
    let candidate =
        |&(name, signature, doc): &MethodWord| Candidate::new(name, Kind::Macro, signature, doc);
    macros.map(candidate).collect()
}

/// The types of the language itself.
pub(super) fn language_types() -> Vec<Candidate> {
    let integer = |integer: &Integer| {
        let range = format!("From {} to {}.", integer.min(), integer.max());
        Candidate::new(integer.name(), Kind::Type, integer.name(), range)
    };
    let mut types: Vec<Candidate> = Integer::ALL.iter().map(integer).collect();
    let more = [
        ("bool", "bool", "`true` or `false`."),
        ("Option", "Option<T>", "A value, or none."),
        ("Result", "Result<T, E>", "A value, or why there is none."),
    ];
    let more = more.into_iter();
    types.extend(
        more.map(|(name, signature, doc)| Candidate::new(name, Kind::Type, signature, doc)),
    );
    types
}

fn methods(words: &[MethodWord], of: &str) -> Vec<Candidate> {
    let words = words.iter();
    let candidates = words.map(|(name, signature, doc)| {
        Candidate::new(name, Kind::Method, signature.replace("Self", of), *doc)
    });
    candidates.collect()
}

impl Knowledge<'_, '_> {
    /// What can follow a dot after a value of type `ty`.
    pub(super) fn members(&self, ty: &Type) -> Vec<Candidate> {
        match ty {
            Type::Door(door) => prelude_members(door.row().name),
            Type::Newtype(newtype) => {
                let mut members = prelude_members(newtype.name());
                members.retain(|member| member.kind == Kind::Method);
                members
            }
            Type::Struct(named) => {
                let mut members = self.fields(&named.name, ty);
                let own = self.associated(&named.name);
                members.extend(own.into_iter().filter(|it| it.kind == Kind::Method));
                members
            }
            Type::Enum(named) => {
                let mut members = self.associated(&named.name);
                members.retain(|member| member.kind == Kind::Method);
                members
            }
            Type::Integer(integer) => {
                let mut found = methods(integers::INTEGER, integer.name());
                let fits = |name: &str| {
                    METHODS
                        .iter()
                        .any(|it| it.name == name && it.fits(*integer))
                };
                found.retain(|method| fits(&method.name));
                for method in &mut found {
                    let unsigned = integer.unsigned().name();
                    method.signature = method.signature.replace("Unsigned", unsigned);
                }
                found
            }
            Type::IntegerVariable(_) => methods(integers::INTEGER, "Self"),
            Type::Option(_) => methods(words::OPTION, "Self"),
            Type::Result(..) => methods(words::RESULT, "Self"),
            Type::Array(..) => methods(words::ARRAY, "Self"),
            _ => Vec::new(),
        }
    }

    fn fields(&self, owner: &str, ty: &Type) -> Vec<Candidate> {
        let known = prelude_members(owner);
        if !known.is_empty() {
            return known;
        }
        let Type::Struct(named) = ty else {
            return Vec::new();
        };
        let fields = self.context.fields(named).iter();
        let candidates = fields.map(|field| {
            let signature = format!("{}: {}", field.name, field.ty);
            let documentation = self.field_documentation(owner, &field.name);
            Candidate::new(&field.name, Kind::Field, signature, documentation)
        });
        candidates.collect()
    }

    fn field_documentation(&self, owner: &str, name: &str) -> String {
        let cursor = self.cursor;
        let Some(declared) = cursor.declaration("struct", owner, None) else {
            return String::new();
        };
        let mut fields = declared..cursor.tokens.len();
        let field =
            fields.find(|index| cursor.text(*index) == name && cursor.text(index + 1) == ":");
        field.map_or_else(String::new, |field| cursor.documentation(field))
    }

    /// What can follow `of::`.
    pub(super) fn associated(&self, of: &str) -> Vec<Candidate> {
        if let Some(integer) = Integer::from_name(of) {
            let constants = integers::INTEGER_CONSTANTS.iter();
            let candidates = constants.map(|(name, doc)| {
                let ty = if *name == "BITS" {
                    "u32"
                } else {
                    integer.name()
                };
                Candidate::new(name, Kind::Constant, format!("{name}: {ty}"), *doc)
            });
            return candidates.collect();
        }
        let Some(ty) = self.type_named(of) else {
            return Vec::new();
        };
        let name = ty.to_string();
        let mut found = prelude_members(&name);
        found.retain(|member| !matches!(member.kind, Kind::Method | Kind::Field));
        if let (Type::Enum(named), true) = (&ty, found.is_empty()) {
            let variants = self.context.enum_item(named).map(|item| &item.variants);
            found.extend(variants.into_iter().flatten().map(|variant| {
                let signature = format!("{name}::{variant}");
                Candidate::new(
                    variant,
                    Kind::Variant,
                    signature,
                    self.variant_doc(&name, variant),
                )
            }));
        }
        let own: Vec<String> = self
            .context
            .value_names(Some(&ty))
            .map(ToString::to_string)
            .collect();
        found.extend(own.iter().filter_map(|own| self.own(Some(&ty), own)));
        found
    }

    fn variant_doc(&self, owner: &str, name: &str) -> String {
        let cursor = self.cursor;
        let declared = cursor
            .declaration("enum", owner, None)
            .unwrap_or(cursor.tokens.len());
        let mut variants = declared + 1..cursor.tokens.len();
        let variant = variants.find(|index| cursor.text(*index) == name);
        variant.map_or_else(String::new, |variant| cursor.documentation(variant))
    }

    /// A function or constant of the file: a free one, or one of `owner`.
    pub(super) fn own(&self, owner: Option<&Type>, name: &str) -> Option<Candidate> {
        let cursor = self.cursor;
        let of = owner.map(ToString::to_string);
        match self.context.value(owner, name)? {
            Item::Function(id) => {
                let receiver = self.context.signature(id)?.has_receiver;
                let kind = if receiver {
                    Kind::Method
                } else {
                    Kind::Function
                };
                let declared = cursor.declaration("fn", name, of.as_deref())?;
                let signature = self.head(declared - 1);
                let mut documentation = cursor.documentation(declared - 1);
                if documentation.is_empty() {
                    documentation = upcall_documentation(name);
                }
                Some(Candidate::new(name, kind, signature, documentation))
            }
            Item::Constant(id) => {
                let item = self.context.constants.get(id.0)?;
                let ty = self.context.resolve_type(item.ty, item.owner.as_ref());
                let value = self.context.constant(id, item.span);
                let value = value.and_then(|(ty, value)| self.shown(&ty, &value));
                let value = value.map(|value| format!(" = {value}")).unwrap_or_default();
                let declared = cursor.declaration("const", name, of.as_deref())?;
                let documentation = cursor.documentation(declared);
                let signature = format!("const {name}: {ty}{value}");
                Some(Candidate::new(
                    name,
                    Kind::Constant,
                    signature,
                    documentation,
                ))
            }
        }
    }

    fn shown(&self, ty: &Type, value: &Value) -> Option<String> {
        let Value::Scalar(number) = value else {
            return None;
        };
        Some(match ty {
            Type::Bool => (*number != 0).to_string(),
            Type::Newtype(newtype) => format!("{}::new({number})", newtype.name()),
            Type::Enum(named) => {
                let variants = &self.context.enum_item(named)?.variants;
                let variant = variants.get(usize::try_from(*number).ok()?)?;
                format!("{}::{variant}", named.name)
            }
            _ => number.to_string(),
        })
    }

    /// A function as it is declared, in one line, from its `fn` on.
    fn head(&self, start: usize) -> String {
        let cursor = self.cursor;
        let end = (start..cursor.tokens.len())
            .find(|index| matches!(cursor.text(*index), "{" | ";"))
            .unwrap_or(cursor.tokens.len());
        let first = cursor
            .tokens
            .get(start)
            .map_or(0, |token| token.range.start);
        let last = end.checked_sub(1).and_then(|last| cursor.tokens.get(last));
        let text = last.and_then(|last| cursor.source.get(first..last.range.end));
        let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
        words.join(" ").replace("( ", "(").replace(", )", ")")
    }

    /// The free functions and constants of the file.
    pub(super) fn free_items(&self) -> Vec<Candidate> {
        let names: Vec<String> = self
            .context
            .value_names(None)
            .map(ToString::to_string)
            .collect();
        names
            .iter()
            .filter_map(|name| self.own(None, name))
            .collect()
    }

    /// The types that the file declares.
    pub(super) fn own_types(&self) -> Vec<Candidate> {
        let names = self.context.types.keys();
        let declared = names.filter_map(|name| self.own_type(name));
        declared.collect()
    }

    fn own_type(&self, name: &str) -> Option<Candidate> {
        let cursor = self.cursor;
        let found = ["struct", "enum"].into_iter().find_map(|word| {
            let declared = cursor.declaration(word, name, None)?;
            Some((word, declared))
        });
        let (word, declared) = found?;
        let documentation = cursor.documentation(declared);
        Some(Candidate::new(
            name,
            Kind::Type,
            format!("{word} {name}"),
            documentation,
        ))
    }

    /// The variables that the place sees, the innermost first, each name once.
    pub(super) fn locals(&self) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for variable in self.variables.iter().rev() {
            if found.iter().any(|known| known.name == variable.name) {
                continue;
            }
            let kind = match variable.parameter {
                true => Kind::Parameter,
                false => Kind::Local,
            };
            let word = if variable.parameter { "" } else { "let " };
            let mutable = if variable.mutable { "mut " } else { "" };
            let ty = variable.ty.as_ref().map(|ty| format!(": {ty}"));
            let ty = ty.unwrap_or_default();
            let signature = format!("{word}{mutable}{}{ty}", variable.name);
            found.push(Candidate::new(&variable.name, kind, signature, ""));
        }
        if let Some(ty) = self.owner().filter(|_| self.has_self()) {
            found.push(Candidate::new(
                "self",
                Kind::Keyword,
                format!("self: {ty}"),
                "",
            ));
        }
        found
    }

    /// Whether the function around has a receiver.
    fn has_self(&self) -> bool {
        let cursor = self.cursor;
        let start = self.around.as_ref().map(|around| around.start);
        let mut head = start
            .into_iter()
            .flat_map(|start| start..cursor.tokens.len());
        let is_self = head.find(|index| {
            cursor.text(*index) == "self" || matches!(cursor.kind(*index), Some(TokenKind::Close))
        });
        is_self.is_some_and(|index| cursor.text(index) == "self")
    }
}
