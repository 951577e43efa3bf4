//! Secure bindings: frames by name, authority when a binding is made, and what breaks it.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a01_a_frame_can_be_asked_for_by_name_and_is_given_if_it_is_free() {
    check(
        "machine frames=4 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000
         a does allocate_at 2 | allocate_at 2 | allocate | bind 1 2 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f2 named
            a refused allocate_at Taken
            a allocated f0
            a bound p1 f2 rw slot=0 loaded
            a resumed
            a read p1 f2 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=196 application=1 checksum=0
            owners: a.a + 1 free
        "#]],
    );
}

#[test]
fn a08_a_binding_to_a_frame_of_another_is_refused_and_nothing_is_installed() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=16 slice=1
         a by=script
         b by=script
         a: read 0x1000 x2
         b: read 0x1000
         a does allocate | bind 1 0 rw
         b does bind 1 0 r | bind 1 1 r | allocate | bind 1 1 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            b runs after a
            b miss p1 r at 0x1000
            b stlb-miss p1 index=2 (empty)
            b upcall p1 r miss
            b refused tlb_write NoAuthority
            b refused tlb_write NoAuthority
            b allocated f1
            b bound p1 f1 rw slot=1 index=2 loaded
            b resumed
            b read p1 f1 slot=1 again
            a runs after b
            a read p1 f0 slot=0
            b runs after a
            b finished
            a runs after b
            a finished
            a: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=2 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=196 application=1 checksum=0
            owners: ab + 0 free
        "#]],
    );
}

#[test]
fn a11_after_free_a_stale_access_misses_in_tlb_and_software_tlb() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=16
         a by=script
         a: read 0x1000 | read 0x2000 | read 0x1000
         a does allocate | bind 1 0 rw
         a does free 0 | allocate | bind 2 0 rw
         a does allocate | bind 1 1 rw",
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
            a freed f0 p1 dropped=2
            a allocated f0
            a bound p2 f0 rw slot=0 index=2 loaded
            a resumed
            a read p2 f0 slot=0 again
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f1
            a bound p1 f1 rw slot=1 index=1 loaded
            a resumed
            a read p1 f1 slot=1 again
            a finished
            a: references=3 hits=0 misses=3 stlb=0 protection=0 upcalls=3 calls=7 crossings=10 loads=3 evictions=1 kernel=406 application=3 checksum=0
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a11_every_page_that_shows_a_freed_frame_is_unbound() {
    check(
        "machine frames=1 tlb=full:2:lru stlb=16
         a by=script
         a: read 0x1000
         a does allocate | bind 1 0 rw | bind 2 0 r | bind 3 0 r | free 0 | allocate | bind 1 0 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a bound p2 f0 r slot=1 index=2 loaded replaced=p1
            a bound p3 f0 r slot=0 index=3 loaded replaced=p2
            a freed f0 p3 dropped=5
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=7 crossings=8 loads=4 evictions=3 kernel=334 application=1 checksum=0
            owners: a + 0 free
        "#]],
    );
}

