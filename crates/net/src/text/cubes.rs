//! From an expression to conjunctions: or is a union, and a product, not the opposite of each field.

use std::collections::BTreeMap;

use exo_core::kernel::filter::{Atom, Pattern, Width};
use exo_core::limits::FILTER_PATTERNS_MAX;

use super::TextError;
use super::expression::{Base, Bits, Expression, LINK_BYTES, Test};

/// Conjunctions that there may be on the way.
const CUBES_MAX: usize = 4 * FILTER_PATTERNS_MAX;
/// Pairs of conjunctions that are joined or compared, in all.
const PAIRS_MAX: usize = 4_000_000;

/// A conjunction: bytes by base and offset, which of their bits, and what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cube {
    bytes: BTreeMap<(Base, u16), (u8, u8)>,
}

impl Cube {
    /// Both; none if they contradict each other.
    fn and(&self, other: &Cube) -> Option<Cube> {
        let mut both = self.clone();
        for (place, (mask, value)) in &other.bytes {
            let known = both.bytes.entry(*place).or_default();
            if (known.1 ^ value) & known.0 & mask != 0 {
                return None;
            }
            *known = (known.0 | mask, known.1 | value);
        }
        Some(both)
    }

    /// Whether it asks for everything that the other does, and so accepts nothing else.
    fn within(&self, wide: &Cube) -> bool {
        wide.bytes.iter().all(|(place, (mask, value))| {
            let mine = self.bytes.get(place);
            mine.is_some_and(|(own, own_value)| own & mask == *mask && own_value & mask == *value)
        })
    }

    fn of(test: &Test, bits: &Bits) -> Cube {
        let count = test.width.bytes();
        let bytes = (0..count).map(|index| {
            let down = 8 * u32::from(count - 1 - index);
            let place = (test.base, test.offset + index);
            (
                place,
                ((bits.mask >> down) as u8, (bits.value >> down) as u8),
            )
        });
        Cube {
            bytes: bytes.collect(),
        }
    }

    fn pattern(&self) -> Option<Pattern> {
        let mut atoms = Vec::new();
        let mut base = Base::Frame;
        let mut rest: Vec<_> = self.bytes.iter().collect();
        while let Some((first, _)) = rest.first() {
            let (at, offset) = **first;
            if at != base {
                base = at;
                atoms.push(Atom::Shift {
                    offset: LINK_BYTES,
                    width: Width::One,
                    mask: 0x0f,
                    shift: 2,
                });
                atoms.push(Atom::Advance(LINK_BYTES));
            }
            // Neighbours together, as atoms are counted.
            let run = (0..rest.len()).take_while(|it| {
                let (place, _) = rest[*it];
                place.0 == at && usize::from(place.1 - offset) == *it
            });
            let width = match run.take(8).count() {
                1 => Width::One,
                2..4 => Width::Two,
                4..8 => Width::Four,
                _ => Width::Eight,
            };
            let field = rest.drain(..usize::from(width.bytes()));
            let (mask, value) = field.fold((0, 0), |(mask, value), (_, byte)| {
                (
                    mask << 8 | u64::from(byte.0),
                    value << 8 | u64::from(byte.1),
                )
            });
            atoms.push(Atom::Equal {
                offset,
                width,
                mask,
                value,
            });
        }
        Pattern::new(&atoms).ok()
    }
}

/// The patterns of an expression.
pub(super) fn patterns(expression: &Expression) -> Result<Vec<Pattern>, TextError> {
    let mut work = Work { pairs: 0 };
    let found = work.sides(expression, true, false)?;
    let cubes = work.kept(found.yes)?;
    if cubes.len() > FILTER_PATTERNS_MAX {
        return Err(too_many());
    }
    let patterns: Option<Vec<Pattern>> = cubes.iter().map(Cube::pattern).collect();
    let patterns = patterns.ok_or_else(|| {
        TextError::new(
            1,
            "it looks at too many fields at once",
            "leave some of them out",
        )
    })?;
    if patterns.is_empty() {
        let hint = "its parts exclude each other";
        return Err(TextError::new(1, "no packet can match it", hint));
    }
    Ok(patterns)
}

