//! What the engines take, in cycles: our own count of instructions of an R3000, at a cycle each.
//!
//! The papers print microseconds for ten filters (SOSP'95 table 7) and no figure for a step, so each
//! step is counted here once, for what a careful implementation must do, and nothing is tuned for the
//! table.

use crate::cost;

use super::pattern::{Step, Width};

/// Entering an engine and coming back with a verdict: a procedure call.
pub(super) const ENTER: u32 = cost::PROCEDURE_CALL as u32;
/// Linear: taking the next filter's program, its length and an empty stack (6), and judging its
/// result (4).
pub(super) const PROGRAM: u32 = 10;
/// Linear: one instruction of a filter's stack machine: fetch it (2), step and compare with the end
/// (2), decode and jump through a table (4).
const DECODE: u32 = 8;
/// Trie, interpreted: one cell: fetch its offset, width and mask (4), choose by width (4), take the
/// next branch of the list (3), hash the value (4), and walk to the entry and compare (6).
const CELL: u32 = 21;
/// Interpreted: a load from the packet that may end before it: add the base, compare with the end (3),
/// load (2), for each word of 32 bits.
const CHECKED_LOAD: u32 = 5;
/// Interpreted: masking or comparing a word that is held in a register: the operand (2), the
/// operation (1).
const OPERAND: u32 = 3;

/// Compiled: comparing the packet's length with how far the code reads from a base, which the
/// compiler knows: subtract, compare, branch. A packet that is shorter would be compared at each load;
/// it is charged the same.
pub(super) const LENGTH: u32 = 3;
/// Compiled: loading a word from a constant offset, with its delay slot.
const LOAD: u32 = 2;
/// Compiled: masking a word with a constant.
const MASK: u32 = 2;
/// Compiled: comparing a word with a constant (2), and a branch with its delay slot (2).
const COMPARE: u32 = 4;
/// Compiled: multiplying to hash a value and finding its place in the table (8), loading and
/// comparing the entry there (4), jumping to where it leads (2).
pub(super) const HASH: u32 = 14;
/// Compiled: looking at the next entry of a table.
pub(super) const PROBE: u32 = 4;
/// Compiled: moving the base on: mask (1), shift (1), add (1).
const SHIFT: u32 = 3;

/// Linear: a step takes an instruction that loads, one that pushes a constant and compares, for each
/// word of it, and one more that masks if not every bit counts.
pub(super) fn interpreted(step: Step) -> u32 {
    let (Step::Test(field) | Step::Shift(field, _)) = step;
    let mask = match field.mask == field.width.full() {
        true => 0,
        false => DECODE + OPERAND,
    };
    field.width.words() * (DECODE + CHECKED_LOAD + DECODE + OPERAND + mask)
}

/// Trie, interpreted: a cell, whatever its value.
pub(super) fn cell(step: Step) -> u32 {
    let (Step::Test(field) | Step::Shift(field, _)) = step;
    CELL + field.width.words() * (CHECKED_LOAD + OPERAND)
}

/// Compiled: a field that is compared with one value, both of them constants of the code.
pub(super) fn test(width: Width, masked: bool) -> u32 {
    width.words() * (LOAD + if masked { MASK } else { 0 } + COMPARE)
}

/// Compiled: a field by whose value a table says how to go on.
pub(super) fn hash(width: Width, masked: bool) -> u32 {
    load(width, masked) + HASH
}

/// Compiled: a field that becomes part of a key.
pub(super) fn load(width: Width, masked: bool) -> u32 {
    width.words() * (LOAD + if masked { MASK } else { 0 })
}

/// Compiled: moving the base on, from where the length is compared again.
pub(super) fn shift(width: Width) -> u32 {
    width.words() * LOAD + SHIFT + LENGTH
}

/// Compiled: noting a filter that accepts, unless a better one did.
pub(super) const ACCEPT: u32 = 4;
