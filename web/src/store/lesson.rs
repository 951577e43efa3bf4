//! What an edit of the first lesson is: another body of `victim`, whatever its comments and spaces.

use super::draft::Draft;
use crate::highlight::{CodeLine, Kind, lines};

/// What the edit begins at, in FIFO's text.
const PLACE: &str = "        let slot = self.hand;\n";
/// The lines of CLOCK that go before it.
pub const LINES: &str = "        while sys.referenced(self.table.frame[self.hand])? {
            sys.clear_referenced(self.table.frame[self.hand])?;
            self.hand = (self.hand + 1) % self.table.used;
        }
";

/// A text without its comments and spaces.
fn code(lines: &[CodeLine]) -> String {
    let spans = lines.iter().flat_map(|line| &line.spans);
    let code = spans.filter(|(kind, _)| *kind != Kind::Comment);
    code.flat_map(|(_, text)| text.split_whitespace()).collect()
}

/// What stands between the braces of `victim`.
fn body(lines: &[CodeLine]) -> String {
    let code = code(lines);
    let behind = code.split_once("fnvictim(").map_or("", |it| it.1);
    let begins = behind.find('{').unwrap_or(behind.len());
    let mut depth = 0_u32;
    let inside = behind.chars().skip(behind[..begins].chars().count());
    let inside = inside.take_while(|it| {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
    });
    inside.collect()
}

impl Draft {
    /// Whether it chooses another victim than the text that came, by code of its own.
    pub(super) fn chooses_otherwise(&self) -> bool {
        self.sample.is_none() && self.has_another_victim()
    }

    fn has_another_victim(&self) -> bool {
        body(&self.lines) != body(&lines(&self.original.1))
    }

    /// Whether the lines of the lesson are in it, however they are laid out.
    pub(crate) fn has_the_lines(&self) -> bool {
        code(&self.lines).contains(&code(&lines(LINES)))
    }

    /// Puts the lines in where they belong: into this text while its `victim` is the one that came, else into that.
    pub(super) fn put_the_lines(&mut self) {
        let (mut name, mut text) = (self.file_name.clone(), self.text.clone());
        if self.has_another_victim() {
            (name, text) = self.original.clone();
        }
        let text = text.replacen("_sys: &mut Sys", "sys: &mut Sys", 1);
        let text = text.replacen(PLACE, &[LINES, PLACE].concat(), 1);
        self.load(&name, &text);
    }
}
