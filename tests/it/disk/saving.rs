//! What is taken by force is saved to blocks that the repossession vector was preloaded with (A19).

use exo_core::event::{Event, Stamped};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::machine::{Machine, Stop};
use exo_libos_samples::{TABLES, sample, store};
use expect_test::expect;

use super::paging::{Run, found_in, pattern};
use crate::fixture::check;
use crate::samples::replacing;

const A: EnvId = EnvId(0);

#[test]
fn a19_what_is_in_a_frame_that_is_taken_can_be_read_from_the_block_that_was_preloaded() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off disk=4 request=20 imperative=50
         a limit=2 by=script
         a: write 0x2000 | write 0x1000 | read 0x2000 x60 | read 0x1000
         a does run = extent_allocate 2 | preload run 1 | allocate_at 1 | bind 2 1 rw
         a does allocate_at 0 | bind 1 0 rw
         limit a 1 at 2
         a does |
         a does |
         a does next_repossessed | next_repossessed
         a does disk_read run 1 1 | bind 1 1 r",
        expect![[r#"

            a miss p2 rw at 0x2000
            a upcall p2 rw miss
            a allocated d0+2 by c0
            a preloaded d1
            a allocated f1 named
            a bound p2 f1 rw slot=0 loaded
            a resumed
            a write p2 f1 slot=0 again
            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0 named
            a bound p1 f0 rw slot=1 loaded
            a resumed
            a write p1 f0 slot=1 again
            a limit=1 excess=1
            a upcall revoke 1 request due=370
            a must give 1 by 436
            a resumed
            a upcall revoke 1 imperative due=436
            a resumed
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a lost f0 p1 dropped=1 contents to d1
            a upcall repossessed
            a reads of the loss of f0 contents to d1
            a refused next_repossessed NothingRepossessed
            a resumed
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a disk d1 to f1 dropped=1 due=600436
            a nobody runs for 299744
            a f0 saved to d1
            a nobody runs for 300000
            a disk d1 to f1 done replaced=p2
            a bound p1 f1 r slot=0 loaded
            a resumed
            a read p1 f1 slot=0 again
            a finished
            a: references=63 hits=60 misses=3 stlb=0 protection=0 upcalls=6 calls=10 crossings=13 loads=3 evictions=2 kernel=670 application=63 checksum=1
            owners: .a + 0 free
            disk: d0+2=a | a reads=1 writes=1 waiting=599744
        "#]],
    );
}

#[test]
fn a19_without_a_block_what_was_written_is_lost_and_what_was_not_is_unchanged() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off disk=4 request=20 imperative=50
         a limit=2 by=script
         a: read 0x2000 | write 0x1000 | read 0x1000 x60
         a does run = extent_allocate 2 | preload run 0 | allocate_at 1 | bind 2 1 rw
         a does extent_free run | allocate_at 0 | bind 1 0 rw
         limit a 0 at 2
         a does |
         a does |
         a does next_repossessed | next_repossessed | next_repossessed
         a does fail Limit",
        expect![[r#"

            a miss p2 r at 0x2000
            a upcall p2 r miss
            a allocated d0+2 by c0
            a preloaded d0
            a allocated f1 named
            a bound p2 f1 rw slot=0 loaded
            a resumed
            a read p2 f1 slot=0 again
            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a freed d0+2 ended=1
            a allocated f0 named
            a bound p1 f0 rw slot=1 loaded
            a resumed
            a write p1 f0 slot=1 again
            a limit=0 excess=2
            a upcall revoke 2 request due=428
            a must give 2 by 494
            a resumed
            a upcall revoke 2 imperative due=494
            a resumed
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a read p1 f0 slot=1
            a lost f0 p1 dropped=1 contents lost
            a lost f1 p2 dropped=1
            a upcall repossessed
            a reads of the loss of f0 contents lost
            a reads of the loss of f1
            a refused next_repossessed NothingRepossessed
            a resumed
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a broken Failed(Limit) at 0:0
            a: references=16 hits=14 misses=3 stlb=0 protection=0 upcalls=6 calls=10 crossings=13 loads=2 evictions=2 kernel=670 application=16 checksum=1084210842108423 broken
            owners:  + 2 free
            disk: | a reads=0 writes=0 waiting=0
        "#]],
    );
}

