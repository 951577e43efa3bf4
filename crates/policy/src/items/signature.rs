//! Signatures: what a function takes and gives.

use crate::syntax;
use crate::syntax::{FnArg, Pat};

use exo_core::cpu::Role;

use super::{Context, FunctionItem};
use crate::diagnostic::{Report, Span};
use crate::prelude::ROLES;
use crate::types::Type;

/// A parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// `_` if it has none.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) mutable: bool,
    pub(crate) span: Span,
}

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The receiver first, if there is one.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) has_receiver: bool,
    pub(crate) result: Type,
    pub(crate) result_span: Span,
    pub(crate) is_const: bool,
}

impl<'s> Context<'s> {
    pub(super) fn resolve_signature(&self, item: &FunctionItem<'s>) -> Signature {
        let syntax = item.syntax;
        self.refuse_qualifiers(syntax);
        let owner = item.owner.as_ref();
        let mut parameters: Vec<Parameter> = Vec::new();
        for input in &syntax.inputs {
            let parameter = match input {
                FnArg::Receiver(receiver) => self.receiver(receiver, owner),
                FnArg::Typed(typed) => self.parameter(typed, owner),
            };
            let twice = parameters
                .iter()
                .any(|earlier| earlier.name == parameter.name && parameter.name != "_");
            if twice {
                let message = format!("identifier `{}` is bound more than once", parameter.name);
                self.sink
                    .add(Report::error(parameter.span, message).code("E0415"));
            }
            parameters.push(parameter);
        }
        let (result, result_span) = match &syntax.output {
            None => (Type::Unit, item.span),
            Some(ty) => (self.resolve_type(ty, owner), Span::around(ty)),
        };
        let gives_door = matches!(result, Type::Door(_));
        if gives_door {
            let construct = format!("to return `{result}`");
            self.refuse_signature(result_span, &construct, "the caller has it already");
        }
        Signature {
            parameters,
            has_receiver: matches!(syntax.inputs.first(), Some(FnArg::Receiver(_))),
            result: if gives_door { Type::Unknown } else { result },
            result_span,
            is_const: syntax.constness,
        }
    }

    fn refuse_signature(&self, span: Span, construct: &str, instead: &str) {
        let message = format!("{construct} is outside the subset of Rust for policies");
        self.sink.add(Report::error(span, message).hint(instead));
    }

    fn refuse_qualifiers(&self, syntax: &syntax::Signature) {
        if let Some(span) = syntax.asyncness {
            self.refuse_signature(span, "`async`", "leave it out");
        }
        if let Some(span) = syntax.unsafety {
            self.refuse_signature(span, "`unsafe`", "leave it out");
        }
        if let Some(span) = syntax.abi {
            self.refuse_signature(span, "`extern`", "leave it out");
        }
        if let Some(span) = syntax.variadic {
            self.refuse_signature(span, "`...`", "name each parameter");
        }
    }

    fn receiver(&self, receiver: &syntax::Receiver, owner: Option<&Type>) -> Parameter {
        let span = receiver.word;
        let by_reference = receiver.reference;
        if receiver.typed || receiver.lifetime.is_some() || !receiver.attrs.is_empty() {
            let around = Span::around(receiver);
            self.refuse_signature(
                around,
                "this form of `self`",
                "write `&self` or `&mut self`",
            );
        }
        let ty = match owner {
            Some(owner) if by_reference => Type::Reference {
                to: owner.clone().into(),
                mutable: receiver.mutability,
            },
            Some(owner) => owner.clone(),
            None => {
                let message = "`self` parameter is only allowed in associated functions";
                self.sink
                    .add(Report::error(span, message).hint("move it into an `impl`"));
                Type::Unknown
            }
        };
        Parameter {
            name: "self".to_string(),
            ty,
            mutable: receiver.mutability && !by_reference,
            span,
        }
    }

    fn parameter(&self, typed: &syntax::PatType, owner: Option<&Type>) -> Parameter {
        let span = Span::around(&typed.pat);
        let ty = self.resolve_parameter(&typed.ty, owner);
        if let Some(attribute) = typed.attrs.first() {
            let instead = "write `//` above the function";
            self.refuse_signature(Span::around(attribute), "an attribute here", instead);
        }
        let (name, mutable) = match &typed.pat {
            Pat::Ident(ident) if !ident.by_ref && ident.subpat.is_none() => {
                if self.is_taken(&ident.ident.to_string()) {
                    let construct = "a parameter with the name of a constant or type";
                    self.refuse_signature(span, construct, "rename it");
                }
                (ident.ident.to_string(), ident.mutability)
            }
            Pat::Wild(_) => ("_".to_string(), false),
            _ => {
                self.refuse_signature(span, "a pattern as a parameter", "name it, then `match`");
                ("_".to_string(), false)
            }
        };
        Parameter {
            name,
            ty,
            mutable,
            span,
        }
    }

    /// Reports a role other than the one that is wanted.
    pub(crate) fn check_wanted(&self, wanted: Role) {
        let Some(policy) = self.policy.as_ref().filter(|it| it.role.role != wanted) else {
            return;
        };
        let row = ROLES.iter().find(|row| row.role == wanted);
        let name = row.map_or(wanted.name(), |row| row.name);
        let message = format!(
            "an `impl {name}` is wanted here, and this is an `impl {}`",
            policy.role.name
        );
        self.sink.add(Report::error(policy.span, message));
    }

    /// Compares the functions of the role with what it says of them.
    pub(crate) fn check_role(&self) {
        let Some(policy) = &self.policy else {
            return;
        };
        for (row, function) in policy.role.upcalls.iter().zip(&policy.upcalls) {
            let Some(id) = *function else { continue };
            let (Some(item), Some(signature)) = (self.function(id), self.signature(id)) else {
                continue;
            };
            let mut wanted = vec![Type::Reference {
                to: Type::Struct(policy.named.clone()).into(),
                mutable: row.mutable,
            }];
            wanted.extend(row.arguments.iter().map(|ty| self.prelude_type(*ty)));
            let result = self.prelude_type(row.result);
            let types: Vec<Type> = signature.parameters.iter().map(|p| p.ty.clone()).collect();
            let known = !types.contains(&Type::Unknown) && signature.result != Type::Unknown;
            let agrees = types == wanted && signature.result == result && !signature.is_const;
            if known && !agrees {
                let message = format!(
                    "`{}` does not have the signature that `{}` asks for",
                    item.name, policy.role.name
                );
                let report = Report::error(item.span, message).code("E0053");
                self.sink.add(report.hint(row.word.signature));
            }
        }
    }
}
