//! What an expression asks of a packet: tests of single fields, joined.

use exo_core::kernel::filter::Width;

/// Bytes of an Ethernet header.
pub(super) const LINK_BYTES: u16 = 14;

/// From where a field's offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Base {
    /// The frame's first byte.
    Frame,
    /// The first byte behind the IPv4 header, whose length is in it.
    Transport,
}

/// Bits of a field and what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) mask: u64,
    pub(super) value: u64,
}

/// A field that has one of several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) base: Base,
    pub(super) offset: u16,
    pub(super) width: Width,
    /// The values that will do, no two of which have anything in common.
    pub(super) yes: Vec<Bits>,
    /// All others.
    pub(super) no: Vec<Bits>,
}

impl Test {
    /// The bits of the mask have the value.
    pub(super) fn equal(base: Base, offset: u16, width: Width, mask: u64, value: u64) -> Test {
        let mask = mask & width.full();
        Test::within(base, offset, width, mask, (value, value))
    }

    /// The bits of the mask lie between two values, both included. An end that is not of the mask's
    /// bits alone is taken to the next inside.
    pub(super) fn within(
        base: Base,
        offset: u16,
        width: Width,
        mask: u64,
        (least, most): (u64, u64),
    ) -> Test {
        let count = mask.count_ones();
        let top = u64::MAX.checked_shr(64 - count).unwrap_or(0);
        let first = first_not_below(mask, least);
        let last = most
            .checked_add(1)
            .map_or(Some(top), |it| match first_not_below(mask, it) {
                Some(behind) => behind.checked_sub(1),
                None => Some(top),
            });
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        match (first, last) {
            (Some(first), Some(last)) if first <= last => {
                prefixes(count, first, last, &mut yes);
                if let Some(before) = first.checked_sub(1) {
                    prefixes(count, 0, before, &mut no);
                }
                if last < top {
                    prefixes(count, last + 1, top, &mut no);
                }
            }
            _ => prefixes(count, 0, top, &mut no),
        }
        let spread_out = |bits: Bits| Bits {
            mask: spread(bits.mask, mask),
            value: spread(bits.value, mask),
        };
        Test {
            base,
            offset,
            width,
            yes: yes.into_iter().map(spread_out).collect(),
            no: no.into_iter().map(spread_out).collect(),
        }
    }

    /// The opposite.
    pub(super) fn not(self) -> Test {
        Test {
            yes: self.no,
            no: self.yes,
            ..self
        }
    }
}

/// Puts the low bits of a number where the mask has bits.
fn spread(mut packed: u64, mut mask: u64) -> u64 {
    let mut value = 0;
    while mask != 0 {
        let lowest = mask & mask.wrapping_neg();
        if packed & 1 != 0 {
            value |= lowest;
        }
        packed >>= 1;
        mask ^= lowest;
    }
    value
}

/// How many values of the mask's bits are less than `value`, which is the packed number of the first
/// that is not; none if all are less.
fn first_not_below(mask: u64, value: u64) -> Option<u64> {
    let count = mask.count_ones();
    let top = u64::MAX.checked_shr(64 - count).unwrap_or(0);
    if spread(top, mask) < value {
        return None;
    }
    // The packed numbers are in the order of their values.
    let (mut low, mut high) = (0, top);
    while low < high {
        let middle = low + (high - low) / 2;
        if spread(middle, mask) < value {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// Covers a range of `count`-bit numbers by prefixes, as few as there can be.
fn prefixes(count: u32, first: u64, last: u64, found: &mut Vec<Bits>) {
    let all = u64::MAX.checked_shr(64 - count).unwrap_or(0);
    let mut from = first;
    loop {
        // The largest aligned block that begins here and does not reach too far.
        let mut size = from.trailing_zeros().min(count);
        while size > 0 && (all.checked_shr(count - size).unwrap_or(0)) > last - from {
            size -= 1;
        }
        let inside = all.checked_shr(count - size).unwrap_or(0);
        found.push(Bits {
            mask: all & !inside,
            value: from,
        });
        match from.checked_add(inside).and_then(|it| it.checked_add(1)) {
            Some(next) if next <= last => from = next,
            _ => return,
        }
    }
}

/// What a packet must be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// A field has one of the values.
    Test(Test),
    /// The packet has at least so many bytes. Its opposite is no pattern; the column is for saying so.
    Longer { bytes: u16, column: usize },
    /// Both, the first one looked at first.
    And(Box<Expression>, Box<Expression>),
    /// Either.
    Or(Box<Expression>, Box<Expression>),
    /// Not.
    Not(Box<Expression>),
    /// Any packet.
    Any,
}

impl Expression {
    pub(super) fn and(self, other: Expression) -> Expression {
        Expression::And(Box::new(self), Box::new(other))
    }

    pub(super) fn or(self, other: Expression) -> Expression {
        Expression::Or(Box::new(self), Box::new(other))
    }

    pub(super) fn not(self) -> Expression {
        Expression::Not(Box::new(self))
    }

    /// A field of the frame.
    pub(super) fn frame(offset: u16, width: Width, value: u64) -> Expression {
        Expression::Test(Test::equal(Base::Frame, offset, width, u64::MAX, value))
    }

    /// A field of what the frame carries.
    pub(super) fn carried(offset: u16, width: Width, value: u64) -> Expression {
        Expression::frame(LINK_BYTES + offset, width, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a number has one of the bits.
    fn has(bits: &[Bits], number: u64) -> bool {
        let fitting = bits
            .iter()
            .filter(|it| number & it.mask == it.value)
            .count();
        assert!(fitting <= 1, "{number} fits {fitting} of {bits:?}");
        fitting == 1
    }

    #[test]
    fn a_range_under_a_mask_holds_exactly_the_numbers_between() {
        for mask in [0_u64, 1, 0x0f, 0xff, 0xa5, 0x80] {
            for least in 0..=20 {
                for most in [0, 3, 4, 9, 0x80, 0xa4, 0xff] {
                    let test = Test::within(Base::Frame, 0, Width::One, mask, (least, most));
                    for number in 0..=255 {
                        let inside = (least..=most).contains(&(number & mask));
                        assert_eq!(
                            has(&test.yes, number),
                            inside,
                            "{mask:x} {least} {most} {number}"
                        );
                        assert_eq!(has(&test.no, number), !inside);
                    }
                }
            }
        }
    }

    #[test]
    fn a_field_of_eight_bytes_and_its_opposite_have_one_and_64_patterns() {
        let test = Test::equal(Base::Frame, 0, Width::Eight, u64::MAX, 7);
        assert_eq!((test.yes.len(), test.no.len()), (1, 64));
        let port = Test::within(Base::Frame, 0, Width::Two, 0xffff, (1, 0xfffe));
        assert_eq!((port.yes.len(), port.no.len()), (30, 2));
    }
}
