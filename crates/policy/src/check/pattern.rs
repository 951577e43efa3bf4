//! Patterns.

use crate::syntax::{self, Lit, Pat};

use super::literal::{Suffix, integer_value};
use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::items::Item;
use crate::tree::{ExprKind, Local, Pattern, PatternKind};
use crate::types::Type;

impl Checker<'_, '_> {
    /// Checks a pattern for values of type `ty`, declaring its names in the scope around.
    pub(super) fn pattern(&mut self, syntax: &Pat, ty: &Type) -> Pattern {
        let span = Span::around(syntax);
        let kind = match syntax {
            Pat::Paren(inner) => return self.pattern(&inner.0, ty),
            Pat::Wild(_) => PatternKind::Wild,
            Pat::Ident(ident) => self.name_pattern(ident, ty, span),
            Pat::Path(path) => self.path_pattern(path, ty, span),
            Pat::Lit(literal, _) => match self.bound(*literal, ty, span) {
                Some(value) => PatternKind::Range(value, value),
                None => PatternKind::Wild,
            },
            Pat::Range(range) => self.range_pattern(range, ty, span),
            Pat::TupleStruct(variant) => self.variant_pattern(variant, ty, span),
            Pat::Tuple(elems, _) if elems.is_empty() => {
                self.pattern_type(ty, &Type::Unit, span);
                PatternKind::Wild
            }
            Pat::Or(alternatives, _) => {
                let before = self.body.locals.len();
                let cases: Vec<Pattern> = alternatives
                    .iter()
                    .map(|case| self.pattern(case, ty))
                    .collect();
                if self.body.locals.len() > before {
                    self.refuse(span, "a name within `|`", "write an arm for each");
                }
                PatternKind::Or(cases)
            }
            other => {
                let (construct, instead) = match other {
                    Pat::Reference(_) => ("a reference in a pattern", "leave the `&` out"),
                    Pat::Struct(..) => ("a struct in a pattern", "name the value, then its fields"),
                    Pat::Tuple(..) | Pat::Slice(..) => ("a tuple or slice", "name each value"),
                    _ => (
                        "this pattern",
                        "write a name, a value, a range, `Some(x)` or `_`",
                    ),
                };
                self.refuse(span, construct, instead);
                self.name_all(other);
                PatternKind::Wild
            }
        };
        Pattern {
            kind,
            ty: ty.clone(),
            span,
        }
    }

    /// Declares the names in a pattern that was refused, so that nothing is said of their uses.
    pub(super) fn name_all(&mut self, syntax: &Pat) {
        match syntax {
            Pat::Ident(ident) => self.name_alone(ident),
            Pat::Paren(inner) | Pat::Reference(inner) => self.name_all(&inner.0),
            Pat::Or(inner, _)
            | Pat::Tuple(inner, _)
            | Pat::Slice(inner, _)
            | Pat::Struct(inner, _) => inner.iter().for_each(|it| self.name_all(it)),
            Pat::TupleStruct(variant) => variant.elems.iter().for_each(|it| self.name_all(it)),
            _ => {}
        }
    }

    fn name_alone(&mut self, ident: &syntax::PatIdent<'_>) {
        self.declare(unknown(&ident.ident));
        let inner = ident.subpat.iter();
        inner.for_each(|inner| self.name_all(inner));
    }

    /// Makes the type of what is matched and that of the pattern one.
    fn pattern_type(&mut self, ty: &Type, pattern: &Type, span: Span) -> bool {
        if self.inference.unify(ty, pattern) {
            return true;
        }
        let message = format!(
            "mismatched types: expected `{}`, found `{}`",
            self.shown(ty),
            self.shown(pattern)
        );
        self.report(Report::error(span, message).code("E0308"));
        false
    }

