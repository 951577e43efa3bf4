//! What is checked before the parser may see a source: its size, and how deeply it nests.
//!
//! The parser and the passes after it call themselves for every bracket and every operator, so a
//! hostile source must be stopped here, on the level of tokens, or it would overflow the stack.

use crate::diagnostic::{Report, Span};
use crate::syntax::{self, T, Token};

/// The longest source, in bytes.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// The most brackets within each other.
pub(crate) const NESTING_MAX: usize = 40;
/// The most tokens in one expression, those of the expressions around it included.
pub(crate) const RUN_MAX: usize = 400;

/// More `else` than this in one expression could be a `match`.
const ELSES_MANY: usize = 6;

/// How many tokens a word that begins an expression counts for.
const WORD_WEIGHT: usize = 6;
/// How many tokens a bracket counts for; a `{` counts twice that.
const BRACKET_WEIGHT: usize = 4;
/// How many tokens a closure counts for.
const CLOSURE_WEIGHT: usize = 10;

/// Why a source does not reach the parser.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is not made of Rust's tokens, from there on.
    Lexical(Span),
    /// For this reason, which nothing can mend.
    Report(Report),
}

/// Cuts a source into tokens, if it is one that the parser can be trusted with.
pub(crate) fn tokens(source: &str) -> Result<Vec<Token>, Refused> {
    if source.len() > SOURCE_BYTES_MAX {
        let message = format!(
            "this source has {} bytes; a policy may have at most {SOURCE_BYTES_MAX}",
            source.len()
        );
        return Err(Refused::Report(Report::error(Span::top(), message)));
    }
    if let Some(report) = turned(source) {
        return Err(Refused::Report(report));
    }
    let tokens = syntax::tokens(source).map_err(Refused::Lexical)?;
    nesting(source, &tokens).map_err(Refused::Report)?;
    Ok(tokens)
}

/// Refuses characters that turn the direction of the text: the source is not what it looks like.
fn turned(source: &str) -> Option<Report> {
    // All of them begin with the same byte.
    if !source.as_bytes().contains(&0xE2) {
        return None;
    }
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let (line, column) = source
        .lines()
        .enumerate()
        .find_map(|(line, text)| Some((line, text.chars().position(turns)?)))?;
    let message = "this character changes the direction of the text, and is not shown itself";
    Some(Report::error(Span::at(line + 1, column + 1), message).hint("delete it"))
}

/// The tokens within a pair of brackets, as they are walked.
#[derive(Default)]
struct Level {
    /// Tokens since the last one that ends an expression, outer brackets included.
    run: usize,
    outer_run: usize,
    /// The last token was the `}` of a block.
    after_block: bool,
    /// Unclosed `<` since then: a comma inside generics ends nothing.
    angles: usize,
    /// The last character was `=` or `-`, so that a `>` makes an arrow.
    after_shaft: Option<u8>,
    /// The last token was a sign that ends where the next token begins.
    joint_end: usize,
    /// The last token ends an operand.
    after_operand: bool,
    /// How often `else` stood in the expression.
    elses: usize,
}

impl Level {
    fn begin_anew(&mut self) {
        self.run = self.outer_run;
        self.elses = 0;
        self.angles = 0;
    }

    /// Counts a token.
    fn count(&mut self, token: &Token, text: &str) {
        let joint = self.joint_end == token.start && token.start > 0;
        self.run += weight(token, text, joint);
        let bar = matches!(token.kind, T::Bar | T::BarBar | T::BarEq);
        if bar && !self.after_operand && !joint {
            // A closure: the commas between its parameters end nothing.
            self.run += CLOSURE_WEIGHT;
            self.angles += 1;
        }
        let sign = is_sign(token.kind);
        self.joint_end = if sign { token.end } else { 0 };
        self.after_operand = match token.kind {
            T::Question => true,
            _ if sign => false,
            _ => !is_word(text),
        };
        if !sign {
            self.after_shaft = None;
        }
    }

    fn punctuation(&mut self, punct: u8) {
        match (punct, self.after_shaft) {
            (b'<', _) => self.angles += 1,
            (b'>', Some(b'=')) => self.angles = 0,
            (b'>', None) => self.angles = self.angles.saturating_sub(1),
            (b';', _) => self.begin_anew(),
            (b',', _) if self.angles == 0 => self.begin_anew(),
            _ => {}
        }
        self.after_shaft = Some(punct).filter(|punct| matches!(punct, b'=' | b'-'));
    }
}

