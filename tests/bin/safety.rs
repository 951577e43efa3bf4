//! Shows the kernel safe: exploration, the naive model, pairs, sweeps and mutants.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    exo_tests::safety::command_line::run(std::env::args().skip(1))
}

#[cfg(target_family = "wasm")]
fn main() {}
