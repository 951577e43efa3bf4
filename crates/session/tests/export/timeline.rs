//! The trace for viewers is well formed, and adds up to what the machine counted.

use std::collections::BTreeSet;

use exo_core::kernel::Environment;
use exo_session::Session;
use exo_session::explain::env_letter;
use exo_session::export::{Format, Options, parse_clock};

use crate::runs::{Run, all_shipped, attacked, conversations, exported, shipped, short, sum};
use crate::trace_reader::{Slice, Trace, read};

/// Nanoseconds of a cycle at 25 MHz.
const CYCLE: u64 = 40;

/// Categories of slices in which a libOS runs.
const HANDLERS: [&str; 4] = ["upcall", "request", "transfer", "adopted"];

fn total(slices: &[&Slice], of: impl Fn(&Slice) -> u64) -> u64 {
    slices.iter().map(|it| of(it)).sum()
}

/// Whatever holds of every run: counts and times of each environment, and of the machine.
fn assert_adds_up(run: &mut Run) -> Trace {
    let trace = read(&run.whole(Format::Perfetto));
    for (env, environment) in run.at_the_end() {
        let letter = env_letter(env);
        let what = format!("{} {letter}", run.name);
        assert_environment_adds_up(&what, &letter, &environment, &trace);
    }
    let Run { name, session, .. } = run;
    let machine = session.machine();
    let free = trace.counters["free frames"].last().unwrap();
    assert_eq!(free.1, u64::from(machine.kernel().frames.free()), "{name}");
    assert_eq!(free.0, machine.cycles() * CYCLE, "{name}");
    let idle = trace.slices.iter();
    let idle = idle.filter(|it| it.name == "nobody can run");
    let idle: u64 = idle.map(Slice::length).sum();
    assert_eq!(idle, machine.kernel().idle_cycles * CYCLE, "{name}");
    let disk = &machine.hardware().disk;
    let transfers = trace.slices.iter().filter(|it| it.category == "disk");
    let under_way = disk.queue().take(1).count() as u64;
    let begun = disk.completed() + under_way;
    assert_eq!(transfers.count() as u64, begun, "{name}");
    for rate in ["TLB hits, per mille", "software TLB hits, per mille"] {
        let values = trace.counters.get(rate).into_iter().flatten();
        assert!(values.clone().all(|it| it.1 <= 1000), "{name}: {rate}");
    }
    trace
}

/// What holds of an environment's slices, and of those in which the kernel works for it.
fn assert_environment_adds_up(what: &str, letter: &str, environment: &Environment, trace: &Trace) {
    let cycles = environment.cycles;
    let own = |categories: &[&str]| -> Vec<&Slice> {
        let track = format!("{letter}: ");
        let slices = trace.slices.iter();
        let own = slices.filter(|it| it.track.starts_with(&track));
        own.filter(|it| categories.contains(&it.category.as_str()))
            .collect()
    };
    let upcalls = own(&["upcall"]);
    assert_eq!(upcalls.len() as u64, environment.counters.upcalls, "{what}");
    for upcall in &upcalls {
        let text = upcall.args["text"].as_str().unwrap();
        assert!(text.contains(letter) && text.ends_with('.'), "{text}");
    }
    let slices = trace.slices.iter().filter(|it| it.track == "kernel");
    let kernel: Vec<&Slice> = slices
        .filter(|it| it.args["environment"] == letter)
        .collect();
    let worked = total(&kernel, Slice::length);
    assert_eq!(worked, cycles.kernel * CYCLE, "{what}: kernel");
    let running = own(&["application"]);
    let running = total(&running, |it| it.length() - it.within);
    assert_eq!(running, cycles.application * CYCLE, "{what}: application");
    // A miss of a handler's own that the software TLB answers costs time within the handler.
    let handlers = own(&HANDLERS);
    let hits: Vec<&Slice> = kernel
        .into_iter()
        .filter(|it| it.name == "stlb_hit")
        .filter(|hit| {
            let around = |it: &&Slice| it.begins <= hit.begins && hit.ends <= it.ends;
            handlers.iter().any(around)
        })
        .collect();
    let answered = total(&hits, Slice::length);
    let handled = total(&handlers, |it| it.length() - it.within);
    let expected = cycles.libos * CYCLE + answered;
    assert_eq!(handled, expected, "{what}: libOS");
    let held = &trace.counters[&format!("frames of {letter}")];
    assert_eq!(held.last().unwrap().1, u64::from(environment.frames_held));
}

