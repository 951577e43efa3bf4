//! The typed tree: a function's body after checking, before code is made of it.
//!
//! Expressions lie in one list, children before their parents, and name each other by index.

use std::rc::Rc;

pub(crate) use crate::body::Body;
pub(crate) use crate::intrinsic::Intrinsic;

use crate::diagnostic::Span;
use crate::prelude::{Door, Method};
use crate::types::Type;

/// An expression of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExprId(pub(crate) usize);

/// A local variable or parameter of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LocalId(pub(crate) usize);

/// A loop or labelled block of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LoopId(pub(crate) usize);

/// A function of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FunctionId(pub(crate) usize);

/// A constant of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConstantId(pub(crate) usize);

/// A value known at compile time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Unit,
    /// An integer, a `bool`, a frame's number or the number of an enum's variant.
    Scalar(i128),
    Struct(Rc<[Value]>),
    Array(Rc<[Value]>),
    Repeat(Rc<Value>, u64),
    /// A variant of `Option` (0 `None`, 1 `Some`) or `Result` (0 `Ok`, 1 `Err`).
    Variant(u32, Option<Rc<Value>>),
}

/// An operator of two integers or two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Operator {
    /// Its spelling.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
            Operator::And => "&",
            Operator::Or => "|",
            Operator::Xor => "^",
            Operator::ShiftLeft => "<<",
            Operator::ShiftRight => ">>",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
        }
    }

    /// Whether it gives a `bool`.
    pub(crate) fn compares(self) -> bool {
        matches!(
            self,
            Operator::Equal
                | Operator::NotEqual
                | Operator::Less
                | Operator::LessEqual
                | Operator::Greater
                | Operator::GreaterEqual
        )
    }

    /// Whether the right side may have another type than the left.
    pub(crate) fn shifts(self) -> bool {
        matches!(self, Operator::ShiftLeft | Operator::ShiftRight)
    }
}

/// What an expression does.
#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// Already reported.
    Unknown,
    Unit,
    /// A door, such as that to the kernel, as an argument.
    Door(Door),
    /// An integer, a `bool`, a frame's number or the number of an enum's variant.
    Literal(i128),
    /// A constant that is not one register.
    Constant(Rc<Value>),
    Local(LocalId),
    Field {
        base: ExprId,
        field: usize,
    },
    Index {
        base: ExprId,
        index: ExprId,
    },
    /// What a reference refers to.
    Deref(ExprId),
    /// The address of a place, or of a value made for it: an argument that is a reference.
    Borrow {
        place: ExprId,
        mutable: bool,
        /// It begins in earnest when the call does: the place can be read until then.
        two_phase: bool,
    },
    /// `len()` of an array.
    Length(ExprId),
    Negate(ExprId),
    Not(ExprId),
    Binary {
        operator: Operator,
        left: ExprId,
        right: ExprId,
    },
    /// `&&` and `||`.
    Logic {
        and: bool,
        left: ExprId,
        right: ExprId,
    },
    Cast(ExprId),
    /// `Frame::new(n)` and `frame.number()`: the same register under another type.
    Rename(ExprId),
    Assign {
        place: ExprId,
        value: ExprId,
    },
    AssignBinary {
        operator: Operator,
        place: ExprId,
        value: ExprId,
    },
    Block {
        statements: Vec<Statement>,
        tail: Option<ExprId>,
        label: Option<LoopId>,
    },
    If {
        condition: ExprId,
        then: ExprId,
        otherwise: Option<ExprId>,
    },
    /// `let pattern = value` as a condition.
    Let {
        pattern: Pattern,
        value: ExprId,
    },
    Match {
        value: ExprId,
        arms: Vec<Arm>,
    },
    Loop {
        id: LoopId,
        body: ExprId,
    },
    While {
        id: LoopId,
        condition: ExprId,
        body: ExprId,
    },
    For {
        id: LoopId,
        range: Range,
        body: ExprId,
    },
    Break {
        id: LoopId,
        value: Option<ExprId>,
    },
    Continue {
        id: LoopId,
    },
    Return(Option<ExprId>),
    /// `value?`.
    Try(ExprId),
    Call {
        function: FunctionId,
        arguments: Vec<ExprId>,
    },
    /// A method of a door.
    Ask {
        door: Door,
        method: &'static Method,
        arguments: Vec<ExprId>,
    },
    Intrinsic {
        intrinsic: Intrinsic,
        arguments: Vec<ExprId>,
    },
    /// Fields by number, in the order written.
    Struct(Vec<(usize, ExprId)>),
    Array(Vec<ExprId>),
    Repeat {
        value: ExprId,
        length: u64,
    },
    /// A variant of `Option` (0 `None`, 1 `Some`) or `Result` (0 `Ok`, 1 `Err`).
    Variant {
        index: u32,
        payload: Option<ExprId>,
    },
    /// `unwrap` and `expect`: the payload, or a stop with a message.
    Unwrap {
        value: ExprId,
        message: Rc<str>,
    },
    /// `panic!`: a stop with a message.
    Panic(Rc<str>),
    Log {
        pieces: Vec<String>,
        arguments: Vec<ExprId>,
    },
}

