//! Values at the lines of the function under way that have run and name them: of its variables, and of fields.

use std::rc::Rc;

use exo_policy::services::{Kind as Token, semantic_tokens};
use exo_session::debugger::{Call, Inside, Kind, Value};

use crate::store::Playground;

/// Characters of what stands at a line at which the program does not stand; the rest of it is told where one points.
const LINE_MAX: usize = 72;

/// What stands at each line that has run since the function was called, in order of lines.
pub(super) fn select(playground: &Playground, text: &str, current: u32) -> Rc<[(u32, String)]> {
    let (session, env, side) = (playground.session(), playground.shown, playground.side);
    let Some(inside) = session.inside(env, side) else {
        return Rc::new([]);
    };
    let calls = inside.calls();
    let Some(call) = calls.first() else {
        return Rc::new([]);
    };
    let run = playground.lines_run.as_ref();
    let run = run.map_or(&[][..], |(_, lines)| lines);
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut seen: Vec<(u32, String)> = Vec::new();
    for (line, path) in paths(text) {
        let ran = line == current || run.contains(&line);
        if !ran || seen.iter().any(|(at, it)| *at == line && *it == path) {
            continue;
        }
        let Some(value) = value_of(&inside, call, &path).and_then(|it| written(&it)) else {
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

/// The value that a path of the text leads to; the path may end with an index that is a path itself:
/// `self.table.frame[slot]`.
fn value_of<'run>(inside: &'run Inside<'_>, call: &Call<'run>, path: &str) -> Option<Value<'run>> {
    if let Some((array, index)) = path.strip_suffix(']').and_then(|it| it.split_once('[')) {
        let index = value_of(inside, call, index)?.number()?;
        return value_of(inside, call, array)?.element(u32::try_from(index).ok()?);
    }
    let mut names = path.split('.');
    let first = names.next()?;
    // One that hides another of its name comes later.
    let known = call.variables.iter().rev().find(|it| it.name() == first);
    let mut value = match known {
        Some(known) => *known,
        // The whole state is read from the fields.
        None if first == "self" => {
            let field = names.next()?;
            inside.fields().find(|it| it.name() == field)?
        }
        None => return None,
    };
    for name in names {
        value = value.field(name)?;
    }
    Some(value)
}

/// A value in few words; none of what is known by its name, or has many parts.
fn written(value: &Value<'_>) -> Option<String> {
    (value.kind() == Kind::Word).then(|| value.to_string())
}

/// The paths in a text, each with its line: what could have a value.
fn paths(text: &str) -> Vec<(u32, String)> {
    let tokens = semantic_tokens(text);
    let word = |at: usize| -> Option<(Token, &str)> {
        let token = tokens.get(at)?;
        Some((token.kind, text.get(token.range.clone())?))
    };
    let path = |mut at: usize| -> Option<(String, usize)> {
        let (kind, first) = word(at)?;
        let begins = matches!(kind, Token::Local | Token::Parameter) || first == "self";
        let mut path = begins.then(|| first.to_owned())?;
        at += 1;
        while let (Some((_, ".")), Some((Token::Field, field))) = (word(at), word(at + 1)) {
            path = format!("{path}.{field}");
            at += 2;
        }
        Some((path, at))
    };
    let mut found = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Some((whole, behind)) = path(at) else {
            at += 1;
            continue;
        };
        let between = text.get(counted..token.range.start).unwrap_or_default();
        line += between.bytes().filter(|it| *it == b'\n').count() as u32;
        counted = token.range.start;
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
    use exo_session::debugger::Stride;

    use super::paths;
    use crate::store::Action;
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

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

    #[test]
    fn values_stand_on_lines_that_have_run_and_nothing_is_said_of_what_has_no_parts() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_drop"));
        for _ in 0..4 {
            playground.update(Action::StepLine(Stride::Over));
        }
        let editor = View::of(&playground).editor.clone();
        let current = editor.current_line.unwrap();
        let text = |line: u32| editor.text.lines().nth(line as usize - 1).unwrap();
        let line = |mark: &str| {
            let found = editor.text.lines().position(|it| it.contains(mark));
            found.unwrap() as u32 + 1
        };
        let at = |line: u32| {
            let found = editor.values.iter().find(|(it, _)| *it == line);
            found.map(|(_, words)| words.clone())
        };
        // No frame was free, so that the branch that allocates one has not run.
        for mark in [
            "self.store.bring(sys, page, frame)",
            "self.table.grow(frame)",
        ] {
            assert_eq!(at(line(mark)), None, "{mark}");
        }
        let victim = at(line("let slot = self.victim(sys)")).unwrap();
        assert_eq!(victim, "slot = 0");
        let drop = at(line("sys.tlb_drop(self.table.page[slot])")).unwrap();
        assert!(drop.contains("self.table.page[slot] = 0x"), "{drop}");
        assert!(drop.contains("slot = 0"), "{drop}");
        for (line, words) in &*editor.values {
            assert!(*line <= current, "{line}: {words}");
            assert!(
                !words.contains("Store") && !words.contains("= ?"),
                "{words}"
            );
            assert!(text(*line).contains(words.split([' ', '[']).next().unwrap()));
        }
    }
}
