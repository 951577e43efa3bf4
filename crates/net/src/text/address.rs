//! Numbers and addresses as one writes them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{TextError, quoted};

/// An address with the bits of it that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Net {
    /// Address and mask.
    V4(u32, u32),
    /// Likewise.
    V6(u128, u128),
    /// A hardware address.
    Mac([u8; 6]),
}

/// A number: decimal, 0x and hexadecimal, or 0 and octal.
pub(super) fn number(word: &str) -> Option<u64> {
    let digits = |text: &str, radix| {
        let plain = text.chars().all(|it| it.is_digit(radix));
        plain
            .then(|| u64::from_str_radix(text, radix).ok())
            .flatten()
    };
    if let Some(hexadecimal) = word.strip_prefix("0x").or(word.strip_prefix("0X")) {
        return digits(hexadecimal, 16);
    }
    match word.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => digits(octal, 8),
        _ => digits(word, 10),
    }
}

/// A number of at most `most`.
pub(super) fn number_to(
    word: &str,
    most: u64,
    column: usize,
    what: &str,
) -> Result<u64, TextError> {
    match number(word) {
        Some(number) if number <= most => Ok(number),
        Some(_) => Err(TextError::new(
            column,
            format!("{} is no {what}", quoted(word)),
            format!("it may be at most {most}"),
        )),
        None => Err(TextError::new(
            column,
            format!("{} is no {what}", quoted(word)),
            "write a number: names are looked up in no list here",
        )),
    }
}

fn mac(word: &str) -> Option<[u8; 6]> {
    let mut bytes = [0; 6];
    let mut parts = word.split([':', '-']);
    for byte in &mut bytes {
        let part = parts.next()?;
        let plain = (1..=2).contains(&part.len()) && part.chars().all(|it| it.is_ascii_hexdigit());
        *byte = plain.then(|| u8::from_str_radix(part, 16).ok()).flatten()?;
    }
    parts.next().is_none().then_some(bytes)
}

/// Bits from the highest on.
fn mask(width: u32, bits: u32) -> u128 {
    let all = u128::MAX >> (128 - width);
    all & !all.checked_shr(bits).unwrap_or(0)
}

/// One to four parts of an IPv4 address; the number of parts says how many bits count.
fn dotted(word: &str) -> Option<(u32, u32)> {
    let mut address = 0;
    let mut parts = 0;
    for part in word.split('.') {
        let plain = !part.is_empty() && part.chars().all(|it| it.is_ascii_digit());
        let byte: u8 = plain.then(|| part.parse().ok()).flatten()?;
        address = address << 8 | u32::from(byte);
        parts += 1;
        if parts > 4 {
            return None;
        }
    }
    Some((address << (8 * (4 - parts)), 8 * parts))
}

/// The address of one host.
pub(super) fn host(word: &str, column: usize) -> Result<Net, TextError> {
    if let Ok(address) = word.parse::<Ipv4Addr>() {
        return Ok(Net::V4(address.to_bits(), u32::MAX));
    }
    if let Some(address) = mac(word) {
        return Ok(Net::Mac(address));
    }
    if let Ok(address) = word.parse::<Ipv6Addr>() {
        return Ok(Net::V6(address.to_bits(), u128::MAX));
    }
    let reason = format!("{} is no address", quoted(word));
    let hint = if word.contains('/') {
        "a part of the network is a `net`"
    } else {
        "write 10.0.0.1, fe80::1 or 02:00:00:00:00:01: names are looked up nowhere here"
    };
    Err(TextError::new(column, reason, hint))
}

/// A part of the network: `10`, `192.168`, `10.0.0.0/8`, `fe80::/10`.
pub(super) fn net(word: &str, column: usize) -> Result<Net, TextError> {
    let (address, bits) = match word.split_once('/') {
        Some((address, bits)) => (address, Some((bits, column + address.chars().count() + 1))),
        None => (word, None),
    };
    let length = |most: u64| match bits {
        None => Ok(None),
        Some((bits, column)) => number_to(bits, most, column, "length of a prefix").map(Some),
    };
    let net = if let Ok(address) = address.parse::<Ipv6Addr>() {
        let bits = length(128)?.unwrap_or(128) as u32;
        Net::V6(address.to_bits(), mask(128, bits))
    } else if let Some((address, given)) = dotted(address) {
        let bits = length(32)?.map_or(given, |it| it as u32);
        Net::V4(address, mask(32, bits) as u32)
    } else {
        let reason = format!("{} is no part of the network", quoted(word));
        return Err(TextError::new(
            column,
            reason,
            "write 10.0.0.0/8, 192.168 or fe80::/10",
        ));
    };
    inside(net, column)
}

/// An IPv4 network with its mask as an address.
pub(super) fn net_masked(
    word: &str,
    given: &str,
    column: usize,
    at: usize,
) -> Result<Net, TextError> {
    let Some((address, _)) = dotted(word) else {
        let reason = format!("{} is no IPv4 network", quoted(word));
        return Err(TextError::new(
            column,
            reason,
            "write `net 10.0.0.0 mask 255.0.0.0`",
        ));
    };
    let Ok(mask) = given.parse::<Ipv4Addr>() else {
        let reason = format!("{} is no mask", quoted(given));
        return Err(TextError::new(at, reason, "write it as 255.0.0.0"));
    };
    inside(Net::V4(address, mask.to_bits()), column)
}

/// A net whose address has bits only where its mask has.
fn inside(net: Net, column: usize) -> Result<Net, TextError> {
    let outside = match net {
        Net::V4(address, mask) => address & !mask != 0,
        Net::V6(address, mask) => address & !mask != 0,
        Net::Mac(_) => false,
    };
    if outside {
        let reason = "the address has bits beyond the prefix";
        return Err(TextError::new(
            column,
            reason,
            "they must be 0: 10.0.0.0/8 and not 10.1.0.0/8",
        ));
    }
    Ok(net)
}
