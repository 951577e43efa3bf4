//! Folds 64-bit addresses into the machine's 32: each distinct region of 16 MiB gets the next place.

/// Distinct regions that fit a 32-bit address space.
const REGIONS_MAX: usize = 256;
/// log2 of a region's size in bytes.
const REGION_BITS: u32 = 24;

/// Regions in order of first touch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Regions {
    seen: Vec<u64>,
    /// The region of the last address and its place; programs stay where they are for a while.
    last: Option<(u64, u32)>,
}

impl Regions {
    /// The 32-bit address of `address`; none if that would be region number 257.
    pub(crate) fn map(&mut self, address: u64) -> Option<u32> {
        let region = address >> REGION_BITS;
        let place = match self.last {
            Some((last, place)) if last == region => place,
            _ => self.place(region)?,
        };
        self.last = Some((region, place));
        let low = address as u32 & ((1 << REGION_BITS) - 1);
        Some(place << REGION_BITS | low)
    }

    fn place(&mut self, region: u64) -> Option<u32> {
        if let Some(place) = self.seen.iter().position(|seen| *seen == region) {
            return Some(place as u32);
        }
        if self.seen.len() == REGIONS_MAX {
            return None;
        }
        self.seen.push(region);
        Some(self.seen.len() as u32 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Regions;

    #[test]
    fn regions_are_numbered_by_first_touch_and_keep_their_low_bits() {
        let mut regions = Regions::default();
        assert_eq!(regions.map(0x1f_fe00_0123), Some(0x0000_0123));
        assert_eq!(regions.map(0x0401_5860), Some(0x0101_5860));
        assert_eq!(regions.map(0x1f_feff_ff90), Some(0x00ff_ff90));
    }

    #[test]
    fn the_257th_region_is_refused_and_the_others_still_map() {
        let mut regions = Regions::default();
        assert!((0..256).all(|region| regions.map(region << 24).is_some()));
        assert_eq!(regions.map(256 << 24), None);
        assert_eq!(regions.map(3 << 24), Some(3 << 24));
    }
}
