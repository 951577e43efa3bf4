//! Files on their way in: what they are by their names, how far traces have come and that they can be given up, and
//! programs.

use exo_policy::SOURCE_BYTES_MAX;

use super::playground::{Notice, Playground};
use crate::view::words::grouped;

/// Whether a file's name ends so, in small letters or capitals.
pub fn has_ending(name: &str, ending: &str) -> bool {
    let end = name.len().checked_sub(ending.len());
    let end = end.and_then(|from| name.get(from..));
    end.is_some_and(|it| it.eq_ignore_ascii_case(ending))
}

impl Playground {
    /// So many bytes of the file have been read.
    pub(super) fn reading(&mut self, name: &str, read: u64, size: u64) {
        self.pause();
        self.reading = true;
        let text = format!(
            "Reading {name}: {} of {} KB.",
            grouped(read / 1024),
            grouped(size / 1024)
        );
        self.notice = Some(Notice {
            text,
            problem: false,
            progress: Some((read, size)),
        });
    }

    pub(super) fn not_read(&mut self, name: &str, reason: &str) {
        self.pause();
        self.reading = false;
        let text =
            format!("{name} was not opened. The run is paused, nothing else has changed. {reason}");
        self.notice = Some(Notice::problem(text));
    }

    /// Whoever reads the file looks whether it still is to be read.
    pub(super) fn stop_reading(&mut self) {
        if self.reading {
            self.reading = false;
            let text = "Reading was stopped, and nothing has changed.";
            self.notice = Some(Notice::fact(text.to_owned()));
        }
    }

    /// Whether a file is being read.
    pub fn is_reading(&self) -> bool {
        self.reading
    }
    /// Puts a program into the editor; the text that was there can be brought back.
    pub(super) fn open_program(&mut self, name: &str, text: &str) {
        if text.len() > SOURCE_BYTES_MAX {
            let most = SOURCE_BYTES_MAX >> 10;
            return self.not_opened(name, &format!("a program has at most {most} KiB"));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let text = text.replace("\r\n", "\n");
        let draft = self.draft();
        if !draft.keeps_locked(&text) {
            return self.not_opened(name, "it changes lines that are to be read only");
        }
        let before = draft.file_name.clone();
        draft.load(name, &text);
        let words = format!(
            "{name} is in the editor, in the place of {before}. It does not run until it is applied; the text before \
             can be brought back."
        );
        self.notice = Some(Notice::fact(words));
    }

    /// What is said of a file is said of the first of so many that were dropped.
    pub(super) fn of_several(&mut self, count: u32) {
        let words = format!(
            "Of the {} files that were dropped, the first was taken: they are opened one at a time. ",
            grouped(count.into())
        );
        if let Some(notice) = &mut self.notice {
            notice.text.insert_str(0, &words);
        }
        if let Some(arrival) = &mut self.arrival {
            arrival.words.insert_str(0, &words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SOURCE_BYTES_MAX, has_ending};
    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    fn open(playground: &mut Playground, text: &str) -> (String, bool) {
        playground.update(Action::OpenProgram {
            name: "submission.rs".to_owned(),
            text: text.to_owned(),
        });
        let notice = View::of(playground).notice.unwrap();
        (notice.text.clone(), notice.problem)
    }

    #[test]
    fn what_a_file_is_can_be_told_in_small_letters_and_in_capitals() {
        for (name, ending) in [("d.toml", ".toml"), ("D.TOML", ".toml"), ("a.b.Rs", ".rs")] {
            assert!(has_ending(name, ending), "{name}");
        }
        for (name, ending) in [
            ("toml", ".toml"),
            ("", ".rs"),
            ("rs", ".rs"),
            ("é.rs.gz", ".rs"),
            ("éé", ".rs"),
        ] {
            assert!(!has_ending(name, ending), "{name}");
        }
        let capitals = |it: &Playground| it.takes_captures("WIRE.PCAPNG");
        assert!(capitals(&playground()));
    }

    #[test]
    fn a_program_goes_into_the_editor_and_neither_runs_nor_loses_what_was_there() {
        let mut playground = playground();
        playground.update(Action::NextFault);
        while playground.work(0.0) {}
        playground.update(Action::Edit("// mine".to_owned()));
        let digest = playground.session().machine().state_digest();
        let (said, problem) = open(&mut playground, "// theirs\r\nfn main() {}\r\n");
        assert!(!problem && said.contains("does not run until"), "{said}");
        let editor = View::of(&playground).editor;
        assert_eq!(
            (&*editor.text, &*editor.file_name),
            ("// theirs\nfn main() {}\n", "submission.rs")
        );
        assert_eq!(playground.session().machine().state_digest(), digest);
        playground.update(Action::UndoLoad);
        assert_eq!(&*View::of(&playground).editor.text, "// mine");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_what_is_opened() {
        let mut playground = playground();
        let sample = exo_libos_samples::sample("lru").unwrap();
        open(&mut playground, &format!("\u{FEFF}{}", sample.source));
        assert_eq!(playground.drafts[0].sample, Some(sample));
        let marked = format!("\u{FEFF}{}", sample.source);
        assert!(exo_policy::check(&marked).diagnostics.is_empty());
        let text = format!("\u{FEFF}{}", playground.work_text());
        playground.update(Action::OpenText {
            name: "mine.toml".to_owned(),
            text,
        });
        let notice = View::of(&playground).notice.unwrap();
        assert!(notice.text.starts_with("Opened from"), "{}", notice.text);
    }

    #[test]
    fn a_program_that_is_too_long_or_where_nothing_may_be_changed_is_refused() {
        let mut playground = playground();
        let before = View::of(&playground).editor.text.clone();
        let (said, problem) = open(&mut playground, &"x".repeat(SOURCE_BYTES_MAX + 1));
        assert!(problem && said.contains("at most 256 KiB"), "{said}");
        playground.update(Action::ReadOnly);
        let (said, _) = open(&mut playground, "// theirs");
        assert!(said.contains("may only be read"), "{said}");
        assert_eq!(View::of(&playground).editor.text, before);
    }

    #[test]
    fn of_several_files_it_is_said_that_the_first_was_taken() {
        let mut playground = playground();
        open(&mut playground, "// theirs");
        playground.update(Action::OfSeveral(3));
        let said = View::of(&playground).notice.unwrap().text.clone();
        assert!(
            said.starts_with("Of the 3 files") && said.contains("submission.rs"),
            "{said}"
        );
    }
}
