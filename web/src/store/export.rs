//! The run so far for other programs: a timeline, tables, a picture.

use std::rc::Rc;

use exo_net::capture;
use exo_session::export::{Exported, Format, Options, export};

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
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is in it, in a sentence.
    pub words: String,
}

impl ExportFile {
    /// Its text; nothing if it is none.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }
}

/// What can be exported: the format, its name, the end of the file's name, and what it is.
pub const FORMATS: [(Format, &str, &str, &str); 5] = [
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
    (
        Format::Pcapng,
        "Packets",
        "pcapng",
        "what passed the wire, with what became of it, for Wireshark",
    ),
];

impl Playground {
    /// Writes the run from reset up to this step, and offers it to be saved.
    pub(super) fn export(&mut self, format: Format) {
        let Some((bytes, exported)) = self.written(format) else {
            return;
        };
        let ending = FORMATS.iter().find(|(known, ..)| *known == format);
        let ending = ending.map_or("txt", |(_, _, ending, _)| ending);
        let (count, what) = match format {
            Format::Pcapng => (capture::read(&bytes).packets.len() as u64, "packets"),
            _ => (exported.events, "events"),
        };
        let count = grouped(count);
        let words = match exported.cut {
            None => format!("It holds {count} {what}, up to this step."),
            Some(_) => format!(
                "It holds the first {count} {what}, up to position {}: exo export, at the command \
                 line, writes any part of a run.",
                exported.to
            ),
        };
        let step = self.session.step_number();
        self.offer(format!("exokernel-step-{step}.{ending}"), bytes, words);
    }

    /// The run from reset up to this step, in a format. What is under way ends. None, and a notice says so, if it
    /// cannot be written.
    pub(super) fn written(&mut self, format: Format) -> Option<(Vec<u8>, Exported)> {
        self.pause();
        let options = Options {
            to: Some(self.session.machine().position()),
            events_max: EVENTS_MAX,
            ..Options::default()
        };
        let mut bytes = Vec::new();
        match export(&mut self.session, format, &options, &mut bytes) {
            Ok(exported) => Some((bytes, exported)),
            Err(_) => {
                let text = "The run could not be exported; nothing has changed.".to_owned();
                self.notice = Some(Notice::problem(text));
                None
            }
        }
    }

    /// Offers a file to be saved, in the place of the one before.
    pub(super) fn offer(&mut self, name: String, bytes: Vec<u8>, words: String) {
        let number = self.exported.as_ref().map_or(1, |before| before.number + 1);
        self.exported = Some(Rc::new(ExportFile {
            number,
            name,
            bytes,
            words,
        }));
    }
}

#[cfg(test)]
mod tests {
    use exo_session::export::Format;

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
            let least = if format == Format::Pcapng { 4 } else { 500 };
            assert!(file.name.ends_with(ending) && file.bytes.len() > least);
            assert!(file.words.starts_with("It holds "), "{}", file.words);
            assert_eq!(playground.session().machine().state_digest(), here);
            assert_eq!(playground.session().step_number(), 300);
        }
        let rows = |text: &str| text.lines().count();
        playground.update(Action::Reset);
        playground.update(Action::Export(FORMATS[2].0));
        assert_eq!(
            rows(View::of(&playground).exported.clone().unwrap().text()),
            1
        );
    }
}
