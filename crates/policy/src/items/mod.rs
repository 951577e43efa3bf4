//! The items of a source, and what is asked of them on demand.
//!
//! Fields, signatures, constants and bodies depend on each other in any order (an array's length is
//! a constant, whose value may need a function), so each is computed when first asked for and kept.

mod attributes;
mod built_in;
mod collect;
mod define;
mod doors;
mod implementations;
mod resolve;
mod signature;

use crate::syntax;
use crate::table::Names;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

pub(crate) use collect::collect;
use define::is_public;
pub(crate) use implementations::role_names;
pub(crate) use signature::Signature;

use crate::check;
use crate::const_eval;
use crate::diagnostic::{Report, Sink, Span};
use crate::layout::StructLayout;
use crate::prelude::RoleRow;
use crate::tree::{Body, ConstantId, FunctionId, Value};
use crate::types::{Named, Type};
use crate::warnings::{Node, Uses};

/// The most constants, constant functions or structs that may wait for each other.
pub(crate) const DEPTH_MAX: u32 = 16;

/// Something that is computed once.
#[derive(Debug, Default)]
pub(crate) enum Query<T> {
    #[default]
    Waiting,
    Running,
    Done(T),
}

/// Which of the derivable traits a type has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Derives {
    pub(crate) clone: bool,
    pub(crate) copy: bool,
    pub(crate) partial_eq: bool,
    pub(crate) eq: bool,
    pub(crate) debug: bool,
}

impl Derives {
    /// What the prelude's types derive.
    pub(crate) const ALL: Derives = Derives {
        clone: true,
        copy: true,
        partial_eq: true,
        eq: true,
        debug: true,
    };
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct FieldItem {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) span: Span,
}

/// A struct.
pub(crate) struct StructItem<'s> {
    pub(crate) named: Named,
    pub(crate) span: Span,
    pub(crate) public: bool,
    pub(crate) derives: Derives,
    /// Written without braces.
    pub(crate) unit: bool,
    pub(crate) syntax: Option<&'s syntax::FieldsNamed<'s>>,
    pub(crate) fields: OnceCell<Vec<FieldItem>>,
    /// Its fields are being resolved just now.
    pub(crate) resolving: Cell<bool>,
    pub(crate) layout: RefCell<Query<Rc<StructLayout>>>,
}

/// An enum without fields.
#[derive(Debug)]
pub(crate) struct EnumItem {
    pub(crate) named: Named,
    pub(crate) derives: Derives,
    pub(crate) variants: Vec<String>,
    pub(crate) public: bool,
    /// Where it is declared, unless it is the prelude's.
    pub(crate) span: Option<Span>,
    /// Where its variants are declared.
    pub(crate) spans: Vec<Span>,
}

/// A constant.
pub(crate) struct ConstantItem<'s> {
    pub(crate) name: String,
    pub(crate) owner: Option<Type>,
    pub(crate) ty: &'s syntax::Type<'s>,
    pub(crate) expr: &'s syntax::Expr<'s>,
    pub(crate) span: Span,
    pub(crate) public: bool,
    value: RefCell<Query<(Type, Rc<Value>)>>,
}

/// A function or method.
pub(crate) struct FunctionItem<'s> {
    pub(crate) name: String,
    pub(crate) owner: Option<Type>,
    pub(crate) syntax: &'s syntax::Signature<'s>,
    pub(crate) block: &'s syntax::Block<'s>,
    pub(crate) span: Span,
    pub(crate) public: bool,
    signature: OnceCell<Rc<Signature>>,
    body: RefCell<Query<Option<Rc<Body>>>>,
}

