//! From bytes to lines and columns, and back.

use exo_core::cpu::SourcePlace;

/// Where the lines of a source begin.
pub(crate) struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    /// The lines of `source`.
    pub(crate) fn new(source: &'s str) -> Lines<'s> {
        let ends = source.bytes().enumerate();
        let starts = ends
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Lines {
            source,
            starts: std::iter::once(0).chain(starts).collect(),
        }
    }

    /// The number of the line that holds a byte, from 0.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// Where a line begins, in bytes; where the source ends, if there is no such line.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.source.len())
    }

    /// Line and column, both from 1, the column in characters.
    pub(crate) fn place(&self, offset: usize) -> SourcePlace {
        let line = self.line(offset);
        let before = self.source.get(self.start(line)..offset);
        let column = before.map_or(0, |before| before.chars().count());
        let number = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        SourcePlace {
            line: number(line),
            column: number(column),
        }
    }

    /// The byte at a line and column; the end of the line, if it is shorter.
    pub(crate) fn offset(&self, place: SourcePlace) -> usize {
        let line = usize::try_from(place.line).map_or(0, |line| line.saturating_sub(1));
        let column = usize::try_from(place.column).map_or(0, |column| column.saturating_sub(1));
        let start = self.start(line);
        let rest = self.source.get(start..).unwrap_or_default();
        let text = rest.split('\n').next().unwrap_or_default();
        let within = text.char_indices().nth(column).map(|(at, _)| at);
        start + within.unwrap_or(text.len())
    }

    /// How far a line is indented, in characters.
    pub(crate) fn indentation(&self, line: usize) -> usize {
        let text = self.source.get(self.start(line)..).unwrap_or_default();
        text.chars()
            .take_while(|c| matches!(c, ' ' | '\t'))
            .map(|c| if c == '\t' { 4 } else { 1 })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_offsets_are_each_others_inverse_and_count_characters() {
        let source = "a\n  \u{e4}b\n\nc";
        let lines = Lines::new(source);
        for (offset, _) in source.char_indices() {
            assert_eq!(lines.offset(lines.place(offset)), offset);
        }
        let b = source.find('b').unwrap_or(0);
        assert_eq!((lines.place(b).line, lines.place(b).column), (2, 4));
        assert_eq!(lines.indentation(1), 2);
    }
}
