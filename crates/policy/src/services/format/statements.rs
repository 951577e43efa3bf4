//! Blocks and what stands in them.

use crate::syntax;
use crate::syntax::{Block, Expr, Stmt};

use super::flat::is_block_like;
use super::lists::Part;
use super::source::Source;
use super::{Exotic, Formatted, Place, blank, width};

/// The widest `let … else { … };` in one line.
const LET_ELSE_WIDTH: usize = 50;

impl Source<'_> {
    /// A block in several lines, unless it is empty.
    pub(super) fn block(&self, block: &Block, indent: usize) -> Formatted {
        let braces = self.range_of(block.braces.join());
        let inner = braces.start + 1..braces.end.saturating_sub(1);
        if block.stmts.is_empty() && !self.has_comment(&inner) {
            return Ok("{}".to_string());
        }
        let first_line = self.slice(&inner).split('\n').next().unwrap_or_default();
        if block.stmts.is_empty() && first_line.contains("/") {
            return Err(Exotic);
        }
        let last = block.stmts.len().saturating_sub(1);
        let rows: Result<Vec<Part>, Exotic> = block
            .stmts
            .iter()
            .enumerate()
            .map(|(position, statement)| {
                Ok(Part {
                    text: self.statement(statement, indent + 4, position == last)?,
                    range: self.range(statement),
                    end: "",
                })
            })
            .collect();
        let rows = self.rows(rows?, inner, indent + 4)?;
        Ok(format!("{{{rows}\n{}}}", blank(indent)))
    }

    fn statement(&self, statement: &Stmt, indent: usize, last: bool) -> Formatted {
        match statement {
            Stmt::Local(local) if local.attrs.is_empty() => self.local(local, indent),
            Stmt::Expr(expr, Some(_)) => {
                let text = self.statement_expr(expr, Place::line(indent, 1))?;
                // After a loop, rustfmt takes the `;` away.
                match matches!(expr, Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_)) {
                    true => Err(Exotic),
                    false => Ok(format!("{text};")),
                }
            }
            Stmt::Expr(expr, None) => {
                let leaves = matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_));
                let end = if leaves && last { ";" } else { "" };
                let place = Place::line(indent, end.len());
                let text = match last {
                    true => self.expr(expr, place)?,
                    false => self.statement_expr(expr, place)?,
                };
                Ok(format!("{text}{end}"))
            }
            Stmt::Macro(it) if !it.attrs => {
                let end = if it.semi.is_some() { ";" } else { "" };
                let place = Place::line(indent, end.len());
                Ok(format!("{}{end}", self.macro_statement(&it.mac, place)?))
            }
            _ => Err(Exotic),
        }
    }

    /// An expression as a statement or at the end of a block: a branch is never in one line there.
    pub(super) fn statement_expr(&self, expr: &Expr, place: Place) -> Formatted {
        match is_block_like(expr) {
            true => self.control(expr, place),
            false => self.expr(expr, place),
        }
    }

    fn local(&self, local: &syntax::Local, indent: usize) -> Formatted {
        let left = format!("let {}", self.pattern(&self.range_of(local.head))?);
        let Some(init) = &local.init else {
            return Ok(format!("{left};"));
        };
        let left = format!("{left} =");
        let Some(otherwise) = &init.diverge else {
            let value = self.bound(&left, &init.expr, Place::line(indent, 1))?;
            return Ok(format!("{value};"));
        };
        let Expr::Block(otherwise) = otherwise else {
            return Err(Exotic);
        };
        let head = self.bound(&left, &init.expr, Place::line(indent, 8))?;
        if head.contains('\n') {
            return Err(Exotic);
        }
        if let [Stmt::Expr(only, None)] = otherwise.block.stmts.as_slice()
            && let Some(only) = self.one_line(only)
        {
            let line = format!("{head} else {{ {only} }};");
            if width(&line) <= LET_ELSE_WIDTH {
                return Ok(line);
            }
        }
        Ok(format!(
            "{head} else {};",
            self.block(&otherwise.block, indent)?
        ))
    }
}
