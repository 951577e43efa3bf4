//! Programs as bytes.

use exo_core::cpu::{Function, Program};
use exo_libos_samples::SAMPLES;

/// What is kept: everything but what only a debugger reads.
fn without_debugging(mut program: Program) -> Program {
    program.types.clear();
    for function in &mut program.functions {
        function.variables.clear();
    }
    for field in &mut program.fields {
        field.ty = 0;
    }
    program
}

fn sample() -> Program {
    exo_policy::compile(SAMPLES[0].source).unwrap()
}

#[test]
fn a_program_read_back_from_its_bytes_is_the_same() {
    for sample in SAMPLES {
        let program = exo_policy::compile(sample.source).unwrap();
        let read = Program::from_bytes(&program.to_bytes());
        assert_eq!(read, Ok(without_debugging(program)), "{}", sample.name);
    }
}

#[test]
fn bytes_cut_anywhere_are_no_program() {
    let bytes = sample().to_bytes();
    for length in 0..bytes.len().min(4_000) {
        let error = Program::from_bytes(&bytes[..length]).unwrap_err();
        assert!(error.at <= length, "{error}");
    }
}

#[test]
fn a_byte_too_many_is_an_error_that_says_where() {
    let mut bytes = sample().to_bytes();
    bytes.push(0);
    let error = Program::from_bytes(&bytes).unwrap_err();
    let expected = format!(
        "these bytes are no program: expected the end at byte {}",
        bytes.len() - 1
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_count_larger_than_the_rest_takes_no_memory() {
    let mut bytes = Program::default().to_bytes();
    let name = 5;
    bytes[name..name + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(Program::from_bytes(&bytes).is_err());
    let mut bytes = Program::default().to_bytes();
    let code = 9;
    bytes[code..code + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = Program::from_bytes(&bytes).unwrap_err();
    assert_eq!(error.expected, "a count of what follows");
}

#[test]
fn every_damaged_byte_gives_a_reason_or_a_program_that_is_verified_or_refused() {
    let mut program = sample();
    program.initial_state.truncate(64);
    program.fields.clear();
    program
        .functions
        .iter_mut()
        .for_each(|it: &mut Function| it.name.truncate(3));
    let bytes = program.to_bytes();
    let mut read = 0;
    for at in 0..bytes.len() {
        for flip in [1, 0x10, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            if let Ok(program) = Program::from_bytes(&damaged) {
                read += 1;
                if let Err(refusal) = exo_core::verify::verify(&program) {
                    assert!(!refusal.to_string().is_empty());
                }
            }
        }
    }
    assert!(read > 1_000, "damage within operands is still a program");
}
