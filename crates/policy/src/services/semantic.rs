//! What each word of a source is, for its colour.

use std::collections::BTreeMap;

use super::{Kind, Token, words};
use crate::prelude::{DOORS, ENUMS};
use crate::text::{self, Kind as Cut};
use crate::types::Integer;

/// What each word, number, text, comment and sign of a source is, in order; told by the words
/// around it alone, so that a source that cannot be read has its colours too.
pub fn semantic_tokens(source: &str) -> Vec<Token> {
    let cut = text::tokens(source);
    let words = Words::new(source, &cut);
    let mut word = 0;
    let mut found = Vec::with_capacity(cut.len());
    for token in &cut {
        let kind = match token.kind {
            Cut::Comment => Kind::Comment,
            Cut::DocComment => Kind::Documentation,
            Cut::Text | Cut::Character => Kind::Text,
            Cut::Number => Kind::Number,
            Cut::Lifetime => Kind::Label,
            Cut::Word => words.kind(word),
            Cut::Open | Cut::Close | Cut::Punctuation | Cut::Stray => Kind::Operator,
        };
        word += usize::from(!token.is_comment());
        found.push(Token {
            range: token.range.clone(),
            kind,
        });
    }
    found
}

/// The tokens without comments, and the names that the file declares.
struct Words<'s> {
    tokens: Vec<&'s str>,
    /// The bracket around each token that opens what it is in, if any.
    openers: Vec<Option<usize>>,
    declared: BTreeMap<&'s str, Kind>,
    doors: Vec<&'s str>,
    /// Parameters, each with the stretch of tokens of its function.
    parameters: Vec<(&'s str, usize, usize)>,
}

impl<'s> Words<'s> {
    fn new(source: &'s str, cut: &[text::Token]) -> Words<'s> {
        let tokens = cut.iter().filter(|token| !token.is_comment());
        let tokens: Vec<&str> = tokens.map(|token| token.text(source)).collect();
        let mut openers = Vec::with_capacity(tokens.len());
        let mut open = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            if matches!(*token, ")" | "]" | "}") {
                open.pop();
            }
            openers.push(open.last().copied());
            if matches!(*token, "(" | "[" | "{") {
                open.push(index);
            }
        }
        let mut words = Words {
            tokens,
            openers,
            declared: BTreeMap::new(),
            doors: Vec::new(),
            parameters: Vec::new(),
        };
        words.gather();
        words
    }

    fn at(&self, index: usize) -> &'s str {
        self.tokens.get(index).copied().unwrap_or_default()
    }

    fn back(&self, index: usize, by: usize) -> &'s str {
        index.checked_sub(by).map_or("", |index| self.at(index))
    }

    fn gather(&mut self) {
        for index in 0..self.tokens.len() {
            let name = self.at(index + 1);
            let kind = match self.at(index) {
                "struct" | "enum" => Kind::Type,
                "const" if name != "fn" => Kind::Constant,
                "fn" => {
                    self.gather_parameters(index);
                    continue;
                }
                _ => continue,
            };
            self.declared.insert(name, kind);
        }
    }

    fn gather_parameters(&mut self, start: usize) {
        let Some(open) = (start..start + 3).find(|index| self.at(*index) == "(") else {
            return;
        };
        let depth = self.openers.get(start).copied().flatten();
        let same = |index: &usize| self.openers.get(*index).copied().flatten() == depth;
        let rest = start + 1..self.tokens.len();
        let next = rest.filter(same).find(|index| self.at(*index) == "fn");
        let end = next.unwrap_or(self.tokens.len());
        for index in open + 1..end {
            match self.at(index) {
                ")" if self.openers.get(index).copied().flatten() == depth => return,
                ":" if self.openers.get(index).copied().flatten() == Some(open) => {
                    let name = self.back(index, 1);
                    self.parameters.push((name, start, end));
                    let ty = [self.at(index + 2), self.at(index + 3)];
                    if DOORS.iter().any(|door| ty.contains(&door.name)) {
                        self.doors.push(name);
                    }
                }
                _ => {}
            }
        }
    }

    fn kind(&self, index: usize) -> Kind {
        let (word, before, after) = (self.at(index), self.back(index, 1), self.at(index + 1));
        if words::KEYWORDS.contains(&word) || word == "mod" || word == "where" {
            return Kind::Keyword;
        }
        match before {
            "." if after == "(" => {
                return match self.doors.contains(&self.back(index, 2)) {
                    true => Kind::SystemCall,
                    false => Kind::Method,
                };
            }
            "." => return Kind::Field,
            "fn" => return Kind::Function,
            _ => {}
        }
        match after {
            "!" if self.at(index + 2) == "(" => return Kind::Macro,
            "(" if !is_upper(word) && before != "#" => return Kind::Function,
            ":" if self.is_field(index) => return Kind::Field,
            _ => {}
        }
        self.name(index)
    }

    fn name(&self, index: usize) -> Kind {
        let (word, before) = (self.at(index), self.back(index, 1));
        let is_variant = before == "::" && is_upper(word) && !is_constant(word)
            || ENUMS.iter().any(|row| {
                before == "::" && row.variants.iter().any(|variant| variant.name == word)
            })
            || words::VARIANTS.iter().any(|(variant, ..)| *variant == word)
            || self.in_enum(index);
        if is_variant {
            return Kind::Variant;
        }
        if let Some(kind) = self.declared.get(word) {
            return *kind;
        }
        if Integer::from_name(word).is_some() || word == "bool" || word == "exo_prelude" {
            return Kind::Type;
        }
        if is_constant(word) {
            return Kind::Constant;
        }
        if is_upper(word) {
            return Kind::Type;
        }
        let within = |(name, start, end): &(&str, usize, usize)| {
            *name == word && *start <= index && index < *end
        };
        match self.parameters.iter().any(within) {
            true => Kind::Parameter,
            false => Kind::Local,
        }
    }

    /// Whether a word with `:` after it names a field: in a `struct`, or in a value of one.
    fn is_field(&self, index: usize) -> bool {
        let Some(open) = self.openers.get(index).copied().flatten() else {
            return false;
        };
        self.at(open) == "{"
            && matches!(self.back(index, 1), "{" | "," | "pub" | ")" | "]")
            && is_upper(self.back(open, 1))
    }

    fn in_enum(&self, index: usize) -> bool {
        let open = self.openers.get(index).copied().flatten();
        open.is_some_and(|open| self.back(open, 2) == "enum" && self.at(open) == "{")
    }
}

fn is_upper(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase())
}

fn is_constant(word: &str) -> bool {
    is_upper(word) && word.len() > 1 && !word.contains(|c: char| c.is_lowercase())
}
