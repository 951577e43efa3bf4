//! Time that a compile takes.

use std::fmt;
use std::hint::black_box;

use exo_libos_samples::SAMPLES;

/// How long the policy is at least that is compiled, in lines.
const LINES_MIN: usize = 200;

/// Figures of one measurement; the time is that of the best round, as whatever disturbs one only
/// adds to it.
#[derive(Clone, Debug, PartialEq)]
pub struct CompileReport {
    /// Name of the policy.
    pub libos: String,
    /// Its length in lines, comments included.
    pub lines: usize,
    /// A compile of all of it, warnings included.
    pub compile_ns: f64,
}

impl fmt::Display for CompileReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "compile of {}, {} lines: {:.3} ms",
            self.libos,
            self.lines,
            self.compile_ns / 1e6
        )
    }
}

/// Compiles the shortest sample of 200 lines or more `rounds` times. `now` is a clock in
/// nanoseconds.
///
/// # Errors
/// If there is no such sample, or it does not compile.
pub fn measure_compile(
    rounds: u32,
    mut now: impl FnMut() -> f64,
) -> Result<CompileReport, &'static str> {
    let lines = |source: &str| source.lines().count();
    let long = SAMPLES
        .iter()
        .filter(|sample| lines(sample.source) >= LINES_MIN);
    let shortest = long.min_by_key(|sample| lines(sample.source));
    let sample = shortest.ok_or("no sample is long enough")?;
    let mut compile_ns = f64::INFINITY;
    for _ in 0..rounds {
        let start = now();
        let checked = exo_policy::check(black_box(sample.source));
        compile_ns = compile_ns.min(now() - start);
        if checked.program.is_none() {
            return Err("the policy that is measured does not compile");
        }
    }
    Ok(CompileReport {
        libos: sample.name.to_owned(),
        lines: lines(sample.source),
        compile_ns,
    })
}
