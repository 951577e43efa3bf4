//! What could be written at the cursor.

use super::candidates::{self, Candidate};
use super::cursor::Cursor;
use super::knowledge::{self, Knowledge};
use super::{Completion, Kind, words};
use crate::text::Kind as TokenKind;

/// What could be written at a byte of a source, the likeliest first: after a dot what the value has,
/// after `::` what the type has, elsewhere what can be named there. Only what begins with the word
/// that was begun; nothing within comments and texts, and where a new name is declared.
pub fn completions(source: &str, offset: usize) -> Vec<Completion> {
    let cursor = Cursor::new(source, offset);
    if cursor.in_text || source.len() > crate::SOURCE_BYTES_MAX {
        return Vec::new();
    }
    let written = cursor
        .written()
        .get(..offset.saturating_sub(cursor.word.start));
    let begun = written
        .unwrap_or_else(|| cursor.written())
        .to_ascii_lowercase();
    let mut found = knowledge::with(&cursor, candidates);
    found.retain(|candidate| candidate.name.to_ascii_lowercase().starts_with(&begun));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|candidate| seen.insert((candidate.name.clone(), candidate.kind)));
    let replace = &cursor.word;
    found
        .into_iter()
        .map(|candidate| Completion {
            insert: insert(&candidate, &cursor),
            label: candidate.name,
            kind: candidate.kind,
            detail: candidate.signature,
            documentation: candidate.documentation,
            replace: replace.clone(),
        })
        .collect()
}

/// The name, and the brackets of a call with what goes between them left out.
fn insert(candidate: &Candidate, cursor: &Cursor<'_>) -> String {
    let name = &candidate.name;
    let called = cursor.text(cursor.before + usize::from(!cursor.word.is_empty())) == "(";
    match candidate.kind {
        Kind::Macro if !called => format!("{name}!("),
        Kind::Function if candidate.signature.contains("&mut self") => {
            format!("{} {{\n}}", candidate.signature)
        }
        Kind::Method | Kind::Function | Kind::SystemCall if !called => {
            let parameters = candidate
                .signature
                .split_once('(')
                .map_or("", |(_, rest)| rest);
            let parameters = parameters
                .split_once(')')
                .map_or(parameters, |(inner, _)| inner);
            let own = parameters
                .split(',')
                .next()
                .is_some_and(|first| first.ends_with("self"));
            let count = parameters
                .split(',')
                .filter(|part| !part.trim().is_empty())
                .count();
            match count.saturating_sub(usize::from(own)) {
                0 => format!("{name}()"),
                _ => format!("{name}("),
            }
        }
        _ => name.clone(),
    }
}

fn candidates(known: &Knowledge<'_, '_>) -> Vec<Candidate> {
    let cursor = known.cursor;
    match cursor.back(1) {
        "." => {
            let dot = cursor.before.saturating_sub(1);
            let ty = known.type_before(dot);
            return ty.map(|ty| known.members(&ty)).unwrap_or_default();
        }
        "::" if cursor.back(2) == "exo_prelude" => {
            let all = "Everything that a policy may name.";
            return vec![Candidate::new("*", Kind::Operator, "*", all)];
        }
        "::" => return known.associated(cursor.back(2)),
        "use" => {
            let all = "Everything that a policy may name.";
            let import = "exo_prelude::*;";
            return vec![Candidate::new(import, Kind::Type, import, all)];
        }
        "fn" => return upcalls(known),
        "mut" if cursor.back(2) == "&" => {}
        "let" | "mut" | "struct" | "enum" | "const" => return Vec::new(),
        "impl" | "for" if known.around.is_none() => return types(known),
        _ => {}
    }
    if is_type_position(cursor) {
        return types(known);
    }
    if known.around.is_none() {
        return outside(known);
    }
    inside(known)
}

