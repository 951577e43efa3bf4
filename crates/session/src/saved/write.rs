//! Writes a session down.

use std::fmt::Write;

use exo_core::cpu::Role;
use exo_core::hw::{Replacement, TlbConfig};
use exo_core::ids::EnvId;
use exo_libos_samples::PartKind;
use toml_writer::{ToTomlValue, TomlStringBuilder};

use super::difference::difference;
use super::network;
use super::shipped::{Shipped, text_hash};
use super::traces::TraceName;
use super::{
    DOWNLOAD, FORMAT_VERSION, SavedApplication, SavedChange, SavedEnvironment, SavedInput,
    SavedSession, SavedSource, SourceName,
};
use crate::debugger::Side;
use crate::explain::env_letter;
use crate::scenario::MachineShape;
use crate::trace_file::{PAGE_BITS, Stream};

/// For whom a session is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people: sources are whole.
    File,
    /// For a link: sources are differences where that is shorter.
    Link,
}

/// A session as text, which [`super::read`] reads again.
pub fn write(saved: &SavedSession, form: Form) -> String {
    let mut out = Lines::default();
    out.entry("exokernel", FORMAT_VERSION);
    out.text("title", &saved.title);
    if !saved.notes.is_empty() {
        out.long_text("notes", &saved.notes);
    }
    if let Some(model) = saved.model {
        out.entry("model", model);
        out.text("position", &saved.position.to_string());
    }
    if saved.branch > 0 {
        out.entry("branch_number", saved.branch);
    }
    for (key, hash) in [("digest", saved.digest), ("shipped", saved.shipped)] {
        out.hash(key, hash);
    }
    machine(&mut out, &saved.machine);
    if let Some(shape) = &saved.network {
        network::write(&mut out, shape);
    }
    for spec in &saved.environments {
        environment(&mut out, spec);
    }
    for it in &saved.inputs {
        input(&mut out, "[[input]]", it);
    }
    for branch in &saved.branches {
        out.table("[[branch]]");
        out.entry("number", branch.number);
        out.entry("furthest", branch.furthest);
        for it in &branch.inputs {
            input(&mut out, "[[branch.input]]", it);
        }
    }
    for breakpoint in &saved.breakpoints {
        out.table("[[breakpoint]]");
        out.text("environment", &env_letter(breakpoint.env));
        if breakpoint.side == Side::Application {
            out.text("program", "app");
        }
        out.entry("line", breakpoint.line);
    }
    for it in &saved.traces {
        trace(&mut out, it);
    }
    for it in &saved.sources {
        source(&mut out, it, role_of(saved, &it.name), form);
    }
    out.written
}

/// Lines of TOML.
#[derive(Default)]
pub(super) struct Lines {
    written: String,
}

impl Lines {
    pub(super) fn table(&mut self, header: &str) {
        self.written.push('\n');
        self.written.push_str(header);
        self.written.push('\n');
    }

    pub(super) fn entry(&mut self, key: &str, value: impl std::fmt::Display) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.written, "{key} = {value}");
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.entry(key, quoted(text));
    }

    /// A text of many lines.
    fn long_text(&mut self, key: &str, text: &str) {
        let builder = TomlStringBuilder::new(text);
        let plain = !text.contains('\r') && text.contains('\n');
        let literal = builder.as_ml_literal().filter(|_| plain);
        let written = literal.map_or_else(
            || builder.as_basic().to_toml_value(),
            |literal| literal.to_toml_value(),
        );
        self.entry(key, written);
    }

    fn hash(&mut self, key: &str, hash: Option<u64>) {
        if let Some(hash) = hash {
            self.text(key, &format!("{hash:016x}"));
        }
    }

    fn source_name(&mut self, key: &str, name: &SourceName) {
        self.text(key, &name.text());
    }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    let builder = TomlStringBuilder::new(text);
    builder.as_basic().to_toml_value()
}

fn machine(out: &mut Lines, shape: &MachineShape) {
    out.table("[machine]");
    if shape.frames > 0 {
        out.entry("frames", shape.frames);
    }
    out.text("tlb", &tlb(&shape.tlb));
    out.entry("stlb", shape.stlb_entries);
    out.entry("slice", shape.slice_references);
    out.entry("use_stamps", shape.use_stamps);
    out.entry("disk", shape.disk_blocks);
    if let Some(fault) = shape.disk_fault {
        let more = if fault.for_ever { ".." } else { "" };
        out.text("disk_fault", &format!("{}{more}", fault.transfer));
    }
    out.entry("seed", shape.seed);
    out.entry("page_bits", shape.page_bits);
}

