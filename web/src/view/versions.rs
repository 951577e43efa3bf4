//! Earlier versions of the text in the editor.

use std::rc::Rc;

use super::words::grouped;
use crate::store::Playground;

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// When it was kept.
    pub when: String,
    /// How it differs from the text that is shown.
    pub words: String,
}

/// Those of the shown text, while they are looked at.
pub(super) fn select(playground: &Playground) -> Option<Rc<[VersionRow]>> {
    let shown = (playground.shown, playground.side);
    let versions = playground.versions.as_ref().filter(|it| it.of == shown)?;
    let text = &playground.shown_draft().text;
    let rows = versions.rows.iter().map(|version| VersionRow {
        when: version.when.clone(),
        words: match differing(&version.text, text) {
            1 => "1 line differs".to_owned(),
            lines => format!("{} lines differ", grouped(lines as u64)),
        },
    });
    Some(rows.collect())
}

/// Lines from the first to the last in which two texts differ, in the one that has more of them.
fn differing(one: &str, other: &str) -> usize {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.lines().collect(), other.lines().collect());
    let least = one.len().min(other.len());
    let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let behind = one.iter().rev().zip(other.iter().rev());
    let behind = behind.take(least - before).take_while(|(a, b)| a == b);
    one.len().max(other.len()) - before - behind.count()
}

#[cfg(test)]
mod tests {
    use super::differing;

    #[test]
    fn lines_that_differ_are_counted_between_those_that_are_the_same() {
        assert_eq!(differing("a\nb\nc", "a\nx\nc"), 1);
        assert_eq!(differing("a\nc", "a\nb\nb\nc"), 2);
        assert_eq!(differing("a\na", "a\na\na"), 1);
        assert_eq!(differing("a", "a"), 0);
    }
}
