//! Values of keys: numbers, times, addresses, lists.

use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use exo_net::frames::Mac;

use super::ConfigError;
use super::build::is_one;
use crate::clock::Clock;

/// The most bytes that a packet of Ethernet carries behind the headers of IPv4 and UDP.
const SIZE_MAX: u16 = 1472;
/// The longest path of a file.
const PATH_BYTES_MAX: usize = 1024;
/// The longest name, as name servers have it.
const NAME_BYTES_MAX: usize = 253;

/// Keys with their values. What is not given is left as it is.
pub(super) struct Reader<'run> {
    pub(super) pairs: &'run [(&'run str, &'run str)],
    pub(super) clock: Clock,
}

/// What is wrong with a value.
fn wrong(key: &str, value: &str, right: &str) -> ConfigError {
    ConfigError(format!("`{key}` is {value:?}, and should be {right}"))
}

/// A time in cycles: a number, or one with a unit behind it.
fn time(text: &str, clock: Clock) -> Option<u64> {
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let number = digits.trim().parse().ok()?;
    match text.get(digits.len()..)? {
        "" => Some(number),
        "us" => Some(clock.cycles(number, 1_000_000)),
        "ms" => Some(clock.cycles(number, 1000)),
        "s" => Some(clock.cycles(number, 1)),
        _ => None,
    }
}

/// A hardware address of one station.
fn mac(text: &str) -> Option<Mac> {
    let mut bytes = Vec::new();
    for part in text.split(':') {
        let digits = part.len() == 2 && part.bytes().all(|it| it.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(part, 16).ok().filter(|_| digits)?);
    }
    let mac: Mac = bytes.try_into().ok()?;
    (mac[0] & 1 == 0).then_some(mac)
}

/// An address of one station.
fn address(text: &str) -> Option<Ipv4Addr> {
    let address = text.parse().ok()?;
    is_one(address).then_some(address)
}