#[test]
fn a_dropped_page_keeps_its_frame_and_its_contents() {
    // The store to page 1 writes its ordinal, 1; the last load reads it: checksum 1.
    check(
        "machine frames=2 tlb=full:4:lru stlb=16
         a by=script
         a: write 0x2000 | write 0x1000 | read 0x3000 | read 0x1000
         a does allocate | bind 2 0 rw
         a does allocate | bind 1 1 rw
         a does drop 1 | drop 1 | free 0 | allocate | bind 3 0 r
         a does bind 1 1 rw",
        expect![[r#"

            a miss p2 rw at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 rw miss
            a allocated f0
            a bound p2 f0 rw slot=0 index=2 loaded
            a resumed
            a write p2 f0 slot=0 again
            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f1
            a bound p1 f1 rw slot=1 index=1 loaded
            a resumed
            a write p1 f1 slot=1 again
            a miss p3 r at 0x3000
            a stlb-miss p3 index=3 (empty)
            a upcall p3 r miss
            a unbound p1 dropped=2
            a unbound p1 dropped=0
            a freed f0 p2 dropped=2
            a allocated f0
            a bound p3 f0 r slot=0 index=3 loaded
            a resumed
            a read p3 f0 slot=0 again
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a bound p1 f1 rw slot=1 index=1
            a resumed
            a read p1 f1 slot=1 again
            a finished
            a: references=4 hits=0 misses=4 stlb=0 protection=0 upcalls=4 calls=10 crossings=14 loads=3 evictions=1 kernel=562 application=4 checksum=1
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a_page_rebound_to_another_frame_leaves_no_binding_to_the_first() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=16
         a by=script
         a: read 0x1000 | read 0x2000 | read 0x1000
         a does allocate | bind 1 0 rw
         a does allocate | bind 1 1 rw | bind 2 0 rw
         a does bind 1 1 rw",
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
            a bound p1 f1 rw slot=0 index=1 loaded
            a bound p2 f0 rw slot=0 index=2 loaded replaced=p1
            a resumed
            a read p2 f0 slot=0 again
            a miss p1 r at 0x1000
            a stlb-hit p1 f1 rw index=1 slot=0
            a read p1 f1 slot=0 again
            a finished
            a: references=3 hits=0 misses=3 stlb=1 protection=0 upcalls=2 calls=5 crossings=8 loads=3 evictions=1 kernel=308 application=3 checksum=0
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a_freed_frame_goes_to_whoever_asks_next_and_shows_nothing_of_its_last_owner() {
    check(
        "machine frames=1 tlb=full:4:lru stlb=16 slice=2
         a by=script
         b by=script
         a: read 0x1000 | write 0x1000 | read 0x2000
         b: read 0x1000 x2 | read 0x1000
         a does allocate | bind 1 0 rw
         b does fail NoFreeFrame
         a does dirty 0 | free 0 | allocate | dirty 0 | referenced 0 | bind 2 0 r",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a read p1 f0 slot=0 again
            a write p1 f0 slot=0
            b runs after a
            b miss p1 r at 0x1000
            b stlb-miss p1 index=2 (empty)
            b upcall p1 r miss
            b broken Failed(NoFreeFrame) at 0:0
            a runs after b
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a f0 dirty=true
            a freed f0 p1 dropped=2
            a allocated f0
            a f0 dirty=false
            a f0 referenced=false
            a bound p2 f0 r slot=0 index=2 loaded
            a resumed
            a read p2 f0 slot=0 again
            a finished
            a: references=3 hits=1 misses=2 stlb=0 protection=0 upcalls=2 calls=8 crossings=10 loads=2 evictions=1 kernel=410 application=3 checksum=0
            b: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=0 crossings=1 loads=0 evictions=0 kernel=36 application=0 checksum=0 broken
            owners: a + 0 free
        "#]],
    );
}

#[test]
fn a_page_that_comes_back_is_zeroed_and_the_checksum_shows_it() {
    // The second store writes its ordinal, 1; in the next test it is read back: checksum 1.
    check(
        "machine frames=1 tlb=full:1:lru stlb=off
         a by=script
         a: write 0x2000 | write 0x1000 | read 0x2000 | read 0x1000
         a does allocate | bind 2 0 rw
         a does bind 1 0 rw
         a does bind 2 0 rw
         a does bind 1 0 rw",
        expect![[r#"

            a miss p2 rw at 0x2000
            a upcall p2 rw miss
            a allocated f0
            a bound p2 f0 rw slot=0 loaded
            a resumed
            a write p2 f0 slot=0 again
            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a bound p1 f0 rw slot=0 loaded replaced=p2
            a resumed
            a write p1 f0 slot=0 again
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a bound p2 f0 rw slot=0 loaded replaced=p1
            a resumed
            a read p2 f0 slot=0 again
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a bound p1 f0 rw slot=0 loaded replaced=p2
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=4 hits=0 misses=4 stlb=0 protection=0 upcalls=4 calls=5 crossings=9 loads=4 evictions=3 kernel=344 application=4 checksum=0
            owners: a + 0 free
        "#]],
    );
}

#[test]
fn a_page_that_stays_is_read_back_and_the_checksum_shows_it() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=off
         a by=pager
         a: write 0x2000 | write 0x1000 | read 0x2000 | read 0x1000",
        expect![[r#"

            a miss p2 rw at 0x2000
            a upcall p2 rw miss
            a allocated f0
            a bound p2 f0 rw slot=0 loaded
            a resumed
            a write p2 f0 slot=0 again
            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f1
            a bound p1 f1 rw slot=0 loaded
            a resumed
            a write p1 f1 slot=0 again
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a bound p2 f0 rw slot=0
            a resumed
            a read p2 f0 slot=0 again
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a bound p1 f1 rw slot=0
            a resumed
            a read p1 f1 slot=0 again
            a finished
            a: references=4 hits=0 misses=4 stlb=0 protection=0 upcalls=4 calls=6 crossings=10 loads=2 evictions=0 kernel=384 application=4 checksum=1
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn page_loads_and_evictions_are_counted_by_the_kernel_when_a_frame_changes_its_page() {
    // Bound again to the same page: no load. Freed without a page: no eviction.
    check(
        "machine frames=3 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000
         a does allocate | allocate | free 1 | bind 1 0 r | bind 1 0 rw | bind 2 0 r | bind 1 0 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a allocated f1
            a freed f1 - dropped=0
            a bound p1 f0 r slot=0 loaded
            a bound p1 f0 rw slot=0
            a bound p2 f0 r slot=1 loaded replaced=p1
            a bound p1 f0 rw slot=0 loaded replaced=p2
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=7 crossings=8 loads=3 evictions=2 kernel=334 application=1 checksum=0
            owners: a + 2 free
        "#]],
    );
}

#[test]
fn reference_and_dirty_bits_tell_loads_from_stores_and_stay_until_cleared() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off
         a by=script
         a: read 0x1000 | write 0x2000 | read 0x3000
         a does allocate | referenced 0 | bind 1 0 rw | referenced 0
         a does referenced 0 | dirty 0 | allocate | clear_referenced 0 | bind 2 1 rw
         a does referenced 0 | dirty 0 | referenced 1 | dirty 1 | clear_dirty 1 | dirty 1 | referenced 1 | bind 3 0 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a f0 referenced=false
            a bound p1 f0 rw slot=0 loaded
            a f0 referenced=false
            a resumed
            a read p1 f0 slot=0 again
            a miss p2 rw at 0x2000
            a upcall p2 rw miss
            a f0 referenced=true
            a f0 dirty=false
            a allocated f1
            a f0 referenced cleared
            a bound p2 f1 rw slot=1 loaded
            a resumed
            a write p2 f1 slot=1 again
            a miss p3 r at 0x3000
            a upcall p3 r miss
            a f0 referenced=false
            a f0 dirty=false
            a f1 referenced=true
            a f1 dirty=true
            a f1 dirty cleared
            a f1 dirty=false
            a f1 referenced=true
            a bound p3 f0 rw slot=0 loaded replaced=p1
            a resumed
            a read p3 f0 slot=0 again
            a finished
            a: references=3 hits=0 misses=3 stlb=0 protection=0 upcalls=3 calls=17 crossings=20 loads=3 evictions=1 kernel=788 application=3 checksum=0
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn the_questions_are_answered_without_a_change() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off seed=7
         a limit=5 by=script
         a: read 0x1000
         a does frame_limit | cycles | cycles | random | random | allocate | bind 1 0 rw",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a frame_limit=5
            a cycles=116
            a cycles=156
            a random=5028884900462765551
            a random=5028802975780723011
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=7 crossings=8 loads=1 evictions=0 kernel=316 application=1 checksum=0
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn pages_of_one_byte_work_like_pages_of_four_kibibytes() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=4 bits=0
         a by=pager
         a: write 0x1 | write 0x2 | read 0x1 | read 0x2",
        expect![[r#"

            a miss p1 rw at 0x1
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a write p1 f0 slot=0 again
            a miss p2 rw at 0x2
            a stlb-miss p2 index=2 (empty)
            a upcall p2 rw miss
            a allocated f1
            a bound p2 f1 rw slot=0 index=2 loaded
            a resumed
            a write p2 f1 slot=0 again
            a miss p1 r at 0x1
            a stlb-hit p1 f0 rw index=1 slot=0
            a read p1 f0 slot=0 again
            a miss p2 r at 0x2
            a stlb-hit p2 f1 rw index=2 slot=0
            a read p2 f1 slot=0 again
            a finished
            a: references=4 hits=0 misses=4 stlb=2 protection=0 upcalls=2 calls=4 crossings=8 loads=2 evictions=0 kernel=304 application=4 checksum=1
            owners: aa + 0 free
        "#]],
    );
}
