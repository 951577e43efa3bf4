//! What the lessons say of each application is so, against programs that share no code with it.

use std::collections::{BTreeSet, HashMap};

use exo_session::RunReport;

use super::machine::{figures, image, lines, meant, named, scenario};

/// The numbers of a line of the log.
fn numbers(line: &str) -> Vec<u64> {
    let words = line.split(|letter: char| !letter.is_ascii_digit());
    words.filter_map(|word| word.parse().ok()).collect()
}

/// Runs an application as it is meant to be run.
fn run(name: &str) -> (RunReport, Vec<Vec<u64>>) {
    let report = figures(&meant(name));
    let told = lines(&report).iter().map(|line| numbers(line)).collect();
    (report, told)
}

/// The 32-bit words of memory at the end, by address.
struct Words(HashMap<u32, Vec<u8>>);

impl Words {
    fn of(name: &str) -> Words {
        Words(image(&meant(name)).into_iter().collect())
    }

    fn at(&self, address: u32) -> u32 {
        let (page, offset) = (address >> 12, address as usize % 4096);
        let bytes = &self.0[&page][offset..][..4];
        u32::from_le_bytes(bytes.try_into().unwrap())
    }
}

#[test]
fn every_application_runs_to_its_end_on_the_frames_it_states_and_on_one_fewer_it_does_not() {
    // These only read what may go, and keep their promise on fewer.
    let lenient = ["random-scan", "hash-join", "scan"];
    for application in exo_libos_samples::APPLICATIONS {
        if application.name == "matrix" || lenient.contains(&application.name) {
            continue; // the matrix is run by its own test
        }
        figures(&meant(application.name));
        let fewer = scenario(application, application.libos, application.frames - 1);
        let report = exo_session::report(&fewer, |_| {}).unwrap().remove(0);
        let broken = report.broken.expect("the frames stated are needed");
        assert!(broken.contains("Limit"), "{}: {broken}", application.name);
    }
}

#[test]
fn every_lesson_states_its_frames() {
    for application in exo_libos_samples::APPLICATIONS {
        let (lesson, frames) = (application.lesson(), application.frames.to_string());
        let stated = lesson.contains(&format!(" {frames} "));
        // The scan states its pages; it is shown with room to spare.
        assert!(stated || application.name == "scan", "{lesson}");
    }
}

#[test]
fn the_matrix_product_is_what_a_multiplication_in_another_order_gives() {
    let (report, told) = run("matrix");
    let mut sum = 0_u64;
    for inner in 0..150_u64 {
        for row in 0..150 {
            for column in 0..150 {
                let left = (row * 7 + inner * 3) % 101;
                sum += left * ((inner * 5 + column * 11) % 103);
            }
        }
    }
    assert_eq!(told[0], [sum, sum]);
    // Each element is stored once and each of the products loads two; the paper's point is the rest.
    assert_eq!(
        report.references,
        3 * 150 * 150 + 2 * 150_u64.pow(3) + 150 * 150
    );
    assert_eq!(report.page_loads, 66);
    let managing = report.cycles.libos + report.cycles.kernel;
    assert!(managing * 1000 < report.cycles.application);
}

#[test]
fn quicksort_leaves_the_same_numbers_in_order() {
    let words = Words::of("quicksort");
    let sorted: Vec<u32> = (0..8192).map(|at| words.at(0x10_0000 + at * 4)).collect();
    let mut seed = 2026_u32;
    let mut numbers: Vec<u32> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    })
    .take(8192)
    .collect();
    numbers.sort_unstable();
    assert_eq!(sorted, numbers);
    let (_, told) = run("quicksort");
    assert_eq!(told[0][2], 0);
    assert!(told[1][0] <= 13);
}

#[test]
fn a_random_scan_finds_as_many_pages_in_memory_as_there_are_frames_for_whatever_the_policy() {
    for libos in ["fifo", "clock", "random", "mru"] {
        let report = figures(&scenario(named("random-scan"), libos, 16));
        let told = numbers(&lines(&report)[0]);
        assert_eq!(told[0], told[1]);
        let share = report.page_loads * 100 / report.references;
        assert!((73..=77).contains(&share), "{libos}: {share} % of 16384");
    }
    // On a single frame it is right, too.
    let report = figures(&scenario(named("random-scan"), "fifo", 1));
    let told = numbers(&lines(&report)[0]);
    assert_eq!(told[0], told[1]);
}

#[test]
fn a_scattered_list_costs_a_miss_at_each_step_and_the_libos_nothing() {
    let (report, told) = run("list-walk");
    let sum = 8192 * 8193 / 2;
    assert_eq!(told[0][..2], [8192, sum]);
    assert_eq!(told[1][..2], [8192, sum]);
    assert!(told[1][2] > 3 * told[0][2], "{told:?}");
    assert!(report.tlb_misses > 6_000);
    assert_eq!(report.upcalls, 128, "the software TLB answers all others");
}

