//! The run so far for other programs: a timeline, tables, a picture.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use exo_net::capture;
use exo_session::export::{Export, Exported, Format, Options};

use super::playground::{Notice, Playground};
use super::work::Activity;
use crate::view::words::grouped;

/// Bytes of one export, which lie in the page's memory and then in the browser's: some millions of events.
const BYTES_MAX: usize = 256 << 20;
/// Bytes of one part of it.
const PART: usize = 1 << 20;
/// Units of one piece of work.
const PIECE: u64 = 5_000;

/// A file on its way to whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// Which one since the page was opened: the same run exported again is another file.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its bytes, one part after the other.
    pub parts: Vec<Vec<u8>>,
    /// What is in it, in a sentence.
    pub words: String,
}

impl ExportFile {
    /// Its text; nothing if it is none.
    pub fn text(&self) -> String {
        String::from_utf8(self.parts.concat()).unwrap_or_default()
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

/// Parts of a file that is being written: none has to be moved to make room for the next.
#[derive(Clone, Debug, Default)]
struct Parts(Rc<RefCell<Vec<Vec<u8>>>>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut parts = self.0.borrow_mut();
        match parts.last_mut() {
            Some(part) if part.len() + bytes.len() <= PART => part.extend_from_slice(bytes),
            _ => {
                let mut part = Vec::with_capacity(PART.max(bytes.len()));
                part.extend_from_slice(bytes);
                parts.push(part);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Parts {
    fn take(&self) -> Vec<Vec<u8>> {
        self.0.take()
    }

    fn is_full(&self) -> bool {
        self.0.borrow().len() > BYTES_MAX / PART
    }
}

/// An export under way.
#[derive(Debug)]
pub struct Exporting {
    format: Format,
    /// The step up to which it goes.
    to: u64,
    export: Export<'static>,
    parts: Parts,
}

impl Playground {
    /// Sets out to write the run from reset up to this step.
    pub(super) fn export(&mut self, format: Format) {
        self.pause();
        self.quiet_notice();
        self.exporting = self.begin_export(format);
        if self.exporting.is_some() {
            self.activity = Activity::Exporting;
        }
    }

    /// Goes on with it, and offers the file when it is all there. True if there is more to write.
    pub(super) fn export_more(&mut self) -> bool {
        let Some(exporting) = &mut self.exporting else {
            self.activity = Activity::Idle;
            return false;
        };
        let more = exporting.export.advance(&mut self.session, PIECE);
        if matches!(more, Ok(true)) && !exporting.parts.is_full() {
            return true;
        }
        self.activity = Activity::Idle;
        if let Some(exporting) = self.exporting.take() {
            let (format, parts) = (exporting.format, exporting.parts);
            let written = more.and_then(|_| exporting.export.finish(&mut self.session));
            match written {
                Ok(exported) => self.exported(format, parts.take(), &exported),
                Err(_) => self.not_exported(),
            }
        }
        false
    }

    /// Ends it: nothing is offered, and the run stands where it stood.
    pub(super) fn give_up_exporting(&mut self) {
        if let Some(exporting) = self.exporting.take() {
            self.session.go_to(exporting.export.here());
            let text =
                "The export was stopped: there is no file, and the run stands where it stood.";
            self.notice = Some(Notice::fact(text.to_owned()));
        }
    }

    /// How many steps have been written, and how many there are, while an export is under way.
    pub(crate) fn export_steps(&self) -> Option<(u64, u64)> {
        let to = self.exporting.as_ref()?.to;
        Some((self.session.step_number().min(to), to))
    }

    fn begin_export(&mut self, format: Format) -> Option<Exporting> {
        let options = Options {
            to: Some(self.session.machine().position()),
            events_max: u64::MAX,
            ..Options::default()
        };
        let (to, parts) = (self.session.step_number(), Parts::default());
        match Export::new(&mut self.session, format, &options, parts.clone()) {
            Ok(export) => Some(Exporting {
                format,
                to,
                export,
                parts,
            }),
            Err(_) => {
                self.not_exported();
                None
            }
        }
    }

    fn not_exported(&mut self) {
        let text = "The run could not be exported; nothing has changed.".to_owned();
        self.notice = Some(Notice::problem(text));
    }

    fn exported(&mut self, format: Format, parts: Vec<Vec<u8>>, exported: &Exported) {
        let ending = FORMATS.iter().find(|(known, ..)| *known == format);
        let ending = ending.map_or("txt", |(_, _, ending, _)| ending);
        let (count, what) = match format {
            Format::Pcapng => {
                let packets = capture::read(&parts.concat()).packets.len();
                (packets as u64, "packets")
            }
            _ => (exported.events, "events"),
        };
        let count = grouped(count);
        let words = match exported.cut {
            None => format!("It holds {count} {what}, up to this step."),
            Some(_) => format!(
                "It holds the first {count} {what}, up to position {}, as a page takes {} MB of a file: \
                 exo export, at the command line, writes all of a run or any part of it.",
                exported.to,
                BYTES_MAX >> 20
            ),
        };
        let step = self.session.step_number();
        self.offer_parts(format!("exokernel-step-{step}.{ending}"), parts, words);
    }

    /// The packets of the run up to this step, as a capture. What is under way ends. None, and a notice says so, if
    /// they cannot be written.
    pub(super) fn written_packets(&mut self) -> Option<Vec<u8>> {
        self.pause();
        let mut exporting = self.begin_export(Format::Pcapng)?;
        let session = &mut self.session;
        let written = exporting.export.advance(session, u64::MAX);
        match written.and_then(|_| exporting.export.finish(session)) {
            Ok(_) => Some(exporting.parts.take().concat()),
            Err(_) => {
                self.not_exported();
                None
            }
        }
    }

    /// Offers a file to be saved, in the place of the one before.
    pub(super) fn offer(&mut self, name: String, bytes: Vec<u8>, words: String) {
        self.offer_parts(name, vec![bytes], words);
    }

    fn offer_parts(&mut self, name: String, parts: Vec<Vec<u8>>, words: String) {
        let number = self.exported.as_ref().map_or(1, |before| before.number + 1);
        self.exported = Some(Rc::new(ExportFile {
            number,
            name,
            parts,
            words,
        }));
    }
}

#[cfg(test)]
mod tests {
    use exo_session::Session;
    use exo_session::export::{Format, Options};

    use super::FORMATS;
    use crate::store::{Action, Playground, Target};
    use crate::view::View;
    use crate::view::tests::playground;

    fn export(playground: &mut Playground, format: Format) {
        playground.update(Action::Export(format));
        while playground.work(0.0) {}
    }

    #[test]
    fn an_export_goes_in_pieces_tells_how_far_it_came_and_can_be_given_up() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        playground.update(Action::GoTo(Target::Step(300_000)));
        while playground.work(0.0) {}
        let digest = playground.session().machine().state_digest();
        playground.update(Action::Export(Format::Csv));
        let mut told = 0;
        while playground.work(0.0) {
            let view = View::of(&playground);
            let (done, all) = view.exporting.unwrap();
            assert!(done >= told && all == 300_000 && view.run.busy && view.exported.is_none());
            told = done;
        }
        assert!(told > 250_000, "{told}");
        let whole = View::of(&playground).exported.unwrap();
        let mut natively = Vec::new();
        let mut session = Session::new(exo_session::first_light().unwrap()).unwrap();
        session.go_to_step(300_000);
        let options = Options {
            to: Some(session.machine().position()),
            ..Options::default()
        };
        exo_session::export::export(&mut session, Format::Csv, &options, &mut natively).unwrap();
        assert_eq!(whole.parts.concat(), natively);
        playground.update(Action::Export(Format::Csv));
        (0..5).for_each(|_| assert!(playground.work(0.0)));
        playground.update(Action::Cancel);
        let view = View::of(&playground);
        assert!(!view.run.working && view.exporting.is_none());
        assert_eq!(view.exported.unwrap().number, whole.number);
        assert!(view.notice.unwrap().text.contains("there is no file"));
        assert_eq!(playground.session().machine().state_digest(), digest);
    }

    #[test]
    fn a_file_that_is_too_large_for_a_page_is_cut_and_says_so() {
        let mut large = Playground::new(exo_session::first_light().unwrap()).unwrap();
        large.update(Action::GoTo(Target::Step(100_000)));
        while large.work(0.0) {}
        large.update(Action::Export(Format::JsonLines));
        *large.exporting.as_mut().unwrap().parts.0.borrow_mut() =
            vec![Vec::new(); super::BYTES_MAX / super::PART + 1];
        while large.work(0.0) {}
        let file = View::of(&large).exported.unwrap();
        assert!(
            file.words.starts_with("It holds the first "),
            "{}",
            file.words
        );
        assert!(file.words.contains("256 MB") && file.text().lines().count() > 100);
        assert_eq!(large.session().step_number(), 100_000);
    }

    #[test]
    fn every_format_is_written_up_to_this_step_and_the_run_stays_where_it_is() {
        let mut playground = playground();
        (0..300).for_each(|_| playground.update(Action::Step));
        let here = playground.session().machine().state_digest();
        for (number, (format, _, ending, _)) in (1..).zip(FORMATS) {
            export(&mut playground, format);
            let file = View::of(&playground).exported.clone().unwrap();
            assert_eq!(file.number, number);
            let least = if format == Format::Pcapng { 4 } else { 500 };
            assert!(file.name.ends_with(ending) && file.parts.concat().len() > least);
            assert!(file.words.starts_with("It holds "), "{}", file.words);
            assert_eq!(playground.session().machine().state_digest(), here);
            assert_eq!(playground.session().step_number(), 300);
        }
        let rows = |text: &str| text.lines().count();
        playground.update(Action::Reset);
        export(&mut playground, FORMATS[2].0);
        assert_eq!(
            rows(&View::of(&playground).exported.clone().unwrap().text()),
            1
        );
    }
}
