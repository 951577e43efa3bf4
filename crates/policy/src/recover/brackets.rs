//! Brackets without a partner: which one is it, and where should the other be?
//!
//! In a file that is laid out as rustfmt does it, everything between brackets lies deeper than the
//! line that opens them, and what closes them lies exactly as deep. Where the counts do not agree, the
//! first place that breaks this rule is where the bracket is missing, or where there is one too many.

use super::{Edit, Mended};
use crate::diagnostic::Report;
use crate::precheck::NESTING_MAX;
use crate::text::{Kind, Lines, Token, tokens};

/// Deeper than this is refused in any case.
const DEPTH_MAX: usize = NESTING_MAX * 4;

/// A bracket that waits for its partner.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    pub(super) token: usize,
    pub(super) bracket: char,
    line: usize,
    indentation: usize,
    /// It is the last token of its line.
    last: bool,
    /// A `{` that ends its line directly within it: a forgotten `)` belongs before that.
    pub(super) block: Option<usize>,
}

pub(super) struct Walk<'t> {
    pub(super) text: &'t str,
    pub(super) lines: Lines<'t>,
    pub(super) tokens: Vec<Token>,
    pub(super) stack: Vec<Opened>,
    /// The file is laid out so that its indentation tells something.
    laid_out: bool,
    pub(super) edits: Vec<Edit>,
    pub(super) reports: Vec<Said>,
}

/// What is said of a bracket, from byte to byte.
pub(super) struct Said {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
    pub(super) hint: String,
}

pub(super) fn mend(mended: &mut Mended) {
    let text = mended.text.clone();
    let mut tokens = tokens(&text);
    tokens.retain(|token| !token.is_comment());
    if balanced(&text, &tokens) {
        return;
    }
    let mut walk = Walk {
        text: &text,
        lines: Lines::new(&text),
        tokens,
        stack: Vec::new(),
        laid_out: false,
        edits: Vec::new(),
        reports: Vec::new(),
    };
    walk.laid_out = walk.is_laid_out();
    walk.all();
    let (lines, edits) = (&walk.lines, walk.edits);
    for said in walk.reports {
        let span = mended.span(lines, said.start, said.end);
        let report = Report::error(span, said.message).hint(said.hint);
        mended.reports.push(report);
    }
    mended.apply(edits);
}

/// Whether every bracket has its partner, or they nest so deeply that it does not matter.
fn balanced(text: &str, tokens: &[Token]) -> bool {
    let mut stack: Vec<&str> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Open => stack.push(token.text(text)),
            Kind::Close => {
                let partner = stack.pop().and_then(|open| open.chars().next()).map(closer);
                if partner != token.text(text).chars().next() {
                    return false;
                }
            }
            _ => {}
        }
        if stack.len() > DEPTH_MAX {
            return true;
        }
    }
    stack.is_empty()
}

