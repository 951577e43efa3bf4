//! What the lessons say of each sample, and where it wins or loses, is so.

use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::rng::Rng;
use exo_libos_samples::{Kind, TABLES, sample};

use exo_session::Session;

use super::{Program, replacing};
use crate::naive::policies::{best, written_when_evicted};
use crate::naive::{run_source, scenario};

const A: EnvId = EnvId(0);

/// The policies for any program that replace pages.
fn general() -> impl Iterator<Item = &'static str> {
    let general = replacing().filter(|it| it.kind == Kind::General);
    general.map(|it| it.name)
}

#[test]
fn demand_zero_loads_each_page_once_and_keeps_it() {
    let program = Program::shipped();
    let report = program.run("demand-zero", &TABLES[0], 200);
    assert_eq!(report.page_loads, program.distinct_pages());
    assert_eq!(report.evictions, 0);
}

#[test]
fn demand_zero_says_which_page_found_no_frame_and_gives_up() {
    let program = Program::rounds(9, 2);
    for table in TABLES {
        let source = sample("demand-zero").unwrap().with_table(table);
        let report = run_source(&program.trace, &source, 5, "full:16:lru", 256);
        assert_eq!((report.references, report.page_loads), (5, 5));
        let log: Vec<&str> = report.log.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(log, ["page 5 finds all 5 frames in use; I take none back"]);
        let broken = report.broken.unwrap();
        assert!(broken.contains("Err(Limit)"), "{broken}");
    }
}

#[test]
fn fifo_may_load_more_on_more_frames() {
    // Belady's own example.
    let program = Program::loads([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5].into_iter());
    assert_eq!(program.loads_under("fifo", 3), 9);
    assert_eq!(program.loads_under("fifo", 4), 10);
}

#[test]
fn second_chance_loads_what_clock_loads_without_asking_for_bits_but_faults_more() {
    let program = Program::shipped();
    for frames in [16, 64] {
        let (one, two) = (
            program.run("second-chance", &TABLES[0], frames),
            program.run("clock", &TABLES[0], frames),
        );
        assert_eq!(
            (one.page_loads, one.evictions),
            (two.page_loads, two.evictions)
        );
        assert!(one.upcalls > two.upcalls && one.protection_faults > two.protection_faults);
        assert_eq!(two.protection_faults, 0);
    }
}

#[test]
fn second_chance_knows_which_pages_were_written_without_a_dirty_bit() {
    let program = Program::shipped();
    let source = sample("second-chance").unwrap().source;
    let scenario = scenario(&program.trace, source, 16, "full:16:lru", 256);
    let mut session = Session::new(scenario).unwrap();
    session.run_slice(u64::MAX);
    let fields = &session
        .machine()
        .environment(A)
        .unwrap()
        .program()
        .unwrap()
        .fields;
    let field = fields
        .iter()
        .find(|it| it.name == "written_victims")
        .unwrap();
    let bytes = &session.machine().state_bytes(A)[field.offset as usize..][..8];
    let counted = u64::from_le_bytes(bytes.try_into().unwrap());
    let touches = program.trace.trace.iter().map(|(address, kind)| {
        let stores = matches!(kind, ReferenceKind::Store | ReferenceKind::Modify);
        (u64::from(address) >> 12, stores)
    });
    assert_eq!(counted, written_when_evicted(touches, 16));
    assert!(counted > 100);
}

#[test]
fn lru_gives_up_where_the_machine_keeps_no_use_stamps() {
    let program = Program::rounds(9, 2);
    let source = sample("lru").unwrap().source;
    let report = run_source(&program.trace, source, 5, "full:16:lru", 256);
    assert_eq!((report.references, report.page_loads), (5, 5));
    let broken = report.broken.unwrap();
    assert!(broken.contains("Err(NotOffered)"), "{broken}");
}

#[test]
fn lru_loads_least_on_the_shipped_program_and_asks_most() {
    let program = Program::shipped();
    let lru = program.run("lru", &TABLES[0], 64);
    for name in general().filter(|name| *name != "lru") {
        let other = program.run(name, &TABLES[0], 64);
        assert!(lru.page_loads <= other.page_loads, "{name}");
    }
    let clock = program.run("clock", &TABLES[0], 64);
    assert!(lru.system_calls > 3 * clock.system_calls);
}

