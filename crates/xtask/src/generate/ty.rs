//! Types as the table writes them, and as each reader of it does.

use anyhow::{Result, bail};

use super::interface::{Field, Interface};

/// The integers of the subset.
const INTEGERS: [&str; 7] = ["u8", "u16", "u32", "u64", "usize", "i32", "i64"];

/// The name of the enum of refusals.
pub(crate) const REFUSAL: &str = "SysError";

/// A type of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Unit,
    Bool,
    Integer(String),
    Newtype(String),
    Enumeration(String),
    Structure(String),
    /// A reference to a door.
    Door(String),
    /// `Result<…, SysError>`.
    Refusable(Box<Ty>),
}

impl Ty {
    /// The type of that spelling.
    pub(crate) fn parse(text: &str, interface: &Interface) -> Result<Ty> {
        let inner = text
            .strip_prefix("Result<")
            .and_then(|rest| rest.strip_suffix(", SysError>"));
        if let Some(inner) = inner {
            return Ok(Ty::Refusable(Box::new(Ty::parse(inner, interface)?)));
        }
        if let Some(door) = interface.doors.iter().find(|it| it.reference() == text) {
            return Ok(Ty::Door(door.name.clone()));
        }
        let name = text.to_owned();
        Ok(match text {
            "()" => Ty::Unit,
            "bool" => Ty::Bool,
            _ if INTEGERS.contains(&text) => Ty::Integer(name),
            _ if interface.newtypes.iter().any(|it| it.name == text) => Ty::Newtype(name),
            _ if interface.enumerations.iter().any(|it| it.name == text) => Ty::Enumeration(name),
            _ if interface.structures.iter().any(|it| it.name == text) => Ty::Structure(name),
            _ => bail!("there is no type `{text}`"),
        })
    }

    /// How many registers hold it, for a type that a system call gives.
    pub(crate) fn registers(&self, interface: &Interface) -> u8 {
        match self {
            Ty::Unit => 0,
            Ty::Refusable(value) => 1 + value.registers(interface).max(1),
            Ty::Structure(name) => {
                let row = interface.structures.iter().find(|it| it.name == *name);
                row.map_or(0, |row| row.fields.len() as u8)
            }
            _ => 1,
        }
    }

    /// What a method makes of the answer to a transfer, an expression of type
    /// `Result<[u64; 4], SysError>`.
    pub(crate) fn given_words(&self, answer: &str, interface: &Interface) -> String {
        let Ty::Refusable(value) = self else {
            return answer.to_owned();
        };
        let Ty::Structure(name) = &**value else {
            return format!("{answer}.map(|_| ())");
        };
        let row = interface.structures.iter().find(|it| it.name == *name);
        let fields = row.iter().flat_map(|it| &it.fields);
        let names: Vec<&str> = fields.map(|it| it.name.as_str()).collect();
        let names = names.join(", ");
        format!("{answer}.map(|[{names}]| {name} {{ {names} }})")
    }

