//! What is said of a bracket without a partner, and how the text is mended.

use super::Edit;
use super::brackets::{Opened, Said, Walk, closer};

impl Walk<'_> {
    /// A `}` that nothing opens, below a line that is indented as it is: there the `{` is missing.
    pub(super) fn missing_block(&mut self, index: usize, depth: usize) -> bool {
        let floor = self.stack.last().map_or(0, |opened| opened.token + 1);
        let begins = (floor..index)
            .rev()
            .find(|at| self.is_first(*at) && self.lines.indentation(self.line(*at)) <= depth);
        let Some(start) = begins else { return false };
        if self.lines.indentation(self.line(start)) != depth {
            return false;
        }
        let line = self.line(start);
        let Some(last) = (start..index)
            .take_while(|at| self.line(*at) == line)
            .last()
        else {
            return false;
        };
        let ends_already = self
            .tokens
            .get(last)
            .is_some_and(|token| matches!(token.text(self.text), ";" | "}" | ","));
        let Some(end) = self.tokens.get(last).map(|token| token.range.end) else {
            return false;
        };
        if ends_already || last + 1 >= index {
            return false;
        }
        self.edits.push(Edit {
            offset: end,
            blanked: 0,
            added: Some('{'),
        });
        let closes = self.lines.place(self.start(index)).line;
        self.say(
            end,
            end,
            "a `{` is missing here".to_string(),
            format!("the `}}` of line {closes} would have no partner"),
        );
        true
    }

    pub(super) fn start(&self, index: usize) -> usize {
        let token = self.tokens.get(index);
        token.map_or(self.text.len(), |token| token.range.start)
    }

    /// Says it, unless something was said of that very place.
    fn say(&mut self, start: usize, end: usize, message: String, hint: String) {
        if self.reports.last().is_none_or(|said| said.start != start) {
            self.reports.push(Said {
                start,
                end,
                message,
                hint,
            });
        }
    }

    pub(super) fn missing_closer(&mut self, opened: Opened, before: usize) {
        let before = match opened.block {
            Some(block) if opened.bracket != '{' => block,
            _ => before,
        };
        let end = before
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(0, |token| token.range.end);
        let bracket = closer(opened.bracket);
        self.edits.push(Edit {
            offset: end,
            blanked: 0,
            added: Some(bracket),
        });
        let line = self.lines.place(self.start(opened.token)).line;
        self.say(
            end,
            end,
            format!("a `{bracket}` is missing here"),
            format!("the `{}` of line {line} is not closed", opened.bracket),
        );
    }

    pub(super) fn mismatched(&mut self, opened: Opened, index: usize, bracket: char) {
        let start = self.start(index);
        let right = closer(opened.bracket);
        self.edits.push(Edit {
            offset: start,
            blanked: 1,
            added: Some(right),
        });
        self.say(
            start,
            start + 1,
            format!("mismatched closing delimiter: `{bracket}`"),
            format!(
                "write `{right}`: it closes the `{}` before it",
                opened.bracket
            ),
        );
    }

    pub(super) fn surplus(&mut self, index: usize, bracket: char) {
        let start = self.start(index);
        self.edits.push(Edit {
            offset: start,
            blanked: 1,
            added: None,
        });
        let opener = match bracket {
            ')' => '(',
            ']' => '[',
            _ => '{',
        };
        self.say(
            start,
            start + 1,
            format!("unexpected closing delimiter: `{bracket}`"),
            format!("delete it, or write the `{opener}` that it closes"),
        );
    }
}
