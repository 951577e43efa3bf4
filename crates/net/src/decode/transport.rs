//! What goes from port to port: UDP and TCP.

use std::net::SocketAddr;

use super::Decoder;
use super::internet::Ends;

const FLAGS: [(u8, &str); 8] = [
    (0x02, "SYN"),
    (0x10, "ACK"),
    (0x01, "FIN"),
    (0x04, "RST"),
    (0x08, "PSH"),
    (0x20, "URG"),
    (0x40, "ECE"),
    (0x80, "CWR"),
];

/// From which port to which.
fn ports(ends: Ends, source: u16, destination: u16) -> String {
    let source = SocketAddr::new(ends.source, source);
    let destination = SocketAddr::new(ends.destination, destination);
    format!("{source} > {destination}")
}

impl Decoder<'_> {
    /// A UDP datagram.
    pub(super) fn udp(&mut self, at: usize, ends: Ends) -> Option<()> {
        self.header("UDP", at, 8)?;
        let (source, destination) = (self.u16(at)?, self.u16(at + 2)?);
        let (length, check) = (usize::from(self.u16(at + 4)?), self.u16(at + 6)?);
        self.field("source port", at..at + 2, source);
        self.field("destination port", at + 2..at + 4, destination);
        self.field("length", at + 4..at + 6, format!("{length} bytes"));
        let between = ports(ends, source, destination);
        let there = self.end - at;
        self.line = format!("UDP {between}, {} bytes", length.saturating_sub(8));
        if length < 8 {
            self.line = format!("UDP {between}, malformed");
            self.wrong(
                at + 4..at + 6,
                format!("the length is {length} bytes, and the least is 8"),
            );
            return None;
        }
        let whole = length <= there;
        if whole {
            self.end = at + length;
        } else if !ends.fragment {
            let text = format!("the length is {length} bytes, and {there} are there");
            self.wrong(at + 4..at + 6, text);
        }
        if check == 0 {
            self.field("checksum", at + 6..at + 8, "none");
        } else if whole {
            let (before, behind) = (self.bytes(at..at + 6)?, self.bytes(at + 8..self.end)?);
            let right = match ends.sum(&[before, &[0, 0], behind]) {
                0 => 0xffff,
                right => right,
            };
            self.checksum(at + 6, check, right);
        } else {
            self.field("checksum", at + 6..at + 8, format!("0x{check:04x}"));
        }
        if source == 53 || destination == 53 {
            return self.dns(at + 8, &between);
        }
        Some(())
    }

    /// A TCP segment.
    pub(super) fn tcp(&mut self, at: usize, ends: Ends) -> Option<()> {
        self.header("TCP", at, 20)?;
        let (source, destination) = (self.u16(at)?, self.u16(at + 2)?);
        let (number, acknowledged) = (self.u32(at + 4)?, self.u32(at + 8)?);
        let (header, flags) = (usize::from(self.u8(at + 12)? >> 4) * 4, self.u8(at + 13)?);
        self.field("source port", at..at + 2, source);
        self.field("destination port", at + 2..at + 4, destination);
        self.field("sequence number", at + 4..at + 8, number);
        self.field("acknowledgment number", at + 8..at + 12, acknowledged);
        self.field("header length", at + 12..at + 13, format!("{header} bytes"));
        let names = FLAGS.iter().filter(|(bit, _)| flags & bit != 0);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        let names = if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(" ")
        };
        self.field("flags", at + 13..at + 14, &names);
        self.field(
            "window",
            at + 14..at + 16,
            format!("{} bytes", self.u16(at + 14)?),
        );
        let (check, urgent) = (self.u16(at + 16)?, self.u16(at + 18)?);
        if ends.fragment {
            self.field("checksum", at + 16..at + 18, format!("0x{check:04x}"));
        } else {
            let (before, behind) = (self.bytes(at..at + 16)?, self.bytes(at + 18..self.end)?);
            let right = ends.sum(&[before, &[0, 0], behind]);
            self.checksum(at + 16, check, right);
        }
        self.field("urgent pointer", at + 18..at + 20, urgent);
        let between = ports(ends, source, destination);
        let there = self.end - at;
        self.line = format!("TCP {between} [{names}], malformed");
        if header < 20 || header > there {
            let text = if header < 20 {
                format!("the header length is {header} bytes, and the least is 20")
            } else {
                format!("the header length is {header} bytes, and {there} are there")
            };
            self.wrong(at + 12..at + 13, text);
            return None;
        }
        self.lengthen(header);
        self.tcp_options(at + 20, at + header);
        let bytes = there - header;
        self.line = format!("TCP {between} [{names}], number {number}, {bytes} bytes");
        if flags & 0x10 != 0 {
            let rest = format!("acknowledges {acknowledged}, {bytes} bytes");
            self.line = format!("TCP {between} [{names}], number {number}, {rest}");
        }
        self.http(at + header, &between);
        Some(())
    }

    /// The options of a TCP header, up to one that has no sense.
    fn tcp_options(&mut self, mut at: usize, end: usize) {
        while at < end {
            let Some(kind) = self.u8(at) else { return };
            let length = match kind {
                0 => {
                    self.field("option", at..end, "end of options");
                    return;
                }
                1 => 1,
                _ => self.u8(at + 1).map_or(0, usize::from),
            };
            if length == 0 || (kind != 1 && length < 2) || at + length > end {
                let text = format!(
                    "option {kind} has {length} bytes, and {} are there",
                    end - at
                );
                self.wrong(at..end, text);
                return;
            }
            let value = match (kind, length) {
                (1, _) => "nothing".to_owned(),
                (2, 4) => format!("largest segment {} bytes", self.u16(at + 2).unwrap_or(0)),
                (3, 3) => format!("window scale {}", self.u8(at + 2).unwrap_or(0)),
                (4, 2) => "selective acknowledgment permitted".to_owned(),
                (5, _) => format!("selective acknowledgment of {} blocks", (length - 2) / 8),
                (8, 10) => {
                    let [sent, seen] = [at + 2, at + 6].map(|at| self.u32(at).unwrap_or(0));
                    format!("timestamp {sent}, echoes {seen}")
                }
                _ => format!("kind {kind}, {length} bytes"),
            };
            self.field("option", at..at + length, value);
            at += length;
        }
    }
}
