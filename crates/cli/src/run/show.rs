//! A report as JSON and as a table for people.

use exo_core::ids::EnvId;
use exo_session::RunReport;
use exo_session::explain::{env_letter, grouped};
use exo_session::network::NetworkReport;
use serde_json::Value;

use super::{Run, Runs};
use crate::Failure;

/// One object with every figure; of several environments an array of them. In each is the network of the machine.
pub fn json(
    reports: &[RunReport],
    network: Option<&NetworkReport>,
    run: &Run,
) -> Result<String, Failure> {
    let values: Result<Vec<Value>, Failure> = reports.iter().map(|it| object(it, run)).collect();
    let mut values = values?;
    if let Some(network) = network {
        let network = serde_json::to_value(network);
        let network = network.map_err(|error| Failure::Run(error.to_string()))?;
        for object in values.iter_mut().filter_map(Value::as_object_mut) {
            object.insert("network".into(), network.clone());
        }
    }
    let value = match values.len() {
        1 => values.remove(0),
        _ => Value::Array(values),
    };
    serde_json::to_string_pretty(&value).map_err(|error| Failure::Run(error.to_string()))
}

fn object(report: &RunReport, run: &Run) -> Result<Value, Failure> {
    let mut value =
        serde_json::to_value(report).map_err(|error| Failure::Run(error.to_string()))?;
    if let Some(object) = value.as_object_mut() {
        object.insert("libos".into(), run.libos.as_str().into());
        object.insert("frames".into(), run.frames.into());
        object.insert("disk_blocks".into(), run.disk_blocks.into());
        object.insert("seed".into(), run.seed.into());
        match &run.runs {
            Runs::Nothing => {}
            Runs::Program(name) => {
                object.insert("application".into(), name.as_str().into());
            }
            Runs::Trace {
                pages,
                skipped_lines,
                ..
            } => {
                object.insert("pages".into(), (*pages).into());
                object.insert("skipped_lines".into(), (*skipped_lines).into());
            }
        }
    }
    Ok(value)
}

/// A table for each environment, and one of the network.
pub fn tables(reports: &[RunReport], network: Option<&NetworkReport>, run: &Run) -> String {
    let tables = (0..).map(EnvId).zip(reports).map(|(env, report)| {
        let head = match reports.len() {
            1 => String::new(),
            _ => format!("Environment {}: ", env_letter(env)),
        };
        head + &table(report, run)
    });
    let network = network.map(|it| format!("Network\n{}", it.lines().join("\n")));
    tables.chain(network).collect::<Vec<_>>().join("\n\n")
}

fn percent(part: u64, whole: u64) -> String {
    let thousandths = (u128::from(part) * 100_000)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
}

/// A row: what, how many, and of what it is a part.
type Row = (&'static str, u64, String);

/// A table for people, with how the run ended.
fn table(report: &RunReport, run: &Run) -> String {
    let mut text = match &run.runs {
        Runs::Trace { file, pages, .. } => {
            format!(
                "{} on {file}: {pages} pages, {} frames\n",
                run.libos, run.frames
            )
        }
        Runs::Nothing => format!("{}: {} frames\n", run.libos, run.frames),
        Runs::Program(name) => format!("{name} under {}: {} frames\n", run.libos, run.frames),
    };
    for (label, count, share) in rows(report, run) {
        text.push_str(&format!("{label:<20}{:>16}  {share}", grouped(count)));
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text.push_str(&format!("{:<20}{:>16}\n", "digest", report.digest));
    let ended = match &report.broken {
        None => "it came to its end",
        Some(_) => "it was given up on the way",
    };
    text.push_str(&format!("{:<20}{ended}", "ended"));
    text
}

fn rows(report: &RunReport, run: &Run) -> Vec<Row> {
    let cycles = report.cycles;
    let total = cycles.application + cycles.libos + cycles.kernel;
    let plain = |label, count| (label, count, String::new());
    let shared = |label, count| (label, count, percent(count, report.references));
    let spent = |label, count| (label, count, percent(count, total));
    let program = matches!(run.runs, Runs::Program(_));
    let mut rows = vec![
        plain("instructions", report.instructions),
        plain("references", report.references),
        shared("TLB hits", report.tlb_hits),
        shared("TLB misses", report.tlb_misses),
        (
            "STLB hits",
            report.stlb_hits,
            percent(report.stlb_hits, report.tlb_misses) + " of misses",
        ),
        plain("protection faults", report.protection_faults),
        shared("upcalls", report.upcalls),
        shared("page loads", report.page_loads),
        plain("evictions", report.evictions),
        plain("frames taken", report.repossessions),
        plain("disk reads", report.disk_reads),
        plain("disk writes", report.disk_writes),
        plain("cycles waited", report.waiting_cycles),
        plain("requests", report.requests),
        plain("system calls", report.system_calls),
        (
            "with a kernel stack",
            report.stack_calls,
            percent(report.stack_calls, report.system_calls) + " of calls",
        ),
        plain("crossings", report.crossings),
        spent("cycles, application", cycles.application),
        spent("cycles, libOS", cycles.libos),
        spent("cycles, kernel", cycles.kernel),
    ];
    let of_the_disk = ["disk reads", "disk writes", "cycles waited"];
    rows.retain(|row| report.repossessions > 0 || row.0 != "frames taken");
    rows.retain(|row| run.disk_blocks > 0 || !of_the_disk.contains(&row.0));
    // A trace has neither instructions of its own nor a libOS that it could call.
    rows.retain(|row| program || !["instructions", "requests"].contains(&row.0));
    rows
}
