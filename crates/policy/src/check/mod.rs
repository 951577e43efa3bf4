//! Checks a function's body and makes the typed tree of it.
//!
//! Every error of a body is found, in one pass down the syntax and one over the finished tree; an
//! expression that has an error gets the type that agrees with everything, so that it is said once.

mod borrow;
mod call;
mod control;
mod convert;
mod counted;
mod door;
mod exhaustive;
mod expr;
mod finish;
mod fold;
mod integer;
mod jump;
mod literal;
mod macros;
mod method;
mod moves;
mod operator;
mod path;
mod pattern;
mod place;
mod reference;
mod rest;
mod statement;
mod stops;
mod unknown_method;
mod variant;

use crate::diagnostic::{Report, Span};
use crate::infer::Inference;
use crate::items::{Context, FunctionItem, Signature};
use crate::syntax;
use crate::tree::{Body, Expr, ExprId, ExprKind, Local, LocalId, LoopId};
use crate::types::Type;

pub(crate) use integer::METHODS;
#[cfg(test)]
pub(crate) use unknown_method::methods;

/// Checks the body of a function.
pub(crate) fn function(
    context: &Context<'_>,
    item: &FunctionItem<'_>,
    signature: &Signature,
) -> Option<Body> {
    let mut checker = Checker::new(context, item.owner.as_ref(), signature.result.clone());
    checker.in_const = signature.is_const;
    checker.in_function = true;
    checker.scopes.push(Vec::new());
    for parameter in &signature.parameters {
        let local = checker.declare(Local {
            name: parameter.name.clone(),
            ty: parameter.ty.clone(),
            mutable: parameter.mutable,
            deferred: false,
            span: parameter.span,
        });
        checker.body.parameters.push(local);
    }
    let value = checker.function_block(item.block, signature.result_span);
    checker.body.value = Some(value);
    checker.finish()
}

/// Checks an expression that has to be constant.
pub(crate) fn constant(
    context: &Context<'_>,
    expr: &syntax::Expr,
    ty: &Type,
    owner: Option<&Type>,
) -> Option<Body> {
    let mut checker = Checker::new(context, owner, Type::Unknown);
    checker.in_const = true;
    let value = checker.coerced(expr, ty);
    checker.body.value = Some(value);
    checker.finish()
}

/// What the surroundings say of an expression's type.
#[derive(Clone, Debug)]
enum Expected {
    Anything,
    /// It has to be of this type.
    Type(Type),
    /// It is cast to this type: a hint for literals.
    Cast(Type),
}

/// A loop or labelled block around what is being checked.
#[derive(Debug)]
struct Around {
    id: LoopId,
    label: Option<String>,
    kind: AroundKind,
    /// What `break` gives.
    ty: Type,
    broken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AroundKind {
    Loop,
    Counted,
    Block,
}

/// The check of one body.
struct Checker<'c, 's> {
    context: &'c Context<'s>,
    /// What `Self` means.
    owner: Option<&'c Type>,
    body: Body,
    inference: Inference,
    scopes: Vec<Vec<(String, LocalId)>>,
    around: Vec<Around>,
    result: Type,
    /// The numbers in patterns, each with the type that it has to fit.
    bounds: Vec<(Span, Type, i128)>,
    /// The types whose values a stop would tell: they have to be `Debug`.
    told: Vec<(Span, Type)>,
    /// The values of `log!` whose types were not yet known there, and whether `{:?}` shows them.
    logged: Vec<(ExprId, bool)>,
    in_const: bool,
    in_function: bool,
    /// What is being checked is never reached.
    diverges: bool,
    /// That it is not was said.
    said_unreachable: bool,
}

impl<'c, 's> Checker<'c, 's> {
    fn new(context: &'c Context<'s>, owner: Option<&'c Type>, result: Type) -> Self {
        Checker {
            context,
            owner,
            body: Body::default(),
            inference: Inference::default(),
            scopes: vec![Vec::new()],
            around: Vec::new(),
            result,
            bounds: Vec::new(),
            told: Vec::new(),
            logged: Vec::new(),
            in_const: false,
            in_function: false,
            diverges: false,
            said_unreachable: false,
        }
    }

    fn report(&self, report: Report) {
        self.context.sink.add(report);
    }

    /// Reports a construct that is not part of the subset.
    fn refuse(&mut self, span: Span, construct: &str, instead: &str) -> ExprId {
        let message = format!("{construct} is outside the subset of Rust for policies");
        self.report(Report::error(span, message).hint(instead));
        self.unknown(span)
    }

    /// Reports an error that leaves an expression without a type.
    fn fail(&mut self, report: Report, span: Span) -> ExprId {
        self.report(report);
        self.unknown(span)
    }