#[test]
fn skipping_finds_what_plain_search_finds_and_looks_at_an_eighth_of_the_letters() {
    let (report, told) = run("search");
    let bytes: Vec<u8> = image(&meant("search"))
        .into_iter()
        .flat_map(|(_, page)| page)
        .collect();
    let word = b"exokernel"
        .iter()
        .chain(b"er")
        .copied()
        .collect::<Vec<u8>>();
    let found = bytes.windows(word.len()).filter(|it| **it == word).count() as u64;
    let (skipping, plainly) = (&told[0], &told[1]);
    assert!(found > 0);
    assert_eq!((skipping[0], plainly[0]), (found, found));
    assert!(skipping[1] * 8 < plainly[1] && plainly[1] > 32_000);
    assert_eq!(report.page_loads, 8);
}

#[test]
fn a_hash_join_finds_every_match_under_its_own_libos_and_none_under_others() {
    let built: BTreeSet<u32> = (1..=480).map(|row| row * 3).collect();
    let matches = (1..=1920).filter(|row| built.contains(&(row * 2))).count() as u64;
    let (report, told) = run("hash-join");
    assert_eq!(told[0], [matches, matches]);
    assert_eq!(report.page_loads, 360, "no page comes back");
    for libos in ["fifo", "clock"] {
        let report = figures(&scenario(named("hash-join"), libos, 64));
        assert_eq!(numbers(&lines(&report)[0]), [0, matches], "{libos}");
    }
}

#[test]
fn the_collector_keeps_what_can_be_reached_and_frees_all_else() {
    let words = Words::of("collector");
    let object = |number: u32| 0x10_0000 + number * 32;
    let mut waiting: Vec<u32> = (0..32).map(|root| words.at(0x22_0000 + root * 4)).collect();
    let mut reached = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if next != 0 && reached.insert(next) {
            waiting.extend([words.at(next), words.at(next + 4)]);
        }
    }
    // An object's fourth word is its own address, unless it is free.
    let kept: BTreeSet<u32> = (0..2048)
        .map(object)
        .filter(|it| words.at(it + 12) == *it)
        .collect();
    assert_eq!(kept, reached);
    let (_, told) = run("collector");
    assert_eq!(told[7][1], reached.len() as u64);
    assert!(reached.len() > 100);
}

#[test]
fn the_collector_would_free_objects_in_use_did_it_not_look_again_at_written_pages() {
    let (report, told) = run("collector");
    let (looked_again, rescued) = (told[6][0], told[6][1]);
    assert!(rescued > 0);
    assert!(looked_again < 6 * 16, "not the whole heap");
    assert!(report.protection_faults >= looked_again);
    // Without the look, something that is kept leads to what was freed, and the program stops itself.
    let mut careless = meant("collector");
    let exo_session::ApplicationSpec::Program { source, .. } =
        &mut careless.environments[0].application
    else {
        panic!("it is a program");
    };
    let look = "self.look_again(mem, page);";
    assert_eq!(source.matches(look).count(), 1);
    *source = source.replace(look, "");
    let report = exo_session::report(&careless, |_| {}).unwrap().remove(0);
    assert!(report.application_broke, "{:?}", report.log);
}

#[test]
fn the_primitives_of_appel_and_li_cost_what_their_parts_do_and_stand_as_in_the_paper() {
    let (report, told) = run("primitives");
    let (dirty, prot1, prot100, unprot100) = (told[0][0], told[0][2], told[1][1], told[1][3]);
    let (trap, appel1, appel2) = (told[2][0], told[3][1], told[3][3]);
    // SOSP'95, table 10: asking is the cheapest but for a trap, then one page, then a hundred.
    assert!(0 < dirty && dirty < prot1 && trap < prot1);
    assert!(prot1 < appel1 && prot1 < appel2, "{told:?}");
    assert!(appel1 < prot100 && appel2 < prot100 && prot100 < unprot100);
    // A fault is dispatched in 36 cycles, and a change is a system call of 40 and 14 for each page.
    assert!(trap > 36 && prot1 > 40 + 14 + 7 && dirty > 7);
    assert!(prot100 > 40 + 100 * 14 && prot100 < 100 * prot1);
    let change = prot100 / 100;
    assert!((trap + 40..=trap + 2 * prot1).contains(&appel1));
    assert!((change + trap..=change + trap + prot1).contains(&appel2));
    assert!(report.upcalls > 500, "{}", report.upcalls);
}

#[test]
fn an_application_that_needs_its_own_libos_says_so_under_another() {
    for (name, libos) in [("primitives", "protect"), ("collector", "gc")] {
        let report = figures(&scenario(named(name), "demand-zero", 200));
        let said = format!("my libOS does not answer; I need the one called {libos}");
        assert_eq!(lines(&report), [said]);
    }
}
