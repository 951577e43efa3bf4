//! What is right on the wire: Ethernet and ARP.

use std::net::Ipv4Addr;

use super::Decoder;
use crate::frames::{BROADCAST, Mac};

const HEADER_BYTES: usize = 14;
/// Smaller numbers in the place of a type are the length of an old kind of frame.
const TYPE_MIN: u16 = 0x0600;

/// A hardware address as people write it.
fn address(mac: Mac) -> String {
    let [a, b, c, d, e, f] = mac;
    let text = format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}");
    match mac {
        BROADCAST => format!("{text} (broadcast)"),
        [first, ..] if first & 1 == 1 => format!("{text} (a group)"),
        _ => text,
    }
}

/// The name of what a frame carries.
fn type_name(kind: u16) -> Option<&'static str> {
    Some(match kind {
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x8035 => "RARP",
        0x8100 => "VLAN tag",
        0x86dd => "IPv6",
        _ => return None,
    })
}

impl Decoder<'_> {
    /// The whole frame.
    pub(super) fn ethernet(&mut self) -> Option<()> {
        self.header("Ethernet", 0, HEADER_BYTES)?;
        let (destination, source) = (self.array(0)?, self.array(6)?);
        let kind = self.u16(12)?;
        self.field("destination", 0..6, address(destination));
        self.field("source", 6..12, address(source));
        let ends = format!("{} > {}", address(source), address(destination));
        if kind < TYPE_MIN {
            self.field("length", 12..14, kind);
            self.line = format!("Ethernet {ends}, length {kind}");
            return None;
        }
        let name = type_name(kind);
        let shown = name.map_or(format!("0x{kind:04x}"), |it| format!("{it} (0x{kind:04x})"));
        self.line = format!("Ethernet {ends}, type {shown}");
        self.field("type", 12..14, shown);
        match kind {
            0x0800 => self.ipv4(HEADER_BYTES),
            0x0806 => self.arp(HEADER_BYTES),
            0x86dd => self.ipv6(HEADER_BYTES),
            _ => None,
        }
    }

    /// A question for an address, or an answer.
    fn arp(&mut self, at: usize) -> Option<()> {
        self.header("ARP", at, 28)?;
        let (hardware, protocol) = (self.u16(at)?, self.u16(at + 2)?);
        let sizes: [u8; 2] = self.array(at + 4)?;
        let operation = self.u16(at + 6)?;
        self.field(
            "hardware",
            at..at + 2,
            match hardware {
                1 => "Ethernet (1)".to_owned(),
                other => other.to_string(),
            },
        );
        self.field("protocol", at + 2..at + 4, format!("0x{protocol:04x}"));
        self.field(
            "sizes of addresses",
            at + 4..at + 6,
            format!("{} and {}", sizes[0], sizes[1]),
        );
        let name = match operation {
            1 => Some("question"),
            2 => Some("answer"),
            _ => None,
        };
        self.field(
            "operation",
            at + 6..at + 8,
            super::named(operation.into(), name),
        );
        if (hardware, protocol, sizes) != (1, 0x0800, [6, 4]) {
            self.line = format!("ARP, operation {operation}");
            let text = "only ARP of IPv4 over Ethernet is read here".to_owned();
            self.wrong(at..at + 6, text);
            return None;
        }
        let (sender, target) = (self.array(at + 8)?, self.array(at + 18)?);
        let ends = [at + 14, at + 24].map(|at| self.array::<4>(at));
        let [asker, asked] = [Ipv4Addr::from(ends[0]?), Ipv4Addr::from(ends[1]?)];
        self.field("sender", at + 8..at + 14, address(sender));
        self.field("sender's address", at + 14..at + 18, asker);
        self.field("target", at + 18..at + 24, address(target));
        self.field("target's address", at + 24..at + 28, asked);
        self.line = match operation {
            1 => format!("ARP who has {asked}? Tell {asker}"),
            2 => format!("ARP {asker} is at {}", address(sender)),
            other => format!("ARP operation {other}, {asker} to {asked}"),
        };
        self.end = at + 28;
        Some(())
    }
}
