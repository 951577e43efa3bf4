//! A program as text: one instruction a line, with the line of the source that it comes from.

use std::fmt::Write;

use exo_core::cpu::{Instr, Program};
use exo_core::kernel::call::Call;

/// Every function of a program, instruction by instruction.
pub fn disassemble(program: &Program) -> String {
    let mut text = String::new();
    for (index, instr) in program.code.iter().enumerate() {
        let starts = program
            .functions
            .iter()
            .filter(|function| function.entry as usize == index);
        for function in starts {
            let _ = writeln!(
                text,
                "{}: {} arguments, {} registers",
                function.name, function.arguments, function.registers
            );
        }
        let line = program.places.get(index).map_or(0, |place| place.line);
        let _ = writeln!(text, "{index:5} {line:4}  {}", instruction(program, *instr));
    }
    text
}

/// One instruction.
fn instruction(program: &Program, instr: Instr) -> String {
    match instr {
        Instr::Const { to, value } => format!("r{to} = {value}"),
        Instr::ConstWide { to, index } => {
            let value = program.constants.get(usize::from(index)).copied();
            format!("r{to} = {}", value.unwrap_or_default())
        }
        Instr::Move { to, from } => format!("r{to} = r{from}"),
        Instr::Jump { target } => format!("jump {target}"),
        Instr::JumpIf { when, target } => format!("jump {target} if r{when}"),
        Instr::JumpIfNot { when, target } => format!("jump {target} if not r{when}"),
        Instr::Element {
            to,
            base,
            index,
            shape,
        } => {
            let shape = program.shapes.get(usize::from(shape));
            let (length, size) = shape.map_or((0, 0), |shape| (shape.length, shape.size_bytes));
            format!("r{to} = r{base} + r{index} * {size}, r{index} < {length}")
        }
        Instr::Address { to, base, offset } => format!("r{to} = r{base} + {offset}"),
        Instr::Call { function, first } => {
            let name = program.functions.get(usize::from(function));
            let name = name.map_or("?", |function| &function.name);
            format!("call {name} at r{first}")
        }
        Instr::Return => "return".to_string(),
        Instr::Syscall { call, first } => {
            let name = Call::from_number(call).map_or("?", Call::name);
            format!("sys.{name} at r{first}")
        }
        Instr::Log {
            message,
            first,
            count,
        } => {
            let pieces = program.messages.get(usize::from(message));
            let text = pieces
                .map(|message| message.pieces.join("{}"))
                .unwrap_or_default();
            format!("log {text:?} of {count} at r{first}")
        }
        other => memory(other)
            .or_else(|| arithmetic(other))
            .or_else(|| checked(other))
            .unwrap_or_default(),
    }
}

fn memory(instr: Instr) -> Option<String> {
    Some(match instr {
        Instr::LoadU8 { to, base, offset } => format!("r{to} = u8 [r{base} + {offset}]"),
        Instr::LoadU16 { to, base, offset } => format!("r{to} = u16 [r{base} + {offset}]"),
        Instr::LoadU32 { to, base, offset } => format!("r{to} = u32 [r{base} + {offset}]"),
        Instr::LoadI32 { to, base, offset } => format!("r{to} = i32 [r{base} + {offset}]"),
        Instr::Load64 { to, base, offset } => format!("r{to} = u64 [r{base} + {offset}]"),
        Instr::Store8 { from, base, offset } => format!("u8 [r{base} + {offset}] = r{from}"),
        Instr::Store16 { from, base, offset } => format!("u16 [r{base} + {offset}] = r{from}"),
        Instr::Store32 { from, base, offset } => format!("u32 [r{base} + {offset}] = r{from}"),
        Instr::Store64 { from, base, offset } => format!("u64 [r{base} + {offset}] = r{from}"),
        _ => return None,
    })
}

/// `left operator right`, and under which type.
fn two(to: u8, left: u8, operator: &str, right: u8, ty: &str) -> String {
    format!("r{to} = r{left} {operator} r{right}{ty}")
}

fn arithmetic(instr: Instr) -> Option<String> {
    Some(match instr {
        Instr::SubU { to, left, right } => two(to, left, "-", right, ""),
        Instr::DivU { to, left, right } => two(to, left, "/", right, ""),
        Instr::RemU { to, left, right } => two(to, left, "%", right, ""),
        Instr::And { to, left, right } => two(to, left, "&", right, ""),
        Instr::Or { to, left, right } => two(to, left, "|", right, ""),
        Instr::Xor { to, left, right } => two(to, left, "^", right, ""),
        Instr::Eq { to, left, right } => two(to, left, "==", right, ""),
        Instr::Ne { to, left, right } => two(to, left, "!=", right, ""),
        Instr::LtU { to, left, right } => two(to, left, "<", right, ""),
        Instr::LeU { to, left, right } => two(to, left, "<=", right, ""),
        Instr::LtS { to, left, right } => two(to, left, "<", right, " signed"),
        Instr::LeS { to, left, right } => two(to, left, "<=", right, " signed"),
        Instr::NotU { to, from, bits } => format!("r{to} = !r{from} as u{bits}"),
        Instr::NotS { to, from } => format!("r{to} = !r{from}"),
        Instr::NotBool { to, from } => format!("r{to} = not r{from}"),
        Instr::Neg { to, from, bits } => format!("r{to} = -r{from} as i{bits}"),
        Instr::CastU { to, from, bits } => format!("r{to} = r{from} as u{bits}"),
        Instr::CastS { to, from, bits } => format!("r{to} = r{from} as i{bits}"),
        _ => return None,
    })
}

/// Arithmetic whose result is checked against a width.
fn checked(instr: Instr) -> Option<String> {
    let (to, left, operator, right, bits) = unsigned(instr).or_else(|| signed(instr))?;
    let sign = if unsigned(instr).is_some() { "u" } else { "i" };
    Some(two(to, left, operator, right, &format!(" as {sign}{bits}")))
}

type Parts = (u8, u8, &'static str, u8, u8);

fn unsigned(instr: Instr) -> Option<Parts> {
    Some(match instr {
        Instr::AddU {
            to,
            left,
            right,
            bits,
        } => (to, left, "+", right, bits),
        Instr::MulU {
            to,
            left,
            right,
            bits,
        } => (to, left, "*", right, bits),
        Instr::ShlU {
            to,
            left,
            right,
            bits,
        } => (to, left, "<<", right, bits),
        Instr::ShrU {
            to,
            left,
            right,
            bits,
        } => (to, left, ">>", right, bits),
        _ => return None,
    })
}

fn signed(instr: Instr) -> Option<Parts> {
    Some(match instr {
        Instr::AddS {
            to,
            left,
            right,
            bits,
        } => (to, left, "+", right, bits),
        Instr::SubS {
            to,
            left,
            right,
            bits,
        } => (to, left, "-", right, bits),
        Instr::MulS {
            to,
            left,
            right,
            bits,
        } => (to, left, "*", right, bits),
        Instr::DivS {
            to,
            left,
            right,
            bits,
        } => (to, left, "/", right, bits),
        Instr::RemS {
            to,
            left,
            right,
            bits,
        } => (to, left, "%", right, bits),
        Instr::ShlS {
            to,
            left,
            right,
            bits,
        } => (to, left, "<<", right, bits),
        Instr::ShrS {
            to,
            left,
            right,
            bits,
        } => (to, left, ">>", right, bits),
        _ => return None,
    })
}