fn too_many() -> TextError {
    TextError::new(
        1,
        format!("it takes more than {FILTER_PATTERNS_MAX} patterns"),
        "`not` of an address takes one for each bit of it, and `and` multiplies: leave out a `not`, or say which \
         protocol is meant",
    )
}

/// The conjunctions of an expression and of its opposite; those that nobody asked for are left out.
#[derive(Default)]
struct Sides {
    yes: Vec<Cube>,
    no: Vec<Cube>,
}

/// What has been done so far.
struct Work {
    pairs: usize,
}

impl Work {
    /// Goes through an expression once. What is looked at first is looked at in the opposite too, so
    /// that a packet that ends before it is on neither side.
    fn sides(&mut self, expression: &Expression, yes: bool, no: bool) -> Result<Sides, TextError> {
        let mut sides = Sides::default();
        match expression {
            Expression::Any => sides.yes.push(Cube::default()),
            Expression::Test(test) => {
                let of = |bits: &[Bits]| bits.iter().map(|it| Cube::of(test, it)).collect();
                (sides.yes, sides.no) = (of(&test.yes), of(&test.no));
            }
            Expression::Longer { column, .. } if no => {
                return Err(TextError::new(
                    *column,
                    "a filter cannot ask for a packet to be short",
                    "it looks at bytes and cannot see that there is none; `greater N` and `len >= N` can be asked",
                ));
            }
            Expression::Longer { bytes, .. } => {
                let last = bytes
                    .checked_sub(1)
                    .map(|last| ((Base::Frame, last), (0, 0)));
                let bytes = last.into_iter().collect();
                sides.yes.push(Cube { bytes });
            }
            Expression::Not(inner) => {
                let inner = self.sides(inner, no, yes)?;
                (sides.yes, sides.no) = (inner.no, inner.yes);
            }
            Expression::And(one, other) => {
                let first = self.sides(one, true, no)?;
                let second = self.sides(other, yes, no)?;
                if yes {
                    sides.yes = self.product(&first.yes, &second.yes)?;
                }
                if no {
                    let rest = self.product(&first.yes, &second.no)?;
                    sides.no = self.union(first.no, rest)?;
                }
            }
            Expression::Or(one, other) => {
                let first = self.sides(one, yes, no)?;
                let second = self.sides(other, yes, no)?;
                if no {
                    sides.no = self.product(&first.no, &second.no)?;
                }
                if yes {
                    sides.yes = self.union(first.yes, second.yes)?;
                }
            }
        }
        Ok(sides)
    }

    /// Counts pairs of conjunctions.
    fn spend(&mut self, pairs: usize) -> Result<(), TextError> {
        self.pairs = self.pairs.saturating_add(pairs);
        if self.pairs > PAIRS_MAX {
            return Err(too_many());
        }
        Ok(())
    }

    fn union(&mut self, mut one: Vec<Cube>, other: Vec<Cube>) -> Result<Vec<Cube>, TextError> {
        one.extend(other);
        if one.len() > CUBES_MAX {
            one = self.kept(one)?;
        }
        if one.len() > CUBES_MAX {
            return Err(too_many());
        }
        Ok(one)
    }

    fn product(&mut self, one: &[Cube], other: &[Cube]) -> Result<Vec<Cube>, TextError> {
        self.spend(one.len().saturating_mul(other.len()))?;
        let mut found = Vec::new();
        for mine in one {
            found.extend(other.iter().filter_map(|theirs| mine.and(theirs)));
            if found.len() > CUBES_MAX {
                return Err(too_many());
            }
        }
        Ok(found)
    }

    /// Drops conjunctions that another one covers.
    fn kept(&mut self, cubes: Vec<Cube>) -> Result<Vec<Cube>, TextError> {
        let mut kept: Vec<Cube> = Vec::with_capacity(cubes.len());
        for cube in cubes {
            self.spend(kept.len() / 4)?;
            if kept.iter().any(|it| cube.within(it)) {
                continue;
            }
            kept.retain(|it| !it.within(&cube));
            kept.push(cube);
        }
        Ok(kept)
    }
}
