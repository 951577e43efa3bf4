//! What a sample teaches: the text of its documentation comment, to be read beside it.

use std::rc::Rc;

use crate::store::Draft;

/// What one part of a text teaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonView {
    /// What the part is called.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// The lessons of a text: of the sample that it is, and of the page table that it ends with.
pub(super) fn of(draft: &Draft) -> Rc<[LessonView]> {
    let sample = draft
        .sample
        .map(|sample| lesson(sample.title, &sample.lesson()));
    let table = draft
        .table
        .map(|table| lesson(table.title, &table.lesson()));
    sample.into_iter().chain(table).collect()
}

/// A lesson out of its comment: lines of one paragraph are joined.
pub(super) fn lesson(title: &str, comment: &str) -> LessonView {
    let paragraphs = comment.split("\n\n");
    LessonView {
        title: title.to_owned(),
        paragraphs: paragraphs
            .map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|paragraph| !paragraph.is_empty())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use exo_libos_samples::SAMPLES;

    use crate::store::Draft;

    #[test]
    fn every_sample_has_a_lesson_to_read() {
        for sample in SAMPLES {
            let lessons = super::of(&Draft::new("any.rs", sample.source));
            assert_eq!(lessons[0].title, sample.title);
            for lesson in &*lessons {
                let words: usize = lesson.paragraphs.iter().map(String::len).sum();
                assert!(words > 40, "{lesson:?}");
            }
        }
    }
}
