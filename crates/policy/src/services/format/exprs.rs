//! Expressions, in as many lines as they need.

use crate::syntax;
use crate::syntax::{BinOp, Expr};

use super::lists::brackets;
use super::source::Source;
use super::{Exotic, Formatted, Place, WIDTH, blank, first_width, width};

impl Source<'_> {
    /// An expression whose value is used.
    pub(super) fn expr(&self, expr: &Expr, place: Place) -> Formatted {
        self.work()?;
        if let Some(line) = self.one_line(expr)
            && width(&line) <= place.width()
        {
            return Ok(line);
        }
        match expr {
            Expr::Field(_) | Expr::MethodCall(_) | Expr::Try(_) => self.chain(expr, place),
            Expr::Call(it) => {
                let name = self.one_line(&it.func).ok_or(Exotic)?;
                let arguments = self.range_of(it.parens.join());
                let brackets = brackets(&name);
                let list = self.list(it.args.iter(), arguments, brackets, place.after(&name))?;
                Ok(format!("{name}{list}"))
            }
            Expr::Macro(it) => self.macro_call(it, place),
            Expr::Struct(it) => self.struct_literal(it, place),
            Expr::Array(it) => {
                let range = self.range_of(it.span);
                self.list(it.elems.iter(), range, "[]", place)
            }
            Expr::Repeat(it) => self.repeated(it, place),
            Expr::Tuple(it) => {
                let range = self.range_of(it.span);
                self.list(it.elems.iter(), range, "()", place)
            }
            Expr::Paren(it) if !matches!(it.expr, Expr::Paren(_)) => {
                let inner = self.expr(&it.expr, place.after("(").before(1))?;
                Ok(format!("({inner})"))
            }
            Expr::Unary(it) => {
                let operator = self.operator(it.op_span);
                let inner = self.expr(&it.expr, place.after(operator))?;
                Ok(format!("{operator}{inner}"))
            }
            Expr::Reference(it) => {
                let operator = self.reference(it);
                let inner = self.expr(&it.expr, place.after(operator))?;
                Ok(format!("{operator}{inner}"))
            }
            Expr::Cast(it) => {
                let to = format!(" as {}", self.inline(&self.range(&it.ty)));
                let inner = self.expr(&it.expr, place.before(width(&to)))?;
                Ok(format!("{inner}{to}"))
            }
            Expr::Binary(it) if is_assignment(it.op) => {
                let operator = self.operator(it.op_span).to_string();
                self.assignment(&it.left, &operator, &it.right, place)
            }
            Expr::Binary(_) => self.operands(expr, place),
            Expr::Assign(it) => self.assignment(&it.left, "=", &it.right, place),
            Expr::Index(it) => {
                let base = self.one_line(&it.expr).ok_or(Exotic)?;
                let inner = self.expr(&it.index, place.after(&base).after("[").before(1))?;
                Ok(format!("{base}[{inner}]"))
            }
            Expr::Let(it) => {
                let pattern = self.pattern(&self.range(&it.pat))?;
                self.bound(&format!("let {pattern} ="), &it.expr, place)
            }
            Expr::Return(it) => self.jump("return", it.expr.as_ref(), place),
            Expr::Break(it) => {
                let label = it.label.as_ref().map(|label| format!(" {label}"));
                let word = format!("break{}", label.unwrap_or_default());
                self.jump(&word, it.expr.as_ref(), place)
            }
            _ => self.control(expr, place),
        }
    }

    fn jump(&self, word: &str, value: Option<&Expr>, place: Place) -> Formatted {
        let value = value.ok_or(Exotic)?;
        let word = format!("{word} ");
        Ok(format!("{word}{}", self.expr(value, place.after(&word))?))
    }

    fn assignment(&self, left: &Expr, operator: &str, right: &Expr, place: Place) -> Formatted {
        let left = self.one_line(left).ok_or(Exotic)?;
        if width(&left) + 3 > place.width() {
            return Err(Exotic);
        }
        self.bound(&format!("{left} {operator}"), right, place)
    }

    /// `left` and a value after it, on the same line or on the next.
    pub(super) fn bound(&self, left: &str, right: &Expr, place: Place) -> Formatted {
        let here = place.after(left).after(" ");
        let same = self
            .expr(right, here)
            .ok()
            .filter(|text| first_width(text) + here.column <= WIDTH);
        if let Some(text) = &same
            && !text.contains('\n')
            && width(text) <= here.width()
        {
            return Ok(format!("{left} {text}"));
        }
        let next_place = place.next();
        let next = self.expr(right, next_place).ok();
        let next = next.filter(|text| fits(text, next_place));
        let below = |text: &str| format!("{left}\n{}{text}", blank(place.indent + 4));
        match (same, next) {
            (Some(same), Some(next)) if prefers_next_line(&same, &next) => Ok(below(&next)),
            (Some(same), _) => Ok(format!("{left} {same}")),
            (None, Some(next)) => Ok(below(&next)),
            (None, None) => Err(Exotic),
        }
    }

    /// Operands of operators that bind equally strongly, each on a line of its own.
    fn operands(&self, expr: &Expr, place: Place) -> Formatted {
        let Expr::Binary(top) = expr else {
            return Err(Exotic);
        };
        let mut parts: Vec<(Option<&str>, &Expr)> = Vec::new();
        let mut at = expr;
        while let Expr::Binary(binary) = at
            && strength(binary.op) == strength(top.op)
        {
            parts.push((Some(self.operator(binary.op_span)), &binary.right));
            at = &binary.left;
        }
        parts.push((None, at));
        parts.reverse();
        // Where the last part alone is long, it may go on where the line is.
        if parts.len() == 2
            && let Some(text) = self.pair(top, place)
        {
            return Ok(text);
        }
        let mut text = String::new();
        let indent = place.indent + 4;
        for (position, (operator, part)) in parts.iter().enumerate() {
            let last = position + 1 == parts.len();
            let tail = if last { place.tail } else { 0 };
            match operator {
                None => text.push_str(&self.expr(part, Place { tail, ..place })?),
                Some(_) if text.lines().count() > position => return Err(Exotic),
                Some(operator) => {
                    let start = format!("{operator} ");
                    let part = self.expr(part, Place::line(indent, tail).after(&start))?;
                    text.push_str(&format!("\n{}{start}{part}", blank(indent)));
                }
            }
        }
        Ok(text)
    }

    /// Two operands on one line, the right of which ends in a block or list of several lines.
    fn pair(&self, binary: &syntax::ExprBinary<'_>, place: Place) -> Option<String> {
        let left = self.one_line(&binary.left)?;
        let start = format!("{left} {} ", self.operator(binary.op_span));
        let right = self.expr(&binary.right, place.after(&start)).ok()?;
        let opens = right.contains('\n')
            && right.split('\n').next()?.ends_with(['(', '{', '['])
            && first_width(&right) + place.after(&start).column <= WIDTH;
        (opens && matches!(binary.right, Expr::Block(_))).then(|| format!("{start}{right}"))
    }
}

