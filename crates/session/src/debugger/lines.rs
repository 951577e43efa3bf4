//! Where a line of a text is in another version of that text.

use diffy::{DiffOptions, Line};

/// The line of `to` that is a line of `from`, both counted from 1; none if it is gone. Where as many lines as went
/// came in their place, each has become another.
pub fn same_line(line: u32, from: &str, to: &str) -> Option<u32> {
    if from == to {
        return Some(line);
    }
    // A last line is one with or without an end.
    let (from, to) = (format!("{from}\n"), format!("{to}\n"));
    let mut options = DiffOptions::new();
    options.set_context_len(from.lines().count());
    let patch = options.create_patch(&from, &to);
    let all = patch.hunks().iter().flat_map(|hunk| hunk.lines());
    // Lines passed of each, and those of them since the last that both have.
    let (mut old, mut new, mut gone, mut came) = (0, 0, 0, 0);
    for it in all.map(Some).chain([None]) {
        match it {
            Some(Line::Delete(_)) => (old, gone) = (old + 1, gone + 1),
            Some(Line::Insert(_)) => (new, came) = (new + 1, came + 1),
            both => {
                if line > old - gone && line <= old {
                    return (gone == came).then(|| new + line - old);
                }
                (old, new, gone, came) = (old + 1, new + 1, 0, 0);
                if both.is_some() && line == old {
                    return Some(new);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::same_line;

    #[test]
    fn a_line_is_found_again_before_behind_and_between_what_differs() {
        let (old, new) = ("a\nb\nc\nd", "a\nx\ny\nc\nd");
        let moved = |line| same_line(line, old, new);
        assert_eq!(
            [1, 2, 3, 4, 5].map(moved),
            [Some(1), None, Some(4), Some(5), None]
        );
        assert_eq!(same_line(3, new, old), None);
        assert_eq!(same_line(4, new, old), Some(3));
        assert_eq!(same_line(2, "a\na", "a\na\na"), Some(2));
        assert_eq!(same_line(0, old, new), None);
        let both = "0\na\nb\nc\nd\n9";
        assert_eq!(
            [1, 2, 4].map(|it| same_line(it, old, both)),
            [2, 3, 5].map(Some)
        );
        assert_eq!(
            [2, 3, 5].map(|it| same_line(it, both, old)),
            [1, 2, 4].map(Some)
        );
    }

    #[test]
    fn a_line_that_became_another_is_still_that_line() {
        let (old, new) = ("a\nb\nc\nd", "0\na\nB\nC\nd");
        assert_eq!([2, 3].map(|it| same_line(it, old, new)), [3, 4].map(Some));
    }
}
