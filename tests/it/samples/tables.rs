//! Page tables: what a policy does is the same with each, what it takes is not.

use exo_libos_samples::{SAMPLES, STORES, TABLES, sample};

use super::{Program, paging, replacing};

#[test]
fn a51_a54_every_policy_goes_with_every_page_table_and_only_the_cycles_differ() {
    let program = Program::beginning(100_000);
    for sample in replacing() {
        let reports: Vec<_> = TABLES
            .iter()
            .map(|table| program.run(sample.name, table, 64))
            .collect();
        for (index, report) in reports.iter().enumerate() {
            for other in &reports[..index] {
                assert_eq!(paging(report), paging(other), "{}", sample.name);
                assert_eq!(report.upcalls, other.upcalls);
                assert_eq!(report.system_calls, other.system_calls);
                assert_eq!(report.cycles.kernel, other.cycles.kernel);
                assert_ne!(report.cycles.libos, other.cycles.libos, "{}", sample.name);
            }
        }
    }
}

/// Cycles of FIFO on a program with the tables in the order in which the registry has them.
fn cycles(program: &Program, frames: u32) -> [u64; 3] {
    ["inverted", "linear", "two-level"].map(|name| {
        let table = TABLES.iter().find(|table| table.name == name).unwrap();
        program.run("fifo", table, frames).cycles.libos
    })
}

#[test]
fn the_sorted_vector_loses_when_pages_come_and_go_among_thousands() {
    let [inverted, linear, two_level] = cycles(&Program::rounds(1200, 2), 1000);
    assert!(linear > 5 * inverted && linear > 5 * two_level);
}

/// Goes round 600 pages, so many apart, that all fit into memory, but not into a TLB: each touch is
/// looked up.
fn cycles_of_looking_up(apart: u32) -> [u64; 3] {
    let pages = (0..12_000).map(|number| number % 600 * apart);
    cycles(&Program::loads(pages), 600)
}

#[test]
fn the_two_level_table_takes_the_same_wherever_pages_lie_and_the_hash_does_not() {
    let [inverted, linear, two_level] = cycles_of_looking_up(1);
    assert!(inverted < linear && two_level < linear);
    let [far_inverted, far_linear, far_two_level] = cycles_of_looking_up(1024);
    assert_eq!(far_linear, linear);
    assert!(far_inverted > 20 * inverted && far_inverted > 20 * far_two_level);
    // It takes more leaves, and nothing else.
    assert!(far_two_level - two_level < two_level / 20);
}

#[test]
fn a_table_states_its_size_in_pinned_frames() {
    let frames = |table| {
        let source = sample("fifo").unwrap().with_table(table);
        let program = exo_policy::compile(&source).unwrap();
        program.initial_state.len().div_ceil(4096)
    };
    let sizes: Vec<String> = TABLES
        .iter()
        .map(|it| format!("{} {}", it.name, frames(it)))
        .collect();
    expect_test::expect!["inverted 11, linear 11, two-level 35"].assert_eq(&sizes.join(", "));
}

#[test]
fn a_source_with_a_page_table_is_one_whole_file() {
    for sample in SAMPLES {
        assert_eq!(sample.with_table(&TABLES[0]), sample.source);
        for table in TABLES {
            let source = sample.with_table(table);
            assert!(
                source.starts_with("use exo_prelude::*;\n\n/// "),
                "{}",
                sample.name
            );
            let parts = 2 + usize::from(sample.replaces);
            assert_eq!(
                source.matches("pub struct ").count(),
                parts,
                "{}",
                sample.name
            );
            assert_eq!(source.matches(table.source).count(), 1);
            assert!(table.source.starts_with("/// The page table, "));
            for store in STORES {
                let source = sample.with_parts(table, store);
                let used = source.matches(store.source).count();
                assert_eq!(used, usize::from(sample.replaces));
                assert!(source.ends_with(table.source));
                assert!(store.source.starts_with("/// The backing store, "));
            }
            let file = syn::parse_file(&source).unwrap();
            assert!(
                matches!(file.items[1], syn::Item::Struct(_)),
                "the lesson comes first"
            );
        }
    }
}
