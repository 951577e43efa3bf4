//! What the compiler knows of a source, for one place in it.

use crate::syntax;
use std::collections::BTreeSet;

use super::chain::{self, Names};
use super::cursor::{Around, Cursor};
use crate::items::{self, Context, Item};
use crate::parse;
use crate::text::Kind;
use crate::tree::LocalId;
use crate::types::Type;

/// A variable that can be named at the place.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ty: Option<Type>,
    pub(super) parameter: bool,
    pub(super) mutable: bool,
}

/// A source that was read, and a place in it.
pub(super) struct Knowledge<'k, 's> {
    pub(super) cursor: &'k Cursor<'s>,
    pub(super) context: &'k Context<'k>,
    pub(super) around: Option<Around<'s>>,
    pub(super) variables: Vec<Variable>,
}

/// Runs `work` with what is known of the source around `cursor`.
pub(super) fn with<T>(cursor: &Cursor<'_>, work: impl FnOnce(&Knowledge<'_, '_>) -> T) -> T {
    let readable = parse::readable(cursor.source).ok();
    let parsed = readable.as_ref().map(|readable| readable.read().file);
    let file = parsed.unwrap_or_default();
    let context = items::collect(&file, BTreeSet::new(), true);
    let mut knowledge = Knowledge {
        cursor,
        context: &context,
        around: cursor.function(),
        variables: Vec::new(),
    };
    knowledge.find_variables();
    work(&knowledge)
}

impl Knowledge<'_, '_> {
    /// The type whose `impl` is around the place.
    pub(super) fn owner(&self) -> Option<Type> {
        let name = match &self.around {
            Some(around) => around.owner?,
            None => self.cursor.owner(self.cursor.before)?,
        };
        self.context.types.get(name).cloned()
    }

    /// The type of the chain that ends before a token.
    pub(super) fn type_before(&self, end: usize) -> Option<Type> {
        let locals: Vec<(String, Type)> = self
            .variables
            .iter()
            .filter_map(|variable| Some((variable.name.clone(), variable.ty.clone()?)))
            .collect();
        let names = Names {
            owner: self.owner(),
            locals: &locals,
        };
        chain::type_before(self.cursor, self.context, end, &names).map(chain::referent)
    }

    /// The type that a name stands for, `Self` included.
    pub(super) fn type_named(&self, name: &str) -> Option<Type> {
        let names = Names {
            owner: self.owner(),
            locals: &[],
        };
        chain::type_named(self.context, &names, name)
    }

    /// Finds the variables that the place sees, in the order of their declarations.
    fn find_variables(&mut self) {
        let Some(start) = self.around.as_ref().map(|around| around.start) else {
            return;
        };
        let cursor = self.cursor;
        let end = cursor.before;
        let body = (start..end).find(|index| cursor.text(*index) == "{");
        let mut declared: Vec<(usize, bool)> = Vec::new();
        for index in start..end {
            let parameter = body.is_none_or(|body| index < body);
            if cursor.kind(index) == Some(Kind::Word)
                && is_declared(cursor, index, start, parameter)
                && self.is_visible(index, end)
            {
                declared.push((index, parameter));
            }
        }
        for (token, parameter) in declared {
            let ty = self.declared_type(token);
            self.variables.push(Variable {
                name: cursor.text(token).to_string(),
                ty,
                parameter,
                mutable: token > 0 && cursor.text(token - 1) == "mut",
            });
        }
    }

    /// Whether the block that a token is in is still open at `end`.
    fn is_visible(&self, token: usize, end: usize) -> bool {
        let mut depth = 0i32;
        for index in token..end {
            match self.cursor.text(index) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return false;
            }
        }
        true
    }

    /// The type of a variable: as checked, as written, or as its first value has it.
    fn declared_type(&self, token: usize) -> Option<Type> {
        self.checked_type(token).or_else(|| {
            let cursor = self.cursor;
            match cursor.text(token + 1) {
                ":" => self.written_type(token + 2),
                "in" => {
                    let end = (token + 2..cursor.before).find(|index| cursor.text(*index) == "{");
                    self.type_before(end?)
                }
                "=" => {
                    let end = (token + 2..cursor.before).find(|index| cursor.text(*index) == ";");
                    self.type_before(end?)
                }
                _ => None,
            }
        })
    }

    fn written_type(&self, token: usize) -> Option<Type> {
        let cursor = self.cursor;
        let mut depth = 0i32;
        let end = (token..cursor.tokens.len()).find(|index| {
            match cursor.text(*index) {
                "(" | "[" | "<" => depth += 1,
                "]" | ">" => depth -= 1,
                ")" if depth > 0 => depth -= 1,
                "," | ")" | "=" | ";" | "{" => return depth <= 0,
                _ => {}
            }
            false
        })?;
        let start = cursor.tokens.get(token)?.range.start;
        let stop = cursor.tokens.get(end)?.range.start;
        let text = cursor.source.get(start..stop)?;
        let tokens = syntax::tokens(text).ok()?;
        let mut parser = syntax::Parser::new(text, &tokens);
        let ty = parser.ty().and_then(|ty| parser.finish(ty)).ok()?;
        let ty = self.context.resolve_type(&ty, self.owner().as_ref());
        (ty != Type::Unknown).then_some(ty)
    }

    /// The type that the compiler found for the variable declared at a token.
    fn checked_type(&self, token: usize) -> Option<Type> {
        let around = self.around.as_ref()?;
        let owner = self.owner();
        let Item::Function(id) = self.context.value(owner.as_ref(), around.name)? else {
            return None;
        };
        let body = self.context.body(id)?;
        let start = self.cursor.tokens.get(token)?.range.start;
        let place = super::place(self.cursor.source, start);
        let name = self.cursor.text(token);
        let locals = (0..body.locals.len()).filter_map(|index| body.local(LocalId(index)));
        let mut known = locals.filter(|local| {
            local.name == name && local.span.start <= place && place < local.span.end
        });
        let ty = known.next()?.ty.clone();
        (!matches!(ty, Type::Unknown)).then_some(ty)
    }
}

/// Whether a word declares a variable where it stands.
fn is_declared(cursor: &Cursor<'_>, index: usize, start: usize, parameter: bool) -> bool {
    let text = cursor.text(index);
    let lower = text.starts_with(|c: char| c.is_lowercase() || c == '_');
    if !lower || super::words::KEYWORDS.contains(&text) || text == "_" {
        return false;
    }
    let before = index
        .checked_sub(1)
        .map_or("", |before| cursor.text(before));
    let after = cursor.text(index + 1);
    if parameter {
        return after == ":" && matches!(before, "(" | "," | "mut");
    }
    match before {
        "let" | "for" => true,
        "mut" => index >= 2 && matches!(cursor.text(index - 2), "let" | "for" | "("),
        // `Some(x)` in a pattern: after `let` or before `=>`, `=` or `in`.
        "(" if after == ")" => {
            let end =
                (index..cursor.tokens.len()).find(|at| cursor.text(*at) != ")" && *at > index);
            let next = end.map_or("", |end| cursor.text(end));
            let bound = matches!(next, "=>" | "=" | "if" | "|");
            bound && index >= 2 && index - 2 > start && is_variant(cursor.text(index - 2))
        }
        "{" | "," => after == "=>",
        _ => false,
    }
}

fn is_variant(text: &str) -> bool {
    text.starts_with(|c: char| c.is_uppercase())
}
