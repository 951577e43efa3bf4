//! Macros that stop the policy, and `matches!`.

use crate::syntax::{self, Expr, Invoked, Macro, Pat, StrLit};

use super::macros::cut;
use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{Arm, ExprId, ExprKind, Operator, Pattern, PatternKind};
use crate::types::Type;

/// What `panic!` and its kin say without a text, and before one.
const PANICS: &[(&str, &str, &str)] = &[
    ("panic", "explicit panic", ""),
    (
        "unreachable",
        "internal error: entered unreachable code",
        "internal error: entered unreachable code: ",
    ),
    ("todo", "not yet implemented", "not yet implemented: "),
    ("unimplemented", "not implemented", "not implemented: "),
];

/// Conditions or values, then perhaps a text.
struct Claim<'m, 's> {
    values: &'m [Expr<'s>],
    text: Option<&'m StrLit<'s>>,
    rest: bool,
}

impl Checker<'_, '_> {
    /// Any macro but `log!`; nothing if there is none of that name.
    pub(super) fn stop_or_match(
        &mut self,
        name: &str,
        invocation: &Macro<'_>,
        span: Span,
    ) -> Option<ExprId> {
        if let Some((_, alone, before)) = PANICS.iter().find(|(known, ..)| *known == name) {
            let claim = self.claim(name, invocation, span)?;
            let message = match &claim.text {
                Some(_) => format!("{before}{}", self.plain_text(name, &claim)),
                None => (*alone).to_string(),
            };
            return Some(self.add(ExprKind::Panic(message.into()), Type::Never, span));
        }
        let name = name.strip_prefix("debug_").unwrap_or(name);
        match name {
            "assert" => {
                let claim = self.claim(name, invocation, span)?;
                let message = match &claim.text {
                    Some(_) => self.plain_text(name, &claim),
                    None => match Some(invocation.text).filter(|text| !text.contains('\n')) {
                        Some(text) => format!("assertion failed: {text}"),
                        None => "assertion failed".to_string(),
                    },
                };
                let condition = self.coerced(claim.values.first()?, &Type::Bool);
                Some(self.stop_unless(condition, &message, span))
            }
            "assert_eq" | "assert_ne" => {
                let claim = self.claim(name, invocation, span)?;
                Some(self.assert_equal(name, &claim, span))
            }
            "matches" => Some(self.matches(invocation, span)),
            _ => None,
        }
    }

    /// What a macro is given, which has to be there.
    fn claim<'m, 's>(
        &mut self,
        name: &str,
        invocation: &'m Macro<'s>,
        span: Span,
    ) -> Option<Claim<'m, 's>> {
        match &invocation.body {
            Invoked::Claim {
                arguments,
                wanted,
                text,
                ..
            } => Some(Claim {
                values: arguments.get(..*wanted).unwrap_or_default(),
                text: text.as_ref(),
                rest: arguments.len() > wanted + 1,
            }),
            Invoked::Wrong(place, wrong) => {
                let message = format!("`{name}!` is not written like this: {wrong}");
                self.report(Report::error(*place, message));
                self.unknown(span);
                None
            }
            _ => None,
        }
    }

    /// The text of a macro, which shows no values.
    fn plain_text(&mut self, name: &str, claim: &Claim<'_, '_>) -> String {
        let Some(text) = claim.text else {
            return String::new();
        };
        let span = text.span;
        match cut(&syntax::text_value(text.text)) {
            Ok((pieces, holes)) if holes.is_empty() && !claim.rest => pieces.concat(),
            Ok(_) => {
                let construct = format!("a value in the text of `{name}!`");
                self.refuse(span, &construct, "show it with `log!` before");
                String::new()
            }
            Err(wrong) => {
                self.report(Report::error(span, format!("in this text, {wrong}")));
                String::new()
            }
        }
    }

    /// `if !condition { panic!(message) }`.
    fn stop_unless(&mut self, condition: ExprId, message: &str, span: Span) -> ExprId {
        let before = self.diverges;
        let not = self.add(ExprKind::Not(condition), Type::Bool, span);
        let then = self.add(ExprKind::Panic(message.into()), Type::Never, span);
        self.diverges = before;
        let kind = ExprKind::If {
            condition: not,
            then,
            otherwise: None,
        };
        self.add(kind, Type::Unit, span)
    }

    fn assert_equal(&mut self, name: &str, claim: &Claim<'_, '_>, span: Span) -> ExprId {
        let [left, right] = claim.values else {
            return self.unknown(span);
        };
        if self.in_const {
            let construct = format!("`{name}!` in a `const fn` or constant");
            self.refuse(span, &construct, "write `assert!`");
        }
        let equal = name == "assert_eq";
        let message = match (&claim.text, equal) {
            (Some(_), _) => self.plain_text(name, claim),
            (None, true) => "assertion `left == right` failed".to_string(),
            (None, false) => "assertion `left != right` failed".to_string(),
        };
        let left = self.place(left, &Expected::Anything);
        let wanted = self.operand_type(left);
        let right = self.place(right, &Expected::Type(wanted.clone()));
        self.operand_type(right);
        self.agree(right, &wanted);
        self.check_shared_borrows(&[left, right], &format!("`{name}!`"));
        self.told.push((span, wanted));
        let operator = match equal {
            true => Operator::Equal,
            false => Operator::NotEqual,
        };
        let kind = ExprKind::Binary {
            operator,
            left,
            right,
        };
        let condition = self.add(kind, Type::Bool, span);
        self.stop_unless(condition, &message, span)
    }

    fn matches(&mut self, invocation: &Macro<'_>, span: Span) -> ExprId {
        let (value, pattern, guard) = match &invocation.body {
            Invoked::Matches {
                value,
                pattern,
                guard,
                ..
            } => (value, pattern, guard),
            Invoked::Wrong(place, wrong) => {
                let message = format!("`matches!` takes a value and a pattern: {wrong}");
                let report = Report::error(*place, message);
                return self.fail(report.hint("write `matches!(x, Some(1..=3))`"), span);
            }
            _ => return self.unknown(span),
        };
        self.matched_value(value, pattern, guard.as_ref(), span)
    }

    fn matched_value(
        &mut self,
        matched: &Expr<'_>,
        pattern: &Pat<'_>,
        guard: Option<&Expr<'_>>,
        span: Span,
    ) -> ExprId {
        let value = self.scrutinee(matched);
        let ty = self.ty(value);
        let before = self.diverges;
        self.scopes.push(Vec::new());
        let locals = self.body.locals.len();
        let pattern = self.pattern(pattern, &ty);
        self.check_named(matched, value, locals);
        let guard = guard.map(|guard| self.coerced(guard, &Type::Bool));
        self.scopes.pop();
        self.check_guard_borrows(value, guard);
        self.diverges = before;
        let truth =
            |checker: &mut Self, value| checker.add(ExprKind::Literal(value), Type::Bool, span);
        let (yes, no) = (truth(self, 1), truth(self, 0));
        let rest = Pattern {
            kind: PatternKind::Wild,
            ty,
            span,
        };
        let arms = vec![
            Arm {
                pattern,
                guard,
                body: yes,
            },
            Arm {
                pattern: rest,
                guard: None,
                body: no,
            },
        ];
        self.add(ExprKind::Match { value, arms }, Type::Bool, span)
    }
}
