//! Statements, branches and loops at compile time.

use std::rc::Rc;

use super::{Evaluation, Outcome, Stop};
use crate::arithmetic::{arithmetic, shift};
use crate::diagnostic::Span;
use crate::tree::{
    ExprId, ExprKind, LocalId, LoopId, Operator, Pattern, PatternKind, Statement, Value,
};

/// The longest array of equal elements of which one can be changed.
const CHANGED_ARRAY_MAX: u64 = 1 << 16;

impl Evaluation<'_, '_> {
    pub(super) fn control(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        let expr = body.expr(id).ok_or(Stop::Failed)?;
        match &expr.kind {
            ExprKind::Assign { place, value } => {
                let value = self.expr(*value)?;
                self.assign(*place, value)
            }
            ExprKind::AssignBinary {
                operator,
                place,
                value,
            } => {
                let integer = self.ty(*place).integer();
                let value = self.binary_in_place(*operator, *place, *value)?;
                match value.filter(|value| integer.is_none_or(|integer| integer.holds(*value))) {
                    Some(value) => self.assign(*place, Value::Scalar(value)),
                    None => self.fail(expr.span, "an overflow, or a division by zero"),
                }
            }
            ExprKind::Block {
                statements,
                tail,
                label,
            } => match (self.block(statements, *tail), label) {
                (Err(Stop::Break(id, value)), Some(label)) if id == *label => Ok(value),
                (outcome, _) => outcome,
            },
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => match self.scalar(*condition)? {
                0 => otherwise.map_or(Ok(Value::Unit), |otherwise| self.expr(otherwise)),
                _ => self.expr(*then),
            },
            ExprKind::Let { pattern, value } => {
                let value = self.expr(*value)?;
                Ok(Value::Scalar(i128::from(self.matches(pattern, &value))))
            }
            ExprKind::Match { value, arms } => {
                let value = self.expr(*value)?;
                for arm in arms {
                    if self.matches(&arm.pattern, &value) {
                        let guard = arm.guard.map_or(Ok(1), |guard| self.scalar(guard))?;
                        if guard != 0 {
                            return self.expr(arm.body);
                        }
                    }
                }
                Err(Stop::Failed)
            }
            _ => self.loops_and_jumps(id),
        }
    }

    fn loops_and_jumps(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        let expr = body.expr(id).ok_or(Stop::Failed)?;
        match &expr.kind {
            ExprKind::Loop { id, body } => loop {
                if let Some(value) = self.round(*id, *body)? {
                    return Ok(value);
                }
            },
            ExprKind::While {
                id,
                condition,
                body,
            } => {
                while self.scalar(*condition)? != 0 {
                    if let Some(value) = self.round(*id, *body)? {
                        return Ok(value);
                    }
                }
                Ok(Value::Unit)
            }
            ExprKind::Break { id, value } => {
                let value = value.map_or(Ok(Value::Unit), |value| self.expr(value))?;
                Err(Stop::Break(*id, value))
            }
            ExprKind::Continue { id } => Err(Stop::Continue(*id)),
            ExprKind::Return(value) => {
                let value = value.map_or(Ok(Value::Unit), |value| self.expr(value))?;
                Err(Stop::Return(value))
            }
            _ => Err(Stop::Failed),
        }
    }

    /// Runs the body of a loop once; gives its value if that broke out.
    fn round(&mut self, id: LoopId, body: ExprId) -> Result<Option<Value>, Stop> {
        match self.expr(body) {
            Ok(_) => Ok(None),
            Err(Stop::Continue(of)) if of == id => Ok(None),
            Err(Stop::Break(of, value)) if of == id => Ok(Some(value)),
            Err(stop) => Err(stop),
        }
    }

    fn block(&mut self, statements: &[Statement], tail: Option<ExprId>) -> Outcome {
        for statement in statements {
            match statement {
                Statement::Expr(id) => {
                    self.expr(*id)?;
                }
                Statement::Declare(_) => {}
                Statement::Let {
                    pattern,
                    value,
                    otherwise,
                } => {
                    let value = self.expr(*value)?;
                    if !self.matches(pattern, &value) {
                        self.expr(otherwise.ok_or(Stop::Failed)?)?;
                    }
                }
            }
        }
        tail.map_or(Ok(Value::Unit), |tail| self.expr(tail))
    }

