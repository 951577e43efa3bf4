//! A program as text: one instruction a line, with the line of the source that it comes from.

mod elements;

use std::fmt::Write;

use exo_core::cpu::{Instr, Program, Shape};
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
            format!("r{to} = {}", element(program, base, index, shape))
        }
        Instr::Repeat { to, shape } => {
            let shape = program.shapes.get(usize::from(shape)).copied();
            let Shape {
                offset,
                length,
                size_bytes,
            } = shape.unwrap_or_default();
            format!("repeat {size_bytes} bytes at r{to} + {offset}, {length} times")
        }
        Instr::Panic { message } => format!("panic {:?}", text(program, message)),
        Instr::Address { to, base, offset } => format!("r{to} = r{base} + {offset}"),
        Instr::Call { function, first } => {
            let name = program.functions.get(usize::from(function));
            let name = name.map_or("?", |function| &function.name);
            format!("call {name} at r{first}")
        }
        Instr::Return { first: 0, count: 0 } => "return".to_string(),
        Instr::Return { first, count } => format!("return {count} at r{first}"),
        Instr::LibosCall { first } => format!("libos.request at r{first}"),
        Instr::Syscall { call, first } => {
            let name = Call::from_number(call).map_or("?", Call::name);
            format!("sys.{name} at r{first}")
        }
        Instr::Log {
            message,
            first,
            count,
        } => {
            format!("log {:?} of {count} at r{first}", text(program, message))
        }
        other => memory(other)
            .or_else(|| elements::listed(program, other))
            .or_else(|| compare(other))
            .or_else(|| outside(other))
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

/// The text of a `log!` or `panic!`.
fn text(program: &Program, message: u16) -> String {
    let message = program.messages.get(usize::from(message));
    message.map_or_else(String::new, |message| message.pieces.join("{}"))
}

/// The address of an element, and the bound that its index is held to.
fn element(program: &Program, base: u8, index: u8, shape: u16) -> String {
    let shape = program.shapes.get(usize::from(shape)).copied();
    let Shape {
        offset,
        length,
        size_bytes,
    } = shape.unwrap_or_default();
    let offset = match offset {
        0 => String::new(),
        offset => format!(" + {offset}"),
    };
    format!("r{base}{offset} + r{index} * {size_bytes}, r{index} < {length}")
}

/// A comparison that jumps.
fn compare(instr: Instr) -> Option<String> {
    let (left, operator, right, target) = match instr {
        Instr::JumpEq {
            left,
            right,
            target,
        } => (left, "==", format!("r{right}"), target),
        Instr::JumpNe {
            left,
            right,
            target,
        } => (left, "!=", format!("r{right}"), target),
        Instr::JumpLtU {
            left,
            right,
            target,
        } => (left, "<", format!("r{right}"), target),
        Instr::JumpLeU {
            left,
            right,
            target,
        } => (left, "<=", format!("r{right}"), target),
        Instr::JumpLtS {
            left,
            right,
            target,
        } => (left, "<", format!("r{right} signed"), target),
        Instr::JumpLeS {
            left,
            right,
            target,
        } => (left, "<=", format!("r{right} signed"), target),
        Instr::JumpEqImmediate {
            left,
            value,
            target,
        } => (left, "==", value.to_string(), target),
        Instr::JumpNeImmediate {
            left,
            value,
            target,
        } => (left, "!=", value.to_string(), target),
        Instr::JumpLtImmediateU {
            left,
            value,
            target,
        } => (left, "<", value.to_string(), target),
        Instr::JumpGeImmediateU {
            left,
            value,
            target,
        } => (left, ">=", value.to_string(), target),
        _ => return None,
    };
    Some(format!("jump {target} if r{left} {operator} {right}"))
}

/// The stack, whole values, the application's memory, packets.
fn outside(instr: Instr) -> Option<String> {
    Some(match instr {
        Instr::Local { to, offset } => format!("r{to} = stack + {offset}"),
        Instr::Enter { bytes } => format!("enter with {bytes} bytes of stack"),
        Instr::Copy { to, from, bytes } => format!("copy {bytes} bytes to [r{to}] from [r{from}]"),
        Instr::EqualBytes {
            to,
            left,
            right,
            bytes,
        } => format!("r{to} = {bytes} bytes at [r{left}] == [r{right}]"),
        Instr::MemLoad { to, address, bits } => format!("r{to} = mem u{bits} [r{address}]"),
        Instr::MemStore {
            from,
            address,
            bits,
        } => format!("mem u{bits} [r{address}] = r{from}"),
        Instr::SquareRoot { to, from } => format!("r{to} = root of r{from}"),
        Instr::PacketLength { to } => format!("r{to} = packet length"),
        Instr::PacketLoad { to, at, bits } => format!("r{to} = packet u{bits} [r{at}]"),
        Instr::ReplyStore { from, at, bits } => format!("reply u{bits} [r{at}] = r{from}"),
        Instr::ReplySend { length } => format!("send reply of r{length} bytes"),
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
        Instr::WrapAdd { to, left, right } => two(to, left, "+", right, " wrapping"),
        Instr::WrapSub { to, left, right } => two(to, left, "-", right, " wrapping"),
        Instr::WrapMul { to, left, right } => two(to, left, "*", right, " wrapping"),
        Instr::AddImmediateU {
            to,
            left,
            bits,
            value,
        } => format!("r{to} = r{left} + {value} as u{bits}"),
        Instr::AddImmediateS {
            to,
            left,
            bits,
            value,
        } => format!("r{to} = r{left} + {value} as i{bits}"),
        Instr::DivImmediateU { to, left, value } => format!("r{to} = r{left} / {value}"),
        Instr::RemImmediateU { to, left, value } => format!("r{to} = r{left} % {value}"),
        Instr::AndImmediate { to, left, value } => format!("r{to} = r{left} & {value}"),
        Instr::LeadingZeros { to, from, bits } => {
            format!("r{to} = leading zeros of r{from} as u{bits}")
        }
        Instr::TrailingZeros { to, from, bits } => {
            format!("r{to} = trailing zeros of r{from} as u{bits}")
        }
        Instr::CountOnes { to, from, bits } => format!("r{to} = ones of r{from} as u{bits}"),
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
