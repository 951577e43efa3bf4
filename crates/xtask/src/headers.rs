//! The headers file of the built page: written when it is sealed, read when it is served.
//!
//! The format is the one that static hosts understand: a path pattern on a line of its own, then one
//! indented `Name: value` a line. Ours has one pattern, for every path.

/// The name of the file in the page's directory.
pub const FILE_NAME: &str = "_headers";

/// One response header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name, as it is sent.
    pub name: String,
    /// Its value, on one line.
    pub value: String,
}

impl Header {
    /// A header of this name and value.
    #[must_use]
    pub fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }
}

/// The text of a headers file that sends these headers with every path.
#[must_use]
pub fn render(headers: &[Header]) -> String {
    let lines: String = headers
        .iter()
        .map(|header| format!("  {}: {}\n", header.name, header.value))
        .collect();
    format!("/*\n{lines}")
}

/// The headers in the text of a headers file; lines that are not headers are passed over.
#[must_use]
pub fn parse(text: &str) -> Vec<Header> {
    text.lines()
        .filter(|line| line.starts_with(char::is_whitespace))
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(_, value)| !value.contains(char::is_control))
        .map(|(name, value)| Header::new(name, value.trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_is_parsed_back() {
        let headers = vec![
            Header::new("X-Content-Type-Options", "nosniff"),
            Header::new(
                "Content-Security-Policy",
                "default-src 'none'; img-src 'self' data:",
            ),
        ];
        assert_eq!(parse(&render(&headers)), headers);
    }

    #[test]
    fn patterns_and_empty_lines_are_not_headers() {
        assert_eq!(parse("/*\n\nhttps: not indented\n  no colon here\n"), []);
    }
}
