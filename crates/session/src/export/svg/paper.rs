//! Shapes as XML: the few that the picture is made of.

use std::fmt::Display;
use std::io::{self, Write};

/// What is drawn on.
pub(super) struct Paper<W> {
    out: W,
}

/// A text with the characters that XML reads as its own, or not at all, replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            it if it.is_control() || matches!(it, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            it => escaped.push(it),
        }
    }
    escaped
}

impl<W: Write> Paper<W> {
    pub(super) fn new(out: W) -> Paper<W> {
        Paper { out }
    }

    /// Begins a picture of that size, with a title and a description for those who cannot see it.
    pub(super) fn begin(
        &mut self,
        (width, height): (usize, usize),
        title: &str,
        about: &str,
    ) -> io::Result<()> {
        let (title, about) = (escaped(title), escaped(about));
        write!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title about\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"about\">{about}</desc>\n\
             <style>{}</style>\n<defs>\n{}</defs>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n",
            super::style::sheet(),
            super::style::patterns()
        )
    }

    /// The picture is complete.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(b"</svg>\n")?;
        self.out.flush()
    }

    /// A text, from its left end, or as its class says.
    pub(super) fn text(
        &mut self,
        (x, y): (usize, usize),
        class: &str,
        text: &str,
    ) -> io::Result<()> {
        let text = escaped(text);
        writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"
        )
    }

    /// A rectangle, filled as its attributes say.
    pub(super) fn rect(
        &mut self,
        (x, y): (usize, usize),
        (width, height): (usize, usize),
        attributes: &str,
    ) -> io::Result<()> {
        writeln!(
            self.out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {attributes}/>"
        )
    }

    /// Lines and rectangles of one kind, as the commands of a path. Nothing if there are none.
    pub(super) fn path(
        &mut self,
        attributes: &str,
        commands: impl IntoIterator<Item = String>,
    ) -> io::Result<()> {
        let mut commands = commands.into_iter().peekable();
        if commands.peek().is_none() {
            return Ok(());
        }
        write!(self.out, "<path {attributes} d=\"")?;
        for command in commands {
            self.out.write_all(command.as_bytes())?;
        }
        self.out.write_all(b"\"/>\n")
    }

    /// The same with a text that is shown when one points at it.
    pub(super) fn told_path(
        &mut self,
        attributes: &str,
        command: &str,
        told: &str,
    ) -> io::Result<()> {
        let told = escaped(told);
        writeln!(
            self.out,
            "<path {attributes} d=\"{command}\"><title>{told}</title></path>"
        )
    }
}

/// A rectangle as commands of a path.
pub(super) fn block(
    x: impl Display,
    y: impl Display,
    width: impl Display,
    height: impl Display,
) -> String {
    format!("M{x} {y}h{width}v{height}h-{width}z")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_text_cannot_end_itself_or_hold_what_xml_has_no_place_for() {
        assert_eq!(
            escaped("a <b> & \"c\"\n\u{1}"),
            "a &lt;b&gt; &amp; &quot;c&quot;\u{fffd}\u{fffd}"
        );
        assert_eq!(escaped("größe → 漢"), "größe → 漢");
    }
}
