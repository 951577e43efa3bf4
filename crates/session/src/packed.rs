//! A trace packed for the way to a reader: a quarter of what the same trace takes as compressed text.
//!
//! ```text
//! zlib of:  lines skipped, distinct pages, references           each a number
//!           one byte a reference: 0 fetch, 1 load, 2 store, 3 modify
//!           for each reference, how far its address lies from the one that is expected: a number
//! ```
//! First come the distances of all fetches, then of the others. A fetch is expected where the last one was; another
//! reference where the one was that came as far behind a fetch from the same address (`Expected`). A
//! number is written seven bits a byte, the lowest first, with the top bit set in all bytes but the last; a
//! distance as twice itself, or as twice its negative less one.

use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;

use crate::scenario::NamedTrace;
use crate::zlib;

/// What is said of a packed trace that cannot be read.
const DAMAGED: &str = "the packed trace was damaged on its way here";
/// The most bytes that are unpacked.
const BYTES_MAX: usize = 64 << 20;

/// Packs a trace of a file's whole stream, of pages of 4 KiB.
#[cfg(test)]
fn pack(trace: &NamedTrace) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in [
        trace.skipped_lines,
        trace.pages.into(),
        trace.trace.length(),
    ] {
        put(&mut bytes, number);
    }
    bytes.extend(trace.trace.iter().map(|(_, kind)| kind as u8));
    let (mut fetches, mut others) = (Vec::new(), Vec::new());
    let mut expected = Expected::default();
    for (address, kind) in trace.trace.iter() {
        let fetch = kind == ReferenceKind::Fetch;
        let place = if fetch { &mut fetches } else { &mut others };
        let distance = i64::from(address) - i64::from(expected.address(fetch));
        put(place, ((distance << 1) ^ (distance >> 63)) as u64);
        expected.came(fetch, address);
    }
    bytes.extend(fetches);
    bytes.extend(others);
    zlib::pack(&bytes).unwrap()
}

/// Unpacks a trace, under a name.
///
/// # Errors
/// A sentence; nothing was unpacked.
pub(crate) fn unpack(name: &str, packed: &[u8]) -> Result<NamedTrace, &'static str> {
    let bytes = zlib::unpack(packed, BYTES_MAX).map_err(|_| DAMAGED)?;
    unpacked(name, &bytes).ok_or(DAMAGED)
}

fn unpacked(name: &str, bytes: &[u8]) -> Option<NamedTrace> {
    let mut rest = bytes;
    let mut number = || next(&mut rest);
    let (skipped_lines, pages, length) = (number()?, number()?, number()?);
    let (kinds, mut rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let fetches = kinds.iter().filter(|kind| **kind == 0).count();
    let mut others = rest;
    for _ in 0..fetches {
        next(&mut others)?;
    }
    let mut expected = Expected::default();
    let mut trace = Trace::new();
    for kind in kinds {
        let fetch = *kind == 0;
        let number = next(if fetch { &mut rest } else { &mut others })?;
        let distance = (number >> 1) as i64 ^ -((number & 1) as i64);
        let address = i64::from(expected.address(fetch)).checked_add(distance)?;
        let address = u32::try_from(address).ok()?;
        trace.push(address, kind_of(*kind)?);
        expected.came(fetch, address);
    }
    others.is_empty().then(|| NamedTrace {
        skipped_lines,
        ..NamedTrace::made(name, trace, u32::try_from(pages).unwrap_or(u32::MAX))
    })
}

/// log2 of how many addresses of references other than fetches are remembered.
const SLOTS_BITS: u32 = 16;

/// Where the next reference is expected.
struct Expected {
    fetch: u32,
    /// Addresses by where the fetch before was, and how far behind it they came.
    slots: Vec<u32>,
    slot: usize,
}

impl Default for Expected {
    fn default() -> Expected {
        Expected {
            fetch: 0,
            slots: vec![0; 1 << SLOTS_BITS],
            slot: 0,
        }
    }
}

impl Expected {
    fn address(&self, fetch: bool) -> u32 {
        let slot = || self.slots.get(self.slot).copied();
        if fetch {
            self.fetch
        } else {
            slot().unwrap_or(0)
        }
    }

    fn came(&mut self, fetch: bool, address: u32) {
        if fetch {
            self.fetch = address;
            // Knuth's multiplier spreads addresses that lie close together.
            self.slot = (address.wrapping_mul(2_654_435_761) >> (32 - SLOTS_BITS)) as usize;
        } else {
            if let Some(slot) = self.slots.get_mut(self.slot) {
                *slot = address;
            }
            self.slot = (self.slot + 1) % self.slots.len();
        }
    }
}

fn kind_of(number: u8) -> Option<ReferenceKind> {
    Some(match number {
        0 => ReferenceKind::Fetch,
        1 => ReferenceKind::Load,
        2 => ReferenceKind::Store,
        3 => ReferenceKind::Modify,
        _ => return None,
    })
}

#[cfg(test)]
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn next(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{pack, unpack};
    use crate::scenario::{NamedTrace, sample_trace};
    use crate::trace_file::{ReadOptions, read_trace};

    fn captured() -> NamedTrace {
        let bytes = include_bytes!("../../../static/dash.lackey.gz");
        read_trace(&bytes[..], "dash", &ReadOptions::default()).unwrap()
    }

    fn same(one: &NamedTrace, other: &NamedTrace) {
        assert!(one.trace.iter().eq(other.trace.iter()));
        assert_eq!(one.trace.length(), other.trace.length());
        assert_eq!(one.pages, other.pages);
        assert_eq!(one.skipped_lines, other.skipped_lines);
        assert_eq!((&one.name, one.stream), (&other.name, other.stream));
        assert_eq!(
            (one.page_bits, one.truncated),
            (other.page_bits, other.truncated)
        );
    }

    /// With `UPDATE_EXPECT=1` the packed file is made anew from the captured one.
    #[test]
    fn the_trace_that_comes_along_is_the_one_that_was_captured() {
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/dash.trace");
            return std::fs::write(path, pack(&captured())).unwrap();
        }
        same(&sample_trace().unwrap(), &captured());
    }

    #[test]
    fn what_was_packed_is_unpacked_and_damage_is_told() {
        let whole = captured();
        let packed = pack(&whole);
        assert!(packed.len() < 75_000, "{} bytes", packed.len());
        same(&unpack("dash", &packed).unwrap(), &whole);
        for damaged in [&packed[..packed.len() / 2], &packed[1..], &[][..]] {
            assert!(unpack("dash", damaged).unwrap_err().contains("damaged"));
        }
    }
}
