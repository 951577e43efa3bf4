//! The type of what stands before a dot, by its words.

use crate::check::METHODS;
use crate::items::{Context, Item};
use crate::prelude;
use crate::types::Type;

use super::cursor::Cursor;
use crate::text::Kind;

/// A step of a chain such as `self.frame[slot].number()?`.
#[derive(Debug)]
enum Step<'s> {
    Name(&'s str),
    Call(&'s str),
    Associated(&'s str, &'s str),
    Field(&'s str),
    Method(&'s str),
    Element,
    Try,
}

/// What a chain's first name may be.
pub(super) struct Names<'l> {
    /// The type that `self` and `Self` stand for.
    pub(super) owner: Option<Type>,
    /// The locals, the innermost last.
    pub(super) locals: &'l [(String, Type)],
}

/// The type of the chain that ends before the token `end`.
pub(super) fn type_before(
    cursor: &Cursor<'_>,
    context: &Context<'_>,
    end: usize,
    names: &Names<'_>,
) -> Option<Type> {
    let (steps, _) = steps(cursor, end)?;
    let mut ty = None;
    for step in steps {
        ty = Some(apply(context, names, ty, &step)?);
    }
    ty
}

/// The steps of the chain that ends before the token `end`, and where it begins.
fn steps<'s>(cursor: &Cursor<'s>, end: usize) -> Option<(Vec<Step<'s>>, usize)> {
    let mut steps = Vec::new();
    let mut at = end.checked_sub(1)?;
    loop {
        match (cursor.kind(at)?, cursor.text(at)) {
            (_, "?") => {
                steps.push(Step::Try);
                at = at.checked_sub(1)?;
            }
            (Kind::Close, "]") => {
                steps.push(Step::Element);
                at = cursor.opener(at)?.checked_sub(1)?;
            }
            (Kind::Close, ")") => {
                let name = cursor.opener(at)?.checked_sub(1)?;
                if cursor.kind(name)? != Kind::Word {
                    return None;
                }
                let (text, before) = (cursor.text(name), name.checked_sub(1));
                match before.map(|before| cursor.text(before)) {
                    Some(".") => {
                        steps.push(Step::Method(text));
                        at = name.checked_sub(2)?;
                    }
                    Some("::") => {
                        steps.push(Step::Associated(cursor.text(name.checked_sub(2)?), text));
                        at = name.checked_sub(2)?;
                        break;
                    }
                    _ => {
                        steps.push(Step::Call(text));
                        at = name;
                        break;
                    }
                }
            }
            (Kind::Word, text) => match at.checked_sub(1).map(|before| cursor.text(before)) {
                Some(".") => {
                    steps.push(Step::Field(text));
                    at = at.checked_sub(2)?;
                }
                Some("::") => {
                    steps.push(Step::Associated(cursor.text(at.checked_sub(2)?), text));
                    at = at.checked_sub(2)?;
                    break;
                }
                _ => {
                    steps.push(Step::Name(text));
                    break;
                }
            },
            _ => return None,
        }
    }
    steps.reverse();
    Some((steps, at))
}

/// The type that a reference refers to.
pub(super) fn referent(ty: Type) -> Type {
    match ty {
        Type::Reference { to, .. } => (*to).clone(),
        other => other,
    }
}

fn apply(
    context: &Context<'_>,
    names: &Names<'_>,
    ty: Option<Type>,
    step: &Step<'_>,
) -> Option<Type> {
    let ty = ty.map(referent);
    match (step, ty) {
        (Step::Name("self"), _) => names.owner.clone(),
        (Step::Name(name), _) => {
            let local = names.locals.iter().rev().find(|(known, _)| known == name);
            match local {
                Some((_, ty)) => Some(ty.clone()),
                None => constant(context, None, name),
            }
        }
        (Step::Call(name), _) => result(context, None, name),
        (Step::Associated(of, name), _) => {
            let owner = type_named(context, names, of)?;
            result(context, Some(&owner), name)
                .or_else(|| constant(context, Some(&owner), name))
                .or(Some(owner))
        }
        (Step::Field(name), Some(Type::Struct(named))) => {
            let fields = context.fields(&named);
            let field = fields.iter().find(|field| field.name == *name)?;
            Some(field.ty.clone())
        }
        (Step::Element, Some(Type::Array(element, _))) => Some((*element).clone()),
        (Step::Try, Some(Type::Option(payload) | Type::Result(payload, _))) => {
            Some((*payload).clone())
        }
        (Step::Method(name), Some(ty)) => method(context, &ty, name),
        _ => None,
    }
}

/// The type that a name stands for, `Self` included.
pub(super) fn type_named(context: &Context<'_>, names: &Names<'_>, name: &str) -> Option<Type> {
    match name {
        "Self" => names.owner.clone(),
        _ => context.types.get(name).cloned(),
    }
}

fn constant(context: &Context<'_>, owner: Option<&Type>, name: &str) -> Option<Type> {
    match context.value(owner, name)? {
        Item::Constant(id) => {
            let item = context.constants.get(id.0)?;
            Some(context.resolve_type(item.ty, item.owner.as_ref()))
        }
        Item::Function(_) => None,
    }
}

fn result(context: &Context<'_>, owner: Option<&Type>, name: &str) -> Option<Type> {
    if let (Some(Type::Newtype(newtype)), "new") = (owner, name) {
        return Some(Type::Newtype(*newtype));
    }
    match context.value(owner, name)? {
        Item::Function(id) => Some(context.signature(id)?.result.clone()),
        Item::Constant(_) => None,
    }
}

fn method(context: &Context<'_>, ty: &Type, name: &str) -> Option<Type> {
    match ty {
        Type::Door(door) => {
            let method = door.row().methods.iter().find(|it| it.word.name == name)?;
            Some(context.prelude_type(method.result))
        }
        Type::Struct(_) | Type::Enum(_) => result(context, Some(ty), name),
        Type::Newtype(newtype) if name == "number" => Some(Type::Integer(newtype.of())),
        Type::Integer(integer) => {
            let method = METHODS.iter().find(|method| method.name == name)?;
            Some(method.result(*integer))
        }
        Type::Option(payload) | Type::Result(payload, _) => match name {
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" => Some((**payload).clone()),
            "ok" => Some(Type::Option(payload.clone())),
            "ok_or" => {
                let error = context.prelude_type(prelude::PreludeType::Enum(prelude::SYS_ERROR));
                Some(Type::result((**payload).clone(), error))
            }
            _ => Some(Type::Bool),
        },
        Type::Array(..) if name == "len" => Some(Type::USIZE),
        _ => None,
    }
}
