use exo_prelude::*;

/// String search: Boyer, Moore and Horspool's, which looks at few of the letters.
///
/// It compares a word from its last letter backwards, and when the letter under the end does not fit
/// it moves on by as much as that letter allows, up to the whole word. Over a text of 26 letters most
/// are never looked at: the log has how many were, and that the plain search from the left looks at
/// each at least once, and finds the same. Yet both touch each page: a page is 4096 letters and the
/// word is 11, so skipping letters saves the program instructions, and the libOS nothing.
///
/// It needs 8 frames: the text is written first, and without a disk pages that come back are zeroed.
pub struct Search {
    seed: u32,
    looked_at: u64,
}

/// Where the text begins, and how many letters it has.
const TEXT: u32 = 0x0010_0000;
const LENGTH: u32 = 32_768;
/// The word that is looked for, and how far apart it was written into the text.
const WORD: [u8; 11] = [101, 120, 111, 107, 101, 114, 110, 101, 108, 101, 114];
const APART: u32 = 1_000;

impl Search {
    /// Nothing is found yet.
    pub const fn new() -> Search {
        Search {
            seed: 7,
            looked_at: 0,
        }
    }

    /// Letters that look like chance, with the word among them every `APART` letters.
    fn write(&mut self, mem: &mut Mem) {
        for place in 0..LENGTH {
            self.seed = self
                .seed
                .wrapping_mul(1_664_525)
                .wrapping_add(1_013_904_223);
            let letter = 97 + (self.seed >> 16) % 26;
            mem.store_u8(TEXT + place, letter as u8);
        }
        for copy in 1..LENGTH / APART {
            let mut letter = 0;
            while letter < WORD.len() {
                mem.store_u8(TEXT + copy * APART + letter as u32, WORD[letter]);
                letter += 1;
            }
        }
    }

    /// The letter at a place of the text.
    fn letter(&mut self, mem: &mut Mem, place: u32) -> u8 {
        self.looked_at += 1;
        mem.load_u8(TEXT + place)
    }

    /// How often the word occurs, by skipping.
    fn skipping(&mut self, mem: &mut Mem) -> u32 {
        let mut skip = [WORD.len() as u32; 256];
        for place in 0..WORD.len() - 1 {
            skip[WORD[place] as usize] = (WORD.len() - 1 - place) as u32;
        }
        let mut found = 0;
        let mut start = 0;
        while start + WORD.len() as u32 <= LENGTH {
            let last = self.letter(mem, start + WORD.len() as u32 - 1);
            let mut left = WORD.len() - 1;
            if last == WORD[left] {
                while left > 0 && self.letter(mem, start + left as u32 - 1) == WORD[left - 1] {
                    left -= 1;
                }
                if left == 0 {
                    found += 1;
                }
            }
            start += skip[last as usize];
        }
        found
    }

    /// How often it occurs, trying each place from the left.
    fn plainly(&mut self, mem: &mut Mem) -> u32 {
        let mut found = 0;
        for start in 0..LENGTH - WORD.len() as u32 + 1 {
            let mut fit = 0;
            while fit < WORD.len() && self.letter(mem, start + fit as u32) == WORD[fit] {
                fit += 1;
            }
            if fit == WORD.len() {
                found += 1;
            }
        }
        found
    }
}

impl Application for Search {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        self.write(mem);
        let found = self.skipping(mem);
        log!(
            "by skipping: {} found, {} of {} letters looked at",
            found,
            self.looked_at,
            LENGTH
        );
        self.looked_at = 0;
        let plainly = self.plainly(mem);
        log!(
            "plainly: {} found, {} letters looked at",
            plainly,
            self.looked_at
        );
        assert!(found == plainly);
    }
}
