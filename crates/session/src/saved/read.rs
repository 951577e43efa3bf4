//! Reads a scenario or a session from its text.

use exo_core::cpu::Role;
use exo_core::limits::{
    DISK_BLOCKS_MAX, DOWNLOADS_MAX, ENVIRONMENTS_MAX, FRAMES_MAX, PAGE_BITS_MAX, STLB_ENTRIES_MAX,
    TLB_ENTRIES_MAX,
};
use toml::de::DeTable;

use super::inputs::{branches, inputs, running};
use super::plain::{NAME_CHARS_MAX, TITLE_CHARS_MAX};
use super::section::{FileError, Section, Value, line_of};
use super::shipped::{Shipped, shipped_hash};
use super::sources::{self, Sources};
use super::traces::{SHIPPED, TraceName};
use super::{
    DOWNLOAD, FORMAT_VERSION, SavedApplication, SavedEnvironment, SavedSession, SourceName,
};
use crate::debugger::{Breakpoint, Side};
use crate::scenario::{MachineShape, parse_disk_fault, parse_tlb};
use crate::trace_file::{PAGE_BITS, Stream, TRACE_PAGE_BITS_MAX};

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 4 << 20;
/// Lines to stop at.
const BREAKPOINTS_MAX: usize = 1_000;

/// A session that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What stands there.
    pub saved: SavedSession,
    /// What a person should know of it, each a sentence: sources that have changed since.
    pub notices: Vec<String>,
}

/// Reads a scenario or a session.
///
/// # Errors
/// What is wrong, with the key and the line; nothing has changed.
pub fn read(text: &str) -> Result<Read, FileError> {
    let at = |line, message: String| FileError {
        line,
        key: String::new(),
        message,
    };
    if text.len() > FILE_BYTES_MAX {
        let most = FILE_BYTES_MAX >> 20;
        let message = format!("the file is too long: a session has at most {most} MiB");
        return Err(at(1, message));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text); // as some editors begin one
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        at(line, format!("this is no TOML: {}", error.message()))
    })?;
    whole(&Section::whole(text, &table))
}

const KEYS: &[&str] = &[
    "exokernel",
    "title",
    "notes",
    "model",
    "position",
    "digest",
    "shipped",
    "machine",
    "network",
    "environment",
    "input",
    "branch",
    "branch_number",
    "breakpoint",
    "trace",
    "source",
];

fn whole(file: &Section<'_>) -> Result<Read, FileError> {
    version(file)?;
    file.known(KEYS)?;
    let machine = machine(file.section("machine")?)?;
    let (sources, mut notices) = sources::read(file)?;
    let traces = traces(file)?;
    let network = super::network::read(file)?;
    let environments = environments(file, &sources, &traces, network.is_some())?;
    let count = environments.len();
    let saved = SavedSession {
        title: match file.find("title") {
            Some(title) => title.name(TITLE_CHARS_MAX)?.to_owned(),
            None => "A scenario".to_owned(),
        },
        notes: file
            .find("notes")
            .map(|it| it.text())
            .transpose()?
            .unwrap_or_default()
            .to_owned(),
        model: file
            .find("model")
            .map(|it| it.number_u32(0..=u32::MAX))
            .transpose()?,
        position: file
            .find("position")
            .map(|it| it.position())
            .transpose()?
            .unwrap_or_default(),
        digest: file.find("digest").map(|it| it.hash()).transpose()?,
        shipped: file.find("shipped").map(|it| it.hash()).transpose()?,
        machine,
        environments,
        network,
        inputs: inputs(file, &sources, count)?,
        breakpoints: breakpoints(file, count)?,
        branch: running(file)?,
        branches: branches(file, &sources, count)?,
        sources: sources.list,
        traces,
    };
    let named = saved.shipped_sources();
    if saved
        .shipped
        .is_some_and(|then| then != shipped_hash(&named))
    {
        let names: Vec<String> = named.iter().map(Shipped::name).collect();
        let names = names.join(", ");
        notices.push(format!(
            "One of the sources that come with the playground ({names}) has changed since this was \
             saved, so the run may differ."
        ));
    }
    Ok(Read { saved, notices })
}

