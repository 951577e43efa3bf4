//! Names and titles that come from outside: short, on one line, and without marks that turn text
//! around.

/// Characters of a name.
pub(super) const NAME_CHARS_MAX: usize = 64;
/// Characters of a title.
pub(super) const TITLE_CHARS_MAX: usize = 200;

/// Whether a character may stand in a name: no control, and nothing that changes the direction of
/// what follows it.
pub(super) fn is_plain(character: char) -> bool {
    let turns = matches!(character,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !character.is_control() && !turns
}

/// A text as a name that can be written down: what may not stand in one becomes `?`, the rest is
/// cut off.
pub(super) fn plain(text: &str, most: usize) -> String {
    let plain = |character| if is_plain(character) { character } else { '?' };
    text.chars().take(most).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_has_no_controls_and_nothing_that_turns_text_around() {
        assert_eq!(plain("ls.trace", 64), "ls.trace");
        assert_eq!(plain("a\u{202e}b\nc", 64), "a?b?c");
        assert_eq!(plain("größe", 4), "größ");
    }
}
