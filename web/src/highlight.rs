//! Keywords bold, comments grey: the two things about Rust text that help the eye without a hue.

/// How a stretch of a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Plain ink.
    Plain,
    /// A keyword.
    Keyword,
    /// A comment.
    Comment,
}

/// A line in stretches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeLine {
    /// Its stretches in order.
    pub spans: Vec<(Kind, String)>,
}

/// A stretch of a line as it is drawn: its kind, whether an error covers it, its text.
pub type Piece = (Kind, bool, String);

const KEYWORDS: &[&str] = &[
    "as", "break", "const", "continue", "else", "enum", "false", "fn", "for", "if", "impl", "in",
    "let", "loop", "match", "mod", "mut", "pub", "return", "self", "Self", "static", "struct",
    "trait", "true", "type", "use", "where", "while",
];

/// The lines of a text; at least one.
pub fn lines(text: &str) -> Vec<CodeLine> {
    let mut depth = 0;
    text.split('\n')
        .map(|line| highlight(line, &mut depth))
        .collect()
}

/// One line; `depth` counts the block comments that are open.
fn highlight(line: &str, depth: &mut u32) -> CodeLine {
    let mut out = CodeLine::default();
    let mut rest = line;
    while !rest.is_empty() {
        let (kind, length) = next(rest, depth);
        let (head, tail) = rest.split_at(length);
        match out.spans.last_mut() {
            Some((last, text)) if *last == kind => text.push_str(head),
            _ => out.spans.push((kind, head.to_owned())),
        }
        rest = tail;
    }
    out
}

/// Kind and length of what `rest` begins with; never 0.
fn next(rest: &str, depth: &mut u32) -> (Kind, usize) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("/*") {
        *depth += 1;
        return (Kind::Comment, 2);
    }
    if *depth > 0 {
        let closes = rest.starts_with("*/");
        *depth -= u32::from(closes);
        return (Kind::Comment, if closes { 2 } else { first });
    }
    if rest.starts_with("//") {
        return (Kind::Comment, rest.len());
    }
    if rest.starts_with('"') {
        return (Kind::Plain, string_length(rest));
    }
    let word = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    match rest.get(..word) {
        Some(word) if KEYWORDS.contains(&word) => (Kind::Keyword, word.len()),
        _ => (Kind::Plain, word.max(first)),
    }
}

/// Length of the string literal that `rest` begins with, at most to the end of the line.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// Cuts a line where an error begins and ends: columns from 0, in characters, end exclusive.
pub fn cut(line: &CodeLine, error: Option<(u32, u32)>) -> Vec<Piece> {
    let Some((from, to)) = error else {
        return line
            .spans
            .iter()
            .map(|(kind, text)| (*kind, false, text.clone()))
            .collect();
    };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut column = 0;
    for (kind, text) in &line.spans {
        let mut open: Option<Piece> = None;
        for c in text.chars() {
            let covered = (from..to).contains(&column);
            column += 1;
            match &mut open {
                Some((_, same, piece)) if *same == covered => piece.push(c),
                _ => pieces.extend(open.replace((*kind, covered, c.to_string()))),
            }
        }
        pieces.extend(open);
    }
    // An error at or behind the end of the line still needs something to stand under.
    if !pieces.iter().any(|(_, covered, _)| *covered) {
        pieces.push((Kind::Plain, true, " ".to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Kind, cut, lines};

    fn shape(text: &str) -> Vec<Vec<(Kind, String)>> {
        lines(text).into_iter().map(|line| line.spans).collect()
    }

    #[test]
    fn keywords_are_bold_only_as_whole_words_outside_strings_and_comments() {
        let plain = |text: &str| (Kind::Plain, text.to_owned());
        let keyword = |text: &str| (Kind::Keyword, text.to_owned());
        assert_eq!(
            shape("let letter = \"if\"; // for"),
            vec![vec![
                keyword("let"),
                plain(" letter = \"if\"; "),
                (Kind::Comment, "// for".to_owned())
            ]]
        );
    }

    #[test]
    fn block_comments_nest_and_run_over_lines() {
        let kinds: Vec<Vec<Kind>> = shape("a /* b /* c */\n d */ let")
            .into_iter()
            .map(|line| line.into_iter().map(|(kind, _)| kind).collect())
            .collect();
        assert_eq!(
            kinds,
            vec![
                vec![Kind::Plain, Kind::Comment],
                vec![Kind::Comment, Kind::Plain, Kind::Keyword]
            ]
        );
    }

    #[test]
    fn every_line_keeps_its_text() {
        let text = exo_libos_samples::SAMPLES
            .iter()
            .map(|sample| sample.source)
            .collect::<String>();
        let again: Vec<String> = lines(&text)
            .into_iter()
            .map(|line| line.spans.into_iter().map(|(_, text)| text).collect())
            .collect();
        assert_eq!(again.join("\n"), text);
        assert_eq!(lines("").len(), 1);
    }

    #[test]
    fn an_error_is_cut_out_at_its_columns_and_marked_even_at_the_end_of_a_line() {
        let line = lines("let x = y;").remove(0);
        let covered = |error| {
            let pieces = cut(&line, Some(error)).into_iter();
            pieces
                .filter(|(_, covered, _)| *covered)
                .map(|(_, _, text)| text)
                .collect::<String>()
        };
        assert_eq!(covered((4, 5)), "x");
        assert_eq!(covered((2, 5)), "t x");
        assert_eq!(covered((10, 10)), " ");
    }
}
