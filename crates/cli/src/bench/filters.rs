//! `exo bench --filters`: packet filters, natively and in Wasm, beside libpcap's `bpf_filter`, which tries
//! one filter after the other, on the same filters and packets in the same run.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use exo_net::{capture, flows};
use exo_session::bench::{FILTER_COUNTS, FilterFigures, measure_filters};

use super::in_wasm;
use crate::Failure;

/// What is compiled against libpcap: a program that measures it.
const SOURCE: &str = include_str!("bpf_filter.c");
/// Packets that both go through.
const PACKETS: u32 = 1024;

/// Measures and prints.
pub fn filters(rounds: u32, native_only: bool) -> Result<(), Failure> {
    let start = Instant::now();
    let figures = measure_filters(rounds, || start.elapsed().as_secs_f64() * 1e9);
    let figures = figures.map_err(Failure::Run)?;
    for figures in &figures {
        say(&format!("native {figures}"));
    }
    let theirs = match libpcap(rounds) {
        Ok(theirs) => theirs,
        Err(why) => {
            say(&format!("libpcap is left out: {why}"));
            Vec::new()
        }
    };
    compare("natively", &compiled(&figures), &theirs);
    if native_only {
        return Ok(());
    }
    let lines = in_wasm("packet_filters")?;
    let wasm: Vec<(u32, f64)> = lines.iter().filter_map(|line| wasm_ns(line)).collect();
    compare("in Wasm", &wasm, &theirs);
    Ok(())
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn compiled(figures: &[FilterFigures]) -> Vec<(u32, f64)> {
    let each = figures.iter().map(|it| (it.filters, it.compiled_ns()));
    each.collect()
}

/// How often ours goes into libpcap's, and how flat ours is.
fn compare(place: &str, ours: &[(u32, f64)], theirs: &[(u32, f64)]) {
    for ((filters, ours), (_, theirs)) in ours.iter().zip(theirs) {
        say(&format!(
            "{filters} filters: libpcap {theirs:.1} ns a packet natively, compiled {ours:.2} ns {place}: {:.1} times as fast",
            theirs / ours
        ));
    }
    if let (Some((_, one)), Some((most, many))) = (ours.first(), ours.last()) {
        say(&format!(
            "{most} filters take {:.2} times as long as one {place}",
            many / one
        ));
    }
}

/// The number of filters, and nanoseconds of the compiled engine, in a line that tells of it in Wasm.
fn wasm_ns(line: &str) -> Option<(u32, f64)> {
    let (_, rest) = line.split_once("wasm packet filters, ")?;
    let (filters, rest) = rest.split_once(" of them: ")?;
    let (ns, _) = rest.split_once(" ns a packet compiled")?;
    Some((filters.parse().ok()?, ns.parse().ok()?))
}

/// Compiles and runs the program that measures libpcap. Says why not, if that cannot be.
fn libpcap(rounds: u32) -> Result<Vec<(u32, f64)>, String> {
    let folder = std::env::temp_dir().join(format!("exo-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let measured = measured(&folder, rounds);
    let _ = fs::remove_dir_all(&folder);
    measured
}

fn measured(folder: &Path, rounds: u32) -> Result<Vec<(u32, f64)>, String> {
    let (source, program) = (folder.join("bpf_filter.c"), folder.join("bpf_filter"));
    fs::write(&source, SOURCE).map_err(|error| error.to_string())?;
    let built = Command::new("cc")
        .args(["-O2", "-o"])
        .args([&program, &source])
        .arg("-lpcap")
        .stderr(Stdio::null())
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return Err(
            "it needs a C compiler and libpcap (Debian: apt-get install gcc libpcap-dev)"
                .to_owned(),
        );
    }
    let one = |filters: u32| {
        let packets = flows::packets(filters, PACKETS);
        let bytes = capture::write(packets.iter().map(Vec::as_slice));
        let lines: Vec<String> = (0..filters)
            .map(|it| flows::expression(it) + "\n")
            .collect();
        let (captured, expressions) = (folder.join("packets.pcap"), folder.join("expressions"));
        fs::write(&captured, bytes).map_err(|error| error.to_string())?;
        fs::write(&expressions, lines.concat()).map_err(|error| error.to_string())?;
        let mut command = Command::new(&program);
        command
            .args([&captured, &expressions])
            .arg(rounds.to_string());
        let output = command.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let ns = text.split(' ').next().and_then(|it| it.parse().ok());
        ns.map(|ns| (filters, ns))
            .ok_or_else(|| format!("its measurement failed with {}", output.status))
    };
    FILTER_COUNTS.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::wasm_ns;

    #[test]
    fn the_figures_are_found_in_the_browsers_output() {
        let line = "    wasm packet filters, 100 of them: 5.25 ns a packet compiled, 40.1 ns as a trie, 900.0 ns";
        assert_eq!(wasm_ns(line), Some((100, 5.25)));
        assert_eq!(wasm_ns("running 1 test"), None);
    }
}
