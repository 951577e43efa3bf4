//! One conjunction of atoms, in a form that is the same however it was written.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use crate::limits::{PATTERN_ATOMS_MAX, PATTERN_SHIFTS_MAX};

/// How many bytes of a packet a field has. The first byte is the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// One byte.
    One,
    /// Two bytes.
    Two,
    /// Four bytes.
    Four,
    /// Eight bytes.
    Eight,
}

impl Width {
    /// The number of bytes.
    pub fn bytes(self) -> u16 {
        match self {
            Width::One => 1,
            Width::Two => 2,
            Width::Four => 4,
            Width::Eight => 8,
        }
    }

    /// Words of 32 bits that a load of it takes.
    pub(super) fn words(self) -> u32 {
        match self {
            Width::Eight => 2,
            _ => 1,
        }
    }

    /// The mask that lets every bit through.
    pub fn full(self) -> u64 {
        u64::MAX >> (64 - 8 * u32::from(self.bytes()))
    }
}

/// What a filter asks of a packet (A49). Offsets count from a base, which is the packet's first byte
/// until an atom moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    /// The field, of which only the bits of the mask are looked at, has that value.
    Equal {
        /// Bytes from the base to the field.
        offset: u16,
        /// Its width.
        width: Width,
        /// Which of its bits are looked at.
        mask: u64,
        /// What they must be.
        value: u64,
    },
    /// The base moves on by the masked field times 2^`shift`: a header whose length is in the packet.
    Shift {
        /// Bytes from the base to the field.
        offset: u16,
        /// Its width.
        width: Width,
        /// Which of its bits count.
        mask: u64,
        /// log2 of what the field is multiplied by.
        shift: u8,
    },
    /// The base moves on by so many bytes.
    Advance(u16),
}

/// Why atoms make no pattern. Nothing was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// No packet has such bytes: two atoms want different values of one bit, or one wants a value
    /// outside its mask.
    Never,
    /// There are more than [`PATTERN_ATOMS_MAX`] atoms.
    TooLong,
    /// More than [`PATTERN_SHIFTS_MAX`] atoms shift.
    TooManyShifts,
    /// A field lies more than 65,535 bytes behind the base, or a shift multiplies by more than 2^8.
    TooFar,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::Never => f.write_str("no packet can match it"),
            PatternError::TooLong => {
                write!(f, "it has more than {PATTERN_ATOMS_MAX} atoms")
            }
            PatternError::TooManyShifts => {
                write!(f, "it shifts more than {PATTERN_SHIFTS_MAX} times")
            }
            PatternError::TooFar => {
                f.write_str("a field lies too far behind, or is shifted too far")
            }
        }
    }
}

impl core::error::Error for PatternError {}

/// The largest `shift` of an atom.
const SHIFT_MAX: u8 = 8;

/// A field of the packet, by its place behind the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    pub(super) offset: u16,
    pub(super) width: Width,
    pub(super) mask: u64,
}

impl Field {
    /// Its masked value; none if it is not wholly within the packet.
    pub(super) fn read(self, packet: &[u8], base: u32) -> Option<u64> {
        let at = base.checked_add(u32::from(self.offset))?;
        let rest = packet.get(usize::try_from(at).ok()?..)?;
        let value = match self.width {
            Width::One => u64::from(*rest.first()?),
            Width::Two => u64::from(u16::from_be_bytes(*rest.first_chunk()?)),
            Width::Four => u64::from(u32::from_be_bytes(*rest.first_chunk()?)),
            Width::Eight => u64::from_be_bytes(*rest.first_chunk()?),
        };
        Some(value & self.mask)
    }
}

/// A step of a canonical pattern. Tests come before the shift that leaves their base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The field must have a value.
    Test(Field),
    /// The base moves on by the field times 2^`shift`.
    Shift(Field, u8),
}

/// One byte that is looked at: its offset, which bits, and what they must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ByteTest {
    pub(super) offset: u16,
    pub(super) mask: u8,
    pub(super) value: u8,
}

/// What is asked of the bytes behind one base, and how the base moves on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Segment {
    /// In order of offset, each once.
    pub(super) bytes: Vec<ByteTest>,
    /// The field, and log2 of what it is multiplied by.
    pub(super) shift: Option<(Field, u8)>,
}

impl Segment {
    /// How many bytes behind the base a packet must have.
    pub(super) fn reach(&self) -> u32 {
        let tested = self.bytes.last().map_or(0, |it| u32::from(it.offset) + 1);
        let shifted = self.shift.map_or(0, |(field, _)| {
            u32::from(field.offset) + u32::from(field.width.bytes())
        });
        tested.max(shifted)
    }
}

/// A conjunction of atoms: what a packet must be like. Two that were written differently and look at
/// the same bits are equal; neighbouring bytes are looked at together, up to eight at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub(super) segments: Vec<Segment>,
    pub(super) steps: Vec<(Step, u64)>,
}

