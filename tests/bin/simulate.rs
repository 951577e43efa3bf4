//! Simulates machines from seeds, and replays a seed exactly.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    exo_tests::safety::command_line::simulate(std::env::args().skip(1))
}

#[cfg(target_family = "wasm")]
fn main() {}
