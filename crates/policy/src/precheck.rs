//! What is checked before the parser may see a source: its size, and how deeply it nests.
//!
//! The parser and the passes after it call themselves for every bracket and every operator, so a
//! hostile source must be stopped here, on the level of tokens, or it would overflow the stack.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree, token_stream};

use crate::diagnostic::{Report, Span};

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
pub(crate) fn tokens(source: &str) -> Result<TokenStream, Refused> {
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
    let tokens: TokenStream = source
        .parse()
        .map_err(|error: proc_macro2::LexError| Refused::Lexical(Span::of(error.span())))?;
    nesting(tokens.clone()).map_err(Refused::Report)?;
    Ok(tokens)
}

/// Refuses characters that turn the direction of the text: the source is not what it looks like.
fn turned(source: &str) -> Option<Report> {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let (line, column) = source
        .lines()
        .enumerate()
        .find_map(|(line, text)| Some((line, text.chars().position(turns)?)))?;
    let message = "this character changes the direction of the text, and is not shown itself";
    Some(Report::error(Span::at(line + 1, column + 1), message).hint("delete it"))
}

/// One group of tokens that is being walked.
struct Level {
    rest: token_stream::IntoIter,
    /// Tokens since the last one that ends an expression, outer groups included.
    run: usize,
    outer_run: usize,
    /// The last token was a `{}` group.
    after_block: bool,
    /// Unclosed `<` since then: a comma inside generics ends nothing.
    angles: usize,
    /// The last token was `=` or `-`, so that a `>` makes an arrow.
    after_shaft: Option<char>,
    /// The last token, if it is one with the next: the `=` of `==`.
    after_joint: Option<char>,
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
    fn count(&mut self, token: &TokenTree) {
        self.run += weight(token, self.after_joint);
        let bar = matches!(token, TokenTree::Punct(punct) if punct.as_char() == '|');
        if bar && !self.after_operand && self.after_joint.is_none() {
            // A closure: the commas between its parameters end nothing.
            self.run += CLOSURE_WEIGHT;
            self.angles += 1;
        }
        self.after_joint = joint(token);
        self.after_operand = match token {
            TokenTree::Ident(word) => !is_word(word),
            TokenTree::Punct(punct) => punct.as_char() == '?',
            TokenTree::Literal(_) | TokenTree::Group(_) => true,
        };
    }

    fn punctuation(&mut self, punct: char) {
        match (punct, self.after_shaft) {
            ('<', _) => self.angles += 1,
            ('>', Some('=')) => self.angles = 0,
            ('>', None) => self.angles = self.angles.saturating_sub(1),
            (';', _) => self.begin_anew(),
            (',', _) if self.angles == 0 => self.begin_anew(),
            _ => {}
        }
        self.after_shaft = Some(punct).filter(|punct| matches!(punct, '=' | '-'));
    }
}

fn nesting(tokens: TokenStream) -> Result<(), Report> {
    let level = |stream: TokenStream, run: usize| Level {
        rest: stream.into_iter(),
        run,
        outer_run: run,
        after_block: false,
        angles: 0,
        after_shaft: None,
        after_joint: None,
        after_operand: false,
        elses: 0,
    };
    let mut stack = vec![level(tokens, 0)];
    while let Some(top) = stack.last_mut() {
        let Some(token) = top.rest.next() else {
            stack.pop();
            continue;
        };
        if top.after_block && begins_anew(&token) {
            top.begin_anew();
        }
        top.after_block = false;
        top.count(&token);
        if !matches!(token, TokenTree::Punct(_)) {
            top.after_shaft = None;
        }
        if top.run > RUN_MAX {
            return Err(Report::error(
                Span::of(token.span()),
                format!("this expression is too long: more than {RUN_MAX} tokens"),
            )
            .hint(match top.elses > ELSES_MANY {
                true => "write `match` instead of so many `else if`",
                false => "name parts of it with `let`",
            }));
        }
        match token {
            TokenTree::Ident(word) if word == "gen" => {
                let message = "expected identifier, found reserved keyword `gen`";
                let report = Report::error(Span::of(word.span()), message);
                return Err(report.hint("choose another name"));
            }
            TokenTree::Ident(word) if word == "else" => top.elses += 1,
            TokenTree::Punct(punct) => top.punctuation(punct.as_char()),
            TokenTree::Group(group) => {
                top.after_block = group.delimiter() == Delimiter::Brace;
                let run = top.run;
                if stack.len() > NESTING_MAX {
                    return Err(Report::error(
                        Span::of(group.span_open()),
                        format!("more than {NESTING_MAX} brackets within each other"),
                    )
                    .hint("move the inner part into a function"));
                }
                stack.push(level(group.stream(), run));
            }
            _ => {}
        }
    }
    Ok(())
}

/// How much of the stack a token can cost: a word or `=` that begins an expression within another
/// costs the parser more than an operator does.
fn weight(token: &TokenTree, after_joint: Option<char>) -> usize {
    match token {
        TokenTree::Ident(word) if is_word(word) => WORD_WEIGHT,
        TokenTree::Punct(punct) if punct.as_char() == '=' && punct.spacing() == Spacing::Alone => {
            let compares = matches!(after_joint, Some('=' | '!' | '<' | '>'));
            if compares { 1 } else { WORD_WEIGHT }
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => 2 * BRACKET_WEIGHT,
        TokenTree::Group(_) => BRACKET_WEIGHT,
        _ => 1,
    }
}

/// Whether a word can begin an expression or type within another.
fn is_word(word: &proc_macro2::Ident) -> bool {
    const WORDS: &[&str] = &[
        "if", "match", "while", "for", "loop", "return", "break", "let", "unsafe", "async", "move",
        "static", "const", "try", "box", "yield", "become", "in", "dyn", "impl", "fn", "mod",
        "trait",
    ];
    WORDS.iter().any(|known| word == known)
}

/// The character of a token that is one with the next.
fn joint(token: &TokenTree) -> Option<char> {
    match token {
        TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint => Some(punct.as_char()),
        _ => None,
    }
}

/// Whether what follows a `{}` group cannot continue the expression that the group is part of.
fn begins_anew(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word != "else" && word != "as",
        TokenTree::Punct(punct) => matches!(punct.as_char(), '#' | '\''),
        TokenTree::Literal(_) => true,
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
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