#[test]
fn every_scenario_that_comes_along_is_well_formed_and_adds_up() {
    let mut seen = BTreeSet::new();
    for mut run in all_shipped() {
        // What the kernel and message handlers do when a packet comes lies within the slice of whoever runs then,
        // so that the times of one environment's slices hold others' there.
        let trace = match run.name.starts_with("network-") {
            true => read(&run.whole(Format::Perfetto)),
            false => assert_adds_up(&mut run),
        };
        let calls = sum(&run.at_the_end(), |it| it.system_calls);
        let found = trace.slices.iter();
        let found = found.filter(|it| it.category == "system call").count();
        assert_eq!(found as u64, calls, "{}", run.name);
        seen.extend(trace.slices.into_iter().map(|it| it.name));
    }
    for name in [
        "application",
        "retry",
        "page_fault",
        "tlb_write",
        "revoke",
        "request",
        "disk read",
        "disk write",
        "waits for the disk",
    ] {
        assert!(seen.contains(name), "no slice {name} in {seen:?}");
    }
}

#[test]
fn attacks_and_conversations_are_well_formed_and_add_up() {
    let mut seen = BTreeSet::new();
    for mut run in attacked().chain(conversations()) {
        let trace = assert_adds_up(&mut run);
        seen.extend(trace.slices.into_iter().map(|it| it.name));
    }
    for name in ["entered", "waits for B", "preempted", "transfer_sync"] {
        assert!(seen.contains(name), "no slice {name} in {seen:?}");
    }
}

#[test]
fn a_faults_arrow_goes_from_the_kernel_to_the_handler_to_its_mapping_and_to_the_retry() {
    let mut run = short();
    let trace = read(&run.whole(Format::Perfetto));
    let environments = run.at_the_end();
    let faults = sum(&environments, |it| it.upcalls);
    assert_eq!(trace.flows.len() as u64, faults);
    for (id, (slices, ended)) in &trace.flows {
        assert!(ended, "the fault of step {id} has no end");
        let path: Vec<(&str, &str)> = slices
            .iter()
            .map(|(track, name)| (track.split(':').next().unwrap(), name.as_str()))
            .collect();
        let own = path[1].0;
        assert!(own == "A" || own == "B");
        let expected = [
            ("kernel", "upcall"),
            (own, "page_fault"),
            ("kernel", "tlb_write"),
            (own, "retry"),
        ];
        assert_eq!(path, expected);
    }
}

#[test]
fn a_wait_for_the_disk_lies_within_its_upcall() {
    let mut run = shipped("swap");
    let trace = read(&run.whole(Format::Perfetto));
    let waits = trace.slices.iter();
    let waits: Vec<_> = waits.filter(|it| it.name == "waits for the disk").collect();
    run.at_the_end();
    let transfers = run.session.machine().hardware().disk.completed();
    assert_eq!(waits.len() as u64, transfers);
    assert!(waits.iter().all(|it| it.depth == 1));
}

#[test]
fn plain_hits_are_instants_if_one_asks_for_them() {
    let mut run = short();
    let options = Options {
        hits: true,
        ..Options::default()
    };
    let (text, said) = exported(&mut run.session, Format::Perfetto, &options);
    assert_eq!(said.hits_left_out, 0);
    let trace = read(&text);
    let hits = trace.instants.iter().filter(|it| it.1 == "accessed");
    let hits = hits.count() as u64;
    let counted = sum(&run.at_the_end(), |it| it.tlb_hits - it.protection_faults);
    assert_eq!(hits, counted);
    let session = &mut run.session;
    let (_, without) = exported(session, Format::Perfetto, &Options::default());
    assert_eq!(without.hits_left_out, counted);
}

#[test]
fn another_clock_is_another_length_of_the_same_slices() {
    let mut session = short().session;
    let with = |session: &mut Session, clock: &str| {
        let options = Options {
            clock: parse_clock(clock).unwrap(),
            ..Options::default()
        };
        read(&exported(session, Format::Perfetto, &options).0)
    };
    let (fast, slow) = (with(&mut session, "25"), with(&mut session, "12.5"));
    assert_eq!(fast.slices.len(), slow.slices.len());
    for (fast, slow) in fast.slices.iter().zip(&slow.slices) {
        assert_eq!(2 * fast.length(), slow.length());
    }
    // A clock that does not divide: rounded, and still nested.
    let odd = with(&mut session, "16.67");
    assert_eq!(odd.slices.len(), fast.slices.len());
    assert_eq!(odd.about["time"], "the machine's cycles at 16.67 MHz");
}
