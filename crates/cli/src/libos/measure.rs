//! Every sample on two programs, and every application, in figures: the text of `docs/samples.md`.

use std::sync::Arc;

use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;
use exo_libos_samples::{BackingStore, PageTable, SAMPLES, STORES, Sample, TABLES, workload};
use exo_session::explain::grouped;
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, RunReport, Scenario, SessionError,
    report, sample_trace,
};

use super::programs;
use crate::Failure;

/// Frames that the program may hold.
const FRAMES: u32 = 64;

const BEGINNING: &str = "\
# The samples

Made by `exo libos measure > docs/samples.md`; a test compares. Each sample is a policy joined with a
page table and, if it replaces pages, a backing store, one file of real Rust: `exo libos show NAME
--table TABLE --store STORE` prints it, `exo run --libos NAME --table TABLE --disk BLOCKS` runs it,
`exo libos list` names them all, and `exo libos trace` prints the hash join that `join` is made for,
as a trace to run under any of them.

Unless a table says otherwise there is no disk: a page that was replaced and comes back is zeroed. So
the figures say how often a page had to come back, and nothing of the time that a disk would take. The
samples that ask for use stamps are measured on a machine that keeps them (`exo run --use-stamps`).

";

/// The whole text.
pub fn measure() -> Result<String, Failure> {
    let shipped = sample_trace().map_err(|error| Failure::Input(error.to_string()))?;
    let (shipped, join) = (Arc::new(shipped), Arc::new(hash_join()));
    let mut text = String::from(BEGINNING);
    text.push_str(&policies(&shipped, &join)?);
    text.push_str(&tables(&shipped)?);
    text.push_str(&stores(&shipped)?);
    let runs = programs::reports()?;
    text.push_str(&programs::table(&runs));
    text.push_str("## The lessons\n\nWhat each source says of itself, at its top.\n");
    for sample in SAMPLES {
        text.push_str(&format!("\n### `{}`\n\n{}", sample.name, sample.lesson()));
    }
    for table in TABLES {
        let (name, lesson) = (table.name, table.lesson());
        text.push_str(&format!("\n### Table `{name}`\n\n{lesson}"));
    }
    for store in STORES {
        let (name, lesson) = (store.name, store.lesson());
        text.push_str(&format!("\n### Store `{name}`\n\n{lesson}"));
    }
    text.push_str(&programs::lessons(&runs));
    Ok(text)
}

/// The references of the program that the `join` policy is made for.
fn hash_join() -> NamedTrace {
    let mut trace = Trace::new();
    for touch in workload::hash_join() {
        let kind = match touch.store {
            true => ReferenceKind::Store,
            false => ReferenceKind::Load,
        };
        trace.push(touch.address, kind);
    }
    NamedTrace::made("hash join", trace, workload::HASH_JOIN_PAGES)
}

/// A machine for one program under a sample, and the frames that the sample's state takes of it.
fn scenario(
    sample: &Sample,
    table: &PageTable,
    trace: &Arc<NamedTrace>,
) -> Result<(Scenario, u32), Failure> {
    with_store((sample, table, &STORES[0]), 0, trace)
}

/// As `scenario`, with a backing store and a disk of so many blocks.
fn with_store(
    (sample, table, store): (&Sample, &PageTable, &BackingStore),
    disk_blocks: u32,
    trace: &Arc<NamedTrace>,
) -> Result<(Scenario, u32), Failure> {
    let mut scenario = Scenario {
        title: trace.name.clone(),
        machine: MachineShape {
            use_stamps: sample.use_stamps,
            disk_blocks,
            ..MachineShape::default()
        },
        environments: vec![EnvironmentSpec {
            name: sample.name.to_owned(),
            source: sample.with_parts(table, store),
            frame_limit: FRAMES,
            application: ApplicationSpec::Trace(trace.clone()),
            downloads: Vec::new(),
        }],
        network: None,
    };
    let pinned = scenario.pinned_frames().map_err(wrong)?;
    scenario.machine.frames = FRAMES + pinned;
    Ok((scenario, pinned))
}

fn wrong(error: SessionError) -> Failure {
    Failure::Run(error.to_string())
}

fn run(sample: &Sample, table: &PageTable, trace: &Arc<NamedTrace>) -> Result<RunReport, Failure> {
    let (scenario, _) = scenario(sample, table, trace)?;
    of(sample, &scenario)
}

