//! Branches, loops and jumps.

use super::Walk;
use super::flow::Flow;
use crate::tree::{Arm, ExprId, ExprKind, LoopId, Pattern, PatternKind};

impl Walk<'_, '_> {
    pub(super) fn control(&mut self, id: ExprId) {
        let body = self.body;
        let Some(expr) = body.expr(id) else { return };
        match &expr.kind {
            ExprKind::Block {
                statements,
                tail,
                label,
            } => {
                let scope = self.scope.len();
                for statement in statements {
                    self.statement(statement);
                }
                if let Some(tail) = tail {
                    self.visit(*tail);
                }
                self.close(scope);
                if let Some(label) = label {
                    self.leave(*label);
                }
            }
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let scope = self.scope.len();
                self.visit(*condition);
                let before = self.flow.clone();
                self.visit(*then);
                self.close(scope);
                let after = std::mem::replace(&mut self.flow, before);
                if let Some(otherwise) = otherwise {
                    self.visit(*otherwise);
                }
                self.flow.join(&after);
            }
            ExprKind::Logic { left, right, .. } => {
                self.visit(*left);
                let before = self.flow.clone();
                self.visit(*right);
                self.flow.join(&before);
            }
            ExprKind::Match { value, arms } => self.visit_match(*value, arms),
            ExprKind::Break { id, value } => {
                if let Some(value) = value {
                    self.visit(*value);
                }
                let mut exit = self.exits.get(*id).cloned().unwrap_or_else(Flow::nowhere);
                exit.join(&self.flow);
                self.exits.insert(*id, exit);
                self.stop();
            }
            ExprKind::Continue { id } => {
                self.again(*id);
                self.stop();
            }
            ExprKind::Return(value) => {
                if let Some(value) = value {
                    self.visit(*value);
                }
                self.stop();
            }
            _ => self.visit_loop(id),
        }
    }

    fn visit_loop(&mut self, id: ExprId) {
        let body = self.body;
        let Some(expr) = body.expr(id) else { return };
        let scope = self.scope.len();
        match &expr.kind {
            ExprKind::Loop { id, body } => {
                self.enter(*id);
                self.visit(*body);
                self.close(scope);
                self.again(*id);
                self.stop();
                self.leave(*id);
            }
            ExprKind::While {
                id,
                condition,
                body,
            } => {
                self.enter(*id);
                self.visit(*condition);
                let mut over = self.flow.clone();
                self.visit(*body);
                self.close(scope);
                self.again(*id);
                std::mem::swap(&mut self.flow, &mut over);
                self.leave(*id);
            }
            ExprKind::For { id, range, body } => {
                self.visit(range.first);
                self.visit(range.last);
                if let Some(step) = range.step {
                    self.visit(step);
                }
                self.enter(*id);
                let over = self.flow.clone();
                self.visit(*body);
                self.close(scope);
                self.again(*id);
                self.flow = over;
                self.leave(*id);
            }
            _ => {}
        }
    }

    fn visit_match(&mut self, value: ExprId, arms: &[Arm]) {
        self.visit_matched(value);
        let mut after = Flow::nowhere();
        for arm in arms {
            let scope = self.scope.len();
            if let Some(guard) = arm.guard {
                let guarded = self.guarded.len();
                names(&arm.pattern, &mut self.guarded);
                for local in self.guarded.get(guarded..).unwrap_or(&[]).to_vec() {
                    self.flow.forget(local);
                }
                self.visit(guard);
                self.guarded.truncate(guarded);
            }
            let missed = self.flow.clone();
            self.bind(&arm.pattern, value);
            self.visit(arm.body);
            self.close(scope);
            after.join(&self.flow);
            self.flow = missed;
        }
        self.flow = after;
    }

    /// A loop begins: with what is gone here, or was when it began again.
    fn enter(&mut self, id: LoopId) {
        self.exits.insert(id, Flow::nowhere());
        let mut head = self.heads.get(id).cloned().unwrap_or_else(Flow::nowhere);
        head.join(&self.flow);
        self.flow = head.clone();
        self.heads.insert(id, head);
    }

    /// A loop begins again, with what is gone here.
    fn again(&mut self, id: LoopId) {
        let before = self.heads.get(id).cloned().unwrap_or_else(Flow::nowhere);
        let mut head = before.clone();
        head.join(&self.flow);
        self.more |= head != before;
        self.heads.insert(id, head);
    }

    /// A loop or block is over: what leaves it with `break` comes in.
    fn leave(&mut self, id: LoopId) {
        if let Some(exit) = self.exits.get_mut(id) {
            self.flow.join(exit);
            *exit = Flow::nowhere();
        }
    }

    /// The locals declared since then are gone for good.
    fn close(&mut self, scope: usize) {
        for local in self.scope.split_off(scope.min(self.scope.len())) {
            self.flow.forget(local);
        }
    }
}

/// The names that a pattern declares.
fn names(pattern: &Pattern, found: &mut Vec<crate::tree::LocalId>) {
    match &pattern.kind {
        PatternKind::Binding(local) => found.push(*local),
        PatternKind::Variant {
            payload: Some(payload),
            ..
        } => names(payload, found),
        _ => {}
    }
}
