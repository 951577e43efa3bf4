//! The policy from inside: its bytecode, or the values of its fields and variables.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::Session;
use exo_session::debugger::{CallView, HandlerLine, HandlerRun, Side, ValueView, rows};

use crate::store::{Face, ListingRow, Playground};

/// What is shown in the text's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InsideView {
    /// Nothing: the text itself is shown.
    Source,
    /// The program that runs.
    Bytecode {
        /// Its rows.
        rows: Rc<[ListingRow]>,
        /// The instruction that it completes next, if it is under way.
        current: Option<u32>,
    },
    /// Fields and variables.
    Values(Vec<ValueGroup>),
}

/// Values that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueGroup {
    /// What they belong to.
    pub title: String,
    /// Name and value, as Rust would write it.
    pub rows: Vec<(String, String)>,
    /// What to say where there are none.
    pub empty: &'static str,
}

pub(super) fn select(playground: &Playground) -> InsideView {
    let (session, env) = (playground.session(), playground.shown);
    match playground.face {
        Face::Source => InsideView::Source,
        Face::Bytecode => InsideView::Bytecode {
            rows: playground
                .listing
                .as_ref()
                .map_or_else(|| [].into(), |listing| listing.rows.clone()),
            current: instruction(session, env, playground.side),
        },
        Face::Values => {
            let run = playground.handler.as_ref().filter(|run| run.env == env);
            let mut groups = run.map(lines).unwrap_or_default();
            groups.extend(side(session, env, Side::LibOs, "libOS"));
            groups.extend(side(session, env, Side::Application, "program"));
            InsideView::Values(groups)
        }
    }
}

/// The instruction that a handler, or the application, completes next.
fn instruction(session: &Session, env: EnvId, side: Side) -> Option<u32> {
    let environment = session.machine().environment(env)?;
    match side {
        Side::LibOs => environment.in_handler().then(|| environment.context.pc()),
        Side::Application => Some(environment.process.as_ref()?.context.pc()),
    }
}

/// The lines that a message handler has gone through: a group for each stretch within one function.
fn lines(run: &HandlerRun) -> Vec<ValueGroup> {
    let stretches = run
        .lines
        .chunk_by(|one, next| one.function == next.function);
    let groups = stretches.map(|lines| {
        let row = |it: &HandlerLine| {
            let changes = it
                .changes
                .iter()
                .map(|(name, value)| format!("  // {name} = {value}"));
            (
                it.line.to_string(),
                changes.fold(it.text.clone(), |text, it| text + &it),
            )
        };
        let function = lines.first().map_or("", |it| &it.function);
        ValueGroup {
            title: format!("{function} of {}, as it ran for the packet", run.name),
            rows: lines.iter().map(row).collect(),
            empty: "",
        }
    });
    groups.collect()
}

/// Fields of one program, and its calls under way.
fn side(session: &Session, env: EnvId, side: Side, what: &str) -> Vec<ValueGroup> {
    let Some(program) = session.program_of(env, side) else {
        return Vec::new();
    };
    let fields = ValueGroup {
        title: format!("Fields of {}, the {what}", program.name),
        rows: rows(session.fields(env, side).iter()),
        empty: "It has no fields.",
    };
    let calls = session.calls(env, side);
    // The whole state, lent as `self`, stands below as fields.
    let is_whole = |value: &ValueView| matches!(value, ValueView::Struct { name, .. } if *name == program.name);
    let call = |call: &CallView| ValueGroup {
        title: format!("{}, at line {}", call.function, call.place.line),
        rows: rows(call.variables.iter().filter(|it| !is_whole(&it.value))),
        empty: "No variable has a value here.",
    };
    let mut groups: Vec<ValueGroup> = calls.iter().map(call).collect();
    if groups.is_empty() {
        groups.push(ValueGroup {
            title: format!("Calls of the {what}"),
            rows: Vec::new(),
            empty: "None is under way at this step.",
        });
    }
    groups.push(fields);
    groups
}

#[cfg(test)]
mod tests {
    use exo_session::condition::parse_condition;
    use exo_session::debugger::Stride;

