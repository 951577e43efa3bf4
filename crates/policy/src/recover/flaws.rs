//! Stray characters, and strings and comments that do not end.

use super::{Edit, Mended};
use crate::diagnostic::Report;
use crate::text::{Flaw, Kind, Lines, Token, tokens};

/// Each round mends all it sees; only an open comment can hide more.
const ROUNDS_MAX: usize = 16;

pub(super) fn mend(mended: &mut Mended) {
    for _ in 0..ROUNDS_MAX {
        let text = mended.text.clone();
        let lines = Lines::new(&text);
        let mut edits = Vec::new();
        let tokens = tokens(&text);
        let flawed = tokens
            .iter()
            .filter(|token| token.flaw != Some(Flaw::Malformed))
            .filter(|token| token.flaw.is_some() || token.kind == Kind::Stray);
        for token in flawed {
            let (report, edit) = one(mended, &lines, &text, token);
            mended.reports.push(report);
            edits.push(edit);
        }
        if edits.is_empty() {
            return;
        }
        mended.apply(edits);
    }
}

/// What is said of a flawed token, and how it is mended.
fn one(mended: &Mended, lines: &Lines<'_>, text: &str, token: &Token) -> (Report, Edit) {
    let (start, written) = (token.range.start, token.text(text));
    let error = |length: usize, message: &str| {
        Report::error(mended.span(lines, start, start + length), message)
    };
    let blank = |blanked: usize| Edit {
        offset: start,
        blanked,
        added: None,
    };
    let line = written.split('\n').next().unwrap_or_default();
    match (token.kind, token.flaw) {
        (Kind::Comment | Kind::DocComment, _) => {
            let report = error(2, "unterminated block comment").code("E0758");
            // What comes after it on its line is code, if it ends as code does.
            let code = line.trim_end().ends_with([';', '{', '}', ',', ')']);
            let edit = blank(if code { 2 } else { line.len() });
            (report.hint("end it with `*/`, or write `//`"), edit)
        }
        (Kind::Text, Some(Flaw::Unclosed)) => {
            let report = error(1, "unterminated double quote string");
            let end = |c: char| matches!(c, ')' | ']' | '}' | ';' | ',' | ' ' | '\r');
            let code = written.trim_end_matches(end).len().max(1);
            let edit = Edit {
                offset: start + code,
                blanked: 0,
                added: Some('"'),
            };
            (report.code("E0765").hint("end it with `\"`"), edit)
        }
        (Kind::Character, Some(Flaw::Unclosed)) => {
            let report = error(1, "unterminated character literal").code("E0763");
            (
                report.hint("write its number; there are no characters here"),
                blank(1),
            )
        }
        (_, Some(Flaw::Escape)) => {
            let report = error(written.len(), "unknown character escape in this text");
            (
                report.hint("write `\\\\` for one `\\`"),
                blank(written.len()),
            )
        }
        _ => {
            let message = format!("unknown start of token: `{written}`");
            (
                error(written.len(), &message).hint(instead_of(written)),
                blank(written.len()),
            )
        }
    }
}

/// What a character that is not Rust's was probably meant to be.
fn instead_of(written: &str) -> &'static str {
    match written {
        "\u{201c}" | "\u{201d}" | "\u{201e}" => "write `\"`",
        "\u{2018}" | "\u{2019}" => "write `'`",
        "\u{2212}" | "\u{2013}" | "\u{2014}" => "write `-`",
        "\u{d7}" => "write `*`",
        "\u{f7}" => "write `/`",
        "\u{2264}" => "write `<=`",
        "\u{2265}" => "write `>=`",
        "\u{2260}" => "write `!=`",
        "\u{2192}" => "write `->`",
        "\u{37e}" | "\u{ff1b}" => "write `;`",
        _ => "delete it",
    }
}
