//! The tokens that the parser reads: those of the text without plain comments, each with its place,
//! each bracket with its partner.

use exo_core::cpu::SourcePlace;

use crate::diagnostic::Span;
use crate::text::{self, Kind};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum T {
    /// What stands at the end of the tokens.
    End,
    Ident,
    Lifetime,
    Int,
    Float,
    Text,
    /// `'c'` and `b'c'`.
    Char,
    /// `///` and `/** */`.
    Doc,
    /// `//!` and `/*! */`.
    InnerDoc,
    Paren,
    Bracket,
    Brace,
    CloseParen,
    CloseBracket,
    CloseBrace,
    // Words.
    As,
    Async,
    Await,
    Break,
    Const,
    Continue,
    Crate,
    Dyn,
    Else,
    Enum,
    Extern,
    False,
    Fn,
    For,
    If,
    Impl,
    In,
    Let,
    Loop,
    Match,
    Mod,
    Move,
    Mut,
    Pub,
    Ref,
    Return,
    SelfValue,
    SelfType,
    Static,
    Struct,
    Super,
    Trait,
    True,
    Type,
    Underscore,
    Unsafe,
    Use,
    Where,
    While,
    /// A word that Rust keeps for later.
    Reserved,
    // Signs, last of all.
    Amp,
    AmpAmp,
    AmpEq,
    Arrow,
    At,
    Bang,
    Bar,
    BarBar,
    BarEq,
    Caret,
    CaretEq,
    Colon,
    Comma,
    Dollar,
    Dot,
    DotDot,
    DotDotDot,
    DotDotEq,
    Eq,
    EqEq,
    FatArrow,
    Gt,
    Hash,
    Le,
    Lt,
    Minus,
    MinusEq,
    NotEq,
    PathSep,
    Percent,
    PercentEq,
    Plus,
    PlusEq,
    Question,
    Semi,
    Shl,
    ShlEq,
    Slash,
    SlashEq,
    Star,
    StarEq,
}

/// The words of the language.
const WORDS: &[(&str, T)] = &[
    ("_", T::Underscore),
    ("as", T::As),
    ("async", T::Async),
    ("await", T::Await),
    ("break", T::Break),
    ("const", T::Const),
    ("continue", T::Continue),
    ("crate", T::Crate),
    ("dyn", T::Dyn),
    ("else", T::Else),
    ("enum", T::Enum),
    ("extern", T::Extern),
    ("false", T::False),
    ("fn", T::Fn),
    ("for", T::For),
    ("if", T::If),
    ("impl", T::Impl),
    ("in", T::In),
    ("let", T::Let),
    ("loop", T::Loop),
    ("match", T::Match),
    ("mod", T::Mod),
    ("move", T::Move),
    ("mut", T::Mut),
    ("pub", T::Pub),
    ("ref", T::Ref),
    ("return", T::Return),
    ("self", T::SelfValue),
    ("Self", T::SelfType),
    ("static", T::Static),
    ("struct", T::Struct),
    ("super", T::Super),
    ("trait", T::Trait),
    ("true", T::True),
    ("type", T::Type),
    ("unsafe", T::Unsafe),
    ("use", T::Use),
    ("where", T::Where),
    ("while", T::While),
    ("abstract", T::Reserved),
    ("become", T::Reserved),
    ("box", T::Reserved),
    ("do", T::Reserved),
    ("final", T::Reserved),
    ("macro", T::Reserved),
    ("override", T::Reserved),
    ("priv", T::Reserved),
    ("try", T::Reserved),
    ("typeof", T::Reserved),
    ("unsized", T::Reserved),
    ("virtual", T::Reserved),
    ("yield", T::Reserved),
];

/// What a word is.
pub(crate) fn word(text: &str) -> T {
    // No keyword is longer, or holds anything but letters.
    if text.len() > 8 {
        return T::Ident;
    }
    let known = WORDS.iter().find(|(word, _)| *word == text);
    known.map_or(T::Ident, |(_, kind)| *kind)
}

fn sign(text: &str) -> T {
    match text {
        "&" => T::Amp,
        "&&" => T::AmpAmp,
        "&=" => T::AmpEq,
        "->" => T::Arrow,
        "@" => T::At,
        "!" => T::Bang,
        "|" => T::Bar,
        "||" => T::BarBar,
        "|=" => T::BarEq,
        "^" => T::Caret,
        "^=" => T::CaretEq,
        ":" => T::Colon,
        "," => T::Comma,
        "." => T::Dot,
        ".." => T::DotDot,
        "..." => T::DotDotDot,
        "..=" => T::DotDotEq,
        "=" => T::Eq,
        "==" => T::EqEq,
        "=>" => T::FatArrow,
        ">" => T::Gt,
        "#" => T::Hash,
        "<=" => T::Le,
        "<" => T::Lt,
        "-" => T::Minus,
        "-=" => T::MinusEq,
        "!=" => T::NotEq,
        "::" => T::PathSep,
        "%" => T::Percent,
        "%=" => T::PercentEq,
        "+" => T::Plus,
        "+=" => T::PlusEq,
        "?" => T::Question,
        ";" => T::Semi,
        "<<" => T::Shl,
        "<<=" => T::ShlEq,
        "/" => T::Slash,
        "/=" => T::SlashEq,
        "*" => T::Star,
        "*=" => T::StarEq,
        _ => T::Dollar,
    }
}

