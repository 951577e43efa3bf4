//! What goes from network to network: IPv4, the fixed header of IPv6, and ICMP.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Decoder, named};
use crate::frames::checksum;

/// From where to where a packet goes, and what of it its contents are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) source: IpAddr,
    pub(super) destination: IpAddr,
    protocol: u8,
    /// Whether more than these bytes belongs to the contents: then nothing can be said of their length.
    pub(super) fragment: bool,
}

impl Ends {
    /// The two addresses, for a line.
    pub(super) fn line(&self) -> String {
        format!("{} > {}", self.source, self.destination)
    }

    /// The sum over contents and the addresses that go into it, with the checksum's place left as it is:
    /// 0 if the checksum is right.
    pub(super) fn sum(&self, contents: &[&[u8]]) -> u16 {
        let length = contents.iter().map(|it| it.len()).sum::<usize>() as u32;
        let mut parts: Vec<&[u8]> = Vec::new();
        let (four, six);
        match (self.source, self.destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                four = [source.octets(), destination.octets()];
                parts.extend(four.iter().map(|it| &it[..]));
            }
            (source, destination) => {
                let wide = |it| match it {
                    IpAddr::V4(it) => Ipv4Addr::to_ipv6_mapped(&it),
                    IpAddr::V6(it) => it,
                };
                six = [wide(source).octets(), wide(destination).octets()];
                parts.extend(six.iter().map(|it| &it[..]));
            }
        }
        let length = length.to_be_bytes();
        let protocol = [0, self.protocol];
        parts.extend([&length[..], &protocol]);
        parts.extend(contents);
        checksum(&parts)
    }
}

/// The name of what a packet carries.
fn protocol_name(protocol: u8) -> Option<&'static str> {
    Some(match protocol {
        1 => "ICMP",
        2 => "IGMP",
        6 => "TCP",
        17 => "UDP",
        58 => "ICMPv6",
        132 => "SCTP",
        _ => return None,
    })
}

/// What a message of the kind is.
fn icmp_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "echo reply",
        3 => "destination unreachable",
        5 => "redirect",
        8 => "echo request",
        11 => "time exceeded",
        12 => "parameter problem",
        _ => return None,
    })
}

/// Why a destination is not reached.
fn unreachable_name(code: u8) -> Option<&'static str> {
    Some(match code {
        0 => "network",
        1 => "host",
        2 => "protocol",
        3 => "port",
        4 => "fragmentation needed",
        _ => return None,
    })
}

