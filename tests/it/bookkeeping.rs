//! Exposed bookkeeping: owners, what is free, TLB and software TLB, to read and never to write (A03).

use exo_core::event::Event;
use expect_test::expect;

use crate::fixture::{check, run};

#[test]
fn a03_owners_free_frames_and_both_tlbs_can_be_read_by_anyone() {
    check(
        "machine frames=3 tlb=full:4:lru stlb=8 slice=1
         a by=script
         b by=script
         a: write 0x1000 | read 0x1000
         b: read 0x5000
         a does allocate_at 1 | bind 1 1 rw | key = capability 1 r | free_frames
         b does frame_owner 0 | frame_owner 1 | frame_owner 3 | free_frames | tlb_entries | tlb_entry 0 | tlb_entry 1 | tlb_entry 4 | stlb_entries | stlb_entry 1 | stlb_entry 2 | stlb_entry 8 | tlb_write_shared 5 key r | tlb_entry 1",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f1 named
            a bound p1 f1 rw slot=0 index=1 loaded
            a made c0 f1 r
            a free_frames=2
            a resumed
            a write p1 f1 slot=0 again
            b runs after a
            b miss p5 r at 0x5000
            b stlb-miss p5 index=6 (empty)
            b upcall p5 r miss
            b refused frame_owner Unowned
            b frame_owner=0
            b refused frame_owner NoSuchFrame
            b free_frames=2
            b tlb_entries=4
            b tlb_entry=a p1 f1 access=1
            b refused tlb_entry Empty
            b refused tlb_entry NoSuchEntry
            b stlb_entries=8
            b stlb_entry=a p1 f1 access=1
            b refused stlb_entry Empty
            b refused stlb_entry NoSuchEntry
            b bound p5 f1 r by c0 slot=1 index=6
            b tlb_entry=b p5 f1 access=0
            b resumed
            b read p5 f1 slot=1 again
            a runs after b
            a read p1 f1 slot=0
            b runs after a
            b finished
            a runs after b
            a finished
            a: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=196 application=2 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=14 crossings=15 loads=0 evictions=0 kernel=596 application=1 checksum=0
            owners: .a + 1 free
        "#]],
    );
}

#[test]
fn a03_what_a_binding_rests_on_is_not_shown() {
    // The same page of the same frame, bound by its owner and by a capability, reads alike.
    check(
        "machine frames=1 tlb=full:2:lru stlb=off slice=10
         a by=script
         a: read 0x1000 | write 0x1000
         a does allocate | bind 1 0 r | tlb_entry 0 | key = capability 0 r | tlb_write_shared 1 key r | tlb_entry 0
         a does bind 1 0 rw | tlb_entry 0",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 r slot=0 loaded
            a tlb_entry=a p1 f0 access=0
            a made c0 f0 r
            a bound p1 f0 r by c0 slot=0
            a tlb_entry=a p1 f0 access=0
            a resumed
            a read p1 f0 slot=0 again
            a protected p1 slot=0
            a upcall p1 rw protection
            a bound p1 f0 rw slot=0
            a tlb_entry=a p1 f0 access=1
            a resumed
            a write p1 f0 slot=0 again
            a finished
            a: references=2 hits=1 misses=1 stlb=0 protection=1 upcalls=2 calls=8 crossings=10 loads=1 evictions=0 kernel=394 application=2 checksum=0
            owners: a + 0 free
        "#]],
    );
}

#[test]
fn a01_a03_a_libos_finds_a_free_frame_by_its_name_and_takes_that_one() {
    let colouring = (
        "colouring",
        "use exo_prelude::*;
         pub struct Colouring { next: u32 }
         impl Colouring { pub const fn new() -> Colouring { Colouring { next: 0 } } }
         impl LibOs for Colouring {
             /// Gives a page a frame of its own colour: even to even.
             fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
                 let mut frame = fault.page % 2;
                 while sys.frame_owner(Frame::new(frame)) != Err(SysError::Unowned) {
                     frame += 2;
                 }
                 sys.allocate_at(Frame::new(frame))?;
                 sys.tlb_write(fault.page, Frame::new(frame), Access::ReadWrite)
             }
         }",
    );
    let (_, events) = run(
        "machine frames=8 tlb=full:4:lru stlb=off
         a by=colouring limit=4
         a: read 0x1000 | read 0x3000 | read 0x2000",
        &[colouring],
    );
    let taken = events.iter().filter_map(|it| match it.event {
        Event::Allocated { frame, named, .. } => Some((frame.0, named)),
        _ => None,
    });
    assert_eq!(taken.collect::<Vec<_>>(), [(1, true), (3, true), (2, true)]);
}

#[test]
fn a36_a_run_of_pages_is_unbound_in_one_call_for_fourteen_cycles_a_page() {
    check(
        "machine frames=4 tlb=full:4:lru stlb=8
         a by=script
         b by=script
         a: read 0x1000 | read 0x1000
         b: read 0x2000
         a does allocate | bind 1 0 r | allocate | bind 2 1 rw | bind 3 0 r | tlb_drop_run 2 3 | tlb_drop_run 0 0 | tlb_drop_run 0 1025 | tlb_drop_run 1048575 2 | tlb_drop_run 1048576 1
         b does allocate | bind 2 2 r | tlb_drop_run 3 1024",
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f0
            a bound p1 f0 r slot=0 index=1 loaded
            a allocated f1
            a bound p2 f1 rw slot=1 index=2 loaded
            a bound p3 f0 r slot=2 index=3 loaded replaced=p1
            a unbound p2 and on, 3, dropped=4
            a refused tlb_drop_run TooManyPages
            a refused tlb_drop_run TooManyPages
            a refused tlb_drop_run NoSuchPage
            a refused tlb_drop_run NoSuchPage
            a resumed
            a read p1 f0 slot=0 again
            a read p1 f0 slot=0
            a finished
            b runs after a
            b miss p2 r at 0x2000
            b stlb-miss p2 index=1 (a p1)
            b upcall p2 r miss
            b allocated f2
            b bound p2 f2 r slot=1 index=1 loaded
            b unbound p3 and on, 1024, dropped=0
            b resumed
            b read p2 f2 slot=1 again
            b finished
            a: references=2 hits=1 misses=1 stlb=0 protection=0 upcalls=1 calls=10 crossings=11 loads=3 evictions=1 kernel=478 application=2 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=3 crossings=4 loads=1 evictions=0 kernel=14492 application=1 checksum=0
            owners: aab + 1 free
        "#]],
    );
}
