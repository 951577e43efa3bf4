//! Places in a text, in the units that a browser counts: UTF-16.

/// Turns bytes of a text into UTF-16 units, in one pass while they come in order.
pub struct Units<'t> {
    text: &'t str,
    byte: usize,
    unit: u32,
}

impl<'t> Units<'t> {
    /// At the start of a text.
    pub fn new(text: &'t str) -> Units<'t> {
        Units {
            text,
            byte: 0,
            unit: 0,
        }
    }

    /// The unit of a byte; of the text's end, if it is not in the text.
    pub fn of(&mut self, byte: usize) -> u32 {
        let byte = byte.min(self.text.len());
        if byte < self.byte {
            (self.byte, self.unit) = (0, 0);
        }
        let between = self.text.get(self.byte..byte).unwrap_or_default();
        self.unit += between.chars().map(|c| c.len_utf16() as u32).sum::<u32>();
        self.byte = byte;
        self.unit
    }
}

/// The byte of a UTF-16 unit; the text's end, if it is not in the text.
pub fn byte_of(text: &str, unit: u32) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= unit {
            return byte;
        }
        units += c.len_utf16() as u32;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Units, byte_of};

    #[test]
    fn bytes_and_units_are_turned_into_each_other_whatever_the_characters() {
        let text = "a😀ü\nb";
        let places = [(0, 0), (1, 1), (5, 3), (7, 4), (8, 5), (9, 6)];
        let mut units = Units::new(text);
        for (byte, unit) in places {
            assert_eq!(units.of(byte), unit);
            assert_eq!(byte_of(text, unit), byte);
        }
        assert_eq!(units.of(1), 1, "back too");
        assert_eq!((units.of(99), byte_of(text, 99)), (6, 9));
    }
}
