//! Methods that are not there, and what to write instead.

use super::Checker;
use super::integer::METHODS;
use crate::diagnostic::{Report, Span, nearest};
use crate::tree::ExprId;
use crate::types::Type;

/// The methods of `Option`, `Result` and arrays: there are no others.
pub(crate) fn methods(ty: &Type) -> &'static [&'static str] {
    match ty {
        Type::Option(_) => &[
            "is_some",
            "is_none",
            "unwrap",
            "expect",
            "unwrap_or",
            "unwrap_or_default",
            "ok_or",
        ],
        Type::Result(..) => &[
            "is_ok",
            "is_err",
            "unwrap",
            "expect",
            "unwrap_or",
            "unwrap_or_default",
            "ok",
        ],
        Type::Array(..) => &["len", "swap"],
        _ => &[],
    }
}

/// What to write instead of a method that Rust has and the subset has not.
fn instead(ty: &Type, name: &str) -> Option<&'static str> {
    let signed = ty.integer().is_some_and(|integer| integer.signed());
    Some(match (ty, name) {
        (Type::Option(_) | Type::Result(..), _) => match name {
            "map" | "and_then" | "map_err" | "filter" | "or_else" | "map_or" | "map_or_else" => {
                "write `match`"
            }
            "is_some_and" | "is_none_or" | "is_ok_and" | "is_err_and" => {
                "write `match`: `match x { Some(y) => …, None => false }`"
            }
            "or" | "xor" | "and" | "unwrap_or_else" | "err" => "write `match`",
            "take" => "read it with `let old = …;`, then assign `None`",
            "replace" | "insert" => "read it with `let old = …;`, then assign `Some(…)`",
            "get_or_insert" | "get_or_insert_with" => "write `if ….is_none() { … }`",
            "as_ref" | "as_mut" | "copied" | "cloned" => "leave it out: `match` takes the value",
            _ => return None,
        },
        (Type::Array(..), _) => match name {
            "iter" | "iter_mut" | "into_iter" => "write `for i in 0..array.len()`",
            "fill" => "write `for i in 0..a.len() { a[i] = …; }`",
            "contains" | "is_empty" | "first" | "last" | "get" | "sort" | "reverse"
            | "copy_within" | "rotate_left" | "rotate_right" => {
                "write a loop over its indices, or `a[i]`"
            }
            _ => return None,
        },
        (Type::Integer(_) | Type::IntegerVariable(_), _) => match name {
            "is_power_of_two" | "next_power_of_two" | "div_ceil" if signed => {
                "only unsigned integers have it: write `… as u32`"
            }
            "abs" | "signum" | "unsigned_abs" | "is_negative" | "is_positive" | "wrapping_abs"
            | "checked_abs"
                if !signed =>
            {
                "only signed integers have it"
            }
            "overflowing_add" | "overflowing_sub" | "overflowing_mul" => {
                "write `checked_…`, or `wrapping_…` and compare"
            }
            "isqrt" => "write a loop",
            "into" | "try_into" => "write `… as u64`",
            "rev" | "step_by" => "put the range in parentheses: `(a..b).rev()`",
            "is_multiple_of" => "write `a % b == 0`",
            _ => return None,
        },
        (Type::Newtype(_) | Type::Bool | Type::Enum(_), "into") => {
            "write `….number()` or `… as u32`"
        }
        (Type::Bool, "then" | "then_some") => "write `if`",
        _ => return None,
    })
}

impl Checker<'_, '_> {
    pub(super) fn unknown_method(&mut self, ty: &Type, name: &str, at: Span, span: Span) -> ExprId {
        let shown = self.shown(ty);
        let report = match ty {
            Type::Variable(_) => Report::error(at, "type annotations needed")
                .code("E0282")
                .hint("say the type where the value is made: `let x: Option<u32> = …`"),
            Type::IntegerVariable(_) => {
                let message = format!("can't call method `{name}` on an integer of any type");
                let hint = "say the type: `let x: u32 = …`, or `1_u32`";
                Report::error(at, message).code("E0689").hint(hint)
            }
            _ => {
                let message = format!("no method named `{name}` found for `{shown}`");
                Report::error(at, message)
                    .code("E0599")
                    .maybe_hint(self.method_hint(ty, name))
            }
        };
        self.fail(report, span)
    }

    fn method_hint(&self, ty: &Type, name: &str) -> Option<String> {
        if let Some(instead) = instead(ty, name) {
            return Some(instead.to_string());
        }
        if name == "clone" && self.context.is_copy(ty) {
            return Some("leave it out: the value is `Copy`".to_string());
        }
        let near = match ty {
            Type::Integer(integer) => {
                let known = METHODS.iter().filter(|method| method.fits(*integer));
                nearest(name, known.map(|method| method.name))
            }
            Type::Newtype(_) => nearest(name, ["number"].into_iter()),
            Type::Option(_) | Type::Result(..) | Type::Array(..) => {
                nearest(name, methods(ty).iter().copied())
            }
            Type::Struct(named) => {
                let fields = self.context.fields(named);
                if fields.iter().any(|field| field.name == name) {
                    return Some(format!("`{name}` is a field: leave the `(…)` out"));
                }
                nearest(name, self.context.value_names(Some(ty)))
            }
            _ => nearest(name, self.context.value_names(Some(ty))),
        };
        near.map(|near| format!("did you mean `{near}`?"))
    }
}
