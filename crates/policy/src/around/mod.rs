//! Where a piece of syntax begins and ends.
//!
//! The parser can say so itself, but only by printing the piece: that needs code for every form of
//! Rust, in a page that has to load. Here only the first and the last token are looked for.

mod exprs;
mod generics;
mod items;
mod members;
mod patterns;
mod tokens;
mod types;

#[cfg(test)]
mod tests;

use proc_macro2::Span;
use syn::punctuated::{Pair, Punctuated};

/// Syntax that lies somewhere in a source.
pub(crate) trait Around {
    /// The first token, if there is any.
    fn first(&self) -> Option<Span>;
    /// The last token, if there is any.
    fn last(&self) -> Option<Span>;
}

/// The stretch that a whole piece of syntax covers; the top of the source if it is empty.
pub(crate) fn around(syntax: &dyn Around) -> Span {
    match (syntax.first(), syntax.last()) {
        (Some(first), Some(last)) => first.join(last).unwrap_or(first),
        _ => Span::call_site(),
    }
}

/// The first attribute that stands before what it belongs to.
fn outer(attributes: &[syn::Attribute]) -> Option<Span> {
    let outer = |attribute: &&syn::Attribute| matches!(attribute.style, syn::AttrStyle::Outer);
    attributes.iter().find(outer)?.first()
}

impl<T: Around> Around for Option<T> {
    fn first(&self) -> Option<Span> {
        self.as_ref()?.first()
    }

    fn last(&self) -> Option<Span> {
        self.as_ref()?.last()
    }
}

impl<T: Around + ?Sized> Around for Box<T> {
    fn first(&self) -> Option<Span> {
        (**self).first()
    }

    fn last(&self) -> Option<Span> {
        (**self).last()
    }
}

impl<T: Around, P: Around> Around for Punctuated<T, P> {
    fn first(&self) -> Option<Span> {
        Punctuated::first(self)?.first()
    }

    fn last(&self) -> Option<Span> {
        match self.pairs().next_back()? {
            Pair::Punctuated(_, sign) => sign.last(),
            Pair::End(value) => value.last(),
        }
    }
}
