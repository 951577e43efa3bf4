//! Branches and loops.

use crate::syntax;
use crate::syntax::{Arm, Expr, Stmt};

use super::lists::Part;
use super::source::Source;
use super::{Exotic, Formatted, Place, WIDTH, blank, first_width, width};

impl Source<'_> {
    /// What ends in a block, in as many lines as it has statements.
    pub(super) fn control(&self, expr: &Expr, place: Place) -> Formatted {
        let indent = place.indent;
        match expr {
            Expr::Block(it) => {
                let label = label(it.label.as_ref());
                Ok(format!("{label}{}", self.block(&it.block, indent)?))
            }
            Expr::If(it) => self.branches(it, place),
            Expr::Match(it) => self.matching(it, place),
            Expr::Loop(it) => {
                let label = label(it.label.as_ref());
                Ok(format!("{label}loop {}", self.block(&it.body, indent)?))
            }
            Expr::While(it) => {
                let start = format!("{}while ", label(it.label.as_ref()));
                let head = self.head(&start, &it.cond, place)?;
                Ok(format!("{head}{}", self.block(&it.body, indent)?))
            }
            Expr::ForLoop(it) => {
                let pattern = self.pattern(&self.range(&it.pat))?;
                let start = format!("{}for {pattern} in ", label(it.label.as_ref()));
                let head = self.head(&start, &it.expr, place)?;
                Ok(format!("{head}{}", self.block(&it.body, indent)?))
            }
            _ => Err(Exotic),
        }
    }

    /// A word, what it depends on, and the white space before the `{`.
    fn head(&self, start: &str, condition: &Expr, place: Place) -> Formatted {
        let at = Place { tail: 2, ..place }.after(start);
        let condition = match condition {
            Expr::Let(it) => {
                let pattern = self.pattern(&self.range(&it.pat))?;
                self.bound(&format!("let {pattern} ="), &it.expr, at)?
            }
            other => self.expr(other, at)?,
        };
        let goes_on = condition.rsplit('\n').next().is_some_and(|line| {
            line.chars()
                .all(|c| c.is_whitespace() || "()]}?>".contains(c))
        });
        let space = match condition.contains('\n') && !goes_on {
            true => format!("\n{}", blank(place.indent)),
            false => " ".to_string(),
        };
        Ok(format!("{start}{condition}{space}"))
    }

    fn branches(&self, it: &syntax::ExprIf, place: Place) -> Formatted {
        let mut text = String::new();
        let mut at = it;
        loop {
            let start = if text.is_empty() {
                place
            } else {
                place.after("} else ")
            };
            text.push_str(&self.head("if ", &at.cond, start)?);
            let block = self.block(&at.then_branch, place.indent)?;
            text.push_str(&match (block.as_str(), &at.else_branch) {
                ("{}", Some(_)) => format!("{{\n{}}}", blank(place.indent)),
                _ => block,
            });
            let Some(otherwise) = &at.else_branch else {
                return Ok(text);
            };
            text.push_str(" else ");
            match otherwise {
                Expr::If(next) => at = next,
                Expr::Block(last) => {
                    let block = self.block(&last.block, place.indent)?;
                    text.push_str(&match block.as_str() {
                        "{}" => format!("{{\n{}}}", blank(place.indent)),
                        _ => block,
                    });
                    return Ok(text);
                }
                _ => return Err(Exotic),
            }
        }
    }

    /// `match` and its value: the `{` may go to the next line where that alone does not fit.
    fn matched(&self, value: &Expr, place: Place) -> Formatted {
        let at = Place { tail: 0, ..place }.after("match ");
        match self.one_line(value) {
            Some(line) if width(&line) <= at.width() && width(&line) + 2 > at.width() => {
                Ok(format!("match {line}\n{}", blank(place.indent)))
            }
            _ => self.head("match ", value, place),
        }
    }

    fn matching(&self, it: &syntax::ExprMatch, place: Place) -> Formatted {
        let head = self.matched(&it.expr, place)?;
        let braces = self.range_of(it.braces.join());
        let inner = braces.start + 1..braces.end.saturating_sub(1);
        if it.arms.is_empty() && !self.has_comment(&inner) {
            return Ok(format!("{head}{{}}"));
        }
        let indent = place.indent + 4;
        let rows: Result<Vec<Part>, Exotic> =
            it.arms.iter().map(|arm| self.arm(arm, indent)).collect();
        let rows = self.rows(rows?, inner, indent)?;
        Ok(format!("{head}{{{rows}\n{}}}", blank(place.indent)))
    }

    fn arm(&self, arm: &Arm, indent: usize) -> Result<Part, Exotic> {
        let start = self.core(arm, &arm.attrs);
        let pattern = self.pattern(&(start..self.range(&arm.pat).end))?;
        let pattern = pattern.trim_start_matches("| ").to_string();
        let guard = match &arm.guard {
            Some(guard) => format!(" if {}", self.one_line(guard).ok_or(Exotic)?),
            None => String::new(),
        };
        let left = format!("{pattern}{guard} =>");
        if indent + width(&left) + 2 > WIDTH {
            return Err(Exotic);
        }
        let (text, end) = self.arm_body(&left, &arm.body, indent)?;
        Ok(Part {
            text,
            range: start..self.range(&arm.body).end,
            end,
        })
    }

    fn arm_body(
        &self,
        left: &str,
        body: &Expr,
        indent: usize,
    ) -> Result<(String, &'static str), Exotic> {
        let body = self.without_block(body);
        if let Expr::Block(it) = body
            && it.label.is_none()
        {
            return Ok((format!("{left} {}", self.block(&it.block, indent)?), ""));
        }
        let place = Place::line(indent, 1).after(left).after(" ");
        let same = self.statement_expr(body, place).ok();
        let same = same.filter(|text| place.column + first_width(text) <= WIDTH);
        if let Some(text) = &same
            && !text.contains('\n')
            && width(text) <= place.width()
        {
            return Ok((format!("{left} {text}"), ","));
        }
        let next = self.statement_expr(body, Place::line(indent + 4, 0))?;
        let better = |same: &str| {
            let lines = |text: &str| text.matches('\n').count();
            !next.contains('\n') || lines(same) > lines(&next) + 1
        };
        match same {
            Some(same) if extends(body) && !better(&same) => Ok((format!("{left} {same}"), ",")),
            _ => Ok((
                format!(
                    "{left} {{\n{}{next}\n{}}}",
                    blank(indent + 4),
                    blank(indent)
                ),
                "",
            )),
        }
    }

    /// The expression of a block that holds nothing else, as the body of an arm.
    fn without_block<'e, 's>(&self, body: &'e Expr<'s>) -> &'e Expr<'s> {
        let Expr::Block(it) = body else { return body };
        let range = self.range(body);
        if it.label.is_some() || self.has_comment(&range) {
            return body;
        }
        match it.block.stmts.as_slice() {
            [Stmt::Expr(inner, None)] if !matches!(inner, Expr::Block(_)) => inner,
            _ => body,
        }
    }
}

/// Whether the body of an arm may begin on the arm's line and end on another.
fn extends(body: &Expr) -> bool {
    match body {
        Expr::Loop(_)
        | Expr::Match(_)
        | Expr::Block(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Call(_)
        | Expr::Array(_)
        | Expr::Struct(_)
        | Expr::Tuple(_) => true,
        Expr::Reference(it) => extends(&it.expr),
        Expr::Unary(it) => extends(&it.expr),
        Expr::Try(it) => extends(&it.expr),
        Expr::Index(it) => extends(&it.expr),
        Expr::Cast(it) => extends(&it.expr),
        _ => false,
    }
}

fn label(label: Option<&syntax::Lifetime<'_>>) -> String {
    label.map(|label| format!("{label}: ")).unwrap_or_default()
}
