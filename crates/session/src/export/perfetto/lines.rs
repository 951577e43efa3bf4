//! Trace events as text: one JSON object a line, in the format of Chrome's trace viewer.

use std::io::{self, Write};

use super::super::clock::{Clock, Moment};
use super::super::json::Object;
use exo_core::ids::EnvId;

/// The process that all tracks are of: the machine.
const MACHINE: u64 = 1;
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
struct Line<'run> {
    ph: &'static str,
    name: Option<&'run str>,
    cat: Option<&'run str>,
    tid: Option<u32>,
    id: Option<u64>,
    /// An arrow's end belongs to the slice around it, and not to the next one.
    bp: Option<&'static str>,
    /// An instant is drawn on its track alone.
    s: Option<&'static str>,
    /// What is said of it: a JSON object.
    args: Option<&'run str>,
}

impl Line<'_> {
    fn new(ph: &'static str) -> Line<'static> {
        Line {
            ph,
            name: None,
            cat: None,
            tid: None,
            id: None,
            bp: None,
            s: None,
            args: None,
        }
    }

    /// As a JSON object, of a moment if it has one. The number is written in full, digit by digit.
    fn json(&self, moment: Option<Moment>) -> String {
        let mut object = Object::new().text("ph", self.ph);
        let add = |object: Object, name: &str, text: Option<&str>| match text {
            Some(text) => object.text(name, text),
            None => object,
        };
        object = add(object, "name", self.name);
        object = add(object, "cat", self.cat).number("pid", MACHINE);
        if let Some(tid) = self.tid {
            object = object.number("tid", tid.into());
        }
        if let Some(moment) = moment {
            object = object.raw("ts", &moment.to_string());
        }
        if let Some(id) = self.id {
            object = object.number("id", id);
        }
        object = add(object, "bp", self.bp);
        object = add(object, "s", self.s);
        if let Some(args) = self.args {
            object = object.raw("args", args);
        }
        object.end()
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
    /// What is said of it, a JSON object, if there is something to say.
    pub(super) args: Option<&'run str>,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W, clock: Clock) -> Lines<W> {
        Lines {
            out,
            clock,
            separator: "{\"traceEvents\":[\n",
        }
    }

    fn write(&mut self, line: &Line<'_>, at_cycles: Option<u64>) -> io::Result<()> {
        let json = line.json(at_cycles.map(|cycles| self.clock.at(cycles)));
        let separator = std::mem::replace(&mut self.separator, ",\n");
        write!(self.out, "{separator}{json}")
    }

    /// Writes an event of a moment.
    fn write_at(&mut self, cycles: u64, line: &Line<'_>) -> io::Result<()> {
        self.write(line, Some(cycles))
    }

    /// Gives the machine a name, or a track of it, and that its place.
    pub(super) fn name(&mut self, track: Option<Track>, name: &str) -> io::Result<()> {
        let of = if track.is_some() { "thread" } else { "process" };
        let tid = track.map(Track::number);
        let named = Line {
            name: Some(&format!("{of}_name")),
            tid,
            args: Some(&Object::new().text("name", name).end()),
            ..Line::new("M")
        };
        self.write(&named, None)?;
        let Some(place) = tid else {
            return Ok(());
        };
        let placed = Line {
            name: Some("thread_sort_index"),
            tid,
            args: Some(&Object::new().number("sort_index", place.into()).end()),
            ..Line::new("M")
        };
        self.write(&placed, None)
    }

    /// A slice begins.
    pub(super) fn begin(&mut self, track: Track, at: u64, what: &Named<'_>) -> io::Result<()> {
        let line = Line {
            name: Some(what.name),
            cat: Some(what.category),
            tid: Some(track.number()),
            args: what.args,
            ..Line::new("B")
        };
        self.write_at(at, &line)
    }

    /// The slice of a track that began last ends.
    pub(super) fn end(&mut self, track: Track, at: u64) -> io::Result<()> {
        let line = Line {
            tid: Some(track.number()),
            ..Line::new("E")
        };
        self.write_at(at, &line)
    }

    /// Something that takes no time.
    pub(super) fn instant(&mut self, track: Track, at: u64, what: &Named<'_>) -> io::Result<()> {
        let line = Line {
            name: Some(what.name),
            cat: Some(what.category),
            tid: Some(track.number()),
            s: Some("t"),
            args: what.args,
            ..Line::new("i")
        };
        self.write_at(at, &line)
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
            args: Some(&Object::new().number(unit, value).end()),
            ..Line::new("C")
        };
        self.write_at(at, &line)
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
        self.write_at(at, &line)
    }

    /// Nothing follows but what is said of the whole, a JSON object.
    pub(super) fn finish(&mut self, about: &str) -> io::Result<()> {
        writeln!(
            self.out,
            "\n],\"displayTimeUnit\":\"ns\",\"otherData\":{about}}}"
        )?;
        self.out.flush()
    }
}