#[test]
fn inv_disk_1_a_block_that_was_not_written_is_refused_to_who_reads_it_until_that_was_told() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off disk=4 fault=1 request=20 imperative=50
         a limit=2 by=script
         a: write 0x2000 | write 0x1000 | read 0x2000 x60 | read 0x1000
         a does run = extent_allocate 2 | preload run 1 | allocate_at 1 | bind 2 1 rw
         a does allocate_at 0 | bind 1 0 rw
         limit a 1 at 2
         a does |
         a does |
         a does |
         a does disk_read run 1 1 | next_repossessed | disk_read run 1 1 | disk_read run 1 1 | bind 1 1 r",
        expect![[r#"

            a miss p2 rw at 0x2000
            a upcall p2 rw miss
            a allocated d0+2 by c0
            a preloaded d1
            a allocated f1 named
            a bound p2 f1 rw slot=0 loaded
            a resumed
            a write p2 f1 slot=0 again
            a miss p1 rw at 0x1000
            a upcall p1 rw miss
            a allocated f0 named
            a bound p1 f0 rw slot=1 loaded
            a resumed
            a write p1 f0 slot=1 again
            a limit=1 excess=1
            a upcall revoke 1 request due=370
            a must give 1 by 436
            a resumed
            a upcall revoke 1 imperative due=436
            a resumed
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a lost f0 p1 dropped=1 contents to d1
            a upcall repossessed
            a resumed
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a read p2 f1 slot=0
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a disk d1 to f1 dropped=1 due=600436
            a nobody runs for 299824
            a f0 not saved to d1: DiskError
            a nobody runs for 300000
            a disk d1 to f1 failed DiskError
            a reads of the loss of f0 contents to d1
            a disk d1 to f1 dropped=0 due=900534
            a nobody runs for 300000
            a disk d1 to f1 failed DiskError
            a disk d1 to f1 dropped=0 due=1200592
            a nobody runs for 300000
            a disk d1 to f1 done replaced=p2
            a bound p1 f1 r slot=0 loaded
            a resumed
            a read p1 f1 slot=0 again
            a finished
            a: references=63 hits=60 misses=3 stlb=0 protection=0 upcalls=6 calls=11 crossings=14 loads=3 evictions=2 kernel=746 application=63 checksum=0
            owners: .a + 0 free
            disk: d0+2=a | a reads=1 writes=0 waiting=1199824
        "#]],
    );
}

#[test]
fn a_vector_takes_sixteen_blocks_each_once_and_none_without_the_right_to_write_it() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off disk=20
         a limit=2 by=script
         a: read 0x1000
         a does run = extent_allocate 17 | reading = derive run r | frame = allocate | key = capability 0 rw | preload 7 0 | preload reading 0 | preload key 0 | preload run 17 | preload run 3 | preload run 3 | preload run 4 | preload run 5 | preload run 6 | preload run 7 | preload run 8 | preload run 9 | preload run 10 | preload run 11 | preload run 12 | preload run 13 | preload run 14 | preload run 15 | preload run 16 | preload run 0 | preload run 1 | preload run 2 | extent_free run | preload run 2 | bind 1 0 r",
        expect![[r#"

            a miss p1 r at 0x1000
            a upcall p1 r miss
            a allocated d0+17 by c0
            a made c1 d0+17 r from c0
            a allocated f0
            a made c2 f0 rw
            a refused preload Forged
            a refused preload NoAuthority
            a refused preload NoAuthority
            a refused preload NoSuchBlock
            a preloaded d3
            a refused preload Taken
            a preloaded d4
            a preloaded d5
            a preloaded d6
            a preloaded d7
            a preloaded d8
            a preloaded d9
            a preloaded d10
            a preloaded d11
            a preloaded d12
            a preloaded d13
            a preloaded d14
            a preloaded d15
            a preloaded d16
            a preloaded d0
            a preloaded d1
            a refused preload VectorFull
            a freed d0+17 ended=2
            a refused preload Stale
            a bound p1 f0 r slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=1 hits=0 misses=1 stlb=0 protection=0 upcalls=1 calls=29 crossings=30 loads=1 evictions=0 kernel=1646 application=1 checksum=0
            owners: a + 1 free
            disk: | a reads=0 writes=0 waiting=0
        "#]],
    );
}

/// Runs the pattern's program, with the limit lowered and raised on the way.
fn pressed(run: &Run) -> (Machine, Vec<Stamped>) {
    let mut config = run.at_reset(pattern()).machine().config().clone();
    // Too short a time to write anything out.
    config.revocation.request_cycles = 1_000;
    let mut machine = Machine::new(config).unwrap();
    let mut events = Vec::new();
    for (retired, limit) in [(40_000, 4), (50_000, run.frames), (60_000, 3), (70_000, 6)] {
        assert_eq!(machine.run(retired, &[], &mut events), Stop::Reached);
        machine.set_frame_limit(A, limit).unwrap();
    }
    assert_eq!(machine.run(u64::MAX, &[], &mut events), Stop::Halted);
    machine.check().unwrap();
    (machine, events)
}

#[test]
fn a19_every_byte_survives_force_under_every_policy_with_every_page_table() {
    for sample in replacing() {
        for table in TABLES {
            let run = Run {
                page_bits: 8,
                ..Run::swapping(sample, table, 10)
            };
            let (machine, events) = pressed(&run);
            let name = format!("{} with {}", sample.name, table.name);
            let environment = machine.environment(A).unwrap();
            assert_eq!(environment.phase, Phase::Finished, "{name}");
            assert_eq!(found_in(&machine), (2 * 3072, 0), "{name}");
            let saved = events
                .iter()
                .filter(|it| matches!(it.event, Event::ContentsSaved { result: Ok(()), .. }));
            let (saved, taken) = (saved.count(), environment.counters.repossessions);
            assert!(saved >= 2 && taken >= 4, "{name}: {saved} of {taken}");
        }
    }
}

#[test]
fn without_a_store_the_same_force_loses_bytes() {
    let run = Run {
        page_bits: 8,
        store: store("none").unwrap(),
        ..Run::swapping(sample("fifo").unwrap(), &TABLES[0], 10)
    };
    let (machine, _) = pressed(&run);
    let (right, wrong) = found_in(&machine);
    assert!(wrong > 0 && right + wrong == 2 * 3072);
}
