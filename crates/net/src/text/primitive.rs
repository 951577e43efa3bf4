//! What tcpdump's words mean on Ethernet: hosts, networks, ports, protocols.

use exo_core::kernel::filter::Width;

use super::TextError;
use super::address::Net;
use super::expression::{Base, Expression, LINK_BYTES, Test};

pub(super) const IP: u64 = 0x0800;
pub(super) const ARP: u64 = 0x0806;
pub(super) const RARP: u64 = 0x8035;
pub(super) const IP6: u64 = 0x86dd;

pub(super) const ICMP: u64 = 1;
pub(super) const IGMP: u64 = 2;
pub(super) const TCP: u64 = 6;
pub(super) const UDP: u64 = 17;
const FRAGMENT: u64 = 44;
pub(super) const ICMP6: u64 = 58;
pub(super) const SCTP: u64 = 132;

/// Bytes of an IPv6 header.
const IP6_BYTES: u16 = 40;

/// Which end of a packet is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Source,
    Destination,
    /// One of both.
    Either,
    /// Both.
    Both,
}

impl Direction {
    /// Joins what is asked of the source with what is asked of the destination.
    fn join(self, source: Expression, destination: Expression) -> Expression {
        match self {
            Direction::Source => source,
            Direction::Destination => destination,
            Direction::Either => source.or(destination),
            Direction::Both => source.and(destination),
        }
    }
}

pub(super) fn ether_type(number: u64) -> Expression {
    Expression::frame(12, Width::Two, number)
}

pub(super) fn ip() -> Expression {
    ether_type(IP)
}

pub(super) fn ip6() -> Expression {
    ether_type(IP6)
}

/// The protocol field of an IPv4 header.
pub(super) fn ip_protocol(number: u64) -> Expression {
    Expression::carried(9, Width::One, number)
}

/// Not a later fragment of an IPv4 packet, which has no ports.
pub(super) fn first_fragment() -> Expression {
    let offset = LINK_BYTES + 6;
    Expression::Test(Test::equal(Base::Frame, offset, Width::Two, 0x1fff, 0))
}

/// IPv6 with that header next, or behind that of a fragment.
pub(super) fn ip6_protocol(number: u64) -> Expression {
    let behind = Expression::carried(6, Width::One, FRAGMENT).and(Expression::carried(
        IP6_BYTES,
        Width::One,
        number,
    ));
    ip6().and(Expression::carried(6, Width::One, number).or(behind))
}

/// IPv4 with that protocol.
pub(super) fn ip4_protocol(number: u64) -> Expression {
    ip().and(ip_protocol(number))
}

/// Either version of IP with that protocol.
pub(super) fn protocol(number: u64) -> Expression {
    ip4_protocol(number).or(ip6_protocol(number))
}

/// A word that stands for packets of a protocol; none if it is no such word.
pub(super) fn alone(word: &str) -> Option<Expression> {
    Some(match word {
        "ip" => ip(),
        "ip6" => ip6(),
        "arp" => ether_type(ARP),
        "rarp" => ether_type(RARP),
        "tcp" => protocol(TCP),
        "udp" => protocol(UDP),
        "sctp" => protocol(SCTP),
        "icmp" => ip4_protocol(ICMP),
        "igmp" => ip4_protocol(IGMP),
        "icmp6" => ip6_protocol(ICMP6),
        _ => return None,
    })
}

/// The number of a protocol within IP that has a name.
pub(super) fn protocol_number(word: &str) -> Option<u64> {
    Some(match word {
        "icmp" => ICMP,
        "igmp" => IGMP,
        "tcp" => TCP,
        "udp" => UDP,
        "sctp" => SCTP,
        "icmp6" => ICMP6,
        _ => return None,
    })
}

/// The type of a frame that has a name.
pub(super) fn ether_number(word: &str) -> Option<u64> {
    Some(match word {
        "ip" => IP,
        "ip6" => IP6,
        "arp" => ARP,
        "rarp" => RARP,
        _ => return None,
    })
}

/// Bits of an IPv4 address at an offset in what the frame carries; without bits nothing is read.
fn v4(offset: u16, address: u32, mask: u32) -> Expression {
    if mask == 0 {
        return Expression::Any;
    }
    let (mask, value) = (u64::from(mask), u64::from(address));
    let offset = LINK_BYTES + offset;
    Expression::Test(Test::equal(Base::Frame, offset, Width::Four, mask, value))
}

fn v6(offset: u16, address: u128, mask: u128) -> Expression {
    let half = |offset: u16, address: u64, mask: u64| {
        Expression::Test(Test::equal(
            Base::Frame,
            LINK_BYTES + offset,
            Width::Eight,
            mask,
            address,
        ))
    };
    let high = half(offset, (address >> 64) as u64, (mask >> 64) as u64);
    match mask as u64 {
        0 if mask == 0 => Expression::Any,
        0 => high,
        low => high.and(half(offset + 8, address as u64, low)),
    }
}

