//! Items.

use super::{Around, Block, Brackets, Expr, Ident, Lifetime, Pat, Path, Type};
use crate::diagnostic::Span;

/// A source.
#[derive(Debug, Default)]
pub(crate) struct File<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) items: Vec<Item<'s>>,
}

/// `#[…]`, or a comment that says what something is for.
#[derive(Debug)]
pub(crate) struct Attribute<'s> {
    /// It stands before what it belongs to.
    pub(crate) outer: bool,
    pub(crate) meta: Meta<'s>,
    pub(crate) span: Span,
}

/// What an attribute says.
#[derive(Debug)]
pub(crate) enum Meta<'s> {
    Doc,
    /// The traits, if they can be read.
    Derive(Option<Vec<Path<'s>>>),
    /// `allow(…)`, `expect(…)` or `warn(…)`: whether warnings are kept, and the names, if they can be
    /// read.
    Lints(bool, Option<Vec<Path<'s>>>),
    /// `inline` or `cold`: how a function is compiled.
    Hint,
    /// `must_use`
    MustUse,
    Other,
}

/// Who may name an item.
#[derive(Debug)]
pub(crate) enum Visibility<'s> {
    Inherited,
    Public(Span),
    /// `pub(path)`
    Restricted(Box<Path<'s>>, Span),
}

impl Around for Visibility<'_> {
    fn span(&self) -> Span {
        match self {
            Visibility::Inherited => Span::top(),
            Visibility::Public(span) | Visibility::Restricted(_, span) => *span,
        }
    }
}

/// An item.
#[derive(Debug)]
pub(crate) enum Item<'s> {
    Const(ItemConst<'s>),
    Enum(ItemEnum<'s>),
    Fn(ItemFn<'s>),
    Impl(ItemImpl<'s>),
    Struct(ItemStruct<'s>),
    Use(ItemUse<'s>),
    Other(OtherItem, Span),
}

/// An item outside the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherItem {
    Foreign,
    Macro,
    Mod,
    Static,
    Trait,
    Type,
    Union,
}

impl Around for Item<'_> {
    fn span(&self) -> Span {
        match self {
            Item::Const(it) => it.span,
            Item::Enum(it) => it.span,
            Item::Fn(it) => it.span,
            Item::Impl(it) => it.span,
            Item::Struct(it) => it.span,
            Item::Use(it) => it.span,
            Item::Other(_, span) => *span,
        }
    }
}

/// What stands between the `<` and `>` of a declaration, and after `where`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Generics {
    /// What there is of it, without the `<` and `>`.
    pub(crate) span: Option<Span>,
    /// There is a lifetime among it.
    pub(crate) lifetime: bool,
}

/// `const NAME: T = value;`
#[derive(Debug)]
pub(crate) struct ItemConst<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) vis: Visibility<'s>,
    pub(crate) ident: Ident<'s>,
    pub(crate) generics: Generics,
    pub(crate) ty: Type<'s>,
    /// Where the `=` is.
    pub(crate) eq: Span,
    pub(crate) expr: Expr<'s>,
    pub(crate) span: Span,
}

/// `enum Name { … }`
#[derive(Debug)]
pub(crate) struct ItemEnum<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) vis: Visibility<'s>,
    pub(crate) ident: Ident<'s>,
    pub(crate) generics: Generics,
    pub(crate) braces: Brackets,
    pub(crate) variants: Vec<Variant<'s>>,
    pub(crate) span: Span,
}

/// A variant of an enum.
#[derive(Debug)]
pub(crate) struct Variant<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) ident: Ident<'s>,
    /// It has fields.
    pub(crate) fields: bool,
    /// It has a number of its own.
    pub(crate) discriminant: bool,
    pub(crate) span: Span,
}

/// `struct Name …`
#[derive(Debug)]
pub(crate) struct ItemStruct<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) vis: Visibility<'s>,
    pub(crate) ident: Ident<'s>,
    pub(crate) generics: Generics,
    pub(crate) fields: Fields<'s>,
    pub(crate) span: Span,
}

