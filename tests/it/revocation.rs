//! Visible revocation: asked, ordered, taken; and what a libOS learns of it (A14 to A18, A20).

use expect_test::expect;

use crate::fixture::{check, check_outcome, check_with};

#[test]
fn a14_a04_the_kernel_asks_for_a_number_of_frames_and_the_libos_chooses_which() {
    check(
        "machine frames=4 tlb=full:4:lru stlb=16 slice=100 request=1000 imperative=500
         a limit=3 by=script
         a: write 0x1000 | write 0x2000 | write 0x3000 | read 0x1000 | read 0x3000
         a does allocate | bind 1 0 rw
         a does allocate | bind 2 1 rw
         a does allocate | bind 3 2 rw
         limit a 2 at 3
         a does free 1",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a write p1 f0 slot=0 again
            a miss p2 rw at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 rw miss
            a allocated f1
            a bound p2 f1 rw slot=1 index=2 loaded
            a resumed
            a write p2 f1 slot=1 again
            a miss p3 rw at 0x3000
            a stlb-miss p3 index=3 (empty)
            a upcall p3 rw miss
            a allocated f2
            a bound p3 f2 rw slot=2 index=3 loaded
            a resumed
            a write p3 f2 slot=2 again
            a limit=2 excess=1
            a upcall revoke 1 request due=1351
            a freed f1 p2 dropped=2
            a resumed
            a read p1 f0 slot=0
            a read p3 f2 slot=2
            a finished
            a: references=5 hits=2 misses=3 stlb=0 protection=0 upcalls=4 calls=7 crossings=10 loads=3 evictions=1 kernel=442 application=5 checksum=2
            owners: a.a + 1 free
        "#]],
    );
}

#[test]
fn a14_a18_who_does_not_answer_is_ordered_and_then_loses_frames_but_goes_on() {
    check(
        "machine frames=3 tlb=full:4:lru stlb=16 slice=10 request=20 imperative=50
         a limit=3 by=script
         b limit=1 by=pager
         a: write 0x1000 | write 0x2000 | read 0x2000 x12 | read 0x1000
         b: read 0x9000 x24
         a does allocate | bind 1 0 rw
         a does allocate | bind 2 1 rw
         limit a 1 at 10
         a does |
         a does |
         a does next_repossessed | next_repossessed
         a does fail NoFreeFrame",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a write p1 f0 slot=0 again
            a miss p2 rw at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 rw miss
            a allocated f1
            a bound p2 f1 rw slot=1 index=2 loaded
            a resumed
            a write p2 f1 slot=1 again
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a limit=1 excess=1
            a upcall revoke 1 request due=262
            a must give 1 by 328
            a resumed
            a upcall revoke 1 imperative due=328
            a resumed
            b runs after a
            b miss p9 r at 0x9000
            b stlb-miss p9 index=10 (empty)
            b upcall p9 r miss
            a lost f0 p1 dropped=2 contents lost
            b allocated f0
            b bound p9 f0 rw slot=0 index=10 loaded
            b resumed
            b read p9 f0 slot=0 again
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            a runs after b
            a upcall repossessed
            a reads of the loss of f0 contents lost
            a refused next_repossessed NothingRepossessed
            a resumed
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a read p2 f1 slot=1
            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a broken Failed(NoFreeFrame) at 0:0
            b runs after a
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b read p9 f0 slot=0
            b finished
            a: references=14 hits=12 misses=3 stlb=0 protection=0 upcalls=6 calls=6 crossings=9 loads=2 evictions=1 kernel=456 application=14 checksum=84210842108421 broken
            b: references=24 hits=23 misses=1 stlb=0 protection=0 upcalls=1 calls=2 crossings=3 loads=1 evictions=0 kernel=116 application=24 checksum=0
            owners: ba + 1 free
        "#]],
    );
}

