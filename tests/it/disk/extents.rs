//! Extents: allocated, named, limited, guarded by capabilities, freed, and cleared on the way.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a19_an_extent_is_the_first_run_that_is_long_enough_and_names_are_physical() {
    check(
        "machine frames=1 tlb=full:1:lru stlb=off disk=8
         a by=script
         a: read 0x1000
         a does one = extent_allocate 2 | two = extent_allocate 3 | extent_free one | extent_allocate 3 | extent_allocate 1 | extent_allocate_at 0 2 | extent_allocate_at 1 1 | fail Taken",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated d0+2 by c0
            a allocated d2+3 by c1
            a freed d0+2 ended=1
            a allocated d5+3 by c0
            a allocated d0+1 by c2
            a refused extent_allocate_at Taken
            a allocated d1+1 by c3 named
            a broken Failed(Taken) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=7 crossings=8 loads=0 evictions=0 kernel=442 application=0 checksum=0 broken
            owners:  + 1 free
            disk: d0+1=a d1+1=a d2+3=a d5+3=a | a reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn an_extent_is_one_run_however_many_blocks_are_free() {
    check(
        "machine frames=1 tlb=full:1:lru stlb=off disk=5
         a by=script
         a: read 0x1000
         a does extent_allocate_at 1 1 | extent_allocate_at 3 1 | extent_allocate 2 | extent_allocate 1 | fail NoFreeBlocks",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated d1+1 by c0 named
            a allocated d3+1 by c1 named
            a refused extent_allocate NoFreeBlocks
            a allocated d0+1 by c2
            a broken Failed(NoFreeBlocks) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=0 evictions=0 kernel=268 application=0 checksum=0 broken
            owners:  + 1 free
            disk: d0+1=a d1+1=a d3+1=a | a reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn inv_lim_1_each_environment_holds_no_more_than_its_share_of_the_disk() {
    check(
        "machine frames=2 tlb=full:1:lru stlb=off slice=1 disk=5
         a by=script
         b by=script
         a: read 0x1000
         b: read 0x1000
         a does block_limit | extent_allocate 3 | extent_allocate 1 | extent_allocate_at 2 1 | extent_allocate 1 | fail BlockLimit
         b does extent_allocate_at 0 1 | extent_allocate 2 | extent_allocate_at 1 1 | fail Taken",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a block_limit=2
            a refused extent_allocate BlockLimit
            a allocated d0+1 by c0
            a allocated d2+1 by c1 named
            a refused extent_allocate BlockLimit
            a broken Failed(BlockLimit) at 0:0
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b refused extent_allocate_at Taken
            b allocated d3+2 by c2
            b refused extent_allocate_at BlockLimit
            b broken Failed(Taken) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=5 crossings=6 loads=0 evictions=0 kernel=308 application=0 checksum=0 broken
            b: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=3 crossings=4 loads=0 evictions=0 kernel=210 application=0 checksum=0 broken
            owners:  + 2 free
            disk: d0+1=a d2+1=a d3+2=b | a reads=0 writes=0 waiting=0 | b reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn a_machine_without_a_disk_offers_no_extents() {
    check(
        "machine frames=1 tlb=full:1:lru stlb=off
         a by=script
         a: read 0x1000
         a does block_limit | extent_allocate 1 | extent_allocate_at 0 1 | extent_free 0 | disk_read 0 0 0 | fail NotOffered",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a block_limit=0
            a refused extent_allocate NotOffered
            a refused extent_allocate_at NotOffered
            a refused extent_free Forged
            a refused disk_read Forged
            a broken Failed(NotOffered) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=5 crossings=6 loads=0 evictions=0 kernel=308 application=0 checksum=0 broken
            owners:  + 1 free
        "#]],
    );
}

#[test]
fn a07_inv_disk_1_a_capability_that_allows_reading_does_not_allow_writing() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off slice=1 disk=8
         a by=script
         b by=script
         a: write 0x1000
         b: read 0x5000
         a does allocate | bind 1 0 rw | all = extent_allocate 2 | some = derive all r
         b does allocate | disk_write some 0 1 | disk_read some 2 1 | extent_free all | disk_read some 1 1 | bind 5 1 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a allocated d0+2 by c0
            a made c1 d0+2 r from c0
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b upcall p5 r miss
            b allocated f1
            b refused disk_write NoAuthority
            b refused disk_read NoSuchBlock
            b refused extent_free NoAuthority
            b disk d1 to f1 dropped=0 due=300523
            a runs after b
            a finished
            a nobody runs for 300000
            b disk d1 to f1 done
            b runs after a
            b bound p5 f1 r slot=1 loaded
            b resumed
            b read p5 f1 slot=1 again
            b finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=214 application=1 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=6 crossings=7 loads=1 evictions=0 kernel=348 application=1 checksum=0
            owners: ab + 0 free
            disk: d0+2=a | a reads=0 writes=0 waiting=0 | b reads=1 writes=0 waiting=300000
        "#]],
    );
}

#[test]
fn a11_a_capability_that_was_revoked_is_worth_nothing_and_the_first_one_is_the_extent() {
    check(
        "machine frames=2 tlb=full:2:lru stlb=off slice=1 disk=8
         a by=script
         b by=script
         a: write 0x1000 | read 0x2000
         b: read 0x5000 x2
         a does allocate | bind 1 0 rw | all = extent_allocate 2 | some = derive all r
         b does allocate | less = derive some r | disk_read less 0 1 | bind 5 1 r
         a does revoke some | revoke all | bind 2 0 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a allocated d0+2 by c0
            a made c1 d0+2 r from c0
            a resumed
            a write p1 f0 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b upcall p5 r miss
            b allocated f1
            b made c2 d0+2 r from c1
            b disk d0 to f1 dropped=0 due=50389
            a runs after b
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a revoked c1 d0+2 ended=2 dropped=0
            a freed d0+2 ended=1
            a bound p2 f0 r slot=1 loaded replaced=p1
            a resumed
            a read p2 f0 slot=1 again
            a finished
            a nobody runs for 49807
            b disk d0 to f1 failed Stale
            b runs after a
            b bound p5 f1 r slot=0 loaded
            b resumed
            b read p5 f1 slot=0 again
            b read p5 f1 slot=0
            b finished
            a: references=2 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=7 crossings=9 loads=2 evictions=1 kernel=406 application=2 checksum=0
            b: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=214 application=2 checksum=0
            owners: ab + 0 free
            disk: | a reads=0 writes=0 waiting=0 | b reads=0 writes=0 waiting=50000
        "#]],
    );
}

#[test]
fn an_extent_and_a_frame_are_not_taken_for_each_other() {
    check(
        "machine frames=1 tlb=full:2:lru stlb=off slice=1 disk=8
         a by=script
         a: write 0x1000
         a does allocate | bind 1 0 rw | run = extent_allocate 1 | key = capability 0 rw | tlb_write_shared 2 run r | disk_read key 0 0 | extent_free key",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a allocated d0+1 by c0
            a made c1 f0 rw
            a refused tlb_write_shared NoAuthority
            a refused disk_read NoAuthority
            a refused extent_free NoAuthority
            a resumed
            a write p1 f0 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=7 crossings=8 loads=1 evictions=0 kernel=370 application=1 checksum=0
            owners: a + 0 free
            disk: d0+1=a | a reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn inv_rev_3_the_next_owner_of_a_block_does_not_see_what_the_last_one_wrote() {
    // B has the disk read its own block first, so that A has freed the other one by the time that B
    // asks for it. What B reads there is zero, which its checksum shows.
    check(
        "machine frames=2 tlb=full:2:lru stlb=off slice=2 disk=4
         a by=script
         b by=script
         a: write 0x1000 | modify 0x1000 | read 0x1000 | read 0x2000 | read 0x1000
         b: read 0x5000 | read 0x5000 | read 0x6000
         a does allocate | bind 1 0 rw
         b does allocate | bind 5 1 r
         a does run = extent_allocate_at 0 1 | disk_write run 0 0 | extent_free run | bind 2 0 r
         b does own = extent_allocate_at 1 1 | disk_read own 0 1 | mine = extent_allocate_at 0 1 | disk_read mine 0 1 | bind 6 1 r
         a does bind 1 0 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a write p1 f0 slot=0 again
            a modify p1 f0 slot=0
            b runs after a
            b miss p5 r at 0x5000
            b upcall p5 r miss
            b allocated f1
            b bound p5 f1 r slot=1 loaded
            b resumed
            b read p5 f1 slot=1 again
            b read p5 f1 slot=1
            a runs after b
            a read p1 f0 slot=0
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a allocated d0+1 by c0 named
            a disk f0 to d0 dropped=1 due=50389
            b runs after a
            b miss p6 r at 0x6000
            b upcall p6 r miss
            b allocated d1+1 by c1 named
            b disk d1 to f1 dropped=1 due=100389
            b nobody runs for 49848
            a disk f0 to d0 done
            a runs after b
            a freed d0+1 ended=1
            a bound p2 f0 r slot=0 loaded replaced=p1
            a resumed
            a read p2 f0 slot=0 again
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a bound p1 f0 r slot=1 loaded replaced=p2
            a resumed
            a read p1 f0 slot=1 again
            a finished
            a nobody runs for 49824
            b disk d1 to f1 done replaced=p5
            b runs after a
            b allocated d0+1 by c0 named
            b disk d0 to f1 dropped=0 due=400505
            b nobody runs for 300000
            b disk d0 to f1 done
            b bound p6 f1 r slot=0 loaded
            b resumed
            b read p6 f1 slot=0 again
            b finished
            a: references=5 hits=2 misses=3 stlb=0 protection=0 upcalls=3 calls=7 crossings=10 loads=3 evictions=2 kernel=442 application=5 checksum=400
            b: references=3 hits=1 misses=2 stlb=0 protection=0 upcalls=2 calls=7 crossings=9 loads=2 evictions=1 kernel=424 application=3 checksum=0
            owners: ab + 0 free
            disk: d0+1=b d1+1=b | a reads=0 writes=1 waiting=50000 | b reads=2 writes=0 waiting=399848
        "#]],
    );
}
