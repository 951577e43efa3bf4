//! Jumps: `break`, `continue`, `return` and `?`.

use super::{AroundKind, Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::syntax;
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

impl Checker<'_, '_> {
    /// The loop or block that a jump means.
    pub(super) fn target(
        &mut self,
        label: Option<&syntax::Lifetime<'_>>,
        span: Span,
        word: &str,
    ) -> Option<usize> {
        let found = self.around.iter().rposition(|around| match label {
            Some(label) => around.label.as_deref() == Some(label.name),
            None => around.kind != AroundKind::Block,
        });
        if found.is_none() {
            let report = match label {
                Some(label) => {
                    Report::error(span, format!("use of undeclared label `{label}`")).code("E0426")
                }
                None => Report::error(span, format!("`{word}` outside of a loop")).code("E0268"),
            };
            self.report(report);
        }
        if label.is_none() && found.is_some() {
            self.check_unlabelled(found, span, word);
        }
        found
    }

    /// Refuses a jump without a label out of a block with one, as rustc does.
    fn check_unlabelled(&mut self, target: Option<usize>, span: Span, word: &str) {
        let inner = target.map_or(0, |target| target + 1);
        if self.around.len() <= inner {
            return;
        }
        let message = format!("`{word}` without a label, within a block that has one");
        let hint = "give the loop a label, and name it here";
        self.report(Report::error(span, message).code("E0695").hint(hint));
    }

    pub(super) fn break_out(&mut self, syntax: &syntax::ExprBreak) -> ExprId {
        let span = syntax.word;
        let target = self.target(syntax.label.as_ref(), span, "break");
        let around = target.and_then(|target| self.around.get_mut(target));
        let Some((id, kind, ty)) = around.map(|around| {
            around.broken = true;
            (around.id, around.kind, around.ty.clone())
        }) else {
            return self.unknown(span);
        };
        let value = match (&syntax.expr, kind) {
            (Some(value), AroundKind::Counted) => {
                let message = "`break` with value from a `while` or `for` loop";
                let around = Span::around(value);
                self.report(
                    Report::error(around, message)
                        .code("E0571")
                        .hint("write `loop`"),
                );
                None
            }
            (Some(value), _) => Some(self.coerced(value, &ty)),
            (None, AroundKind::Counted) => None,
            (None, _) => {
                let unit = self.add(ExprKind::Unit, Type::Unit, span);
                self.agree(unit, &ty);
                None
            }
        };
        let span = value.map_or(span, |value| span.to(self.span(value)));
        self.add(ExprKind::Break { id, value }, Type::Never, span)
    }

    pub(super) fn continue_on(&mut self, syntax: &syntax::ExprContinue) -> ExprId {
        let span = syntax.word;
        let Some(target) = self.target(syntax.label.as_ref(), span, "continue") else {
            return self.unknown(span);
        };
        match self
            .around
            .get(target)
            .map(|around| (around.id, around.kind))
        {
            Some((id, kind)) if kind != AroundKind::Block => {
                self.add(ExprKind::Continue { id }, Type::Never, span)
            }
            _ => {
                let report = Report::error(span, "`continue` of a block that is not a loop");
                self.fail(report.code("E0696"), span)
            }
        }
    }

    pub(super) fn give_back(&mut self, syntax: &syntax::ExprReturn) -> ExprId {
        let span = syntax.word;
        if !self.in_function {
            let report = Report::error(span, "`return` outside of a function").code("E0572");
            return self.fail(report, span);
        }
        let result = self.result.clone();
        let value = match &syntax.expr {
            Some(value) => Some(self.coerced(value, &result)),
            None => {
                let unit = self.add(ExprKind::Unit, Type::Unit, span);
                self.agree(unit, &result);
                None
            }
        };
        let span = value.map_or(span, |value| span.to(self.span(value)));
        self.add(ExprKind::Return(value), Type::Never, span)
    }

    pub(super) fn attempt(&mut self, syntax: &syntax::ExprTry) -> ExprId {
        let inner = self.value(&syntax.expr, &Expected::Anything);
        let token = syntax.question;
        let span = self.span(inner).to(token);
        if self.in_const {
            self.refuse(token, "`?` in a `const fn` or constant", "write `match`");
        }
        let result = self.inference.head(&self.result);
        let (value, fits) = match (self.operand_type(inner), &result) {
            (Type::Unknown, _) => return self.unknown(span),
            (Type::Result(value, error), Type::Result(_, wanted)) => {
                (value, self.inference.unify(&error, wanted))
            }
            (Type::Option(value), Type::Option(_)) => (value, true),
            (Type::Result(value, _) | Type::Option(value), _) => (value, result == Type::Unknown),
            (other, _) => {
                let message = format!(
                    "the `?` operator can only be applied to `Option` and `Result`, not to `{}`",
                    self.shown(&other)
                );
                return self.fail(Report::error(span, message).code("E0277"), span);
            }
        };
        if !fits {
            let found = self.ty(inner);
            let message = format!(
                "`?` on `{}` cannot be used in a function that returns `{}`",
                self.shown(&found),
                self.shown(&result)
            );
            let hint = match found {
                Type::Option(_) => "write `match` or `let Some(x) = … else { … };`",
                _ => "let the function return `Result<…, SysError>`",
            };
            self.report(Report::error(token, message).code("E0277").hint(hint));
        }
        self.add_at(ExprKind::Try(inner), (*value).clone(), span, span)
    }
}
