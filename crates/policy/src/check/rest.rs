//! `..base` in a struct literal: the fields that are not written come from another struct.

use crate::syntax::{BinOp, Expr, UnOp};

use super::{Checker, Expected};
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind};
use crate::types::{Named, Type};

impl Checker<'_, '_> {
    /// The fields of `named` that are not among those `given`, out of `base`. Each looks the base up anew,
    /// so it has to be a place, and to find it must do nothing else.
    pub(super) fn fields_of_base(
        &mut self,
        base: &Expr,
        named: &Named,
        given: &[(usize, ExprId)],
    ) -> Vec<(usize, ExprId)> {
        let span = Span::around(base);
        if !is_place(base) {
            let construct = "`..` of anything but a place";
            self.refuse(span, construct, "give it a name with `let` first");
            return Vec::new();
        }
        let context = self.context;
        let ty = Type::Struct(named.clone());
        let found = self.place(base, &Expected::Type(ty.clone()));
        if !self.agree(found, &ty) {
            return Vec::new();
        }
        let fields = context.fields(named).iter().enumerate();
        let missing = fields.filter(|(number, _)| !given.iter().any(|(it, _)| it == number));
        let taken = missing.map(|(number, field)| {
            let base = self.place(base, &Expected::Type(ty.clone()));
            let kind = ExprKind::Field {
                base,
                field: number,
            };
            let value = self.add(kind, field.ty.clone(), span);
            self.consume(value);
            (number, value)
        });
        taken.collect()
    }
}

/// Whether an expression names a place, and finding it changes nothing.
fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(it) => is_place(&it.base),
        Expr::Paren(it) => is_place(&it.expr),
        Expr::Index(it) => is_place(&it.expr) && is_quiet(&it.index),
        Expr::Unary(it) => matches!(it.op, UnOp::Deref) && is_place(&it.expr),
        _ => false,
    }
}

/// Whether computing an expression changes nothing, so that it may be done once for each field.
fn is_quiet(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Paren(it) => is_quiet(&it.expr),
        Expr::Cast(it) => is_quiet(&it.expr),
        Expr::Binary(it) => is_arithmetic(it.op) && is_quiet(&it.left) && is_quiet(&it.right),
        other => is_place(other),
    }
}

fn is_arithmetic(operator: BinOp) -> bool {
    use BinOp::{Add, BitAnd, BitOr, BitXor, Div, Mul, Rem, Shl, Shr, Sub};
    matches!(
        operator,
        Add | Sub | Mul | Div | Rem | BitAnd | BitOr | BitXor | Shl | Shr
    )
}