/// A hardware address at an offset of the frame.
pub(super) fn mac(offset: u16, address: [u8; 6]) -> Expression {
    let [one, two, three, four, five, six] = address.map(u64::from);
    let high = Expression::frame(
        offset,
        Width::Four,
        one << 24 | two << 16 | three << 8 | four,
    );
    high.and(Expression::frame(offset + 4, Width::Two, five << 8 | six))
}

/// Packets of a kind with an IPv4 address at one of two offsets.
fn of_kind(
    kind: u64,
    (source, destination): (u16, u16),
    direction: Direction,
    net: (u32, u32),
) -> Expression {
    let (address, mask) = net;
    let ends = direction.join(v4(source, address, mask), v4(destination, address, mask));
    ether_type(kind).and(ends)
}

/// A host or a part of the network, of a protocol or of all that have such addresses.
pub(super) fn address(
    protocol: Option<&str>,
    direction: Direction,
    net: Net,
    column: usize,
) -> Result<Expression, TextError> {
    let ip = |net| of_kind(IP, (12, 16), direction, net);
    let arp = |kind, net| of_kind(kind, (14, 24), direction, net);
    match (protocol, net) {
        (None, Net::V4(address, mask)) => {
            let net = (address, mask);
            Ok(ip(net).or(arp(ARP, net)).or(arp(RARP, net)))
        }
        (Some("ip"), Net::V4(address, mask)) => Ok(ip((address, mask))),
        (Some("arp"), Net::V4(address, mask)) => Ok(arp(ARP, (address, mask))),
        (Some("rarp"), Net::V4(address, mask)) => Ok(arp(RARP, (address, mask))),
        (None | Some("ip6"), Net::V6(address, mask)) => {
            let ends = direction.join(v6(8, address, mask), v6(24, address, mask));
            Ok(ip6().and(ends))
        }
        (Some("ether"), Net::Mac(address)) => Ok(direction.join(mac(6, address), mac(0, address))),
        (None, Net::Mac(_)) => Err(TextError::new(
            column,
            "this is a hardware address",
            "write `ether host` and the address",
        )),
        (Some(protocol), _) => Err(TextError::new(
            column,
            format!("{protocol} has no such address"),
            "ip and arp have 10.0.0.1, ip6 has fe80::1, ether has 02:00:00:00:00:01",
        )),
    }
}

/// Ports between two, of a protocol or of all that have ports.
pub(super) fn ports(
    protocol: Option<&str>,
    direction: Direction,
    range: (u64, u64),
    column: usize,
) -> Result<Expression, TextError> {
    let numbers: &[u64] = match protocol {
        None => &[TCP, UDP, SCTP],
        Some("tcp") => &[TCP],
        Some("udp") => &[UDP],
        Some("sctp") => &[SCTP],
        Some(other) => {
            let reason = format!("{other} has no ports");
            return Err(TextError::new(column, reason, "tcp, udp and sctp have"));
        }
    };
    let port =
        |base, offset| Expression::Test(Test::within(base, offset, Width::Two, 0xffff, range));
    let ends = |base, offset| direction.join(port(base, offset), port(base, offset + 2));
    let any = |of: &dyn Fn(u64) -> Expression| {
        let all = numbers.iter().map(|number| of(*number));
        all.reduce(Expression::or).unwrap_or(Expression::Any)
    };
    let four = ip()
        .and(any(&ip_protocol))
        .and(first_fragment())
        .and(ends(Base::Transport, 0));
    let six = ip6()
        .and(any(&|number| Expression::carried(6, Width::One, number)))
        .and(ends(Base::Frame, LINK_BYTES + IP6_BYTES));
    Ok(four.or(six))
}

/// Frames for everyone, or for a group.
pub(super) fn cast(
    protocol: Option<&str>,
    word: &str,
    column: usize,
) -> Result<Expression, TextError> {
    match (protocol, word) {
        (None | Some("ether"), "broadcast") => Ok(mac(0, [0xff; 6])),
        (None | Some("ether"), "multicast") => Ok(Expression::Test(Test::equal(
            Base::Frame,
            0,
            Width::One,
            1,
            1,
        ))),
        (Some("ip"), "multicast") => {
            let field = Test::within(Base::Frame, LINK_BYTES + 16, Width::One, 0xff, (224, 255));
            Ok(ip().and(Expression::Test(field)))
        }
        (Some("ip6"), "multicast") => Ok(ip6().and(Expression::carried(24, Width::One, 255))),
        (Some(protocol), _) => Err(TextError::new(
            column,
            format!("`{protocol} {word}` is not in the subset"),
            "there are broadcast, multicast, ip multicast and ip6 multicast",
        )),
        (None, _) => Err(TextError::new(
            column,
            format!("`{word}` means nothing here"),
            "take it out",
        )),
    }
}
