//! The policy from inside: its bytecode, or the values of its fields and variables.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::Session;
use exo_session::debugger::Side;

use super::state::StateView;
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
    Values(Rc<StateView>),
}

pub(super) fn select(playground: &Playground, state: StateView) -> InsideView {
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
        Face::Values => InsideView::Values(Rc::new(state)),
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

#[cfg(test)]
mod tests {
    use exo_session::debugger::Stride;

    use super::InsideView;
    use crate::store::{Action, Face, ListingRow, Playground};
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
