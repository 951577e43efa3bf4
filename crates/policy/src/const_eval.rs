//! Computes what has to be known at compile time: constants, array lengths and `new()`.

use std::rc::Rc;

use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::tree::{
    Body, ExprId, ExprKind, Intrinsic, LocalId, LoopId, Operator, Pattern, PatternKind, Statement,
    Value,
};
use crate::types::{Integer, Type};

/// The most steps that the constants of one source may take.
const STEPS_MAX: u64 = 1_000_000;
/// The longest array of equal elements of which one can be changed.
const CHANGED_ARRAY_MAX: u64 = 1 << 16;

/// The value of a body without parameters; nothing if it has none, which was reported.
pub(crate) fn evaluate(context: &Context<'_>, body: &Body) -> Option<Value> {
    call(context, body, Vec::new()).ok()
}

/// Why an evaluation does not go on where it is.
enum Stop {
    /// It was reported.
    Failed,
    Break(LoopId, Value),
    Continue(LoopId),
    Return(Value),
}

type Outcome = Result<Value, Stop>;

fn call(context: &Context<'_>, body: &Body, arguments: Vec<Value>) -> Result<Value, Stop> {
    let mut evaluation = Evaluation {
        context,
        body,
        locals: vec![Value::Unit; body.locals.len()],
    };
    for (parameter, value) in body.parameters.iter().zip(arguments) {
        evaluation.set(*parameter, value);
    }
    let value = body.value.ok_or(Stop::Failed)?;
    match evaluation.expr(value) {
        Err(Stop::Return(value)) => Ok(value),
        Err(_) => Err(Stop::Failed),
        outcome => outcome,
    }
}

struct Evaluation<'e, 's> {
    context: &'e Context<'s>,
    body: &'e Body,
    locals: Vec<Value>,
}

impl Evaluation<'_, '_> {
    fn fail<T>(&self, span: Span, why: impl std::fmt::Display) -> Result<T, Stop> {
        let message = format!("evaluation of constant value failed: {why}");
        self.context
            .sink
            .add(Report::error(span, message).code("E0080"));
        Err(Stop::Failed)
    }

    fn set(&mut self, local: LocalId, value: Value) {
        if let Some(place) = self.locals.get_mut(local.0) {
            *place = value;
        }
    }

    fn scalar(&mut self, id: ExprId) -> Result<i128, Stop> {
        match self.expr(id)? {
            Value::Scalar(value) => Ok(value),
            _ => Err(Stop::Failed),
        }
    }

    fn ty(&self, id: ExprId) -> &Type {
        self.body.expr(id).map_or(&Type::Unknown, |expr| &expr.ty)
    }

    fn step(&self, span: Span) -> Result<(), Stop> {
        let steps = self.context.steps.get() + 1;
        self.context.steps.set(steps);
        if steps > STEPS_MAX {
            return self.fail(span, format!("it takes more than {STEPS_MAX} steps"));
        }
        Ok(())
    }

    fn expr(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        let expr = body.expr(id).ok_or(Stop::Failed)?;
        let span = expr.span;
        self.step(span)?;
        match &expr.kind {
            ExprKind::Literal(value) => Ok(Value::Scalar(*value)),
            ExprKind::Unit => Ok(Value::Unit),
            ExprKind::Constant(value) => Ok((**value).clone()),
            ExprKind::Local(local) => self.locals.get(local.0).cloned().ok_or(Stop::Failed),
            ExprKind::Rename(inner) => self.expr(*inner),
            ExprKind::Field { base, field } => match self.expr(*base)? {
                Value::Struct(values) => values.get(*field).cloned().ok_or(Stop::Failed),
                _ => Err(Stop::Failed),
            },
            ExprKind::Index { base, index } => {
                let array = self.expr(*base)?;
                let index = self.scalar(*index)?;
                match element(&array, index) {
                    Some(value) => Ok(value),
                    None => self.fail(span, format!("index {index} is out of bounds")),
                }
            }
            ExprKind::Negate(_)
            | ExprKind::Not(_)
            | ExprKind::Cast(_)
            | ExprKind::Binary { .. }
            | ExprKind::Logic { .. }
            | ExprKind::Intrinsic { .. } => self.operation(id),
            ExprKind::Struct(_)
            | ExprKind::Array(_)
            | ExprKind::Repeat { .. }
            | ExprKind::Variant { .. } => self.aggregate(id),
            ExprKind::Call { function, arguments } => {
                let values = self.all(arguments)?;
                let context = self.context;
                let result = context.deeper(span, || {
                    let body = context.body(*function)?;
                    call(context, &body, values).ok()
                });
                result.ok_or(Stop::Failed)
            }
            ExprKind::Unknown
            | ExprKind::Sys
            | ExprKind::Deref(_)
            | ExprKind::Borrow { .. }
            | ExprKind::Try(_)
            | ExprKind::SystemCall { .. }
            | ExprKind::Log { .. } => {
                self.fail(span, "this cannot be computed before the policy runs")
            }
            _ => self.control(id),
        }
    }

