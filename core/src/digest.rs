//! The state digest: 64 bits that are equal on every target for equal machines (D1, INV-DET-1).
//!
//! Never std's `Hash`, which writes `usize`, lengths and enum tags by the target's width. Every
//! value enters as fixed-width little-endian words, in the order that each type documents.

/// Mixes 64-bit words into one. Order matters; the same words give the same digest everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    state: u64,
}

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Digest {
    /// An empty digest; `domain` keeps digests of different things apart.
    pub fn new(domain: u64) -> Digest {
        Digest {
            state: mix(domain ^ ODD),
        }
    }

    /// Adds one 64-bit word.
    // Called and not copied: a state has a hundred places where one is added.
    #[inline(never)]
    pub fn u64(&mut self, value: u64) {
        self.add(value);
    }

    #[inline(always)]
    fn add(&mut self, value: u64) {
        self.state = mix(self.state.rotate_left(23) ^ value).wrapping_add(ODD);
    }

    /// Adds a 32-bit value as one word.
    pub fn u32(&mut self, value: u32) {
        self.u64(u64::from(value));
    }

    /// Adds a truth value as one word, 0 or 1.
    pub fn bool(&mut self, value: bool) {
        self.u64(u64::from(value));
    }

    /// Adds a length and then the bytes, eight to a little-endian word, the last one padded with
    /// zeros.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.u64(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.u64(u64::from_le_bytes(last));
        }
    }

    /// The digest of everything added so far.
    pub fn finish(&self) -> u64 {
        mix(self.state)
    }
}

/// A bijection of 64-bit words in which every input bit reaches every output bit.
pub(crate) const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word = (word ^ (word >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word ^ (word >> 32)
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn the_digest_depends_on_the_order_of_words() {
        let of = |words: &[u64]| {
            let mut digest = Digest::new(0);
            words.iter().for_each(|word| digest.u64(*word));
            digest.finish()
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
    }

    #[test]
    fn padding_is_not_confused_with_zero_bytes() {
        let of = |bytes: &[u8]| {
            let mut digest = Digest::new(0);
            digest.bytes(bytes);
            digest.finish()
        };
        assert_ne!(of(&[1]), of(&[1, 0]));
        assert_ne!(of(&[]), of(&[0; 8]));
    }
}
