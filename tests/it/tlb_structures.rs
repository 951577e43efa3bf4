//! The hardware TLB: sets, invalid slots first, and what each replacement throws out.

use exo_core::event::Event;
use expect_test::{Expect, expect};

use crate::fixture::{check, run};

/// Which page each miss of one environment met, and which slot it took.
fn check_slots(machine: &str, references: &str, expected: Expect) {
    let text = format!("machine frames=64 stlb=off {machine}\na by=pager\na: {references}");
    let (_, events) = run(&text, &[]);
    let taken = events.iter().filter_map(|it| match it.event {
        Event::Bound { page, slot, .. } => Some(format!("p{:x}>{}", page.0, slot.0)),
        _ => None,
    });
    expected.assert_eq(&taken.collect::<Vec<_>>().join(" "));
}

const ROUND: &str = "read 0x1000 | read 0x2000 | read 0x1000 | read 0x3000 | read 0x1000 | \
                     read 0x2000 | read 0x1000 | read 0x3000";

#[test]
fn invalid_slots_fill_first_lowest_first() {
    check_slots(
        "tlb=full:4:fifo",
        "read 0x3000 | read 0x1000 | read 0x2000",
        expect!["p3>0 p1>1 p2>2"],
    );
}

#[test]
fn lru_throws_out_the_entry_whose_last_use_is_longest_ago() {
    check_slots("tlb=full:2:lru", ROUND, expect!["p1>0 p2>1 p3>1 p2>1 p3>1"]);
}

#[test]
fn fifo_throws_out_the_entry_that_was_written_first_however_much_it_is_used() {
    check_slots(
        "tlb=full:2:fifo",
        ROUND,
        expect!["p1>0 p2>1 p3>0 p1>1 p2>0 p3>1"],
    );
}

#[test]
fn a_set_is_the_page_number_modulo_the_sets() {
    check_slots(
        "tlb=4x2:lru",
        "read 0x0000 | read 0x4000 | read 0x8000 | read 0x1000 | read 0x0000",
        expect!["p0>0 p4>1 p8>0 p1>2 p0>1"],
    );
}

#[test]
fn a_direct_mapped_tlb_has_one_place_for_each_page() {
    check_slots(
        "tlb=direct:4",
        "read 0x0000 | read 0x4000 | read 0x0000 | read 0x3000 | read 0x4000",
        expect!["p0>0 p4>0 p0>0 p3>3 p4>0"],
    );
}

#[test]
fn sets_that_are_no_power_of_two_work_alike() {
    check_slots(
        "tlb=3x1:lru",
        "read 0x0000 | read 0x3000 | read 0x4000 | read 0x5000",
        expect!["p0>0 p3>0 p4>1 p5>2"],
    );
}

const MANY: &str = "read 0x1000 | read 0x2000 | read 0x3000 | read 0x4000 | read 0x5000 | \
                    read 0x6000 | read 0x7000 | read 0x8000 | read 0x9000 | read 0xa000";

#[test]
fn random_replacement_is_decided_by_the_seed() {
    check_slots(
        "tlb=full:4:random seed=1",
        MANY,
        expect!["p1>0 p2>1 p3>2 p4>3 p5>1 p6>1 p7>3 p8>1 p9>3 pa>0"],
    );
    check_slots(
        "tlb=full:4:random seed=2",
        MANY,
        expect!["p1>0 p2>1 p3>2 p4>3 p5>3 p6>1 p7>0 p8>2 p9>0 pa>0"],
    );
}

#[test]
fn an_entry_rewritten_in_place_keeps_its_age_in_fifo_order() {
    // Page 1 is bound again (read-only to read-write) after page 2 came: it is still the oldest.
    check(
        "machine frames=4 tlb=full:2:fifo stlb=off
         a by=careful
         a: read 0x1000 | read 0x2000 | write 0x1000 | read 0x3000 | read 0x2000",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 r slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a allocated f1
            a bound p2 f1 r slot=1 loaded
            a resumed
            a read p2 f1 slot=1 again
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 rw slot=0
            a resumed
            a write p1 f0 slot=0 again
            a miss p3 r at 0x3000
            a upcall p3 r miss
            a allocated f2
            a bound p3 f2 r slot=0 loaded
            a resumed
            a read p3 f2 slot=0 again
            a read p2 f1 slot=1
            a finished
            a: references=5 hits=2 misses=3 stlb=0 protection=1 upcalls=4 calls=7 crossings=11 loads=3 evictions=0 kernel=426 application=5 checksum=0
            owners: aaa + 1 free
        "#]],
    );
}

#[test]
fn an_entry_that_was_dropped_is_filled_before_anything_is_replaced() {
    check(
        "machine frames=4 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000 | read 0x2000 | read 0x3000
         a does allocate | bind 1 0 rw
         a does allocate | bind 2 1 rw
         a does drop 2 | allocate | bind 3 2 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a allocated f1
            a bound p2 f1 rw slot=1 loaded
            a resumed
            a read p2 f1 slot=1 again
            a miss p3 r at 0x3000
            a upcall p3 r miss
            a unbound p2 dropped=1
            a allocated f2
            a bound p3 f2 rw slot=1 loaded
            a resumed
            a read p3 f2 slot=1 again
            a finished
            a: references=3 hits=0 misses=3 stlb=0 protection=0 upcalls=3 calls=7 crossings=10 loads=3 evictions=0 kernel=388 application=3 checksum=0
            owners: aaa + 1 free
        "#]],
    );
}
