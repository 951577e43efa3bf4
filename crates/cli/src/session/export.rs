//! `exo export`: a run, or a part of it, as a file that other programs read.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use exo_core::ids::Position;
use exo_session::Session;
use exo_session::explain::grouped;
use exo_session::export::{
    self, Clock, EVENTS_MAX, ExportError, Exported, Format, Options, parse_clock,
};

use super::source::find;
use super::target::{Target, parse_target, position};
use crate::{Failure, print};

/// What to export, where to, and how much of it. A file that is there already is written over; `-` is
/// standard output.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// A scenario that comes along (exo scenario list), a scenario's or session's file, or a link.
    session: String,
    #[command(flatten)]
    files: Files,
    /// Where it begins: a position, like 1024.3 or 1024.
    #[arg(long, value_name = "POSITION", value_parser = position, default_value = "0")]
    from: Position,
    /// Where it ends: a position, or `end`. Unless you say, where the session was saved; a scenario's
    /// end.
    #[arg(long, value_name = "POSITION", value_parser = parse_target)]
    to: Option<Target>,
    /// References that hit the TLB at once are events too. There are very many.
    #[arg(long)]
    hits: bool,
    /// The most events; the export is cut there, with a note.
    #[arg(long, value_name = "EVENTS", default_value_t = EVENTS_MAX)]
    limit: u64,
    /// The clock that turns cycles into time, in MHz. The paper has 12.5, 16.67 and 25.
    #[arg(long, value_name = "MHZ", value_parser = parse_clock, default_value = "25")]
    clock: Clock,
    /// The file of a trace that the session runs on and does not hold.
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
}

/// The formats, each with its file.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Files {
    /// Chrome trace events, for <https://ui.perfetto.dev> and chrome://tracing.
    #[arg(long, value_name = "FILE")]
    perfetto: Option<PathBuf>,
    /// A table: a row for each event, comma-separated values.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// JSON Lines: an object for each event, with its sentence.
    #[arg(long, value_name = "FILE")]
    jsonl: Option<PathBuf>,
    /// A capture of every packet that arrived and left, each with what became of it, for Wireshark (pcapng).
    #[arg(long, value_name = "FILE")]
    pcapng: Option<PathBuf>,
    /// A picture: who owned which frame when, and where pages were loaded.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Files {
    fn each(&self) -> impl Iterator<Item = (Format, &Path)> {
        let all = [
            (Format::Perfetto, &self.perfetto),
            (Format::Csv, &self.csv),
            (Format::JsonLines, &self.jsonl),
            (Format::Pcapng, &self.pcapng),
            (Format::Svg, &self.svg),
        ];
        all.into_iter()
            .filter_map(|(format, file)| Some((format, file.as_deref()?)))
    }
}

/// Writes the files.
pub fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    let found = find(&arguments.session)?;
    let mut opened = found.open(&arguments.trace)?;
    let options = Options {
        from: arguments.from,
        to: match Target::or_saved(arguments.to, &found, &opened) {
            Target::Position(position) => Some(position),
            Target::End => None,
        },
        hits: arguments.hits,
        events_max: arguments.limit,
        clock: arguments.clock,
    };
    if arguments.files.pcapng.is_some() && opened.session.scenario().network.is_none() {
        return Err(Failure::Input(format!(
            "{} has no network, so that no packet arrives or leaves: --pcapng needs one",
            found.shown
        )));
    }
    for (format, path) in arguments.files.each() {
        write(&mut opened.session, format, &options, path)?;
    }
    Ok(())
}

/// Writes one file, and says what is in it.
fn write(
    session: &mut Session,
    format: Format,
    options: &Options,
    path: &Path,
) -> Result<(), Failure> {
    let to_output = path.as_os_str() == "-";
    let exported = if to_output {
        let out = BufWriter::new(io::stdout().lock());
        export::export(session, format, options, out)
    } else {
        let out = BufWriter::new(Late { path, file: None });
        export::export(session, format, options, out)
    };
    let shown = if to_output {
        "standard output".to_owned()
    } else {
        path.display().to_string()
    };
    let exported = match exported {
        Ok(exported) => exported,
        // A reader that has gone away has what it wanted.
        Err(ExportError::Write(error)) if to_output && error.kind() == ErrorKind::BrokenPipe => {
            return Ok(());
        }
        Err(ExportError::Write(error)) => {
            return Err(Failure::Input(format!("cannot write {shown}: {error}")));
        }
        Err(error) => return Err(Failure::Input(error.to_string())),
    };
    if let Some(left) = exported.cut {
        eprintln!(
            "exo: note: {shown} is cut at position {}, after {} events, and was to go to position \
             {left}: --limit allows more, --from {} gives what follows",
            exported.to,
            grouped(exported.events),
            exported.to
        );
    }
    if to_output {
        return Ok(());
    }
    print(&said(&shown, &exported))
}

fn said(shown: &str, exported: &Exported) -> String {
    let left_out = match exported.hits_left_out {
        0 => String::new(),
        hits => format!(
            "; {} references that hit the TLB at once are left out",
            grouped(hits)
        ),
    };
    format!(
        "{shown}: {} events from position {} to {}{left_out}",
        grouped(exported.events),
        exported.from,
        exported.to
    )
}

/// A file that is made when there is something to write: an export that fails before leaves what was
/// there.
struct Late<'run> {
    path: &'run Path,
    file: Option<File>,
}

impl Late<'_> {
    fn file(&mut self) -> io::Result<&mut File> {
        match &mut self.file {
            Some(file) => Ok(file),
            none => Ok(none.insert(File::create(self.path)?)),
        }
    }
}

impl Write for Late<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}
