//! Several environments on one machine: slices, address spaces, and nothing of each other's.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn two_environments_take_turns_every_slice_of_references() {
    check(
        "machine frames=4 tlb=full:4:lru stlb=off slice=2
         a by=pager
         b by=pager
         a: read 0x1000 x5
         b: read 0x1000 x3",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a read p1 f0 slot=0
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b allocated f1
            b bound p1 f1 rw slot=1 loaded
            b resumed
            b read p1 f1 slot=1 again
            b read p1 f1 slot=1
            a runs after b
            a read p1 f0 slot=0
            a read p1 f0 slot=0
            b runs after a
            b read p1 f1 slot=1
            b finished
            a runs after b
            a read p1 f0 slot=0
            a finished
            a: references=5 hits=4 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=5 checksum=0
            b: references=3 hits=2 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=3 checksum=0
            owners: ab + 2 free
        "#]],
    );
}

#[test]
fn entries_of_another_address_space_stay_in_the_tlb_and_do_not_match() {
    check(
        "machine frames=4 tlb=full:2:lru stlb=off slice=1
         a by=pager
         b by=pager
         a: write 0x1000 | read 0x1000
         b: write 0x1000 | read 0x1000",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p1 rw at 0x1000
            b upcall p1 rw miss
            b allocated f1
            b bound p1 f1 rw slot=1 loaded
            b resumed
            b write p1 f1 slot=1 again
            a runs after b
            a read p1 f0 slot=0
            b runs after a
            b read p1 f1 slot=1
            a runs after b
            a finished
            b runs after a
            b finished
            a: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=2 checksum=0
            b: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=2 checksum=0
            owners: ab + 2 free
        "#]],
    );
}

#[test]
fn environments_push_each_other_out_of_a_tlb_that_they_share() {
    check(
        "machine frames=4 tlb=full:1:lru stlb=16 slice=1
         a by=pager
         b by=pager
         a: read 0x1000 x2
         b: read 0x1000 x2",
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
            b allocated f1
            b bound p1 f1 rw slot=0 index=2 loaded
            b resumed
            b read p1 f1 slot=0 again
            a runs after b
            a miss p1 r at 0x1000
            a stlb-hit p1 f0 rw index=1 slot=0
            a read p1 f0 slot=0 again
            b runs after a
            b miss p1 r at 0x1000
            b stlb-hit p1 f1 rw index=2 slot=0
            b read p1 f1 slot=0 again
            a runs after b
            a finished
            b runs after a
            b finished
            a: references=2 hits=0 misses=2 stlb=1 protection=0 upcalls=1 calls=2 crossings=4 loads=1 evictions=0 kernel=152 application=2 checksum=0
            b: references=2 hits=0 misses=2 stlb=1 protection=0 upcalls=1 calls=2 crossings=4 loads=1 evictions=0 kernel=152 application=2 checksum=0
            owners: ab + 2 free
        "#]],
    );
}

#[test]
fn one_environment_can_neither_read_nor_free_nor_name_what_is_anothers() {
    check(
        "machine frames=3 tlb=full:4:lru stlb=16 slice=2
         a by=script
         b by=script
         a: write 0x1000 | modify 0x1000 | read 0x1000
         b: read 0x1000
         a does allocate | bind 1 0 rw
         b does referenced 0 | dirty 0 | clear_referenced 0 | clear_dirty 0 | bind 1 0 r | bind 1 0 rw | free 0 | allocate_at 0 | drop 1 | allocate | bind 1 1 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a write p1 f0 slot=0 again
            a modify p1 f0 slot=0
            b runs after a
            b miss p1 r at 0x1000
            b stlb-miss p1 index=2 (empty)
            b upcall p1 r miss
            b refused referenced NoAuthority
            b refused dirty NoAuthority
            b refused clear_referenced NoAuthority
            b refused clear_dirty NoAuthority
            b refused tlb_write NoAuthority
            b refused tlb_write NoAuthority
            b refused free NoAuthority
            b refused allocate_at Taken
            b unbound p1 dropped=0
            b allocated f1
            b bound p1 f1 r slot=1 index=2 loaded
            b resumed
            b read p1 f1 slot=1 again
            b finished
            a runs after b
            a read p1 f0 slot=0
            a finished
            a: references=3 hits=2 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=3 checksum=1
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=11 crossings=12 loads=1 evictions=0 kernel=494 application=1 checksum=0
            owners: ab + 1 free
        "#]],
    );
}

