//! Attributes: comments and derives are accepted, the rest is refused.

use super::Derives;
use super::collect::{Collector, Text};
use crate::diagnostic::{Report, Span};
use crate::syntax;
use crate::syntax::{Attribute, Meta};

impl Collector<'_> {
    /// Accepts comments, and derives where `derives` can note them; refuses the rest.
    pub(super) fn attributes(
        &self,
        attributes: &[Attribute<'_>],
        on: &str,
        derives: Option<&mut Derives>,
    ) {
        let mut derives = derives;
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
                _ => self.refuse(
                    span,
                    &format!("an attribute of {on} other than a comment or `derive` of a type"),
                    "leave it out",
                ),
            }
        }
        if let Some(derives) = derives {
            self.check_derives(derives, attributes);
        }
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
