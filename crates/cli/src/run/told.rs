//! What `exo run` tells: a table for people, one JSON object for programs, log lines, a note.

use exo_session::explain::grouped;
use exo_session::{ApplicationSpec, RunReport};

use crate::Failure;

/// A run that is over.
pub(super) struct Told<'run> {
    pub(super) report: &'run RunReport,
    /// The policy's name.
    pub(super) policy: &'run str,
    pub(super) application: &'run ApplicationSpec,
    pub(super) frames: u32,
    pub(super) seed: u64,
}

impl Told<'_> {
    /// The application's file name.
    pub(super) fn application_name(&self) -> &str {
        match self.application {
            ApplicationSpec::Trace(named) => &named.name,
            ApplicationSpec::Program { name, .. } => name,
        }
    }

    /// Tells what policy and application logged, to standard error.
    pub(super) fn logs(&self) {
        for line in &self.report.log {
            eprintln!("exo: {}: {line}", self.policy);
        }
        for line in &self.report.application_log {
            eprintln!("exo: {}: {line}", self.application_name());
        }
    }

    /// Says so if pages were evicted without need.
    pub(super) fn note(&self) {
        let held = self.report.frames_held;
        if self.report.evictions > 0 && held < self.frames {
            eprintln!(
                "exo: note: {} evicted pages while it held {} of the {} frames that it may hold",
                self.policy,
                grouped(held.into()),
                grouped(self.frames.into())
            );
        }
    }

    /// One JSON object.
    pub(super) fn json(&self) -> Result<String, Failure> {
        let wrong = |error: serde_json::Error| Failure::Run(error.to_string());
        let mut value = serde_json::to_value(self.report).map_err(wrong)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("libos".into(), self.policy.into());
            object.insert("frames".into(), self.frames.into());
            match self.application {
                ApplicationSpec::Trace(named) => {
                    object.insert("pages".into(), named.pages.into());
                    object.insert("skipped_lines".into(), named.skipped_lines.into());
                }
                ApplicationSpec::Program { name, .. } => {
                    object.insert("application".into(), name.as_str().into());
                }
            }
            object.insert("seed".into(), self.seed.into());
        }
        serde_json::to_string_pretty(&value).map_err(wrong)
    }

    /// A table for people.
    pub(super) fn table(&self) -> String {
        let name = self.application_name();
        let (mut text, program) = match self.application {
            ApplicationSpec::Trace(named) => (
                format!(
                    "{} on {name}: {} pages, {} frames\n",
                    self.policy, named.pages, self.frames
                ),
                false,
            ),
            ApplicationSpec::Program { .. } => (
                format!("{} on {name}: {} frames\n", self.policy, self.frames),
                true,
            ),
        };
        let report = self.report;
        let of_program = [
            ("instructions", report.instructions, String::new()),
            ("requests to libOS", report.requests, String::new()),
        ];
        let own = of_program.into_iter().filter(|_| program);
        for (label, count, share) in own.chain(rows(report)) {
            text.push_str(&format!("{label:<20}{:>16}  {share}", grouped(count)));
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text.push_str(&format!("{:<20}{:>16}", "digest", report.digest));
        if program && report.broken.is_none() {
            text.push_str("\nIts main has returned.");
        }
        text
    }
}

fn percent(part: u64, whole: u64) -> String {
    let thousandths = (u128::from(part) * 100_000)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
}

/// The figures that every run has: label, count, share.
fn rows(report: &RunReport) -> Vec<(&'static str, u64, String)> {
    let cycles = report.cycles;
    let total = cycles.application + cycles.libos + cycles.kernel;
    let of_references = |count| percent(count, report.references);
    vec![
        ("references", report.references, String::new()),
        ("TLB hits", report.tlb_hits, of_references(report.tlb_hits)),
        (
            "TLB misses",
            report.tlb_misses,
            of_references(report.tlb_misses),
        ),
        (
            "STLB hits",
            report.stlb_hits,
            percent(report.stlb_hits, report.tlb_misses) + " of misses",
        ),
        ("protection faults", report.protection_faults, String::new()),
        ("upcalls", report.upcalls, of_references(report.upcalls)),
        (
            "page loads",
            report.page_loads,
            of_references(report.page_loads),
        ),
        ("evictions", report.evictions, String::new()),
        ("system calls", report.system_calls, String::new()),
        ("crossings", report.crossings, String::new()),
        (
            "cycles, application",
            cycles.application,
            percent(cycles.application, total),
        ),
        ("cycles, libOS", cycles.libos, percent(cycles.libos, total)),
        (
            "cycles, kernel",
            cycles.kernel,
            percent(cycles.kernel, total),
        ),
    ]
}
