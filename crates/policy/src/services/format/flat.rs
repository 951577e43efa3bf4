//! Expressions in one line, where rustfmt would have them so however long the line may be.

use crate::diagnostic::Span;
use crate::syntax::{self, Expr, Invoked, Stmt};

use super::source::Source;
use super::width;

/// The widest arguments, array or chain in one line.
pub(super) const LIST_WIDTH: usize = 60;
/// The widest fields of a struct in one line.
pub(super) const STRUCT_WIDTH: usize = 18;
/// The widest `if … else …` in one line.
const IF_WIDTH: usize = 50;

impl Source<'_> {
    /// An expression in one line, if it may stand in one and holds no comment.
    pub(super) fn one_line(&self, expr: &Expr) -> Option<String> {
        match self.has_comment(&self.range(expr)) {
            true => None,
            false => self.flat(expr),
        }
    }

    fn flat(&self, expr: &Expr) -> Option<String> {
        let text = match expr {
            Expr::Lit(_) => self.slice(&self.range(expr)).to_string(),
            Expr::Path(_) => self.inline(&self.range(expr)),
            Expr::Field(_) | Expr::MethodCall(_) | Expr::Try(_) => self.flat_chain(expr)?,
            Expr::Index(it) => format!("{}[{}]", self.flat(&it.expr)?, self.flat(&it.index)?),
            Expr::Call(it) => {
                format!("{}({})", self.flat(&it.func)?, self.flat_list(&it.args)?)
            }
            Expr::Macro(it) => self.flat_macro(it)?,
            Expr::Struct(it) => self.flat_struct(it)?,
            Expr::Array(it) => format!("[{}]", self.flat_list(&it.elems)?),
            Expr::Repeat(it) => format!("[{}; {}]", self.flat(&it.expr)?, self.flat(&it.len)?),
            Expr::Tuple(it) if it.elems.len() == 1 => {
                format!("({},)", self.flat_list(&it.elems)?)
            }
            Expr::Tuple(it) => format!("({})", self.flat_list(&it.elems)?),
            Expr::Paren(it) if matches!(it.expr, Expr::Paren(_)) => return None,
            Expr::Paren(it) => format!("({})", self.flat(&it.expr)?),
            Expr::Unary(it) => format!("{}{}", self.operator(it.op_span), self.flat(&it.expr)?),
            Expr::Reference(it) => format!("{}{}", self.reference(it), self.flat(&it.expr)?),
            Expr::Cast(it) => {
                format!(
                    "{} as {}",
                    self.flat(&it.expr)?,
                    self.inline(&self.range(&it.ty))
                )
            }
            Expr::Range(it) => self.flat_range(it)?,
            Expr::Binary(it) => {
                if !is_short_chain(it) {
                    return None;
                }
                let operator = self.operator(it.op_span);
                format!(
                    "{} {operator} {}",
                    self.flat(&it.left)?,
                    self.flat(&it.right)?
                )
            }
            Expr::Assign(it) => format!("{} = {}", self.flat(&it.left)?, self.flat(&it.right)?),
            Expr::Let(it) => {
                let pattern = self.pattern(&self.range(&it.pat)).ok()?;
                format!("let {pattern} = {}", self.flat(&it.expr)?)
            }
            Expr::Return(it) => self.flat_jump("return", None, it.expr.as_ref())?,
            Expr::Break(it) => self.flat_jump("break", it.label.as_ref(), it.expr.as_ref())?,
            Expr::Continue(it) => self.flat_jump("continue", it.label.as_ref(), None)?,
            Expr::Block(it) if it.label.is_none() => self.flat_block(&it.block)?,
            Expr::If(it) => self.flat_if(it)?,
            _ => return None,
        };
        Some(text).filter(|text| !text.contains('\n'))
    }

    /// An operator as it is written.
    pub(super) fn operator(&self, operator: Span) -> &str {
        self.slice(&self.range_of(operator))
    }

    pub(super) fn reference(&self, it: &syntax::ExprReference) -> &'static str {
        match it.mutability {
            true => "&mut ",
            false => "&",
        }
    }

    fn flat_jump(
        &self,
        word: &str,
        label: Option<&syntax::Lifetime<'_>>,
        value: Option<&Expr>,
    ) -> Option<String> {
        let label = label.map(|label| format!(" {label}")).unwrap_or_default();
        let value = match value {
            Some(value) => format!(" {}", self.flat(value)?),
            None => String::new(),
        };
        Some(format!("{word}{label}{value}"))
    }

    fn flat_range(&self, it: &syntax::ExprRange) -> Option<String> {
        let side = |side: &Option<Expr>| match side {
            Some(side) => self.flat(side),
            None => Some(String::new()),
        };
        Some(format!(
            "{}{}{}",
            side(&it.start)?,
            self.operator(it.limits),
            side(&it.end)?
        ))
    }

    fn flat_list(&self, list: &[Expr<'_>]) -> Option<String> {
        let parts: Option<Vec<String>> = list.iter().map(|part| self.flat(part)).collect();
        let text = parts?.join(", ");
        let alone = list.len() == 1 && !list.iter().any(is_call);
        (alone || width(&text) <= LIST_WIDTH).then_some(text)
    }

    pub(super) fn flat_macro(&self, it: &syntax::Macro) -> Option<String> {
        let (arguments, comma) = macro_arguments(it)?;
        let name = self.inline(&self.range(&it.path));
        let comma = if comma { "," } else { "" };
        Some(format!("{name}!({}{comma})", self.flat_list(arguments)?))
    }

    fn flat_struct(&self, it: &syntax::ExprStruct) -> Option<String> {
        let path = self.inline(&self.range(&it.path));
        if it.fields.is_empty() && !it.dots {
            return Some(format!("{path} {{}}"));
        }
        let base = match (&it.rest, it.dots) {
            (Some(base), _) => Some(format!("..{}", self.flat(base)?)),
            (None, true) => return None,
            (None, false) => None,
        };
        let fields: Option<Vec<String>> = it.fields.iter().map(|it| self.flat_field(it)).collect();
        let fields: Vec<String> = fields?.into_iter().chain(base).collect();
        let fields = fields.join(", ");
        (width(&fields) <= STRUCT_WIDTH).then(|| format!("{path} {{ {fields} }}"))
    }

    fn flat_field(&self, it: &syntax::FieldValue) -> Option<String> {
        let name = self.slice(&self.range(&it.member));
        match it.colon {
            true => Some(format!("{name}: {}", self.flat(&it.expr)?)),
            false => Some(name.to_string()),
        }
    }

    /// A block of one expression.
    fn flat_block(&self, block: &syntax::Block) -> Option<String> {
        match block.stmts.as_slice() {
            [] => Some("{}".to_string()),
            [Stmt::Expr(expr, None)] => Some(format!("{{ {} }}", self.flat(expr)?)),
            _ => None,
        }
    }

    fn flat_if(&self, it: &syntax::ExprIf) -> Option<String> {
        let Expr::Block(otherwise) = it.else_branch.as_ref()? else {
            return None;
        };
        if it.then_branch.stmts.is_empty() || otherwise.block.stmts.is_empty() {
            return None;
        }
        let text = format!(
            "if {} {} else {}",
            self.flat(&it.cond)?,
            self.flat_block(&it.then_branch)?,
            self.flat_block(&otherwise.block)?
        );
        (width(&text) <= IF_WIDTH).then_some(text)
    }

    fn flat_chain(&self, expr: &Expr) -> Option<String> {
        let mut children = 0;
        let text = self.flat_link(expr, &mut children)?;
        // rustfmt counts the `?` at the end twice.
        let tries = text.len() - text.trim_end_matches('?').len();
        (children < 2 || width(&text) + tries <= LIST_WIDTH).then_some(text)
    }

    fn flat_link(&self, expr: &Expr, children: &mut usize) -> Option<String> {
        Some(match expr {
            Expr::Field(it) => {
                *children += 1;
                let member = self.slice(&self.range(&it.member));
                format!("{}.{member}", self.flat_link(&it.base, children)?)
            }
            Expr::MethodCall(it) if it.turbofish.is_some() => return None,
            Expr::MethodCall(it) => {
                *children += 1;
                let base = self.flat_link(&it.receiver, children)?;
                format!("{base}.{}({})", it.method, self.flat_list(&it.args)?)
            }
            Expr::Try(it) => format!("{}?", self.flat_link(&it.expr, children)?),
            other => return self.flat(other),
        })
    }
}