/// A token in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: T,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    pub(crate) span: Span,
    /// The number of the bracket that closes it, of one that opens; else its own.
    pub(crate) partner: usize,
}

impl Token {
    /// As it is written.
    pub(crate) fn text<'s>(&self, source: &'s str) -> &'s str {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether it opens a bracket.
    pub(crate) fn opens(&self) -> bool {
        matches!(self.kind, T::Paren | T::Bracket | T::Brace)
    }

    /// Whether it is a comment that says what something is for.
    pub(crate) fn is_doc(&self) -> bool {
        matches!(self.kind, T::Doc | T::InnerDoc)
    }
}

/// Counts lines and columns along a text.
struct Walk<'s> {
    source: &'s str,
    offset: usize,
    place: SourcePlace,
}

impl Walk<'_> {
    /// The place of a byte that is not before the last one asked for.
    fn place(&mut self, offset: usize) -> SourcePlace {
        let between = self.source.get(self.offset..offset).unwrap_or_default();
        for byte in between.bytes() {
            match byte {
                b'\n' => {
                    self.place.line = self.place.line.saturating_add(1);
                    self.place.column = 1;
                }
                // A byte that goes on with a character.
                0x80..=0xBF => {}
                _ => self.place.column = self.place.column.saturating_add(1),
            }
        }
        self.offset = offset;
        self.place
    }
}

/// Cuts a source into tokens.
///
/// # Errors — the source is not made of tokens
/// The first place where it is not.
pub(crate) fn tokens(source: &str) -> Result<Vec<Token>, Span> {
    let mut walk = Walk {
        source,
        offset: 0,
        place: SourcePlace { line: 1, column: 1 },
    };
    let cut = text::tokens(source);
    let mut tokens: Vec<Token> = Vec::with_capacity(cut.len());
    let mut open: Vec<usize> = Vec::new();
    for token in &cut {
        if token.flaw.is_none() && token.kind == Kind::Comment {
            continue;
        }
        let span = Span {
            start: walk.place(token.range.start),
            end: walk.place(token.range.end),
        };
        let written = token.text(source);
        let kind = kind(token.kind, written);
        let (Some(kind), None) = (kind, token.flaw) else {
            return Err(span);
        };
        let number = tokens.len();
        match kind {
            T::Paren | T::Bracket | T::Brace => open.push(number),
            T::CloseParen | T::CloseBracket | T::CloseBrace => {
                let opener = open.pop().and_then(|opener| tokens.get_mut(opener));
                let opener = opener.filter(|opener| closer(opener.kind) == kind);
                opener.ok_or(span)?.partner = number;
            }
            _ => {}
        }
        tokens.push(Token {
            kind,
            start: token.range.start,
            end: token.range.end,
            span,
            partner: number,
        });
    }
    match open.last().and_then(|open| tokens.get(*open)) {
        Some(open) => Err(open.span),
        None => Ok(tokens),
    }
}

fn closer(open: T) -> T {
    match open {
        T::Paren => T::CloseParen,
        T::Bracket => T::CloseBracket,
        _ => T::CloseBrace,
    }
}

fn kind(kind: Kind, written: &str) -> Option<T> {
    Some(match kind {
        Kind::Word => word(written),
        Kind::Lifetime => T::Lifetime,
        Kind::Number if is_float(written) => T::Float,
        Kind::Number => T::Int,
        Kind::Text => T::Text,
        Kind::Character => T::Char,
        Kind::Open | Kind::Close => match written {
            "(" => T::Paren,
            "[" => T::Bracket,
            "{" => T::Brace,
            ")" => T::CloseParen,
            "]" => T::CloseBracket,
            _ => T::CloseBrace,
        },
        Kind::Punctuation => sign(written),
        Kind::DocComment => match written.as_bytes().get(2) {
            Some(b'!') => T::InnerDoc,
            _ => T::Doc,
        },
        Kind::Comment | Kind::Stray => return None,
    })
}

fn is_float(written: &str) -> bool {
    let prefixed = matches!(written.get(..2), Some("0x" | "0b" | "0o"));
    let exponent = || {
        let digits = written.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        let digits = digits.strip_prefix(['e', 'E']);
        digits.is_some_and(|rest| {
            rest.trim_start_matches(['+', '-', '_'])
                .starts_with(|c: char| c.is_ascii_digit())
        })
    };
    !prefixed
        && (written.contains('.')
            || written.ends_with("f32")
            || written.ends_with("f64")
            || exponent())
}