    fn unknown(&mut self, span: Span) -> ExprId {
        self.add(ExprKind::Unknown, Type::Unknown, span)
    }

    /// Adds an expression to the tree.
    fn add(&mut self, kind: ExprKind, ty: Type, span: Span) -> ExprId {
        self.add_at(kind, ty, span, span)
    }

    /// Adds an expression whose instructions come from another place than its start.
    fn add_at(&mut self, kind: ExprKind, ty: Type, span: Span, at: Span) -> ExprId {
        if ty == Type::Never {
            self.diverges = true;
        }
        self.body.exprs.push(Expr {
            kind,
            ty,
            span,
            at,
            taken: false,
            constant: None,
        });
        ExprId(self.body.exprs.len() - 1)
    }

    /// The type of an expression, as far as it is known.
    fn ty(&self, id: ExprId) -> Type {
        self.body
            .expr(id)
            .map_or(Type::Unknown, |expr| self.inference.head(&expr.ty))
    }

    /// The type of an operand, which has to come to be: rustc does not compute with `return`.
    fn operand_type(&mut self, id: ExprId) -> Type {
        let ty = self.ty(id);
        if ty != Type::Never {
            return ty;
        }
        let message = "this leaves, and never gives the value that is used here";
        let hint = "make it a statement of its own";
        self.report(
            Report::error(self.span(id), message)
                .code("E0277")
                .hint(hint),
        );
        Type::Unknown
    }

    /// Whether a type is unknown because of an error: what depends on it is no error of its own.
    fn was_told(&self, ty: &Type) -> bool {
        self.inference.head(ty) == Type::Unknown && self.context.sink.errors() > 0
    }

    fn span(&self, id: ExprId) -> Span {
        self.body.expr(id).map_or_else(Span::top, |expr| expr.span)
    }

    /// A type for a message.
    fn shown(&self, ty: &Type) -> String {
        self.inference
            .whole(ty)
            .unwrap_or(Type::Unknown)
            .to_string()
    }

    /// Checks an expression that has to be of type `ty`.
    fn coerced(&mut self, syntax: &syntax::Expr, ty: &Type) -> ExprId {
        let id = self.value(syntax, &Expected::Type(ty.clone()));
        self.agree(id, ty);
        id
    }

    /// Whether an expression is of type `ty`, or never comes to be; reports it if not.
    fn agree(&mut self, id: ExprId, ty: &Type) -> bool {
        let found = self.ty(id);
        if found == Type::Never || self.inference.unify(&found, ty) {
            return true;
        }
        let report = self.mismatch(id, ty, &found);
        self.report(report);
        false
    }

    fn mismatch(&self, id: ExprId, expected: &Type, found: &Type) -> Report {
        let (expected, found) = (self.inference.head(expected), self.inference.head(found));
        let message = format!(
            "mismatched types: expected `{}`, found `{}`",
            self.shown(&expected),
            self.shown(&found)
        );
        let hint = match (&expected, &found) {
            (Type::Integer(to), Type::Integer(_)) => Some(format!("write `… as {}`", to.name())),
            (Type::Newtype(to), Type::Integer(_) | Type::IntegerVariable(_)) => {
                Some(format!("write `{}::new(…)`", to.name()))
            }
            (Type::Integer(_), Type::Newtype(_)) => Some("write `….number()`".to_string()),
            (Type::Option(payload), other) if **payload == *other => {
                Some("write `Some(…)`".to_string())
            }
            (Type::Result(value, _), other) if **value == *other => {
                Some("write `Ok(…)`".to_string())
            }
            (other, Type::Result(value, _)) if **value == *other => {
                Some("write `?` after it to pass an error on".to_string())
            }
            (other, Type::Option(payload)) if **payload == *other => {
                Some("write `match` or `if let Some(…)`".to_string())
            }
            _ => None,
        };
        Report::error(self.span(id), message)
            .code("E0308")
            .maybe_hint(hint)
    }

    fn declare(&mut self, local: Local) -> LocalId {
        let id = LocalId(self.body.locals.len());
        if let Some(scope) = self.scopes.last_mut().filter(|_| local.name != "_") {
            scope.push((local.name.clone(), id));
        }
        self.body.locals.push(local);
        id
    }

    fn lookup(&self, name: &str) -> Option<LocalId> {
        let scopes = self.scopes.iter().rev();
        let mut names = scopes.flat_map(|scope| scope.iter().rev());
        names
            .find(|(known, _)| known == name)
            .map(|(_, local)| *local)
    }

    /// Runs `work` in a scope of its own.
    fn scoped<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Vec::new());
        let result = work(self);
        self.scopes.pop();
        result
    }
}
