//! Makes a failing sequence of commands short: drops what is not needed for it to fail.

use exo_core::kernel::check::Violation;

use super::command::Command;

/// The shortest sequence that dropping commands leads to and that still fails, with what fails.
/// `fails` says how many of the commands it took, and what they broke.
///
/// # Panics
/// If the whole sequence does not fail.
pub fn shrink(
    commands: &[Command],
    fails: impl Fn(&[Command]) -> Option<(usize, Violation)>,
) -> (Vec<Command>, Violation) {
    let (end, mut violation) = fails(commands).expect("a run that fails fails again");
    let mut shortest = commands[..end].to_vec();
    let mut width = shortest.len().div_ceil(2).max(1);
    loop {
        let mut start = 0;
        let before = shortest.len();
        while start < shortest.len() {
            let end = (start + width).min(shortest.len());
            let rest = [&shortest[..start], &shortest[end..]].concat();
            match fails(&rest) {
                Some((taken, found)) => {
                    shortest = rest[..taken].to_vec();
                    violation = found;
                }
                None => start = end,
            }
        }
        if width == 1 && shortest.len() == before {
            return (shortest, violation);
        }
        width = (width / 2).max(1);
    }
}
