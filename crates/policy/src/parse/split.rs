//! Where one item, field or variant ends and the next begins, by the look of the tokens alone.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::diagnostic::{self, NAMELESS};

/// The tokens of one item, or what should be one.
pub(super) type Chunk = Vec<TokenTree>;

/// Words that begin an item.
const BEGINNINGS: &[&str] = &[
    "fn", "struct", "enum", "impl", "const", "use", "pub", "static", "type", "trait", "mod",
    "union", "unsafe", "async", "extern",
];
/// Words that can stand before the word that says what an item is.
const QUALIFIERS: &[&str] = &["pub", "unsafe", "async", "extern", "default"];
/// Items that end with `;` even after a `}`.
const UNTIL_SEMICOLON: &[&str] = &["const", "static", "use", "type", "let"];

/// The items in `tokens`.
pub(super) fn items(tokens: TokenStream) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut chunk = Chunk::new();
    let mut line = 0;
    for token in tokens {
        let first = token.span().start().line > line;
        line = last(&token).end().line;
        if first && begins(&token) && has_substance(&chunk) {
            chunks.push(std::mem::take(&mut chunk));
        }
        let semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let block =
            matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        chunk.push(token);
        let goes_on = block
            && keyword(&chunk)
                .is_some_and(|word| UNTIL_SEMICOLON.iter().any(|until| word == *until));
        if semicolon || block && !goes_on {
            chunks.push(std::mem::take(&mut chunk));
        }
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

/// What lies between the commas of `tokens`: fields or variants.
pub(super) fn listed(tokens: TokenStream) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut chunk = Chunk::new();
    let mut angles = 0usize;
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => angles += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => {
                angles = angles.saturating_sub(1);
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' && angles == 0 => {
                chunks.push(std::mem::take(&mut chunk));
                continue;
            }
            _ => {}
        }
        chunk.push(token);
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

fn begins(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => BEGINNINGS.iter().any(|begins| word == begins),
        TokenTree::Punct(punct) => punct.as_char() == '#',
        _ => false,
    }
}

/// Whether a chunk holds more than attributes and qualifiers.
fn has_substance(chunk: &[TokenTree]) -> bool {
    after_qualifiers(chunk).is_some()
}

/// The first token that is neither an attribute nor a qualifier, and those after it.
fn after_qualifiers(chunk: &[TokenTree]) -> Option<&[TokenTree]> {
    let mut at = 0;
    while let Some(token) = chunk.get(at) {
        let skipped = match (token, chunk.get(at + 1)) {
            (TokenTree::Punct(punct), Some(TokenTree::Group(_))) if punct.as_char() == '#' => 2,
            (TokenTree::Punct(punct), Some(TokenTree::Punct(_))) if punct.as_char() == '#' => 3,
            (TokenTree::Punct(punct), None) if punct.as_char() == '#' => 1,
            (TokenTree::Ident(word), Some(TokenTree::Group(group)))
                if word == "pub" && group.delimiter() == Delimiter::Parenthesis =>
            {
                2
            }
            (TokenTree::Ident(word), Some(TokenTree::Literal(_))) if word == "extern" => 2,
            (TokenTree::Ident(word), Some(TokenTree::Ident(_)) | None) if word == "const" => {
                let function = |next: Option<&TokenTree>| {
                    matches!(next, Some(TokenTree::Ident(next))
                        if next == "fn" || QUALIFIERS.iter().any(|word| next == word))
                };
                match chunk.get(at + 1) {
                    None => 1,
                    next if function(next) => 1,
                    _ => return chunk.get(at..),
                }
            }
            (TokenTree::Ident(word), _) if QUALIFIERS.iter().any(|known| word == known) => 1,
            _ => return chunk.get(at..),
        };
        at += skipped;
    }
    None
}

/// The word that says what an item is.
pub(super) fn keyword(chunk: &[TokenTree]) -> Option<String> {
    match after_qualifiers(chunk)?.first()? {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

/// The names that the tokens declare, or would; [`NAMELESS`] if there is no telling.
pub(super) fn declared(chunk: &[TokenTree], names: &mut Vec<String>) {
    const DECLARE: &[&str] = &[
        "fn", "struct", "enum", "const", "static", "type", "mod", "trait",
    ];
    let known = names.len();
    let mut waiting: Vec<TokenTree> = chunk.iter().rev().cloned().collect();
    let mut declares = false;
    while let Some(token) = waiting.pop() {
        match token {
            TokenTree::Ident(word) if DECLARE.iter().any(|known| word == known) => declares = true,
            TokenTree::Ident(word) if declares => names.push(word.to_string()),
            TokenTree::Group(group) => {
                declares = false;
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                waiting.extend(inner.into_iter().rev());
            }
            _ => declares = false,
        }
    }
    if names.len() == known {
        // Without the word that says what it is: any of its words may be its name.
        names.push(NAMELESS.to_string());
    }
}

/// The place of a token's last character, of a group's closing bracket.
fn last(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_close(),
        other => other.span(),
    }
}

/// The stretch from the first token to the last.
pub(super) fn span(chunk: &[TokenTree]) -> diagnostic::Span {
    let start = chunk.first().map(|token| match token {
        TokenTree::Group(group) => group.span_open(),
        other => other.span(),
    });
    match (start, chunk.last()) {
        (Some(start), Some(end)) => diagnostic::Span::of(start).to(diagnostic::Span::of(last(end))),
        _ => diagnostic::Span::top(),
    }
}

/// The last token, if it is a `{}` group, and those before it.
pub(super) fn block(chunk: &[TokenTree]) -> Option<(&[TokenTree], &Group)> {
    match chunk.split_last()? {
        (TokenTree::Group(group), before) if group.delimiter() == Delimiter::Brace => {
            Some((before, group))
        }
        _ => None,
    }
}

/// `before` and a `{}` group of `inner` at the place of `group`.
pub(super) fn with_block(before: &[TokenTree], group: &Group, inner: TokenStream) -> TokenStream {
    let mut block = Group::new(Delimiter::Brace, inner);
    block.set_span(group.span());
    before
        .iter()
        .cloned()
        .chain([TokenTree::Group(block)])
        .collect()
}
