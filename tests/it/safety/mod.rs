//! The kernel shown safe, in small numbers; the stage "Shown safe" of `cargo xtask test` does more.

mod exploration;
mod played;
mod random;
