//! Counts are exact: the machine against naive programs that share no code with it.

mod flat;
mod lackey;
pub mod paging;
pub mod policies;
mod tlb;

use std::collections::HashMap;
use std::sync::Arc;

use exo_core::ids::ReferenceKind;
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, ReadOptions, RunReport, Scenario,
    Stream, parse_tlb, read_trace, report, sample_trace,
};

fn pages_of(records: &[lackey::Record], stream: Stream) -> impl Iterator<Item = u64> + '_ {
    let wanted = move |record: &&lackey::Record| stream == Stream::All || record.1 != 'I';
    records
        .iter()
        .filter(wanted)
        .map(|(address, _)| address >> 12)
}

/// The shipped trace as the machine's own reader reads it.
fn shipped(stream: Stream) -> Arc<NamedTrace> {
    let bytes = include_bytes!("../../../static/dash.lackey.gz");
    let options = ReadOptions {
        stream,
        ..ReadOptions::default()
    };
    Arc::new(read_trace(bytes, "dash", &options).unwrap())
}

/// Runs the shipped trace to its end under a compiled sample.
fn machine_run(
    trace: &Arc<NamedTrace>,
    policy: &str,
    frames: u32,
    tlb: &str,
    stlb: u32,
) -> RunReport {
    let source = exo_libos_samples::sample(policy).unwrap().source;
    let report = run_source(trace, source, frames, tlb, stlb);
    assert_eq!(report.broken, None);
    assert_eq!(report.references, trace.trace.length());
    assert_eq!(report.references, report.tlb_hits + report.tlb_misses);
    assert_eq!(report.tlb_misses, report.stlb_hits + report.upcalls);
    report
}

/// Runs a trace under a policy's source to its end.
pub fn run_source(
    trace: &Arc<NamedTrace>,
    source: &str,
    frames: u32,
    tlb: &str,
    stlb: u32,
) -> RunReport {
    let scenario = scenario(trace, source, frames, tlb, stlb);
    report(&scenario, |_| {}).unwrap().remove(0)
}

/// One environment, and as many frames more than it may hold as its policy's state takes.
pub fn scenario(
    trace: &Arc<NamedTrace>,
    source: &str,
    frames: u32,
    tlb: &str,
    stlb: u32,
) -> Scenario {
    let mut scenario = Scenario {
        title: String::new(),
        machine: MachineShape {
            tlb: parse_tlb(tlb).unwrap(),
            stlb_entries: stlb,
            ..MachineShape::default()
        },
        environments: vec![EnvironmentSpec {
            name: "policy.rs".to_owned(),
            source: source.to_owned(),
            frame_limit: frames,
            application: ApplicationSpec::Trace(trace.clone()),
            downloads: Vec::new(),
        }],
        network: None,
    };
    scenario.machine.frames = frames + scenario.pinned_frames().unwrap();
    scenario
}

#[test]
fn the_reader_reads_what_a_naive_reader_reads() {
    let (naive, read) = (lackey::shipped(), sample_trace().unwrap());
    assert_eq!(read.trace.length(), naive.len() as u64);
    let mut regions: HashMap<u64, u32> = HashMap::new();
    for ((address, letter), (folded, kind)) in naive.into_iter().zip(read.trace.iter()) {
        let expected = match letter {
            'I' => ReferenceKind::Fetch,
            'L' => ReferenceKind::Load,
            'S' => ReferenceKind::Store,
            'M' => ReferenceKind::Modify,
            other => panic!("{other}"),
        };
        assert_eq!(kind, expected);
        let next = regions.len() as u32;
        let region = *regions.entry(address >> 24).or_insert(next);
        assert_eq!(
            u64::from(folded),
            u64::from(region) << 24 | address & 0xff_ffff
        );
    }
}

#[test]
fn the_trace_is_of_a_real_program_and_small_enough_to_ship() {
    let trace = sample_trace().unwrap();
    assert!(trace.trace.length() > 100_000);
    assert!(trace.pages > 64, "64 frames must not hold it");
    assert!(include_bytes!("../../../static/dash.lackey.gz").len() <= 300_000);
}

/// Page loads and evictions under a compiled policy, on so many frames, in any TLB.
fn check_paging(policy: &str, frames: u32, tlb: &str, stlb: u32) {
    let report = machine_run(&shipped(Stream::All), policy, frames, tlb, stlb);
    let records = lackey::shipped();
    let pages = pages_of(&records, Stream::All);
    let naive = match policy {
        "fifo" => paging::fifo(pages, frames as usize),
        _ => paging::clock(pages, frames as usize),
    };
    let counted = paging::Paging {
        page_loads: report.page_loads,
        evictions: report.evictions,
    };
    assert_eq!(counted, naive, "{policy} on {frames} frames, {tlb}");
}

#[test]
fn fifo_loads_and_evicts_exactly_what_a_naive_program_does() {
    for frames in [16, 32, 48, 64, 128] {
        check_paging("fifo", frames, "full:64:random", 4096);
    }
}

#[test]
fn clock_loads_and_evicts_exactly_what_a_naive_program_does() {
    for frames in [16, 32, 48, 64, 128] {
        check_paging("clock", frames, "full:64:random", 4096);
    }
}

#[test]
fn a12_page_loads_do_not_depend_on_tlb_or_software_tlb() {
    for policy in ["fifo", "clock"] {
        check_paging(policy, 64, "direct:16", 0);
        check_paging(policy, 64, "full:8:lru", 64);
    }
}

/// TLB misses with frames for all pages.
fn check_misses(stream: Stream, stlb: u32) {
    let trace = shipped(stream);
    let records = lackey::shipped();
    let cases = [
        ("full:64:lru", 1, 64, true),
        ("full:64:fifo", 1, 64, false),
        ("16x4:lru", 16, 4, true),
        ("16x4:fifo", 16, 4, false),
        ("direct:64", 64, 1, false),
    ];
    for (shape, sets, ways, lru) in cases {
        let report = machine_run(&trace, "fifo", trace.pages, shape, stlb);
        let naive = tlb::misses(pages_of(&records, stream), sets, ways, lru);
        assert_eq!(report.tlb_misses, naive, "{shape}, {stream:?}, stlb {stlb}");
        assert_eq!(report.page_loads, u64::from(trace.pages));
        assert_eq!(report.evictions, 0);
    }
}

#[test]
fn tlb_misses_equal_a_naive_tlbs_with_the_software_tlb() {
    check_misses(Stream::All, 4096);
}

#[test]
fn tlb_misses_equal_a_naive_tlbs_without_the_software_tlb() {
    check_misses(Stream::All, 0);
}

#[test]
fn tlb_misses_of_the_data_stream_equal_a_naive_tlbs() {
    check_misses(Stream::Data, 4096);
    check_misses(Stream::Data, 0);
}
