//! Compiled policies on small machines: the samples' choices, and a policy written by hand.

use exo_core::event::Event;
use expect_test::expect;

use crate::fixture::{check_outcome, check_with, run};

/// Which page took whose frame on three frames, in a TLB of one entry.
fn replaced(policy: &str) -> String {
    let text = format!(
        "machine frames=40 tlb=full:1:fifo stlb=64
         a limit=3 by={policy}
         a: read 0x1000 | read 0x2000 | read 0x3000 | read 0x4000 | read 0x2000 | read 0x5000 | read 0x2000"
    );
    let (_, events) = run(&text, &[]);
    let told = events.iter().filter_map(|it| match it.event {
        Event::Bound {
            page,
            replaced: Some(old),
            ..
        } => Some(format!("p{} for p{}", page.0, old.0)),
        _ => None,
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn fifo_takes_the_page_that_was_loaded_first_though_it_is_in_use() {
    expect!["p4 for p1, p5 for p2, p2 for p3"].assert_eq(&replaced("fifo"));
}

#[test]
fn clock_gives_a_page_that_is_in_use_a_second_chance() {
    expect!["p4 for p1, p5 for p3"].assert_eq(&replaced("clock"));
}

/// The smallest policy that works: a table of eight pages, read-only until a store asks for more.
const TINY: &str = "\
use exo_prelude::*;
pub struct Tiny {
    frame: [Option<Frame>; 8],
    faults: u32,
}
impl Tiny {
    pub const fn new() -> Tiny {
        Tiny { frame: [None; 8], faults: 0 }
    }
}
impl LibOs for Tiny {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.faults += 1;
        let frame = match self.frame[fault.page as usize] {
            Some(frame) => frame,
            None => {
                let frame = sys.allocate()?;
                self.frame[fault.page as usize] = Some(frame);
                frame
            }
        };
        if fault.cause == Cause::Protection {
            log!(\"page {} is written at fault {}\", fault.page, self.faults);
        }
        sys.tlb_write(fault.page, frame, fault.access)
    }
}
";

#[test]
fn a_policy_written_by_hand_maps_upgrades_and_logs() {
    check_with(
        "machine frames=4 tlb=full:1:lru stlb=8
         a limit=2 by=tiny
         a: read 0x1000 | write 0x1000 | read 0x2000 | read 0x1000 | read 0x3000",
        &[("tiny", TINY)],
        expect![[r#"

            a miss p1 r at 0x1000
            a stlb-miss p1 index=1 (empty)
            a upcall p1 r miss
            a allocated f1
            a bound p1 f1 r slot=0 index=1 loaded
            a resumed
            a read p1 f1 slot=0 again
            a protected p1 slot=0
            a upcall p1 rw protection
            a log #0 [1, 2]
            a bound p1 f1 rw slot=0 index=1
            a resumed
            a write p1 f1 slot=0 again
            a miss p2 r at 0x2000
            a stlb-miss p2 index=2 (empty)
            a upcall p2 r miss
            a allocated f2
            a bound p2 f2 r slot=0 index=2 loaded
            a resumed
            a read p2 f2 slot=0 again
            a miss p1 r at 0x1000
            a stlb-hit p1 f1 rw index=1 slot=0
            a read p1 f1 slot=0 again
            a miss p3 r at 0x3000
            a stlb-miss p3 index=3 (empty)
            a upcall p3 r miss
            a refused allocate Limit
            a broken Failed(Limit) at 17:29
            a: references=4 hits=1 misses=4 stlb=1 protection=1 upcalls=4 calls=7 crossings=12 loads=2 evictions=0 kernel=462 application=4 checksum=1 broken
            owners: Aaa + 1 free
        "#]],
    );
}

#[test]
fn two_policies_share_a_machine_and_each_has_its_own_state_and_frames() {
    check_outcome(
        "machine frames=40 tlb=full:4:lru stlb=64 slice=3
         a limit=2 by=fifo
         b limit=4 by=tiny
         a: write 0x1000 | write 0x2000 | write 0x3000 | read 0x1000 | read 0x2000 | read 0x3000
         b: write 0x1000 | write 0x2000 | write 0x3000 | read 0x1000 | read 0x2000 | read 0x3000",
        &[("tiny", TINY)],
        expect![[r#"

            a: references=6 hits=0 misses=6 stlb=0 protection=0 upcalls=6 calls=18 crossings=24 loads=6 evictions=4 kernel=936 application=6 checksum=0
            b: references=6 hits=0 misses=6 stlb=3 protection=0 upcalls=3 calls=6 crossings=12 loads=3 evictions=0 kernel=456 application=6 checksum=22
            owners: AAAAAAAAAAABaabbb + 23 free
        "#]],
    );
}

#[test]
fn random_replacement_by_a_policy_is_decided_by_the_seed_alone() {
    let victims = |seed: u32| {
        let pages: Vec<String> = (1..30)
            .map(|page| format!("read {:#x}", page << 12))
            .collect();
        let text = format!(
            "machine frames=80 tlb=full:4:lru stlb=off seed={seed}
             a limit=8 by=random
             a: {}",
            pages.join(" | ")
        );
        let (_, events) = run(&text, &[]);
        let unbound = events.iter().filter_map(|it| match it.event {
            Event::Unbound { page, .. } => Some(page.0),
            _ => None,
        });
        unbound.collect::<Vec<_>>()
    };
    // That the same seed gives the same run is what every fixture shows.
    let one = victims(1);
    assert_eq!(one.len(), 21);
    assert_ne!(one, victims(2));
}