    use super::InsideView;
    use crate::store::{Action, Face, ListingRow, Playground, Target};
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    fn in_handler(face: Face) -> Playground {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("upcall"));
        playground.update(Action::ShowFace(face));
        playground
    }

    #[test]
    fn the_bytecode_marks_the_instruction_of_the_line_at_which_the_handler_stands() {
        let mut playground = in_handler(Face::Bytecode);
        for _ in 0..12 {
            let view = View::of(&playground);
            let InsideView::Bytecode { rows, current } = &*view.inside else {
                panic!("no bytecode");
            };
            let row = rows.iter().find_map(|row| match row {
                ListingRow::Instruction { index, line, .. } if Some(*index) == *current => {
                    Some(line.clone())
                }
                _ => None,
            });
            let line = view.editor.current_line.unwrap().to_string();
            assert_eq!(row.as_deref(), Some(line.as_str()));
            playground.update(Action::StepLine(Stride::Into));
        }
    }

    #[test]
    fn every_function_of_the_policy_has_its_row_in_the_listing() {
        let playground = in_handler(Face::Bytecode);
        let InsideView::Bytecode { rows, .. } = &*View::of(&playground).inside else {
            panic!("no bytecode");
        };
        let functions = rows.iter().filter_map(|row| match row {
            ListingRow::Function(name) => Some(name.split(':').next().unwrap().to_owned()),
            ListingRow::Instruction { .. } => None,
        });
        let program = playground.session().program_at(playground.shown).unwrap();
        let names = program.functions.iter().map(|it| it.name.split(':').next());
        let names: Vec<_> = names.map(|name| name.unwrap().to_owned()).collect();
        assert_eq!(functions.collect::<Vec<_>>(), names);
    }

    #[test]
    fn values_are_those_of_the_handler_and_its_fields_while_it_stands() {
        let mut playground = in_handler(Face::Values);
        let view = View::of(&playground);
        let InsideView::Values(groups) = &*view.inside else {
            panic!("no values");
        };
        assert!(
            groups[0].title.contains("page_fault, at line "),
            "{groups:#?}"
        );
        assert!(groups[0].rows.iter().any(|(name, _)| name == "fault.page"));
        assert!(
            groups[0]
                .rows
                .iter()
                .all(|(name, _)| !name.starts_with("self"))
        );
        let fields = groups.last().unwrap();
        assert!(fields.title.starts_with("Fields of Fifo"));
        assert!(fields.rows.contains(&("hand".to_owned(), "0".to_owned())));
        let pages = fields.rows.iter().find(|(name, _)| name == "table.page");
        let pages = &pages.unwrap().1;
        assert!(pages.ends_with(", … 4096 in all]"), "{pages}");
        assert_eq!(pages.matches(", ").count(), 16);
        playground.update(Action::StepLine(Stride::Out));
        let view = View::of(&playground);
        let InsideView::Values(groups) = &*view.inside else {
            panic!("no values");
        };
        assert_eq!(groups[0].empty, "None is under way at this step.");
    }

    #[test]
    fn a_message_handler_is_shown_line_by_line_at_the_step_at_which_it_ran() {
        let mut playground = playground();
        playground.update(Action::OpenScenario("network-udp"));
        while playground.work(0.0) {}
        let scenario = playground.session().scenario().clone();
        let mut session = exo_session::Session::new(scenario).unwrap();
        session.run_until(&parse_condition("handler").unwrap(), u64::MAX);
        playground.update(Action::GoTo(Target::Step(session.step_number())));
        while playground.work(0.0) {}
        let here = playground.session().machine().state_digest();
        playground.update(Action::ShowFace(Face::Values));
        let view = View::of(&playground);
        let InsideView::Values(groups) = &*view.inside else {
            panic!("no values");
        };
        let titles: Vec<&str> = groups.iter().map(|it| &*it.title).collect();
        let first = "AshEcho::arrived of ash-echo.rs, as it ran for the packet";
        assert_eq!(titles[0], first);
        assert!(
            titles.iter().filter(|it| **it == first).count() > 2,
            "{titles:?}"
        );
        assert!(titles.contains(&"AshEcho::copy of ash-echo.rs, as it ran for the packet"));
        let rows = groups.iter().flat_map(|it| &it.rows);
        let told: Vec<&str> = rows.map(|(_, text)| &**text).collect();
        assert!(
            told.contains(&"self.echoed += 1;  // self.echoed = 1"),
            "{told:?}"
        );
        assert_eq!(playground.session().machine().state_digest(), here);
        playground.update(Action::Step);
        assert!(playground.handler.is_none());
    }

    #[test]
    fn a_line_over_moves_the_editors_line_and_without_a_handler_says_what_to_do() {
        let mut playground = playground();
        assert!(!View::of(&playground).editor.can_step_line);
        playground.update(Action::StepLine(Stride::Over));
        let notice = View::of(&playground).notice.unwrap();
        assert!(notice.text.contains("next fault first"), "{}", notice.text);
        assert_eq!(playground.session().step_number(), 0);

        let mut playground = in_handler(Face::Source);
        let before = View::of(&playground);
        assert!(before.editor.can_step_line);
        playground.update(Action::StepLine(Stride::Over));
        let after = View::of(&playground);
        assert!(after.editor.current_line > before.editor.current_line);
        assert_ne!(after.timeline.position, before.timeline.position);
    }
}
