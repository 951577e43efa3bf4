//! Parts of a machine as people write them.

use exo_core::hw::{DiskFault, Replacement, TlbConfig};

/// Reads the shape of a TLB: `full:64:lru`, `16x4:fifo`, `direct:64`; random unless said.
///
/// # Errors
/// A sentence that says what is wrong and what would be right.
pub fn parse_tlb(text: &str) -> Result<TlbConfig, String> {
    let wrong = |what: &str| {
        format!(
            "{text:?} is not a TLB: {what}; write full:ENTRIES:POLICY, SETSxWAYS:POLICY or \
             direct:ENTRIES, where POLICY is random, fifo or lru, like full:64:random or 16x4:lru"
        )
    };
    let number = |digits: &str| {
        let value = digits.parse::<u32>().ok().filter(|value| *value > 0);
        value.ok_or_else(|| wrong(&format!("{digits:?} is not a number of entries")))
    };
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let (sets, ways) = match first {
        "full" => (1, number(parts.next().unwrap_or_default())?),
        "direct" => (number(parts.next().unwrap_or_default())?, 1),
        _ => {
            let (sets, ways) = first
                .split_once('x')
                .ok_or_else(|| wrong("its structure is unknown"))?;
            (number(sets)?, number(ways)?)
        }
    };
    let replacement = match parts.next() {
        None | Some("random") => Replacement::Random,
        Some("fifo") => Replacement::Fifo,
        Some("lru") => Replacement::Lru,
        Some(other) => return Err(wrong(&format!("there is no replacement {other:?}"))),
    };
    if parts.next().is_some() {
        return Err(wrong("there is too much of it"));
    }
    Ok(TlbConfig {
        sets,
        ways,
        replacement,
    })
}

/// Reads which transfers of the disk fail: `3`, the third; `3..`, that and all after it.
///
/// # Errors
/// A sentence that says what would be right.
pub fn parse_disk_fault(text: &str) -> Result<DiskFault, String> {
    let (digits, for_ever) = match text.strip_suffix("..") {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    match digits.parse() {
        Ok(transfer) if transfer > 0 => Ok(DiskFault { transfer, for_ever }),
        _ => Err("write a number from 1 on, or one with .. behind: 3, 3..".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use exo_core::hw::{Replacement, TlbConfig};

    use super::parse_tlb;

    #[test]
    fn the_shapes_of_a_tlb_are_read_as_people_write_them() {
        let tlb = |sets, ways, replacement| {
            Ok(TlbConfig {
                sets,
                ways,
                replacement,
            })
        };
        assert_eq!(parse_tlb("full:64:random"), tlb(1, 64, Replacement::Random));
        assert_eq!(parse_tlb("full:8"), tlb(1, 8, Replacement::Random));
        assert_eq!(parse_tlb("16x4:lru"), tlb(16, 4, Replacement::Lru));
        assert_eq!(parse_tlb("direct:64"), tlb(64, 1, Replacement::Random));
        assert_eq!(parse_tlb("direct:64:fifo"), tlb(64, 1, Replacement::Fifo));
    }

    #[test]
    fn a_wrong_shape_is_answered_with_what_would_be_right() {
        for text in [
            "",
            "full",
            "full:0",
            "4",
            "4x",
            "full:64:mru",
            "full:64:lru:x",
            "x4:lru",
        ] {
            let answer = parse_tlb(text).unwrap_err();
            assert!(answer.contains("16x4:lru"), "{text}: {answer}");
        }
    }
}
