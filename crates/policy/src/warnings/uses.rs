//! Who uses what: functions, constants, types, fields and variants.

use crate::table::{Key, Set, Table};
use std::cell::RefCell;

use crate::diagnostic::Span;
use crate::items::Context;
use crate::tree::{Body, ExprId, ExprKind};
use crate::types::{Named, Type};

/// Something that can be used, by its number; a field or variant also by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    Function(usize),
    Constant(usize),
    Struct(usize),
    Enum(usize),
    Field(usize, usize),
    Variant(usize, usize),
}

impl Key for Node {
    fn numbers(self) -> (u64, u64) {
        let (kind, number, position) = match self {
            Node::Function(number) => (0, number, 0),
            Node::Constant(number) => (1, number, 0),
            Node::Struct(number) => (2, number, 0),
            Node::Enum(number) => (3, number, 0),
            Node::Field(number, position) => (4, number, position),
            Node::Variant(number, position) => (5, number, position),
        };
        (number as u64, position as u64 * 6 + kind)
    }
}

/// Who uses what, as far as it was checked.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// What is being checked, innermost last.
    checked: RefCell<Vec<Node>>,
    edges: RefCell<Table<Node, Vec<Node>>>,
}

impl Uses {
    /// Runs `work`, whose uses are those of `user`.
    pub(crate) fn of<T>(&self, user: Node, work: impl FnOnce() -> T) -> T {
        self.checked.borrow_mut().push(user);
        let result = work();
        self.checked.borrow_mut().pop();
        result
    }

    /// Notes that what is being checked uses `used`.
    pub(crate) fn note(&self, used: Node) {
        if let Some(user) = self.checked.borrow().last() {
            let mut edges = self.edges.borrow_mut();
            match edges.get_mut(*user) {
                Some(known) if known.last() == Some(&used) => {}
                Some(known) => known.push(used),
                None => edges.insert(*user, vec![used]),
            }
        }
    }

    /// Notes that what is being checked names a type.
    pub(crate) fn note_type(&self, ty: &Type) {
        match ty {
            Type::Struct(named) => self.note(Node::Struct(named.index)),
            Type::Enum(named) => self.note(Node::Enum(named.index)),
            _ => {}
        }
    }

    /// Notes all that a body uses but its constants, which it holds no more.
    pub(crate) fn note_body(&self, body: &Body) {
        // What a pattern names lies in the tree as well, but is not a part of the value.
        let mut waiting: Vec<ExprId> = body.value.into_iter().collect();
        while let Some(id) = waiting.pop() {
            body.children(id, &mut |child| waiting.push(child));
            let Some(expr) = body.expr(id) else { continue };
            match (&expr.kind, &expr.ty) {
                (ExprKind::Call { function, .. }, _) => self.note(Node::Function(function.0)),
                (ExprKind::Literal(value), Type::Enum(Named { index, .. })) => {
                    self.note(Node::Enum(*index));
                    if let Ok(variant) = usize::try_from(*value) {
                        self.note(Node::Variant(*index, variant));
                    }
                }
                (ExprKind::Struct(_), ty) => self.note_type(ty),
                (ExprKind::Field { base, field }, _) => {
                    if let Some(owner) = struct_of(body, *base) {
                        self.note(Node::Field(owner, *field));
                    }
                }
                _ => {}
            }
        }
    }

    /// All that is reached from `roots`, which is used.
    pub(super) fn reached(&self, roots: Vec<Node>) -> Set<Node> {
        let edges = self.edges.borrow();
        let mut reached = Set::default();
        for root in &roots {
            reached.insert(*root);
        }
        let mut waiting = roots;
        while let Some(user) = waiting.pop() {
            for used in edges.get(user).into_iter().flatten() {
                if reached.insert(*used) {
                    waiting.push(*used);
                }
            }
        }
        reached
    }
}

/// The number of the struct whose field is taken.
fn struct_of(body: &Body, base: ExprId) -> Option<usize> {
    match &body.expr(base)?.ty {
        Type::Struct(named) => Some(named.index),
        Type::Reference { to, .. } => match &**to {
            Type::Struct(named) => Some(named.index),
            _ => None,
        },
        _ => None,
    }
}

impl Context<'_> {
    /// What every run of the policy uses: its handlers, its first state, and what is `pub`; and what
    /// may lie unused, by an attribute.
    pub(super) fn roots(&self) -> Vec<Node> {
        let mut roots: Vec<Node> = Vec::new();
        if let Some(policy) = &self.policy {
            let upcalls = policy.upcalls.iter().flatten();
            roots.extend(upcalls.map(|id| Node::Function(id.0)));
            roots.push(Node::Struct(policy.named.index));
        }
        let policy = self.policy.as_ref().map(|policy| policy.named.index);
        let owned = |owner: &Option<Type>| match owner {
            Some(Type::Struct(named)) => Some(named.index) == policy,
            _ => false,
        };
        let exported = |owner: &Option<Type>| match owner {
            None => true,
            Some(Type::Struct(named)) => {
                Some(named.index) == policy
                    || self.struct_item(named).is_some_and(|item| item.public)
            }
            Some(Type::Enum(named)) => self.enum_item(named).is_some_and(|item| item.public),
            Some(_) => true,
        };
        let kept = |public: bool, span: Span| public || self.sink.is_silent("dead_code", span);
        let functions = self.functions.iter().enumerate();
        let functions = functions.filter(|(_, item)| {
            kept(item.public && exported(&item.owner), item.span)
                || item.name == "new" && owned(&item.owner)
        });
        roots.extend(functions.map(|(index, _)| Node::Function(index)));
        let constants = self.constants.iter().enumerate();
        let constants =
            constants.filter(|(_, item)| kept(item.public && exported(&item.owner), item.span));
        roots.extend(constants.map(|(index, _)| Node::Constant(index)));
        let structs = self.structs.iter().enumerate();
        let structs = structs.filter(|(_, item)| kept(item.public, item.span));
        roots.extend(structs.map(|(index, _)| Node::Struct(index)));
        let enums = self.enums.iter().enumerate();
        let enums = enums
            .filter(|(_, item)| item.public || item.span.is_some_and(|span| kept(false, span)));
        roots.extend(enums.map(|(index, _)| Node::Enum(index)));
        roots
    }
}
