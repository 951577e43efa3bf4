//! Values at the lines of the function under way that name them: of its variables, and of fields.

use std::collections::BTreeMap;
use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_policy::services::{Kind, place, semantic_tokens};
use exo_session::Session;
use exo_session::debugger::{CallView, FieldView, Side, ValueView};

use crate::store::Playground;

/// Characters of what stands at one line.
const LINE_MAX: usize = 72;

/// What stands at each line, in order of lines; `current` is where the program stands.
pub(super) fn select(playground: &Playground, text: &str, current: u32) -> Rc<[(u32, String)]> {
    let (session, env, side) = (playground.session(), playground.shown, playground.side);
    let calls = session.calls(env, side);
    let Some(call) = calls.first() else {
        return Rc::new([]);
    };
    let first = first_line(session, env, side, call).unwrap_or(current);
    let named = Named::of(call, &session.fields(env, side));
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut seen = Vec::new();
    for (line, path) in paths(text) {
        if !(first..=current).contains(&line) {
            continue;
        }
        let Some(value) = named
            .value(&path)
            .filter(|_| !seen.contains(&(line, path.clone())))
        else {
            continue;
        };
        let one = format!("{path} = {value}");
        seen.push((line, path));
        match lines.last_mut().filter(|(last, _)| *last == line) {
            Some((_, all)) if all.chars().count() + one.chars().count() > LINE_MAX => {}
            Some((_, all)) => *all = format!("{all} · {one}"),
            None => lines.push((line, one)),
        }
    }
    lines.into()
}

/// The first line of the function of a call.
fn first_line(session: &Session, env: EnvId, side: Side, call: &CallView) -> Option<u32> {
    let program = session.program_of(env, side)?;
    let at = program
        .functions
        .iter()
        .position(|it| it.name == call.function)?;
    let entry = program.functions[at].entry as usize;
    let next = program
        .functions
        .get(at + 1)
        .map_or(usize::MAX, |it| it.entry as usize);
    let places = program.places.get(entry..next.min(program.places.len()))?;
    places
        .iter()
        .map(|place| place.line)
        .filter(|line| *line > 0)
        .min()
}

/// Values by the paths that a program writes: `slot`, `fault.page`, `self.table.used`.
struct Named {
    values: BTreeMap<String, String>,
    arrays: BTreeMap<String, Vec<ValueView>>,
}

impl Named {
    fn of(call: &CallView, fields: &[FieldView]) -> Named {
        let mut named = Named {
            values: BTreeMap::new(),
            arrays: BTreeMap::new(),
        };
        // One that hides another of its name comes later.
        for variable in &call.variables {
            named.put(variable.name.clone(), &variable.value);
        }
        // A method's `self` may be a part of the whole state; only the whole is read from the fields.
        if !call
            .variables
            .iter()
            .any(|it| it.name == "self" && is_struct(&it.value))
        {
            for field in fields {
                named.put(format!("self.{}", field.name), &field.value);
            }
        }
        named
    }

    fn put(&mut self, path: String, value: &ValueView) {
        match value {
            ValueView::Struct { fields, .. } if !fields.is_empty() => {
                for field in fields {
                    self.put(format!("{path}.{}", field.name), &field.value);
                }
            }
            ValueView::Array { elements, .. } => {
                self.arrays.insert(path, elements.clone());
            }
            ValueView::Unknown => {}
            value => {
                self.values.insert(path, value.to_string());
            }
        }
    }

    /// The value of a path, which may end with an index that is a path itself: `self.frame[slot]`.
    fn value(&self, path: &str) -> Option<String> {
        if let Some((array, index)) = path.strip_suffix(']').and_then(|it| it.split_once('[')) {
            let index: usize = self.values.get(index)?.parse().ok()?;
            return self.arrays.get(array)?.get(index).map(ValueView::to_string);
        }
        self.values.get(path).cloned()
    }
}

fn is_struct(value: &ValueView) -> bool {
    matches!(value, ValueView::Struct { .. })
}

/// The paths in a text, each with its line: what could have a value.
fn paths(text: &str) -> Vec<(u32, String)> {
    let tokens = semantic_tokens(text);
    let word = |at: usize| -> Option<(Kind, &str)> {
        let token = tokens.get(at)?;
        Some((token.kind, text.get(token.range.clone())?))
    };
    let path = |mut at: usize| -> Option<(String, usize)> {
        let (kind, first) = word(at)?;
        let begins = matches!(kind, Kind::Local | Kind::Parameter) || first == "self";
        let mut path = begins.then(|| first.to_owned())?;
        at += 1;
        while let (Some((_, ".")), Some((Kind::Field, field))) = (word(at), word(at + 1)) {
            path = format!("{path}.{field}");
            at += 2;
        }
        Some((path, at))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((whole, behind)) = path(at) else {
            at += 1;
            continue;
        };
        let line = place(text, tokens[at].range.start).line;
        if let (Some((_, "[")), Some((index, end))) = (word(behind), path(behind + 1))
            && matches!(word(end), Some((_, "]")))
        {
            found.push((line, format!("{whole}[{index}]")));
            // The index has a value of its own.
            at = behind;
        } else {
            found.push((line, whole));
            at = behind;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn paths_are_read_with_their_fields_and_an_index_and_calls_are_none() {
        let text = "fn f(&mut self, page: u32) {\n    let slot = self.table.used;\n    self.frame[slot] = g(page);\n}";
        let found = paths(text);
        let at = |line| -> Vec<&str> {
            let here = found.iter().filter(|(number, _)| *number == line);
            here.map(|(_, path)| path.as_str()).collect()
        };
        assert_eq!(at(2), ["slot", "self.table.used"]);
        assert_eq!(at(3), ["self.frame[slot]", "slot", "page"]);
    }
}
