//! The policy compiler against rustc and against hostile input, in a small number of cases; the
//! stage "Compared with rustc" of `cargo xtask test` tries many more.

use exo_tests::differential::compare::{self, Found};
use exo_tests::differential::files::{self, Verdict};
use exo_tests::differential::fuzz;
use exo_tests::differential::mistakes;
use exo_tests::differential::ours;
use exo_tests::differential::rustc::Workshop;

/// Seed of the programs here; those of the stage are others.
const SEED: u64 = 7;
const PROGRAMS: u32 = 60;

fn workshop(name: &str) -> Workshop {
    Workshop::new(name).unwrap_or_else(|error| panic!("rustc is needed: {error}"))
}

#[test]
fn generated_programs_do_the_same_under_our_compiler_and_under_rustc() {
    let workshop = workshop("programs");
    let half = |first: u32| {
        let indices: Vec<u32> = (first..first + PROGRAMS / 2).collect();
        compare::batch(&workshop, SEED, &indices).expect("rustc runs")
    };
    let mut found = Found::default();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(PROGRAMS / 2));
        found.add(half(0));
        found.add(other.join().expect("no panic"));
    });
    assert!(found.differences.is_empty(), "{}", found.differences[0]);
    assert_eq!(found.programs, PROGRAMS);
    let trapped = found.trapped * 100 / found.programs;
    assert!((15..60).contains(&trapped), "{trapped} of 100 trap");
}

#[test]
fn programs_with_one_mistake_are_refused_by_both() {
    let indices: Vec<u32> = (0..60).collect();
    let found = mistakes::made(&workshop("mistakes"), SEED, &indices).expect("rustc runs");
    assert!(found.unsound.is_empty(), "{}", found.unsound[0]);
    assert!(found.reasons.is_empty(), "{}", found.reasons[0]);
    assert!(found.refused > 50, "{} refused", found.refused);
}

#[test]
fn of_programs_with_one_token_changed_rustc_accepts_what_we_accept() {
    let indices: Vec<u32> = (0..40).collect();
    let found = mistakes::tokens(&workshop("tokens"), SEED, &indices, 10).expect("rustc runs");
    assert!(found.unsound.is_empty(), "{}", found.unsound[0]);
    assert!(found.accepted > 10, "{} accepted", found.accepted);
}

#[test]
fn the_corpus_of_sources_does_the_same_and_is_refused_by_both_as_its_folders_say() {
    let workshop = workshop("corpus");
    for (part, accepted) in [("accepted", true), ("refused", false)] {
        let files = fuzz::corpus(part);
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        let verdicts = files::compared(&workshop, &texts).expect("rustc runs");
        for ((name, text), verdict) in files.iter().zip(verdicts) {
            assert_eq!(fuzz::compile(text).1, None, "{name}");
            match accepted {
                true => assert_eq!(verdict, Verdict::Same, "{name}: {verdict}"),
                false => assert!(matches!(verdict, Verdict::Refused(..)), "{name}: {verdict}"),
            }
        }
    }
}

/// What the statements of the corpus are put into.
const AROUND: &str = include_str!("../corpus/around.txt");

#[test]
fn statements_written_by_hand_are_judged_as_the_lines_above_them_say() {
    let lines = include_str!("../corpus/statements.txt").lines();
    let (mut wanted, mut statements, mut sources) = ("", Vec::new(), Vec::new());
    for line in lines {
        match line.strip_prefix("# ") {
            Some(heading) => wanted = heading,
            None => {
                statements.push((line, wanted));
                sources.push(AROUND.replace("STATEMENT", line));
            }
        }
    }
    let texts: Vec<&str> = sources.iter().map(String::as_str).collect();
    let verdicts = files::compared(&workshop("statements"), &texts).expect("rustc runs");
    for ((statement, wanted), verdict) in statements.iter().zip(verdicts) {
        let found = match verdict {
            Verdict::Same => "both accept, and do the same",
            Verdict::Refused(..) => "both refuse",
            Verdict::Stricter(_) => "we alone refuse: outside the subset, or a lint of rustc",
            Verdict::Differs(_) | Verdict::Unsound(_) => "wrong",
        };
        assert_eq!(found, *wanted, "{statement}: {verdict}");
    }
    assert!(statements.len() > 340, "{}", statements.len());
}

#[test]
fn what_rustc_has_nothing_against_or_no_end_with_is_refused_by_us() {
    for (name, text) in fuzz::corpus("refused_by_us_alone") {
        assert_eq!(
            fuzz::compile(&text),
            ("refused".to_string(), None),
            "{name}"
        );
    }
}

#[test]
fn the_corpus_of_bytecode_gets_the_answers_in_its_names() {
    let files = fuzz::corpus("bytecode");
    assert!(files.len() > 15, "{}", files.len());
    for (name, text) in files {
        let (answer, defect) = fuzz::run(0, &fuzz::from_hex(&text));
        assert_eq!(defect, None, "{name}");
        assert_eq!(fuzz::file_name(&answer), name);
    }
}

#[test]
fn hostile_sources_and_bytecode_get_an_answer() {
    let indices: Vec<u32> = (0..100).collect();
    let sources = fuzz::sources(SEED, &indices);
    assert!(sources.defects.is_empty(), "{}", sources.defects[0]);
    let indices: Vec<u32> = (0..1000).collect();
    let bytecode = fuzz::bytecode(SEED, &indices);
    assert!(bytecode.defects.is_empty(), "{}", bytecode.defects[0]);
    assert!(bytecode.kinds.len() > 12, "{}", bytecode.kinds.len());
}

#[test]
fn a_program_stopped_after_every_instruction_does_what_it_does_in_one_go() {
    let mut stops = 0;
    for index in 0..200 {
        let chosen = compare::choose(SEED, index).unwrap_or_else(|refusal| panic!("{refusal}"));
        let straight = ours::run(index, &chosen.code, u64::MAX);
        for slice in [1, 7] {
            let cut = ours::run(index, &chosen.code, slice);
            assert!(cut == straight, "program {index}, {slice} at a time");
        }
        stops += straight.fuel;
    }
    assert!(stops > 100_000, "{stops}");
}