/// What a struct holds.
#[derive(Debug)]
pub(crate) enum Fields<'s> {
    Named(FieldsNamed<'s>),
    /// `(…)`
    Unnamed(Span),
    Unit,
}

/// `{ name: T, … }`
#[derive(Debug)]
pub(crate) struct FieldsNamed<'s> {
    pub(crate) braces: Brackets,
    pub(crate) named: Vec<Field<'s>>,
}

/// A field of a struct.
#[derive(Debug)]
pub(crate) struct Field<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) vis: Visibility<'s>,
    pub(crate) ident: Ident<'s>,
    pub(crate) ty: Type<'s>,
    pub(crate) span: Span,
}

/// `fn name(…) { … }`
#[derive(Debug)]
pub(crate) struct ItemFn<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) vis: Visibility<'s>,
    pub(crate) sig: Signature<'s>,
    pub(crate) block: Block<'s>,
    pub(crate) span: Span,
}

/// What a function takes and gives.
#[derive(Debug)]
pub(crate) struct Signature<'s> {
    pub(crate) constness: bool,
    pub(crate) asyncness: Option<Span>,
    pub(crate) unsafety: Option<Span>,
    pub(crate) abi: Option<Span>,
    pub(crate) ident: Ident<'s>,
    pub(crate) generics: Generics,
    pub(crate) parens: Brackets,
    pub(crate) inputs: Vec<FnArg<'s>>,
    pub(crate) variadic: Option<Span>,
    /// From the `->` on.
    pub(crate) arrow: Span,
    pub(crate) output: Option<Type<'s>>,
}

/// A parameter.
#[derive(Debug)]
pub(crate) enum FnArg<'s> {
    Receiver(Receiver<'s>),
    Typed(PatType<'s>),
}

impl Around for FnArg<'_> {
    fn span(&self) -> Span {
        match self {
            FnArg::Receiver(it) => it.span,
            FnArg::Typed(it) => it.span,
        }
    }
}

/// `self`, `&self` and their like.
#[derive(Debug)]
pub(crate) struct Receiver<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) reference: bool,
    pub(crate) lifetime: Option<Lifetime<'s>>,
    pub(crate) mutability: bool,
    /// Its type is written.
    pub(crate) typed: bool,
    pub(crate) word: Span,
    pub(crate) span: Span,
}

/// `pattern: T`
#[derive(Debug)]
pub(crate) struct PatType<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) pat: Pat<'s>,
    pub(crate) ty: Type<'s>,
    pub(crate) span: Span,
}

/// `impl …  { … }`
#[derive(Debug)]
pub(crate) struct ItemImpl<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    /// Where `impl` is.
    pub(crate) word: Span,
    /// It is `unsafe`, `default`, or of a trait that is denied.
    pub(crate) qualified: bool,
    pub(crate) generics: Generics,
    pub(crate) trait_: Option<Path<'s>>,
    pub(crate) self_ty: Type<'s>,
    pub(crate) braces: Brackets,
    pub(crate) items: Vec<ImplItem<'s>>,
    pub(crate) span: Span,
}

/// An item of an `impl`.
#[derive(Debug)]
pub(crate) enum ImplItem<'s> {
    Const(ImplItemConst<'s>),
    Fn(ImplItemFn<'s>),
    Other(Span),
}

/// A constant of an `impl`.
pub(crate) type ImplItemConst<'s> = ItemConst<'s>;
/// A function of an `impl`.
pub(crate) type ImplItemFn<'s> = ItemFn<'s>;

impl Around for ImplItem<'_> {
    fn span(&self) -> Span {
        match self {
            ImplItem::Const(it) => it.span,
            ImplItem::Fn(it) => it.span,
            ImplItem::Other(span) => *span,
        }
    }
}

/// `use …;`
#[derive(Debug)]
pub(crate) struct ItemUse<'s> {
    pub(crate) attrs: Vec<Attribute<'s>>,
    pub(crate) vis: Visibility<'s>,
    /// `name`, where all that is written is `name::*`.
    pub(crate) glob_of: Option<Ident<'s>>,
    pub(crate) span: Span,
}
