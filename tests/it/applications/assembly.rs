//! Programs put together by hand, one instruction after the other.

use std::sync::Arc;

use exo_core::cpu::{Entry, Function, Instr, Message, Program, Role, Shown, SourcePlace};

/// A program that runs as an application: `main` is all of its code. Instruction `n` stands on line
/// `n + 1`.
pub fn application(code: Vec<Instr>) -> Arc<Program> {
    program(Role::Application, Entry::Main, 1, code)
}

/// A program of one function that the machine enters.
pub fn program(role: Role, entry: Entry, arguments: u8, code: Vec<Instr>) -> Arc<Program> {
    let mut program = Program {
        name: "ByHand".to_owned(),
        initial_state: vec![7; 16],
        messages: vec![
            Message {
                pieces: vec!["saw ".to_owned(), String::new()],
                shown: vec![Shown::Unsigned],
            },
            Message {
                pieces: vec!["no more".to_owned()],
                shown: Vec::new(),
            },
        ],
        role,
        ..Program::default()
    };
    add(&mut program, entry, arguments, code);
    Arc::new(program)
}

/// Adds a function that the machine enters; its jumps count from its own first instruction.
pub fn add(program: &mut Program, entry: Entry, arguments: u8, code: Vec<Instr>) {
    let first = program.code.len() as u32;
    let code = code.into_iter().map(|instr| moved(instr, first));
    program
        .entries
        .push((entry, program.functions.len() as u16));
    program.functions.push(Function {
        name: format!("{entry:?}"),
        entry: first,
        registers: 32,
        arguments,
        variables: Vec::new(),
    });
    program.code.extend(code);
    let lines = 1..=program.code.len() as u32;
    program.places = lines.map(|line| SourcePlace { line, column: 1 }).collect();
}

/// The jumps that these programs use, `by` instructions further on.
fn moved(instr: Instr, by: u32) -> Instr {
    match instr {
        Instr::Jump { target } => Instr::Jump {
            target: target + by,
        },
        Instr::JumpLtU {
            left,
            right,
            target,
        } => Instr::JumpLtU {
            left,
            right,
            target: target + by,
        },
        Instr::JumpIf { when, target } => Instr::JumpIf {
            when,
            target: target + by,
        },
        other => other,
    }
}

pub fn constant(to: u8, value: i32) -> Instr {
    Instr::Const { to, value }
}

/// `to += value`, of 64 bits.
pub fn add_to(to: u8, value: i32) -> Instr {
    Instr::AddImmediateU {
        to,
        left: to,
        bits: 64,
        value,
    }
}

pub fn load(to: u8, address: u8, bits: u8) -> Instr {
    Instr::MemLoad { to, address, bits }
}

pub fn store(from: u8, address: u8, bits: u8) -> Instr {
    Instr::MemStore {
        from,
        address,
        bits,
    }
}

pub fn log(first: u8) -> Instr {
    Instr::Log {
        message: 0,
        first,
        count: 1,
    }
}

pub fn back() -> Instr {
    Instr::Return { first: 0, count: 0 }
}

/// Stores `count` words of 64 bits from `start` on, `stride` bytes apart, each its ordinal; loads
/// them all again and logs each.
pub fn store_and_load(start: i32, stride: i32, count: i32) -> Vec<Instr> {
    vec![
        constant(1, start),
        constant(2, 0),
        constant(3, count),
        store(2, 1, 64),
        add_to(1, stride),
        add_to(2, 1),
        Instr::JumpLtU {
            left: 2,
            right: 3,
            target: 3,
        },
        constant(1, start),
        constant(2, 0),
        load(4, 1, 64),
        log(4),
        add_to(1, stride),
        add_to(2, 1),
        Instr::JumpLtU {
            left: 2,
            right: 3,
            target: 9,
        },
        back(),
    ]
}
