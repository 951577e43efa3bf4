//! A run in formats that other programs read: a trace for a timeline viewer, tables of events, a
//! picture.
//!
//! An export walks over its window once and writes as it goes, so that it needs no more memory for a
//! long run than for a short one; it can do so in pieces. It is a reader of events and of the machine, like any view; nothing
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
pub fn export<'out, W: Write + 'out>(
    session: &mut Session,
    format: Format,
    options: &Options,
    out: W,
) -> Result<Exported, ExportError> {
    let mut export = Export::new(session, format, options, out)?;
    while export.advance(session, u64::MAX)? {}
    export.finish(session)
}

/// An export that is written in pieces, and can be ended between two of them.
pub struct Export<'out> {
    reader: Box<dyn Reader + 'out>,
    walk: Walk,
    here: Position,
}

impl fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.walk.fmt(f)
    }
}

impl<'out> Export<'out> {
    /// Begins to write a window of a run. The session stands where the window begins, and must be moved by
    /// nothing else until all is written.
    ///
    /// # Errors
    /// As [`export`]; the session then stands where it stood.
    pub fn new<W: Write + 'out>(
        session: &mut Session,
        format: Format,
        options: &Options,
        out: W,
    ) -> Result<Export<'out>, ExportError> {
        let here = session.machine().position();
        let (mut options, clock) = (*options, options.clock);
        let mut reader: Box<dyn Reader + 'out> = match format {
            Format::Perfetto => Box::new(Perfetto::new(out, clock)),
            Format::Pcapng => Box::new(Pcapng::new(out, clock)),
            Format::Csv => Box::new(Csv::new(out)),
            Format::JsonLines => Box::new(JsonLines::new(out)),
            Format::Svg => {
                (options.hits, options.events_max) = (false, u64::MAX);
                Box::new(Svg::new(out, clock))
            }
        };
        match Walk::begin(session, &options, &mut *reader) {
            Ok(walk) => Ok(Export { reader, walk, here }),
            Err(error) => {
                session.go_to(here);
                Err(error)
            }
        }
    }

    /// Writes what the next `units_max` units and a few more have. True if there is more to write.
    ///
    /// # Errors
    /// As [`export`]; the session then stands where it stood.
    pub fn advance(&mut self, session: &mut Session, units_max: u64) -> Result<bool, ExportError> {
        let more = self.walk.go_on(session, units_max, &mut *self.reader);
        if more.is_err() {
            session.go_to(self.here);
        }
        more
    }

    /// Ends it where it has come to. The session stands afterwards where it stood.
    ///
    /// # Errors
    /// As [`export`].
    pub fn finish(mut self, session: &mut Session) -> Result<Exported, ExportError> {
        let exported = self.walk.finish(session, &mut *self.reader);
        session.go_to(self.here);
        exported
    }

    /// Where the session stood before it was begun.
    pub fn here(&self) -> Position {
        self.here
    }
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

/// A walk over a window with a reader.
#[derive(Debug)]
struct Walk {
    options: Options,
    view: View,
    /// Events before the window.
    first: u64,
    events: u64,
}

impl Walk {
    fn begin(
        session: &mut Session,
        options: &Options,
        reader: &mut dyn Reader,
    ) -> Result<Walk, ExportError> {
        let view = view(session, options)?;
        reader.begin(session, &view)?;
        Ok(Walk {
            options: *options,
            view,
            first: session.machine().events(),
            events: 0,
        })
    }

    /// Goes on for so many units, to the next event behind them. True if there is more.
    fn go_on(
        &mut self,
        session: &mut Session,
        units_max: u64,
        reader: &mut dyn Reader,
    ) -> Result<bool, ExportError> {
        let end = session
            .machine()
            .position()
            .retired
            .saturating_add(units_max);
        while session.machine().position() < self.view.to && self.events < self.options.events_max {
            if session.machine().position().retired >= end {
                return Ok(true);
            }
            let pause = Position {
                retired: reader.stops_at(),
                event: 0,
            };
            let (stop, told) = session.walk(self.view.to.min(pause), self.options.hits);
            self.events += u64::from(told.is_some());
            reader.step(session.machine(), told.as_ref())?;
            if stop != Stop::Reached {
                break;
            }
        }
        Ok(false)
    }

    fn finish(self, session: &Session, reader: &mut dyn Reader) -> Result<Exported, ExportError> {
        let machine = session.machine();
        let exported = Exported {
            from: self.view.from,
            to: machine.position(),
            cut: (machine.position() < self.view.to).then_some(self.view.to),
            events: self.events,
            hits_left_out: machine.events() - self.first - self.events,
        };
        reader.finish(machine, &exported)?;
        Ok(exported)
    }
}

/// What an environment runs, for people.
fn runs(spec: &EnvironmentSpec) -> String {
    let application = match &spec.application {
        ApplicationSpec::Trace(trace) => &trace.name,
        ApplicationSpec::Program { name, .. } => name,
    };
    format!("{application} under {}", spec.name)
}