    fn all(&mut self, ids: &[ExprId]) -> Result<Vec<Value>, Stop> {
        ids.iter().map(|id| self.expr(*id)).collect()
    }

    fn aggregate(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        Ok(match &body.expr(id).ok_or(Stop::Failed)?.kind {
            ExprKind::Struct(fields) => {
                let mut values = vec![Value::Unit; fields.len()];
                for (number, value) in fields {
                    let value = self.expr(*value)?;
                    if let Some(place) = values.get_mut(*number) {
                        *place = value;
                    }
                }
                Value::Struct(values.into())
            }
            ExprKind::Array(values) => Value::Array(self.all(values)?.into()),
            ExprKind::Repeat { value, length } => {
                Value::Repeat(Rc::new(self.expr(*value)?), *length)
            }
            ExprKind::Variant { index, payload } => {
                let payload = match payload {
                    Some(payload) => Some(Rc::new(self.expr(*payload)?)),
                    None => None,
                };
                Value::Variant(*index, payload)
            }
            _ => return Err(Stop::Failed),
        })
    }

    fn operation(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        let expr = body.expr(id).ok_or(Stop::Failed)?;
        let integer = expr.ty.integer();
        let value = match &expr.kind {
            ExprKind::Negate(inner) => Some(-self.scalar(*inner)?),
            ExprKind::Not(inner) => Some(not(&expr.ty, self.scalar(*inner)?)),
            ExprKind::Cast(inner) => {
                let value = self.scalar(*inner)?;
                Some(integer.map_or(value, |integer| integer.wrap(value)))
            }
            ExprKind::Logic { and, left, right } => {
                let left = self.scalar(*left)? != 0;
                Some(if left == *and { self.scalar(*right)? } else { i128::from(left) })
            }
            ExprKind::Binary { operator, left, right } => self.binary(*operator, *left, *right)?,
            ExprKind::Intrinsic { intrinsic, arguments } => {
                return self.intrinsic(*intrinsic, arguments, expr.span);
            }
            _ => return Err(Stop::Failed),
        };
        match value.filter(|value| integer.is_none_or(|integer| integer.holds(*value))) {
            Some(value) => Ok(Value::Scalar(value)),
            None => self.fail(expr.span, "an overflow, or a division by zero"),
        }
    }

    fn binary(&mut self, operator: Operator, left: ExprId, right: ExprId) -> Result<Option<i128>, Stop> {
        let integer = self.ty(left).integer();
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let (Value::Scalar(left), Value::Scalar(right)) = (&left, &right) else {
            let equal = left == right;
            return Ok(Some(i128::from(equal == (operator == Operator::Equal))));
        };
        Ok(if operator.compares() {
            compare(operator, *left, *right).map(i128::from)
        } else if operator.shifts() {
            integer.and_then(|integer| shift(operator, integer, *left, *right))
        } else {
            arithmetic(operator, integer, *left, *right)
        })
    }

    fn intrinsic(&mut self, intrinsic: Intrinsic, arguments: &[ExprId], span: Span) -> Outcome {
        let (Some(first), second) = (arguments.first(), arguments.get(1)) else {
            return Err(Stop::Failed);
        };
        if matches!(intrinsic, Intrinsic::Tag | Intrinsic::NoTag) {
            let Value::Variant(tag, _) = self.expr(*first)? else {
                return Err(Stop::Failed);
            };
            let set = (tag == 1) == (intrinsic == Intrinsic::Tag);
            return Ok(Value::Scalar(i128::from(set)));
        }
        let Some(integer) = self.ty(*first).integer() else {
            return self.fail(span, "this method cannot be used in a constant");
        };
        let left = self.scalar(*first)?;
        let right = match second {
            Some(second) => self.scalar(*second)?,
            None => 0,
        };
        let option = |value: i128| match integer.holds(value) {
            true => Value::Variant(1, Some(Rc::new(Value::Scalar(value)))),
            false => Value::Variant(0, None),
        };
        let value = match intrinsic {
            Intrinsic::AbsDiff => (left - right).abs(),
            Intrinsic::WrappingAdd => integer.wrap(left + right),
            Intrinsic::WrappingSub => integer.wrap(left - right),
            Intrinsic::WrappingMul => integer.wrap(left.wrapping_mul(right)),
            Intrinsic::SaturatingAdd => (left + right).clamp(integer.min(), integer.max()),
            Intrinsic::SaturatingSub => (left - right).clamp(integer.min(), integer.max()),
            Intrinsic::CheckedAdd => return Ok(option(left + right)),
            Intrinsic::CheckedSub => return Ok(option(left - right)),
            Intrinsic::IsPowerOfTwo => i128::from(left.count_ones() == 1),
            _ => return self.fail(span, "this method cannot be used in a constant"),
        };
        Ok(Value::Scalar(value))
    }