fn of(sample: &Sample, scenario: &Scenario) -> Result<RunReport, Failure> {
    let mut reports = report(scenario, |_| {}).map_err(wrong)?;
    let none = || Failure::Run(format!("{}: there is no report", sample.name));
    reports.pop().ok_or_else(none)
}

/// How many pages were loaded, or how far the program came.
fn loads(report: &RunReport) -> String {
    match report.broken {
        None => grouped(report.page_loads),
        Some(_) => format!("gives up at reference {}", grouped(report.references + 1)),
    }
}

fn policies(shipped: &Arc<NamedTrace>, join: &Arc<NamedTrace>) -> Result<String, Failure> {
    let mut text = format!(
        "## The policies\n\n\
         On {FRAMES} frames: page loads on *dash*, the program that comes along ({} references to {}\n\
         pages), and on a *hash join*, the program that `join` is made for ({} references to {} pages);\n\
         then, for dash with the {} table, upcalls to the policy and the cycles spent in it and in\n\
         the kernel. `lru` and `mru` run on a machine that keeps use stamps.\n\n\
         | sample | what it does | dash | hash join | upcalls | libOS cycles | kernel cycles |\n\
         |---|---|--:|--:|--:|--:|--:|\n",
        grouped(shipped.trace.length()),
        grouped(shipped.pages.into()),
        grouped(join.trace.length()),
        grouped(join.pages.into()),
        TABLES[0].name,
    );
    for sample in SAMPLES {
        let (on_shipped, on_join) = (
            run(sample, &TABLES[0], shipped)?,
            run(sample, &TABLES[0], join)?,
        );
        let cost = |count: u64| match on_shipped.broken {
            None => grouped(count),
            Some(_) => "–".to_owned(),
        };
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} | {} |\n",
            sample.name,
            sample.summary,
            loads(&on_shipped),
            loads(&on_join),
            cost(on_shipped.upcalls),
            cost(on_shipped.cycles.libos),
            cost(on_shipped.cycles.kernel),
        ));
    }
    text.push('\n');
    Ok(text)
}

fn tables(shipped: &Arc<NamedTrace>) -> Result<String, Failure> {
    let mut text = String::from(
        "## The page tables\n\n\
         Every policy goes with every page table, and loads the same pages. What differs is the cycles\n\
         spent in the policy, here on dash, and the frames that its state takes.\n\n\
         | table | what it does | `fifo` | `clock` | frames for `fifo` |\n|---|---|--:|--:|--:|\n",
    );
    for table in TABLES {
        let mut cells = Vec::new();
        for name in ["fifo", "clock"] {
            let report = run(super::find(name)?, table, shipped)?;
            cells.push(grouped(report.cycles.libos));
        }
        let (_, frames) = scenario(super::find("fifo")?, table, shipped)?;
        text.push_str(&format!(
            "| `{}` | {} | {} | {frames} |\n",
            table.name,
            table.summary,
            cells.join(" | ")
        ));
    }
    text.push('\n');
    Ok(text)
}

/// Blocks of the disk in the table of backing stores.
const DISK_BLOCKS: u32 = 512;

fn stores(shipped: &Arc<NamedTrace>) -> Result<String, Failure> {
    let mut text = format!(
        "## The backing stores\n\n\
         Every policy that replaces goes with every backing store, and the same pages come and go. What\n\
         the disk adds, on dash with {DISK_BLOCKS} blocks under the `{}` table: blocks read and written,\n\
         and the cycles from each request to its answer. A page that was not written since it came is not\n\
         written out. The state of a policy grows by the frames of the last column.\n\n\
         | sample | page loads | disk reads | disk writes | cycles waited | more frames |\n\
         |---|--:|--:|--:|--:|--:|\n",
        TABLES[0].name,
    );
    for sample in SAMPLES.iter().filter(|it| it.replaces) {
        let table = &TABLES[0];
        let (plain, pinned) = scenario(sample, table, shipped)?;
        let (swapped, more) = with_store((sample, table, &STORES[1]), DISK_BLOCKS, shipped)?;
        let (lost, report) = (of(sample, &plain)?, of(sample, &swapped)?);
        if lost.page_loads != report.page_loads {
            let name = sample.name;
            return Err(Failure::Run(format!("{name}: the disk changes the loads")));
        }
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            sample.name,
            grouped(report.page_loads),
            grouped(report.disk_reads),
            grouped(report.disk_writes),
            grouped(report.waiting_cycles),
            more - pinned,
        ));
    }
    text.push('\n');
    Ok(text)
}
