//! Capabilities: made by the owner, passed on without the kernel, presented, derived, revoked.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a07_a10_a_frame_is_shared_by_passing_a_number_on() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=16 slice=1
         a by=script
         b by=script
         a: write 0x1000 | write 0x1008
         b: read 0x5008 x2
         a does allocate | bind 1 0 rw | key = capability 0 r
         b does tlb_write_shared 5 key rw | tlb_write_shared 5 key r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a made c0 f0 r
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5008
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b refused tlb_write_shared NoAuthority
            b bound p5 f0 r by c0 slot=1 index=6
            b resumed
            b read p5 f0 slot=1 again
            a runs after b
            a write p1 f0 slot=0
            b runs after a
            b read p5 f0 slot=1
            a runs after b
            a finished
            b runs after a
            b finished
            a: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=3 crossings=4 loads=1 evictions=0 kernel=156 application=2 checksum=0
            b: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=0 evictions=0 kernel=116 application=2 checksum=1
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn a08_a_store_through_a_capability_for_reading_is_not_possible() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off slice=1
         a by=script
         b by=script
         a: write 0x1000
         b: write 0x5000
         a does allocate | bind 1 0 rw | key = capability 0 r
         b does tlb_write_shared 5 key r
         b does tlb_write_shared 5 key rw | fail NoAuthority",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a made c0 f0 r
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 rw at 0x5000
            b upcall p5 rw miss
            b bound p5 f0 r by c0 slot=1
            b resumed
            b protected p5 slot=1
            b upcall p5 rw protection
            b refused tlb_write_shared NoAuthority
            b broken Failed(NoAuthority) at 0:0
            a runs after b
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=3 crossings=4 loads=1 evictions=0 kernel=156 application=1 checksum=0
            b: references=0 hits=0 misses=1 stlb=0 protection=1 upcalls=2 calls=2 crossings=4 loads=0 evictions=0 kernel=154 application=0 checksum=0 broken
            owners: a + 1 free
        "#]],
    );
}

