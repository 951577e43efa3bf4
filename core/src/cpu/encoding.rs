//! Instructions as fixed-width words, for the digest and for nobody else.

use super::instr::Instr;
use crate::digest::Digest;

/// Adds an instruction: its number, then its operands in the order of their declaration.
pub(super) fn digest_instr(instr: Instr, digest: &mut Digest) {
    let (number, operands): (u64, [u64; 4]) = match instr {
        Instr::Const { to, value } => (0, [u64::from(to), value as u64, 0, 0]),
        Instr::ConstWide { to, index } => (1, [u64::from(to), u64::from(index), 0, 0]),
        Instr::Move { to, from } => (2, [u64::from(to), u64::from(from), 0, 0]),
        Instr::AddU {
            to,
            left,
            right,
            bits,
        } => (
            3,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::SubU { to, left, right } => {
            (4, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::MulU {
            to,
            left,
            right,
            bits,
        } => (
            5,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::DivU { to, left, right } => {
            (6, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::RemU { to, left, right } => {
            (7, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::AddS {
            to,
            left,
            right,
            bits,
        } => (
            8,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::SubS {
            to,
            left,
            right,
            bits,
        } => (
            9,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::MulS {
            to,
            left,
            right,
            bits,
        } => (
            10,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::DivS {
            to,
            left,
            right,
            bits,
        } => (
            11,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::RemS {
            to,
            left,
            right,
            bits,
        } => (
            12,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::And { to, left, right } => {
            (13, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::Or { to, left, right } => {
            (14, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::Xor { to, left, right } => {
            (15, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::ShlU {
            to,
            left,
            right,
            bits,
        } => (
            16,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::ShlS {
            to,
            left,
            right,
            bits,
        } => (
            17,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::ShrU {
            to,
            left,
            right,
            bits,
        } => (
            18,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::ShrS {
            to,
            left,
            right,
            bits,
        } => (
            19,
            [
                u64::from(to),
                u64::from(left),
                u64::from(right),
                u64::from(bits),
            ],
        ),
        Instr::NotU { to, from, bits } => {
            (20, [u64::from(to), u64::from(from), u64::from(bits), 0])
        }
        Instr::NotS { to, from } => (21, [u64::from(to), u64::from(from), 0, 0]),
        Instr::NotBool { to, from } => (22, [u64::from(to), u64::from(from), 0, 0]),
        Instr::Neg { to, from, bits } => (23, [u64::from(to), u64::from(from), u64::from(bits), 0]),
        Instr::CastU { to, from, bits } => {
            (24, [u64::from(to), u64::from(from), u64::from(bits), 0])
        }
        Instr::CastS { to, from, bits } => {
            (25, [u64::from(to), u64::from(from), u64::from(bits), 0])
        }
        Instr::Eq { to, left, right } => {
            (26, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::Ne { to, left, right } => {
            (27, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::LtU { to, left, right } => {
            (28, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::LeU { to, left, right } => {
            (29, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::LtS { to, left, right } => {
            (30, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::LeS { to, left, right } => {
            (31, [u64::from(to), u64::from(left), u64::from(right), 0])
        }
        Instr::Jump { target } => (32, [u64::from(target), 0, 0, 0]),
        Instr::JumpIf { when, target } => (33, [u64::from(when), u64::from(target), 0, 0]),
        Instr::JumpIfNot { when, target } => (34, [u64::from(when), u64::from(target), 0, 0]),
        Instr::Element {
            to,
            base,
            index,
            shape,
        } => (
            35,
            [
                u64::from(to),
                u64::from(base),
                u64::from(index),
                u64::from(shape),
            ],
        ),
        Instr::Address { to, base, offset } => {
            (36, [u64::from(to), u64::from(base), u64::from(offset), 0])
        }
        Instr::LoadU8 { to, base, offset } => {
            (37, [u64::from(to), u64::from(base), u64::from(offset), 0])
        }
        Instr::LoadU16 { to, base, offset } => {
            (38, [u64::from(to), u64::from(base), u64::from(offset), 0])
        }
        Instr::LoadU32 { to, base, offset } => {
            (39, [u64::from(to), u64::from(base), u64::from(offset), 0])
        }
        Instr::LoadI32 { to, base, offset } => {
            (40, [u64::from(to), u64::from(base), u64::from(offset), 0])
        }
        Instr::Load64 { to, base, offset } => {
            (41, [u64::from(to), u64::from(base), u64::from(offset), 0])
        }
        Instr::Store8 { from, base, offset } => {
            (42, [u64::from(from), u64::from(base), u64::from(offset), 0])
        }
        Instr::Store16 { from, base, offset } => {
            (43, [u64::from(from), u64::from(base), u64::from(offset), 0])
        }
        Instr::Store32 { from, base, offset } => {
            (44, [u64::from(from), u64::from(base), u64::from(offset), 0])
        }
        Instr::Store64 { from, base, offset } => {
            (45, [u64::from(from), u64::from(base), u64::from(offset), 0])
        }
        Instr::Call { function, first } => (46, [u64::from(function), u64::from(first), 0, 0]),
        Instr::Return => (47, [0, 0, 0, 0]),
        Instr::Syscall { call, first } => (48, [u64::from(call), u64::from(first), 0, 0]),
        Instr::Log {
            message,
            first,
            count,
        } => (
            49,
            [u64::from(message), u64::from(first), u64::from(count), 0],
        ),
    };
    digest.u64(number);
    for operand in operands {
        digest.u64(operand);
    }
}
