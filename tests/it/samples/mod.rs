//! Samples: what each of them promises, against programs that share no code with it.

mod models;
mod pressure;
mod promises;
mod switching;
mod tables;

use std::sync::Arc;

use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;
use exo_libos_samples::{PageTable, SAMPLES, Sample, sample, table, workload};
use exo_session::{NamedTrace, RunReport, report, sample_trace};

use crate::naive::paging::Paging;
use crate::naive::scenario;

/// A program, as its references and as the pages of them.
pub struct Program {
    pub trace: Arc<NamedTrace>,
    pub pages: Vec<u64>,
}

impl Program {
    fn new(trace: Trace) -> Program {
        let pages: Vec<u64> = trace
            .iter()
            .map(|(address, _)| u64::from(address) >> 12)
            .collect();
        let trace = Arc::new(NamedTrace::made("program", trace, 0));
        Program { trace, pages }
    }

    /// The program that comes along.
    pub fn shipped() -> Program {
        Program::new(sample_trace().unwrap().trace)
    }

    /// Its first references, where all of them would take long.
    pub fn beginning(references: usize) -> Program {
        let mut trace = Trace::new();
        for (address, kind) in sample_trace().unwrap().trace.iter().take(references) {
            trace.push(address, kind);
        }
        Program::new(trace)
    }

    /// The hash join of the samples.
    pub fn hash_join() -> Program {
        let mut trace = Trace::new();
        for touch in workload::hash_join() {
            let kind = match touch.store {
                true => ReferenceKind::Store,
                false => ReferenceKind::Load,
            };
            trace.push(touch.address, kind);
        }
        Program::new(trace)
    }

    /// One load of each page.
    pub fn loads(pages: impl Iterator<Item = u32>) -> Program {
        let mut trace = Trace::new();
        pages.for_each(|page| trace.push(page << 12, ReferenceKind::Load));
        Program::new(trace)
    }

    /// Goes round `pages` pages so many times.
    pub fn rounds(pages: u32, rounds: u32) -> Program {
        Program::loads((0..pages * rounds).map(|number| number % pages))
    }

    pub fn distinct_pages(&self) -> u64 {
        let mut pages = self.pages.clone();
        pages.sort_unstable();
        pages.dedup();
        pages.len() as u64
    }

    /// Runs it to the end under a sample that must not break.
    pub fn run(&self, name: &str, with: &PageTable, frames: u32) -> RunReport {
        let sample = sample(name).unwrap();
        let source = sample.with_table(with);
        let mut scenario = scenario(&self.trace, &source, frames, "full:16:lru", 256);
        scenario.machine.use_stamps = sample.use_stamps;
        let report = report(&scenario, |_| {}).unwrap().remove(0);
        assert_eq!(report.broken, None, "{name} with {}", with.name);
        assert_eq!(report.references, self.pages.len() as u64);
        report
    }

    /// Page loads under a sample with the page table it is shown with.
    pub fn loads_under(&self, name: &str, frames: u32) -> u64 {
        self.run(name, table("inverted").unwrap(), frames)
            .page_loads
    }
}

/// The samples that replace pages.
pub fn replacing() -> impl Iterator<Item = &'static Sample> {
    SAMPLES.iter().filter(|it| it.replaces)
}

/// The part of a report that a model can tell.
fn paging(report: &RunReport) -> Paging {
    Paging {
        page_loads: report.page_loads,
        evictions: report.evictions,
    }
}
