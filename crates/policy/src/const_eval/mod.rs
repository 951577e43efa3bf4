//! Computes what has to be known at compile time: constants, array lengths and `new()`.

mod control;

use std::rc::Rc;

use crate::arithmetic::{Computed, arithmetic, compare, not, shift};
use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::tree::{Body, ExprId, ExprKind, Intrinsic, LocalId, LoopId, Operator, Value};
use crate::types::Type;

/// The most steps that the constants of one source may take.
const STEPS_MAX: u64 = 4_000_000;

/// The value of a body without parameters; nothing if it has none, which was reported.
pub(crate) fn evaluate(context: &Context<'_>, body: &Body) -> Option<Value> {
    call(context, body, Vec::new()).ok()
}

/// Why an evaluation does not go on where it is.
pub(super) enum Stop {
    /// It was reported.
    Failed,
    Break(LoopId, Value),
    Continue(LoopId),
    Return(Value),
}

pub(super) type Outcome = Result<Value, Stop>;

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

pub(super) struct Evaluation<'e, 's> {
    pub(super) context: &'e Context<'s>,
    pub(super) body: &'e Body,
    pub(super) locals: Vec<Value>,
}

impl Evaluation<'_, '_> {
    pub(super) fn fail<T>(&self, span: Span, why: impl std::fmt::Display) -> Result<T, Stop> {
        let message = format!("evaluation of constant value failed: {why}");
        self.context
            .sink
            .add(Report::error(span, message).code("E0080"));
        Err(Stop::Failed)
    }

    pub(super) fn set(&mut self, local: LocalId, value: Value) {
        if let Some(place) = self.locals.get_mut(local.0) {
            *place = value;
        }
    }

    pub(super) fn scalar(&mut self, id: ExprId) -> Result<i128, Stop> {
        match self.expr(id)? {
            Value::Scalar(value) => Ok(value),
            _ => Err(Stop::Failed),
        }
    }

    pub(super) fn ty(&self, id: ExprId) -> &Type {
        self.body.expr(id).map_or(&Type::Unknown, |expr| &expr.ty)
    }

    /// Counts so many steps; once they are too many, nothing is computed any more.
    pub(super) fn step(&self, span: Span, many: u64) -> Result<(), Stop> {
        let steps = self.context.steps.get().saturating_add(many);
        self.context.steps.set(steps);
        if steps <= STEPS_MAX {
            return Ok(());
        }
        match self.context.steps_reported.replace(true) {
            true => Err(Stop::Failed),
            false => self.fail(span, format!("it takes more than {STEPS_MAX} steps")),
        }
    }

    pub(super) fn expr(&mut self, id: ExprId) -> Outcome {
        let body = self.body;
        let expr = body.expr(id).ok_or(Stop::Failed)?;
        let span = expr.span;
        self.step(span, 1)?;
        match &expr.kind {
            ExprKind::Literal(value) => Ok(Value::Scalar(*value)),
            ExprKind::Unit => Ok(Value::Unit),
            ExprKind::Constant(value) => Ok((**value).clone()),
            ExprKind::Local(local) => self.locals.get(local.0).cloned().ok_or(Stop::Failed),
            ExprKind::Rename(inner) => self.expr(*inner),
            ExprKind::Panic(message) => self.fail(span, message),
            ExprKind::Unwrap { value, message } => match self.expr(*value)? {
                Value::Variant(1, Some(payload)) => Ok((*payload).clone()),
                _ => self.fail(span, message),
            },
            ExprKind::Length(array) => {
                self.expr(*array)?;
                match self.ty(*array).peeled() {
                    Type::Array(_, length) => Ok(Value::Scalar(i128::from(*length))),
                    _ => Err(Stop::Failed),
                }
            }
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
            ExprKind::Call {
                function,
                arguments,
            } => {
                let values = self.all(arguments)?;
                let context = self.context;
                let result = context.deeper(span, || {
                    let body = context.body(*function)?;
                    call(context, &body, values).ok()
                });
                result.ok_or(Stop::Failed)
            }
            ExprKind::Unknown
            | ExprKind::Door(_)
            | ExprKind::Deref(_)
            | ExprKind::Borrow { .. }
            | ExprKind::Try(_)
            | ExprKind::Ask { .. }
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
                Some(if left == *and {
                    self.scalar(*right)?
                } else {
                    i128::from(left)
                })
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, *left, *right)?,
            ExprKind::Intrinsic {
                intrinsic,
                arguments,
            } => {
                return self.intrinsic(*intrinsic, arguments, expr.span);
            }
            _ => return Err(Stop::Failed),
        };
        match value.filter(|value| integer.is_none_or(|integer| integer.holds(*value))) {
            Some(value) => Ok(Value::Scalar(value)),
            None => self.fail(expr.span, "an overflow, or a division by zero"),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: ExprId,
        right: ExprId,
    ) -> Result<Option<i128>, Stop> {
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
            return Err(Stop::Failed);
        };
        let left = self.scalar(*first)?;
        let right = match second {
            Some(second) => self.scalar(*second)?,
            None => 0,
        };
        match crate::arithmetic::method(intrinsic, integer, left, right) {
            Some(Computed::Plain(value)) => Ok(Value::Scalar(value)),
            Some(Computed::Maybe(value)) => Ok(match value {
                Some(value) => Value::Variant(1, Some(Rc::new(Value::Scalar(value)))),
                None => Value::Variant(0, None),
            }),
            Some(Computed::Overflow) => self.fail(span, "an overflow, or a division by zero"),
            None => Err(Stop::Failed),
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