#[test]
fn a_broken_environment_keeps_its_frames_and_the_others_go_on() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off slice=1
         a by=script
         b by=pager
         a: read 0x1000 x2
         b: read 0x1000 x3
         a does allocate | fail NoAuthority",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a broken Failed(NoAuthority) at 0:0
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b allocated f1
            b bound p1 f1 rw slot=0 loaded
            b resumed
            b read p1 f1 slot=0 again
            b read p1 f1 slot=0
            b read p1 f1 slot=0
            b finished
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=1 crossings=2 loads=0 evictions=0 kernel=76 application=0 checksum=0 broken
            b: references=3 hits=2 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=3 checksum=0
            owners: ab + 0 free
        "#]],
    );
}

#[test]
fn the_last_environment_runs_alone_when_the_others_are_done() {
    check(
        "machine frames=4 tlb=full:4:lru stlb=off slice=1
         a by=pager
         b by=pager
         c by=pager
         a: read 0x1000
         b: read 0x1000 x3
         c: read 0x1000 x2",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b allocated f1
            b bound p1 f1 rw slot=1 loaded
            b resumed
            b read p1 f1 slot=1 again
            c runs after b
            c miss p1 r at 0x1000
            c upcall p1 r miss
            c allocated f2
            c bound p1 f2 rw slot=2 loaded
            c resumed
            c read p1 f2 slot=2 again
            a runs after c
            a finished
            b runs after a
            b read p1 f1 slot=1
            c runs after b
            c read p1 f2 slot=2
            b runs after c
            b read p1 f1 slot=1
            c runs after b
            c finished
            b runs after c
            b finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=1 checksum=0
            b: references=3 hits=2 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=3 checksum=0
            c: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=2 checksum=0
            owners: abc + 1 free
        "#]],
    );
}

#[test]
fn a_slice_counts_references_and_a_faulting_one_counts_once() {
    check(
        "machine frames=4 tlb=full:4:lru stlb=off slice=2
         a by=pager
         b by=pager
         a: read 0x1000 | read 0x2000 | read 0x1000
         b: read 0x1000",
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
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b allocated f2
            b bound p1 f2 rw slot=2 loaded
            b resumed
            b read p1 f2 slot=2 again
            b finished
            a runs after b
            a read p1 f0 slot=0
            a finished
            a: references=3 hits=1 misses=2 stlb=0 protection=0 upcalls=2 calls=4 crossings=6 loads=2 evictions=0 kernel=232 application=3 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=1 checksum=0
            owners: aab + 1 free
        "#]],
    );
}

#[test]
fn a25_a33_the_same_page_of_two_environments_in_one_stlb_place_is_told_apart_by_its_tag() {
    check(
        "machine frames=4 tlb=full:1:lru stlb=1 slice=1
         a by=pager
         b by=pager
         a: write 0x1000 | read 0x1000
         b: read 0x1000 | read 0x1000",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=0 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=0 loaded
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p1 r at 0x1000
            b stlb-miss p1 index=0 (a p1)
            b upcall p1 r miss
            b allocated f1
            b bound p1 f1 rw slot=0 index=0 loaded
            b resumed
            b read p1 f1 slot=0 again
            a runs after b
            a miss p1 r at 0x1000
            a stlb-miss p1 index=0 (b p1)
            a upcall p1 r miss
            a bound p1 f0 rw slot=0 index=0
            a resumed
            a read p1 f0 slot=0 again
            b runs after a
            b miss p1 r at 0x1000
            b stlb-miss p1 index=0 (a p1)
            b upcall p1 r miss
            b bound p1 f1 rw slot=0 index=0
            b resumed
            b read p1 f1 slot=0 again
            a runs after b
            a finished
            b runs after a
            b finished
            a: references=2 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=3 crossings=5 loads=1 evictions=0 kernel=192 application=2 checksum=0
            b: references=2 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=3 crossings=5 loads=1 evictions=0 kernel=192 application=2 checksum=0
            owners: ab + 2 free
        "#]],
    );
}
