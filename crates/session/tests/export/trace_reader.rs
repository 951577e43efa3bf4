//! A strict reader of Chrome trace events: what the format demands, and what viewers forgive, is an
//! error here.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File<'text> {
    #[serde(borrow)]
    trace_events: Vec<Event<'text>>,
    display_time_unit: String,
    other_data: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event<'text> {
    ph: &'text str,
    name: Option<String>,
    cat: Option<String>,
    pid: u64,
    tid: Option<u64>,
    #[serde(borrow)]
    ts: Option<&'text RawValue>,
    id: Option<u64>,
    bp: Option<String>,
    s: Option<String>,
    args: Option<Value>,
}

/// A slice that is over.
#[derive(Clone, Debug)]
pub struct Slice {
    pub track: String,
    pub category: String,
    pub name: String,
    pub args: Value,
    pub begins: u64,
    pub ends: u64,
    /// Nanoseconds in slices right within it.
    pub within: u64,
    /// How many slices are around it.
    pub depth: usize,
}

impl Slice {
    pub fn length(&self) -> u64 {
        self.ends - self.begins
    }
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Trace {
    pub slices: Vec<Slice>,
    /// Track, name, arguments.
    pub instants: Vec<(String, String, Value)>,
    /// The values of each counter, with their nanoseconds.
    pub counters: BTreeMap<String, Vec<(u64, u64)>>,
    /// For each arrow the slices that it binds to, as track and name, and whether it ends.
    pub flows: BTreeMap<u64, (Vec<(String, String)>, bool)>,
    pub about: Value,
}

#[derive(Default)]
struct Reader {
    trace: Trace,
    tracks: BTreeMap<u64, String>,
    open: BTreeMap<u64, Vec<Slice>>,
    latest: BTreeMap<u64, u64>,
    flow_times: BTreeMap<u64, u64>,
}

/// Reads a file.
///
/// # Panics
/// At the first thing that is not as it must be, with the event's number.
pub fn read(text: &str) -> Trace {
    let file: File<'_> = serde_json::from_str(text).unwrap();
    assert_eq!(file.display_time_unit, "ns");
    let mut reader = Reader::default();
    for (number, event) in file.trace_events.iter().enumerate() {
        if let Err(what) = reader.event(event) {
            let ts = event.ts.map(RawValue::get);
            panic!("event {number} ({} at {ts:?}): {what}", event.ph);
        }
    }
    let open: Vec<_> = reader.open.values().flatten().collect();
    assert!(open.is_empty(), "slices without an end: {open:?}");
    reader.trace.about = file.other_data;
    reader.trace
}

/// A decimal number of microseconds as nanoseconds, exactly.
fn nanoseconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let fits = digits(whole) && digits(part) && part.len() <= 3;
    let part = format!("{part:0<3}");
    let value = whole.parse::<u64>().ok()?.checked_mul(1000)?;
    fits.then_some(value + part.parse::<u64>().ok()?)
}

type Answer = Result<(), String>;

fn must(holds: bool, what: &str) -> Answer {
    holds.then_some(()).ok_or_else(|| what.to_owned())
}

fn needed<T>(value: Option<T>, what: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("{what} is missing"))
}

impl Reader {
    fn event(&mut self, event: &Event<'_>) -> Answer {
        must(event.pid == 1, "another process")?;
        if event.ph == "M" {
            return self.metadata(event);
        }
        let ts = needed(event.ts, "ts")?.get();
        let at = nanoseconds(ts).ok_or("ts is no plain decimal number")?;
        match event.ph {
            "C" => self.counter(event, at),
            "B" | "E" | "i" | "s" | "t" | "f" => self.on_track(event, at),
            _ => Err("a phase that is not expected".to_owned()),
        }
    }

    fn metadata(&mut self, event: &Event<'_>) -> Answer {
        let args = needed(event.args.as_ref(), "args")?;
        must(event.ts.is_none(), "metadata has no time")?;
        match (event.name.as_deref(), event.tid) {
            (Some("process_name"), None) => must(args["name"].is_string(), "no name"),
            (Some("thread_name"), Some(tid)) => {
                let name = needed(args["name"].as_str(), "the name")?.to_owned();
                must(!self.tracks.values().any(|it| *it == name), "two of a name")?;
                must(self.tracks.insert(tid, name).is_none(), "named twice")
            }
            (Some("thread_sort_index"), Some(tid)) => {
                must(self.tracks.contains_key(&tid), "not named before")?;
                must(args["sort_index"].is_u64(), "no number")
            }
            _ => Err("metadata that is not expected".to_owned()),
        }
    }

    fn counter(&mut self, event: &Event<'_>, at: u64) -> Answer {
        let name = needed(event.name.clone(), "name")?;
        let args = needed(event.args.as_ref().and_then(Value::as_object), "args")?;
        let values: Vec<u64> = args.values().filter_map(Value::as_u64).collect();
        must(
            values.len() == 1 && args.len() == 1,
            "a counter is one whole number",
        )?;
        let all = self.trace.counters.entry(name).or_default();
        must(all.last().is_none_or(|last| last.0 <= at), "back in time")?;
        all.push((at, values[0]));
        Ok(())
    }

