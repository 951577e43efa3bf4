//! Single words: what is not in the subset, ranges of ports, protocols by number.

use super::expression::Expression;
use super::primitive::{self, Direction};
use super::{TextError, address, quoted, relation};

/// Words of the language that are not in the subset, and why.
pub(super) fn refuse_known(word: &str, column: usize) -> Result<(), TextError> {
    let why = match word {
        "vlan" | "mpls" | "pppoed" | "pppoes" | "geneve" => {
            "it moves the fields of everything behind it; ask for the bytes: `ether[12:2] = 0x8100`"
        }
        "gateway" => "it needs names of hosts; write `ether host … and not host …`",
        "protochain" => "it needs a loop, and a filter has none (A47)",
        "inbound" | "outbound" | "ifname" | "on" => "a frame on the wire does not say so",
        "wlan" | "fddi" | "tr" | "ppp" | "slip" | "atalk" | "decnet" | "iso" | "stp" | "ipx"
        | "netbeui" => "only Ethernet with IP, IPv6 and ARP is",
        _ => return Ok(()),
    };
    Err(TextError::new(
        column,
        format!("{} is not in the subset", quoted(word)),
        why,
    ))
}

/// Two ports with `-` between them.
pub(super) fn range(word: &str, column: usize) -> Result<(u64, u64), TextError> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let behind = column + first.chars().count() + 1;
    let first = address::number_to(first, 65_535, column, "port")?;
    let last = address::number_to(last, 65_535, behind, "port")?;
    // tcpdump takes a range in either order.
    Ok((first.min(last), first.max(last)))
}

/// A protocol by its number.
pub(super) fn proto(
    protocol: Option<&str>,
    direction: Direction,
    word: &str,
    column: usize,
) -> Result<Expression, TextError> {
    if direction != Direction::Either {
        return Err(TextError::new(
            column,
            "a protocol has no source and no destination",
            "take `src` or `dst` out",
        ));
    }
    let name = word.strip_prefix('\\').unwrap_or(word);
    match protocol {
        Some("ether") => {
            let number = match primitive::ether_number(name) {
                Some(number) => number,
                None => address::number_to(name, 0xffff, column, "type of a frame")?,
            };
            if number <= 1500 {
                let reason = format!("{number} is a length and no type of a frame");
                return Err(TextError::new(
                    column,
                    reason,
                    "types begin at 1536; `ether[12:2]` can be asked for",
                ));
            }
            Ok(primitive::ether_type(number))
        }
        None | Some("ip" | "ip6") => {
            let number = match primitive::protocol_number(name) {
                Some(number) => number,
                None => address::number_to(name, 255, column, "protocol")?,
            };
            Ok(match protocol {
                Some("ip") => primitive::ip4_protocol(number),
                Some(_) => primitive::ip6_protocol(number),
                None => primitive::protocol(number),
            })
        }
        Some(other) => Err(TextError::new(
            column,
            format!("`{other} proto` is not in the subset"),
            if relation::has_fields(other) {
                "`ip proto`, `ip6 proto` and `ether proto` are, and its fields"
            } else {
                "`ip proto`, `ip6 proto` and `ether proto` are"
            },
        )),
    }
}
