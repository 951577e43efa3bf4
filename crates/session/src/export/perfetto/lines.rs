//! Trace events as text: one JSON object a line, in the format of Chrome's trace viewer.

use std::io::{self, Write};

use exo_core::ids::EnvId;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::super::clock::Clock;

/// The process that all tracks are of: the machine.
const MACHINE: u32 = 1;
/// The track of the first environment; the others follow.
const FIRST_ENVIRONMENT: u32 = 2;

/// A track of the viewer: a thread of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Track {
    Environment(EnvId),
    Kernel,
    Hardware,
}

impl Track {
    fn number(self) -> u32 {
        match self {
            Track::Environment(env) => FIRST_ENVIRONMENT + u32::from(env.0),
            // Behind the last environment that there can be.
            Track::Kernel => FIRST_ENVIRONMENT + 256,
            Track::Hardware => FIRST_ENVIRONMENT + 257,
        }
    }
}

/// A part of a flow's arrow, drawn from and to the slice that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlowPart {
    Start,
    Step,
    End,
}

/// One event of the format. What a kind of event does not have is not written.
#[derive(Serialize)]
struct Line<'run> {
    ph: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'run str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'run str>,
    pid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<&'run RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    /// An arrow's end belongs to the slice around it, and not to the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    /// An instant is drawn on its track alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<&'run serde_json::Value>,
}

impl Line<'_> {
    fn new(ph: &'static str) -> Line<'static> {
        Line {
            ph,
            name: None,
            cat: None,
            pid: MACHINE,
            tid: None,
            ts: None,
            id: None,
            bp: None,
            s: None,
            args: None,
        }
    }
}

/// Writes events, in the order in which they are given.
pub(super) struct Lines<W> {
    out: W,
    clock: Clock,
    /// What stands before the next event.
    separator: &'static str,
}

/// What a slice or an instant is.
pub(super) struct Named<'run> {
    pub(super) category: &'run str,
    pub(super) name: &'run str,
    pub(super) args: &'run serde_json::Value,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W, clock: Clock) -> Lines<W> {
        Lines {
            out,
            clock,
            separator: "{\"traceEvents\":[\n",
        }
    }

    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.out.write_all(self.separator.as_bytes())?;
        self.separator = ",\n";
        serde_json::to_writer(&mut self.out, line).map_err(io::Error::from)
    }

    /// Writes an event of a moment. The number is written in full, digit by digit.
    fn write_at(&mut self, cycles: u64, line: Line<'_>) -> io::Result<()> {
        let moment = RawValue::from_string(self.clock.at(cycles).to_string())?;
        self.write(&Line {
            ts: Some(&moment),
            ..line
        })
    }

    /// Gives the machine a name, or a track of it, and that its place.
    pub(super) fn name(&mut self, track: Option<Track>, name: &str) -> io::Result<()> {
        let of = if track.is_some() { "thread" } else { "process" };
        let tid = track.map(Track::number);
        self.write(&Line {
            name: Some(&format!("{of}_name")),
            tid,
            args: Some(&serde_json::json!({ "name": name })),
            ..Line::new("M")
        })?;
        let Some(place) = tid else {
            return Ok(());
        };
        self.write(&Line {
            name: Some("thread_sort_index"),
            tid,
            args: Some(&serde_json::json!({ "sort_index": place })),
            ..Line::new("M")
        })
    }

    /// A slice begins.
    pub(super) fn begin(&mut self, track: Track, at: u64, what: &Named<'_>) -> io::Result<()> {
        let line = Line {
            name: Some(what.name),
            cat: Some(what.category),
            tid: Some(track.number()),
            args: Some(what.args).filter(|it| !it.is_null()),
            ..Line::new("B")
        };
        self.write_at(at, line)
    }

    /// The slice of a track that began last ends.
    pub(super) fn end(&mut self, track: Track, at: u64) -> io::Result<()> {
        let line = Line {
            tid: Some(track.number()),
            ..Line::new("E")
        };
        self.write_at(at, line)
    }

    /// Something that takes no time.
    pub(super) fn instant(&mut self, track: Track, at: u64, what: &Named<'_>) -> io::Result<()> {
        let line = Line {
            name: Some(what.name),
            cat: Some(what.category),
            tid: Some(track.number()),
            s: Some("t"),
            args: Some(what.args),
            ..Line::new("i")
        };
        self.write_at(at, line)
    }

    /// A counter has a value from here on.
    pub(super) fn counter(
        &mut self,
        at: u64,
        name: &str,
        unit: &str,
        value: u64,
    ) -> io::Result<()> {
        let line = Line {
            name: Some(name),
            args: Some(&serde_json::json!({ unit: value })),
            ..Line::new("C")
        };
        self.write_at(at, line)
    }

    /// The arrow of flow `id` begins at, goes through, or ends at the slice that is open on a track.
    pub(super) fn flow(
        &mut self,
        track: Track,
        at: u64,
        id: u64,
        part: FlowPart,
    ) -> io::Result<()> {
        let (ph, bp) = match part {
            FlowPart::Start => ("s", None),
            FlowPart::Step => ("t", Some("e")),
            FlowPart::End => ("f", Some("e")),
        };
        let line = Line {
            name: Some("page fault"),
            cat: Some("fault"),
            tid: Some(track.number()),
            id: Some(id),
            bp,
            ..Line::new(ph)
        };
        self.write_at(at, line)
    }

    /// Nothing follows but what is said of the whole.
    pub(super) fn finish(&mut self, about: &impl Serialize) -> io::Result<()> {
        let about = to_raw_value(about)?;
        writeln!(
            self.out,
            "\n],\"displayTimeUnit\":\"ns\",\"otherData\":{about}}}"
        )?;
        self.out.flush()
    }
}
