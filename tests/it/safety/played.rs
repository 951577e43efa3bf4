//! Sequences of commands, played under every oracle: what exploration found, or might have.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn inv_cap_1_a_number_that_has_ended_stays_worthless_when_its_place_is_used_again() {
    check(
        "machine frames=1 tlb=full:1:fifo stlb=0 seed=1 bits=0 pages=1
         a limit=1
         b limit=1
         play: allocate | capability 0 rw | revoke key0 | capability 0 r | tlb_write_shared 0 old0 rw
             | tlb_write_shared 0 key0 rw | switch | tlb_write_shared 0 key0 r | write 0x0 | read 0x0
             | revoke key0 | tlb_write_shared 0 forged r",
        expect![[r#"

            > allocate
            a allocated f0
            > capability 0 rw
            a made c0 f0 rw
            > revoke key0
            a revoked c0 f0 ended=1 dropped=0
            > capability 0 r
            a made c0 f0 r
            > tlb_write_shared 0 old0 rw
            a refused tlb_write_shared Stale
            > tlb_write_shared 0 key0 rw
            a refused tlb_write_shared NoAuthority
            > switch
            b runs after a
            > tlb_write_shared 0 key0 r
            b bound p0 f0 r by c0 slot=0
            > write 0x0
            b protected p0 slot=0
            b upcall p0 rw protection
            > read 0x0
            b read p0 f0 slot=0
            > revoke key0
            b refused revoke NoAuthority
            > tlb_write_shared 0 forged r
            b refused tlb_write_shared Forged
        "#]],
    );
}

#[test]
fn inv_rev_3_a_frame_that_changes_hands_shows_nothing_of_its_last_owner() {
    check(
        "machine frames=1 tlb=full:1:fifo stlb=1 seed=1 bits=0 pages=1
         a limit=1
         b limit=1
         play: allocate | tlb_write 0 0 rw | write 0x0 | dirty 0 | free 0 | read 0x0 | switch
             | allocate_at 0 | dirty 0 | tlb_write 0 0 r | read 0x0 | write 0x0",
        expect![[r#"

            > allocate
            a allocated f0
            > tlb_write 0 0 rw
            a bound p0 f0 rw slot=0 index=0 loaded
            > write 0x0
            a write p0 f0 slot=0
            a stlb-miss p2 index=0 (a p0)
            > dirty 0
            a f0 dirty=true
            > free 0
            a freed f0 p0 dropped=2
            > read 0x0
            a miss p0 r at 0x0
            a stlb-miss p0 index=0 (empty)
            a upcall p0 r miss
            a stlb-miss p2 index=0 (empty)
            > switch
            b runs after a
            b stlb-miss p2 index=0 (empty)
            > allocate_at 0
            b allocated f0 named
            > dirty 0
            b f0 dirty=false
            > tlb_write 0 0 r
            b bound p0 f0 r slot=0 index=0 loaded
            > read 0x0
            b read p0 f0 slot=0
            b stlb-miss p2 index=0 (b p0)
            > write 0x0
            b protected p0 slot=0
            b upcall p0 rw protection
            b stlb-miss p2 index=0 (b p0)
        "#]],
    );
}