    fn name_pattern(&mut self, ident: &syntax::PatIdent, ty: &Type, span: Span) -> PatternKind {
        let name = ident.ident.to_string();
        if ident.by_ref || ident.subpat.is_some() {
            self.refuse(
                span,
                "`ref` or `@` in a pattern",
                "name the value with `let` first",
            );
            self.name_alone(ident);
            return PatternKind::Wild;
        }
        let item = self.context.value(None, &name);
        let constant = matches!(item, Some(Item::Constant(_))) || name == "None";
        let unit_struct = matches!(self.context.types.get(&name), Some(Type::Struct(_)));
        if constant || unit_struct {
            let path = syntax::Path::alone(ident.ident);
            return self.path_pattern(&path, ty, span);
        }
        self.check_binding(&name, span);
        PatternKind::Binding(self.declare(Local {
            name,
            ty: ty.clone(),
            mutable: ident.mutability,
            deferred: false,
            span: ident.ident.span,
        }))
    }

    /// Refuses to give a variable the name of something that rustc would take it for.
    pub(super) fn check_binding(&mut self, name: &str, span: Span) {
        if matches!(name, "self" | "Self" | "super" | "crate") {
            let message = format!("`{name}` is a keyword, and cannot be a variable");
            self.report(Report::error(span, message).hint("choose another name"));
        }
        if self.context.is_taken(name) {
            self.refuse(
                span,
                "a variable with the name of a constant or type",
                "rename it",
            );
        }
    }

    /// A path in a pattern: a constant or a variant without payload.
    fn path_pattern(&mut self, path: &syntax::Path, ty: &Type, span: Span) -> PatternKind {
        let id = self.resolve_path(path, &Expected::Type(ty.clone()), span);
        let found = self.ty(id);
        if !self.pattern_type(ty, &found, span) {
            return PatternKind::Wild;
        }
        self.check_enum_constant(path, &found, span);
        match self.body.expr(id).map(|expr| &expr.kind) {
            Some(ExprKind::Literal(value)) => PatternKind::Range(*value, *value),
            Some(ExprKind::Variant {
                index,
                payload: None,
            }) => PatternKind::Variant {
                index: *index,
                payload: None,
            },
            Some(ExprKind::Unknown) => PatternKind::Wild,
            _ => {
                self.refuse(span, "this value as a pattern", "compare with `==`");
                PatternKind::Wild
            }
        }
    }

    /// Checks that a constant of an enum can be compared, as rustc asks of it in a pattern.
    fn check_enum_constant(&mut self, path: &syntax::Path, ty: &Type, span: Span) {
        let Type::Enum(named) = ty else { return };
        let last = path.rest.last().map(|last| last.ident.text);
        let variant = last.is_some()
            && self
                .context
                .enum_item(named)
                .is_some_and(|item| item.variants.iter().any(|it| Some(it.as_str()) == last));
        if !variant && !self.context.is_comparable(ty) {
            let message = format!("a constant of type `{ty}` cannot be a pattern");
            let hint = format!("add `#[derive(PartialEq, Eq)]` to `{ty}`, or name the variant");
            self.report(Report::error(span, message).hint(hint));
        }
    }

    /// The value of a literal in a pattern.
    fn bound(&mut self, literal: Lit<'_>, ty: &Type, span: Span) -> Option<i128> {
        match literal {
            Lit::Bool(value) => {
                self.pattern_type(ty, &Type::Bool, span);
                Some(i128::from(value))
            }
            Lit::Int(text, negative) => {
                let Some((value, suffix)) = integer_value(text, negative) else {
                    self.report(Report::error(span, "integer literal is too large"));
                    return None;
                };
                let pattern = match suffix {
                    Suffix::Is(integer) => Type::Integer(integer),
                    Suffix::Unknown(suffix) => {
                        let construct = format!("the type `{suffix}`");
                        self.refuse(span, &construct, "use u8 to u64, usize, i32 or i64");
                        return None;
                    }
                    _ => self.inference.fresh_integer(),
                };
                self.bounds.push((span, pattern.clone(), value));
                self.pattern_type(ty, &pattern, span).then_some(value)
            }
            _ => {
                self.refuse(
                    span,
                    "this literal in a pattern",
                    "match integers, `bool`s or enums",
                );
                None
            }
        }
    }

