//! The run so far for other programs: a timeline, tables, a picture.

use std::rc::Rc;

use exo_session::export::{Format, Options, export};

use super::playground::{Notice, Playground};
use crate::view::words::grouped;

/// Events of one export: what a page can hold as one text.
const EVENTS_MAX: u64 = 200_000;

/// A file on its way to whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// Which one since the page was opened: the same run exported again is another file.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What is in it, in a sentence.
    pub words: String,
}

/// What can be exported: the format, its name, the end of the file's name, and what it is.
pub const FORMATS: [(Format, &str, &str, &str); 4] = [
    (
        Format::Perfetto,
        "Timeline",
        "trace.json",
        "Chrome trace events, for ui.perfetto.dev",
    ),
    (
        Format::Svg,
        "Picture",
        "svg",
        "who owned which frame when, as SVG",
    ),
    (
        Format::Csv,
        "Table",
        "csv",
        "a row for each event but plain hits, as CSV",
    ),
    (
        Format::JsonLines,
        "JSON Lines",
        "jsonl",
        "the same with its sentences, for jq and its like",
    ),
];

impl Playground {
    /// Writes the run from reset up to this step.
    pub(super) fn export(&mut self, format: Format) {
        self.pause();
        let options = Options {
            to: Some(self.session.machine().position()),
            events_max: EVENTS_MAX,
            ..Options::default()
        };
        let mut bytes = Vec::new();
        let written = export(&mut self.session, format, &options, &mut bytes);
        let text = String::from_utf8(bytes);
        let (Ok(exported), Ok(text)) = (written, text) else {
            let text = "The run could not be exported; nothing has changed.".to_owned();
            self.notice = Some(Notice::problem(text));
            return;
        };
        let ending = FORMATS.iter().find(|(known, ..)| *known == format);
        let ending = ending.map_or("txt", |(_, _, ending, _)| ending);
        let events = grouped(exported.events);
        let words = match exported.cut {
            None => format!("It holds {events} events, up to this step."),
            Some(_) => format!(
                "It holds the first {events} events, up to position {}: exo export, at the command \
                 line, writes any part of a run.",
                exported.to
            ),
        };
        let step = self.session.step_number();
        self.offer(format!("exokernel-step-{step}.{ending}"), text, words);
    }

    /// Offers a file to be saved, in the place of the one before.
    pub(super) fn offer(&mut self, name: String, text: String, words: String) {
        let number = self.exported.as_ref().map_or(1, |before| before.number + 1);
        self.exported = Some(Rc::new(ExportFile {
            number,
            name,
            text,
            words,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::FORMATS;
    use crate::store::Action;
    use crate::view::View;
    use crate::view::tests::playground;

    #[test]
    fn every_format_is_written_up_to_this_step_and_the_run_stays_where_it_is() {
        let mut playground = playground();
        (0..300).for_each(|_| playground.update(Action::Step));
        let here = playground.session().machine().state_digest();
        for (number, (format, _, ending, _)) in (1..).zip(FORMATS) {
            playground.update(Action::Export(format));
            let file = View::of(&playground).exported.clone().unwrap();
            assert_eq!(file.number, number);
            assert!(file.name.ends_with(ending) && file.text.len() > 500);
            assert!(file.words.starts_with("It holds "), "{}", file.words);
            assert_eq!(playground.session().machine().state_digest(), here);
            assert_eq!(playground.session().step_number(), 300);
        }
        let rows = |text: &str| text.lines().count();
        playground.update(Action::Reset);
        playground.update(Action::Export(FORMATS[2].0));
        assert_eq!(
            rows(&View::of(&playground).exported.clone().unwrap().text),
            1
        );
    }
}
