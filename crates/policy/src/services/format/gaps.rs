//! What lies between statements, items, fields and arms: comments, attributes and empty lines.

use std::ops::Range;

use super::source::Source;
use super::{Exotic, blank};
use crate::text::Kind;

/// A comment or an attribute.
pub(super) struct Piece {
    text: String,
    /// An empty line stands before it.
    spaced: bool,
}

/// What lies between two parts.
#[derive(Default)]
pub(super) struct Gap {
    /// A comment on the last line of the part before.
    pub(super) trailing: Option<String>,
    pieces: Vec<Piece>,
    /// An empty line stands before the part after.
    spaced: bool,
}

impl Gap {
    /// Reads a stretch between two parts, which `at_start` follows an opening bracket.
    pub(super) fn read(
        source: &Source<'_>,
        range: Range<usize>,
        at_start: bool,
    ) -> Result<Gap, Exotic> {
        let mut gap = Gap::default();
        let mut end = range.start;
        let tokens = source.within(&range);
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            let white = source.slice(&(end..token.range.start));
            let spaced = white.matches('\n').count() > 1;
            let text = token.text(source.text);
            index += 1;
            match token.kind {
                Kind::Comment | Kind::DocComment => {
                    if text.contains('\n') {
                        return Err(Exotic);
                    }
                    let own_line = white.contains('\n') || at_start;
                    let text = text.trim_end().to_string();
                    let plain = token.kind == Kind::Comment;
                    if plain && !own_line && gap.pieces.is_empty() && gap.trailing.is_none() {
                        if text.starts_with("/*") {
                            return Err(Exotic);
                        }
                        gap.trailing = Some(text);
                    } else {
                        gap.pieces.push(Piece { text, spaced });
                    }
                    end = token.range.end;
                }
                // It was laid out with the part before it.
                Kind::Punctuation if matches!(text, "," | ";") => end = token.range.end,
                Kind::Punctuation if text == "#" => {
                    let (close, next) = attribute(source, tokens, index).ok_or(Exotic)?;
                    let attribute = token.range.start..close;
                    if source.has_comment(&attribute) {
                        return Err(Exotic);
                    }
                    let text = source.inline(&attribute);
                    gap.pieces.push(Piece { text, spaced });
                    (end, index) = (close, next);
                }
                _ => return Err(Exotic),
            }
        }
        let white = source.slice(&(end..range.end));
        gap.spaced = white.matches('\n').count() > 1;
        Ok(gap)
    }

    /// What stands between a part and the next, which begins a line of its own.
    pub(super) fn between(&self, indent: usize) -> String {
        let mut text = self.after_part();
        for piece in &self.pieces {
            text.push_str(if piece.spaced { "\n\n" } else { "\n" });
            text.push_str(&blank(indent));
            text.push_str(&piece.text);
        }
        text.push_str(if self.spaced { "\n\n" } else { "\n" });
        text.push_str(&blank(indent));
        text
    }

    /// What stands before the first part.
    pub(super) fn leading(&self, indent: usize) -> String {
        let text = self.between(indent);
        let text = text.trim_start_matches('\n');
        format!("\n{text}")
    }

    /// What stands between the last part and the closing bracket, which is not included.
    pub(super) fn closing(&self, indent: usize, first: bool) -> String {
        let mut text = self.after_part();
        for piece in &self.pieces {
            let alone = first && text.is_empty();
            text.push_str(if piece.spaced && !alone { "\n\n" } else { "\n" });
            text.push_str(&blank(indent));
            text.push_str(&piece.text);
        }
        text
    }

    fn after_part(&self) -> String {
        match &self.trailing {
            Some(comment) => format!(" {comment}"),
            None => String::new(),
        }
    }
}

/// Where an attribute ends, and the number of the token after it.
fn attribute(
    source: &Source<'_>,
    tokens: &[crate::text::Token],
    mut index: usize,
) -> Option<(usize, usize)> {
    let mut depth = 0usize;
    // `#![…]`, of what is around it.
    if tokens.get(index)?.text(source.text) == "!" {
        index += 1;
    }
    while let Some(token) = tokens.get(index) {
        index += 1;
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some((token.range.end, index));
        }
    }
    None
}