/// As [`crate::parse_tlb`] reads it.
pub(crate) fn tlb(config: &TlbConfig) -> String {
    let replacement = match config.replacement {
        Replacement::Random => "random",
        Replacement::Fifo => "fifo",
        Replacement::Lru => "lru",
    };
    match (config.sets, config.ways) {
        (1, ways) => format!("full:{ways}:{replacement}"),
        (sets, ways) => format!("{sets}x{ways}:{replacement}"),
    }
}

fn environment(out: &mut Lines, environment: &SavedEnvironment) {
    out.table("[[environment]]");
    out.source_name("libos", &environment.libos);
    out.entry("frames", environment.frames);
    match &environment.runs {
        SavedApplication::Trace(name) => out.text("trace", name),
        SavedApplication::Program(name) => out.source_name("app", name),
        SavedApplication::Nothing => {}
    }
    if !environment.downloads.is_empty() {
        let names = environment
            .downloads
            .iter()
            .map(|name| quoted(&name.text()));
        let names = names.collect::<Vec<_>>().join(", ");
        out.entry("downloads", format!("[{names}]"));
    }
    if let Some(editor) = &environment.editor {
        out.source_name("editor", editor);
    }
    if let Some(editor) = &environment.app_editor {
        out.source_name("app_editor", editor);
    }
}

fn input(out: &mut Lines, header: &str, input: &SavedInput) {
    out.table(header);
    out.text("at", &input.at.to_string());
    out.text("environment", &env_letter(input.env));
    match &input.change {
        SavedChange::Policy { libos, reset } => {
            out.source_name("libos", libos);
            if *reset {
                out.entry("reset", true);
            }
        }
        SavedChange::Application(name) => out.source_name("app", name),
        SavedChange::Frames(frames) => out.entry("frames", frames),
    }
}

fn trace(out: &mut Lines, trace: &TraceName) {
    out.table("[[trace]]");
    out.text("name", &trace.name);
    out.hash("hash", trace.hash);
    if let Some(references) = trace.references {
        out.entry("references", references);
    }
    if trace.stream == Stream::Data {
        out.text("stream", "data");
    }
    if trace.page_bits != PAGE_BITS {
        out.entry("page_bits", trace.page_bits);
    }
}

/// Whether a source is a policy, an application or downloaded.
fn role_of(saved: &SavedSession, name: &str) -> Role {
    let is = |source: &SourceName| matches!(source, SourceName::Own(own) if own == name);
    let runs = |it: &SavedEnvironment| {
        matches!(&it.runs, SavedApplication::Program(it) if is(it))
            || it.app_editor.as_ref().is_some_and(is)
    };
    let given = |it: &SavedInput| matches!(&it.change, SavedChange::Application(it) if is(it));
    if saved.environments.iter().any(runs) || saved.all_inputs().any(given) {
        Role::Application
    } else if saved
        .environments
        .iter()
        .any(|it| it.downloads.iter().any(is))
    {
        DOWNLOAD
    } else {
        Role::LibOs
    }
}

fn source(out: &mut Lines, source: &SavedSource, role: Role, form: Form) {
    out.table("[[source]]");
    out.text("name", &source.name);
    let short = match form {
        Form::File => None,
        Form::Link => difference(role, &source.text),
    };
    let Some(short) = short else {
        out.long_text("text", &source.text);
        return;
    };
    let key = match short.base {
        Shipped::Policy { .. } | Shipped::Attack(_) => "from",
        Shipped::Application(_) => "app",
        Shipped::Network(part) => match part.kind {
            PartKind::LibOs => "from",
            PartKind::Application => "app",
            _ => "download",
        },
    };
    out.text(key, &short.base.name());
    out.hash("hash", Some(text_hash(&short.base.text())));
    out.long_text("change", &short.change);
}

impl SavedSession {
    /// The environment of that letter, if there is one.
    pub fn environment(&self, env: EnvId) -> Option<&SavedEnvironment> {
        self.environments.get(env.index())
    }
}
