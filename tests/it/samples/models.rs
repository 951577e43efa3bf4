//! Page loads and evictions of every sample, with every page table, are those of a naive model.

use exo_core::rng::Rng;
use exo_libos_samples::{TABLES, sample};

use super::{Program, paging, replacing};
use crate::naive::paging::{Paging, clock, fifo};
use crate::naive::policies::{
    keeping, last_in_first_out, lru, mru, random, second_chance, two_queues, wsclock,
};
use crate::naive::run_source;

/// What a naive model of that name does.
fn model(name: &str, pages: &[u64], frames: usize) -> Paging {
    let pages = pages.iter().copied();
    match name {
        "fifo" => fifo(pages, frames),
        "clock" => clock(pages, frames),
        "second-chance" => second_chance(pages, frames),
        "lru" => lru(pages, frames),
        "mru" => mru(pages, frames),
        "wsclock" => wsclock(pages, frames, 32),
        "random" => {
            // The dice of environment A in a machine of seed 1.
            let mut dice = Rng::new(1, 1);
            random(pages, frames, || dice.next_u64())
        }
        "2q" => two_queues(pages, frames),
        "join" => keeping(pages, frames, 0x400..0x43c),
        other => panic!("{other} has no model"),
    }
}

fn check(program: &Program, frames: u32) {
    for sample in replacing() {
        let expected = model(sample.name, &program.pages, frames as usize);
        for table in TABLES {
            let report = program.run(sample.name, table, frames);
            assert_eq!(
                paging(&report),
                expected,
                "{} with {} on {frames} frames",
                sample.name,
                table.name
            );
        }
    }
}

#[test]
fn every_sample_does_on_the_shipped_program_what_its_model_does() {
    check(&Program::beginning(20_000), 8);
    check(&Program::beginning(120_000), 64);
}

#[test]
fn every_sample_does_on_the_hash_join_what_its_model_does() {
    let program = Program::hash_join();
    for frames in [1, 3, 62] {
        check(&program, frames);
    }
}

#[test]
fn every_sample_does_on_a_program_of_chance_what_its_model_does() {
    let mut dice = Rng::new(7, 7);
    // Half of the touches go to a few pages, which move on now and then.
    let program = Program::loads((0..8000_u32).map(|number| {
        let near = number / 1000 * 37;
        match dice.below(2) {
            0 => near + dice.below(9),
            _ => dice.below(400),
        }
    }));
    for frames in [5, 40] {
        check(&program, frames);
    }
}

#[test]
fn mru_on_a_machine_without_use_stamps_takes_the_page_that_was_loaded_last() {
    let program = Program::hash_join();
    let source = sample("mru").unwrap().source;
    for frames in [1, 3, 62] {
        let report = run_source(&program.trace, source, frames, "full:16:lru", 256);
        let pages = program.pages.iter().copied();
        assert_eq!(
            paging(&report),
            last_in_first_out(pages, frames as usize),
            "{frames} frames"
        );
    }
}
