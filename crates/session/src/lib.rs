//! Scenarios, traces and history around the machine.
//!
//! A session is a value: a scenario, a log of inputs, each at a position, and a machine that can
//! be brought to any position of the run that they decide (D6). The page, the command line and the
//! tests share it; nothing here knows a browser.

pub mod attacks;
pub mod attempts;
pub mod bench;
pub mod claims;
pub mod compare;
pub mod condition;
pub mod curves;
pub mod debugger;
pub mod explain;
pub mod export;
mod history;
pub mod ipc;
pub mod lockstep;
pub mod metrics;
pub mod names;
pub mod network;
pub mod optimal;
mod packed;
pub mod path;
mod regions;
mod report;
pub mod round_trip;
pub mod saved;
mod scenario;
mod session;
pub mod state;
pub mod tables;
mod trace_file;
pub mod why;
mod zlib;

pub use history::{HISTORY_BYTES_MAX, HistoryReport};
pub use report::{
    CycleReport, LOG_LINES_MAX, LogLine, Press, Reporting, RunReport, report, report_under,
};
pub use scenario::{
    ApplicationSpec, DownloadSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario,
    SessionError, bring_sample_trace, first_light, first_light_with, parse_disk_fault, parse_tlb,
    sample_trace,
};
pub use session::{
    Annotations, Applied, BRANCHES_MAX, Backward, BranchLog, Counts, Given, GivenChange,
    NOTE_CHARS_MAX, Recorded, Search, Session, TALLIED, Tally, count_event,
};
pub use trace_file::{
    Format, PAGE_BITS, ReadOptions, Stream, TRACE_PAGE_BITS_MAX, TraceError, TraceReader,
    read_trace,
};
