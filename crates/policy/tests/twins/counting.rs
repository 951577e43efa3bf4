//! Ranges that are counted backwards and in steps, at the limits of their types.

use exo_prelude::*;

/// Keeps how often something was asked for.
pub struct Counting {
    asked: u64,
    ends: [i32; 3],
}

/// Something of all values of a loop in their order.
struct Digest {
    value: u64,
    rounds: u64,
}

impl Digest {
    fn new() -> Digest {
        Digest {
            value: 7,
            rounds: 0,
        }
    }

    fn add(&mut self, value: u64) {
        self.value = self.value.wrapping_mul(31).wrapping_add(value);
        self.rounds += 1;
    }
}

impl Counting {
    /// The first state.
    pub const fn new() -> Counting {
        Counting {
            asked: 0,
            ends: [-9, 12, 5],
        }
    }

    fn ask(&mut self, value: u64) -> u64 {
        self.asked = self.asked.wrapping_mul(10).wrapping_add(value);
        value
    }

    fn steps(&mut self, which: u32, by: usize) -> Digest {
        let mut digest = Digest::new();
        match which {
            0 => {
                for i in (0..10_u32).step_by(by) {
                    digest.add(i as u64)
                }
            }
            1 => {
                for i in (0..=10_u32).step_by(by) {
                    digest.add(i as u64)
                }
            }
            2 => {
                for i in (0..=255_u8).step_by(by) {
                    digest.add(i as u64)
                }
            }
            3 => {
                for i in (250..255_u8).step_by(by) {
                    digest.add(i as u64)
                }
            }
            4 => {
                for i in (i32::MIN..=i32::MIN + 20).rev().step_by(by) {
                    digest.add(i as u64)
                }
            }
            5 => {
                for i in (i64::MAX - 20..=i64::MAX).step_by(by) {
                    digest.add(i as u64)
                }
            }
            6 => {
                for i in (u64::MAX - 20..u64::MAX).step_by(by) {
                    digest.add(i)
                }
            }
            7 => {
                for i in (0..20_u64).rev().step_by(by) {
                    digest.add(i)
                }
            }
            8 => {
                for i in (0..=20_u64).rev().step_by(by) {
                    digest.add(i)
                }
            }
            9 => {
                for i in (-20..20_i32).step_by(by) {
                    digest.add(i as u64)
                }
            }
            10 => {
                for i in (self.ends[0]..self.ends[1]).rev().step_by(by) {
                    self.ends[2] += i;
                    digest.add(i as u64)
                }
            }
            11 => {
                for i in (5..2_usize).step_by(by) {
                    digest.add(i as u64)
                }
            }
            12 => {
                for mut i in (0..30_u16).step_by(by) {
                    i *= 2;
                    digest.add(i as u64)
                }
            }
            13 => {
                for i in (i64::MIN..i64::MAX).step_by(by | 1 << 62) {
                    digest.add(i as u64)
                }
            }
            14 => {
                for i in (i64::MIN..=i64::MAX).rev().step_by(by | 1 << 62) {
                    digest.add(i as u64)
                }
            }
            15 => {
                for _ in (3..9_u8).rev().step_by(by) {
                    digest.add(1)
                }
            }
            16 => {
                'outer: for i in (0..40_u32).step_by(by) {
                    for j in (0..i).rev() {
                        if j % 3 == 1 {
                            continue 'outer;
                        }
                        if i > 30 {
                            break 'outer;
                        }
                        digest.add((i * j) as u64);
                    }
                }
            }
            17 => {
                let mut by = by;
                for i in (0..20_u32).step_by(by) {
                    by += 1;
                    digest.add(i as u64 + by as u64)
                }
            }
            _ => {
                for i in (self.ask(1)..self.ask(9)).step_by(self.ask(by as u64) as usize) {
                    digest.add(i)
                }
            }
        }
        digest
    }

    fn backwards(&mut self, which: u32, n: u32) -> Digest {
        let mut digest = Digest::new();
        match which {
            0 => {
                for i in (0..n).rev() {
                    digest.add(i as u64)
                }
            }
            1 => {
                for i in (0..=n).rev() {
                    digest.add(i as u64)
                }
            }
            2 => {
                for i in (n..20).rev() {
                    digest.add(i as u64)
                }
            }
            3 => {
                for i in (n..=20).rev() {
                    digest.add(i as u64)
                }
            }
            4 => {
                for i in (0..=u8::MAX).rev() {
                    digest.add(i as u64)
                }
            }
            5 => {
                for i in (i64::MIN..i64::MIN + n as i64).rev() {
                    digest.add(i as u64)
                }
            }
            6 => {
                for i in (i32::MIN..=i32::MIN + n as i32).rev() {
                    digest.add(i as u64)
                }
            }
            7 => {
                for i in (-3..n as i32).rev() {
                    digest.add(i as u64)
                }
            }
            8 => {
                for i in (u64::MAX - n as u64..=u64::MAX).rev() {
                    digest.add(i)
                }
            }
            9 => {
                for mut i in (1..n).rev() {
                    i += 1;
                    digest.add(i as u64)
                }
            }
            10 => {
                for i in (0..n).step_by(3) {
                    digest.add(i as u64)
                }
            }
            11 => {
                for i in (0..=n).step_by(4) {
                    digest.add(i as u64)
                }
            }
            12 => {
                for i in (2..n).rev().step_by(2) {
                    digest.add(i as u64)
                }
            }
            13 => {
                for i in (n as u8..=255).step_by(100_000) {
                    digest.add(i as u64)
                }
            }
            14 => {
                for i in ((n as u64)..(30)).rev().step_by(7) {
                    digest.add(i)
                }
            }
            15 => {
                let first = self.ask(2);
                let last = self.ask(n as u64);
                for i in (first..last).rev() {
                    digest.add(i)
                }
            }
            16 => {
                for i in (self.ask(3)..self.ask(n as u64)).rev() {
                    digest.add(i)
                }
            }
            17 => {
                let mut first = 3;
                for i in (first..n).rev() {
                    first += 1;
                    digest.add((i + first) as u64)
                }
            }
            18 => {
                for i in (1000..1000 + n).rev() {
                    digest.add(i as u64)
                }
            }
            _ => {
                for i in (n as usize..self.ends.len()).rev() {
                    digest.add(i as u64 + self.ends[i] as u64)
                }
            }
        }
        digest
    }
}

impl LibOs for Counting {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let digest = match fault.access {
            Access::Read => self.backwards(fault.page, fault.address),
            Access::ReadWrite => self.steps(fault.page, fault.address as usize),
        };
        let told = digest.value ^ self.asked;
        let frame = Frame::new((told >> 32) as u32 ^ digest.rounds as u32);
        sys.tlb_write(told as u32, frame, Access::Read)
    }
}
