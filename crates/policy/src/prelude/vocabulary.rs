//! The prelude's names in words: what an editor offers and explains.

use super::table::{DOORS, ENUMS, MACROS, NEWTYPES, ROLES, STRUCTS};
use super::{PreludeType, Word};

/// What a name of the prelude stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A type whose values a policy can keep.
    Type,
    /// A type that is only passed on by reference, and asked with methods.
    Door,
    /// A variant of an enum.
    Variant,
    /// A field of a struct.
    Field,
    /// A method, or a function of a type.
    Method,
    /// A trait that a source implements.
    Role,
    /// A function of such a trait, which the machine calls.
    Upcall,
    /// A macro.
    Macro,
}

/// A name of the prelude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordEntry {
    /// What it stands for.
    pub kind: Kind,
    /// The type or trait that has it, if one has.
    pub owner: Option<&'static str>,
    /// The name itself.
    pub name: &'static str,
    /// How it is declared.
    pub signature: &'static str,
    /// What it does, in sentences.
    pub doc: &'static str,
    /// The type that has the methods of its value, if one has: `Frame` for `sys.allocate`.
    pub gives: Option<&'static str>,
    /// Cycles beside those of the instruction itself; 0 for what is no call.
    pub cycles: u64,
}

/// Every name that `use exo_prelude::*;` brings, types before what they have.
pub fn vocabulary() -> Vec<WordEntry> {
    let mut entries = Vec::new();
    let mut owner = |kind, name: &'static str, doc| {
        entries.push(WordEntry {
            kind,
            owner: None,
            name,
            signature: name,
            doc,
            gives: None,
            cycles: 0,
        });
    };
    NEWTYPES
        .iter()
        .for_each(|row| owner(Kind::Type, row.name, row.doc));
    ENUMS
        .iter()
        .for_each(|row| owner(Kind::Type, row.name, row.doc));
    STRUCTS
        .iter()
        .for_each(|row| owner(Kind::Type, row.name, row.doc));
    DOORS
        .iter()
        .for_each(|row| owner(Kind::Door, row.name, row.doc));
    ROLES
        .iter()
        .for_each(|row| owner(Kind::Role, row.name, row.doc));
    entries.extend(MACROS.iter().map(|word| entry(Kind::Macro, None, word)));
    for row in NEWTYPES {
        let words = row.words.iter();
        entries.extend(words.map(|word| entry(Kind::Method, Some(row.name), word)));
    }
    for row in ENUMS {
        let words = row.variants.iter();
        entries.extend(words.map(|word| entry(Kind::Variant, Some(row.name), word)));
    }
    for row in STRUCTS {
        entries.extend(row.fields.iter().map(|(word, ty)| WordEntry {
            gives: type_name(*ty),
            ..entry(Kind::Field, Some(row.name), word)
        }));
    }
    for row in DOORS {
        entries.extend(row.methods.iter().map(|method| WordEntry {
            gives: type_name(method.result),
            cycles: method.cycles,
            ..entry(Kind::Method, Some(row.name), &method.word)
        }));
    }
    for row in ROLES {
        let upcalls = row.upcalls.iter();
        entries.extend(upcalls.map(|upcall| entry(Kind::Upcall, Some(row.name), &upcall.word)));
    }
    entries
}

fn entry(kind: Kind, owner: Option<&'static str>, word: &Word) -> WordEntry {
    WordEntry {
        kind,
        owner,
        name: word.name,
        signature: word.signature,
        doc: word.doc,
        gives: None,
        cycles: 0,
    }
}

/// The prelude's type that a value is, or that the `Ok` of a `Result` holds.
fn type_name(ty: PreludeType) -> Option<&'static str> {
    match ty {
        PreludeType::Newtype(newtype) => Some(newtype.name()),
        PreludeType::Enum(place) => ENUMS.get(place).map(|row| row.name),
        PreludeType::Struct(place) => STRUCTS.get(place).map(|row| row.name),
        PreludeType::Door(door) => Some(door.row().name),
        PreludeType::Refusable(value) => type_name(*value),
        PreludeType::Unit | PreludeType::Bool | PreludeType::Integer(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once_with_a_signature_that_has_it_and_a_sentence() {
        let entries = vocabulary();
        assert!(entries.len() > 35, "{}", entries.len());
        for (place, entry) in entries.iter().enumerate() {
            let twice = |other: &WordEntry| (other.owner, other.name) == (entry.owner, entry.name);
            assert!(!entries[..place].iter().any(twice), "{entry:?}");
            assert!(entry.signature.contains(entry.name), "{entry:?}");
            assert!(entry.doc.ends_with('.'), "{entry:?}");
        }
    }

    #[test]
    fn a_call_says_what_it_gives_and_when_it_is_refused() {
        let entries = vocabulary();
        let allocate = entries.iter().find(|it| it.name == "allocate");
        let allocate = allocate.expect("it is there");
        assert_eq!(allocate.gives, Some("Frame"));
        assert!(
            allocate.doc.contains("Refused: `Limit`"),
            "{}",
            allocate.doc
        );
    }
}
