//! Makes bytecode of the typed tree.

mod assembler;
mod bounded;
mod call;
mod compare;
mod control;
mod division;
mod door;
mod element;
mod function;
mod homes;
mod immediate;
mod intrinsic;
mod labels;
mod lent;
mod loops;
mod memory;
mod operation;
mod pattern;
mod place;
mod types;
mod value;
mod variant;

use exo_core::cpu::{Entry, Program};

use crate::const_eval;
use crate::diagnostic::{Report, Span};
use crate::items::{Context, Item, role_names};
use crate::tree::{ConstantId, FunctionId, Value};
use crate::types::{Named, Type};
use assembler::Assembler;

/// Checks everything and makes the program; nothing if there are errors, which were reported.
pub(crate) fn program(context: &Context<'_>) -> Option<Program> {
    check_items(context);
    if context.partial {
        return None;
    }
    let Some(role) = &context.policy else {
        let message = format!(
            "this source has no role: an `impl … for …` of {} is missing",
            role_names()
        );
        let hint = "write `impl LibOs for Policy { fn page_fault(…) … }`";
        context
            .sink
            .add(Report::error(Span::top(), message).hint(hint));
        return None;
    };
    let policy = &role.named;
    let fields = context.state_fields(policy);
    if context.sink.errors() > 0 {
        return None;
    }
    let (mut fields, size) = fields?;
    let value = first_state(context, policy)?;
    let mut initial_state = vec![0; usize::try_from(size).ok()?];
    let ty = Type::Struct(policy.clone());
    context.write_value(&ty, &value, 0, &mut initial_state);

    let mut assembler = Assembler::new(size);
    let entries: Vec<(Entry, u16)> = role
        .role
        .upcalls
        .iter()
        .zip(&role.upcalls)
        .filter_map(|(row, function)| Some((row.entry, assembler.number((*function)?))))
        .collect();
    for (index, _) in context.functions.iter().enumerate() {
        let id = FunctionId(index);
        if context
            .signature(id)
            .is_some_and(|signature| !signature.is_const)
        {
            assembler.number(id);
        }
    }
    assembler.assemble(context);
    assembler.write_tables(context, &mut initial_state)?;
    for (field, declared) in fields.iter_mut().zip(context.fields(policy)) {
        field.ty = assembler.types.number(context, &declared.ty);
    }
    let program = assembler.finish(context)?;
    Some(Program {
        name: policy.name.to_string(),
        fields,
        initial_state,
        role: role.role.role,
        entries,
        ..program
    })
}

/// Checks every item once, used or not.
fn check_items(context: &Context<'_>) {
    for item in context.structs.iter().filter(|item| item.syntax.is_some()) {
        context.check_derives(&item.named);
        context.struct_layout(&item.named);
        for field in context.fields(&item.named) {
            if let Some(why) = context.unstorable(&field.ty) {
                context
                    .sink
                    .add(Report::error(field.span, why).hint("keep an `Option`"));
            }
        }
    }
    for (index, item) in context.constants.iter().enumerate() {
        context.constant(ConstantId(index), item.span);
    }
    for index in 0..context.functions.len() {
        context.body(FunctionId(index));
    }
    context.check_role();
}

/// What `new()` makes.
fn first_state(context: &Context<'_>, policy: &Named) -> Option<Value> {
    let ty = Type::Struct(policy.clone());
    let text = format!("pub const fn new() -> {}", policy.name);
    let Some(Item::Function(id)) = context.value(Some(&ty), "new") else {
        let span = context
            .struct_item(policy)
            .map_or_else(Span::top, |item| item.span);
        let message = format!(
            "`{}` has no `new()`, which makes its first state",
            policy.name
        );
        let hint = format!("write `{text} {{ … }}` in `impl {}`", policy.name);
        context.sink.add(Report::error(span, message).hint(hint));
        return None;
    };
    let signature = context.signature(id)?;
    let fits = signature.is_const && signature.parameters.is_empty() && signature.result == ty;
    if !fits {
        let span = context
            .function(id)
            .map_or_else(Span::top, |item| item.span);
        let message = "`new` is computed before the policy runs, and takes nothing";
        context
            .sink
            .add(Report::error(span, message).hint(format!("write `{text}`")));
        return None;
    }
    let body = context.body(id)?;
    const_eval::evaluate(context, &body)
}