pub(super) fn closer(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

impl Walk<'_> {
    /// Whether most lines that end with a bracket have something deeper after them.
    fn is_laid_out(&self) -> bool {
        let (mut deeper, mut all) = (0, 0);
        for index in 0..self.tokens.len() {
            let opens = self
                .tokens
                .get(index)
                .is_some_and(|token| token.kind == Kind::Open);
            let next = self.tokens.get(index + 1).map(|token| token.kind);
            if opens && self.is_last(index) && next != Some(Kind::Close) {
                let depth = |index| self.lines.indentation(self.line(index));
                all += 1;
                deeper += usize::from(depth(index + 1) > depth(index));
            }
        }
        let indented =
            (0..self.tokens.len()).any(|index| self.lines.indentation(self.line(index)) > 0);
        indented && deeper * 4 >= all * 3
    }

    fn all(&mut self) {
        for index in 0..self.tokens.len() {
            let Some(token) = self.tokens.get(index).cloned() else {
                return;
            };
            let bracket = token.text(self.text).chars().next().unwrap_or(' ');
            match token.kind {
                Kind::Close if self.laid_out && self.is_first(index) => {
                    self.close_first(index, bracket)
                }
                Kind::Close => self.close_within(index, bracket),
                _ => {
                    self.end_of_statement(index, &token);
                    if self.laid_out && self.is_first(index) {
                        self.dedent(index);
                    }
                    if token.kind == Kind::Open {
                        self.open(index, bracket);
                    }
                }
            }
            if self.stack.len() > DEPTH_MAX {
                return;
            }
        }
        while let Some(opened) = self.stack.pop() {
            self.missing_closer(opened, self.tokens.len());
        }
    }

    pub(super) fn line(&self, index: usize) -> usize {
        let start = self.tokens.get(index).map(|token| token.range.start);
        self.lines.line(start.unwrap_or(self.text.len()))
    }

    pub(super) fn is_first(&self, index: usize) -> bool {
        index == 0 || self.line(index - 1) < self.line(index)
    }

    fn is_last(&self, index: usize) -> bool {
        index + 1 >= self.tokens.len() || self.line(index) < self.line(index + 1)
    }

    fn open(&mut self, index: usize, bracket: char) {
        let (line, last) = (self.line(index), self.is_last(index));
        if bracket == '{' && last {
            for outer in self.stack.iter_mut().filter(|outer| outer.line == line) {
                outer.block = outer.block.or(Some(index));
            }
        }
        self.stack.push(Opened {
            token: index,
            bracket,
            line,
            indentation: self.lines.indentation(line),
            last,
            block: None,
        });
    }

    /// Within `(` or `[`, nothing ends a statement: `;` closes what was forgotten.
    fn end_of_statement(&mut self, index: usize, token: &Token) {
        let ends = token.text(self.text) == ";" && self.is_last(index);
        while let Some(top) = self.stack.last().copied().filter(|_| ends) {
            if top.bracket == '{' || top.line < self.line(index) && top.last {
                return;
            }
            self.stack.pop();
            self.missing_closer(top, index);
        }
    }

    /// What begins a line as deep as the line of an open bracket lies outside of that bracket.
    fn dedent(&mut self, index: usize) {
        let line = self.line(index);
        let depth = self.lines.indentation(line);
        let opens = self
            .tokens
            .get(index)
            .is_some_and(|token| token.kind == Kind::Open);
        while let Some(top) = self.stack.last().copied() {
            if top.line == line || top.indentation < depth || opens && top.bracket != '{' {
                return;
            }
            self.stack.pop();
            self.missing_closer(top, index);
        }
    }

    /// A closing bracket that begins a line belongs to a line that is indented as it is.
    fn close_first(&mut self, index: usize, bracket: char) {
        let depth = self.lines.indentation(self.line(index));
        let line = self.line(index);
        let fits = |opened: &Opened| {
            closer(opened.bracket) == bracket && opened.line < line && opened.indentation == depth
        };
        if let Some(found) = self.stack.iter().rposition(fits) {
            // Brackets of one line close in turn, whichever of them the line begins with.
            while self.stack.len() > found + 1 {
                if let Some(top) = self.stack.pop() {
                    self.missing_closer(top, index);
                }
            }
            self.stack.pop();
            return;
        }
        if bracket == '}' && self.missing_block(index, depth) {
            return;
        }
        let deeper =
            |opened: &Opened| closer(opened.bracket) == bracket && opened.indentation > depth;
        match self.stack.iter().rposition(deeper) {
            Some(found) if found + 1 == self.stack.len() => {
                self.stack.pop();
            }
            _ => self.surplus(index, bracket),
        }
    }

    /// A closing bracket within a line.
    fn close_within(&mut self, index: usize, bracket: char) {
        let line = self.line(index);
        let Some(top) = self.stack.last().copied() else {
            return self.surplus(index, bracket);
        };
        let own_line =
            self.laid_out && top.line < line && top.last && self.text_before_closes(index);
        if closer(top.bracket) == bracket && !(bracket == '}' && own_line) {
            self.stack.pop();
            return;
        }
        let fits = |opened: &Opened| closer(opened.bracket) == bracket && opened.line == line;
        if let Some(found) = self.stack.iter().rposition(fits) {
            while self.stack.len() > found + 1 {
                if let Some(top) = self.stack.pop() {
                    self.missing_closer(top, index);
                }
            }
            self.stack.pop();
            return;
        }
        if top.line == line && closer(top.bracket) != bracket {
            self.stack.pop();
            return self.mismatched(top, index, bracket);
        }
        self.surplus(index, bracket);
    }

    /// Whether the line that closes a bracket holds more before it than other closing brackets.
    fn text_before_closes(&self, index: usize) -> bool {
        let line = self.line(index);
        (0..index)
            .rev()
            .take_while(|before| self.line(*before) == line)
            .any(|before| {
                self.tokens
                    .get(before)
                    .is_some_and(|token| token.kind != Kind::Close)
            })
    }
}