/// What a `for` runs over.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    /// The variable, unless it is `_`.
    pub(crate) variable: Option<LocalId>,
    pub(crate) first: ExprId,
    pub(crate) last: ExprId,
    pub(crate) inclusive: bool,
    /// From the last to the first: `.rev()`.
    pub(crate) backwards: bool,
    /// The distance of `.step_by(…)`, a `usize`.
    pub(crate) step: Option<ExprId>,
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) ty: Type,
    pub(crate) span: Span,
    /// Where its instructions are said to come from.
    pub(crate) at: Span,
    /// Its value is used, rather than its place: it is copied or moved from there.
    pub(crate) taken: bool,
    /// Its value, if it is a scalar that is known at compile time.
    pub(crate) constant: Option<i128>,
}

/// A statement of a block.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    Expr(ExprId),
    /// `let x;`
    Declare(LocalId),
    Let {
        pattern: Pattern,
        value: ExprId,
        otherwise: Option<ExprId>,
    },
}

/// An arm of a `match`.
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub(crate) pattern: Pattern,
    pub(crate) guard: Option<ExprId>,
    pub(crate) body: ExprId,
}

/// A pattern, with the type of what it is matched with.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) kind: PatternKind,
    pub(crate) ty: Type,
    pub(crate) span: Span,
}

/// What a pattern matches.
#[derive(Clone, Debug)]
pub(crate) enum PatternKind {
    /// Anything.
    Wild,
    /// Anything, under a name.
    Binding(LocalId),
    /// Scalars from the one to the other, both included.
    Range(i128, i128),
    /// A variant of `Option` or `Result`.
    Variant {
        index: u32,
        payload: Option<Box<Pattern>>,
    },
    /// One of several.
    Or(Vec<Pattern>),
}

/// A local variable or parameter.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) mutable: bool,
    /// It was declared without a value, and can be given one.
    pub(crate) deferred: bool,
    pub(crate) span: Span,
}

/// The name of a variant of `Option` or `Result`.
pub(crate) fn variant_name(ty: &Type, index: u32) -> &'static str {
    match (ty, index) {
        (Type::Result(..), 0) => "Ok",
        (Type::Result(..), _) => "Err",
        (_, 0) => "None",
        _ => "Some",
    }
}

/// The type of a variant's payload.
pub(crate) fn payload_type(ty: &Type, index: u32) -> Option<&Type> {
    match (ty, index) {
        (Type::Option(payload), 1) | (Type::Result(payload, _), 0) => Some(payload),
        (Type::Result(_, error), 1) => Some(error),
        _ => None,
    }
}
