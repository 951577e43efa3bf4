//! Items that nothing uses, fields that nothing reads, variants that nothing makes.

use crate::syntax;
use crate::table::Set;

use super::Node;
use crate::diagnostic::{Report, Span};
use crate::items::{Context, FunctionItem};

pub(super) fn check(context: &Context<'_>) {
    let reached = context.uses.reached(context.roots());
    let unused = |node: Node| !reached.contains(node);
    let say = |span: Span, message: String| {
        let report = Report::warning(span, "dead_code", message);
        context
            .sink
            .add(report.hint("delete it, if it is not needed"));
    };
    for (index, item) in context.functions.iter().enumerate() {
        if unused(Node::Function(index)) && !item.name.starts_with('_') {
            let what = kind(context, item, index);
            say(item.span, format!("{what} `{}` is never used", item.name));
        }
    }
    for (index, item) in context.constants.iter().enumerate() {
        if unused(Node::Constant(index)) && !item.name.starts_with('_') {
            let what = match item.owner {
                Some(_) => "associated constant",
                None => "constant",
            };
            say(item.span, format!("{what} `{}` is never used", item.name));
        }
    }
    structs(context, &reached, &say);
    enums(context, &reached, &say);
}

fn kind(context: &Context<'_>, item: &FunctionItem<'_>, index: usize) -> &'static str {
    let signature = context.signature(crate::tree::FunctionId(index));
    match (&item.owner, signature) {
        (Some(_), Some(signature)) if signature.has_receiver => "method",
        (Some(_), _) => "associated function",
        (None, _) => "function",
    }
}

fn structs(context: &Context<'_>, reached: &Set<Node>, say: &dyn Fn(Span, String)) {
    let items = context.structs.iter().enumerate();
    // Those of the prelude have no syntax and no place.
    for (index, item) in items.filter(|(_, item)| item.span != Span::top()) {
        let name = &item.named.name;
        if name.starts_with('_') {
            continue;
        }
        if !reached.contains(Node::Struct(index)) {
            say(item.span, format!("struct `{name}` is never constructed"));
            continue;
        }
        let public = |position: usize| {
            let fields = item.syntax.and_then(|syntax| syntax.named.get(position));
            fields.is_some_and(|field| matches!(field.vis, syntax::Visibility::Public(_)))
        };
        for (position, field) in context.fields(&item.named).iter().enumerate() {
            let read = reached.contains(Node::Field(index, position));
            let exported = item.public && public(position);
            if !read && !exported && !field.name.starts_with('_') {
                say(field.span, format!("field `{}` is never read", field.name));
            }
        }
    }
}

fn enums(context: &Context<'_>, reached: &Set<Node>, say: &dyn Fn(Span, String)) {
    for (index, item) in context.enums.iter().enumerate() {
        let Some(span) = item.span else { continue };
        let name = &item.named.name;
        if !reached.contains(Node::Enum(index)) {
            say(span, format!("enum `{name}` is never used"));
            continue;
        }
        for (position, (variant, span)) in item.variants.iter().zip(&item.spans).enumerate() {
            if !item.public && !reached.contains(Node::Variant(index, position)) {
                say(*span, format!("variant `{variant}` is never constructed"));
            }
        }
    }
}
