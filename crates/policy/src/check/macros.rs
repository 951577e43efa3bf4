//! `log!`.

use crate::syntax::{self, Expr, Ident, Invoked, Macro, Path, StrLit};

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

/// The most values of one `log!`.
const VALUES_MAX: usize = 3;

/// Where a value goes in a text.
pub(super) struct Hole {
    /// The variable named within the braces, if one is.
    name: Option<String>,
    /// `{:?}` rather than `{}`.
    debug: bool,
}

impl Checker<'_, '_> {
    pub(super) fn macro_call(&mut self, invocation: &Macro<'_>) -> ExprId {
        let span = invocation.span;
        if !invocation.path.is_ident("log") {
            let name = invocation.path.get_ident().map(ToString::to_string);
            let name = name.unwrap_or_default();
            let errors = self.context.sink.errors();
            if let Some(id) = self.stop_or_match(&name, invocation, span) {
                return id;
            }
            if self.context.sink.errors() > errors {
                return self.unknown(span);
            }
            let instead = match name.as_str() {
                "vec" => "there is no heap: keep an array of the most there can be",
                "print" | "println" | "eprint" | "eprintln" | "dbg" => {
                    "write to the event log: `log!(\"page {}\", page)`"
                }
                _ => "there are `log!`, `assert!`, `assert_eq!`, `panic!` and `matches!`",
            };
            let construct = match name.is_empty() {
                true => "this macro".to_string(),
                false => format!("the macro `{name}!`"),
            };
            return self.refuse(span, &construct, instead);
        }
        if self.in_const {
            self.refuse(span, "`log!` in a `const fn` or constant", "leave it out");
        }
        let (text, values) = match &invocation.body {
            Invoked::Claim {
                arguments,
                text: Some(text),
                ..
            } => (text, arguments.get(1..).unwrap_or_default()),
            Invoked::Wrong(place, wrong) => {
                let message = format!("`log!` takes a text and values: {wrong}");
                let report = Report::error(*place, message);
                return self.fail(report.hint("write `log!(\"page {}\", page)`"), span);
            }
            _ => return self.unknown(span),
        };
        if text.suffix {
            let message = "suffixes on string literals are invalid";
            return self.fail(Report::error(text.span, message).hint("write a `,`"), span);
        }
        let (pieces, holes) = match cut(&syntax::text_value(text.text)) {
            Ok(cut) => cut,
            Err(wrong) => {
                let report = Report::error(text.span, format!("in this text, {wrong}"));
                return self.fail(report.hint("write `{}` where a value goes"), span);
            }
        };
        self.log_values(pieces, &holes, values, text, span)
    }

    fn log_values(
        &mut self,
        pieces: Vec<String>,
        holes: &[Hole],
        arguments: &[Expr<'_>],
        text: &StrLit<'_>,
        span: Span,
    ) -> ExprId {
        let text_span = text.span;
        let unnamed = holes.iter().filter(|hole| hole.name.is_none()).count();
        if unnamed != arguments.len() {
            let message = format!(
                "this text has {unnamed} `{{}}`, and {} values follow it",
                arguments.len()
            );
            self.report(Report::error(text_span, message));
        }
        if holes.len() > VALUES_MAX {
            let message = format!("`log!` shows at most {VALUES_MAX} values");
            self.report(Report::error(text_span, message).hint("write a second `log!`"));
        }
        // Values that follow the text are computed before those that it names, as rustc does.
        let mut given: Vec<ExprId> = Vec::new();
        for value in arguments {
            if matches!(value, Expr::Assign(_)) {
                self.refuse(
                    Span::around(value),
                    "a named value",
                    "name it within the braces",
                );
                continue;
            }
            let value = self.place(value, &Expected::Anything);
            given.push(self.looked_through(value));
        }
        self.check_shared_borrows(&given, "`log!`");
        let mut given = given.into_iter();
        let mut values = Vec::new();
        for hole in holes {
            let id = match &hole.name {
                Some(name) => {
                    let path = Path::alone(Ident {
                        text: name,
                        span: text_span,
                    });
                    let id = self.resolve_path(&path, &Expected::Anything, text_span);
                    Some(self.looked_through(id))
                }
                None => given.next(),
            };
            let Some(id) = id else { break };
            self.loggable(id, hole.debug, false);
            values.push(id);
        }
        let kind = ExprKind::Log {
            pieces,
            arguments: values,
        };
        self.add(kind, Type::Unit, span)
    }

    /// Reports a value that `log!` cannot show. What its type is may turn out later; `late`, when
    /// all types are known, is the last time to ask.
    pub(super) fn loggable(&mut self, id: ExprId, debug: bool, late: bool) {
        let ty = self.operand_type(id);
        let span = self.span(id);
        let report = match ty {
            Type::Unknown => return,
            Type::Variable(_) if !late => {
                self.logged.push((id, debug));
                return;
            }
            ref ty if (ty.is_integer() || *ty == Type::Bool) && !debug => return,
            ref ty if ty.is_integer() || *ty == Type::Bool => {
                Report::error(span, "`{:?}` is outside the subset of Rust for policies")
                    .hint("write `{}`")
            }
            Type::Newtype(newtype) => {
                let message = format!("`log!` does not show a `{}`", newtype.name());
                Report::error(span, message)
                    .code("E0277")
                    .hint("write `{}`, and give it `….number()`")
            }
            Type::Enum(_) => {
                let message = format!("`log!` shows integers and `bool`s, and this is `{ty}`");
                Report::error(span, message).hint("write `{}`, and give it `… as u32`")
            }
            ref other => {
                let message = format!("`log!` cannot show a value of type `{}`", self.shown(other));
                Report::error(span, message).hint("show its parts")
            }
        };
        self.report(report);
    }
}

/// Cuts a text where its values go.
pub(super) fn cut(text: &str) -> Result<(Vec<String>, Vec<Hole>), String> {
    let mut pieces = vec![String::new()];
    let mut holes = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let twice = rest.peek() == Some(&character);
        match character {
            '{' | '}' if twice => {
                rest.next();
                push(&mut pieces, character);
            }
            '}' => return Err("a `}` has no `{` before it".to_string()),
            '{' => {
                let mut inner = String::new();
                loop {
                    match rest.next() {
                        Some('}') => break,
                        Some(character) => inner.push(character),
                        None => return Err("a `{` has no `}` after it".to_string()),
                    }
                }
                holes.push(hole(&inner)?);
                pieces.push(String::new());
            }
            _ => push(&mut pieces, character),
        }
    }
    Ok((pieces, holes))
}

fn push(pieces: &mut [String], character: char) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(character);
    }
}

fn hole(inner: &str) -> Result<Hole, String> {
    let (name, debug) = match inner.strip_suffix(":?") {
        Some(name) => (name, true),
        None => (inner, false),
    };
    let name = name.trim();
    if !name.is_empty() && !syntax::is_name(name) {
        return Err(format!("`{{{inner}}}` is not understood"));
    }
    Ok(Hole {
        name: Some(name.to_string()).filter(|name| !name.is_empty()),
        debug,
    })
}