#[test]
fn a18_a_libos_that_takes_no_upcall_about_it_loses_frames_all_the_same() {
    check_outcome(
        "machine frames=16 tlb=full:4:lru stlb=16 slice=10 request=20 imperative=10
         a limit=4 by=demand-zero
         a: write 0x1000 | write 0x2000 | read 0x2000 x60
         limit a 0 at 150",
        &[],
        expect![[r#"

            a: references=62 hits=60 misses=2 stlb=0 protection=0 upcalls=2 calls=4 crossings=6 loads=2 evictions=2 kernel=232 application=62 checksum=f7bdefffffffffff
            owners: AAAAAAAAAAA + 5 free
        "#]],
    );
}

#[test]
fn a20_frames_that_hold_program_state_are_never_taken() {
    check_outcome(
        "machine frames=16 tlb=full:4:lru stlb=16 slice=10 request=5 imperative=5
         a limit=2 by=demand-zero
         b limit=2 by=pager
         a: write 0x1000 | write 0x2000 | read 0x2000 x200
         b: write 0x1000 | write 0x2000 | read 0x2000 x200
         limit a 0 at 250
         limit b 0 at 250",
        &[],
        expect![[r#"

            a: references=80 hits=78 misses=3 stlb=0 protection=0 upcalls=3 calls=5 crossings=8 loads=2 evictions=2 kernel=308 application=80 checksum=1084210842108421 broken
            b: references=72 hits=70 misses=3 stlb=0 protection=0 upcalls=6 calls=5 crossings=8 loads=2 evictions=2 kernel=416 application=72 checksum=108421 broken
            owners: AAAAAAAAAAA + 5 free
        "#]],
    );
}

#[test]
fn a06_room_moves_from_the_highest_limit_until_both_are_equal_and_no_further() {
    check(
        "machine frames=8 tlb=full:4:lru stlb=16 slice=5 request=1000 imperative=500
         a limit=6 by=script
         b limit=1 by=script
         a: write 0x1000 | write 0x2000 | write 0x3000 | write 0x4000 | write 0x5000 x12
         b: read 0x9000
         a does allocate | bind 1 0 rw
         a does allocate | bind 2 1 rw
         a does allocate | bind 3 2 rw
         a does allocate | bind 4 3 rw
         a does allocate | bind 5 4 rw
         b does request_frames 9 | request_frames 9 | allocate | bind 9 5 r
         a does free 0 | free 1",
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 index=1 loaded
            a resumed
            a write p1 f0 slot=0 again
            a miss p2 rw at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 rw miss
            a allocated f1
            a bound p2 f1 rw slot=1 index=2 loaded
            a resumed
            a write p2 f1 slot=1 again
            a miss p3 rw at 0x3000
            a stlb-miss p3 index=3 (empty)
            a upcall p3 rw miss
            a allocated f2
            a bound p3 f2 rw slot=2 index=3 loaded
            a resumed
            a write p3 f2 slot=2 again
            a miss p4 rw at 0x4000
            a stlb-miss p4 index=4 (empty)
            a upcall p4 rw miss
            a allocated f3
            a bound p4 f3 rw slot=3 index=4 loaded
            a resumed
            a write p4 f3 slot=3 again
            a miss p5 rw at 0x5000
            a stlb-miss p5 index=5 (empty)
            a upcall p5 rw miss
            a allocated f4
            a bound p5 f4 rw slot=0 index=5 loaded
            a resumed
            a write p5 f4 slot=0 again
            b runs after a
            b miss p9 r at 0x9000
            b stlb-miss p9 index=10 (empty)
            b upcall p9 r miss
            b requested frames: 1 unpromised, 2 moved from a
            b requested frames: 0 unpromised, 0 moved
            b allocated f5
            b bound p9 f5 r slot=1 index=10 loaded
            b resumed
            b read p9 f5 slot=1 again
            b finished
            a runs after b
            a upcall revoke 1 request due=1679
            a freed f0 p1 dropped=1
            a freed f1 p2 dropped=1
            a resumed
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a write p5 f4 slot=0
            a finished
            a: references=16 hits=11 misses=5 stlb=0 protection=0 upcalls=6 calls=12 crossings=17 loads=5 evictions=2 kernel=732 application=16 checksum=0
            b: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=4 crossings=5 loads=1 evictions=0 kernel=232 application=1 checksum=0
            owners: ..aaab + 2 free
        "#]],
    );
}

#[test]
fn a_libos_answers_even_when_its_application_is_over_and_time_passes_when_nobody_runs() {
    check(
        "machine frames=4 tlb=full:4:lru stlb=off slice=10 request=300 imperative=100
         a limit=2 by=script
         b limit=2 by=none
         a: write 0x1000
         b:
         a does allocate | bind 1 0 rw | allocate
         limit a 0 at 1
         a does free 0
         a does |
         a does next_repossessed",
        expect![[r#"

            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0
            a bound p1 f0 rw slot=0 loaded
            a allocated f1
            a resumed
            a write p1 f0 slot=0 again
            a limit=0 excess=2
            a upcall revoke 2 request due=457
            a freed f0 p1 dropped=1
            a resumed
            a finished
            b runs after a
            b finished
            c runs after b
            c finished
            c nobody runs for 206
            a must give 1 by 557
            a runs after c
            a upcall revoke 1 imperative due=557
            a resumed
            a nobody runs for 64
            a lost f1 - dropped=0
            a upcall repossessed
            a reads of the loss of f1
            a resumed
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=4 calls=5 crossings=6 loads=1 evictions=1 kernel=362 application=1 checksum=0
            b: references=0 hits=0 misses=0 stlb=0 protection=0 upcalls=0 calls=0 crossings=0 loads=0 evictions=0 kernel=0 application=0 checksum=0
            c: references=0 hits=0 misses=0 stlb=0 protection=0 upcalls=0 calls=0 crossings=0 loads=0 evictions=0 kernel=0 application=0 checksum=0
            owners:  + 4 free
        "#]],
    );
}

/// Gives back its oldest page first, and forgets what was taken from it.
const GIVER: &str = "\
use exo_prelude::*;
pub struct Giver {
    page: [u32; 8],
    frame: [Frame; 8],
    used: usize,
}
impl Giver {
    pub const fn new() -> Giver {
        Giver { page: [0; 8], frame: [Frame::new(0); 8], used: 0 }
    }
    fn give_first(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        let frame = self.frame[0];
        self.forget(0);
        sys.free(frame)
    }
    fn forget(&mut self, place: usize) {
        for later in place + 1..self.used {
            self.page[later - 1] = self.page[later];
            self.frame[later - 1] = self.frame[later];
        }
        self.used -= 1;
    }
}
impl LibOs for Giver {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        for place in 0..self.used {
            if self.page[place] == fault.page {
                return sys.tlb_write(fault.page, self.frame[place], Access::ReadWrite);
            }
        }
        if self.used == sys.frame_limit() {
            self.give_first(sys)?;
        }
        let frame = sys.allocate()?;
        self.page[self.used] = fault.page;
        self.frame[self.used] = frame;
        self.used += 1;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
    fn revoke(&mut self, sys: &mut Sys, revocation: Revocation) -> Result<(), SysError> {
        log!(\"asked for {} by {}\", revocation.frames, revocation.deadline);
        for _ in 0..revocation.frames {
            self.give_first(sys)?;
        }
        Ok(())
    }
    fn repossessed(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        while let Ok(lost) = sys.next_repossessed() {
            for place in 0..self.used {
                if self.frame[place] == lost.frame {
                    self.forget(place);
                    break;
                }
            }
        }
        Ok(())
    }
}
";

#[test]
fn a16_a_libos_relocates_its_names_when_it_gives_frames_up() {
    check_with(
        "machine frames=40 tlb=full:4:lru stlb=16 slice=1000 request=4000 imperative=500
         a limit=3 by=giver
         a: write 0x1000 | write 0x2000 | write 0x3000 | read 0x1000 x3 | read 0x3000
         limit a 2 at 200",
        &[("giver", GIVER)],
        expect![[r#"

            a miss p1 rw at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 rw miss
            a frame_limit=3
            a allocated f1
            a bound p1 f1 rw slot=0 index=1 loaded
            a resumed
            a write p1 f1 slot=0 again
            a miss p2 rw at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 rw miss
            a frame_limit=3
            a allocated f2
            a bound p2 f2 rw slot=1 index=2 loaded
            a resumed
            a write p2 f2 slot=1 again
            a miss p3 rw at 0x3000
            a stlb-miss p3 index=3 (empty)
            a upcall p3 rw miss
            a frame_limit=3
            a allocated f3
            a bound p3 f3 rw slot=2 index=3 loaded
            a resumed
            a write p3 f3 slot=2 again
            a read p1 f1 slot=0
            a read p1 f1 slot=0
            a read p1 f1 slot=0
            a read p3 f3 slot=2
            a finished
            a: references=7 hits=4 misses=3 stlb=0 protection=0 upcalls=3 calls=9 crossings=12 loads=3 evictions=0 kernel=468 application=7 checksum=2
            owners: Aaaa + 36 free
        "#]],
    );
}
