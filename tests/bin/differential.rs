//! Compares generated programs under our compiler and under rustc.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    exo_tests::differential::command::run(std::env::args().skip(1))
}

#[cfg(target_family = "wasm")]
fn main() {}
