//! The types of generated programs, and what a program declares.

use exo_core::error::SysError;

/// An integer type of the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `usize`, 64 bits everywhere.
    Usize,
}

impl Integer {
    /// All of them.
    pub const ALL: [Integer; 7] = [
        Integer::U8,
        Integer::U16,
        Integer::U32,
        Integer::U64,
        Integer::I32,
        Integer::I64,
        Integer::Usize,
    ];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Integer::U8 => "u8",
            Integer::U16 => "u16",
            Integer::U32 => "u32",
            Integer::U64 => "u64",
            Integer::I32 => "i32",
            Integer::I64 => "i64",
            Integer::Usize => "usize",
        }
    }

    /// Its width.
    pub fn bits(self) -> u32 {
        match self {
            Integer::U8 => 8,
            Integer::U16 => 16,
            Integer::U32 | Integer::I32 => 32,
            Integer::U64 | Integer::I64 | Integer::Usize => 64,
        }
    }

    /// Whether it has negative values.
    pub fn signed(self) -> bool {
        matches!(self, Integer::I32 | Integer::I64)
    }

    /// Its greatest value.
    pub fn max(self) -> i128 {
        (1 << (self.bits() - u32::from(self.signed()))) - 1
    }

    /// Its least value.
    pub fn min(self) -> i128 {
        if self.signed() { -self.max() - 1 } else { 0 }
    }
}

/// A type of the subset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `()`.
    Unit,
    /// `bool`.
    Bool,
    /// An integer.
    Integer(Integer),
    /// `Frame`.
    Frame,
    /// One of [`Items::enums`].
    Enum(usize),
    /// One of [`Items::structs`].
    Struct(usize),
    /// `Option<…>`.
    Option(Box<Type>),
    /// `Result<…, SysError>`.
    Result(Box<Type>),
    /// `[…; …]`.
    Array(Box<Type>, usize),
    /// `&…`, or `&mut …`: of parameters alone.
    Lent(Box<Type>, bool),
}

impl Type {
    /// The type of indices.
    pub const USIZE: Type = Type::Integer(Integer::Usize);

    /// `Option<ty>`.
    pub fn option(ty: Type) -> Type {
        Type::Option(Box::new(ty))
    }

    /// `Result<ty, SysError>`.
    pub fn result(ty: Type) -> Type {
        Type::Result(Box::new(ty))
    }
}

/// An enum: the prelude's, or the program's own.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Name.
    pub name: String,
    /// Variants, without payload.
    pub variants: Vec<String>,
}

/// A struct of the program, or `Fault`.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Name.
    pub name: String,
    /// Fields in order.
    pub fields: Vec<(String, Type)>,
}

/// A constant of the program.
#[derive(Clone, Debug)]
pub struct Constant {
    /// How it is named where it is used.
    pub path: String,
    /// Its type.
    pub ty: Type,
}

/// What a function is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A function of the file.
    Nothing,
    /// `Type::name(…)`, of a struct.
    Of(usize),
    /// `self`, a struct by value.
    Value(usize),
    /// `&self`, or `&mut self`, of a struct.
    Place(usize, bool),
    /// `&self` of the policy.
    Shared,
    /// `&mut self` of the policy.
    Mutable,
}

/// A function that can be called.
#[derive(Clone, Debug)]
pub struct Function {
    /// Name.
    pub name: String,
    /// What it is called on.
    pub receiver: Receiver,
    /// Whether its first parameter is `sys: &mut Sys`.
    pub asks: bool,
    /// Its other parameters.
    pub parameters: Vec<Type>,
    /// Its result.
    pub result: Type,
    /// About how many statements one call runs.
    pub cost: u32,
}

/// Place of `SysError` among the enums.
pub const SYS_ERROR: usize = 0;
/// Place of `Access` among the enums.
pub const ACCESS: usize = 1;
/// Enums of the prelude, which come first.
fn prelude_enums() -> [(&'static str, Vec<&'static str>); 3] {
    let refusals = SysError::ALL.iter().map(|it| it.name());
    [
        ("SysError", refusals.collect()),
        ("Access", vec!["Read", "ReadWrite"]),
        ("Cause", vec!["Miss", "Protection"]),
    ]
}

/// All that a program declares.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// Enums, the prelude's first.
    pub enums: Vec<Enum>,
    /// Structs.
    pub structs: Vec<Struct>,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Functions written so far.
    pub functions: Vec<Function>,
    /// The policy's fields.
    pub fields: Vec<(String, Type)>,
}

impl Items {
    /// Only the prelude.
    pub fn prelude() -> Items {
        let enums = prelude_enums().map(|(name, variants)| Enum {
            name: name.to_string(),
            variants: variants.into_iter().map(str::to_string).collect(),
        });
        Items {
            enums: enums.into(),
            ..Items::default()
        }
    }

    /// Words that a value takes at most, if each of its parts takes one of its own.
    pub fn words(&self, ty: &Type) -> usize {
        match ty {
            Type::Struct(index) => {
                let fields = self.structs[*index].fields.iter();
                fields.map(|(_, ty)| self.words(ty)).sum()
            }
            Type::Option(inner) | Type::Result(inner) => 1 + self.words(inner),
            Type::Array(inner, length) => length * self.words(inner),
            _ => 1,
        }
    }

    /// A type as it is written.
    pub fn text(&self, ty: &Type) -> String {
        match ty {
            Type::Unit => "()".to_string(),
            Type::Bool => "bool".to_string(),
            Type::Integer(integer) => integer.name().to_string(),
            Type::Frame => "Frame".to_string(),
            Type::Enum(index) => self.enums[*index].name.clone(),
            Type::Struct(index) => self.structs[*index].name.clone(),
            Type::Option(inner) => format!("Option<{}>", self.text(inner)),
            Type::Result(inner) => format!("Result<{}, SysError>", self.text(inner)),
            Type::Array(inner, length) => format!("[{}; {length}]", self.text(inner)),
            Type::Lent(inner, true) => format!("&mut {}", self.text(inner)),
            Type::Lent(inner, false) => format!("&{}", self.text(inner)),
        }
    }
}