    /// The fields of the struct that it gives, if each has bits in a word.
    fn packed<'i>(&self, interface: &'i Interface) -> &'i [Field] {
        let Ty::Refusable(value) = self else {
            return &[];
        };
        let Ty::Structure(name) = &**value else {
            return &[];
        };
        let row = interface.structures.iter().find(|it| it.name == *name);
        let fields = row.map_or(&[][..], |row| &row.fields);
        match fields.iter().all(|field| field.bits > 0) {
            true => fields,
            false => &[],
        }
    }

    /// How many bits of the answer's word each of its fields takes; none for what is one word.
    pub(crate) fn field_bits(&self, interface: &Interface) -> Vec<u8> {
        let fields = self.packed(interface).iter();
        fields.map(|field| field.bits).collect()
    }

    /// What a method makes of an answer that holds a struct in one word; none if it does not.
    pub(crate) fn given_packed(&self, answer: &str, interface: &Interface) -> Option<String> {
        let fields = self.packed(interface);
        let name = match self {
            Ty::Refusable(value) if !fields.is_empty() => value.spelled(),
            _ => return None,
        };
        let mut at = 0;
        let mut text = format!("{answer}.map(|word| {name} {{");
        for field in fields {
            let bits = u64::MAX >> (64 - u32::from(field.bits));
            let value = match at {
                0 => format!("word & {bits:#x}"),
                _ => format!("word >> {at} & {bits:#x}"),
            };
            let ty = Ty::parse(&field.ty, interface).ok()?;
            text.push_str(&format!(
                "{}: {},",
                field.name,
                ty.of_bits(&value, interface)
            ));
            at += u32::from(field.bits);
        }
        Some(text + "})")
    }

    /// A field's value, from an expression of type `u64`.
    fn of_bits(&self, value: &str, interface: &Interface) -> String {
        match self {
            Ty::Newtype(name) => format!("{name}::new(({value}) as _)"),
            Ty::Enumeration(name) => {
                let row = interface.enumerations.iter().find(|it| it.name == *name);
                let variants = row.map_or(&[][..], |row| &row.variants);
                let (last, rest) = match variants.split_last() {
                    Some((last, rest)) => (last.name.as_str(), rest),
                    None => ("", &[][..]),
                };
                let arms: String = rest
                    .iter()
                    .enumerate()
                    .map(|(at, it)| format!("{at} => {name}::{},", it.name))
                    .collect();
                format!("match {value} {{ {arms} _ => {name}::{last} }}")
            }
            other => format!("({value}) as {}", other.spelled()),
        }
    }

    /// It as an expression of our compiler's table.
    pub(crate) fn in_compiler(&self, interface: &Interface) -> String {
        match self {
            Ty::Unit => "PreludeType::Unit".to_owned(),
            Ty::Bool => "PreludeType::Bool".to_owned(),
            Ty::Integer(name) => {
                format!("PreludeType::Integer({})", Ty::integer_in_compiler(name))
            }
            Ty::Newtype(name) => format!("PreludeType::Newtype(Newtype::{name})"),
            Ty::Enumeration(name) => {
                let at = interface
                    .enumerations
                    .iter()
                    .position(|it| it.name == *name);
                format!("PreludeType::Enum({})", at.unwrap_or_default())
            }
            Ty::Structure(name) => {
                let at = interface.structures.iter().position(|it| it.name == *name);
                format!("PreludeType::Struct({})", at.unwrap_or_default())
            }
            Ty::Door(name) => format!("PreludeType::Door(Door::{name})"),
            Ty::Refusable(value) => {
                format!("PreludeType::Refusable(&{})", value.in_compiler(interface))
            }
        }
    }

    /// An integer type as an expression of our compiler's.
    pub(crate) fn integer_in_compiler(name: &str) -> String {
        let (first, rest) = name.split_at(1);
        format!("Integer::{}{rest}", first.to_uppercase())
    }

    /// A value of that name as the number in a register.
    pub(crate) fn to_register(&self, value: &str) -> String {
        match self {
            Ty::Integer(name) if name == "u64" => value.to_owned(),
            Ty::Integer(name) if ["u8", "u16", "u32"].contains(&name.as_str()) => {
                format!("{value}.into()")
            }
            Ty::Newtype(_) => format!("u64::from({value}.number())"),
            Ty::Bool => format!("u64::from({value})"),
            _ => format!("{value} as u64"),
        }
    }

    /// What a method makes of the answer to a call, an expression of type `Result<u64, SysError>`.
    pub(crate) fn given_answer(&self, answer: &str) -> String {
        match self {
            Ty::Refusable(value) => match &**value {
                Ty::Unit => format!("{answer}.map(|_| ())"),
                Ty::Bool => format!("{answer}.map(|bit| bit != 0)"),
                Ty::Newtype(name) => format!("{answer}.map(|number| {name}::new(number as _))"),
                Ty::Integer(name) if name == "u64" => answer.to_owned(),
                other => format!("{answer}.map(|value| value as {})", other.spelled()),
            },
            Ty::Integer(name) if name == "u64" => format!("{answer}.unwrap_or(0)"),
            Ty::Unit => format!("let _ = {answer};"),
            Ty::Newtype(name) => format!("{name}::new({answer}.unwrap_or(0) as _)"),
            other => format!("{answer}.unwrap_or(0) as {}", other.spelled()),
        }
    }

    /// Its spelling, but for doors.
    fn spelled(&self) -> String {
        match self {
            Ty::Unit => "()".to_owned(),
            Ty::Bool => "bool".to_owned(),
            Ty::Integer(name) | Ty::Newtype(name) | Ty::Enumeration(name) => name.clone(),
            Ty::Structure(name) | Ty::Door(name) => name.clone(),
            Ty::Refusable(value) => format!("Result<{}, {REFUSAL}>", value.spelled()),
        }
    }
}
