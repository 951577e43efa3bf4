//! Arguments, elements and fields: in a line, or each on its own.

use crate::syntax;
use std::ops::Range;

use crate::syntax::Expr;

use super::flat::{LIST_WIDTH, is_call, macro_arguments};
use super::gaps::Gap;
use super::source::Source;
use super::{Exotic, Formatted, Place, WIDTH, blank, first_width, width};

/// Elements of an array that are no wider than this fill lines.
const SHORT_ELEMENT: usize = 10;

/// The brackets of a macro.
const MACRO: &str = "()!";
/// The brackets of a call whose name is so short that its only argument may begin beside it.
const SHORT: &str = "().";

/// The brackets of a call.
pub(super) fn brackets(name: &str) -> &'static str {
    if width(name) < 4 { SHORT } else { "()" }
}

/// A part of a list, laid out, with where it lies in the text.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) range: Range<usize>,
    /// What follows it: a comma, mostly.
    pub(super) end: &'static str,
}

impl Source<'_> {
    /// Expressions within `brackets`, which lie at `range` with all that is between them.
    pub(super) fn list<'e, 'x: 'e>(
        &self,
        parts: impl Iterator<Item = &'e Expr<'x>>,
        range: Range<usize>,
        brackets: &str,
        place: Place,
    ) -> Formatted {
        let parts: Vec<&Expr<'x>> = parts.collect();
        let mut sides = brackets.chars();
        let (open, close) = (sides.next().unwrap_or('('), sides.next().unwrap_or(')'));
        if parts.is_empty() {
            return Ok(format!("{open}{close}"));
        }
        let comments = self.has_comment(&range);
        if let ([only], false) = (parts.as_slice(), comments)
            && let Some(inner) = self.overflowing(
                only,
                matches!(brackets, SHORT | "[]"),
                place.after("(").before(1),
            )
        {
            return Ok(format!("{open}{inner}{close}"));
        }
        let flat: Option<Vec<String>> = parts.iter().map(|part| self.one_line(part)).collect();
        if let (Some(flat), '[', false) = (&flat, open, comments)
            && flat.iter().all(|part| width(part) <= SHORT_ELEMENT)
        {
            return Ok(format!(
                "[{}\n{}]",
                filled(flat, place),
                blank(place.indent)
            ));
        }
        let rows: Result<Vec<Part>, Exotic> = parts
            .iter()
            .map(|part| {
                let line = Place::line(place.indent + 4, 1);
                Ok(Part {
                    text: self.expr(part, line)?,
                    range: self.range(*part),
                    end: ",",
                })
            })
            .collect();
        let inner = range.start + 1..range.end.saturating_sub(1);
        let mut rows = rows?;
        if let (Some(last), true) = (rows.last_mut(), brackets == MACRO) {
            // A macro may tell whether there is a comma: rustfmt leaves it.
            last.end = if self.ends_with_comma(&inner) {
                ","
            } else {
                ""
            };
        }
        let rows = self.rows(rows, inner, place.indent + 4)?;
        Ok(format!("{open}{rows}\n{}{close}", blank(place.indent)))
    }

    fn ends_with_comma(&self, range: &Range<usize>) -> bool {
        let last = self.within(range).iter().rfind(|token| !token.is_comment());
        last.is_some_and(|token| token.text(self.text) == ",")
    }

    /// The only argument, if it may go on where the line is, its own brackets closing the list.
    fn overflowing(&self, only: &Expr, short: bool, place: Place) -> Option<String> {
        let inner = match only {
            Expr::Unary(it) => &it.expr,
            Expr::Reference(it) => &it.expr,
            Expr::Try(it) => &it.expr,
            Expr::Cast(it) => &it.expr,
            other => other,
        };
        let opens = matches!(
            inner,
            Expr::Call(_)
                | Expr::MethodCall(_)
                | Expr::Macro(_)
                | Expr::Struct(_)
                | Expr::Array(_)
                | Expr::Tuple(_)
                | Expr::Block(_)
                | Expr::If(_)
                | Expr::Match(_)
                | Expr::Loop(_)
                | Expr::While(_)
                | Expr::ForLoop(_)
        );
        if !opens && !short {
            return None;
        }
        let narrow = match is_call(only) {
            true => place.width().saturating_sub(LIST_WIDTH),
            false => 0,
        };
        let text = self.expr(only, place.before(narrow)).ok()?;
        let broken = |line: &str| line.trim_start().starts_with('.');
        let lines = text.contains('\n') && !text.lines().nth(1).is_some_and(broken);
        let fits = first_width(&text) <= LIST_WIDTH && place.column + first_width(&text) <= WIDTH;
        // One that would only leave its end on the next line stands there as a whole.
        let alone = Place::line(place.indent + 4, 1);
        let better_alone = text.matches('\n').count() == 1
            && self
                .one_line(only)
                .is_some_and(|line| width(&line) <= alone.width());
        (lines && fits && !better_alone).then_some(text)
    }

    /// Parts line by line, with the comments between them; begins with the end of a line.
    pub(super) fn rows(&self, parts: Vec<Part>, range: Range<usize>, indent: usize) -> Formatted {
        let mut gaps = Vec::new();
        let mut start = range.start;
        for (position, part) in parts.iter().enumerate() {
            gaps.push(Gap::read(self, start..part.range.start, position == 0)?);
            start = part.range.end;
        }
        gaps.push(Gap::read(self, start..range.end, parts.is_empty())?);
        align(&parts, &mut gaps);
        let mut text = String::new();
        for (position, (part, gap)) in parts.iter().zip(&gaps).enumerate() {
            text.push_str(&match position {
                0 => gap.leading(indent),
                _ => gap.between(indent),
            });
            text.push_str(&part.text);
            text.push_str(part.end);
        }
        let last = gaps.last().map(|gap| gap.closing(indent, parts.is_empty()));
        text.push_str(&last.unwrap_or_default());
        Ok(text)
    }

    pub(super) fn struct_literal(&self, it: &syntax::ExprStruct, place: Place) -> Formatted {
        let path = self.inline(&self.range(&it.path));
        if it.dots && it.rest.is_none() {
            return Err(Exotic);
        }
        let line = Place::line(place.indent + 4, 1);
        let rows: Result<Vec<Part>, Exotic> = it
            .fields
            .iter()
            .map(|field| {
                let name = self.slice(&self.range(&field.member));
                let text = match field.colon {
                    true => self.bound(&format!("{name}:"), &field.expr, line)?,
                    false => name.to_string(),
                };
                Ok(Part {
                    text,
                    range: self.core(field, &field.attrs)..self.range(field).end,
                    end: ",",
                })
            })
            .collect();
        let mut rows = rows?;
        if let Some(base) = &it.rest {
            let text = format!("..{}", self.expr(base, line)?);
            let range = self.range(base);
            let start = range.start.saturating_sub(2);
            rows.push(Part {
                text,
                range: start..range.end,
                end: "",
            });
        }
        let braces = self.range_of(it.braces.join());
        let inner = braces.start + 1..braces.end.saturating_sub(1);
        let rows = self.rows(rows, inner, place.indent + 4)?;
        Ok(format!("{path} {{{rows}\n{}}}", blank(place.indent)))
    }

    pub(super) fn repeated(&self, it: &syntax::ExprRepeat, place: Place) -> Formatted {
        let length = self.one_line(&it.len).ok_or(Exotic)?;
        let inner = self.expr(&it.expr, place.after("[").before(width(&length) + 3))?;
        Ok(format!("[{inner}; {length}]"))
    }

    pub(super) fn macro_statement(&self, it: &syntax::Macro, place: Place) -> Formatted {
        match self.flat_macro(it) {
            Some(line) if width(&line) <= place.width() => Ok(line),
            _ => self.macro_call(it, place),
        }
    }

    pub(super) fn macro_call(&self, it: &syntax::Macro, place: Place) -> Formatted {
        let (arguments, _) = macro_arguments(it).ok_or(Exotic)?;
        let name = format!("{}!", self.inline(&self.range(&it.path)));
        let range = self.range_of(it.brackets.join());
        let list = self.list(arguments.iter(), range, MACRO, place.after(&name))?;
        Ok(format!("{name}{list}"))
    }
}