impl Pattern {
    /// The pattern of these atoms; none of them accepts every packet.
    ///
    /// # Errors
    /// No packet can match, or a limit is passed.
    pub fn new(atoms: &[Atom]) -> Result<Pattern, PatternError> {
        if atoms.len() > PATTERN_ATOMS_MAX {
            return Err(PatternError::TooLong);
        }
        let mut building = Building::default();
        for atom in atoms {
            building.add(*atom)?;
        }
        Ok(building.done())
    }

    /// How many bits it looks at: of two patterns, one that accepts less looks at more, or shifts more
    /// often, or needs a longer packet.
    pub fn bits(&self) -> u32 {
        let bytes = self.segments.iter().flat_map(|it| &it.bytes);
        bytes.map(|it| it.mask.count_ones()).sum()
    }

    /// How often its base moves on by a field.
    pub fn shifts(&self) -> u32 {
        self.segments.len() as u32 - 1
    }

    /// Bytes that it needs behind each base, added up.
    pub(super) fn reach(&self) -> u32 {
        self.segments.iter().map(Segment::reach).sum()
    }
}

/// The beginning of a pattern, atom by atom.
#[derive(Default)]
struct Building {
    done: Vec<Segment>,
    /// Bits and their values by offset, behind the base that stands.
    bytes: BTreeMap<u16, (u8, u8)>,
    /// What constants have moved the base on. It is added to offsets, behind later shifts too.
    advanced: u16,
}

impl Building {
    fn add(&mut self, atom: Atom) -> Result<(), PatternError> {
        match atom {
            Atom::Equal {
                offset,
                width,
                mask,
                value,
            } => self.equal(self.field(offset, width, mask)?, value),
            Atom::Shift {
                offset,
                width,
                mask,
                shift,
            } => {
                let field = self.field(offset, width, mask)?;
                if shift > SHIFT_MAX {
                    return Err(PatternError::TooFar);
                }
                if self.done.len() >= PATTERN_SHIFTS_MAX {
                    return Err(PatternError::TooManyShifts);
                }
                let bytes = core::mem::take(&mut self.bytes);
                self.done.push(segment(bytes, Some((field, shift))));
                Ok(())
            }
            Atom::Advance(bytes) => {
                let advanced = self.advanced.checked_add(bytes);
                self.advanced = advanced.ok_or(PatternError::TooFar)?;
                Ok(())
            }
        }
    }

    /// The field, from where constants have moved the base.
    fn field(&self, offset: u16, width: Width, mask: u64) -> Result<Field, PatternError> {
        let offset = offset.checked_add(self.advanced);
        let offset = offset.filter(|it| it.checked_add(width.bytes()).is_some());
        Ok(Field {
            offset: offset.ok_or(PatternError::TooFar)?,
            width,
            mask: mask & width.full(),
        })
    }

    fn equal(&mut self, field: Field, value: u64) -> Result<(), PatternError> {
        if value & !field.mask != 0 {
            return Err(PatternError::Never);
        }
        let count = field.width.bytes();
        for index in 0..count {
            let down = 8 * u32::from(count - 1 - index);
            let (mask, value) = ((field.mask >> down) as u8, (value >> down) as u8);
            let known = self.bytes.entry(field.offset + index).or_default();
            if (known.1 ^ value) & known.0 & mask != 0 {
                return Err(PatternError::Never);
            }
            *known = (known.0 | mask, known.1 | value);
        }
        Ok(())
    }

    fn done(mut self) -> Pattern {
        self.done.push(segment(self.bytes, None));
        let mut steps = Vec::new();
        for segment in &self.done {
            coalesce(&segment.bytes, &mut steps);
            let shift = segment.shift.iter();
            steps.extend(shift.map(|(field, shift)| (Step::Shift(*field, *shift), 0)));
        }
        Pattern {
            segments: self.done,
            steps,
        }
    }
}

fn segment(bytes: BTreeMap<u16, (u8, u8)>, shift: Option<(Field, u8)>) -> Segment {
    let tests = bytes.into_iter().map(|(offset, (mask, value))| ByteTest {
        offset,
        mask,
        value,
    });
    Segment {
        bytes: tests.collect(),
        shift,
    }
}

/// Cuts each run of neighbouring bytes into fields as wide as they can be.
fn coalesce(bytes: &[ByteTest], steps: &mut Vec<(Step, u64)>) {
    for run in bytes.chunk_by(|one, next| one.offset + 1 == next.offset) {
        let mut rest = run;
        while !rest.is_empty() {
            let width = match rest.len() {
                1 => Width::One,
                2..4 => Width::Two,
                4..8 => Width::Four,
                _ => Width::Eight,
            };
            let (field, more) = rest.split_at(usize::from(width.bytes()));
            rest = more;
            let fold = |(mask, value): (u64, u64), byte: &ByteTest| {
                (
                    mask << 8 | u64::from(byte.mask),
                    value << 8 | u64::from(byte.value),
                )
            };
            let (mask, value) = field.iter().fold((0, 0), fold);
            let offset = field.first().map_or(0, |it| it.offset);
            let field = Field {
                offset,
                width,
                mask,
            };
            steps.push((Step::Test(field), value));
        }
    }
}
