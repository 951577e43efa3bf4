//! Methods of doors: system calls, and whatever else reaches out of the program.

use exo_core::cpu::Role;
use syn::Expr;

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span, nearest};
use crate::prelude::{Door, Method, Operation};
use crate::tree::{self, ExprId, ExprKind};

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
        self.check_reach(door, method, at);
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
        self.check_door(door, method.mutable, &arguments);
        let kind = ExprKind::Ask {
            door,
            method,
            arguments,
        };
        self.add_at(kind, result, span, at)
    }

    /// Reports a load or store by `sys` outside a libOS: an application has `mem` for that.
    fn check_reach(&self, door: Door, method: &Method, at: Span) {
        let reaches = matches!(
            method.operation,
            Operation::MemoryLoad(_) | Operation::MemoryStore(_)
        );
        let policy = self.context.policy.as_ref();
        let handles = policy.is_none_or(|it| it.role.role == Role::LibOs);
        if door == Door::Sys && reaches && !handles {
            let name = method.word.name;
            let message = format!("only a libOS may use `sys.{name}`");
            let hint = format!("write `mem.{name}`");
            self.report(Report::error(at, message).hint(hint));
        }
    }

    /// Checks the arguments that come after a door which is passed on.
    pub(super) fn check_door_borrow(&mut self, door: Door, later: &[ExprId]) {
        self.check_door(door, door.row().mutable, later);
    }

    /// Checks that nothing changes what is behind a door while it is lent to a call. Asking it
    /// without a change is fine: the call begins in earnest when its arguments are there (rustc's
    /// two-phase borrows).
    fn check_door(&mut self, door: Door, lent_mutably: bool, later: &[ExprId]) {
        let mut changes = |expr: &tree::Expr| match expr.kind {
            ExprKind::Door(other) => other == door && door.row().mutable,
            ExprKind::Ask {
                door: other,
                method,
                ..
            } => other == door && method.mutable,
            _ => false,
        };
        let Some(span) = self.first(later, &mut changes) else {
            return;
        };
        let name = door.row().parameter;
        let (code, message) = match lent_mutably {
            true => (
                "E0499",
                format!("cannot borrow `{name}` as mutable more than once at a time"),
            ),
            false => (
                "E0502",
                format!("cannot borrow `{name}` as mutable: it is borrowed already"),
            ),
        };
        let hint = "give the value a name with `let` first";
        self.report(Report::error(span, message).code(code).hint(hint));
    }
}
