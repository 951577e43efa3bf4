//! What is known of the word under the cursor.

use super::candidates::{self, Candidate};
use super::cursor::Cursor;
use super::knowledge::{self, Knowledge};
use super::{Hover, Kind, words};

/// What is known of the word at a byte of a source: how it is declared, and what it does. Nothing
/// within comments and texts, of operators, and of names that nobody declares.
pub fn hover(source: &str, offset: usize) -> Option<Hover> {
    let cursor = Cursor::new(source, offset);
    if cursor.in_text || cursor.word.is_empty() || source.len() > crate::SOURCE_BYTES_MAX {
        return None;
    }
    // Each asks anew: what one compile read is gone when the next begins. A variable where it is
    // declared is seen from behind its declaration.
    let name = cursor.written();
    let found = knowledge::with(&cursor, near)
        .or_else(|| match matches!(cursor.back(1), "." | "::") {
            true => None,
            false => knowledge::with(&after(&cursor), |known| local(known, name)),
        })
        .or_else(|| knowledge::with(&cursor, far))?;
    Some(Hover {
        range: cursor.word.clone(),
        signature: found.signature,
        documentation: found.documentation,
    })
}

/// What stands after a dot or path, is a field, or is a variable that was declared before.
fn near(known: &Knowledge<'_, '_>) -> Option<Candidate> {
    let cursor = known.cursor;
    let name = cursor.written();
    match cursor.back(1) {
        "." => {
            let ty = known.type_before(cursor.before.saturating_sub(1))?;
            named(known.members(&ty), name)
        }
        "::" => named(known.associated(cursor.back(2)), name),
        "fn" => {
            let owner = cursor.owner(cursor.before);
            let owner = owner.and_then(|owner| known.type_named(owner));
            known.own(owner.as_ref(), name)
        }
        "let" | "mut" => None,
        _ => field(known, name).or_else(|| local(known, name)),
    }
}

fn named(list: Vec<Candidate>, name: &str) -> Option<Candidate> {
    list.into_iter().find(|candidate| candidate.name == name)
}

fn local(known: &Knowledge<'_, '_>, name: &str) -> Option<Candidate> {
    named(known.locals(), name)
}

/// Items of the file and of the prelude.
fn far(known: &Knowledge<'_, '_>) -> Option<Candidate> {
    let cursor = known.cursor;
    let name = cursor.written();
    if matches!(cursor.back(1), "." | "::") {
        return None;
    }
    let is_macro = cursor.text(cursor.before + 1) == "!";
    let own = known.own(known.owner().as_ref(), name);
    own.filter(|_| cursor.back(1) == "const")
        .or_else(|| named(known.free_items(), name))
        .or_else(|| named(known.own_types(), name))
        .or_else(|| named(candidates::prelude_names(), name))
        .or_else(|| named(candidates::language_types(), name))
        .or_else(|| named(candidates::language_macros(), name).filter(|_| is_macro))
        .or_else(|| {
            let variant = words::VARIANTS.iter().find(|(known, ..)| *known == name);
            variant
                .map(|(name, signature, doc)| Candidate::new(name, Kind::Variant, *signature, *doc))
        })
}

/// The same place, with the word and what follows it directly left behind.
fn after<'s>(cursor: &Cursor<'s>) -> Cursor<'s> {
    let next = cursor.tokens.get(cursor.before + 1);
    Cursor::new(
        cursor.source,
        next.map_or(cursor.word.end, |token| token.range.end),
    )
}

/// A field where it is declared, or given its value.
fn field(known: &Knowledge<'_, '_>, name: &str) -> Option<Candidate> {
    let cursor = known.cursor;
    let opener = cursor.opener(cursor.before)?;
    let owner = cursor.text(opener.checked_sub(1)?);
    let is_field = cursor.text(cursor.before + 1) == ":" && cursor.text(opener) == "{";
    let ty = known.type_named(owner).filter(|_| is_field)?;
    let members = known.members(&ty).into_iter();
    let mut fields = members.filter(|member| member.kind == Kind::Field);
    fields.find(|field| field.name == name)
}