    fn on_track(&mut self, event: &Event<'_>, at: u64) -> Answer {
        let tid = needed(event.tid, "tid")?;
        let track = needed(self.tracks.get(&tid), "the track's name")?.clone();
        let latest = self.latest.entry(tid).or_default();
        must(*latest <= at, "the track goes back in time")?;
        *latest = at;
        must(
            (event.s.as_deref() == Some("t")) == (event.ph == "i"),
            "an instant has a scope, and nothing else has",
        )?;
        must(
            event.id.is_some() == matches!(event.ph, "s" | "t" | "f"),
            "an arrow has an id, and nothing else has",
        )?;
        match event.ph {
            "B" => {
                let open = self.open.entry(tid).or_default();
                open.push(Slice {
                    track,
                    category: needed(event.cat.clone(), "cat")?,
                    name: needed(event.name.clone().filter(|it| !it.is_empty()), "name")?,
                    args: event.args.clone().unwrap_or_default(),
                    begins: at,
                    ends: at,
                    within: 0,
                    depth: open.len(),
                });
                Ok(())
            }
            "E" => {
                let open = self.open.entry(tid).or_default();
                let slice = needed(open.pop(), "the beginning of this end")?;
                let slice = Slice { ends: at, ..slice };
                if let Some(around) = open.last_mut() {
                    around.within += slice.length();
                }
                self.trace.slices.push(slice);
                Ok(())
            }
            "i" => {
                let name = needed(event.name.clone(), "name")?;
                let args = event.args.clone().unwrap_or_default();
                self.trace.instants.push((track, name, args));
                Ok(())
            }
            _ => self.flow(event, at, track, tid),
        }
    }

    fn flow(&mut self, event: &Event<'_>, at: u64, track: String, tid: u64) -> Answer {
        let id = needed(event.id, "id")?;
        needed(event.name.as_ref().and(event.cat.as_ref()), "name and cat")?;
        let open = self.open.get(&tid).and_then(|open| open.last());
        let open = needed(open, "a slice to bind to")?;
        must(open.begins <= at, "the slice has not begun")?;
        let bound = (track, open.name.clone());
        if event.ph == "s" {
            must(event.bp.is_none(), "a start needs no bp")?;
            let new = (vec![bound], false);
            must(self.trace.flows.insert(id, new).is_none(), "begun twice")?;
        } else {
            must(event.bp.as_deref() == Some("e"), "not bound to its slice")?;
            let flow = needed(self.trace.flows.get_mut(&id), "the arrow's start")?;
            must(!flow.1, "the arrow goes on behind its end")?;
            must(self.flow_times[&id] <= at, "the arrow goes back in time")?;
            flow.0.push(bound);
            flow.1 = event.ph == "f";
        }
        self.flow_times.insert(id, at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{nanoseconds, read};

    /// A file of these events, behind the names of two tracks.
    fn file(events: &str) -> String {
        format!(
            "{{\"traceEvents\":[{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":2,\"args\":{{\
             \"name\":\"A\"}}}},{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":3,\"args\":{{\
             \"name\":\"kernel\"}}}},{events}],\"displayTimeUnit\":\"ns\",\"otherData\":null}}"
        )
    }

    const BEGIN: &str = r#"{"ph":"B","name":"x","cat":"y","pid":1,"tid":2,"ts":1}"#;
    const END: &str = r#"{"ph":"E","pid":1,"tid":2,"ts":2.04}"#;

    #[test]
    fn what_is_right_is_read() {
        let start = r#"{"ph":"s","name":"f","cat":"g","pid":1,"tid":2,"ts":1,"id":7}"#;
        let end = r#"{"ph":"f","bp":"e","name":"f","cat":"g","pid":1,"tid":2,"ts":1.5,"id":7}"#;
        let trace = read(&file(&[BEGIN, start, end, END].join(",")));
        assert_eq!(trace.slices.len(), 1);
        assert_eq!(trace.slices[0].length(), 1_040);
        assert!(trace.flows[&7].1);
        assert_eq!(nanoseconds("1.5"), Some(1_500));
        assert_eq!(nanoseconds("1.0004"), None);
        assert_eq!(nanoseconds("1e3"), None);
    }

    #[test]
    fn what_is_wrong_is_not() {
        let flow = |ph: &str| {
            format!(
                r#"{{"ph":"{ph}","bp":"e","name":"f","cat":"g","pid":1,"tid":2,"ts":1,"id":7}}"#
            )
        };
        let start = r#"{"ph":"s","name":"f","cat":"g","pid":1,"tid":2,"ts":1,"id":7}"#;
        let early = r#"{"ph":"E","pid":1,"tid":2,"ts":0.5}"#;
        let other = r#"{"ph":"E","pid":1,"tid":3,"ts":3}"#;
        let counter = r#"{"ph":"C","name":"c","pid":1,"ts":1,"args":{"v":1.5}}"#;
        let unnamed = r#"{"ph":"B","name":"x","cat":"y","pid":1,"tid":9,"ts":1}"#;
        for wrong in [
            BEGIN.to_owned(),
            END.to_owned(),
            [BEGIN, early].join(","),
            [BEGIN, other].join(","),
            [BEGIN, END, END].join(","),
            counter.to_owned(),
            unnamed.to_owned(),
            [start, BEGIN, END].join(","),
            [BEGIN, &flow("t"), END].join(","),
            [BEGIN, start, &flow("f"), &flow("t"), END].join(","),
            [BEGIN, start, start, END].join(","),
        ] {
            let read = std::panic::catch_unwind(|| read(&file(&wrong)));
            assert!(read.is_err(), "{wrong}");
        }
    }
}
