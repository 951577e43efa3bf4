//! The syntax tree: what the subset needs, and of the rest only what is needed to name it.
//!
//! Names are slices of the source. A node knows the stretch that it covers; a construct that no
//! policy can have is a leaf that says which one it is.

mod exprs;
mod items;
mod patterns;
mod types;

use std::fmt;

use crate::diagnostic::Span;

pub(crate) use exprs::{
    Arm, BinOp, Block, Expr, ExprArray, ExprAssign, ExprBinary, ExprBlock, ExprBreak, ExprCall,
    ExprCast, ExprContinue, ExprField, ExprForLoop, ExprIf, ExprIndex, ExprLet, ExprLit, ExprLoop,
    ExprMatch, ExprMethodCall, ExprParen, ExprPath, ExprRange, ExprReference, ExprRepeat,
    ExprReturn, ExprStruct, ExprTry, ExprTuple, ExprUnary, ExprWhile, FieldValue, Invoked, Lit,
    Local, LocalInit, Macro, OtherExpr, Stmt, StmtMacro, StrLit, UnOp,
};
pub(crate) use items::{
    Attribute, Field, Fields, FieldsNamed, File, FnArg, Generics, ImplItem, ImplItemConst,
    ImplItemFn, Item, ItemConst, ItemEnum, ItemFn, ItemImpl, ItemStruct, ItemUse, Meta, OtherItem,
    PatType, Receiver, Signature, Variant, Visibility,
};
pub(crate) use patterns::{Pat, PatIdent, PatRange, PatTupleStruct};
pub(crate) use types::{
    GenericArgument, OtherType, Path, PathArguments, PathSegment, Type, TypeArray, TypeReference,
};

/// Syntax that lies somewhere in a source.
pub(crate) trait Around {
    /// The stretch that it covers.
    fn span(&self) -> Span;
}

impl Around for Span {
    fn span(&self) -> Span {
        *self
    }
}

/// Nodes that keep their stretch in a field.
macro_rules! around {
    ($($node:ident),* $(,)?) => {
        $(impl Around for $node<'_> {
            fn span(&self) -> Span {
                self.span
            }
        })*
    };
}

around!(
    Attribute,
    Arm,
    ExprAssign,
    ExprReference,
    Field,
    FieldValue,
    Ident,
    ItemUse,
    Lifetime,
    Macro,
    Path,
    Receiver,
    StrLit,
    TypeArray,
    TypeReference,
    Variant,
);

/// A name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ident<'s> {
    pub(crate) text: &'s str,
    pub(crate) span: Span,
}

impl fmt::Display for Ident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl PartialEq<str> for Ident<'_> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Ident<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

/// `'name`, of a lifetime or a label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime<'s> {
    /// Without the `'`.
    pub(crate) name: &'s str,
    pub(crate) span: Span,
}

impl fmt::Display for Lifetime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}", self.name)
    }
}

/// A pair of brackets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Brackets {
    pub(crate) open: Span,
    pub(crate) close: Span,
}

impl Brackets {
    /// From the one to the other, both included.
    pub(crate) fn join(self) -> Span {
        self.open.to(self.close)
    }
}
