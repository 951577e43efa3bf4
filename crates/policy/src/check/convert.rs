//! `u64::from(x)`: a conversion that loses nothing.

use crate::syntax::ExprCall;

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind};
use crate::types::{Integer, Type};

impl Checker<'_, '_> {
    /// Checks `to::from(…)`, which is `… as to` where rustc has such a conversion. As it is one of a
    /// trait, no constant is made by it, and the type of what it is given has to be known.
    pub(super) fn converted(
        &mut self,
        to: Integer,
        call: &ExprCall,
        at: Span,
        span: Span,
    ) -> ExprId {
        let name = to.name();
        let [argument] = call.args.as_slice() else {
            self.arguments_alone(call);
            self.wrong_count("from", 1, call.args.len(), span);
            return self.unknown(span);
        };
        let inner = self.value(argument, &Expected::Anything);
        let from = self.operand_type(inner);
        let cast = format!("write `… as {name}`");
        if self.in_const {
            let message = "cannot call the non-const function `from` here";
            self.report(Report::error(at, message).code("E0015").hint(cast.clone()));
        }
        let place = self.span(inner);
        let report = match self.inference.head(&from) {
            // That a reference is used as a value is said elsewhere.
            Type::Unknown | Type::Reference { .. } => return self.unknown(span),
            Type::Variable(_) | Type::IntegerVariable(_) => {
                let message = "which integer type this has is not known here";
                Some(Report::error(place, message).code("E0283").hint(cast))
            }
            from if is_lossless(&from, to) => None,
            from => {
                let message = format!("`{name}` is not made from `{from}` without loss");
                Some(Report::error(place, message).code("E0277").hint(cast))
            }
        };
        if let Some(report) = report {
            self.report(report);
            return self.add(ExprKind::Unknown, Type::Integer(to), span);
        }
        self.add_at(ExprKind::Cast(inner), Type::Integer(to), span, at)
    }
}

/// Whether rustc's library makes `to` from values of such a type: for `usize`, which has 16 bits on some
/// processors, only from what fits everywhere.
fn is_lossless(from: &Type, to: Integer) -> bool {
    match from {
        Type::Bool => true,
        Type::Integer(from) if *from == to => true,
        Type::Integer(Integer::Usize) => false,
        Type::Integer(from) if to == Integer::Usize => from.bits() <= 16,
        Type::Integer(from) if from.signed() => to.signed() && from.bits() < to.bits(),
        Type::Integer(from) => from.bits() < to.bits(),
        _ => false,
    }
}
