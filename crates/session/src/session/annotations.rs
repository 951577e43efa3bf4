//! What people put beside a run: notes of the whole and of single steps, and lines to stop at.

use crate::debugger::Breakpoint;

/// Characters of the note of a step.
pub const NOTE_CHARS_MAX: usize = 120;
/// Notes of steps that are looked at.
const NOTES_MAX: usize = 200;

/// What people put beside a run. It changes nothing in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// What is worth knowing of it. A line like `step 1284: here it begins` is a note of that step.
    pub notes: String,
    /// Lines to stop at.
    pub breakpoints: Vec<Breakpoint>,
}

impl Annotations {
    /// The notes of steps, in the order in which they were written.
    pub fn of_steps(&self) -> impl Iterator<Item = (u64, &str)> {
        self.notes.lines().filter_map(of_step).take(NOTES_MAX)
    }

    /// Writes a note of a step, in one line and at most [`NOTE_CHARS_MAX`] characters long. Nothing happens if it is
    /// empty, or if there are too many.
    pub fn note_step(&mut self, step: u64, text: &str) {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let words: String = words.chars().take(NOTE_CHARS_MAX).collect();
        if words.is_empty() || self.of_steps().count() >= NOTES_MAX {
            return;
        }
        if !self.notes.is_empty() && !self.notes.ends_with('\n') {
            self.notes.push('\n');
        }
        self.notes.push_str(&format!("step {step}: {words}\n"));
    }

    /// Takes a note of a step away, by its place among them.
    pub fn forget_note(&mut self, index: usize) {
        let mut place = 0;
        let lines = self.notes.lines().filter(|line| {
            let is_note = of_step(line).is_some();
            place += usize::from(is_note);
            !is_note || place != index + 1
        });
        self.notes = lines.flat_map(|line| [line, "\n"]).collect();
    }
}

/// The note of a step that stands in a line.
fn of_step(line: &str) -> Option<(u64, &str)> {
    let (step, words) = line.strip_prefix("step ")?.split_once(": ")?;
    Some((step.parse().ok()?, words))
}

#[cfg(test)]
mod tests {
    use super::{Annotations, NOTE_CHARS_MAX, NOTES_MAX};

    fn told(annotations: &Annotations) -> Vec<(u64, &str)> {
        annotations.of_steps().collect()
    }

    #[test]
    fn notes_of_steps_stand_as_lines_among_what_else_is_said_of_a_run() {
        let mut beside = Annotations {
            notes: "Any text.\nstep by step: no note".to_owned(),
            ..Annotations::default()
        };
        beside.note_step(52, " the fourth\nmiss ");
        beside.note_step(7, "early");
        beside.note_step(7, "  ");
        assert_eq!(told(&beside), [(52, "the fourth miss"), (7, "early")]);
        beside.forget_note(0);
        assert_eq!(told(&beside), [(7, "early")]);
        assert_eq!(
            beside.notes,
            "Any text.\nstep by step: no note\nstep 7: early\n"
        );
        beside.forget_note(9);
        assert_eq!(told(&beside).len(), 1);
    }

    #[test]
    fn a_note_has_few_characters_and_there_are_so_many_at_most() {
        let mut beside = Annotations::default();
        for _ in 0..NOTES_MAX + 5 {
            beside.note_step(1, &"é".repeat(1000));
        }
        assert_eq!(told(&beside).len(), NOTES_MAX);
        assert!(
            told(&beside)
                .iter()
                .all(|it| it.1.chars().count() == NOTE_CHARS_MAX)
        );
    }
}
