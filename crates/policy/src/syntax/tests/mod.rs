//! Holds the parser against one of all of Rust, `syn`: what ours reads, that one reads too, and both
//! make the same tree of it, unless it has something that no policy can have. A tree is compared as the list of its nodes: what each is, and which
//! stretch of the source it covers.

mod ours;
mod their_exprs;
mod theirs;

use std::thread;

use exo_core::rng::Rng;

use super::{Parser, tokens};
use crate::diagnostic::Span;

/// The nodes of a tree, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Nodes {
    list: Vec<String>,
    /// Something is outside the subset, and its inside not in the tree.
    outside: bool,
}

impl Nodes {
    fn push(&mut self, what: &str, span: Span) {
        let (start, end) = (span.start, span.end);
        self.list.push(format!(
            "{what} {}:{}-{}:{}",
            start.line, start.column, end.line, end.column
        ));
    }
}

/// How the two see a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// Both read it, as the same tree.
    Same,
    /// It has something that no policy can have, of which ours passes over the inside.
    Outside,
    /// Neither reads it.
    Neither,
    /// Only the other one reads it.
    Stricter,
}

/// How the two see a source.
///
/// # Errors
/// What they do not agree on, as a sentence.
fn verdict(source: &str) -> Result<Verdict, String> {
    let cut = tokens(source).ok();
    let ours = cut.as_ref().and_then(|tokens| {
        let file = Parser::new(source, tokens).file().ok()?;
        Some(ours::nodes(&file))
    });
    let (ours, file) = match (ours, syn::parse_file(source)) {
        (None, Err(_)) => return Ok(Verdict::Neither),
        (None, Ok(_)) => return Ok(Verdict::Stricter),
        // The compiler refuses it, in words that do not depend on what is within.
        (Some(ours), Err(_)) if ours.outside => return Ok(Verdict::Outside),
        (Some(_), Err(error)) => return Err(format!("only ours reads it, as {error}")),
        (Some(ours), Ok(file)) => (ours, file),
    };
    let theirs = theirs::nodes(&file);
    if ours.outside || theirs.outside {
        return Ok(Verdict::Outside);
    }
    let pairs = ours.list.iter().zip(&theirs.list);
    match pairs.into_iter().find(|(one, other)| one != other) {
        Some((one, other)) => Err(format!("ours has {one}, the other {other}")),
        None if ours.list.len() != theirs.list.len() => Err("one of them stops early".to_owned()),
        None => Ok(Verdict::Same),
    }
}

/// The lines of `after` that are not those of `before`.
fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    let back = before.iter().rev().zip(after.iter().rev());
    let end = after.len() - back.take_while(|(a, b)| a == b).count();
    after
        .get(same..end.max(same))
        .unwrap_or_default()
        .join("\n")
}

/// Sources of every kind that there are: samples, tables and applications.
fn sources() -> Vec<&'static str> {
    let samples = exo_libos_samples::SAMPLES.iter().map(|it| it.source);
    let applications = exo_libos_samples::APPLICATIONS.iter().map(|it| it.source);
    samples.chain(applications).collect()
}

/// Each line as a statement.
fn statements(lines: &str) -> impl Iterator<Item = String> {
    lines
        .lines()
        .map(|line| format!("fn f() {{\n    {line}\n}}\n"))
}

#[test]
fn samples_are_read_as_the_same_tree() {
    for source in sources() {
        assert_eq!(verdict(source), Ok(Verdict::Same), "{source}");
    }
}

#[test]
fn statements_where_precedence_and_blocks_play_tricks_are_read_as_the_same_tree() {
    for source in statements(include_str!("same.txt")) {
        assert_eq!(verdict(&source), Ok(Verdict::Same), "{source}");
    }
}

#[test]
fn what_no_policy_can_have_is_read_and_known_as_such() {
    for source in statements(include_str!("outside.txt")) {
        assert_eq!(verdict(&source), Ok(Verdict::Outside), "{source}");
    }
}

#[test]
fn what_is_no_rust_is_not_read() {
    for source in statements(include_str!("neither.txt")) {
        assert_eq!(verdict(&source), Ok(Verdict::Neither), "{source}");
    }
}

