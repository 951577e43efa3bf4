//! Blocks, branches and conditions.

use super::function::{Around, Destination, Emitter, Label};
use super::lent::plain_name;
use super::pattern::Matched;
use super::place::{Place, Spot};
use crate::diagnostic::Span;
use crate::tree::{Arm, Expr, ExprId, ExprKind, LocalId, LoopId, PatternKind, Statement};
use crate::types::Type;

impl Emitter<'_, '_> {
    /// Makes the value of the function, and returns.
    pub(super) fn tail(&mut self, id: ExprId) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let top = self.top;
        match &expr.kind {
            ExprKind::Block {
                statements,
                tail: Some(tail),
                label: None,
            } => {
                let scope = self.open_scope();
                self.statements(statements);
                self.tail(*tail);
                self.close_scope(scope);
            }
            ExprKind::If {
                condition,
                then,
                otherwise: Some(otherwise),
            } => {
                let after = self.label();
                let scope = self.open_scope();
                self.condition(*condition, false, after);
                self.tail(*then);
                self.close_scope(scope);
                self.top = top;
                self.place_label(after);
                self.tail(*otherwise);
            }
            ExprKind::Match { value, arms } => {
                let matched = self.matched(*value);
                self.arms(arms, matched, expr.at, &mut |emitter, body| {
                    emitter.tail(body)
                });
            }
            _ if self.in_memory(self.result) => {
                let place = Place::Memory(Spot::at(0));
                self.value_into(id, Destination { place, fresh: true });
                if !self.never(id) {
                    self.give_back(0, 0, end_of(expr));
                }
            }
            _ => {
                let register = self.value(id);
                if !self.never(id) {
                    let count = self.size(self.result);
                    self.give_back(register, count, end_of(expr));
                }
            }
        }
        self.top = top;
    }

    /// Whether an expression never comes to be.
    fn never(&self, id: ExprId) -> bool {
        self.body.expr(id).is_none_or(|expr| expr.ty == Type::Never)
    }

    pub(super) fn control_into(&mut self, id: ExprId, to: Destination) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let at = expr.at;
        match &expr.kind {
            ExprKind::Block {
                statements,
                tail,
                label,
            } => self.block_into(statements, *tail, *label, to),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.if_into(*condition, *then, *otherwise, to, at),
            ExprKind::Match { value, arms } => {
                let matched = self.matched(*value);
                let end = self.label();
                self.arms(arms, matched, at, &mut |emitter, body| {
                    emitter.value_into(body, to);
                    if !emitter.never(body) {
                        emitter.jump(end, at);
                    }
                });
                self.place_label(end);
            }
            ExprKind::Loop { id, body } => self.endless(*id, *body, to, at),
            ExprKind::While {
                id,
                condition,
                body,
            } => self.while_loop(*id, *condition, *body, at),
            ExprKind::For { id, range, body } => self.for_loop(*id, range, *body, at),
            ExprKind::Break { id, value } => {
                let Some(around) = self.around.get(*id).copied() else {
                    return;
                };
                match (value, around.value) {
                    (Some(value), Some(to)) => self.value_into(*value, to),
                    (Some(value), None) => self.effect(*value),
                    _ => {}
                }
                self.jump(around.after, at);
            }
            ExprKind::Continue { id } => {
                if let Some(again) = self.around.get(*id).and_then(|around| around.again) {
                    self.jump(again, at);
                }
            }
            ExprKind::Return(value) => match value {
                Some(value) => self.tail(*value),
                None => self.give_back(0, 0, at),
            },
            _ => {}
        }
    }

    fn block_into(
        &mut self,
        statements: &[Statement],
        tail: Option<ExprId>,
        label: Option<LoopId>,
        to: Destination,
    ) {
        let after = self.label();
        if let Some(label) = label {
            let around = Around {
                after,
                again: None,
                value: Some(to),
            };
            self.around.insert(label, around);
        }
        let scope = self.open_scope();
        self.statements(statements);
        if let Some(tail) = tail {
            self.value_into(tail, to);
        }
        self.close_scope(scope);
        self.place_label(after);
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Expr(id) => self.effect(*id),
                Statement::Declare(local) => self.declare(*local),
                Statement::Let {
                    pattern,
                    value,
                    otherwise,
                } => {
                    if matches!(pattern.kind, PatternKind::Wild) {
                        self.effect(*value);
                        continue;
                    }
                    let at = self.span(*value);
                    let name = plain_name(&pattern.kind).filter(|name| self.lies_in_memory(*name));
                    if let Some(local) = name {
                        let spot = self.slot(&pattern.ty, at);
                        let place = Place::Memory(spot);
                        self.value_into(*value, Destination { place, fresh: true });
                        self.settle(local, place);
                        continue;
                    }
                    let matched = self.matched(*value);
                    if let Some(otherwise) = otherwise {
                        let (missed, found) = (self.label(), self.label());
                        self.test(pattern, matched.place, Some(missed), at);
                        self.jump(found, at);
                        self.place_label(missed);
                        self.effect(*otherwise);
                        self.place_label(found);
                    }
                    self.bind(pattern, matched, at);
                }
            }
        }
    }

    /// Gives a variable without a value its place.
    fn declare(&mut self, local: LocalId) {
        let Some(declared) = self.body.local(local) else {
            return;
        };
        let place = match self.lies_in_memory(local) {
            true => Place::Memory(self.slot(&declared.ty, declared.span)),
            false => Place::Register(self.take(self.size(&declared.ty))),
        };
        self.settle(local, place);
    }

    fn if_into(
        &mut self,
        condition: ExprId,
        then: ExprId,
        otherwise: Option<ExprId>,
        to: Destination,
        at: Span,
    ) {
        let after = self.label();
        let top = self.top;
        let scope = self.open_scope();
        self.condition(condition, false, after);
        self.value_into(then, to);
        self.close_scope(scope);
        self.top = top;
        let Some(otherwise) = otherwise else {
            return self.place_label(after);
        };
        let end = self.label();
        if !self.never(then) {
            self.jump(end, at);
        }
        self.place_label(after);
        self.value_into(otherwise, to);
        self.place_label(end);
    }

    /// Makes the arms of a `match`; `body` makes what each gives.
    fn arms(
        &mut self,
        arms: &[Arm],
        matched: Matched,
        at: Span,
        body: &mut dyn FnMut(&mut Self, ExprId),
    ) {
        let top = self.top;
        for (position, arm) in arms.iter().enumerate() {
            let next = self.label();
            let last = position + 1 == arms.len();
            // The patterns cover every value, so whatever reaches the last arm matches it.
            let otherwise = Some(next).filter(|_| !last);
            self.test(&arm.pattern, matched.place, otherwise, at);
            let scope = self.open_scope();
            self.bind(&arm.pattern, matched, at);
            if let Some(guard) = arm.guard {
                self.condition(guard, false, next);
            }
            body(self, arm.body);
            self.close_scope(scope);
            self.top = top;
            if !last || arm.guard.is_some() {
                self.place_label(next);
            }
        }
    }

    /// Jumps to `label` if a condition is `when`, and goes on otherwise.
    pub(super) fn condition(&mut self, id: ExprId, when: bool, label: Label) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let at = expr.at;
        if let Some(constant) = expr.constant {
            if (constant != 0) == when {
                self.jump(label, at);
            }
            return;
        }
        match &expr.kind {
            ExprKind::Not(inner) => self.condition(*inner, !when, label),
            ExprKind::Logic { and, left, right } if *and == when => {
                // Both sides decide: the left one alone only that it is not so.
                let not = self.label();
                self.condition(*left, !when, not);
                self.condition(*right, when, label);
                self.place_label(not);
            }
            ExprKind::Logic { left, right, .. } => {
                self.condition(*left, when, label);
                self.condition(*right, when, label);
            }
            ExprKind::Let { pattern, value } => {
                let matched = self.matched(*value);
                if when {
                    let missed = self.label();
                    self.test(pattern, matched.place, Some(missed), at);
                    self.bind(pattern, matched, at);
                    self.jump(label, at);
                    self.place_label(missed);
                } else {
                    self.test(pattern, matched.place, Some(label), at);
                    self.bind(pattern, matched, at);
                }
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } if operator.compares() && self.size_of(*left) == 1 => {
                self.jump_compared(*operator, (*left, *right), when, label, at);
            }
            _ => {
                let top = self.top;
                let register = self.value(id);
                self.jump_if(register, when, label, at);
                self.top = top;
            }
        }
    }

    /// Makes a `bool` of a condition.
    pub(super) fn truth_into(&mut self, id: ExprId, to: u32) {
        let at = self.span(id);
        let (not, end) = (self.label(), self.label());
        self.condition(id, false, not);
        self.constant(to, 1, at);
        self.jump(end, at);
        self.place_label(not);
        self.constant(to, 0, at);
        self.place_label(end);
    }
}

/// Where a function that ends with `expr` returns: at the brace of a block, else at its value.
fn end_of(expr: &Expr) -> Span {
    match expr.kind {
        ExprKind::Block { .. } => {
            let mut end = expr.span.end;
            end.column = end.column.saturating_sub(1).max(1);
            Span { start: end, end }
        }
        _ => expr.at,
    }
}
