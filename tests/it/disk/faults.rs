//! A disk that fails: once or for ever, at every transfer of a run, and nothing else is ever read.

use std::fmt::Write as _;

use expect_test::expect;

use crate::fixture::{Rig, Sources, check, run, run_quickly};

#[test]
fn inv_disk_1_a_failed_transfer_leaves_frame_and_block_as_they_were() {
    check(
        "machine frames=2 tlb=full:4:lru stlb=off disk=4 fault=2
         a by=script
         a: write 0x1000 | modify 0x1000 | read 0x2000 | read 0x1000
         a does allocate | bind 1 0 rw
         a does run = extent_allocate 1 | disk_write run 0 0 | disk_read run 0 0 | bind 2 0 r
         a does disk_read run 0 0 | bind 1 0 r",
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
            a nobody runs for 50000
            a disk f0 to d0 done
            a disk d0 to f0 dropped=0 due=350328
            a nobody runs for 300000
            a disk d0 to f0 failed DiskError
            a bound p2 f0 r slot=0 loaded replaced=p1
            a resumed
            a read p2 f0 slot=0 again
            a miss p1 r at 0x1000
            a upcall p1 r miss
            a disk d0 to f0 dropped=1 due=650463
            a nobody runs for 300000
            a disk d0 to f0 done replaced=p2
            a bound p1 f0 r slot=0 loaded
            a resumed
            a read p1 f0 slot=0 again
            a finished
            a: references=4 hits=1 misses=3 stlb=0 protection=0 upcalls=3 calls=8 crossings=11 loads=3 evictions=2 kernel=500 application=4 checksum=1
            owners: a + 1 free
            disk: d0+1=a | a reads=1 writes=1 waiting=650000
        "#]],
    );
}

/// A program that stores to eight pages with two frames and loads them again, under a policy that
/// uses the disk.
const PAGES: &str = "
    a: write 0x1000 | write 0x2000 | write 0x3000 | write 0x4000 | write 0x5000 | write 0x6000
    a: read 0x1000 | read 0x2000 | read 0x3000 | read 0x4000 | read 0x5000 | read 0x6000";

/// How the run ends whose `fault` is that, and what of the program's loads came to its checksum.
fn end(fault: &str, run: impl Fn(&str, Sources) -> Rig) -> String {
    let store = exo_libos_samples::store("swap").unwrap();
    let sample = exo_libos_samples::sample("fifo").unwrap();
    let source = sample.with_parts(&exo_libos_samples::TABLES[0], store);
    let text = format!("machine frames=24 stlb=16 disk=8 {fault}\na limit=2 by=swap{PAGES}");
    let rig = run(&text, &[("swap", &source)]);
    let environment = &rig.machine.kernel().environments[0];
    let (phase, cursor) = (environment.phase, environment.cursor);
    format!(
        "{phase:?} after {cursor}, checksum {:x}",
        environment.checksum
    )
}

#[test]
fn inv_disk_1_whichever_transfer_fails_no_load_sees_other_data() {
    let mut told = String::from("\n");
    let step_by_step = |text: &str, sources: Sources| run(text, sources).0;
    let whole = end("", step_by_step);
    let _ = writeln!(told, "none: {whole}");
    for transfer in 1..14 {
        let once = end(&format!("fault={transfer}"), step_by_step);
        let for_ever = end(&format!("fault={transfer}.."), run_quickly);
        assert_eq!(once, for_ever, "the policy gives up at the first failure");
        let _ = writeln!(told, "{transfer}: {once}");
    }
    expect![[r#"

        none: Finished after 12, checksum 110c85
        1: Broken(Failed(DiskError)) after 2, checksum 0
        2: Broken(Failed(DiskError)) after 3, checksum 0
        3: Broken(Failed(DiskError)) after 4, checksum 0
        4: Broken(Failed(DiskError)) after 5, checksum 0
        5: Broken(Failed(DiskError)) after 6, checksum 0
        6: Broken(Failed(DiskError)) after 6, checksum 0
        7: Broken(Failed(DiskError)) after 7, checksum 0
        8: Broken(Failed(DiskError)) after 7, checksum 0
        9: Broken(Failed(DiskError)) after 8, checksum 1
        10: Broken(Failed(DiskError)) after 9, checksum 22
        11: Broken(Failed(DiskError)) after 10, checksum 443
        12: Broken(Failed(DiskError)) after 11, checksum 8864
        13: Finished after 12, checksum 110c85
    "#]]
    .assert_eq(&told);
}
