//! A run in formats that other programs read: a trace for a timeline viewer, tables of events, a
//! picture.
//!
//! An export walks over its window once and writes as it goes, so that it needs no more memory for a
//! long run than for a short one. It is a reader of events and of the machine, like any view; nothing
//! here opens a file.

mod clock;
mod columns;
mod csv;
mod fields;
mod json;
mod json_lines;
mod packets;
mod pcapng;
mod perfetto;
mod svg;

use std::fmt;
use std::io::{self, Write};

pub use clock::{Clock, Moment, parse_clock};
pub use columns::{Column, Value};
use exo_core::ids::Position;
use exo_core::machine::{Machine, Stop};
pub use fields::{Row, row};

use self::csv::Csv;
use self::json_lines::JsonLines;
use self::pcapng::Pcapng;
use self::perfetto::Perfetto;
use self::svg::Svg;
use crate::scenario::{ApplicationSpec, EnvironmentSpec};
use crate::session::{Recorded, Session};

/// Events that an export holds at most, unless told otherwise: what viewers open without trouble.
pub const EVENTS_MAX: u64 = 1_000_000;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Chrome trace events, for Perfetto and its like.
    Perfetto,
    /// Comma-separated values, a row for each event.
    Csv,
    /// JSON Lines, an object for each event.
    JsonLines,
    /// The packets that arrived and left, for Wireshark and its like; none on a machine without a network.
    Pcapng,
    /// A picture of who owned which frame when. It has no limit of events.
    Svg,
}

/// What of a run is written, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where it begins.
    pub from: Position,
    /// Where it ends; the end of the run unless said.
    pub to: Option<Position>,
    /// Whether references that hit the TLB at once are events of the export.
    pub hits: bool,
    /// The most events; those behind are left out, and [`Exported::cut`] says so.
    pub events_max: u64,
    /// How cycles become time, where a format has time.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            from: Position::default(),
            to: None,
            hits: false,
            events_max: EVENTS_MAX,
            clock: Clock::default(),
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Where it begins.
    pub from: Position,
    /// Where it ends.
    pub to: Position,
    /// Where it was to end, if the limit of events cut it.
    pub cut: Option<Position>,
    /// How many events are in it.
    pub events: u64,
    /// How many plain hits were left out.
    pub hits_left_out: u64,
}

/// Why nothing, or not all, was written.
#[derive(Debug)]
pub enum ExportError {
    /// The window ends before it begins.
    OutOfOrder {
        /// Where it was to begin.
        from: Position,
        /// Where it was to end.
        to: Position,
    },
    /// The run ends before that position.
    BeyondTheEnd {
        /// The position.
        asked: Position,
        /// Where the run ends.
        end: Position,
    },
    /// What was given to write to does not take it.
    Write(io::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::OutOfOrder { from, to } => write!(
                f,
                "position {to} lies before position {from}: name an end that does not lie before \
                 the beginning"
            ),
            ExportError::BeyondTheEnd { asked, end } => write!(
                f,
                "there is no position {asked}: the run ends at position {end}"
            ),
            ExportError::Write(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> ExportError {
        ExportError::Write(error)
    }
}

/// What a reader can know of the window before it walks over it.
#[derive(Clone, Copy, Debug)]
struct View {
    /// Where it begins.
    from: Position,
    /// Where it ends, unless the limit of events comes first.
    to: Position,
}

/// Whoever makes an export of what it sees.
trait Reader {
    /// The machine stands where the window begins.
    fn begin(&mut self, session: &Session, view: &View) -> io::Result<()>;

    /// The next unit at which the walk must not pass by without a step.
    fn stops_at(&self) -> u64 {
        u64::MAX
    }

    /// The machine has made a step, which may have caused an event.
    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()>;

    /// The machine stands where the window ends.
    fn finish(&mut self, machine: &Machine, exported: &Exported) -> io::Result<()>;
}

/// Writes a window of a run. The session stands afterwards where it stood.
///
/// # Errors
/// A window that is none, for which nothing is written; or what `out` says when it is written to.
pub fn export<W: Write>(
    session: &mut Session,
    format: Format,
    options: &Options,
    out: W,
) -> Result<Exported, ExportError> {
    let here = session.machine().position();
    let exported = view(session, options).and_then(|view| match format {
        Format::Perfetto => {
            let mut reader = Perfetto::new(out, options.clock);
            walk(session, options, &view, &mut reader)
        }
        Format::Pcapng => {
            let mut reader = Pcapng::new(out, options.clock);
            walk(session, options, &view, &mut reader)
        }
        Format::Csv => walk(session, options, &view, &mut Csv::new(out)),
        Format::JsonLines => walk(session, options, &view, &mut JsonLines::new(out)),
        Format::Svg => {
            let options = Options {
                hits: false,
                events_max: u64::MAX,
                ..*options
            };
            walk(session, &options, &view, &mut Svg::new(out, options.clock))
        }
    });
    session.go_to(here);
    exported
}

/// Goes to the end of the window, to know it, and then to its beginning.
fn view(session: &mut Session, options: &Options) -> Result<View, ExportError> {
    let beyond = |asked, end| ExportError::BeyondTheEnd { asked, end };
    let from = options.from;
    match options.to {
        Some(to) if to < from => return Err(ExportError::OutOfOrder { from, to }),
        Some(to) => session.go_to(to),
        None => {
            session.run_slice(u64::MAX);
        }
    }
    let end = session.machine().position();
    if let Some(asked) = [Some(from), options.to].into_iter().flatten().max()
        && asked > end
    {
        return Err(beyond(asked, end));
    }
    session.go_to(from);
    Ok(View {
        from: session.machine().position(),
        to: end,
    })
}

/// Walks over the window with a reader.
fn walk(
    session: &mut Session,
    options: &Options,
    view: &View,
    reader: &mut impl Reader,
) -> Result<Exported, ExportError> {
    reader.begin(session, view)?;
    let first = session.machine().events();
    let (mut events, mut stop) = (0, Stop::Reached);
    while session.machine().position() < view.to && stop == Stop::Reached {
        if events >= options.events_max {
            break;
        }
        let pause = Position {
            retired: reader.stops_at(),
            event: 0,
        };
        let (stopped, told) = session.walk(view.to.min(pause), options.hits);
        stop = stopped;
        events += u64::from(told.is_some());
        reader.step(session.machine(), told.as_ref())?;
    }
    let machine = session.machine();
    let exported = Exported {
        from: view.from,
        to: machine.position(),
        cut: (machine.position() < view.to).then_some(view.to),
        events,
        hits_left_out: machine.events() - first - events,
    };
    reader.finish(machine, &exported)?;
    Ok(exported)
}

/// What an environment runs, for people.
fn runs(spec: &EnvironmentSpec) -> String {
    let application = match &spec.application {
        ApplicationSpec::Trace(trace) => &trace.name,
        ApplicationSpec::Program { name, .. } => name,
    };
    format!("{application} under {}", spec.name)
}