impl FunctionItem<'_> {
    /// Its name as diagnostics and listings show it.
    pub(crate) fn full_name(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{owner}::{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// What a name of a value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Constant(ConstantId),
    Function(FunctionId),
}

/// The role that a source has, and what implements it.
pub(crate) struct Policy {
    pub(crate) role: &'static RoleRow,
    /// The struct that has it.
    pub(crate) named: Named,
    /// Where the `impl` says so.
    pub(crate) span: Span,
    /// The functions of the role, in its order; nothing for one that is left out.
    pub(crate) upcalls: Vec<Option<FunctionId>>,
}

/// All items of a source.
#[derive(Default)]
pub(crate) struct Context<'s> {
    pub(crate) sink: Sink,
    pub(crate) structs: Vec<StructItem<'s>>,
    pub(crate) enums: Vec<EnumItem>,
    pub(crate) constants: Vec<ConstantItem<'s>>,
    pub(crate) functions: Vec<FunctionItem<'s>>,
    pub(crate) types: Names<Type>,
    /// By [`key`].
    pub(crate) values: Names<Item>,
    /// Parts of the source could not be read, which was reported.
    pub(crate) partial: bool,
    /// The role that the source has.
    pub(crate) policy: Option<Policy>,
    /// The functions and types that are `#[must_use]`.
    pub(crate) must_use: (Vec<FunctionId>, Vec<Type>),
    /// Who uses what, for warnings.
    pub(crate) uses: Uses,
    /// Steps that constants have taken to compute so far.
    pub(crate) steps: Cell<u64>,
    /// That they took too many was said.
    pub(crate) steps_reported: Cell<bool>,
    depth: Cell<u32>,
}