#[test]
fn mru_wins_on_a_scan_that_comes_round_and_loses_badly_elsewhere() {
    let scan = Program::rounds(70, 30);
    let mru = scan.loads_under("mru", 64);
    for name in general().filter(|name| *name != "mru") {
        assert!(mru < scan.loads_under(name, 64), "{name}");
    }
    let program = Program::shipped();
    let (mru, fifo) = (
        program.loads_under("mru", 64),
        program.loads_under("fifo", 64),
    );
    assert!(mru > 10 * fifo, "{mru} {fifo}");
}

#[test]
fn a_loop_a_little_larger_than_memory_defeats_every_order_but_not_chance() {
    let program = Program::rounds(70, 30);
    for name in ["fifo", "clock", "second-chance", "lru", "wsclock"] {
        assert_eq!(program.loads_under(name, 64), 70 * 30, "{name}");
    }
    assert!(program.loads_under("random", 64) < 70 * 30 / 2);
}

#[test]
fn a_scan_passes_by_what_two_queues_keep() {
    // A few pages in use, and every third touch goes on in a scan.
    let mut dice = Rng::new(3, 3);
    let program = Program::loads((0..30_000_u32).map(|number| match number % 3 {
        0 => 1000 + number / 3,
        _ => dice.below(32),
    }));
    let scanned = 10_000;
    let extra = |name| program.loads_under(name, 48) - scanned;
    assert!(extra("2q") < 100, "{}", extra("2q"));
    for name in ["fifo", "clock", "wsclock", "random"] {
        assert!(extra(name) > 10 * extra("2q"), "{name} {}", extra(name));
    }
}

#[test]
fn two_queues_lose_when_there_is_no_scan_to_keep_out() {
    let program = Program::shipped();
    assert!(program.loads_under("2q", 64) > program.loads_under("clock", 64));
}

#[test]
fn wsclock_loads_less_than_clock_when_a_program_moves_on_but_asks_more() {
    let mut dice = Rng::new(3, 3);
    let program = Program::loads((0..20_000_u32).map(|number| number / 20 + dice.below(50)));
    let run = |name| program.run(name, &TABLES[0], 64);
    let (wsclock, clock) = (run("wsclock"), run("clock"));
    assert!(wsclock.page_loads < clock.page_loads);
    assert!(wsclock.cycles.kernel > 2 * clock.cycles.kernel);
}

#[test]
fn the_policy_of_a_program_beats_every_other_on_it_and_cannot_be_beaten() {
    let program = Program::hash_join();
    let own = program.loads_under("join", 64);
    assert_eq!(own, program.distinct_pages());
    assert_eq!(own, best(&program.pages, 64).page_loads);
    for name in general() {
        let loads = program.loads_under(name, 64);
        assert!(loads > 2 * own, "{name}: {loads}, and {own}");
    }
}

#[test]
fn the_policy_of_a_program_is_no_better_than_fifo_on_others() {
    for program in [Program::shipped(), Program::rounds(70, 30)] {
        let own = program.loads_under("join", 64);
        assert_eq!(own, program.loads_under("fifo", 64));
        assert!(general().any(|name| program.loads_under(name, 64) < own));
    }
    // A program whose own pages lie where the join has its hash table pays for what is kept there.
    let mut dice = Rng::new(3, 3);
    let program = Program::loads((0..20_000_u32).map(|number| number / 1000 * 60 + dice.below(60)));
    assert!(program.loads_under("join", 64) > 2 * program.loads_under("fifo", 64));
}

#[test]
fn no_policy_beats_the_best_there_can_be() {
    for program in [Program::beginning(100_000), Program::hash_join()] {
        for frames in [32, 64] {
            let least = best(&program.pages, frames as usize).page_loads;
            for sample in replacing() {
                assert!(
                    program.loads_under(sample.name, frames) >= least,
                    "{}",
                    sample.name
                );
            }
        }
    }
}