fn version(file: &Section<'_>) -> Result<(), FileError> {
    let Some(version) = file.find("exokernel") else {
        return Err(file.wrong(format!(
            "this is no scenario: its first line must be exokernel = {FORMAT_VERSION}"
        )));
    };
    match version.number(0..=u64::MAX)? {
        FORMAT_VERSION => Ok(()),
        later if later > FORMAT_VERSION => Err(version.wrong(format!(
            "this was written by a later playground (version {later} of the format); this one reads \
             version {FORMAT_VERSION}"
        ))),
        _ => Err(version.wrong(format!("there is no version but {FORMAT_VERSION}"))),
    }
}

fn machine(section: Option<Section<'_>>) -> Result<MachineShape, FileError> {
    let mut shape = MachineShape {
        frames: 0,
        ..MachineShape::default()
    };
    let Some(section) = section else {
        return Ok(shape);
    };
    section.known(&[
        "frames",
        "tlb",
        "stlb",
        "slice",
        "use_stamps",
        "disk",
        "disk_fault",
        "seed",
        "page_bits",
    ])?;
    let number = |key: &str, range, usual| match section.find(key) {
        Some(value) => value.number_u32(range),
        None => Ok(usual),
    };
    shape.frames = number("frames", 1..=FRAMES_MAX, 0)?;
    shape.stlb_entries = number("stlb", 0..=STLB_ENTRIES_MAX, shape.stlb_entries)?;
    shape.slice_references = number("slice", 1..=u32::MAX, shape.slice_references)?;
    shape.disk_blocks = number("disk", 0..=DISK_BLOCKS_MAX, 0)?;
    let bits = number(
        "page_bits",
        0..=u32::from(PAGE_BITS_MAX),
        u32::from(shape.page_bits),
    )?;
    shape.page_bits = bits as u8;
    if let Some(value) = section.find("tlb") {
        shape.tlb = parse_tlb(value.text()?).map_err(|message| value.wrong(message))?;
        let entries = shape.tlb.entries();
        if entries > TLB_ENTRIES_MAX {
            let message = format!("{entries} entries: a TLB has at most {TLB_ENTRIES_MAX}");
            return Err(value.wrong(message));
        }
    }
    if let Some(value) = section.find("disk_fault") {
        let fault = parse_disk_fault(value.text()?).map_err(|message| value.wrong(message))?;
        shape.disk_fault = Some(fault);
    }
    if let Some(value) = section.find("use_stamps") {
        shape.use_stamps = value.truth()?;
    }
    if let Some(value) = section.find("seed") {
        shape.seed = value.number(0..=u64::MAX)?;
    }
    Ok(shape)
}

fn environments(
    file: &Section<'_>,
    sources: &Sources,
    traces: &[TraceName],
    network: bool,
) -> Result<Vec<SavedEnvironment>, FileError> {
    let list = file.sections("environment", ENVIRONMENTS_MAX)?;
    if list.is_empty() {
        return Err(file.wrong("there is no environment: write [[environment]], libos and frames"));
    }
    let read = list
        .iter()
        .map(|section| environment(section, sources, traces, network));
    read.collect()
}