    fn range_pattern(&mut self, range: &syntax::PatRange, ty: &Type, span: Span) -> PatternKind {
        let inclusive = range.closed;
        let first = match &range.start {
            Some(start) => self.range_end(start, ty),
            None => Some(i128::MIN),
        };
        let last = match &range.end {
            Some(end) => self
                .range_end(end, ty)
                .map(|last| if inclusive { last } else { last - 1 }),
            None => Some(i128::MAX),
        };
        let (Some(first), Some(last)) = (first, last) else {
            return PatternKind::Wild;
        };
        if first > last {
            let (code, message) = match inclusive {
                true => (
                    "E0030",
                    "lower range bound must be less than or equal to upper",
                ),
                false => ("E0579", "lower range bound must be less than upper"),
            };
            self.report(Report::error(span, message).code(code));
        }
        PatternKind::Range(first, last)
    }

    fn range_end(&mut self, syntax: &syntax::Expr, ty: &Type) -> Option<i128> {
        let span = Span::around(syntax);
        match syntax {
            syntax::Expr::Lit(literal) => match literal.lit {
                Lit::Int(..) => self.bound(literal.lit, ty, span),
                _ => {
                    let message = "only integers can be the ends of a range pattern";
                    self.report(Report::error(span, message).code("E0029"));
                    None
                }
            },
            syntax::Expr::Path(path) => match self.path_pattern(&path.path, ty, span) {
                PatternKind::Range(value, _) if self.inference.head(ty).is_integer() => Some(value),
                _ => None,
            },
            _ => {
                self.refuse(span, "this end of a range", "write a number or a constant");
                None
            }
        }
    }

    fn variant_pattern(
        &mut self,
        syntax: &syntax::PatTupleStruct,
        ty: &Type,
        span: Span,
    ) -> PatternKind {
        let name = syntax.path.get_ident().map(ToString::to_string);
        let Some(index) = name.as_deref().and_then(|name| match name {
            "Some" | "Err" => Some(1),
            "Ok" => Some(0),
            _ => None,
        }) else {
            self.refuse(span, "this pattern", "write `Some(x)`, `Ok(x)` or `Err(x)`");
            syntax.elems.iter().for_each(|it| self.name_all(it));
            return PatternKind::Wild;
        };
        let wanted = match name.as_deref() {
            Some("Some") => Type::option(self.inference.fresh()),
            _ => Type::result(self.inference.fresh(), self.inference.fresh()),
        };
        let agrees = self.pattern_type(ty, &wanted, span);
        let known = agrees && !self.was_told(ty);
        let payload_type = match (&wanted, index) {
            _ if !known => Type::Unknown,
            (Type::Option(payload), _) | (Type::Result(payload, _), 0) => (**payload).clone(),
            (Type::Result(_, error), _) => (**error).clone(),
            _ => Type::Unknown,
        };
        let mut inner = syntax.elems.iter();
        let (Some(payload), None) = (inner.next(), inner.next()) else {
            let message = "this pattern takes one value within `(…)`";
            self.report(Report::error(span, message).code("E0023"));
            return PatternKind::Wild;
        };
        if matches!(payload, Pat::Rest(_)) {
            return PatternKind::Variant {
                index,
                payload: None,
            };
        }
        let payload_type = self.inference.head(&payload_type);
        let payload = self.pattern(payload, &payload_type);
        PatternKind::Variant {
            index,
            payload: Some(Box::new(payload)),
        }
    }
}

/// A local of which only the name is known.
pub(super) fn unknown(name: &syntax::Ident) -> Local {
    Local {
        name: name.to_string(),
        ty: Type::Unknown,
        mutable: true,
        deferred: false,
        span: name.span,
    }
}
