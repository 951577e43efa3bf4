//! Filters and atoms in a digest.

use super::pattern::{Field, Step};
use super::{Atom, Filter, Width};
use crate::digest::Digest;

impl Field {
    fn digest(&self, digest: &mut Digest) {
        digest.u32(self.offset.into());
        digest.u32(self.width.bytes().into());
        digest.u64(self.mask);
    }
}

impl Filter {
    /// Adds owner, whether it yields, and each pattern step by step.
    pub(in crate::kernel) fn digest(&self, digest: &mut Digest) {
        digest.u32(self.owner.0.into());
        digest.bool(self.yields);
        digest.u64(self.patterns.len() as u64);
        for pattern in &self.patterns {
            digest.u64(pattern.steps.len() as u64);
            for (step, value) in &pattern.steps {
                let (Step::Test(field) | Step::Shift(field, _)) = step;
                field.digest(digest);
                digest.u32(match step {
                    Step::Test(_) => u32::MAX,
                    Step::Shift(_, shift) => (*shift).into(),
                });
                digest.u64(*value);
            }
        }
    }
}

impl Atom {
    /// Adds its kind and its numbers.
    pub(in crate::kernel) fn digest(&self, digest: &mut Digest) {
        let field = |offset: u16, width: Width, mask| Field {
            offset,
            width,
            mask,
        };
        match *self {
            Atom::Equal {
                offset,
                width,
                mask,
                value,
            } => {
                digest.u32(0);
                field(offset, width, mask).digest(digest);
                digest.u64(value);
            }
            Atom::Shift {
                offset,
                width,
                mask,
                shift,
            } => {
                digest.u32(1);
                field(offset, width, mask).digest(digest);
                digest.u32(shift.into());
            }
            Atom::Advance(bytes) => {
                digest.u32(2);
                digest.u32(bytes.into());
            }
        }
    }
}
