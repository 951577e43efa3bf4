//! A fault's way through TLB, software TLB and upcall, and what each hop costs.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a09_a_hit_enters_no_kernel_and_costs_one_cycle() {
    check(
        "machine frames=2 tlb=full:2:lru
         a by=pager
         a: read 0x1000 | read 0x1004 x3",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a read p1 f0 slot=0
            a read p1 f0 slot=0
            a read p1 f0 slot=0
            a finished
            a: references=4 hits=3 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=4 checksum=0
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn a30_the_software_tlb_is_asked_before_the_environment() {
    check(
        "machine frames=4 tlb=full:1:lru stlb=16
         a by=pager
         a: read 0x1000 | read 0x2000 | read 0x1000",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a allocated f1
            a bound p2 f1 rw slot=0 index=2 loaded
            a resumed
            a read p2 f1 slot=0 again
            a miss p1 r at 0x1000
            a stlb-hit p1 f0 rw index=1 slot=0
            a read p1 f0 slot=0 again
            a finished
            a: references=3 hits=0 misses=3 stlb=1 protection=0 upcalls=2 calls=4 crossings=7 loads=2 evictions=0 kernel=268 application=3 checksum=0
            owners: aa + 2 free
        "#]],
    );
}

#[test]
fn a26_a27_an_upcall_is_one_crossing_and_its_return_is_none() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=off
         a by=script
         a: read 0x1000 | read 0x2000 | read 0x1000
         a does allocate | bind 1 0 rw
         a does allocate | bind 2 1 rw
         a does bind 1 0 rw",
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
            a bound p2 f1 rw slot=0 loaded
            a resumed
            a read p2 f1 slot=0 again
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a bound p1 f0 rw slot=0
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=3 hits=0 misses=3 stlb=0 protection=0 upcalls=3 calls=5 crossings=8 loads=2 evictions=0 kernel=308 application=3 checksum=0
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn without_the_software_tlb_every_capacity_miss_is_an_upcall() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=off
         a by=pager
         a: read 0x1000 | read 0x2000 | read 0x1000",
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
            a bound p2 f1 rw slot=0 loaded
            a resumed
            a read p2 f1 slot=0 again
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a bound p1 f0 rw slot=0
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=3 hits=0 misses=3 stlb=0 protection=0 upcalls=3 calls=5 crossings=8 loads=2 evictions=0 kernel=308 application=3 checksum=0
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a34_two_hot_pages_that_share_an_stlb_place_take_turns_in_upcalls() {
    check(
        "machine frames=4 tlb=full:1:lru stlb=4
         a by=pager
         a: read 0x1000 | read 0x5000 | read 0x1000 | read 0x5000",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a miss p5 r at 0x5000
            a stlb-miss p5 index=1 (a p1)
            a upcall p5 r miss
            a allocated f1
            a bound p5 f1 rw slot=0 index=1 loaded
            a resumed
            a read p5 f1 slot=0 again
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (a p5)
            a upcall p1 r miss
            a bound p1 f0 rw slot=0 index=1
            a resumed
            a read p1 f0 slot=0 again
            a miss p5 r at 0x5000
            a stlb-miss p5 index=1 (a p1)
            a upcall p5 r miss
            a bound p5 f1 rw slot=0 index=1
            a resumed
            a read p5 f1 slot=0 again
            a finished
            a: references=4 hits=0 misses=4 stlb=0 protection=0 upcalls=4 calls=6 crossings=10 loads=2 evictions=0 kernel=384 application=4 checksum=0
            owners: aa + 2 free
        "#]],
    );
}

#[test]
fn pages_that_do_not_share_an_stlb_place_need_one_upcall_each() {
    check(
        "machine frames=4 tlb=full:1:lru stlb=4
         a by=pager
         a: read 0x1000 | read 0x6000 | read 0x1000 | read 0x6000",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a miss p6 r at 0x6000
            a stlb-miss p6 index=2 (empty)
            a upcall p6 r miss
            a allocated f1
            a bound p6 f1 rw slot=0 index=2 loaded
            a resumed
            a read p6 f1 slot=0 again
            a miss p1 r at 0x1000
            a stlb-hit p1 f0 rw index=1 slot=0
            a read p1 f0 slot=0 again
            a miss p6 r at 0x6000
            a stlb-hit p6 f1 rw index=2 slot=0
            a read p6 f1 slot=0 again
            a finished
            a: references=4 hits=0 misses=4 stlb=2 protection=0 upcalls=2 calls=4 crossings=8 loads=2 evictions=0 kernel=304 application=4 checksum=0
            owners: aa + 2 free
        "#]],
    );
}

#[test]
fn a_store_through_a_read_only_entry_faults_and_the_libos_upgrades_it() {
    check(
        "machine frames=2 tlb=full:2:lru
         a by=careful
         a: read 0x1000 | write 0x1004 | modify 0x1004 | fetch 0x1000",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 r slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 rw slot=0 index=1
            a resumed
            a write p1 f0 slot=0 again
            a modify p1 f0 slot=0
            a fetch p1 f0 slot=0
            a finished
            a: references=4 hits=3 misses=1 stlb=0 protection=1 upcalls=2 calls=3 crossings=5 loads=1 evictions=0 kernel=194 application=4 checksum=20
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn a_read_only_binding_from_the_software_tlb_misses_once_and_then_is_protected() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=16
         a by=careful
         a: read 0x1000 | read 0x2000 | write 0x1000",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 r slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a allocated f1
            a bound p2 f1 r slot=0 index=2 loaded
            a resumed
            a read p2 f1 slot=0 again
            a miss p1 rw at 0x1000
            a stlb-hit p1 f0 r index=1 slot=0
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 rw slot=0 index=1
            a resumed
            a write p1 f0 slot=0 again
            a finished
            a: references=3 hits=0 misses=3 stlb=1 protection=1 upcalls=3 calls=5 crossings=9 loads=2 evictions=0 kernel=346 application=3 checksum=0
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a31_a_call_that_is_refused_leaves_the_fault_to_be_served() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000
         a does bind 1 0 rw | allocate | bind 1 0 r",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a refused tlb_write NoAuthority
            a allocated f0
            a bound p1 f0 r slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=3 crossings=4 loads=1 evictions=0 kernel=156 application=1 checksum=0
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn a_handler_that_never_maps_the_page_is_given_up_after_three_upcalls() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000
         a does frame_limit
         a does frame_limit
         a does frame_limit",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a frame_limit=64
            a resumed
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a frame_limit=64
            a resumed
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a frame_limit=64
            a resumed
            a miss p1 r at 0x1000
            a broken NeverMapped(Miss) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=3 calls=3 crossings=7 loads=0 evictions=0 kernel=228 application=0 checksum=0 broken
            owners:  + 2 free
        "#]],
    );
}

#[test]
fn a_handler_that_never_allows_the_store_is_given_up_too() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off
         a by=script
         a: write 0x1000
         a does allocate | bind 1 0 r
         a does bind 1 0 r
         a does bind 1 0 r
         a does bind 1 0 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 r slot=0 loaded
            a resumed
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 r slot=0
            a resumed
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 r slot=0
            a resumed
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 r slot=0
            a resumed
            a protected p1 slot=0
            a broken NeverMapped(Protection) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=4 upcalls=4 calls=5 crossings=10 loads=1 evictions=0 kernel=350 application=0 checksum=0 broken
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn a_handler_that_maps_another_page_makes_no_progress() {
    check(
        "machine frames=2 tlb=full:2:lru
         a by=script
         a: read 0x1000
         a does allocate | bind 2 0 rw
         a does bind 2 0 rw
         a does bind 2 0 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p2 f0 rw slot=0 index=2 loaded
            a resumed
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a bound p2 f0 rw slot=0 index=2
            a resumed
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a bound p2 f0 rw slot=0 index=2
            a resumed
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a broken NeverMapped(Miss) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=3 calls=4 crossings=8 loads=1 evictions=0 kernel=268 application=0 checksum=0 broken
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn an_environment_without_a_handler_ends_at_its_first_fault() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off
         a by=none
         b by=pager
         a: read 0x1000
         b: read 0x1000",
        expect![[r#"

            a miss p1 r at 0x1000
            a broken NoHandler at 0:0
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b allocated f0
            b bound p1 f0 rw slot=0 loaded
            b resumed
            b read p1 f0 slot=0 again
            b finished
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=0 calls=0 crossings=1 loads=0 evictions=0 kernel=0 application=0 checksum=0 broken
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=1 checksum=0
            owners: b + 1 free
        "#]],
    );
}

#[test]
fn a_handler_that_fails_ends_its_environment_with_the_refusal() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000
         a does allocate | fail NoFreeFrame",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a broken Failed(NoFreeFrame) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=1 crossings=2 loads=0 evictions=0 kernel=76 application=0 checksum=0 broken
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn an_environment_without_references_is_finished_at_once() {
    check(
        "machine frames=2\na by=pager",
        expect![[r#"

        a finished
        a: references=0 hits=0 misses=0 stlb=0 protection=0 upcalls=0 calls=0 crossings=0 loads=0 evictions=0 kernel=0 application=0 checksum=0
        owners:  + 2 free
    "#]],
    );
}

#[test]
fn every_kind_of_reference_is_one_reference_and_one_cycle() {
    check(
        "machine frames=2 tlb=full:2:lru
         a by=pager
         a: fetch 0x1000 | read 0x1001 | write 0x1002 | modify 0x1003",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a fetch p1 f0 slot=0 again
            a read p1 f0 slot=0
            a write p1 f0 slot=0
            a modify p1 f0 slot=0
            a finished
            a: references=4 hits=3 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=4 checksum=0
            owners: a + 1 free
        "#]],
    );
}
