//! Transfers: what is moved, what is waited for, who runs meanwhile, and what happens to rights.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a17_a19_what_is_written_out_is_read_back_into_another_frame() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=16 disk=4
         a by=script
         a: write 0x1000 | modify 0x1000 | read 0x2000 | read 0x1000
         a does allocate | bind 1 0 rw
         a does run = extent_allocate 2 | disk_write run 1 0 | allocate | bind 2 1 r
         a does disk_read run 1 1 | bind 1 1 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a write p1 f0 slot=0 again
            a modify p1 f0 slot=0
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a allocated d0+2 by c0
            a disk f0 to d1 dropped=2 due=300270
            a nobody runs for 300000
            a disk f0 to d1 done
            a allocated f1
            a bound p2 f1 r slot=0 index=2 loaded
            a resumed
            a read p2 f1 slot=0 again
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a disk d1 to f1 dropped=2 due=600445
            a nobody runs for 300000
            a disk d1 to f1 done replaced=p2
            a bound p1 f1 r slot=0 index=1 loaded
            a resumed
            a read p1 f1 slot=0 again
            a finished
            a: references=4 hits=1 misses=3 stlb=0 protection=0 upcalls=3 calls=8 crossings=11 loads=3 evictions=1 kernel=482 application=4 checksum=1
            owners: aa + 0 free
            disk: d0+2=a | a reads=1 writes=1 waiting=600000
        "#]],
    );
}

#[test]
fn d2_others_run_while_one_waits_and_time_leaps_when_nobody_can() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off slice=100000 disk=4
         a by=script
         b by=pager
         a: read 0x1000
         b: read 0x5000 x5
         a does run = extent_allocate 1 | allocate | disk_read run 0 0 | bind 1 0 r",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated d0+1 by c0
            a allocated f0
            a disk d0 to f0 dropped=0 due=50192
            b runs after a
            b miss p5 r at 0x5000
            b upcall p5 r miss
            b allocated f1
            b bound p5 f1 rw slot=0 loaded
            b resumed
            b read p5 f1 slot=0 again
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b finished
            b nobody runs for 49879
            a disk d0 to f0 done
            a runs after b
            a bound p1 f0 r slot=1 loaded
            a resumed
            a read p1 f0 slot=1 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=232 application=1 checksum=0
            b: references=5 hits=4 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=5 checksum=0
            owners: ab + 0 free
            disk: d0+1=a | a reads=1 writes=0 waiting=50000 | b reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn transfers_of_several_environments_are_served_in_order() {
    check(
        "machine frames=3 tlb=full:4:lru stlb=off slice=1 disk=6
         a by=script
         b by=script
         c by=script
         a: read 0x1000
         b: read 0x1000
         c: read 0x1000
         a does run = extent_allocate_at 3 1 | allocate | disk_read run 0 0 | bind 1 0 r
         b does other = extent_allocate_at 4 1 | allocate | disk_read other 0 1 | bind 1 1 r
         c does third = extent_allocate_at 1 1 | allocate | disk_read third 0 2 | bind 1 2 r",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated d3+1 by c0 named
            a allocated f0
            a disk d3 to f0 dropped=0 due=300192
            b runs after a
            b miss p1 r at 0x1000
            b upcall p1 r miss
            b allocated d4+1 by c1 named
            b allocated f1
            b disk d4 to f1 dropped=0 due=350192
            c runs after b
            c miss p1 r at 0x1000
            c upcall p1 r miss
            c allocated d1+1 by c2 named
            c allocated f2
            c disk d1 to f2 dropped=0 due=650192
            c nobody runs for 299616
            a disk d3 to f0 done
            a runs after c
            a bound p1 f0 r slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a nobody runs for 49959
            b disk d4 to f1 done
            b runs after a
            b bound p1 f1 r slot=1 loaded
            b resumed
            b read p1 f1 slot=1 again
            b finished
            b nobody runs for 299959
            c disk d1 to f2 done
            c runs after b
            c bound p1 f2 r slot=2 loaded
            c resumed
            c read p1 f2 slot=2 again
            c finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=232 application=1 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=232 application=1 checksum=0
            c: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=232 application=1 checksum=0
            owners: abc + 0 free
            disk: d1+1=c d3+1=a d4+1=b | a reads=1 writes=0 waiting=300000 | b reads=1 writes=0 waiting=349808 | c reads=1 writes=0 waiting=649616
        "#]],
    );
}

