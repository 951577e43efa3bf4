//! Expressions and statements.

use super::{Around, Attribute, Brackets, Ident, Item, Lifetime, Pat, Path, Type};
use crate::diagnostic::Span;

/// An expression.
#[derive(Debug)]
pub(crate) enum Expr<'s> {
    Array(Box<ExprArray<'s>>),
    Assign(Box<ExprAssign<'s>>),
    /// An attribute, and what stands after it.
    Attributed(Box<(Span, Expr<'s>)>),
    Binary(Box<ExprBinary<'s>>),
    Block(Box<ExprBlock<'s>>),
    Break(Box<ExprBreak<'s>>),
    Call(Box<ExprCall<'s>>),
    Cast(Box<ExprCast<'s>>),
    Continue(Box<ExprContinue<'s>>),
    Field(Box<ExprField<'s>>),
    ForLoop(Box<ExprForLoop<'s>>),
    If(Box<ExprIf<'s>>),
    Index(Box<ExprIndex<'s>>),
    /// `_`
    Infer(Span),
    Let(Box<ExprLet<'s>>),
    Lit(Box<ExprLit<'s>>),
    Loop(Box<ExprLoop<'s>>),
    Macro(Box<Macro<'s>>),
    Match(Box<ExprMatch<'s>>),
    MethodCall(Box<ExprMethodCall<'s>>),
    Paren(Box<ExprParen<'s>>),
    Path(Box<ExprPath<'s>>),
    Range(Box<ExprRange<'s>>),
    Reference(Box<ExprReference<'s>>),
    Repeat(Box<ExprRepeat<'s>>),
    Return(Box<ExprReturn<'s>>),
    Struct(Box<ExprStruct<'s>>),
    Try(Box<ExprTry<'s>>),
    Tuple(Box<ExprTuple<'s>>),
    Unary(Box<ExprUnary<'s>>),
    While(Box<ExprWhile<'s>>),
    Other(OtherExpr, Span),
}

/// An expression outside the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherExpr {
    Async,
    Closure,
    ConstBlock,
    Unnamed,
    Unsafe,
}

impl Around for Expr<'_> {
    fn span(&self) -> Span {
        match self {
            Expr::Array(it) => it.span,
            Expr::Assign(it) => it.span,
            Expr::Attributed(it) => it.0.to(it.1.span()),
            Expr::Binary(it) => it.span,
            Expr::Block(it) => it.span,
            Expr::Break(it) => it.span,
            Expr::Call(it) => it.span,
            Expr::Cast(it) => it.span,
            Expr::Continue(it) => it.span,
            Expr::Field(it) => it.span,
            Expr::ForLoop(it) => it.span,
            Expr::If(it) => it.span,
            Expr::Index(it) => it.span,
            Expr::Let(it) => it.span,
            Expr::Lit(it) => it.span,
            Expr::Loop(it) => it.span,
            Expr::Macro(it) => it.span,
            Expr::Match(it) => it.span,
            Expr::MethodCall(it) => it.span,
            Expr::Paren(it) => it.span,
            Expr::Path(it) => it.span,
            Expr::Range(it) => it.span,
            Expr::Reference(it) => it.span,
            Expr::Repeat(it) => it.span,
            Expr::Return(it) => it.span,
            Expr::Struct(it) => it.span,
            Expr::Try(it) => it.span,
            Expr::Tuple(it) => it.span,
            Expr::Unary(it) => it.span,
            Expr::While(it) => it.span,
            Expr::Infer(span) | Expr::Other(_, span) => *span,
        }
    }
}

/// Declares nodes that know their stretch.
macro_rules! nodes {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $ty:ty),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name<'s> {
            $(pub(crate) $field: $ty,)*
            pub(crate) span: Span,
        })*
    };
}

nodes! {
    /// `[a, b]`
    ExprArray { elems: Vec<Expr<'s>> }
    /// `a = b`
    ExprAssign { left: Expr<'s>, right: Expr<'s> }
    /// `a + b`
    ExprBinary { left: Expr<'s>, op: BinOp, op_span: Span, right: Expr<'s> }
    /// `{ … }`
    ExprBlock { label: Option<Lifetime<'s>>, block: Block<'s> }
    /// `break 'label value`
    ExprBreak { word: Span, label: Option<Lifetime<'s>>, expr: Option<Expr<'s>> }
    /// `f(a)`
    ExprCall { func: Expr<'s>, parens: Brackets, args: Vec<Expr<'s>> }
    /// `a as T`
    ExprCast { expr: Expr<'s>, ty: Type<'s> }
    /// `continue 'label`
    ExprContinue { word: Span, label: Option<Lifetime<'s>> }
    /// `a.name`
    ExprField { base: Expr<'s>, member: Member<'s> }
    /// `for pattern in a { … }`
    ExprForLoop {
        label: Option<Lifetime<'s>>,
        word: Span,
        pat: Pat<'s>,
        expr: Expr<'s>,
        body: Block<'s>,
    }
    /// `if a { … } else { … }`
    ExprIf { word: Span, cond: Expr<'s>, then_branch: Block<'s>, else_branch: Option<Expr<'s>> }
    /// `a[b]`
    ExprIndex { expr: Expr<'s>, index: Expr<'s>, brackets: Brackets }
    /// `let pattern = a`
    ExprLet { word: Span, pat: Pat<'s>, expr: Expr<'s> }
    /// A literal.
    ExprLit { lit: Lit<'s> }
    /// `loop { … }`
    ExprLoop { label: Option<Lifetime<'s>>, word: Span, body: Block<'s> }
    /// `match a { … }`
    ExprMatch { word: Span, expr: Expr<'s>, braces: Brackets, arms: Vec<Arm<'s>> }
    /// `a.name(b)`
    ExprMethodCall {
        receiver: Expr<'s>,
        method: Ident<'s>,
        turbofish: Option<Span>,
        parens: Brackets,
        args: Vec<Expr<'s>>,
    }
    /// `(a)`
    ExprParen { expr: Expr<'s> }
    /// A path, perhaps after `<T as Trait>::`.
    ExprPath { qself: bool, path: Path<'s> }
    /// `a..b`
    ExprRange { start: Option<Expr<'s>>, closed: bool, limits: Span, end: Option<Expr<'s>> }
    /// `&a`
    ExprReference { and: Span, mutability: bool, expr: Expr<'s> }
    /// `[a; n]`
    ExprRepeat { expr: Expr<'s>, len: Expr<'s> }
    /// `return a`
    ExprReturn { word: Span, expr: Option<Expr<'s>> }
    /// `Name { a: b }`
    ExprStruct {
        path: Path<'s>,
        braces: Brackets,
        fields: Vec<FieldValue<'s>>,
        dots: bool,
        rest: Option<Expr<'s>>,
    }
    /// `a?`
    ExprTry { expr: Expr<'s>, question: Span }
    /// `(a, b)`
    ExprTuple { elems: Vec<Expr<'s>> }
    /// `-a`
    ExprUnary { op: UnOp, op_span: Span, expr: Expr<'s> }
    /// `while a { … }`
    ExprWhile { label: Option<Lifetime<'s>>, word: Span, cond: Expr<'s>, body: Block<'s> }
    /// `name: a` in a struct
    FieldValue { attrs: Vec<Attribute<'s>>, member: Member<'s>, colon: bool, expr: Expr<'s> }
    /// `pattern if a => b`
    Arm { attrs: Vec<Attribute<'s>>, pat: Pat<'s>, guard: Option<Expr<'s>>, body: Expr<'s> }
    /// `let pattern: T = a else { … };`
    Local {
        attrs: Vec<Attribute<'s>>,
        head: Span,
        pat: Pat<'s>,
        ty: Option<Type<'s>>,
        init: Option<LocalInit<'s>>,
    }
    /// `name!(…)`
    Macro { path: Path<'s>, brackets: Brackets, parens: bool, braces: bool, text: &'s str, body: Invoked<'s> }
    /// A text, with its quotes.
    StrLit { text: &'s str, suffix: bool }
}

/// What stands after the `=` of a `let`.
#[derive(Debug)]
pub(crate) struct LocalInit<'s> {
    pub(crate) expr: Expr<'s>,
    pub(crate) diverge: Option<Expr<'s>>,
}

/// The name of a field.
pub(crate) type Member<'s> = Ident<'s>;

/// What a macro is given, as far as the compiler knows the macro.
#[derive(Debug)]
pub(crate) enum Invoked<'s> {
    /// So many values as wanted, then perhaps a text and values for it.
    Claim {
        /// All of it in order.
        arguments: Vec<Expr<'s>>,
        wanted: usize,
        text: Option<StrLit<'s>>,
        /// A comma stands at the end.
        comma: bool,
    },
    /// `matches!`
    Matches {
        value: Expr<'s>,
        pattern: Pat<'s>,
        guard: Option<Expr<'s>>,
        /// All of it as values, if it reads so, and whether a comma stands at the end.
        arguments: Option<(Vec<Expr<'s>>, bool)>,
    },
    /// It is not written like this, as is said of that place.
    Wrong(Span, String),
    Unknown,
}

/// A literal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lit<'s> {
    Bool(bool),
    /// As it is written, suffix included, and whether it has a sign, as patterns may.
    Int(&'s str, bool),
    Float,
    Text(&'s str),
    Char,
}

/// Statements in braces.
#[derive(Debug)]
pub(crate) struct Block<'s> {
    pub(crate) braces: Brackets,
    pub(crate) stmts: Vec<Stmt<'s>>,
}

/// A statement.
#[derive(Debug)]
pub(crate) enum Stmt<'s> {
    Local(Box<Local<'s>>),
    Item(Box<Item<'s>>),
    /// With the place of its `;`.
    Expr(Expr<'s>, Option<Span>),
    Macro(StmtMacro<'s>),
    /// A `;` alone.
    Empty(Span),
}

/// A macro as a statement.
#[derive(Debug)]
pub(crate) struct StmtMacro<'s> {
    pub(crate) attrs: bool,
    pub(crate) mac: Box<Macro<'s>>,
    pub(crate) semi: Option<Span>,
}

impl Around for Stmt<'_> {
    fn span(&self) -> Span {
        match self {
            Stmt::Local(it) => it.span,
            Stmt::Item(it) => it.span(),
            Stmt::Expr(it, None) => it.span(),
            Stmt::Expr(it, Some(semi)) => it.span().to(*semi),
            Stmt::Macro(it) => match it.semi {
                Some(semi) => it.mac.span.to(semi),
                None => it.mac.span,
            },
            Stmt::Empty(span) => *span,
        }
    }
}

/// An operator of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnOp {
    Neg,
    Not,
    Deref,
}

/// An operator of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    AddAssign,
    SubAssign,
    MulAssign,
    DivAssign,
    RemAssign,
    BitAndAssign,
    BitOrAssign,
    BitXorAssign,
    ShlAssign,
    ShrAssign,
}
