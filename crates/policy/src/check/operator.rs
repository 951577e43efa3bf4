//! Operators, casts and assignments.

use crate::syntax;
use crate::syntax::BinOp;

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind, Operator};
use crate::types::Type;

/// What a token of two operands does.
enum Meaning {
    Operator(Operator),
    Assign(Operator),
    And,
    Or,
}

fn meaning(token: BinOp) -> Meaning {
    use Operator as O;
    match token {
        BinOp::Add => Meaning::Operator(O::Add),
        BinOp::Sub => Meaning::Operator(O::Subtract),
        BinOp::Mul => Meaning::Operator(O::Multiply),
        BinOp::Div => Meaning::Operator(O::Divide),
        BinOp::Rem => Meaning::Operator(O::Remainder),
        BinOp::BitAnd => Meaning::Operator(O::And),
        BinOp::BitOr => Meaning::Operator(O::Or),
        BinOp::BitXor => Meaning::Operator(O::Xor),
        BinOp::Shl => Meaning::Operator(O::ShiftLeft),
        BinOp::Shr => Meaning::Operator(O::ShiftRight),
        BinOp::Eq => Meaning::Operator(O::Equal),
        BinOp::Ne => Meaning::Operator(O::NotEqual),
        BinOp::Lt => Meaning::Operator(O::Less),
        BinOp::Le => Meaning::Operator(O::LessEqual),
        BinOp::Gt => Meaning::Operator(O::Greater),
        BinOp::Ge => Meaning::Operator(O::GreaterEqual),
        BinOp::AddAssign => Meaning::Assign(O::Add),
        BinOp::SubAssign => Meaning::Assign(O::Subtract),
        BinOp::MulAssign => Meaning::Assign(O::Multiply),
        BinOp::DivAssign => Meaning::Assign(O::Divide),
        BinOp::RemAssign => Meaning::Assign(O::Remainder),
        BinOp::BitAndAssign => Meaning::Assign(O::And),
        BinOp::BitOrAssign => Meaning::Assign(O::Or),
        BinOp::BitXorAssign => Meaning::Assign(O::Xor),
        BinOp::ShlAssign => Meaning::Assign(O::ShiftLeft),
        BinOp::ShrAssign => Meaning::Assign(O::ShiftRight),
        BinOp::And => Meaning::And,
        BinOp::Or => Meaning::Or,
    }
}

impl Checker<'_, '_> {
    pub(super) fn binary(&mut self, binary: &syntax::ExprBinary) -> ExprId {
        match meaning(binary.op) {
            Meaning::Operator(operator) if operator.compares() => self.comparison(binary, operator),
            Meaning::Operator(operator) => self.arithmetic(binary, operator),
            Meaning::Assign(operator) => self.assign_binary(binary, operator),
            Meaning::And => self.logic(binary, true),
            Meaning::Or => self.logic(binary, false),
        }
    }

    fn logic(&mut self, binary: &syntax::ExprBinary, and: bool) -> ExprId {
        let left = self.coerced(&binary.left, &Type::Bool);
        let before = self.diverges;
        let right = self.coerced(&binary.right, &Type::Bool);
        self.diverges = before;
        let span = self.span(left).to(self.span(right));
        self.add(ExprKind::Logic { and, left, right }, Type::Bool, span)
    }

    fn comparison(&mut self, binary: &syntax::ExprBinary, operator: Operator) -> ExprId {
        let left = self.place(&binary.left, &Expected::Anything);
        let wanted = self.operand_type(left);
        let right = self.place(&binary.right, &Expected::Type(wanted.clone()));
        self.operand_type(right);
        let span = self.span(left).to(self.span(right));
        self.agree(right, &wanted);
        let kind = ExprKind::Binary {
            operator,
            left,
            right,
        };
        self.add(kind, Type::Bool, span)
    }

    fn arithmetic(&mut self, binary: &syntax::ExprBinary, operator: Operator) -> ExprId {
        let left = self.value(&binary.left, &Expected::Anything);
        let ty = self.ty(left);
        let hint = match operator.shifts() {
            true => Expected::Anything,
            false => Expected::Type(ty.clone()),
        };
        let right = self.value(&binary.right, &hint);
        let span = self.span(left).to(self.span(right));
        if !self.operands_fit(operator, left, right, span) {
            return self.unknown(span);
        }
        let kind = ExprKind::Binary {
            operator,
            left,
            right,
        };
        self.add(kind, ty, span)
    }

    /// Whether an operator other than a comparison takes these operands; reports it if not.
    fn operands_fit(
        &mut self,
        operator: Operator,
        left: ExprId,
        right: ExprId,
        span: Span,
    ) -> bool {
        let (a, b) = (self.operand_type(left), self.operand_type(right));
        let open = |ty: &Type| *ty == Type::Unknown;
        let bitwise = matches!(operator, Operator::And | Operator::Or | Operator::Xor);
        if !(a.is_integer() || open(&a) || (bitwise && a == Type::Bool)) {
            let message = format!(
                "operator `{}` cannot be applied to type `{}`",
                operator.text(),
                self.shown(&a)
            );
            let hint = match a {
                Type::Newtype(newtype) => {
                    Some(format!("write `{}::new(….number() …)`", newtype.name()))
                }
                Type::Variable(_) => Some("say its type: `let x: u32 = …`".to_string()),
                _ => None,
            };
            self.report(Report::error(span, message).code("E0369").maybe_hint(hint));
            return false;
        }
        if operator.shifts() {
            if b.is_integer() || open(&b) {
                return true;
            }
            let message = format!(
                "no implementation for `{} {} {}`",
                self.shown(&a),
                operator.text(),
                self.shown(&b)
            );
            self.report(Report::error(span, message).code("E0277"));
            return false;
        }
        self.agree(right, &a)
    }

    pub(super) fn assign(&mut self, assign: &syntax::ExprAssign) -> ExprId {
        let span_left = Span::around(&assign.left);
        if matches!(&assign.left, syntax::Expr::Infer(_)) {
            return self.refuse(span_left, "`_ =`", "write `let _ = …`");
        }
        let place = self.place(&assign.left, &Expected::Anything);
        let ty = self.ty(place);
        let value = self.coerced(&assign.right, &ty);
        let span = self.span(place).to(self.span(value));
        self.writable(place);
        self.add(ExprKind::Assign { place, value }, Type::Unit, span)
    }

    fn assign_binary(&mut self, binary: &syntax::ExprBinary, operator: Operator) -> ExprId {
        let place = self.place(&binary.left, &Expected::Anything);
        let ty = self.ty(place);
        let hint = match operator.shifts() {
            true => Expected::Anything,
            false => Expected::Type(ty),
        };
        let value = self.value(&binary.right, &hint);
        let span = self.span(place).to(self.span(value));
        self.writable(place);
        if !self.operands_fit(operator, place, value, span) {
            return self.unknown(span);
        }
        let kind = ExprKind::AssignBinary {
            operator,
            place,
            value,
        };
        self.add(kind, Type::Unit, span)
    }

    pub(super) fn cast(&mut self, cast: &syntax::ExprCast) -> ExprId {
        let ty = self.context.resolve_type(&cast.ty, self.owner);
        let hint = match &ty {
            Type::Integer(_) => Expected::Cast(ty.clone()),
            _ => Expected::Anything,
        };
        let inner = self.value(&cast.expr, &hint);
        self.operand_type(inner);
        let span = self.span(inner).to(Span::around(&cast.ty));
        self.add(ExprKind::Cast(inner), ty, span)
    }
}
