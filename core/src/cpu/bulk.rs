//! Instructions that take one unit of fuel for 8 bytes (D2), and can stop between any two units.

use super::context::Trap;
use super::instr::Instr;
use super::program::Program;
use super::stack::{Places, Reach};
use crate::limits::{STACK_BYTES_MAX, WINDOW_REGISTERS};

const UNIT_BYTES: u64 = 8;

/// How far a bulk instruction came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It is complete.
    Complete,
    /// The budget is used up.
    Underway,
}

/// What one instruction does to each 8 bytes.
enum Work {
    Enter,
    Copy { to: u64, from: u64 },
    Equal { to: u8, left: u64, right: u64 },
}

/// Goes on with a bulk instruction of which `done` bytes are complete, for at most `budget` units.
/// `done` is 0 again once it is complete.
pub(super) fn go_on(
    instr: Instr,
    w: &mut [u64; WINDOW_REGISTERS],
    program: &Program,
    reach: &mut Reach<'_, '_>,
    done: &mut u64,
    budget: &mut u64,
) -> Result<Progress, Trap> {
    let (work, total) = prepare(instr, w, program, reach, *done)?;
    loop {
        if *budget == 0 {
            return Ok(Progress::Underway);
        }
        let bytes = (total - *done).min(UNIT_BYTES);
        let over = unit(&work, *done, bytes, w, reach)?;
        *budget -= 1;
        *done += bytes;
        if over || *done >= total {
            *done = 0;
            return Ok(Progress::Complete);
        }
    }
}

/// What is to be done, and to how many bytes. Everything is checked before the first byte.
fn prepare(
    instr: Instr,
    w: &[u64; WINDOW_REGISTERS],
    program: &Program,
    reach: &Reach<'_, '_>,
    done: u64,
) -> Result<(Work, u64), Trap> {
    let of = |register: u8| w[usize::from(register)];
    let (work, total) = match instr {
        Instr::Enter { bytes } => {
            let size = reach.stack.len() as u64 - done + u64::from(bytes);
            if size > STACK_BYTES_MAX as u64 {
                return Err(Trap::StackOverflow);
            }
            return Ok((Work::Enter, bytes.into()));
        }
        Instr::Copy { to, from, bytes } => {
            let (to, from) = (of(to), of(from));
            (Work::Copy { to, from }, u64::from(bytes))
        }
        Instr::Repeat { to, shape } => {
            let shape = program.shapes.get(usize::from(shape));
            let shape = shape.ok_or(Trap::BadCode)?;
            let size = u64::from(shape.size_bytes);
            let first = of(to).wrapping_add(u64::from(shape.offset));
            // Each byte comes from one element before it, which is complete by then.
            let to = first.wrapping_add(size);
            let rest = u64::from(shape.length.saturating_sub(1)) * size;
            (Work::Copy { to, from: first }, rest)
        }
        Instr::EqualBytes {
            to,
            left,
            right,
            bytes,
        } => {
            let (left, right) = (of(left), of(right));
            (Work::Equal { to, left, right }, u64::from(bytes))
        }
        _ => return Err(Trap::BadCode),
    };
    let (one, two) = match work {
        Work::Copy { to, from } => (to, from),
        Work::Equal { left, right, .. } => (left, right),
        Work::Enter => (0, 0),
    };
    if total > 0 && !(reach.covers(one, total) && reach.covers(two, total)) {
        return Err(Trap::BadAddress);
    }
    Ok((work, total))
}

/// Does one unit of at most 8 bytes. True if nothing more is to be done.
fn unit(
    work: &Work,
    done: u64,
    bytes: u64,
    w: &mut [u64; WINDOW_REGISTERS],
    reach: &mut Reach<'_, '_>,
) -> Result<bool, Trap> {
    match *work {
        Work::Enter => {
            let size = reach.stack.len() + bytes as usize;
            reach.stack.resize(size, 0);
        }
        // Byte by byte where an element of fewer than 8 bytes is repeated over itself.
        Work::Copy { to, from } if bytes == UNIT_BYTES && to.abs_diff(from) >= UNIT_BYTES => {
            let word = reach.load::<8>(from + done)?;
            reach.store(to + done, word)?;
        }
        Work::Copy { to, from } => {
            for at in done..done + bytes {
                let byte = reach.load::<1>(from + at)?;
                reach.store(to + at, byte)?;
            }
        }
        Work::Equal { to, left, right } => {
            let mut equal = true;
            for at in done..done + bytes {
                equal &= reach.load::<1>(left + at)? == reach.load::<1>(right + at)?;
            }
            w[usize::from(to)] = u64::from(equal);
            return Ok(!equal);
        }
    }
    Ok(false)
}
