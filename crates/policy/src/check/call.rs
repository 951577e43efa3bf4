//! Calls of functions and of the prelude's constructors.

use crate::syntax::{Expr, ExprCall};

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span, nearest};
use crate::items::Item;
use crate::tree::{ExprId, ExprKind, FunctionId};
use crate::types::Type;

impl Checker<'_, '_> {
    pub(super) fn call(&mut self, call: &ExprCall, expected: &Expected) -> ExprId {
        let span = Span::around(&call.func).to(call.parens.close);
        let names: Vec<String> = match &call.func {
            Expr::Path(path) if !path.qself && !path.path.leading_colon => path
                .path
                .segments()
                .filter(|segment| segment.arguments.is_none())
                .map(|segment| segment.ident.to_string())
                .collect(),
            _ => Vec::new(),
        };
        match names
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [name @ ("Some" | "Ok" | "Err")] => self.variant_call(name, call, expected, span),
            [name] => self.function_call(None, name, call, span),
            [of, name] => match self.type_named(of) {
                Some(ty @ Type::Newtype(newtype)) if *name == "new" => {
                    let called = format!("{of}::new");
                    let of = Type::Integer(newtype.of());
                    let id = self.one_argument(call, &of, &called, span);
                    self.add(ExprKind::Rename(id), ty, span)
                }
                Some(ty) => self.function_call(Some(ty), name, call, span),
                None => {
                    let known = self.context.types.keys().map(String::as_str);
                    let hint = nearest(of, known).map(|near| format!("did you mean `{near}`?"));
                    let message = format!("cannot find type `{of}` in this scope");
                    self.arguments_alone(call);
                    let report = Report::error(span, message).code("E0433").maybe_hint(hint);
                    self.fail(report, span)
                }
            },
            _ => {
                self.arguments_alone(call);
                let instead = match names.last().map(String::as_str) {
                    Some("swap" | "replace" | "take") if names.len() > 2 => {
                        "write `let old = a; a = b; b = old;`"
                    }
                    _ => "call a function by its name",
                };
                match names.is_empty() {
                    true => self.refuse(span, "to call this", instead),
                    false => {
                        let construct = format!("to call `{}`", names.join("::"));
                        self.refuse(span, &construct, instead)
                    }
                }
            }
        }
    }

    /// Checks arguments whose function is not known.
    pub(super) fn arguments_alone(&mut self, call: &ExprCall) {
        for argument in &call.args {
            self.place(argument, &Expected::Anything);
        }
    }

    fn one_argument(&mut self, call: &ExprCall, ty: &Type, name: &str, span: Span) -> ExprId {
        if call.args.len() != 1 {
            self.wrong_count(name, 1, call.args.len(), span);
        }
        match call.args.first() {
            Some(argument) => self.coerced(argument, ty),
            None => self.unknown(span),
        }
    }

    pub(super) fn wrong_count(&mut self, name: &str, wanted: usize, given: usize, span: Span) {
        let plural = if wanted == 1 { "" } else { "s" };
        let message = format!("`{name}` takes {wanted} argument{plural}, {given} given");
        self.report(Report::error(span, message).code("E0061"));
    }

    fn variant_call(
        &mut self,
        name: &str,
        call: &ExprCall,
        expected: &Expected,
        span: Span,
    ) -> ExprId {
        let wanted = match expected {
            Expected::Type(ty) => self.inference.head(ty),
            _ => Type::Unknown,
        };
        let told = matches!(expected, Expected::Type(ty) if self.was_told(ty));
        let (index, payload, ty) = match (name, wanted) {
            _ if told => (0, Type::Unknown, Type::Unknown),
            ("Some", Type::Option(payload)) => (1, (*payload).clone(), Type::Option(payload)),
            ("Ok", Type::Result(value, error)) => (0, (*value).clone(), Type::Result(value, error)),
            ("Err", Type::Result(value, error)) => {
                (1, (*error).clone(), Type::Result(value, error))
            }
            ("Some", _) => {
                let payload = self.inference.fresh();
                (1, payload.clone(), Type::option(payload))
            }
            (_, _) => {
                let (value, error) = (self.inference.fresh(), self.inference.fresh());
                match name {
                    "Ok" => (0, value.clone(), Type::result(value, error)),
                    _ => (1, error.clone(), Type::result(value, error)),
                }
            }
        };
        let payload = Some(self.one_argument(call, &payload, name, span));
        self.add(ExprKind::Variant { index, payload }, ty, span)
    }

    fn function_call(
        &mut self,
        owner: Option<Type>,
        name: &str,
        call: &ExprCall,
        span: Span,
    ) -> ExprId {
        let function = Span::around(&call.func);
        if owner.is_none() && self.lookup(name).is_some() {
            self.arguments_alone(call);
            let message = format!("expected function, found variable `{name}`");
            let report = Report::error(function, message).code("E0618");
            return self.fail(report.hint("give the variable another name"), span);
        }
        let Some(Item::Function(id)) = self.context.value(owner.as_ref(), name) else {
            if let (Some(Type::Integer(to)), "from") = (&owner, name) {
                return self.converted(*to, call, function, span);
            }
            self.arguments_alone(call);
            return self.unknown_function(owner.as_ref(), name, function, span);
        };
        let Some(signature) = self.context.signature(id) else {
            return self.unknown(span);
        };
        if signature.has_receiver {
            self.arguments_alone(call);
            let construct = format!("to call the method `{name}` by its path");
            return self.refuse(span, &construct, &format!("write `value.{name}(…)`"));
        }
        let arguments: Vec<&Expr> = call.args.iter().collect();
        self.call_with(id, Vec::new(), &arguments, function, span)
    }

    fn unknown_function(
        &mut self,
        owner: Option<&Type>,
        name: &str,
        function: Span,
        span: Span,
    ) -> ExprId {
        let near = nearest(name, self.context.value_names(owner));
        let report = match owner {
            Some(owner) => {
                let message = format!("no function named `{name}` found for `{owner}`");
                let hint = match (owner.integer(), name) {
                    (Some(integer), "try_from") => Some(format!("write `… as {}`", integer.name())),
                    _ => near.map(|near| format!("did you mean `{owner}::{near}`?")),
                };
                Report::error(function, message)
                    .code("E0599")
                    .maybe_hint(hint)
            }
            None => {
                let member = self
                    .owner
                    .and_then(|owner| self.context.value(Some(owner), name));
                let hint = match member {
                    Some(Item::Function(id)) => {
                        let signature = self.context.signature(id);
                        let method = signature.is_some_and(|signature| signature.has_receiver);
                        let prefix = if method { "self." } else { "Self::" };
                        Some(format!("did you mean `{prefix}{name}(…)`?"))
                    }
                    _ => near.map(|near| format!("did you mean `{near}`?")),
                };
                let message = format!("cannot find function `{name}` in this scope");
                Report::error(function, message)
                    .code("E0425")
                    .maybe_hint(hint)
            }
        };
        self.fail(report, span)
    }

    /// A call whose receiver, if any, was checked already.
    pub(super) fn call_with(
        &mut self,
        id: FunctionId,
        receiver: Vec<ExprId>,
        syntax: &[&Expr],
        at: Span,
        span: Span,
    ) -> ExprId {
        let context = self.context;
        let (Some(item), Some(signature)) = (context.function(id), context.signature(id)) else {
            return self.unknown(span);
        };
        if self.in_const && !signature.is_const {
            let message = format!(
                "cannot call the non-const function `{}` here",
                item.full_name()
            );
            let hint = "a constant and a `const fn` can only call `const fn`s";
            self.report(Report::error(at, message).code("E0015").hint(hint));
        }
        let wanted = signature.parameters.get(receiver.len()..).unwrap_or(&[]);
        if wanted.len() != syntax.len() {
            self.wrong_count(&item.full_name(), wanted.len(), syntax.len(), span);
        }
        let mut arguments = receiver;
        for (position, argument) in syntax.iter().enumerate() {
            match wanted.get(position) {
                Some(parameter) => arguments.push(self.argument(argument, &parameter.ty)),
                None => {
                    self.place(argument, &Expected::Anything);
                }
            }
        }
        if wanted.len() != syntax.len() {
            return self.add(ExprKind::Unknown, signature.result.clone(), span);
        }
        self.check_borrows(&arguments);
        let kind = ExprKind::Call {
            function: id,
            arguments,
        };
        self.add_at(kind, signature.result.clone(), span, at)
    }
}
