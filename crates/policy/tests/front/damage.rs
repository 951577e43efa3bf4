//! One mistake anywhere in a sample: it is found, near where it is, and hides or invents little.

use expect_test::expect;

/// The tokens of a source, roughly: words, numbers, and each sign by itself.
fn tokens(source: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut comment = false;
    for (at, c) in source.char_indices() {
        if source[at..].starts_with("//") {
            comment = true;
        }
        comment &= c != '\n';
        let inside = !comment && (c.is_alphanumeric() || c == '_');
        if let Some(begin) = start.filter(|_| !inside) {
            found.push((begin, at));
            start = None;
        }
        if inside {
            start = start.or(Some(at));
        } else if !comment && !c.is_whitespace() {
            found.push((at, at + c.len_utf8()));
        }
    }
    found
}

fn line_of(source: &str, offset: usize) -> u32 {
    source[..offset].matches('\n').count() as u32 + 1
}

/// What one kind of damage did over all samples and positions.
#[derive(Default)]
struct Tally {
    refused: usize,
    accepted: usize,
    near: usize,
    few: usize,
    worst: usize,
    far: Vec<String>,
}

impl Tally {
    /// Compiles a source that was damaged in a line.
    fn compile(&mut self, damaged: &str, line: u32) {
        let Err(found) = exo_policy::compile(damaged) else {
            self.accepted += 1;
            return;
        };
        self.refused += 1;
        let first = found.first().expect("a refusal says why");
        let near = first.place.line.abs_diff(line) <= 3;
        self.near += usize::from(near);
        self.few += usize::from(found.len() <= 3);
        self.worst = self.worst.max(found.len());
        if !near || found.len() > 3 {
            self.far
                .push(format!("line {line}, {} errors: {first}", found.len()));
        }
    }

    /// Asserts that of a thousand refusals at least so many are near, and have at most 3 errors.
    fn assert(&self, near: usize, few: usize, worst: usize) {
        let far = self.far.join("\n");
        assert!(self.refused > 100, "{} refused", self.refused);
        let of_thousand = |part: usize| part * 1000 / self.refused;
        assert!(
            of_thousand(self.near) >= near,
            "{} near\n{far}",
            of_thousand(self.near)
        );
        assert!(
            of_thousand(self.few) >= few,
            "{} few\n{far}",
            of_thousand(self.few)
        );
        assert!(self.worst <= worst, "{} errors\n{far}", self.worst);
    }
}

fn sources() -> impl Iterator<Item = &'static str> {
    exo_libos_samples::SAMPLES
        .iter()
        .map(|sample| sample.source)
}

fn is_bracket(text: &str) -> bool {
    text.len() == 1 && "()[]{}".contains(text)
}

#[test]
fn a_bracket_that_lacks_is_found_where_it_lacks() {
    let mut tally = Tally::default();
    for source in sources().take(3) {
        let brackets = tokens(source).into_iter();
        for (start, end) in brackets.filter(|(start, end)| is_bracket(&source[*start..*end])) {
            let damaged = format!("{}{}", &source[..start], &source[end..]);
            tally.compile(&damaged, line_of(source, start));
        }
    }
    assert_eq!(tally.accepted, 0);
    tally.assert(980, 1000, 3);
}

#[test]
fn a_token_that_lacks_hides_and_invents_little() {
    let mut tally = Tally::default();
    for source in sources() {
        let words = tokens(source).into_iter();
        let others = words.filter(|(start, end)| !is_bracket(&source[*start..*end]));
        for (start, end) in others.step_by(5) {
            let damaged = format!("{} {}", &source[..start], &source[end..]);
            tally.compile(&damaged, line_of(source, start));
        }
    }
    tally.assert(700, 960, 12);
}

#[test]
fn a_token_too_many_hides_and_invents_little() {
    let more = [
        "(", ")", "[", "]", "{", "}", ";", ",", "=", "let", "x", "\"", "'", "@", "/*", "\u{201c}",
    ];
    let mut tally = Tally::default();
    for source in sources().take(1) {
        for (turn, (start, _)) in tokens(source).into_iter().enumerate() {
            let more = more[turn % more.len()];
            let damaged = format!("{}{more} {}", &source[..start], &source[start..]);
            tally.compile(&damaged, line_of(source, start));
        }
    }
    tally.assert(940, 970, 40);
}

#[test]
fn a_source_that_ends_anywhere_is_refused_with_a_reason() {
    for source in sources().take(1) {
        for (turn, (at, _)) in source.char_indices().enumerate() {
            if turn % 7 == 0 {
                let _ = exo_policy::compile(&source[..at]).expect_err("half a policy is none");
            }
        }
    }
}

#[test]
fn a_mistake_in_one_function_does_not_hide_those_in_others() {
    let source = "\
use exo_prelude::*;
struct P { hand: usize, broken u32 }
impl P {
    pub const fn new() -> P { P { hand: true, broken: 0 } }
    fn first(&self) -> u32 {
        let x = 1
        x
    }
    fn second(&self) -> bool {
        self.broken + self.first(1)
    }
    fn third(&self) -> u32 {
        if self.hand > 1 {
            2
    }
    fn fourth(&self) -> u32 {
        self.third() + true
    }
}
impl LibOs for P {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let log = \u{201c};
        Ok(self.hand)
    }
    fn adopted(&mut self, sys: &mut Sys) { self.hand = sys; }
}
";
    let found: Vec<String> = exo_policy::check(source)
        .diagnostics
        .iter()
        .map(ToString::to_string)
        .collect();
    expect![[r#"
        2:32: error: expected `:`, found `u32`; help: write `name: type`
        4:41: error[E0308]: mismatched types: expected `usize`, found `bool`
        6:18: error: expected `;`, found `x`; help: end the statement before with `;`
        10:23: error[E0061]: `P::first` takes 0 arguments, 1 given
        14:14: error: a `}` is missing here; help: the `{` of line 13 is not closed
        17:24: error[E0308]: mismatched types: expected `u32`, found `bool`
        22:19: error: unknown start of token: `“`; help: write `"`
        25:56: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
        25:56: error[E0308]: mismatched types: expected `usize`, found `&mut Sys`"#]].assert_eq(&found.join("\n"));
}