#[test]
fn inv_rev_4_a_frame_under_dma_cannot_be_bound_by_whoever_has_a_capability_for_it() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=16 slice=1 disk=4
         a by=script
         b by=script
         a: write 0x1000 | read 0x2000
         b: read 0x5000 x3
         a does allocate | bind 1 0 rw | key = capability 0 rw
         b does tlb_write_shared 5 key r
         a does run = extent_allocate 1 | disk_write run 0 0 | bind 2 0 r
         b does tlb_write_shared 5 key r | fail Busy",
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
            b bound p5 f0 r by c0 slot=1 index=6
            b resumed
            b read p5 f0 slot=1 again
            a runs after b
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a allocated d0+1 by c1
            a disk f0 to d0 dropped=4 due=50386
            b runs after a
            b miss p5 r at 0x5000
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b refused tlb_write_shared Busy
            b broken Failed(Busy) at 0:0
            b nobody runs for 49924
            a disk f0 to d0 done
            a runs after b
            a bound p2 f0 r slot=0 index=2 loaded replaced=p1
            a resumed
            a read p2 f0 slot=0 again
            a finished
            a: references=2 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=6 crossings=8 loads=2 evictions=1 kernel=348 application=2 checksum=0
            b: references=1 hits=0 misses=2 stlb=0 protection=0 upcalls=2 calls=2 crossings=4 loads=0 evictions=0 kernel=152 application=1 checksum=0 broken
            owners: a + 1 free
            disk: d0+1=a | a reads=0 writes=1 waiting=50000 | b reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn a11_a_transfer_whose_right_ends_while_it_is_queued_moves_nothing() {
    // B writes under A's capability. Meanwhile A gives the extent up and has the block again; what
    // it reads there behind B's write is all zero.
    check(
        "machine frames=3 tlb=full:4:lru stlb=off slice=2 disk=4
         a by=script
         b by=script
         a: write 0x1000 | modify 0x1000 | read 0x2000 x2 | read 0x3000
         b: write 0x5000 | modify 0x5000 | read 0x6000
         a does allocate | bind 1 0 rw | run = extent_allocate 1 | key = derive run rw
         b does allocate | bind 5 1 rw
         a does allocate | bind 2 2 r
         b does disk_write key 0 1 | fail Stale
         a does extent_free run | again = extent_allocate_at 0 1 | disk_read again 0 2 | bind 3 2 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a allocated d0+1 by c0
            a made c1 d0+1 rw from c0
            a resumed
            a write p1 f0 slot=0 again
            a modify p1 f0 slot=0
            b runs after a
            b miss p5 rw at 0x5000
            b upcall p5 rw miss
            b allocated f1
            b bound p5 f1 rw slot=1 loaded
            b resumed
            b write p5 f1 slot=1 again
            b modify p5 f1 slot=1
            a runs after b
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a allocated f2
            a bound p2 f2 r slot=2 loaded
            a resumed
            a read p2 f2 slot=2 again
            a read p2 f2 slot=2
            b runs after a
            b miss p6 r at 0x6000
            b upcall p6 r miss
            b disk f1 to d0 dropped=1 due=50546
            a runs after b
            a miss p3 r at 0x3000
            a upcall p3 r miss
            a freed d0+1 ended=2
            a allocated d0+1 by c0 named
            a disk d0 to f2 dropped=1 due=350546
            a nobody runs for 49790
            b disk f1 to d0 failed Stale
            b runs after a
            b broken Failed(Stale) at 0:0
            b nobody runs for 300000
            a disk d0 to f2 done replaced=p2
            a runs after b
            a bound p3 f2 r slot=1 loaded
            a resumed
            a read p3 f2 slot=1 again
            a finished
            a: references=5 hits=2 misses=3 stlb=0 protection=0 upcalls=3 calls=10 crossings=13 loads=3 evictions=1 kernel=580 application=5 checksum=0
            b: references=2 hits=1 misses=2 stlb=0 protection=0 upcalls=2 calls=3 crossings=5 loads=1 evictions=0 kernel=210 application=2 checksum=0 broken
            owners: aba + 0 free
            disk: d0+1=a | a reads=1 writes=0 waiting=349790 | b reads=0 writes=0 waiting=50000
        "#]],
    );
}