#[test]
fn inv_cap_3_revoking_ends_what_was_derived_and_breaks_what_rested_on_it() {
    check(
        "machine frames=2 tlb=full:8:lru stlb=16 slice=1
         a by=script
         b by=script
         c by=script
         a: write 0x1000 | read 0x9000 | read 0x1000
         b: read 0x5000 x3
         c: read 0x6000 x3
         a does allocate | bind 1 0 rw | key = capability 0 rw
         b does tlb_write_shared 5 key rw | less = derive key r | derive less rw
         c does tlb_write_shared 6 less r
         a does revoke key | allocate | bind 9 1 r | tlb_write_shared 8 key r
         b does tlb_write_shared 5 key r | fail Stale
         c does tlb_write_shared 6 less r | fail Stale",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a made c0 f0 rw
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b bound p5 f0 rw by c0 slot=1 index=6
            b made c1 f0 r from c0
            b refused derive NoAuthority
            b resumed
            b read p5 f0 slot=1 again
            c runs after b
            c miss p6 r at 0x6000
            c stlb-miss p6 index=0 (empty)
            c upcall p6 r miss
            c bound p6 f0 r by c1 slot=2 index=0
            c resumed
            c read p6 f0 slot=2 again
            a runs after c
            a miss p9 r at 0x9000
            a stlb-miss p9 index=9 (empty)
            a upcall p9 r miss
            a revoked c0 f0 ended=2 dropped=4
            a allocated f1
            a bound p9 f1 r slot=1 index=9 loaded
            a refused tlb_write_shared Stale
            a resumed
            a read p9 f1 slot=1 again
            b runs after a
            b miss p5 r at 0x5000
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b refused tlb_write_shared Stale
            b broken Failed(Stale) at 0:0
            c runs after b
            c miss p6 r at 0x6000
            c stlb-miss p6 index=0 (empty)
            c upcall p6 r miss
            c refused tlb_write_shared Stale
            c broken Failed(Stale) at 0:0
            a runs after c
            a read p1 f0 slot=0
            a finished
            a: references=3 hits=1 misses=2 stlb=0 protection=0 upcalls=2 calls=7 crossings=9 loads=2 evictions=0 kernel=370 application=3 checksum=0
            b: references=1 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=4 crossings=6 loads=0 evictions=0 kernel=232 application=1 checksum=0 broken
            c: references=1 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=2 crossings=4 loads=0 evictions=0 kernel=152 application=1 checksum=0 broken
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a07_only_the_maker_or_the_owner_can_revoke() {
    check(
        "machine frames=2 tlb=full:8:lru stlb=off slice=1
         a by=script
         b by=script
         c by=script
         a: write 0x1000 | read 0x9000
         b: read 0x5000 x2
         c: read 0x6000 x2
         a does allocate | bind 1 0 rw | key = capability 0 rw
         b does tlb_write_shared 5 key r | own = derive key r
         c does tlb_write_shared 6 own r | revoke key | revoke own
         a does revoke own | allocate | bind 9 1 r
         c does fail Stale",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a made c0 f0 rw
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b upcall p5 r miss
            b bound p5 f0 r by c0 slot=1
            b made c1 f0 r from c0
            b resumed
            b read p5 f0 slot=1 again
            c runs after b
            c miss p6 r at 0x6000
            c upcall p6 r miss
            c bound p6 f0 r by c1 slot=2
            c refused revoke NoAuthority
            c refused revoke NoAuthority
            c resumed
            c read p6 f0 slot=2 again
            a runs after c
            a miss p9 r at 0x9000
            a upcall p9 r miss
            a revoked c1 f0 ended=1 dropped=1
            a allocated f1
            a bound p9 f1 r slot=2 loaded
            a resumed
            a read p9 f1 slot=2 again
            b runs after a
            b read p5 f0 slot=1
            c runs after b
            c miss p6 r at 0x6000
            c upcall p6 r miss
            c broken Failed(Stale) at 0:0
            a runs after c
            a finished
            b runs after a
            b finished
            a: references=2 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=6 crossings=8 loads=2 evictions=0 kernel=330 application=2 checksum=0
            b: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=0 evictions=0 kernel=116 application=2 checksum=0
            c: references=1 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=3 crossings=5 loads=0 evictions=0 kernel=228 application=1 checksum=0 broken
            owners: aa + 0 free
        "#]],
    );
}

#[test]
fn a11_giving_a_frame_up_ends_its_capabilities_and_the_bindings_of_others() {
    check(
        "machine frames=2 tlb=full:8:lru stlb=16 slice=1
         a by=script
         b by=script
         a: write 0x1000 | read 0x2000 | read 0x3000
         b: read 0x5000 x3
         a does allocate | bind 1 0 rw | key = capability 0 r
         b does tlb_write_shared 5 key r
         a does free 0 | allocate | bind 2 0 r
         b does tlb_write_shared 5 key r | fail Stale
         a does allocate | bind 3 1 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a made c0 f0 r
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b bound p5 f0 r by c0 slot=1 index=6
            b resumed
            b read p5 f0 slot=1 again
            a runs after b
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a freed f0 p1 dropped=4
            a allocated f0
            a bound p2 f0 r slot=0 index=2 loaded
            a resumed
            a read p2 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b refused tlb_write_shared Stale
            b broken Failed(Stale) at 0:0
            a runs after b
            a miss p3 r at 0x3000
            a stlb-miss p3 index=3 (empty)
            a upcall p3 r miss
            a allocated f1
            a bound p3 f1 r slot=1 index=3 loaded
            a resumed
            a read p3 f1 slot=1 again
            a finished
            a: references=3 hits=0 misses=3 stlb=0 protection=0 upcalls=3 calls=8 crossings=11 loads=3 evictions=1 kernel=446 application=3 checksum=0
            b: references=1 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=2 crossings=4 loads=0 evictions=0 kernel=152 application=1 checksum=0 broken
            owners: aa + 0 free
        "#]],
    );
}