impl Decoder<'_> {
    /// An IPv4 packet.
    pub(super) fn ipv4(&mut self, at: usize) -> Option<()> {
        self.header("IPv4", at, 20)?;
        let header = self.ipv4_lengths(at)?;
        self.field("identification", at + 4..at + 6, self.u16(at + 4)?);
        let part = self.u16(at + 6)?;
        let (offset, more) = (usize::from(part & 0x1fff) * 8, part & 0x2000 != 0);
        let flags = [
            (part & 0x8000, "reserved"),
            (part & 0x4000, "do not fragment"),
            (part & 0x2000, "more fragments"),
        ];
        let flags: Vec<&str> = flags
            .into_iter()
            .filter(|it| it.0 != 0)
            .map(|it| it.1)
            .collect();
        self.field(
            "flags",
            at + 6..at + 7,
            if flags.is_empty() {
                "none".to_owned()
            } else {
                flags.join(", ")
            },
        );
        self.field("fragment offset", at + 6..at + 8, format!("{offset} bytes"));
        self.field("time to live", at + 8..at + 9, self.u8(at + 8)?);
        let protocol = self.u8(at + 9)?;
        self.field(
            "protocol",
            at + 9..at + 10,
            named(protocol.into(), protocol_name(protocol)),
        );
        let (before, behind) = (self.bytes(at..at + 10)?, self.bytes(at + 12..at + header)?);
        self.checksum(at + 10, self.u16(at + 10)?, checksum(&[before, behind]));
        let [source, destination] = [at + 12, at + 16].map(|at| self.array::<4>(at));
        let ends = Ends {
            source: IpAddr::from(source?),
            destination: IpAddr::from(destination?),
            protocol,
            fragment: more || offset > 0,
        };
        self.field("source", at + 12..at + 16, ends.source);
        self.field("destination", at + 16..at + 20, ends.destination);
        if header > 20 {
            self.field(
                "options",
                at + 20..at + header,
                format!("{} bytes", header - 20),
            );
        }
        let name = protocol_name(protocol).map_or(format!("protocol {protocol}"), str::to_owned);
        self.line = format!("IPv4 {}, {name}", ends.line());
        if offset > 0 {
            let bytes = self.end.saturating_sub(at + header);
            self.line = format!(
                "IPv4 {}, fragment of {name}, {bytes} bytes at {offset}",
                ends.line()
            );
            return None;
        }
        self.carried(at + header, ends)
    }

    /// The first fields of an IPv4 header, how long it is, and where the packet ends.
    fn ipv4_lengths(&mut self, at: usize) -> Option<usize> {
        let first = self.u8(at)?;
        let (version, header) = (first >> 4, usize::from(first & 15) * 4);
        self.field("version", at..at + 1, version);
        self.field("header length", at..at + 1, format!("{header} bytes"));
        self.field(
            "type of service",
            at + 1..at + 2,
            format!("0x{:02x}", self.u8(at + 1)?),
        );
        let total = usize::from(self.u16(at + 2)?);
        self.field("total length", at + 2..at + 4, format!("{total} bytes"));
        self.line = "IPv4, malformed".to_owned();
        if version != 4 {
            self.wrong(
                at..at + 1,
                format!("the version is {version} and should be 4"),
            );
            return None;
        }
        if header < 20 {
            self.wrong(
                at..at + 1,
                format!("the header length is {header} bytes, and the least is 20"),
            );
            return None;
        }
        let there = self.end - at;
        if total < header {
            let text =
                format!("the total length is {total} bytes, less than the header's {header}");
            self.wrong(at + 2..at + 4, text);
            return None;
        }
        if total > there {
            let text = format!("the total length is {total} bytes, and {there} are there");
            self.wrong(at + 2..at + 4, text);
        } else {
            self.end = at + total;
        }
        self.lengthen(header);
        if header > there {
            let text = format!("the header length is {header} bytes, and {there} are there");
            self.wrong(at..at + 1, text);
            return None;
        }
        Some(header)
    }

    /// An IPv6 packet, of which the fixed header is read.
    pub(super) fn ipv6(&mut self, at: usize) -> Option<()> {
        self.header("IPv6", at, 40)?;
        let version = self.u8(at)? >> 4;
        self.field("version", at..at + 1, version);
        let length = usize::from(self.u16(at + 4)?);
        self.field("payload length", at + 4..at + 6, format!("{length} bytes"));
        let protocol = self.u8(at + 6)?;
        self.field(
            "next header",
            at + 6..at + 7,
            named(protocol.into(), protocol_name(protocol)),
        );
        self.field("hop limit", at + 7..at + 8, self.u8(at + 7)?);
        let [source, destination] = [at + 8, at + 24].map(|at| self.array::<16>(at));
        let ends = Ends {
            source: Ipv6Addr::from(source?).into(),
            destination: Ipv6Addr::from(destination?).into(),
            protocol,
            fragment: false,
        };
        self.field("source", at + 8..at + 24, ends.source);
        self.field("destination", at + 24..at + 40, ends.destination);
        self.line = format!("IPv6 {}, next header {protocol}", ends.line());
        if version != 6 {
            self.wrong(
                at..at + 1,
                format!("the version is {version} and should be 6"),
            );
            return None;
        }
        let there = self.end - at - 40;
        if length > there {
            let text = format!("the payload length is {length} bytes, and {there} are there");
            self.wrong(at + 4..at + 6, text);
        } else {
            self.end = at + 40 + length;
        }
        self.carried(at + 40, ends)
    }

    /// What a packet carries.
    fn carried(&mut self, at: usize, ends: Ends) -> Option<()> {
        match (ends.protocol, ends.source) {
            (1, IpAddr::V4(_)) => self.icmp(at, ends),
            (6, _) => self.tcp(at, ends),
            (17, _) => self.udp(at, ends),
            _ => None,
        }
    }

    /// A message about the network.
    fn icmp(&mut self, at: usize, ends: Ends) -> Option<()> {
        self.header("ICMP", at, 8)?;
        let (kind, code) = (self.u8(at)?, self.u8(at + 1)?);
        let name = icmp_name(kind);
        self.field("type", at..at + 1, named(kind.into(), name));
        let reason = unreachable_name(code).filter(|_| kind == 3);
        self.field("code", at + 1..at + 2, named(code.into(), reason));
        if ends.fragment {
            self.field(
                "checksum",
                at + 2..at + 4,
                format!("0x{:04x}", self.u16(at + 2)?),
            );
        } else {
            let (before, behind) = (self.bytes(at..at + 2)?, self.bytes(at + 4..self.end)?);
            self.checksum(at + 2, self.u16(at + 2)?, checksum(&[before, behind]));
        }
        let bytes = self.end - at - 8;
        let name = name.map_or(format!("type {kind}"), str::to_owned);
        self.line = format!("ICMP {name} {}, {bytes} bytes", ends.line());
        if let Some(reason) = reason {
            self.line = format!("ICMP {name} {}, {reason}", ends.line());
        }
        if kind == 0 || kind == 8 {
            let (identifier, number) = (self.u16(at + 4)?, self.u16(at + 6)?);
            self.field("identifier", at + 4..at + 6, identifier);
            self.field("sequence number", at + 6..at + 8, number);
            self.line = format!(
                "ICMP {name} {}, number {number}, {bytes} bytes",
                ends.line()
            );
        }
        Some(())
    }
}