#[test]
fn whatever_a_changed_token_makes_of_a_sample_is_read_as_rust_is_or_not_at_all() {
    let (mut counts, mut wrong) = ([0; 4], Vec::new());
    let sources = sources();
    thread::scope(|scope| {
        let half = sources.len().div_ceil(2);
        let halves = sources.chunks(half).zip(0..);
        let halves = halves.map(|(half, seed)| scope.spawn(move || judged(half, seed)));
        for half in halves.collect::<Vec<_>>() {
            let (counted, found) = half.join().unwrap();
            counts
                .iter_mut()
                .zip(counted)
                .for_each(|(all, it)| *all += it);
            wrong.extend(found);
        }
    });
    assert!(
        wrong.is_empty(),
        "{} are wrong: {}",
        wrong.len(),
        wrong.join("\n")
    );
    let [same, outside, neither, stricter] = counts;
    let all: u32 = counts.iter().sum();
    assert!(same > all / 20 && neither > all / 20, "{counts:?}");
    // It is stricter on purpose: with names beyond common alphabets and where items that no policy
    // can have are passed over. That must stay rare.
    assert!(stricter * 50 < all && outside < all / 2, "{counts:?}");
}

/// How often each verdict is given on changes of these sources, and those of them that are wrong.
fn judged(sources: &[&str], seed: u64) -> ([u32; 4], Vec<String>) {
    let mut rng = Rng::new(7, seed);
    let (mut counts, mut wrong) = ([0; 4], Vec::new());
    for source in sources {
        for _ in 0..CHANGES {
            let text = changed(source, &mut rng);
            match verdict(&text) {
                Ok(verdict) => counts[verdict as usize] += 1,
                Err(why) => wrong.push(format!("{why}:\n{}\n", difference(source, &text))),
            }
        }
    }
    (counts, wrong)
}

/// How often each source is changed.
const CHANGES: usize = 400;

/// What is put in the place of a token, or before it.
const WORDS: &[&str] = &[
    "{", "}", "(", ")", "[", "]", ";", ",", ".", "..", "..=", ":", "::", "->", "=>", "=", "==",
    "!=", "<", ">", "<=", ">>", "<<", ">>=", "+", "-", "*", "/", "%", "&", "&&", "|", "||", "^",
    "!", "+=", "-=", "?", "#", "@", "_", "as", "if", "else", "let", "match", "while", "for", "in",
    "loop", "return", "break", "continue", "fn", "impl", "struct", "enum", "const", "pub", "mut",
    "ref", "self", "Self", "true", "0", "1u8", "0x_f", "1.0", "\"a\"", "'a'", "'a", "x", "Some(x)",
    "move", "unsafe", "async", "dyn", "where", "type", "static", "use", "crate", "super", "T { }",
    "x.0", "a::b", "a!()", "a! { }", "#[a]", "/// a\n", "{ }", "()", "r#x", "union",
];

/// The source with one or two of its tokens left out, doubled, replaced, or with one more.
fn changed(source: &str, rng: &mut Rng) -> String {
    let cut = tokens(source).unwrap_or_default();
    let mut text = source.to_owned();
    let mut pick = |count: usize| (rng.next_u64() % count.max(1) as u64) as usize;
    let mut places: Vec<usize> = (0..=pick(2)).map(|_| pick(cut.len())).collect();
    places.sort_unstable();
    // From the end, so that the places before stay true.
    for place in places.into_iter().rev() {
        let Some(token) = cut.get(place) else {
            continue;
        };
        let range = token.start..token.end;
        let old = source.get(range.clone()).unwrap_or_default().to_owned();
        let word = WORDS.get(pick(WORDS.len())).copied().unwrap_or_default();
        let other = cut.get(pick(cut.len()));
        let other = other.and_then(|it| source.get(it.start..it.end));
        let new = match pick(5) {
            0 => String::new(),
            1 => format!("{old} {old}"),
            2 => format!(" {word} "),
            3 => format!(" {word} {old}"),
            _ => format!(" {} ", other.unwrap_or_default()),
        };
        if text.get(range.clone()) == Some(old.as_str()) {
            text.replace_range(range, &new);
        }
    }
    text
}
