//! Loads and stores: the bytes, the counters, the bits, and what the kernel sees of them.

use exo_core::event::Event;
use exo_core::ids::{Frame, ReferenceKind};
use exo_core::kernel::Phase;

use super::assembly::{application, back, constant, load, log, store, store_and_load};
use super::{A, ends, environment, logged, machine, of};

#[test]
fn what_an_application_stores_it_loads_again_though_the_tlb_forgets_it() {
    let program = application(store_and_load(0x1_0000, 0x1000, 16));
    let (end, events) = ends(&machine(vec![environment(&program, 16)]));
    assert_eq!(logged(&events, A), (0..16).collect::<Vec<u64>>());
    let counters = of(&end, A).counters;
    assert_eq!(of(&end, A).phase, Phase::Finished);
    assert_eq!(counters.references, 32);
    assert_eq!(
        counters.tlb_misses, 32,
        "16 pages in turn through 4 entries of an LRU TLB"
    );
    assert_eq!(counters.page_loads, 16);
    assert_eq!(counters.evictions, 0);
    assert_eq!(counters.tlb_misses, counters.upcalls);
}

#[test]
fn each_instruction_is_one_unit_and_one_cycle_and_a_reference_is_one_however_often_it_is_run() {
    let program = application(store_and_load(0x1_0000, 0x1000, 16));
    let (end, events) = ends(&machine(vec![environment(&program, 16)]));
    let (environment, instructions) = (of(&end, A), 3 + 16 * 4 + 2 + 16 * 5 + 1);
    assert_eq!(environment.counters.instructions, instructions);
    assert_eq!(environment.cycles.application, instructions);
    assert_eq!(
        end.position().retired,
        instructions + environment.cycles.libos,
        "units are the instructions of both sides"
    );
    let accessed = events
        .iter()
        .filter(|it| matches!(it.event, Event::Accessed { rerun: true, .. }));
    assert_eq!(accessed.count(), 32);
}

#[test]
fn words_of_every_size_lie_little_endian_in_the_frame() {
    let code = vec![
        constant(1, 0x2008),
        constant(2, 0x1234_5678),
        store(2, 1, 64),
        constant(1, 0x200C),
        constant(2, -2),
        store(2, 1, 16),
        constant(1, 0x2008),
        load(3, 1, 64),
        log(3),
        constant(1, 0x2009),
        load(3, 1, 8),
        log(3),
        back(),
    ];
    let (end, events) = ends(&machine(vec![environment(&application(code), 4)]));
    assert_eq!(logged(&events, A), [0xFFFE_1234_5678, 0x56]);
    let frame = frame_of(&end, 2);
    let memory = &end.hardware().memory;
    assert_eq!(
        memory.frame_bytes(frame)[8..16],
        [0x78, 0x56, 0x34, 0x12, 0xFE, 0xFF, 0, 0]
    );
}

/// The frame that was last bound to a page.
fn frame_of(machine: &exo_core::machine::Machine, page: u32) -> Frame {
    let records = machine.kernel().frames.records();
    let bound = |record: &exo_core::kernel::FrameRecord| record.page.map(|it| it.0) == Some(page);
    Frame(records.iter().position(bound).unwrap() as u32)
}

#[test]
fn a_load_sets_the_reference_bit_and_a_store_the_dirty_bit_too() {
    let code = vec![
        constant(1, 0x2000),
        load(2, 1, 32),
        constant(1, 0x3000),
        store(2, 1, 32),
        back(),
    ];
    let (end, events) = ends(&machine(vec![environment(&application(code), 4)]));
    let memory = &end.hardware().memory;
    let (read, written) = (frame_of(&end, 2), frame_of(&end, 3));
    assert!(memory.referenced(read) && !memory.dirty(read));
    assert!(memory.referenced(written) && memory.dirty(written));
    let kinds = events.iter().filter_map(|it| match it.event {
        Event::Accessed { kind, .. } => Some(kind),
        _ => None,
    });
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [ReferenceKind::Load, ReferenceKind::Store]
    );
}

#[test]
fn an_evicted_page_comes_back_zeroed_as_there_is_no_disk() {
    let program = application(store_and_load(0x1_0000, 0x1000, 6));
    let (end, events) = ends(&machine(vec![environment(&program, 4)]));
    assert_eq!(logged(&events, A), [0; 6]);
    assert_eq!(of(&end, A).counters.page_loads, 12);
}

#[test]
fn an_application_references_what_a_trace_of_the_same_addresses_does() {
    let program = application(store_and_load(0x1_0000, 0x800, 24));
    let (end, _) = ends(&machine(vec![environment(&program, 7)]));
    let mut trace = exo_core::trace::Trace::new();
    for kind in [ReferenceKind::Store, ReferenceKind::Load] {
        (0..24).for_each(|word| trace.push(0x1_0000 + word * 0x800, kind));
    }
    let mut config = super::config(vec![environment(&program, 7)]);
    config.environments[0].application = exo_core::machine::Application::Trace(0);
    let mut traced = exo_core::machine::Machine::new(config).unwrap();
    traced.run(u64::MAX, &[&trace], &mut exo_core::event::Silent);
    let (one, other) = (of(&end, A), of(&traced, A));
    assert_eq!(one.counters.references, other.counters.references);
    assert_eq!(one.counters.tlb_hits, other.counters.tlb_hits);
    assert_eq!(one.counters.tlb_misses, other.counters.tlb_misses);
    assert_eq!(one.counters.upcalls, other.counters.upcalls);
    assert_eq!(one.counters.page_loads, other.counters.page_loads);
    assert_eq!(one.counters.evictions, other.counters.evictions);
    assert_eq!(
        one.cycles.libos, other.cycles.libos,
        "the libOS cannot tell"
    );
}