fn environment(
    section: &Section<'_>,
    sources: &Sources,
    traces: &[TraceName],
    network: bool,
) -> Result<SavedEnvironment, FileError> {
    section.known(&[
        "libos",
        "frames",
        "trace",
        "app",
        "downloads",
        "editor",
        "app_editor",
    ])?;
    let policy = |value: Value<'_>| sources.named(&value, Role::LibOs);
    let program = |value: Value<'_>| sources.named(&value, Role::Application);
    if let (Some(_), Some(editor)) = (section.find("trace"), section.find("app_editor")) {
        return Err(editor.wrong("an environment that runs a trace has no app to edit"));
    }
    let runs = match (section.find("trace"), section.find("app")) {
        (Some(trace), None) => SavedApplication::Trace(trace_name(&trace, traces)?),
        (None, Some(app)) => SavedApplication::Program(program(app)?),
        (None, None) if network => SavedApplication::Nothing,
        (None, None) => {
            return Err(section.wrong(
                "an environment runs a trace or an app: write one of them; where there is a [network] it may run neither",
            ));
        }
        _ => return Err(section.wrong("an environment runs a trace or an app: write one of them")),
    };
    Ok(SavedEnvironment {
        libos: policy(section.need("libos")?)?,
        frames: section.need("frames")?.number_u32(0..=FRAMES_MAX)?,
        runs,
        downloads: downloads(section, sources, network)?,
        editor: section.find("editor").map(policy).transpose()?,
        app_editor: section.find("app_editor").map(program).transpose()?,
    })
}

/// What an environment may bind to its filters.
fn downloads(
    section: &Section<'_>,
    sources: &Sources,
    network: bool,
) -> Result<Vec<SourceName>, FileError> {
    let Some(list) = section.find("downloads") else {
        return Ok(Vec::new());
    };
    if !network {
        return Err(list.wrong("message handlers and filters need a network: write [network]"));
    }
    let items = list.items(DOWNLOADS_MAX)?;
    let named = items.iter().map(|item| sources.named(item, DOWNLOAD));
    named.collect()
}

/// A trace by its name: one that comes along, one that the session lists, or a file's.
fn trace_name(value: &Value<'_>, traces: &[TraceName]) -> Result<String, FileError> {
    let name = value.name(NAME_CHARS_MAX)?;
    let known = SHIPPED.contains(&name) || traces.iter().any(|trace| trace.name == name);
    if !known && !name.contains('.') {
        let shipped = SHIPPED.join(", ");
        return Err(value.wrong(format!(
            "there is no trace {name:?}; there are {shipped}, or name a file: one with an ending, \
             like ls.trace"
        )));
    }
    Ok(name.to_owned())
}

fn traces(file: &Section<'_>) -> Result<Vec<TraceName>, FileError> {
    let list = file.sections("trace", ENVIRONMENTS_MAX)?;
    let read = list.iter().map(|section| {
        section.known(&["name", "hash", "references", "stream", "page_bits"])?;
        let name = section.need("name")?;
        let stream = section.find("stream").map(|value| match value.text()? {
            "all" => Ok(Stream::All),
            "data" => Ok(Stream::Data),
            _ => Err(value.wrong("this must be \"all\" or \"data\"")),
        });
        if SHIPPED.contains(&name.text()?) {
            return Err(name.wrong("a trace of that name comes along: give yours another"));
        }
        Ok(TraceName {
            name: name.name(NAME_CHARS_MAX)?.to_owned(),
            hash: section.find("hash").map(|it| it.hash()).transpose()?,
            references: section
                .find("references")
                .map(|it| it.number(1..=u64::MAX))
                .transpose()?,
            stream: stream.transpose()?.unwrap_or_default(),
            page_bits: section
                .find("page_bits")
                .map(|it| it.number(0..=u64::from(TRACE_PAGE_BITS_MAX)))
                .transpose()?
                .map_or(PAGE_BITS, |bits| bits as u8),
        })
    });
    read.collect()
}

fn breakpoints(file: &Section<'_>, environments: usize) -> Result<Vec<Breakpoint>, FileError> {
    let list = file.sections("breakpoint", BREAKPOINTS_MAX)?;
    let read = list.iter().map(|section| {
        section.known(&["environment", "program", "line"])?;
        let side = section.find("program").map(|value| match value.text()? {
            "libos" => Ok(Side::LibOs),
            "app" => Ok(Side::Application),
            _ => Err(value.wrong("this must be \"libos\" or \"app\"")),
        });
        Ok(Breakpoint {
            env: section.need("environment")?.environment(environments)?,
            side: side.transpose()?.unwrap_or(Side::LibOs),
            line: section.need("line")?.number_u32(1..=u32::MAX)?,
        })
    });
    read.collect()
}
