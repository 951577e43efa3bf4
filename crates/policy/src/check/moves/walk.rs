//! Expressions, in the order in which they are computed.

use super::Walk;
use crate::tree::{ExprId, ExprKind, Pattern, PatternKind, Statement};

impl Walk<'_, '_> {
    /// Walks an expression whose value, if it is a place, is used as noted.
    pub(super) fn visit(&mut self, id: ExprId) {
        let body = self.body;
        let Some(expr) = body.expr(id) else { return };
        match &expr.kind {
            ExprKind::Local(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::Deref(_) => {
                let moves = expr.taken && !self.context.is_copy(&expr.ty);
                self.visit_within(id);
                self.use_place(id, moves);
            }
            ExprKind::Borrow { place, .. } | ExprKind::Length(place) => {
                self.visit_within(*place);
                self.use_place(*place, false);
            }
            ExprKind::Assign { place, value } => {
                self.visit(*value);
                self.visit_within(*place);
                self.give(*place);
            }
            ExprKind::AssignBinary { place, value, .. } => {
                self.visit(*value);
                self.visit_within(*place);
                self.use_place(*place, false);
            }
            ExprKind::Let { pattern, value } => {
                self.visit_matched(*value);
                self.bind(pattern, *value);
            }
            ExprKind::Panic(_) => self.stop(),
            ExprKind::Block { .. }
            | ExprKind::If { .. }
            | ExprKind::Logic { .. }
            | ExprKind::Match { .. }
            | ExprKind::Loop { .. }
            | ExprKind::While { .. }
            | ExprKind::For { .. }
            | ExprKind::Break { .. }
            | ExprKind::Continue { .. }
            | ExprKind::Return(_) => self.control(id),
            _ => body.children(id, &mut |child| self.visit(child)),
        }
    }

    /// Walks what is computed to find a place.
    fn visit_within(&mut self, place: ExprId) {
        let body = self.body;
        let Some(expr) = body.expr(place) else { return };
        match &expr.kind {
            ExprKind::Local(_) => {}
            ExprKind::Deref(base) | ExprKind::Field { base, .. } => self.visit_within(*base),
            ExprKind::Index { base, index } => {
                self.visit_within(*base);
                self.visit(*index);
            }
            _ => self.visit(place),
        }
    }

    /// Walks what is matched: its place is looked at.
    pub(super) fn visit_matched(&mut self, value: ExprId) {
        self.visit(value);
    }

    /// Nothing goes on from here.
    pub(super) fn stop(&mut self) {
        self.flow = super::flow::Flow::nowhere();
    }

    /// The names of a pattern come to be; what they take is gone.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: ExprId) {
        match &pattern.kind {
            PatternKind::Binding(local) => {
                self.flow.forget(*local);
                self.scope.push(*local);
                let moves = !self.context.is_copy(&pattern.ty);
                if moves && self.is_place(value) {
                    self.take_by_name(pattern, value);
                }
            }
            PatternKind::Variant {
                payload: Some(payload),
                ..
            } => self.bind(payload, value),
            PatternKind::Or(cases) => cases.iter().for_each(|case| self.bind(case, value)),
            _ => {}
        }
    }

    fn take_by_name(&mut self, pattern: &Pattern, value: ExprId) {
        let Some(expr) = self.body.expr(value) else {
            return;
        };
        match super::immovable(self.body, &expr.kind, &pattern.ty) {
            Some(report) => self.reports.push(report.at(pattern.span)),
            None => self.use_place(value, true),
        }
    }

    fn is_place(&self, value: ExprId) -> bool {
        super::super::place::is_place(self.body, value)
            && self.body.expr(value).is_some_and(|expr| !expr.taken)
    }

    pub(super) fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Expr(id) => self.visit(*id),
            Statement::Declare(local) => {
                self.flow.declare(*local);
                self.scope.push(*local);
            }
            Statement::Let {
                pattern,
                value,
                otherwise,
            } => {
                let ignored = matches!(pattern.kind, PatternKind::Wild) && self.is_place(*value);
                match ignored {
                    true => self.visit_within(*value),
                    false => self.visit_matched(*value),
                }
                if let Some(otherwise) = otherwise {
                    let found = self.flow.clone();
                    self.visit(*otherwise);
                    self.flow = found;
                }
                self.bind(pattern, *value);
            }
        }
    }
}
