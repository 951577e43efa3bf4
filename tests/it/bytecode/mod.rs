//! Bytecode by itself: what the CPU does with it, what the verifier refuses, how it is kept.

mod downloaded;
mod image;
mod instructions;
mod places;
mod verifier;

use exo_core::cpu::{Entry, Function, Instr, Program, Role, Shape, SourcePlace};

/// A program of one function with 16 registers that answers `entry`.
pub fn program(role: Role, entry: Entry, code: Vec<Instr>) -> Program {
    let arguments = match entry {
        Entry::PageFault => 5,
        Entry::Request => 4,
        _ => 1,
    };
    Program {
        name: "Hand".to_owned(),
        role,
        places: vec![SourcePlace { line: 1, column: 1 }; code.len()],
        code,
        functions: vec![Function {
            name: entry.name().to_owned(),
            entry: 0,
            registers: 16,
            arguments,
            variables: Vec::new(),
        }],
        shapes: vec![Shape {
            offset: 8,
            length: 5,
            size_bytes: 3,
        }],
        constants: vec![u64::MAX],
        initial_state: vec![0; 64],
        entries: vec![(entry, 0)],
        ..Program::default()
    }
}

/// A deterministic function whose result is register `result`.
fn function(mut code: Vec<Instr>, result: u8) -> Program {
    code.push(Instr::Return {
        first: result,
        count: 1,
    });
    program(Role::Udf, Entry::Evaluate, code)
}
