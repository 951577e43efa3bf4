//! Lines that came to be read only: what stands between `// <read-only>` and `// </read-only>` in the text that
//! came with the scenario. Who sets a task marks there what is not to be changed.

use super::draft::Draft;

const BEGIN: &str = "// <read-only>";
const END: &str = "// </read-only>";

/// The marked stretches of a text: first and last line, from 1, marks included.
fn marked(text: &str) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut begun = None;
    for (number, line) in (1..).zip(text.lines()) {
        match line.trim() {
            BEGIN if begun.is_none() => begun = Some(number),
            END => found.extend(begun.take().map(|first| (first, number))),
            _ => {}
        }
    }
    found
}

/// The lines of a stretch, as they stand.
fn within(text: &str, (first, last): (u32, u32)) -> Vec<&str> {
    let count = (last + 1).saturating_sub(first) as usize;
    text.lines().skip(first as usize - 1).take(count).collect()
}

impl Draft {
    /// The stretches of the text that are to be read only: first and last line, from 1.
    pub fn locked(&self) -> Vec<(u32, u32)> {
        let original = &*self.original.1;
        let kept: Vec<_> = marked(original)
            .into_iter()
            .map(|it| within(original, it))
            .collect();
        let here = marked(&self.text).into_iter();
        here.filter(|it| kept.contains(&within(&self.text, *it)))
            .collect()
    }

    /// Whether another text leaves all of them as they are, in their order.
    pub fn keeps_locked(&self, text: &str) -> bool {
        let locked = self.locked();
        let mut now = marked(text).into_iter().map(|it| within(text, it));
        locked.iter().all(|it| {
            let kept = within(&self.text, *it);
            now.any(|other| other == kept)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;

    const TEXT: &str = "one\n// <read-only>\ntwo\n// </read-only>\nthree\n";

    #[test]
    fn what_the_task_marked_stays_and_all_around_can_be_edited() {
        let draft = Draft::new("task.rs", TEXT);
        assert_eq!(draft.locked(), [(2, 4)]);
        for fine in [
            TEXT,
            &TEXT.replace("one", "x\ny"),
            &TEXT.replace("three", ""),
        ] {
            assert!(draft.keeps_locked(fine), "{fine}");
        }
        for wrong in [
            "",
            &TEXT.replace("two", "2"),
            &TEXT.replace("</read-only>", ""),
        ] {
            assert!(!draft.keeps_locked(wrong), "{wrong}");
        }
    }

    #[test]
    fn marks_of_one_s_own_lock_nothing() {
        let mut draft = Draft::new("task.rs", "one\n");
        draft.edit(TEXT.to_owned());
        assert!(draft.locked().is_empty());
        assert!(draft.keeps_locked("one"));
    }
}
