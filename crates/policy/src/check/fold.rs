//! Values that are known at compile time, and mistakes that show in them.

use crate::table::{Set, Table};

use crate::arithmetic;
use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::tree::{Body, Expr, ExprId, ExprKind, LocalId, Operator, PatternKind, Statement};
use crate::types::{Integer, Type};

/// The literals that have a `-` before them, which may be one greater than the greatest value.
fn negated(body: &Body) -> Set<usize> {
    let inner = body.exprs.iter().filter_map(|expr| match expr.kind {
        ExprKind::Negate(inner) => Some(inner.0),
        _ => None,
    });
    let mut found = Set::default();
    for literal in inner {
        found.insert(literal);
    }
    found
}

pub(super) fn error(context: &Context<'_>, span: Span, message: String) {
    context.sink.add(Report::error(span, message));
}

/// What is known of a body's scalars at compile time.
pub(super) struct Folder<'f, 'c> {
    pub(super) context: &'f Context<'c>,
    pub(super) body: &'f Body,
    /// The literals with a `-` before them.
    negated: Set<usize>,
    /// The values found so far, by expression.
    known: Vec<Option<i128>>,
    /// The variables that are set once, each with the expression that gives its value.
    locals: Table<LocalId, ExprId>,
    /// Mistakes are said.
    aloud: bool,
}

impl<'f, 'c> Folder<'f, 'c> {
    pub(super) fn new(context: &'f Context<'c>, body: &'f Body) -> Self {
        Folder {
            context,
            body,
            negated: negated(body),
            known: Vec::new(),
            locals: Table::default(),
            aloud: true,
        }
    }

    /// The values of all expressions that are made of literals and constants.
    pub(super) fn literals(mut self) -> Vec<Option<i128>> {
        self.all();
        self.known
    }

    /// The values of all expressions, looking through variables that are set once, as rustc does
    /// where it warns of what goes wrong for sure. Says what does, unless it is never reached.
    pub(super) fn through_variables(mut self) -> Vec<Option<i128>> {
        self.locals = constant_locals(self.body);
        self.aloud = false;
        self.all();
        let dead = self.never_reached();
        self.aloud = true;
        for index in (0..self.body.exprs.len()).filter(|index| !dead.contains(*index)) {
            self.fold(ExprId(index));
        }
        for index in dead.in_order() {
            if let Some(known) = self.known.get_mut(index) {
                *known = None;
            }
        }
        self.known
    }

    fn all(&mut self) {
        for index in 0..self.body.exprs.len() {
            let value = self.fold(ExprId(index));
            self.known.push(value);
        }
    }

    fn constant(&self, id: ExprId) -> Option<i128> {
        self.known.get(id.0).copied().flatten()
    }

    /// What lies behind a condition that never holds.
    fn never_reached(&self) -> Set<usize> {
        let mut waiting = Vec::new();
        for expr in &self.body.exprs {
            match &expr.kind {
                ExprKind::If {
                    condition,
                    then,
                    otherwise,
                } => match self.constant(*condition) {
                    Some(0) => waiting.push(*then),
                    Some(_) => waiting.extend(*otherwise),
                    None => {}
                },
                ExprKind::Logic { and, left, right } => {
                    waiting.extend(
                        self.constant(*left)
                            .filter(|left| (*left == 0) == *and)
                            .map(|_| *right),
                    );
                }
                ExprKind::While {
                    condition, body, ..
                } if self.constant(*condition) == Some(0) => waiting.push(*body),
                _ => {}
            }
        }
        let mut dead = Set::default();
        while let Some(next) = waiting.pop() {
            if dead.insert(next.0) {
                self.body.children(next, &mut |child| waiting.push(child));
            }
        }
        dead
    }

    fn error(&self, span: Span, message: &str) {
        if self.aloud {
            error(self.context, span, message.to_string());
        }
    }

