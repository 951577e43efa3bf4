//! What applications say: the header and first question of DNS, and the first line of HTTP.

use super::{Decoder, named};

/// The longest name or line that is shown.
const SHOWN_MAX: usize = 120;

const METHODS: [&[u8]; 7] = [
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"HTTP/1.",
];

/// What a name server says went wrong.
fn response_name(code: u16) -> Option<&'static str> {
    Some(match code {
        0 => "no error",
        1 => "format error",
        2 => "server failure",
        3 => "no such name",
        4 => "not implemented",
        5 => "refused",
        _ => return None,
    })
}

/// Text that anybody may have sent, without what is not printed.
fn shown(bytes: &[u8]) -> String {
    let text = bytes.iter().take(SHOWN_MAX);
    text.map(|byte| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '.',
    })
    .collect()
}

impl Decoder<'_> {
    /// A message to or from a name server.
    pub(super) fn dns(&mut self, at: usize, between: &str) -> Option<()> {
        self.header("DNS", at, 12)?;
        let (identifier, flags) = (self.u16(at)?, self.u16(at + 2)?);
        let answer = flags & 0x8000 != 0;
        self.field("identifier", at..at + 2, identifier);
        let mut words = vec![if answer { "answer" } else { "question" }];
        let bits = [
            (0x0400, "authoritative"),
            (0x0200, "cut off"),
            (0x0100, "recursion desired"),
            (0x0080, "recursion available"),
        ];
        words.extend(bits.iter().filter(|it| flags & it.0 != 0).map(|it| it.1));
        self.field("flags", at + 2..at + 4, words.join(", "));
        let code = flags & 15;
        let result = named(code.into(), response_name(code));
        self.field("response code", at + 3..at + 4, &result);
        let counts = ["questions", "answers", "authorities", "additional records"];
        for (place, name) in (at + 4..).step_by(2).zip(counts) {
            self.field(name, place..place + 2, self.u16(place)?);
        }
        let word = if answer { "answer" } else { "question" };
        self.line = format!("DNS {word} {between}, identifier {identifier}");
        if self.u16(at + 4)? > 0 {
            let name = self.dns_name(at + 12)?;
            self.line = format!("DNS {word} {between}, {name}");
        }
        if answer && code != 0 {
            self.line = format!("{}: {result}", self.line);
        }
        Some(())
    }

    /// The name that a question begins with; None if it is no name.
    fn dns_name(&mut self, start: usize) -> Option<String> {
        let (mut at, mut labels) = (start, Vec::new());
        while let Some(length @ ..64) = self.u8(at) {
            let length = usize::from(length);
            if length == 0 {
                let name = labels.join(".");
                self.field("name", start..at + 1, &name);
                self.lengthen_to(at + 1);
                return Some(name);
            }
            match self.bytes(at + 1..at + 1 + length) {
                Some(label) => labels.push(shown(label)),
                None => break,
            }
            at += 1 + length;
        }
        self.wrong(start..at, "the question's name does not end".to_owned());
        None
    }

    fn lengthen_to(&mut self, end: usize) {
        let start = self.layers.last().map_or(end, |it| it.range.start);
        self.lengthen(end.saturating_sub(start));
    }

    /// What a segment carries: a first line of HTTP if it looks like one.
    pub(super) fn http(&mut self, at: usize, between: &str) {
        let Some(bytes) = self.bytes(at..self.end) else {
            return;
        };
        if !METHODS.iter().any(|it| bytes.starts_with(it)) {
            return;
        }
        let length = bytes.iter().position(|it| *it == b'\n');
        let length = length.unwrap_or(bytes.len());
        let line = bytes.get(..length).unwrap_or(bytes);
        let line = shown(line.trim_ascii_end());
        let name = if line.starts_with("HTTP") {
            "status"
        } else {
            "request"
        };
        self.line = format!("HTTP {between} {line}");
        // As much of it as there is, so that there is nothing to be missed.
        let _ = self.header("HTTP", at, bytes.len().min(length + 1));
        self.field(name, at..at + length, line);
    }
}
