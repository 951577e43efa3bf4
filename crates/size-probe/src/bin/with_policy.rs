//! All that `without_policy.rs` has, and the compiler of policies.

use std::hint::black_box;

use exo_core::cpu::Program;

fn main() {
    // The optimiser may not know what is compiled, or it would leave the rest out.
    let source = black_box(String::new());
    let checked = exo_policy::check(&source);
    for diagnostic in &checked.diagnostics {
        black_box(diagnostic.to_string());
    }
    let bytes = checked.program.as_ref().map(Program::to_bytes);
    black_box(bytes.and_then(|bytes| Program::from_bytes(&bytes).ok()));
}
