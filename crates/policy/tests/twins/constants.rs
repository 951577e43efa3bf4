//! Arrays that are constants, states that loops make, and what a cast says of what is within.

use exo_prelude::*;

const SIZE: usize = 4096;
const SQUARES: [u16; SIZE] = {
    let mut table = [0; SIZE];
    let mut i = 0;
    while i < SIZE {
        table[i] = (i * i % 65_521) as u16;
        i += 1;
    }
    table
};
const WEIGHTS: [u32; 4] = [10, 20, 30, u32::MAX];
const RULES: [Rule; 3] = [
    Rule {
        class: 1,
        limit: None,
        steps: [1, 2, 3],
    },
    Rule {
        class: 2,
        limit: Some(7_000_000_000),
        steps: [4, 5, 6],
    },
    Rule {
        class: 3,
        limit: Some(9),
        steps: [7, 8, 9],
    },
];

#[derive(Clone, Copy, PartialEq)]
struct Rule {
    class: u8,
    limit: Option<u64>,
    steps: [i32; 3],
}

pub struct Constants {
    order: [u16; SIZE],
    grid: [[u8; 3]; 5],
    odd: [u8; 3],
    turn: u64,
}

impl Constants {
    const FLAGS: [bool; 2] = [true, false];

    pub const fn new() -> Constants {
        let mut new = Constants {
            order: [0; SIZE],
            grid: [[1; 3]; 5],
            odd: [9; 3],
            turn: 0,
        };
        let mut i = 0;
        while i < SIZE {
            new.order[i] = SQUARES[SIZE - 1 - i];
            i += 1;
        }
        new.grid[4][1] = 7;
        new.grid[2] = new.grid[4];
        new.grid[2][0] += 1;
        new
    }

    fn tables(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        let i = x as usize;
        let rule = i % 3;
        show(sys, SQUARES[i * 31 % SIZE] as u64)?;
        show(sys, WEIGHTS[i % 4] as u64 + self.order[i] as u64)?;
        show(sys, RULES[rule].steps[(i + 1) % 3] as u64)?;
        show(sys, RULES[rule].limit.unwrap_or(RULES[rule].class as u64))?;
        show(sys, self.grid[i % 5][i % 3] as u64 + self.odd[rule] as u64)?;
        if Self::FLAGS[i % 2] && RULES[rule].limit.is_some() {
            show(sys, 1)?;
        }
        match WEIGHTS[i % 4] {
            10..=20 => show(sys, 2)?,
            30 => show(sys, 3)?,
            _ => show(sys, WEIGHTS[i % 5] as u64)?,
        }
        if x == 77 {
            Err(SysError::Taken)?;
        }
        Ok(())
    }

    fn casts(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        self.turn += 1;
        let signed: i32 = 3 - x as i32;
        show(sys, (if x > 5 { 1 } else { 1 << 31 }) as u64)?;
        show(sys, (if x > 5 { -1 } else { 2 }) as u64)?;
        show(sys, (if x > 5 { 5 } else { signed }) as u8 as u64)?;
        show(
            sys,
            (match x {
                0 => 300,
                1 => -1,
                _ => 3,
            }) as u8 as u64,
        )?;
        let block = 'a: {
            if x > 5 {
                break 'a 1 << 31;
            }
            3
        } as u64;
        show(sys, block)?;
        let given = (loop {
            break 1 << 31;
        }) as u64;
        show(sys, given)?;
        show(sys, { 1 << 31 } as u64)?;
        let nested = { if x > 5 { 1 << 31 } else { 0 } } as u64;
        show(sys, nested)
    }
}

fn show(sys: &mut Sys, value: u64) -> Result<(), SysError> {
    let frame = Frame::new((value >> 32) as u32);
    sys.tlb_write(value as u32, frame, Access::Read)
}

impl LibOs for Constants {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        match fault.page % 2 {
            0 => self.tables(sys, fault.address),
            _ => self.casts(sys, fault.address),
        }
    }
}