/// The functions of the role that the `impl` around is for.
fn upcalls(known: &Knowledge<'_, '_>) -> Vec<Candidate> {
    let cursor = known.cursor;
    let opener = cursor.opener(cursor.before).unwrap_or(0);
    let mut head = (0..opener).rev().take_while(|at| cursor.text(*at) != "}");
    let of =
        head.find(|at| cursor.text(*at) == "for" && cursor.text(at.saturating_sub(2)) == "impl");
    match of {
        Some(at) => candidates::prelude_members(cursor.text(at.saturating_sub(1))),
        None => Vec::new(),
    }
}

fn types(known: &Knowledge<'_, '_>) -> Vec<Candidate> {
    let mut found = known.own_types();
    let prelude = candidates::prelude_names().into_iter();
    found.extend(prelude.filter(|candidate| candidate.kind == Kind::Type));
    found.extend(candidates::language_types());
    if known.owner().is_some() {
        found.push(Candidate::new(
            "Self",
            Kind::Keyword,
            "Self",
            "The type of the `impl` around.",
        ));
    }
    found
}

fn keywords(list: &[&str]) -> Vec<Candidate> {
    let candidate = |word: &&str| Candidate::new(word, Kind::Keyword, *word, "");
    list.iter().map(candidate).collect()
}

fn outside(known: &Knowledge<'_, '_>) -> Vec<Candidate> {
    let cursor = known.cursor;
    let opener = cursor.opener(cursor.before);
    let in_impl = opener.is_some() && cursor.owner(cursor.before).is_some();
    match (in_impl, opener) {
        (true, _) => keywords(&["fn", "pub", "const"]),
        (false, None) if !matches!(cursor.back(1), "=" | ":") => keywords(words::ITEMS),
        // The value of a constant, or the fields of a struct.
        _ => {
            let mut found = known.free_items();
            found.extend(types(known));
            found
        }
    }
}

fn inside(known: &Knowledge<'_, '_>) -> Vec<Candidate> {
    let cursor = known.cursor;
    let mut found = known.locals();
    found.extend(known.free_items());
    found.extend(known.own_types());
    if known.owner().is_some() {
        found.push(Candidate::new(
            "Self",
            Kind::Keyword,
            "Self",
            "The type of the `impl` around.",
        ));
    }
    let variants = words::VARIANTS.iter();
    found.extend(
        variants
            .map(|(name, signature, doc)| Candidate::new(name, Kind::Variant, *signature, *doc)),
    );
    found.extend(candidates::prelude_names());
    found.extend(candidates::language_macros());
    found.extend(candidates::language_types());
    if matches!(cursor.back(1), ";" | "{" | "}") {
        found.extend(keywords(words::STATEMENTS));
    } else if cursor.back(1) == "else" {
        found = keywords(&["if"]);
    } else {
        found.extend(keywords(&["if", "match", "loop", "true", "false"]));
        if matches!(
            cursor.kind(cursor.before.wrapping_sub(1)),
            Some(TokenKind::Word | TokenKind::Number | TokenKind::Close)
        ) {
            found.extend(keywords(&["as", "else"]));
        }
    }
    found
}

/// Whether a type is written at the cursor.
fn is_type_position(cursor: &Cursor<'_>) -> bool {
    match cursor.back(1) {
        "->" | "as" => true,
        "mut" if cursor.back(2) == "&" => true,
        "<" => matches!(cursor.back(2), "Option" | "Result"),
        "[" if cursor.back(2) == ":" => true,
        ":" => {
            let opener = cursor.opener(cursor.before);
            let before = |by: usize| opener.map_or("", |at| cursor.text(at.wrapping_sub(by)));
            let declared = matches!(cursor.back(3), "let" | "const" | "mut");
            // Parameters of a function, or fields of a struct that is declared.
            declared || before(2) == "fn" || before(2) == "struct"
        }
        "," => {
            let opener = cursor.opener(cursor.before);
            opener.is_none() && cursor.back(3) == "<"
        }
        _ => false,
    }
}
