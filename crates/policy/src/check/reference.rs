//! References: lent as arguments, and looked through everywhere else.

use crate::syntax;
use crate::syntax::Expr;

use super::place::{is_place, reference_names, root};
use super::{Checker, Expected};
use crate::diagnostic::Report;
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

impl Checker<'_, '_> {
    /// An argument, which may be a door or a reference.
    pub(super) fn argument(&mut self, syntax: &Expr, ty: &Type) -> ExprId {
        match ty {
            Type::Door(_) => {
                let id = self.place(syntax, &Expected::Anything);
                self.agree(id, ty);
                id
            }
            Type::Reference { to, mutable } => match bare(syntax) {
                Expr::Reference(written) => self.lent(written, to, *mutable, ty),
                other => self.passed_on(other, *mutable, ty),
            },
            _ => self.coerced(syntax, ty),
        }
    }

    /// `&place` or `&mut place` where a function takes a reference.
    fn lent(
        &mut self,
        syntax: &syntax::ExprReference,
        to: &Type,
        mutable: bool,
        ty: &Type,
    ) -> ExprId {
        let written = syntax.mutability;
        let place = self.place(&syntax.expr, &Expected::Type(to.clone()));
        let span = syntax.and.to(self.span(place));
        let found = self.ty(place);
        if let Type::Reference { .. } | Type::Door(_) = found {
            let message = "this is a reference already";
            let hint = "leave the `&` out: it is passed on as it is";
            self.report(Report::error(span, message).hint(hint));
            return self.unknown(span);
        }
        if !self.agree(place, to) {
            return self.unknown(span);
        }
        if mutable && !written {
            let message = format!(
                "mismatched types: expected `{}`, found `&{}`",
                self.shown(ty),
                self.shown(to)
            );
            let report = Report::error(span, message).code("E0308");
            return self.fail(report.hint("write `&mut`"), span);
        }
        self.borrowable(place, written);
        let kind = ExprKind::Borrow {
            place,
            mutable: written,
            two_phase: false,
        };
        self.add(kind, ty.clone(), span)
    }

    /// A reference that is passed on.
    fn passed_on(&mut self, syntax: &Expr, mutable: bool, ty: &Type) -> ExprId {
        let id = self.place(syntax, &Expected::Anything);
        let span = self.span(id);
        let (to, given) = match self.ty(id) {
            Type::Reference { to, mutable } => (to, mutable),
            Type::Unknown => return self.unknown(span),
            found => {
                let report = self.mismatch(id, ty, &found);
                let wanted = ty.peeled();
                if self.inference.unify(&found, wanted) {
                    let sign = if mutable { "&mut " } else { "&" };
                    return self.fail(report.hint(format!("lend it: write `{sign}…`")), span);
                }
                return self.fail(report, span);
            }
        };
        let fits = self.inference.unify(&to, ty.peeled()) && (given || !mutable);
        if !fits {
            let found = self.ty(id);
            let report = self.mismatch(id, ty, &found);
            return self.fail(report, span);
        }
        let place = self.add(ExprKind::Deref(id), (*to).clone(), span);
        let kind = ExprKind::Borrow {
            place,
            mutable,
            two_phase: true,
        };
        self.add(kind, ty.clone(), span)
    }

    /// What a reference refers to, or the expression itself if it is none.
    pub(super) fn looked_through(&mut self, id: ExprId) -> ExprId {
        match self.ty(id) {
            Type::Reference { to, .. } => {
                let span = self.span(id);
                self.add(ExprKind::Deref(id), (*to).clone(), span)
            }
            _ => id,
        }
    }

    /// Whether an expression is what a reference refers to, without that it says so.
    pub(super) fn is_looked_through(&self, id: ExprId) -> bool {
        match self.body.expr(id).map(|expr| &expr.kind) {
            Some(ExprKind::Deref(inner)) => {
                self.span(*inner) == self.span(id)
                    && matches!(self.ty(*inner), Type::Reference { .. })
            }
            _ => false,
        }
    }

    /// What is matched; a reference is looked through.
    pub(super) fn scrutinee(&mut self, syntax: &Expr) -> ExprId {
        let value = self.place(syntax, &Expected::Anything);
        self.not_handed_over(value);
        self.looked_through(value)
    }

    /// Refuses names in a pattern for what a reference refers to, unless it is written with `*`.
    pub(super) fn check_named(&mut self, syntax: &Expr, value: ExprId, locals_before: usize) {
        let through = self.is_looked_through(value);
        let written = matches!(bare(syntax), Expr::Unary(_));
        if through && !written && self.body.locals.len() > locals_before {
            let span = self.span(value);
            let construct = "a name in a pattern for what a reference refers to";
            self.refuse(
                span,
                construct,
                "write `*` before the reference, so that it is copied",
            );
        }
    }

    /// Whether the address of a place may be taken; reports it if not. A value that is no place
    /// is given one.
    pub(super) fn borrowable(&mut self, place: ExprId, mutable: bool) {
        if !mutable || self.ty(place) == Type::Unknown {
            return;
        }
        let span = self.span(place);
        if !is_place(&self.body, place) {
            return;
        }
        let Some(local) = root(&self.body, place).and_then(|root| self.body.local(root)) else {
            let construct = "to lend a part of a value that has no name as `&mut`";
            self.refuse(span, construct, "give it a name with `let mut` first");
            return;
        };
        let name = &local.name;
        let (message, hint) = match &local.ty {
            Type::Reference { mutable: true, .. } => return,
            Type::Reference { .. } => {
                let (behind, wanted) = reference_names(local);
                (
                    format!("cannot borrow what lies behind {behind} as mutable"),
                    wanted,
                )
            }
            _ if local.mutable => return,
            _ => (
                format!("cannot borrow `{name}` as mutable, as it is not declared as mutable"),
                format!("declare it with `mut {name}`"),
            ),
        };
        self.report(Report::error(span, message).code("E0596").hint(hint));
    }
}

/// An expression without the parentheses around it.
fn bare<'e, 's>(syntax: &'e Expr<'s>) -> &'e Expr<'s> {
    let mut at = syntax;
    loop {
        match at {
            Expr::Paren(inner) => at = &inner.expr,
            other => return other,
        }
    }
}
