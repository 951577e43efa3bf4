//! What a debugger reads of a running program is what the program itself logs.

mod support;

use exo_core::cpu::{Home, STACK_BASE, TypeShape, Variable};
use exo_prelude::{Access, Cause, Fault};
use support::{Machine, Standing};

/// Each `log!` here shows a variable, or a part of one, under its own name.
const SOURCE: &str = "\
use exo_prelude::*;
#[derive(Clone, Copy)]
struct Pair { low: u8, high: i64, on: bool }
struct Grid { rows: [[u16; 3]; 2], pair: Pair }
struct Walked { count: u32, grid: Grid, pairs: [Pair; 2] }
fn lend(by: &mut u32, pair: &Pair, rows: &[[u16; 3]; 2]) -> u32 {
    *by += 1;
    log!(\"by {}\", *by);
    log!(\"pair.high {}\", pair.high);
    log!(\"rows.1.2 {}\", rows[1][2]);
    *by
}
fn given(mut rows: [[u16; 3]; 2], mut by: u32, pair: Pair) -> [[u16; 3]; 2] {
    rows[0][1] += 7;
    lend(&mut by, &pair, &rows);
    log!(\"rows.0.1 {}\", rows[0][1]);
    log!(\"by {}\", by);
    log!(\"pair.on {}\", pair.on);
    rows
}
impl Walked {
    const fn new() -> Walked {
        let pair = Pair { low: 1, high: -2, on: true };
        Walked { count: 5, grid: Grid { rows: [[1, 2, 3], [4, 5, 6]], pair }, pairs: [pair; 2] }
    }
    fn work(&mut self, x: u32) -> u32 {
        let first = x as i32 - 20;
        log!(\"first {}\", first);
        let mut total = 0u64;
        for i in 0..3 {
            total += i;
            log!(\"i {} \", i);
            log!(\"total {}\", total);
        }
        let maybe = if x > 2 { Some(x * 2) } else { None };
        if let Some(inner) = maybe {
            log!(\"inner {}\", inner);
            let total = inner + 1;
            log!(\"total {}\", total);
        }
        log!(\"total {}\", total);
        log!(\"x {}\", x);
        let mut lent = x;
        log!(\"lent {}\", lent);
        lend(&mut lent, &self.pairs[1], &self.grid.rows);
        log!(\"lent {}\", lent);
        let rows = given(self.grid.rows, lent, Pair { low: 9, high: -9, on: x == 3 });
        log!(\"rows.0.1 {}\", rows[0][1]);
        self.count += 1;
        self.grid.rows = rows;
        log!(\"self.count {}\", self.count);
        log!(\"self.grid.rows.0.1 {}\", self.grid.rows[0][1]);
        log!(\"self.pairs.1.high {}\", self.pairs[1].high);
        let later;
        if x > 4 { later = 1u8; } else { later = 200; }
        log!(\"later {}\", later);
        match x {
            0 => 1,
            other => { log!(\"other {}\", other); other }
        }
    }
}
impl LibOs for Walked {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        log!(\"fault.page {}\", fault.page);
        let answer = self.work(fault.page);
        log!(\"answer {}\", answer);
        Ok(())
    }
}
";

/// Where a debugger stands in a value.
#[derive(Clone, Copy)]
enum At {
    Register(u64),
    Address(u64),
}

/// The variables in scope at an instruction, the last declared last.
fn in_scope<'s>(standing: &Standing<'s>, pc: u32) -> Vec<&'s Variable> {
    let functions = standing.program.functions.iter();
    let running = functions
        .filter(|it| it.entry <= pc)
        .max_by_key(|it| it.entry);
    let variables = &running.expect("a function").variables;
    let mut found: Vec<&Variable> = variables
        .iter()
        .filter(|it| it.from <= pc && pc < it.until)
        .collect();
    found.sort_by_key(|it| it.from);
    found
}

fn bytes(standing: &Standing<'_>, address: u64, count: usize) -> u64 {
    let (memory, at) = match address.checked_sub(STACK_BASE) {
        Some(at) => (standing.context.stack().0, at as usize),
        None => (standing.state, address as usize),
    };
    let mut word = [0; 8];
    word[..count].copy_from_slice(&memory[at..at + count]);
    u64::from_le_bytes(word)
}

fn start(standing: &Standing<'_>, variable: &Variable) -> At {
    let frame = standing.context.stack().1;
    match variable.home {
        Home::Registers(register) => At::Register(register.into()),
        Home::Stack(offset) => At::Address(STACK_BASE + u64::from(frame + offset)),
        Home::Behind(register) => At::Address(standing.context.register(register)),
    }
}

/// A part of a value by the names and indices that lead there, as the CPU's registers hold it.
fn read<'p>(
    standing: &Standing<'_>,
    ty: u32,
    at: At,
    mut path: impl Iterator<Item = &'p str>,
) -> u64 {
    match &standing.program.types[ty as usize] {
        TypeShape::Struct { members, .. } => {
            let name = path.next().expect("a field");
            let member = members.iter().find(|it| it.name == name).expect("a field");
            let inner = match at {
                At::Register(register) => At::Register(register + u64::from(member.slot)),
                At::Address(address) => At::Address(address + u64::from(member.offset)),
            };
            read(standing, member.ty, inner, path)
        }
        TypeShape::Array {
            element,
            length,
            stride_bytes,
        } => {
            let index: u32 = path.next().expect("an index").parse().expect("a number");
            assert!(index < *length);
            let At::Address(address) = at else {
                panic!("an array lies in memory");
            };
            let inner = At::Address(address + u64::from(index * stride_bytes));
            read(standing, *element, inner, path)
        }
        scalar => {
            let (bits, signed) = match scalar {
                TypeShape::Integer { bits, signed } => (*bits, *signed),
                TypeShape::Frame => (32, false),
                _ => (8, false),
            };
            let word = match at {
                At::Register(register) => return standing.context.register(register as u8),
                At::Address(address) => bytes(standing, address, usize::from(bits) / 8),
            };
            match (signed, bits) {
                (true, 32) => word as u32 as i32 as i64 as u64,
                _ => word,
            }
        }
    }
}

#[test]
fn a_debugger_reads_what_the_program_logs() {
    let mut machine = Machine::new(SOURCE);
    let mut compared = 0;
    for page in 0..8 {
        let fault = Fault {
            address: page * 4096,
            page,
            access: Access::Read,
            cause: Cause::Miss,
        };
        machine.walk(fault, &mut |standing| {
            let Some((message, first)) = standing.logged else {
                return;
            };
            let text = &standing.program.messages[usize::from(message)].pieces[0];
            let mut path = text.trim().split('.');
            let name = path.next().expect("a name");
            let pc = standing.context.pc() - 1;
            let variables = in_scope(standing, pc);
            let variable = variables.iter().rev().find(|it| it.name == name);
            let variable = variable.unwrap_or_else(|| panic!("{name} at {pc}"));
            let found = read(standing, variable.ty, start(standing, variable), path);
            assert_eq!(found, standing.context.register(first), "{text} at {pc}");
            compared += 1;
        });
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn each_variable_in_scope_lies_where_something_is() {
    let mut machine = Machine::new(SOURCE);
    let fault = Fault {
        address: 0,
        page: 7,
        access: Access::Read,
        cause: Cause::Miss,
    };
    let mut seen = 0;
    machine.walk(fault, &mut |standing| {
        let (stack, _) = standing.context.stack();
        for variable in in_scope(standing, standing.context.pc()) {
            if let At::Address(address) = start(standing, variable) {
                let inside = match address.checked_sub(STACK_BASE) {
                    Some(at) => at < stack.len() as u64,
                    None => address < standing.state.len() as u64,
                };
                assert!(inside, "{} at {}", variable.name, standing.context.pc());
            }
            seen += 1;
        }
    });
    assert!(seen > 500, "{seen}");
}

#[test]
fn fields_have_types_of_the_program() {
    let machine = Machine::new(SOURCE);
    let types = &machine.program.types;
    let shapes: Vec<&TypeShape> = machine
        .program
        .fields
        .iter()
        .map(|field| &types[field.ty as usize])
        .collect();
    assert!(matches!(
        shapes[0],
        TypeShape::Integer {
            bits: 32,
            signed: false
        }
    ));
    assert!(matches!(shapes[1], TypeShape::Struct { name, .. } if name == "Grid"));
    assert!(matches!(
        shapes[2],
        TypeShape::Array {
            length: 2,
            stride_bytes: 24,
            ..
        }
    ));
}