impl<'s> Context<'s> {
    /// The struct of that number.
    pub(crate) fn struct_item(&self, named: &Named) -> Option<&StructItem<'s>> {
        self.structs.get(named.index)
    }

    /// The enum of that number.
    pub(crate) fn enum_item(&self, named: &Named) -> Option<&EnumItem> {
        self.enums.get(named.index)
    }

    /// The function of that number.
    pub(crate) fn function(&self, id: FunctionId) -> Option<&FunctionItem<'s>> {
        self.functions.get(id.0)
    }

    /// The fields of a struct.
    pub(crate) fn fields(&self, named: &Named) -> &[FieldItem] {
        let Some(item) = self.struct_item(named) else {
            return &[];
        };
        if item.fields.get().is_none() {
            if item.resolving.replace(true) {
                return &[];
            }
            let user = Node::Struct(named.index);
            let fields = self.uses.of(user, || self.resolve_fields(item));
            let _ = item.fields.set(fields);
        }
        item.fields.get().map_or(&[], Vec::as_slice)
    }

    /// The free item, or the item of `owner`, of that name.
    pub(crate) fn value(&self, owner: Option<&Type>, name: &str) -> Option<Item> {
        self.values.get(&key(owner, name)).copied()
    }

    /// The names of the free items, or of the items of `owner`.
    pub(crate) fn value_names(&self, owner: Option<&Type>) -> impl Iterator<Item = &str> {
        let owner = key(owner, "");
        self.values
            .keys()
            .filter_map(move |key| key.strip_prefix(owner.as_str()))
    }

    /// The signature of a function.
    pub(crate) fn signature(&self, id: FunctionId) -> Option<Rc<Signature>> {
        let item = self.function(id)?;
        if item.signature.get().is_none() {
            let user = Node::Function(id.0);
            let signature = self.uses.of(user, || self.resolve_signature(item));
            let signature = Rc::new(signature);
            let _ = item.signature.set(signature);
        }
        item.signature.get().cloned()
    }

    /// Runs `work` unless too much waits for its result already.
    pub(crate) fn deeper<T>(&self, span: Span, work: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.depth.get() >= DEPTH_MAX {
            let message = format!("more than {DEPTH_MAX} items are needed to compute each other");
            self.sink
                .add(Report::error(span, message).hint("declare what is used before what uses it"));
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        result
    }

    /// Type and value of a constant; nothing if it has none, which was reported.
    pub(crate) fn constant(&self, id: ConstantId, used: Span) -> Option<(Type, Rc<Value>)> {
        self.uses.note(Node::Constant(id.0));
        let item = self.constants.get(id.0)?;
        match &*item.value.borrow() {
            Query::Done(value) => return Some(value.clone()),
            Query::Running => {
                let message = format!("the value of `{}` is needed to compute itself", item.name);
                self.sink
                    .add(Report::error(item.span, message).code("E0391"));
                return None;
            }
            Query::Waiting => {}
        }
        *item.value.borrow_mut() = Query::Running;
        let (ty, value) = self.uses.of(Node::Constant(id.0), || {
            let ty = self.resolve_type(item.ty, item.owner.as_ref());
            let value = self.deeper(used, || {
                let value = self.evaluate(item.expr, &ty, item.owner.as_ref());
                value.filter(|_| ty != Type::Unknown)
            });
            (ty, value)
        });
        // What failed once is not tried again: an unknown type says that it was reported.
        let done = match value {
            Some(value) => (ty, Rc::new(value)),
            None => (Type::Unknown, Rc::new(Value::Unit)),
        };
        *item.value.borrow_mut() = Query::Done(done.clone());
        Some(done)
    }

    /// The value of an expression that has to be constant.
    pub(crate) fn evaluate(
        &self,
        expr: &syntax::Expr<'_>,
        ty: &Type,
        owner: Option<&Type>,
    ) -> Option<Value> {
        let errors = self.sink.errors();
        let body = check::constant(self, expr, ty, owner)?;
        self.uses.note_body(&body);
        if self.sink.errors() > errors {
            return None;
        }
        const_eval::evaluate(self, &body)
    }

    /// The checked body of a function; nothing if it has errors, which were reported.
    pub(crate) fn body(&self, id: FunctionId) -> Option<Rc<Body>> {
        let item = self.function(id)?;
        match &*item.body.borrow() {
            Query::Done(body) => return body.clone(),
            Query::Running => {
                let message = format!("`{}` is needed to compute itself", item.full_name());
                self.sink
                    .add(Report::error(item.span, message).code("E0391"));
                return None;
            }
            Query::Waiting => {}
        }
        *item.body.borrow_mut() = Query::Running;
        let errors = self.sink.errors();
        let body = self
            .signature(id)
            .and_then(|signature| {
                self.uses.of(Node::Function(id.0), || {
                    let body = check::function(self, item, &signature);
                    body.iter().for_each(|body| self.uses.note_body(body));
                    body
                })
            })
            .filter(|_| self.sink.errors() == errors)
            .map(Rc::new);
        *item.body.borrow_mut() = Query::Done(body.clone());
        body
    }

    /// Whether a name stands for a constant or type, so that a variable cannot have it.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        matches!(self.value(None, name), Some(Item::Constant(_)))
            || self.types.contains_key(name)
            || matches!(name, "None" | "Some" | "Ok" | "Err")
    }

    /// Whether values of a type are copied where they are used.
    pub(crate) fn is_copy(&self, ty: &Type) -> bool {
        match ty {
            Type::Struct(named) => self.struct_item(named).is_none_or(|item| item.derives.copy),
            Type::Enum(named) => self.enum_item(named).is_none_or(|item| item.derives.copy),
            Type::Array(element, _) | Type::Option(element) => self.is_copy(element),
            Type::Result(value, error) => self.is_copy(value) && self.is_copy(error),
            Type::Door(_) => false,
            Type::Reference { mutable, .. } => !mutable,
            _ => true,
        }
    }

    /// Whether values of a type can be compared with `==`.
    pub(crate) fn is_comparable(&self, ty: &Type) -> bool {
        match ty {
            Type::Struct(named) => self
                .struct_item(named)
                .is_none_or(|item| item.derives.partial_eq),
            Type::Enum(named) => self
                .enum_item(named)
                .is_none_or(|item| item.derives.partial_eq),
            Type::Array(element, _) | Type::Option(element) => self.is_comparable(element),
            Type::Result(value, error) => self.is_comparable(value) && self.is_comparable(error),
            Type::Door(_) | Type::Reference { .. } => false,
            _ => true,
        }
    }
}

/// What an item is found by: the name of the type that has it (empty for a free item) and its own.
pub(crate) fn key(owner: Option<&Type>, name: &str) -> String {
    let owner = owner.map(ToString::to_string).unwrap_or_default();
    owner + "\0" + name
}
