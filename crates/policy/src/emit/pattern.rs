//! Patterns: tests and names.

use super::function::{Emitter, Label};
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, LocalId, Operator, Pattern, PatternKind};
use crate::types::Type;

/// A value that is matched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched {
    pub(super) register: u32,
    /// Nothing changes these registers, so that names can stand for them.
    pub(super) lasting: bool,
    /// The registers are the match's own: even a `mut` name can stand for them.
    pub(super) own: bool,
}

impl Emitter<'_, '_> {
    /// Makes the value of a `match` or `let`.
    pub(super) fn matched(&mut self, id: ExprId) -> Matched {
        let before = self.top;
        let register = self.value(id);
        let own = register >= before;
        let mutable = self
            .local_of(self.unwrapped(id))
            .and_then(|local| self.body.local(local))
            .is_some_and(|local| local.mutable);
        Matched {
            register,
            lasting: own || !mutable,
            own,
        }
    }

    /// An expression without the casts and renamings that leave its register as it is.
    fn unwrapped(&self, id: ExprId) -> ExprId {
        let mut at = id;
        while let Some(ExprKind::Rename(inner) | ExprKind::Cast(inner) | ExprKind::Try(inner)) =
            self.body.expr(at).map(|expr| &expr.kind)
        {
            at = *inner;
        }
        at
    }

    /// Jumps to `otherwise` unless a value matches; without a label it is known to.
    pub(super) fn test(
        &mut self,
        pattern: &Pattern,
        register: u32,
        otherwise: Option<Label>,
        at: Span,
    ) {
        let Some(otherwise) = otherwise else { return };
        match &pattern.kind {
            PatternKind::Wild | PatternKind::Binding(_) => {}
            PatternKind::Range(first, last) => {
                self.test_range(&pattern.ty, *first, *last, register, otherwise, at);
            }
            PatternKind::Variant { index, payload } => {
                self.jump_if(register, *index == 0, otherwise, at);
                if let Some(payload) = payload {
                    self.test(payload, register.saturating_add(1), Some(otherwise), at);
                }
            }
            PatternKind::Or(cases) => {
                let found = self.label();
                for (position, case) in cases.iter().enumerate() {
                    if position + 1 == cases.len() {
                        self.test(case, register, Some(otherwise), at);
                    } else {
                        let next = self.label();
                        self.test(case, register, Some(next), at);
                        self.jump(found, at);
                        self.place_label(next);
                    }
                }
                self.place_label(found);
            }
        }
    }

    fn test_range(
        &mut self,
        ty: &Type,
        first: i128,
        last: i128,
        register: u32,
        otherwise: Label,
        at: Span,
    ) {
        let top = self.top;
        let (least, greatest) = match ty {
            Type::Integer(integer) => (integer.min(), integer.max()),
            Type::Bool => (0, 1),
            _ => (0, i128::MAX),
        };
        if first == last {
            // A comparison with zero is the jump itself.
            if first == 0 {
                self.jump_if(register, true, otherwise, at);
            } else if *ty == Type::Bool {
                self.jump_if(register, false, otherwise, at);
            } else {
                self.test_bound(Operator::Equal, ty, register, first, otherwise, at);
            }
        } else {
            if first > least {
                self.test_bound(Operator::GreaterEqual, ty, register, first, otherwise, at);
            }
            if last < greatest {
                self.test_bound(Operator::LessEqual, ty, register, last, otherwise, at);
            }
        }
        self.top = top;
    }

    fn test_bound(
        &mut self,
        operator: Operator,
        ty: &Type,
        register: u32,
        bound: i128,
        otherwise: Label,
        at: Span,
    ) {
        let scratch = self.take(1);
        self.constant(scratch, bound, at);
        self.compare(operator, ty, scratch, register, scratch, at);
        self.jump_if(scratch, false, otherwise, at);
    }

    /// Gives the names in a pattern their registers.
    pub(super) fn bind(&mut self, pattern: &Pattern, matched: Matched, at: Span) {
        match &pattern.kind {
            PatternKind::Binding(local) => self.bind_name(*local, matched, at),
            PatternKind::Variant {
                payload: Some(payload),
                ..
            } => {
                let register = matched.register.saturating_add(1);
                self.bind(
                    payload,
                    Matched {
                        register,
                        ..matched
                    },
                    at,
                );
            }
            _ => {}
        }
    }

    fn bind_name(&mut self, local: LocalId, matched: Matched, at: Span) {
        let Some(declared) = self.body.local(local) else {
            return;
        };
        let shares = matched.own || (matched.lasting && !declared.mutable);
        if shares {
            self.settle(local, matched.register);
            return;
        }
        let size = self.size(&declared.ty, declared.span);
        let register = self.take(size);
        self.copy(matched.register, register, size, at);
        self.settle(local, register);
    }
}
