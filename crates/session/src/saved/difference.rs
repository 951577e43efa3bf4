//! A source as its difference from one that comes with the playground.

use std::collections::HashSet;

use exo_core::cpu::Role;

use super::shipped::Shipped;

/// Lines around a change that are written with it, so that it still fits where others have moved.
const CONTEXT_LINES: usize = 1;
/// Lines that a text may have beyond its base: of more, a difference takes long to find and saves nothing.
const LINES_MORE_MAX: usize = 2_000;

/// A source written as a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) base: Shipped,
    /// A unified difference, without its two lines of file names.
    pub(super) change: String,
}

/// The shortest difference of a text from a shipped source; none if the text itself is no longer.
pub(super) fn difference(role: Role, text: &str) -> Option<Difference> {
    let base = nearest(role, text)?;
    let base_text = base.text();
    if text.lines().count() > base_text.lines().count() + LINES_MORE_MAX {
        return None;
    }
    let mut options = diffy::DiffOptions::new();
    options.set_context_len(CONTEXT_LINES);
    let patch = options.create_patch(&base_text, text).to_string();
    let change = patch
        .split_once("@@ ")
        .map(|(_, rest)| format!("@@ {rest}"))?;
    let difference = Difference { base, change };
    let whole = changed(&base_text, &difference.change).is_ok_and(|it| it == text);
    (whole && difference.change.len() < text.len()).then_some(difference)
}

/// The shipped source that shares most lines with a text.
fn nearest(role: Role, text: &str) -> Option<Shipped> {
    let lines: HashSet<&str> = text.lines().collect();
    let likeness = |shipped: &Shipped| {
        let base = shipped.text();
        let (mut shared, mut all) = (0, 0);
        for line in base.lines() {
            all += 1;
            shared += i64::from(lines.contains(line));
        }
        2 * shared - all
    };
    // Of equal ones the first, which has the usual parts.
    let all = Shipped::all(role).into_iter().rev();
    all.max_by_key(likeness)
}

/// A base with a difference applied to it.
///
/// # Errors
/// A sentence: it is no difference, or does not fit this base.
pub(super) fn changed(base: &str, change: &str) -> Result<String, String> {
    let patch = diffy::Patch::from_str(change)
        .map_err(|error| format!("this is no difference ({error}): the file is damaged"))?;
    diffy::apply(base, &patch).map_err(|_| {
        "the difference does not fit the source that comes with this playground, which has changed \
         since"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use exo_core::cpu::Role;

    use super::{changed, difference};
    use crate::saved::shipped::Shipped;

    #[test]
    fn an_edited_sample_is_a_few_lines_and_comes_back_whole() {
        for shipped in Shipped::all(Role::LibOs) {
            let text = shipped.text();
            let edited = text.replacen('{', "{\n    // mine", 3) + "\n// no line end";
            let found = difference(Role::LibOs, &edited).unwrap();
            assert_eq!(found.base, shipped);
            assert!(found.change.len() < 700, "{}", found.change);
            assert_eq!(changed(&shipped.text(), &found.change).unwrap(), edited);
        }
    }

    #[test]
    fn a_difference_fits_a_base_whose_other_lines_have_changed_and_no_other() {
        let base = Shipped::policy("fifo").unwrap().text();
        let edited = base.replacen("self.hand = ", "self.hand = 1 * ", 1);
        let found = difference(Role::LibOs, &edited).unwrap();
        let later = format!("// a line more\n{base}");
        let expected = format!("// a line more\n{edited}");
        assert_eq!(changed(&later, &found.change).unwrap(), expected);
        assert!(changed("something else", &found.change).is_err());
        assert!(changed(&base, "@@ -1 +1 @@\nnonsense").is_err());
    }

    #[test]
    fn a_text_that_is_much_longer_than_any_that_comes_along_is_written_whole() {
        let text = Shipped::policy("fifo").unwrap().text();
        let longer = |lines| format!("{text}{}", "// a line more\n".repeat(lines));
        assert!(difference(Role::LibOs, &longer(1_000)).is_some());
        assert_eq!(difference(Role::LibOs, &longer(100_000)), None);
    }

    #[test]
    fn a_text_of_its_own_is_written_whole() {
        assert_eq!(difference(Role::LibOs, "// all mine\n"), None);
    }
}
