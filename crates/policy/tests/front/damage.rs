//! One mistake anywhere in a sample: it is found, near where it is, and hides or invents little.

use exo_policy::Diagnostic;

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
    tried: u32,
    accepted: u32,
    near: u32,
    few: u32,
    worst: usize,
}

impl Tally {
    fn take(&mut self, diagnostics: &[Diagnostic], line: u32) {
        self.tried += 1;
        let Some(first) = diagnostics.first() else {
            self.accepted += 1;
            return;
        };
        self.near += u32::from(first.place.line.abs_diff(line) <= 3);
        self.few += u32::from(diagnostics.len() <= 3);
        self.worst = self.worst.max(diagnostics.len());
    }

    fn show(&self, what: &str) -> String {
        let refused = self.tried - self.accepted;
        format!(
            "{what}: {} tried, {} still a policy, first error within 3 lines {}/1000, at most 3 errors {}/1000, worst {}",
            self.tried,
            self.accepted,
            self.near * 1000 / refused.max(1),
            self.few * 1000 / refused.max(1),
            self.worst,
        )
    }
}

fn errors(source: &str) -> Vec<Diagnostic> {
    exo_policy::compile(source).err().unwrap_or_default()
}

fn is_bracket(text: &str) -> bool {
    text.len() == 1 && "()[]{}".contains(text)
}

#[test]
fn a_bracket_that_lacks_is_found_where_it_lacks() {
    let mut tally = Tally::default();
    for sample in exo_libos_samples::SAMPLES {
        let source = sample.source;
        for (start, end) in tokens(source) {
            if is_bracket(&source[start..end]) {
                let damaged = format!("{}{}", &source[..start], &source[end..]);
                let found = errors(&damaged);
                if std::env::var("SHOW").is_ok() && (found.len() > 3 || found.first().is_some_and(|f| f.place.line.abs_diff(line_of(source, start)) > 3)) {
                    println!("{} line {} {}\n   {}", sample.name, line_of(source, start), &source[start..end], found.iter().map(|f| f.to_string()).collect::<Vec<_>>().join("\n   "));
                }
                tally.take(&found, line_of(source, start));
            }
        }
    }
    println!("{}", tally.show("a bracket deleted"));
}

#[test]
fn a_token_that_lacks_is_found() {
    let mut tally = Tally::default();
    for sample in exo_libos_samples::SAMPLES {
        let source = sample.source;
        for (start, end) in tokens(source) {
            if !is_bracket(&source[start..end]) {
                let damaged = format!("{} {}", &source[..start], &source[end..]);
                let found = errors(&damaged);
                if std::env::var("SHOW").is_ok() && (found.len() > 3 || found.first().is_some_and(|f| f.place.line.abs_diff(line_of(source, start)) > 3)) {
                    println!("{} line {} {}\n   {}", sample.name, line_of(source, start), &source[start..end], found.iter().map(|f| f.to_string()).collect::<Vec<_>>().join("\n   "));
                }
                tally.take(&found, line_of(source, start));
            }
        }
    }
    println!("{}", tally.show("a token deleted"));
}

#[test]
fn a_token_too_many_is_found() {
    let mut tally = Tally::default();
    for more in ["(", ")", "[", "]", "{", "}", ";", ",", "=", "let", "x", "\"", "'", "@", "/*", "\u{201c}"] {
        let mut own = Tally::default();
        for sample in exo_libos_samples::SAMPLES.iter().take(1) {
            let source = sample.source;
            for (start, _) in tokens(source) {
                let damaged = format!("{}{more} {}", &source[..start], &source[start..]);
                let found = errors(&damaged);
                if std::env::var("SHOW").is_ok() && (found.len() > 3 || found.first().is_some_and(|f| f.place.line.abs_diff(line_of(source, start)) > 3)) {
                    println!("{} line {} inserted {}\n   {}", sample.name, line_of(source, start), more, found.iter().map(|f| f.to_string()).collect::<Vec<_>>().join("\n   "));
                }
                tally.take(&found, line_of(source, start));
                own.take(&found, line_of(source, start));
            }
        }
        println!("{}", own.show(&format!("a `{more}` added")));
    }
    println!("{}", tally.show("a token added"));
}