    /// The value of an expression if it is a scalar known at compile time.
    fn fold(&self, id: ExprId) -> Option<i128> {
        let expr = self.body.expr(id)?;
        match &expr.kind {
            ExprKind::Literal(value) => {
                let negated = self.negated.contains(id.0);
                let fits = expr.ty.integer().is_none_or(|integer| {
                    integer.holds(*value) || (negated && integer.holds(-*value))
                });
                if !fits {
                    self.error(
                        expr.span,
                        &format!("literal out of range for `{}`", expr.ty),
                    );
                }
                fits.then_some(*value)
            }
            ExprKind::Negate(inner) => {
                let value = self.constant(*inner)?;
                // That unsigned integers have no `-` is said elsewhere.
                let unsigned = |integer: Integer| !integer.signed();
                if expr.ty.integer().is_some_and(unsigned) {
                    return None;
                }
                self.checked(expr, &expr.ty, Some(-value))
            }
            ExprKind::Not(inner) => {
                let value = self.constant(*inner)?;
                Some(arithmetic::not(&expr.ty, value))
            }
            ExprKind::Rename(inner) => self.constant(*inner),
            ExprKind::Length(array) => self.length(*array),
            ExprKind::Cast(inner) => {
                let value = self.constant(*inner)?;
                Some(
                    expr.ty
                        .integer()
                        .map_or(value, |integer| integer.wrap(value)),
                )
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(expr, *operator, *left, *right),
            ExprKind::AssignBinary {
                operator,
                place,
                value,
            } => {
                self.binary(expr, *operator, *place, *value);
                None
            }
            ExprKind::Local(local) => self.constant(*self.locals.get(*local)?),
            ExprKind::Block {
                statements,
                tail: Some(tail),
                label: None,
            } if statements.is_empty() && !self.locals.is_empty() => self.constant(*tail),
            _ => None,
        }
    }

    /// The length of an array, unless finding the array does something.
    fn length(&self, array: ExprId) -> Option<i128> {
        let plain = |expr: &Expr| {
            matches!(
                expr.kind,
                ExprKind::Local(_)
                    | ExprKind::Field { .. }
                    | ExprKind::Deref(_)
                    | ExprKind::Constant(_)
            )
        };
        let does = self.body.any(array, &mut |expr| !plain(expr));
        match self.body.expr(array)?.ty.peeled() {
            Type::Array(_, length) if !does => Some(i128::from(*length)),
            _ => None,
        }
    }

    fn binary(&self, expr: &Expr, operator: Operator, left: ExprId, right: ExprId) -> Option<i128> {
        let ty = self.body.expr(left).map_or(&Type::Unknown, |expr| &expr.ty);
        let (left, right) = (self.constant(left), self.constant(right)?);
        if right == 0 && matches!(operator, Operator::Divide | Operator::Remainder) {
            let message = "this operation will panic at runtime: division by zero";
            self.error(expr.span, message);
            return None;
        }
        if operator.shifts() {
            return self.shift(expr, ty, left, right, operator);
        }
        let left = left?;
        match operator.compares() {
            true => arithmetic::compare(operator, left, right).map(i128::from),
            false => self.checked(
                expr,
                ty,
                arithmetic::arithmetic(operator, ty.integer(), left, right),
            ),
        }
    }

    fn shift(
        &self,
        expr: &Expr,
        ty: &Type,
        left: Option<i128>,
        distance: i128,
        operator: Operator,
    ) -> Option<i128> {
        let integer = ty.integer()?;
        match arithmetic::shift(operator, integer, left.unwrap_or(0), distance) {
            Some(value) => left.map(|_| value),
            None => {
                let message = "this arithmetic operation will overflow: \
                               a shift by the type's width or more";
                self.error(expr.span, message);
                None
            }
        }
    }

    fn checked(&self, expr: &Expr, ty: &Type, value: Option<i128>) -> Option<i128> {
        let fits = |value: &i128| ty.integer().is_none_or(|integer| integer.holds(*value));
        let value = value.filter(fits);
        if value.is_none() && *ty != Type::Unknown {
            self.error(expr.span, "this arithmetic operation will overflow");
        }
        value
    }
}

/// The variables that are set once, each with the expression that gives its value.
fn constant_locals(body: &Body) -> Table<LocalId, ExprId> {
    let mut found = Table::default();
    for expr in &body.exprs {
        let ExprKind::Block { statements, .. } = &expr.kind else {
            continue;
        };
        for statement in statements {
            if let Statement::Let { pattern, value, .. } = statement
                && let PatternKind::Binding(local) = pattern.kind
                && body.local(local).is_some_and(|local| !local.mutable)
            {
                found.insert(local, *value);
            }
        }
    }
    found
}
