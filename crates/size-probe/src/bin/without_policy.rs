//! Reads a program, as a page does that has no compiler.

use std::hint::black_box;

use exo_core::cpu::Program;

fn main() {
    let bytes = black_box(Vec::<u8>::new());
    let program = Program::from_bytes(&bytes).ok();
    if let Some(program) = &program {
        black_box(exo_core::verify::verify(program).is_ok());
        black_box(program.to_bytes());
    }
}