fn nesting(source: &str, tokens: &[Token]) -> Result<(), Report> {
    let mut stack: Vec<Level> = Vec::new();
    let mut top = Level::default();
    for token in tokens {
        if matches!(token.kind, T::CloseParen | T::CloseBracket | T::CloseBrace) {
            if let Some(outer) = stack.pop() {
                top = outer;
            }
            top.after_block = token.kind == T::CloseBrace;
            continue;
        }
        if token.is_doc() {
            continue;
        }
        let text = token.text(source);
        if top.after_block && begins_anew(token.kind) {
            top.begin_anew();
        }
        top.after_block = false;
        top.count(token, text);
        if top.run > RUN_MAX {
            return Err(Report::error(
                token.span,
                format!("this expression is too long: more than {RUN_MAX} tokens"),
            )
            .hint(match top.elses > ELSES_MANY {
                true => "write `match` instead of so many `else if`",
                false => "name parts of it with `let`",
            }));
        }
        match token.kind {
            T::Ident if text == "gen" => {
                let message = "expected identifier, found reserved keyword `gen`";
                return Err(Report::error(token.span, message).hint("choose another name"));
            }
            T::Else => top.elses += 1,
            kind if is_sign(kind) => text.bytes().for_each(|byte| top.punctuation(byte)),
            _ if token.opens() => {
                if stack.len() >= NESTING_MAX {
                    return Err(Report::error(
                        token.span,
                        format!("more than {NESTING_MAX} brackets within each other"),
                    )
                    .hint("move the inner part into a function"));
                }
                let run = top.run;
                let inner = Level {
                    run,
                    outer_run: run,
                    ..Level::default()
                };
                stack.push(std::mem::replace(&mut top, inner));
            }
            _ => {}
        }
    }
    Ok(())
}

/// How much of the stack a token can cost: a word or `=` that begins an expression within another
/// costs the parser more than an operator does.
fn weight(token: &Token, text: &str, joint: bool) -> usize {
    match token.kind {
        T::Brace => 2 * BRACKET_WEIGHT,
        T::Paren | T::Bracket => BRACKET_WEIGHT,
        T::Eq if !joint => WORD_WEIGHT,
        kind if is_sign(kind) => match text {
            "==" | "!=" | "<=" | "<<=" => text.len(),
            assigns if assigns.ends_with('=') => text.len() - 1 + WORD_WEIGHT,
            _ => text.len(),
        },
        _ if is_word(text) => WORD_WEIGHT,
        T::Lifetime => 2,
        _ => 1,
    }
}

/// Whether a token is an operator or separator.
fn is_sign(kind: T) -> bool {
    kind >= T::Amp
}

/// Whether a word can begin an expression or type within another.
fn is_word(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "if", "match", "while", "for", "loop", "return", "break", "let", "unsafe", "async", "move",
        "static", "const", "try", "box", "yield", "become", "in", "dyn", "impl", "fn", "mod",
        "trait",
    ];
    text.len() <= 6 && WORDS.contains(&text)
}

/// Whether what follows a block cannot continue the expression that the block is part of.
fn begins_anew(kind: T) -> bool {
    match kind {
        T::Else | T::As | T::Paren | T::Bracket => false,
        T::Hash | T::Lifetime => true,
        kind => !is_sign(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(source: &str) -> bool {
        tokens(source).is_err()
    }

    #[test]
    fn statements_do_not_add_up_but_nesting_does() {
        assert!(!refused(&"a + b;".repeat(1000)));
        assert!(!refused(&"fn f() { g() }".repeat(1000)));
        assert!(!refused(&"if a { b } ".repeat(1000)));
        assert!(refused(&"a + ".repeat(1000)));
        assert!(refused(&"!".repeat(1000)));
        assert!(refused(&"if a { b } else ".repeat(1000)));
        assert!(refused(&"{} as u8 ".repeat(1000)));
        assert!(refused(&"Option<u8, ".repeat(1000)));
        assert!(!refused(&"x if a < b => c, ".repeat(1000)));
        assert!(!refused(&"page: Option<u8>, ".repeat(1000)));
        assert!(refused(&format!("{}{}", "(".repeat(100), ")".repeat(100))));
        assert!(refused(&format!(
            "{}{}",
            "f(a + b + c + d + e + ".repeat(39),
            ")".repeat(39)
        )));
    }

    #[test]
    fn a_source_of_more_than_256_kib_is_refused_before_it_is_read() {
        assert!(refused(&" ".repeat(SOURCE_BYTES_MAX + 1)));
        assert!(!refused(&" ".repeat(SOURCE_BYTES_MAX)));
    }
}
