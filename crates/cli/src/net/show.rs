//! Verdicts as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exo_core::kernel::filter::{Engine, Verdict};
use exo_net::pcapng::{Record, Writer};
use exo_net::{Capture, FilterFile, Line, Packet};
use exo_session::explain::grouped;
use serde_json::json;

use crate::{Failure, print};

/// A packet with its verdict and the filter that has it.
type Row<'run> = (&'run Packet<'run>, Verdict, Option<&'run Line>);

fn rows<'run>(
    file: &'run FilterFile,
    capture: &'run Capture<'run>,
    engine: Engine,
) -> impl Iterator<Item = Row<'run>> {
    capture.packets.iter().map(move |packet| {
        let verdict = file.set.classify(engine, packet.bytes);
        let line = verdict.accepted.and_then(|(id, _)| file.line(id));
        (packet, verdict, line)
    })
}

/// Prints an object a line: number, length, verdict, filter (its line), owner, cycles.
pub fn objects(file: &FilterFile, capture: &Capture<'_>, engine: Engine) -> Result<(), Failure> {
    let lines = rows(file, capture, engine).map(|(packet, verdict, line)| {
        let object = json!({
            "number": packet.number,
            "length": packet.length,
            "verdict": if line.is_some() { "accepted" } else { "dropped" },
            "filter": line.map(|it| it.line),
            "owner": line.map(|it| &it.owner),
            "cycles": verdict.cycles,
        });
        object.to_string()
    });
    let lines: Vec<String> = lines.collect();
    match lines.is_empty() {
        true => Ok(()),
        false => print(&lines.join("\n")),
    }
}

/// The same as a capture, with a comment on each packet.
pub fn commented(file: &FilterFile, capture: &Capture<'_>, engine: Engine) -> Vec<u8> {
    let mut writer = Writer::new("capture");
    for (packet, _, line) in rows(file, capture, engine) {
        let comment = match line {
            Some(line) => format!(
                "claimed by {}: line {}: {}",
                line.owner, line.line, line.expression
            ),
            None => "dropped: no filter accepts it".to_owned(),
        };
        writer.packet(&Record {
            nanoseconds: packet.nanoseconds,
            direction: None,
            length: packet.length,
            bytes: packet.bytes,
            comment: &comment,
        });
    }
    writer.finish()
}

/// The same for people, with a summary.
pub fn table(file: &FilterFile, capture: &Capture<'_>, engine: Engine) -> String {
    let mut text = format!(
        "{:>7} {:>7} {:16} {:>8}  filter\n",
        "packet", "length", "owner", "cycles"
    );
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut packets, mut cycles) = (0, 0);
    for (packet, verdict, line) in rows(file, capture, engine) {
        let owner = line.map_or("nobody", |it| &it.owner);
        let _ = write!(
            text,
            "{:>7} {:>7} {owner:16} {:>8}",
            packet.number,
            packet.length,
            grouped(verdict.cycles.into())
        );
        if let Some(line) = line {
            let _ = write!(text, "  line {}: {}", line.line, line.expression);
        }
        text.push('\n');
        *counts.entry(owner).or_default() += 1;
        packets += 1;
        cycles += u64::from(verdict.cycles);
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(owner, count)| format!("{owner} {}", grouped(*count)))
        .collect();
    let owners = if counts.is_empty() {
        String::new()
    } else {
        format!(": {}", counts.join(", "))
    };
    let _ = write!(
        text,
        "{} packets{owners}\n{} filters, {} places in the trie; {} engine: {} cycles, {:.1} a packet",
        grouped(packets),
        file.lines.len(),
        grouped(file.set.nodes() as u64),
        engine.name(),
        grouped(cycles),
        cycles as f64 / (packets as f64).max(1.0)
    );
    text
}
