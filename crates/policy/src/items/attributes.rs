//! Attributes: comments, derives, what silences warnings, and what hints at how to compile are
//! accepted; the rest is refused.

use super::Derives;
use super::collect::{Collector, Text};
use crate::diagnostic::{Report, Span};
use crate::syntax;
use crate::syntax::{Attribute, Meta};

/// What has an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    File,
    Import,
    Constant,
    Function,
    Struct,
    Field,
    Enum,
    Variant,
    Implementation,
}

impl On {
    fn name(self) -> &'static str {
        match self {
            On::File => "a file",
            On::Import => "an import",
            On::Constant => "a constant",
            On::Function => "a function",
            On::Struct => "a struct",
            On::Field => "a field",
            On::Enum => "an enum",
            On::Variant => "a variant",
            On::Implementation => "an `impl`",
        }
    }

    fn makes_values(self) -> bool {
        matches!(self, On::Function | On::Struct | On::Enum)
    }

    /// What may be written in the place of one that is refused.
    fn instead(self) -> &'static str {
        match self {
            On::Function => {
                "leave it out; a function may have `allow`, `inline`, `cold` and `must_use`"
            }
            On::Struct | On::Enum => {
                "leave it out; a type may have `derive`, `allow` and `must_use`"
            }
            _ => "leave it out; it may have `allow`",
        }
    }
}

impl Collector<'_> {
    /// Accepts comments, what silences warnings `within` its item, and what fits what it is `on`; notes
    /// derives in `derives`; refuses the rest. Gives whether values that come of it must be used.
    pub(super) fn attributes(
        &self,
        (within, attributes): (Span, &[Attribute<'_>]),
        on: On,
        derives: Option<&mut Derives>,
    ) -> bool {
        let mut derives = derives;
        let mut must_use = false;
        for attribute in attributes {
            let span = attribute.span;
            match (&attribute.meta, &mut derives) {
                (Meta::Doc, _) => {}
                (Meta::Derive(Some(traits)), Some(derives)) => {
                    for path in traits {
                        self.derive(path, derives);
                    }
                }
                (Meta::Derive(None), Some(_)) => {
                    self.refuse(span, "this `derive`", "`#[derive(Clone, Copy)]`");
                }
                (Meta::Lints(_, None), _) => {
                    let construct = "anything but names in an attribute about warnings";
                    self.refuse(span, construct, "`#[allow(dead_code)]`");
                }
                (Meta::Lints(true, Some(_)), _) => {}
                (Meta::Lints(false, Some(lints)), _) => {
                    let lints = lints.iter().map(|lint| Text(lint).to_string());
                    self.context.sink.silence(within, lints.collect());
                }
                (Meta::Hint, _) if on == On::Function => {}
                (Meta::MustUse, _) if on.makes_values() => must_use = true,
                _ => self.refuse(
                    span,
                    &format!("this attribute of {}", on.name()),
                    on.instead(),
                ),
            }
        }
        if let Some(derives) = derives {
            self.check_derives(derives, attributes);
        }
        must_use
    }

    pub(super) fn derive(&self, path: &syntax::Path<'_>, derives: &mut Derives) {
        let name = path
            .get_ident()
            .map(ToString::to_string)
            .unwrap_or_default();
        let span = Span::around(path);
        let noted = match name.as_str() {
            "Clone" => &mut derives.clone,
            "Copy" => &mut derives.copy,
            "PartialEq" => &mut derives.partial_eq,
            "Eq" => &mut derives.eq,
            "Debug" => &mut derives.debug,
            _ => {
                let known = "derive `Clone`, `Copy`, `PartialEq`, `Eq` or `Debug`";
                self.refuse(span, &format!("to derive `{}`", Text(path)), known);
                return;
            }
        };
        if std::mem::replace(noted, true) {
            let message = format!("`{name}` is derived twice");
            self.context
                .sink
                .add(Report::error(span, message).code("E0119"));
        }
    }

    pub(super) fn check_derives(&self, derives: &Derives, attributes: &[Attribute<'_>]) {
        let missing = match derives {
            Derives {
                copy: true,
                clone: false,
                ..
            } => "`Copy` also needs `Clone`",
            Derives {
                eq: true,
                partial_eq: false,
                ..
            } => "`Eq` also needs `PartialEq`",
            _ => return,
        };
        let span = attributes
            .iter()
            .find(|attribute| matches!(attribute.meta, Meta::Derive(_)))
            .map_or_else(Span::top, Span::around);
        self.context.sink.add(
            Report::error(span, missing)
                .code("E0277")
                .hint("derive both"),
        );
    }
}
