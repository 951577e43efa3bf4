//! What two patterns have to do with each other, decided without a packet (A46).
//!
//! Both answers err on the safe side: behind bases that move by different fields nothing is compared,
//! so that two patterns may share no packet and not be known to.

use core::cmp::Ordering;

use super::pattern::{ByteTest, Pattern};

/// Whether no packet is accepted by both, as far as can be told.
pub(super) fn disjoint(one: &Pattern, other: &Pattern) -> bool {
    for (mine, theirs) in one.segments.iter().zip(&other.segments) {
        let contradicts = |mine: &ByteTest, theirs: &ByteTest| {
            (mine.value ^ theirs.value) & mine.mask & theirs.mask != 0
        };
        if shared(&mine.bytes, &theirs.bytes).any(|(mine, theirs)| contradicts(mine, theirs)) {
            return true;
        }
        if mine.shift != theirs.shift {
            return false;
        }
    }
    false
}

/// Whether every packet that `narrow` accepts is one that `wide` accepts, as far as can be told.
pub(super) fn within(narrow: &Pattern, wide: &Pattern) -> bool {
    let last = wide.segments.len() - 1;
    for (index, theirs) in wide.segments.iter().enumerate() {
        let Some(mine) = narrow.segments.get(index) else {
            return false;
        };
        let asked = theirs.bytes.iter().filter(|it| it.mask != 0).count();
        let answered = shared(&mine.bytes, &theirs.bytes).filter(|(mine, theirs)| {
            theirs.mask != 0
                && mine.mask & theirs.mask == theirs.mask
                && mine.value & theirs.mask == theirs.value
        });
        if answered.count() != asked || mine.reach() < theirs.reach() {
            return false;
        }
        if index < last && mine.shift != theirs.shift {
            return false;
        }
    }
    true
}

/// The bytes that both look at, in order.
fn shared<'run>(
    mut mine: &'run [ByteTest],
    mut theirs: &'run [ByteTest],
) -> impl Iterator<Item = (&'run ByteTest, &'run ByteTest)> {
    core::iter::from_fn(move || {
        while let ([one, more @ ..], [other, others @ ..]) = (mine, theirs) {
            match one.offset.cmp(&other.offset) {
                Ordering::Less => mine = more,
                Ordering::Greater => theirs = others,
                Ordering::Equal => {
                    (mine, theirs) = (more, others);
                    return Some((one, other));
                }
            }
        }
        None
    })
}
