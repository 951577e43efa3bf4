//! Whether patterns cover every value.

use crate::items::Context;
use crate::order;
use crate::tree::{Pattern, PatternKind, variant_name};
use crate::types::{Integer, Type};

/// A value that none of `patterns` matches, in words; nothing if they cover every value.
pub(super) fn missing(context: &Context<'_>, ty: &Type, patterns: &[&Pattern]) -> Option<String> {
    let mut flat = Vec::new();
    for pattern in patterns {
        flatten(pattern, &mut flat);
    }
    let covers =
        |pattern: &&Pattern| matches!(pattern.kind, PatternKind::Wild | PatternKind::Binding(_));
    if flat.iter().any(covers) {
        return None;
    }
    match ty {
        Type::Unknown | Type::Never | Type::Variable(_) | Type::IntegerVariable(_) => None,
        Type::Option(payload) => variants(context, ty, &flat, &[None, Some(payload)]),
        Type::Result(value, error) => variants(context, ty, &flat, &[Some(value), Some(error)]),
        Type::Bool => gap(&flat, 0, 1).map(|value| (value == 1).to_string()),
        // However wide it is where rustc compiles it, only `_` or `n..` cover the rest of it.
        Type::Integer(Integer::Usize) => {
            let (first, last) = (Integer::Usize.min(), Integer::Usize.max());
            let value = gap(&flat, first, last + 1)?;
            Some(match value > last {
                true => "usize::MAX..".to_string(),
                false => value.to_string(),
            })
        }
        Type::Integer(integer) => {
            gap(&flat, integer.min(), integer.max()).map(|value| value.to_string())
        }
        Type::Enum(named) => {
            let variants = &context.enum_item(named)?.variants;
            let value = gap(&flat, 0, variants.len() as i128 - 1)?;
            let variant = usize::try_from(value)
                .ok()
                .and_then(|value| variants.get(value))?;
            Some(format!("{}::{variant}", named.name))
        }
        _ => Some("_".to_string()),
    }
}

fn flatten<'p>(pattern: &'p Pattern, flat: &mut Vec<&'p Pattern>) {
    match &pattern.kind {
        PatternKind::Or(cases) => cases.iter().for_each(|case| flatten(case, flat)),
        _ => flat.push(pattern),
    }
}

fn variants(
    context: &Context<'_>,
    ty: &Type,
    flat: &[&Pattern],
    payloads: &[Option<&std::rc::Rc<Type>>; 2],
) -> Option<String> {
    for (index, payload) in (0..).zip(payloads) {
        let mut inner = Vec::new();
        let mut whole = false;
        for pattern in flat {
            match &pattern.kind {
                PatternKind::Variant { index: of, payload } if *of == index => match payload {
                    Some(pattern) => inner.push(&**pattern),
                    None => whole = true,
                },
                _ => {}
            }
        }
        let name = variant_name(ty, index);
        match payload {
            _ if whole => {}
            None => return Some(name.to_string()),
            Some(_) if inner.is_empty() => return Some(format!("{name}(_)")),
            Some(payload) => {
                if let Some(value) = missing(context, payload, &inner) {
                    return Some(format!("{name}({value})"));
                }
            }
        }
    }
    None
}

/// The least value from `first` to `last` that no range covers.
fn gap(flat: &[&Pattern], first: i128, last: i128) -> Option<i128> {
    let ranges: Vec<(i128, i128)> = flat
        .iter()
        .filter_map(|pattern| match pattern.kind {
            PatternKind::Range(from, to) => Some((from, to)),
            _ => None,
        })
        .collect();
    let ranges = order::sorted(ranges, Ord::cmp);
    let mut next = first;
    for (from, to) in ranges {
        if from > next {
            break;
        }
        next = next.max(to.saturating_add(1));
    }
    (next <= last).then_some(next)
}
