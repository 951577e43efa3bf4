//! Macros that stop the policy, and `matches!`.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Macro, Pat, Token};

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
struct Claim {
    values: Vec<Expr>,
    text: Option<LitStr>,
    rest: bool,
}

impl Claim {
    fn parse(input: ParseStream<'_>, wanted: usize) -> syn::Result<Claim> {
        let mut claim = Claim {
            values: Vec::new(),
            text: None,
            rest: false,
        };
        while claim.values.len() < wanted {
            claim.values.push(input.parse()?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if !input.is_empty() {
            claim.text = Some(input.parse()?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            let rest = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
            claim.rest = !rest.is_empty();
        }
        Ok(claim)
    }
}

/// What stands between the parentheses of `matches!`.
struct Match {
    value: Expr,
    pattern: Pat,
    guard: Option<Expr>,
}

impl Parse for Match {
    fn parse(input: ParseStream<'_>) -> syn::Result<Match> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Match {
            value,
            pattern,
            guard,
        })
    }
}

impl Checker<'_, '_> {
    /// Any macro but `log!`; nothing if there is none of that name.
    pub(super) fn stop_or_match(
        &mut self,
        name: &str,
        invocation: &Macro,
        span: Span,
    ) -> Option<ExprId> {
        if let Some((_, alone, before)) = PANICS.iter().find(|(known, ..)| *known == name) {
            let claim = self.claim(name, invocation, 0, span)?;
            let message = match &claim.text {
                Some(_) => format!("{before}{}", self.plain_text(name, &claim)),
                None => (*alone).to_string(),
            };
            return Some(self.add(ExprKind::Panic(message.into()), Type::Never, span));
        }
        let name = name.strip_prefix("debug_").unwrap_or(name);
        match name {
            "assert" => {
                let claim = self.claim(name, invocation, 1, span)?;
                let message = match &claim.text {
                    Some(_) => self.plain_text(name, &claim),
                    None => match Span::text_of(&invocation.tokens) {
                        Some(text) => format!("assertion failed: {text}"),
                        None => "assertion failed".to_string(),
                    },
                };
                let condition = self.coerced(claim.values.first()?, &Type::Bool);
                Some(self.stop_unless(condition, &message, span))
            }
            "assert_eq" | "assert_ne" => {
                let claim = self.claim(name, invocation, 2, span)?;
                Some(self.assert_equal(name, &claim, span))
            }
            "matches" => Some(self.matches(invocation, span)),
            _ => None,
        }
    }

    /// What a macro is given, which has to be there.
    fn claim(
        &mut self,
        name: &str,
        invocation: &Macro,
        values: usize,
        span: Span,
    ) -> Option<Claim> {
        let parser = |input: ParseStream<'_>| Claim::parse(input, values);
        match invocation.parse_body_with(parser) {
            Ok(claim) => Some(claim),
            Err(error) => {
                let message = format!("`{name}!` is not written like this: {error}");
                self.report(Report::error(Span::of(error.span()), message));
                self.unknown(span);
                None
            }
        }
    }

    /// The text of a macro, which shows no values.
    fn plain_text(&mut self, name: &str, claim: &Claim) -> String {
        let Some(text) = &claim.text else {
            return String::new();
        };
        let span = Span::of(text.span());
        match cut(&text.value()) {
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

    fn assert_equal(&mut self, name: &str, claim: &Claim, span: Span) -> ExprId {
        let [left, right] = claim.values.as_slice() else {
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

    fn matches(&mut self, invocation: &Macro, span: Span) -> ExprId {
        let parsed: Match = match invocation.parse_body() {
            Ok(parsed) => parsed,
            Err(error) => {
                let message = format!("`matches!` takes a value and a pattern: {error}");
                let report = Report::error(Span::of(error.span()), message);
                return self.fail(report.hint("write `matches!(x, Some(1..=3))`"), span);
            }
        };
        let value = self.scrutinee(&parsed.value);
        let ty = self.ty(value);
        let before = self.diverges;
        self.scopes.push(Vec::new());
        let locals = self.body.locals.len();
        let pattern = self.pattern(&parsed.pattern, &ty);
        self.check_named(&parsed.value, value, locals);
        let guard = parsed
            .guard
            .as_ref()
            .map(|guard| self.coerced(guard, &Type::Bool));
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
