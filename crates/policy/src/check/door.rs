//! Methods of doors: system calls, and whatever else reaches out of the program.

use syn::Expr;

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span, nearest};
use crate::prelude::Door;
use crate::tree::{self, ExprId, ExprKind};

/// How a door is held while the arguments after it are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// By `&`: others may hold it so too.
    Shared,
    /// As the receiver of a method with `&mut self`, which begins in earnest with the call.
    Reserved,
    /// By `&mut`.
    Alone,
}

impl Checker<'_, '_> {
    pub(super) fn ask(
        &mut self,
        door: Door,
        name: &str,
        syntax: &[&Expr],
        at: Span,
        span: Span,
    ) -> ExprId {
        let row = door.row();
        let Some(method) = door.method(name) else {
            for argument in syntax {
                self.place(argument, &Expected::Anything);
            }
            let known = row.methods.iter().map(|method| method.word.name);
            let hint = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
            let message = format!("no method named `{name}` found for `{}`", row.name);
            let report = Report::error(at, message).code("E0599").maybe_hint(hint);
            return self.fail(report, span);
        };
        let result = self.context.prelude_type(method.result);
        if self.in_const {
            let message = format!("cannot call the non-const method `{name}` here");
            let hint = "leave `const` out of the function around";
            self.report(Report::error(at, message).code("E0015").hint(hint));
        }
        if method.arguments.len() != syntax.len() {
            let name = format!("{}.{name}", row.parameter);
            self.wrong_count(&name, method.arguments.len(), syntax.len(), span);
            return self.add(ExprKind::Unknown, result, span);
        }
        let arguments: Vec<ExprId> = syntax
            .iter()
            .zip(method.arguments)
            .map(|(argument, ty)| {
                let ty = self.context.prelude_type(*ty);
                self.coerced(argument, &ty)
            })
            .collect();
        let held = match method.mutable {
            true => Held::Reserved,
            false => Held::Shared,
        };
        self.check_door(door, held, &arguments);
        let kind = ExprKind::Ask {
            door,
            method,
            arguments,
        };
        self.add_at(kind, result, span, at)
    }

    /// Checks that nothing asks a door while it is lent to a call.
    pub(super) fn check_door_borrow(&mut self, door: Door, later: &[ExprId]) {
        let held = match door.row().mutable {
            true => Held::Alone,
            false => Held::Shared,
        };
        self.check_door(door, held, later);
    }

    fn check_door(&mut self, door: Door, held: Held, later: &[ExprId]) {
        let changes = |expr: &tree::Expr| match expr.kind {
            ExprKind::Door(other) => other == door && door.row().mutable,
            ExprKind::Ask {
                door: other,
                method,
                ..
            } => other == door && method.mutable,
            _ => false,
        };
        let reads = |expr: &tree::Expr| match expr.kind {
            ExprKind::Ask {
                door: other,
                method,
                ..
            } => other == door && !method.mutable,
            _ => false,
        };
        let name = door.row().parameter;
        let changed = self.first(later, &mut { changes });
        let read = self
            .first(later, &mut { reads })
            .filter(|_| held == Held::Alone);
        let (code, message) = match (changed, held) {
            (None, _) | (Some(_), Held::Shared) => (
                "E0502",
                format!("cannot borrow `{name}` as mutable and as immutable at a time"),
            ),
            _ => (
                "E0499",
                format!("cannot borrow `{name}` as mutable more than once at a time"),
            ),
        };
        if let Some(span) = changed.or(read) {
            self.report(
                Report::error(span, message)
                    .code(code)
                    .hint("give it a name with `let` first"),
            );
        }
    }
}