/// The arguments of a macro that is written like a call, and whether a comma stands last.
pub(super) fn macro_arguments<'m, 's>(it: &'m syntax::Macro<'s>) -> Option<(&'m [Expr<'s>], bool)> {
    if !it.parens {
        return None;
    }
    match &it.body {
        Invoked::Claim {
            arguments, comma, ..
        } => Some((arguments, *comma)),
        Invoked::Matches {
            arguments: Some((arguments, comma)),
            ..
        } => Some((arguments, *comma)),
        _ => None,
    }
}

/// Whether an argument is a call by itself: those are narrow even when alone.
pub(super) fn is_call(expr: &Expr) -> bool {
    match expr {
        Expr::Call(_) | Expr::Macro(_) => true,
        Expr::Reference(it) => is_call(&it.expr),
        Expr::Try(it) => is_call(&it.expr),
        Expr::Unary(it) => is_call(&it.expr),
        Expr::Cast(it) => is_call(&it.expr),
        _ => false,
    }
}

/// Whether conditions with `let` among them may stand in one line: one name, then one `let`.
fn is_short_chain(it: &syntax::ExprBinary) -> bool {
    let has_let = |side: &Expr| matches!(side, Expr::Let(_));
    match (&it.left, &it.right) {
        (left, _) if has_let(left) => false,
        (left, right) if has_let(right) => is_plain(left),
        _ => true,
    }
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Path(it) => it.path.get_ident().is_some(),
        Expr::Lit(it) => matches!(it.lit, syntax::Lit::Bool(_)),
        Expr::Unary(it) => is_plain(&it.expr),
        Expr::Paren(it) => is_plain(&it.expr),
        Expr::Reference(it) => is_plain(&it.expr),
        Expr::Try(it) => is_plain(&it.expr),
        _ => false,
    }
}

/// Whether an expression ends with a block, and needs no `;` as a statement.
pub(super) fn is_block_like(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Block(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::ForLoop(_)
            | Expr::Other(syntax::OtherExpr::Unsafe, _)
    )
}