impl<'run> Reader<'run> {
    fn value(&self, key: &str) -> Option<&'run str> {
        let found = self.pairs.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| value.trim())
    }

    /// The parts of a list, with commas between them.
    fn list(&self, key: &str) -> Option<Vec<&'run str>> {
        let value = self.value(key)?;
        Some(value.split(',').map(str::trim).collect())
    }

    pub(super) fn optional<T: TryFrom<u64>>(
        &self,
        key: &str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let number = value.parse().ok().filter(|it| range.contains(it));
        let number = number.and_then(|it| T::try_from(it).ok());
        let right = match (*range.start(), *range.end()) {
            (first, u64::MAX) => format!("a number from {first} on"),
            (first, last) => format!("a number from {first} to {last}"),
        };
        number.map(Some).ok_or_else(|| wrong(key, value, &right))
    }

    pub(super) fn number<T: TryFrom<u64>>(
        &self,
        key: &str,
        range: RangeInclusive<u64>,
        place: &mut T,
    ) -> Result<(), ConfigError> {
        if let Some(number) = self.optional(key, range)? {
            *place = number;
        }
        Ok(())
    }

    /// Reads a time that is not less than `min`; says whether there is one.
    pub(super) fn time(&self, key: &str, min: u64, place: &mut u64) -> Result<bool, ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(false);
        };
        let right = match min {
            0 => "a time: cycles, or a number with us, ms or s behind it, such as 10ms",
            _ => {
                "a time that is not 0: cycles, or a number with us, ms or s behind it, such as 10ms"
            }
        };
        let time = time(value, self.clock).filter(|it| *it >= min);
        *place = time.ok_or_else(|| wrong(key, value, right))?;
        Ok(true)
    }

    pub(super) fn address(&self, key: &str, place: &mut Ipv4Addr) -> Result<(), ConfigError> {
        if let Some(value) = self.value(key) {
            let right = "the IPv4 address of one station, such as 10.0.0.1";
            *place = address(value).ok_or_else(|| wrong(key, value, right))?;
        }
        Ok(())
    }

    /// Reads an address that may have the length of its network behind a slash.
    pub(super) fn network(
        &self,
        key: &str,
        place: &mut Ipv4Addr,
        prefix: &mut u8,
    ) -> Result<(), ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(());
        };
        let (head, bits) = match value.split_once('/') {
            Some((head, bits)) => (head, bits.parse().ok().filter(|it| *it <= 32)),
            None => (value, Some(*prefix)),
        };
        let right = "the IPv4 address of one station, such as 10.0.0.2 or 10.0.0.2/24";
        let both = address(head).zip(bits);
        (*place, *prefix) = both.ok_or_else(|| wrong(key, value, right))?;
        Ok(())
    }

    pub(super) fn mac(&self, key: &str, place: &mut Mac) -> Result<(), ConfigError> {
        if let Some(value) = self.value(key) {
            let right = "the hardware address of one station, such as 02:00:00:00:00:02";
            *place = mac(value).ok_or_else(|| wrong(key, value, right))?;
        }
        Ok(())
    }

    pub(super) fn sizes(&self, key: &str, place: &mut Vec<u16>) -> Result<(), ConfigError> {
        let Some(list) = self.list(key) else {
            return Ok(());
        };
        let size = |part: &&str| part.parse().ok().filter(|it| *it <= SIZE_MAX);
        let sizes: Option<Vec<u16>> = list.iter().map(size).collect();
        let right = format!("numbers of bytes, at most {SIZE_MAX}, with commas between them");
        *place = sizes.ok_or_else(|| wrong(key, &list.join(", "), &right))?;
        Ok(())
    }

    pub(super) fn path(&self, key: &str, place: &mut String) -> Result<(), ConfigError> {
        if let Some(value) = self.value(key) {
            let plain = value.bytes().all(|it| it.is_ascii_graphic());
            let right = format!(
                "a path: a slash, then printable letters without spaces, at most {PATH_BYTES_MAX} bytes"
            );
            if !plain || !value.starts_with('/') || value.len() > PATH_BYTES_MAX {
                return Err(wrong(key, value, &right));
            }
            *place = value.to_owned();
        }
        Ok(())
    }

    pub(super) fn names(&self, key: &str, place: &mut Vec<String>) -> Result<(), ConfigError> {
        let Some(list) = self.list(key) else {
            return Ok(());
        };
        let label = |it: &str| {
            (1..=63).contains(&it.len())
                && it
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || it == b'-')
        };
        let right = |it: &&str| it.len() <= NAME_BYTES_MAX && it.split('.').all(label);
        if let Some(bad) = list.iter().find(|it| !right(it)) {
            let right = "names such as exo.test: letters, digits and - with dots between at most 63 of them, and commas between names";
            return Err(wrong(key, bad, right));
        }
        *place = list.into_iter().map(str::to_owned).collect();
        Ok(())
    }

    /// Reads words out of those that are known.
    pub(super) fn words(
        &self,
        key: &str,
        known: &[&str],
        place: &mut Vec<String>,
    ) -> Result<(), ConfigError> {
        let Some(list) = self.list(key) else {
            return Ok(());
        };
        if let Some(bad) = list.iter().find(|it| !known.contains(it)) {
            let right = format!("some of {}, with commas between them", known.join(", "));
            return Err(wrong(key, bad, &right));
        }
        *place = list.into_iter().map(str::to_owned).collect();
        Ok(())
    }

    /// Reads how many of each protocol there are.
    pub(super) fn weights(&self, key: &str, place: &mut [u32; 4]) -> Result<(), ConfigError> {
        let Some(list) = self.list(key) else {
            return Ok(());
        };
        let names = ["tcp", "udp", "icmp", "arp"];
        let mut weights = [0; 4];
        let right =
            "protocols with numbers up to 1000, not all 0, such as tcp 4, udp 3, icmp 2, arp 1";
        for part in &list {
            let (name, number) = part.split_once(' ').unwrap_or((part, ""));
            let at = names.iter().position(|it| *it == name);
            let number = number.trim().parse().ok().filter(|it| *it <= 1000);
            match at.and_then(|at| weights.get_mut(at)).zip(number) {
                Some((place, number)) => *place = number,
                None => return Err(wrong(key, part, right)),
            }
        }
        if weights == [0; 4] {
            return Err(wrong(key, &list.join(", "), right));
        }
        *place = weights;
        Ok(())
    }

    /// Reads a fraction above 0: a number, or two with a slash between them.
    pub(super) fn fraction(&self, key: &str, place: &mut (u64, u64)) -> Result<(), ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(());
        };
        let (above, below) = value.split_once('/').unwrap_or((value, "1"));
        let number = |text: &str| {
            text.trim()
                .parse()
                .ok()
                .filter(|it| (1..=1_000_000).contains(it))
        };
        let right = "a number such as 2, or a fraction such as 1/10, of numbers from 1 to 1000000";
        let both = number(above).zip(number(below));
        *place = both.ok_or_else(|| wrong(key, value, right))?;
        Ok(())
    }

    pub(super) fn text(&self, key: &str, place: &mut String) {
        if let Some(value) = self.value(key) {
            *place = value.to_owned();
        }
    }
}
