//! A checked body: its expressions, its locals, and how to walk them.

use crate::tree::{Expr, ExprId, ExprKind, Local, LocalId, Statement};

/// A checked function or constant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) exprs: Vec<Expr>,
    pub(crate) locals: Vec<Local>,
    /// The parameters, the receiver first, `&mut Sys` included.
    pub(crate) parameters: Vec<LocalId>,
    /// Loops and labelled blocks.
    pub(crate) loops: usize,
    pub(crate) value: Option<ExprId>,
}

impl Body {
    /// The expression of that number.
    pub(crate) fn expr(&self, id: ExprId) -> Option<&Expr> {
        self.exprs.get(id.0)
    }

    /// The local of that number.
    pub(crate) fn local(&self, id: LocalId) -> Option<&Local> {
        self.locals.get(id.0)
    }

    /// Calls `see` with the number of every expression directly within another.
    pub(crate) fn children(&self, id: ExprId, see: &mut dyn FnMut(ExprId)) {
        let Some(expr) = self.expr(id) else { return };
        match &expr.kind {
            ExprKind::Unknown
            | ExprKind::Unit
            | ExprKind::Door(_)
            | ExprKind::Literal(_)
            | ExprKind::Constant(_)
            | ExprKind::Local(_)
            | ExprKind::Panic(_)
            | ExprKind::Continue { .. } => {}
            ExprKind::Field { base: inner, .. }
            | ExprKind::Borrow { place: inner, .. }
            | ExprKind::Deref(inner)
            | ExprKind::Length(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Not(inner)
            | ExprKind::Cast(inner)
            | ExprKind::Rename(inner)
            | ExprKind::Let { value: inner, .. }
            | ExprKind::Loop { body: inner, .. }
            | ExprKind::Try(inner)
            | ExprKind::Unwrap { value: inner, .. }
            | ExprKind::Repeat { value: inner, .. } => see(*inner),
            ExprKind::Index {
                base: left,
                index: right,
            }
            | ExprKind::Binary { left, right, .. }
            | ExprKind::Logic { left, right, .. }
            | ExprKind::Assign {
                place: left,
                value: right,
            }
            | ExprKind::AssignBinary {
                place: left,
                value: right,
                ..
            }
            | ExprKind::While {
                condition: left,
                body: right,
                ..
            } => {
                see(*left);
                see(*right);
            }
            ExprKind::Break { value, .. }
            | ExprKind::Return(value)
            | ExprKind::Variant { payload: value, .. } => {
                value.iter().for_each(|inner| see(*inner));
            }
            ExprKind::Call { arguments, .. }
            | ExprKind::Ask { arguments, .. }
            | ExprKind::Intrinsic { arguments, .. }
            | ExprKind::Array(arguments)
            | ExprKind::Log { arguments, .. } => arguments.iter().for_each(|inner| see(*inner)),
            ExprKind::Struct(fields) => fields.iter().for_each(|(_, inner)| see(*inner)),
            _ => control_children(&expr.kind, see),
        }
    }

    /// Whether `test` holds for an expression or any within it. It does not call itself.
    pub(crate) fn any(&self, id: ExprId, test: &mut dyn FnMut(&Expr) -> bool) -> bool {
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            if self.expr(next).is_some_and(&mut *test) {
                return true;
            }
            self.children(next, &mut |child| waiting.push(child));
        }
        false
    }
}

/// Calls `see` with the parts of a block, branch or `for`.
fn control_children(kind: &ExprKind, see: &mut dyn FnMut(ExprId)) {
    match kind {
        ExprKind::Block {
            statements, tail, ..
        } => {
            for statement in statements {
                match statement {
                    Statement::Expr(inner) => see(*inner),
                    Statement::Declare(_) => {}
                    Statement::Let {
                        value, otherwise, ..
                    } => {
                        see(*value);
                        otherwise.iter().for_each(|inner| see(*inner));
                    }
                }
            }
            tail.iter().for_each(|inner| see(*inner));
        }
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => {
            see(*condition);
            see(*then);
            otherwise.iter().for_each(|inner| see(*inner));
        }
        ExprKind::Match { value, arms } => {
            see(*value);
            for arm in arms {
                arm.guard.iter().for_each(|inner| see(*inner));
                see(arm.body);
            }
        }
        ExprKind::For { range, body, .. } => {
            see(range.first);
            see(range.last);
            range.step.iter().for_each(|inner| see(*inner));
            see(*body);
        }
        _ => {}
    }
}