    fn matches(&mut self, pattern: &Pattern, value: &Value) -> bool {
        match (&pattern.kind, value) {
            (PatternKind::Wild, _) => true,
            (PatternKind::Binding(local), value) => {
                self.set(*local, value.clone());
                true
            }
            (PatternKind::Range(first, last), Value::Scalar(value)) => {
                (first..=last).contains(&value)
            }
            (PatternKind::Variant { index, payload }, Value::Variant(tag, inner)) => {
                index == tag
                    && match (payload, inner) {
                        (Some(pattern), Some(value)) => self.matches(pattern, value),
                        _ => true,
                    }
            }
            (PatternKind::Or(cases), value) => cases.iter().any(|case| self.matches(case, value)),
            _ => false,
        }
    }

    fn binary_in_place(
        &mut self,
        operator: Operator,
        place: ExprId,
        value: ExprId,
    ) -> Result<Option<i128>, Stop> {
        let integer = self.ty(place).integer();
        let right = self.scalar(value)?;
        let left = self.scalar(place)?;
        Ok(match operator.shifts() {
            true => integer.and_then(|integer| shift(operator, integer, left, right)),
            false => arithmetic(operator, integer, left, right),
        })
    }

    fn assign(&mut self, place: ExprId, value: Value) -> Outcome {
        let mut steps = Vec::new();
        let root = self.steps_to(place, &mut steps)?;
        let whole = self.locals.get_mut(root.0).ok_or(Stop::Failed)?;
        // Taken out, so that nothing else shares it and it is changed where it lies.
        let mut whole = std::mem::replace(whole, Value::Unit);
        let outcome = self.change(&mut whole, &steps, value);
        self.set(root, whole);
        outcome
    }

    /// The local at the root of a place, and the steps from there, its indices computed.
    fn steps_to(&mut self, place: ExprId, steps: &mut Vec<Step>) -> Result<LocalId, Stop> {
        let body = self.body;
        let expr = body.expr(place).ok_or(Stop::Failed)?;
        match &expr.kind {
            ExprKind::Local(local) => Ok(*local),
            ExprKind::Field { base, field } => {
                let root = self.steps_to(*base, steps)?;
                steps.push(Step::Field(*field));
                Ok(root)
            }
            ExprKind::Index { base, index } => {
                let root = self.steps_to(*base, steps)?;
                let index = self.scalar(*index)?;
                steps.push(Step::Element(index, expr.span));
                Ok(root)
            }
            _ => Err(Stop::Failed),
        }
    }

    /// Changes a part of a value. Copying an array that is shared takes memory, and is counted.
    fn change(&self, whole: &mut Value, steps: &[Step], value: Value) -> Outcome {
        let mut part = whole;
        for step in steps {
            let (at, span) = match step {
                Step::Field(field) => (*field, Span::top()),
                Step::Element(index, span) => {
                    (usize::try_from(*index).unwrap_or(usize::MAX), *span)
                }
            };
            if let Value::Repeat(element, length) = part {
                if *length > CHANGED_ARRAY_MAX {
                    return self.fail(span, "an array of so many elements cannot be changed");
                }
                self.step(span, *length)?;
                *part = Value::Array((0..*length).map(|_| (**element).clone()).collect());
            }
            let (Value::Struct(values) | Value::Array(values)) = part else {
                return Err(Stop::Failed);
            };
            if Rc::strong_count(values) > 1 {
                self.step(span, values.len() as u64)?;
            }
            match (Rc::make_mut(values).get_mut(at), step) {
                (Some(inner), _) => part = inner,
                (None, Step::Element(index, _)) => {
                    return self.fail(span, format!("index {index} is out of bounds"));
                }
                (None, Step::Field(_)) => return Err(Stop::Failed),
            }
        }
        *part = value;
        Ok(Value::Unit)
    }
}

/// A step from a value into a part of it.
enum Step {
    Field(usize),
    Element(i128, Span),
}