/// Short elements, as many in a line as fit.
fn filled(parts: &[String], place: Place) -> String {
    let indent = place.indent + 4;
    let mut text = String::new();
    let mut column = WIDTH;
    for (position, part) in parts.iter().enumerate() {
        let more = width(part) + 1;
        if column + more + 1 > WIDTH || position == 0 {
            text.push_str(&format!("\n{}", blank(indent)));
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(part);
        text.push(',');
        column += more;
    }
    text
}

/// Comments at the ends of lines that follow each other stand below each other.
fn align(parts: &[Part], gaps: &mut [Gap]) {
    let widths: Vec<Option<usize>> = parts
        .iter()
        .map(|part| width(part.text.rsplit('\n').next().unwrap_or("")) + width(part.end))
        .zip(gaps.iter().skip(1))
        .map(|(width, gap)| gap.trailing.as_ref().map(|_| width))
        .collect();
    let mut start = 0;
    while start < widths.len() {
        let run = widths
            .iter()
            .skip(start)
            .take_while(|width| width.is_some())
            .count();
        let most = widths.iter().skip(start).take(run).flatten().max().copied();
        for position in start..start + run {
            let own = widths.get(position).copied().flatten();
            if let (Some(gap), Some(most), Some(own)) = (gaps.get_mut(position + 1), most, own)
                && let Some(comment) = &mut gap.trailing
            {
                *comment = format!("{}{comment}", blank(most - own));
            }
        }
        start += run.max(1);
    }
}