/// Whether a value in several lines looks better on the line after `=`.
fn prefers_next_line(same: &str, next: &str) -> bool {
    let lines = |text: &str| text.matches('\n').count();
    let opens = |text: &str, bracket: char| {
        text.split('\n')
            .next()
            .is_some_and(|line| line.ends_with(bracket))
    };
    let differs = |bracket| opens(same, bracket) && !opens(next, bracket);
    !next.contains('\n')
        || lines(same) > lines(next) + 1
        || differs('(')
        || differs('{')
        || differs('[')
}

/// Whether every line of a piece is short enough.
pub(super) fn fits(text: &str, place: Place) -> bool {
    let count = text.matches('\n').count();
    text.split('\n').enumerate().all(|(number, line)| {
        let start = if number == 0 { place.column } else { 0 };
        let end = if number == count { place.tail } else { 0 };
        start + width(line) + end <= WIDTH
    })
}

fn is_assignment(operator: BinOp) -> bool {
    strength(operator) == 0
}

/// How strongly an operator binds; 0 for assignments.
fn strength(operator: BinOp) -> u8 {
    match operator {
        BinOp::Mul | BinOp::Div | BinOp::Rem => 9,
        BinOp::Add | BinOp::Sub => 8,
        BinOp::Shl | BinOp::Shr => 7,
        BinOp::BitAnd => 6,
        BinOp::BitXor => 5,
        BinOp::BitOr => 4,
        BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => 3,
        BinOp::And => 2,
        BinOp::Or => 1,
        _ => 0,
    }
}