#[test]
fn inv_rev_4_a_frame_that_is_taken_under_dma_is_nobodys_until_the_transfer_is_complete() {
    // B asks for the frame by its number before and after.
    check(
        "machine frames=2 tlb=full:4:lru stlb=off slice=5 disk=4 request=10 imperative=10
         a limit=1 by=script
         b limit=2 by=script
         a: write 0x1000 | modify 0x1000 | read 0x2000
         b: read 0x5000 x50 | read 0x6000
         limit a 0 at 20
         a does allocate | bind 1 0 rw
         b does allocate | bind 5 1 r
         a does run = extent_allocate 1 | disk_write run 0 0 | fail Stale
         b does allocate_at 0 | own = extent_allocate 1 | disk_read own 0 1 | allocate_at 0 | bind 6 0 r",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a resumed
            a write p1 f0 slot=0 again
            a modify p1 f0 slot=0
            a miss p2 r at 0x2000
            a upcall p2 r miss
            a allocated d0+1 by c0
            a disk f0 to d0 dropped=1 due=50270
            b runs after a
            b miss p5 r at 0x5000
            b upcall p5 r miss
            b allocated f1
            b bound p5 f1 r slot=0 loaded
            b resumed
            b read p5 f1 slot=0 again
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            a limit=0 excess=1
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            a must give 1 by 424
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            a lost f0 p1 dropped=0 contents lost
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b read p5 f1 slot=0
            b miss p6 r at 0x6000
            b upcall p6 r miss
            b refused allocate_at Taken
            b allocated d1+1 by c1
            b disk d1 to f1 dropped=1 due=100270
            b nobody runs for 49642
            a disk f0 to d0 failed Stale
            a runs after b
            a broken Failed(Stale) at 0:0
            a nobody runs for 50000
            b disk d1 to f1 done replaced=p5
            b runs after a
            b allocated f0 named
            b bound p6 f0 r slot=0 loaded
            b resumed
            b read p6 f0 slot=0 again
            b finished
            a: references=2 hits=1 misses=2 stlb=0 protection=0 upcalls=2 calls=4 crossings=6 loads=1 evictions=1 kernel=268 application=2 checksum=0 broken
            b: references=51 hits=49 misses=2 stlb=0 protection=0 upcalls=2 calls=7 crossings=9 loads=2 evictions=1 kernel=388 application=51 checksum=0
            owners: bb + 0 free
            disk: d0+1=a d1+1=b | a reads=0 writes=0 waiting=50000 | b reads=1 writes=0 waiting=99642
        "#]],
    );
}

#[test]
fn inv_err_1_a_transfer_that_is_refused_is_not_waited_for() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off disk=4
         a by=script
         a: read 0x1000
         a does run = extent_allocate 1 | disk_read 1 0 0 | disk_read run 1 0 | disk_read run 0 9 | disk_write run 0 0 | disk_read run 0 4294967296 | extent_free run | disk_read run 0 0 | fail Stale",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated d0+1 by c0
            a refused disk_read Forged
            a refused disk_read NoSuchBlock
            a refused disk_read NoSuchFrame
            a refused disk_write NoAuthority
            a refused disk_read NoSuchFrame
            a freed d0+1 ended=1
            a refused disk_read Stale
            a broken Failed(Stale) at 0:0
            a: references=0 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=8 crossings=9 loads=0 evictions=0 kernel=500 application=0 checksum=0 broken
            owners:  + 2 free
            disk: | a reads=0 writes=0 waiting=0
        "#]],
    );
}
