//! The bar below the text: whether it can take over, and what that does.

use exo_policy::{Diagnostic, Severity};
use exo_session::debugger::Side;

use super::editor::is_source;
use super::words::applied_words;
use crate::store::{Checked, Draft, Playground};

/// The bar below the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplyView {
    /// Whether the text can take over.
    pub can_apply: bool,
    /// Whether it can take over afresh.
    pub can_reset: bool,
    /// What that does, or did, or why it cannot be done.
    pub words: String,
}

pub(super) fn select(playground: &Playground, draft: &Draft, same: bool) -> ApplyView {
    let session = playground.session();
    let side = playground.side;
    if same || is_source(playground, playground.shown, side) {
        let unchanged = match side {
            Side::LibOs => "Nothing to apply: this is the policy that runs.",
            Side::Application => "Nothing to apply: this is the application that runs.",
        };
        let unchanged = unchanged.to_owned();
        let words = draft.applied.clone().unwrap_or(unchanged);
        return ApplyView {
            can_apply: false,
            can_reset: side == Side::LibOs,
            words,
        };
    }
    let ahead = if session.step_number() < session.furthest_step() {
        " The steps ahead are kept as a branch."
    } else {
        ""
    };
    match &draft.checked {
        Checked::NotYet => ApplyView {
            can_apply: true,
            can_reset: side == Side::LibOs,
            words: "Checking…".to_owned(),
        },
        Checked::Fine { applied, warnings } => ApplyView {
            can_apply: true,
            can_reset: true,
            words: format!(
                "Compiles{}. {}{ahead}",
                warned(warnings.len()),
                applied_words(applied)
            ),
        },
        Checked::Begins { warnings } => ApplyView {
            can_apply: true,
            can_reset: false,
            words: format!(
                "Compiles{}. It begins with `main` and fresh state; frames and bindings stay.{ahead}",
                warned(warnings.len())
            ),
        },
        Checked::Wrong(diagnostics) => ApplyView {
            can_apply: false,
            can_reset: false,
            words: format!(
                "{}; the running {} stays.",
                errors(count_errors(diagnostics)),
                match side {
                    Side::LibOs => "policy",
                    Side::Application => "application",
                }
            ),
        },
    }
}

fn count_errors(diagnostics: &[Diagnostic]) -> usize {
    let errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error);
    errors.count()
}

fn warned(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", with 1 warning".to_owned(),
        _ => format!(", with {count} warnings"),
    }
}

fn errors(count: usize) -> String {
    if count == 1 {
        "1 error".to_owned()
    } else {
        format!("{count} errors")
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Action;
    use crate::view::View;
    use crate::view::tests::playground;

    #[test]
    fn a_warning_is_told_at_its_line_and_the_text_can_be_applied() {
        let mut playground = playground();
        let text = playground.drafts[0].text.replacen(
            "let slot = self.hand;",
            "let spare = 1_u32;\n        let slot = self.hand;",
            1,
        );
        let line = text
            .lines()
            .position(|line| line.contains("spare"))
            .unwrap() as u32
            + 1;
        playground.update(Action::Edit(text.clone()));
        playground.update(Action::Check);
        let editor = View::of(&playground).editor;
        let told: Vec<_> = editor
            .diagnostics
            .iter()
            .map(|it| (it.warning, it.place.0))
            .collect();
        assert_eq!(told, [(true, line)]);
        assert!(editor.apply.words.starts_with("Compiles, with 1 warning. "));
        assert!(editor.apply.can_apply);
        playground.update(Action::Apply { reset: false });
        assert_eq!(playground.session().source_at(playground.shown), text);
    }
}
