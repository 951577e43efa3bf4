//! Verdicts as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exo_core::kernel::filter::Engine;
use exo_net::pcapng::{Record, Writer};
use exo_net::verdicts::VerdictRow;
use exo_net::{Capture, FilterFile};
use exo_session::explain::grouped;

use crate::{Failure, print};

fn rows<'run>(
    file: &'run FilterFile,
    capture: &'run Capture<'run>,
    engine: Engine,
) -> impl Iterator<Item = VerdictRow<'run>> {
    capture.packets.iter().map(move |packet| {
        let verdict = file.set.classify(engine, packet.bytes);
        VerdictRow::new(file, packet.number, packet.length, verdict)
    })
}

/// Prints an object a line: number, length, verdict, filter (its line), owner, cycles.
pub fn objects(file: &FilterFile, capture: &Capture<'_>, engine: Engine) -> Result<(), Failure> {
    let lines: Vec<String> = rows(file, capture, engine).map(|it| it.json()).collect();
    match lines.is_empty() {
        true => Ok(()),
        false => print(&lines.join("\n")),
    }
}

/// The same as a capture, with a comment on each packet.
pub fn commented(file: &FilterFile, capture: &Capture<'_>, engine: Engine) -> Vec<u8> {
    let mut writer = Writer::new("capture");
    for (packet, row) in capture.packets.iter().zip(rows(file, capture, engine)) {
        let comment = match row.line {
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
    for row in rows(file, capture, engine) {
        let owner = row.line.map_or("nobody", |it| &it.owner);
        let _ = write!(
            text,
            "{:>7} {:>7} {owner:16} {:>8}",
            row.number,
            row.length,
            grouped(row.cycles.into())
        );
        if let Some(line) = row.line {
            let _ = write!(text, "  line {}: {}", line.line, line.expression);
        }
        text.push('\n');
        *counts.entry(owner).or_default() += 1;
        packets += 1;
        cycles += u64::from(row.cycles);
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
