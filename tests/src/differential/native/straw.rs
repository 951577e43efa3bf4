//! A kernel of straw that answers by rule and notes what it is asked, and the faults it is asked
//! about. Both sides of the comparison use this very file.

use std::fmt::Write;

/// Faults that each program answers.
pub const FAULTS: u64 = 4;

/// Addresses at which arithmetic goes wrong.
const EDGES: [u32; 10] = [
    0,
    1,
    2,
    7,
    31,
    255,
    65_535,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
];

/// A number that depends on all bits of another.
pub fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A fault: address, page, access and cause, of the program `index`.
pub fn fault(index: u64, turn: u64) -> [u64; 4] {
    let word = mixed(index * FAULTS + turn);
    let address = match word % 3 {
        0 => (word >> 8) as u32,
        _ => EDGES[(word >> 8) as usize % EDGES.len()],
    };
    let page = (word >> 40) % 64;
    [address.into(), page, word >> 50 & 1, word >> 51 & 1]
}

/// What a program did, line by line, and how often it asked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Straw {
    pub text: String,
    turn: u64,
}

impl Straw {
    /// Notes a line.
    pub fn note(&mut self, line: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{line}");
    }

    /// The answer to a system call, by its number.
    pub fn answer(&mut self, call: u8, arguments: [u64; 3]) -> Result<u64, u64> {
        self.turn += 1;
        let turn = self.turn;
        let answer = match call {
            9 => Ok(turn * 3),
            10 => Ok(mixed(turn)),
            11 => Ok(turn * 1000),
            _ if turn % 5 == 4 => Err(turn % 7),
            0 => Ok(100 + turn),
            5 | 7 => Ok(turn % 2),
            _ => Ok(0),
        };
        self.note(format_args!("? {call} {arguments:?} {answer:?}"));
        answer
    }
}