    fn control(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        let expr = body.expr(id).ok_or(Stop::Failed)?;
        match &expr.kind {
            ExprKind::Assign { place, value } => {
                let value = self.expr(*value)?;
                self.assign(*place, value)
            }
            ExprKind::AssignBinary { operator, place, value } => {
                let integer = self.ty(*place).integer();
                let value = self.binary_in_place(*operator, *place, *value)?;
                match value.filter(|value| integer.is_none_or(|integer| integer.holds(*value))) {
                    Some(value) => self.assign(*place, Value::Scalar(value)),
                    None => self.fail(expr.span, "an overflow, or a division by zero"),
                }
            }
            ExprKind::Block { statements, tail, label } => {
                match (self.block(statements, *tail), label) {
                    (Err(Stop::Break(id, value)), Some(label)) if id == *label => Ok(value),
                    (outcome, _) => outcome,
                }
            }
            ExprKind::If { condition, then, otherwise } => match self.scalar(*condition)? {
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
            ExprKind::Loop { id, body } => loop {
                if let Some(value) = self.round(*id, *body)? {
                    return Ok(value);
                }
            },
            ExprKind::While { id, condition, body } => {
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
            _ => self.fail(expr.span, "this cannot be computed before the policy runs"),
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
                Statement::Let { pattern, value, otherwise } => {
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
        let body = self.body;
        let expr = body.expr(place).ok_or(Stop::Failed)?;
        match &expr.kind {
            ExprKind::Local(local) => {
                self.set(*local, value);
                Ok(Value::Unit)
            }
            ExprKind::Field { base, field } => {
                let Value::Struct(mut values) = self.expr(*base)? else {
                    return Err(Stop::Failed);
                };
                if let Some(place) = Rc::make_mut(&mut values).get_mut(*field) {
                    *place = value;
                }
                self.assign(*base, Value::Struct(values))
            }
            ExprKind::Index { base, index } => {
                let array = self.expr(*base)?;
                let index = self.scalar(*index)?;
                let Some(mut values) = spread(&array) else {
                    return self.fail(expr.span, "an array of so many elements cannot be changed");
                };
                let at = usize::try_from(index).unwrap_or(usize::MAX);
                match Rc::make_mut(&mut values).get_mut(at) {
                    Some(place) => *place = value,
                    None => return self.fail(expr.span, format!("index {index} is out of bounds")),
                }
                // Copying the array takes time, and is counted.
                self.context.steps.set(self.context.steps.get() + values.len() as u64 / 8);
                self.assign(*base, Value::Array(values))
            }
            _ => Err(Stop::Failed),
        }
    }
}

fn element(array: &Value, index: i128) -> Option<Value> {
    match array {
        Value::Array(values) => values.get(usize::try_from(index).ok()?).cloned(),
        Value::Repeat(value, length) => {
            (index >= 0 && index < i128::from(*length)).then(|| (**value).clone())
        }
        _ => None,
    }
}

/// The elements of an array, one by one.
fn spread(array: &Value) -> Option<Rc<[Value]>> {
    match array {
        Value::Array(values) => Some(values.clone()),
        Value::Repeat(value, length) if *length <= CHANGED_ARRAY_MAX => {
            Some((0..*length).map(|_| (**value).clone()).collect())
        }
        _ => None,
    }
}

/// `!value`.
pub(crate) fn not(ty: &Type, value: i128) -> i128 {
    match ty.integer() {
        Some(integer) => integer.wrap(!value),
        None => 1 - value,
    }
}

/// An operator of two integers, the result not yet checked against their type.
pub(crate) fn arithmetic(
    operator: Operator,
    ty: Option<Integer>,
    left: i128,
    right: i128,
) -> Option<i128> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        // `MIN % -1` overflows although its result would fit; so says rustc.
        Operator::Remainder if right == -1 && ty.is_some_and(|ty| left == ty.min()) => None,
        Operator::Remainder => left.checked_rem(right),
        Operator::And => Some(left & right),
        Operator::Or => Some(left | right),
        Operator::Xor => Some(left ^ right),
        _ => None,
    }
}

/// A comparison of two scalars.
pub(crate) fn compare(operator: Operator, left: i128, right: i128) -> Option<bool> {
    Some(match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        _ => return None,
    })
}

/// A shift; nothing if the distance is not less than the type's width.
pub(crate) fn shift(operator: Operator, ty: Integer, value: i128, distance: i128) -> Option<i128> {
    let distance = u32::try_from(distance).ok()?;
    if distance >= u32::from(ty.bits()) {
        return None;
    }
    Some(match operator {
        Operator::ShiftLeft => ty.wrap(value << distance),
        _ => value >> distance,
    })
}
