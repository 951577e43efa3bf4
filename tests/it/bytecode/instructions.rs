//! The instructions that no arithmetic test of the compiler reaches by itself.

use std::sync::Arc;

use exo_core::cpu::{Bus, Context, Exit, Instr, NoBus, Program, Trap};
use exo_core::downloaded::Downloaded;
use exo_core::hw::{Memory, Segment, State};
use exo_core::ids::Frame;

use super::function;

/// What a deterministic function gives, and its fuel.
pub(super) fn evaluate(code: Vec<Instr>, result: u8) -> (Result<u64, Trap>, u64) {
    let mut downloaded = Downloaded::new(Arc::new(function(code, result))).unwrap();
    let outcome = downloaded.run(&mut NoBus);
    (outcome.result, outcome.fuel)
}

pub(super) const fn set(to: u8, value: i32) -> Instr {
    Instr::Const { to, value }
}

#[test]
fn locals_on_the_stack_begin_as_zeros_and_cost_a_unit_for_8_bytes() {
    let code = vec![
        Instr::Enter { bytes: 20 },
        Instr::Local { to: 1, offset: 12 },
        Instr::Load64 {
            to: 2,
            base: 1,
            offset: 0,
        },
    ];
    assert_eq!(evaluate(code, 2), (Ok(0), 3 + 1 + 1 + 1));
}

#[test]
fn a_copy_moves_every_byte_and_no_other() {
    let code = vec![
        Instr::Enter { bytes: 32 },
        Instr::ConstWide { to: 1, index: 0 },
        Instr::Local { to: 2, offset: 0 },
        Instr::Store64 {
            from: 1,
            base: 2,
            offset: 0,
        },
        Instr::Store64 {
            from: 1,
            base: 2,
            offset: 8,
        },
        Instr::Local { to: 3, offset: 16 },
        Instr::Copy {
            to: 3,
            from: 2,
            bytes: 11,
        },
        Instr::Load64 {
            to: 4,
            base: 3,
            offset: 8,
        },
    ];
    assert_eq!(evaluate(code, 4).0, Ok(0x00ff_ffff));
}

#[test]
fn an_element_is_repeated_over_the_whole_array_and_not_behind_it() {
    let code = vec![
        set(1, 0x0a_0b_0c),
        set(2, 0),
        Instr::Store32 {
            from: 1,
            base: 2,
            offset: 8,
        },
        Instr::Repeat { to: 2, shape: 0 },
        Instr::Load64 {
            to: 3,
            base: 2,
            offset: 18,
        },
    ];
    assert_eq!(evaluate(code, 3).0, Ok(0x0a_0b_0c_0a_0b));
}

#[test]
fn equal_bytes_are_told_from_unequal_ones() {
    for (second, equal) in [(7, 1), (8, 0)] {
        let code = vec![
            set(1, 7),
            set(2, second),
            set(3, 0),
            set(4, 24),
            Instr::Store32 {
                from: 1,
                base: 3,
                offset: 9,
            },
            Instr::Store32 {
                from: 2,
                base: 4,
                offset: 9,
            },
            Instr::EqualBytes {
                to: 5,
                left: 3,
                right: 4,
                bytes: 13,
            },
        ];
        assert_eq!(evaluate(code, 5).0, Ok(equal));
    }
}

#[test]
fn elements_lie_at_the_offset_of_their_shape_and_an_index_too_many_is_a_trap() {
    let store = |index| {
        vec![
            set(1, 200),
            set(2, index),
            set(3, 0),
            Instr::StoreElement {
                from: 1,
                base: 3,
                index: 2,
                width: 0,
                shape: 0,
            },
            Instr::LoadU8 {
                to: 4,
                base: 3,
                offset: 8 + 3 * 4,
            },
        ]
    };
    assert_eq!(evaluate(store(4), 4).0, Ok(200));
    let trap = Trap::IndexOutOfBounds {
        index: 5,
        length: 5,
    };
    assert_eq!(evaluate(store(5), 4).0, Err(trap));
}

#[test]
fn immediates_overflow_as_registers_do() {
    let add = |left, value| {
        let bits = 8;
        let code = vec![
            set(1, left),
            Instr::AddImmediateU {
                to: 2,
                left: 1,
                bits,
                value,
            },
        ];
        evaluate(code, 2).0
    };
    assert_eq!(add(250, 5), Ok(255));
    assert_eq!(add(250, 6), Err(Trap::Overflow));
    assert_eq!(add(3, -3), Ok(0));
    assert_eq!(add(3, -4), Err(Trap::Overflow));
}

#[test]
fn bits_are_counted_within_the_width() {
    let of =
        |make: fn(u8, u8, u8) -> Instr, value| evaluate(vec![set(1, value), make(2, 1, 16)], 2).0;
    let leading = |to, from, bits| Instr::LeadingZeros { to, from, bits };
    let trailing = |to, from, bits| Instr::TrailingZeros { to, from, bits };
    let ones = |to, from, bits| Instr::CountOnes { to, from, bits };
    assert_eq!(of(leading, 1), Ok(15));
    assert_eq!(of(leading, 0), Ok(16));
    assert_eq!(of(trailing, 0), Ok(16));
    assert_eq!(of(trailing, 8), Ok(3));
    assert_eq!(of(ones, -1), Ok(16));
}

#[test]
fn more_stack_than_there_is_stops_the_program() {
    let mut deep = function(vec![Instr::Enter { bytes: 40_000 }], 0);
    deep.functions.push(deep.functions[0].clone());
    let inner = deep.code.len() as u32;
    deep.functions[1].entry = inner;
    let call = Instr::Call {
        function: 1,
        first: 1,
    };
    deep.code.insert(1, call);
    deep.functions[1].entry += 1;
    deep.code.push(Instr::Enter { bytes: 40_000 });
    deep.code.push(Instr::Return { first: 0, count: 0 });
    deep.places = vec![deep.places[0]; deep.code.len()];
    let outcome = Downloaded::new(Arc::new(deep)).unwrap().run(&mut NoBus);
    assert_eq!(outcome.result, Err(Trap::StackOverflow));
}

/// A bus over a few bytes, which counts what it is asked.
struct Bytes(Vec<u8>);

impl Bus for Bytes {
    fn load(&mut self, _: &mut Memory, address: u32, bits: u8) -> Option<u64> {
        let from = address as usize;
        let bytes = self.0.get(from..from + usize::from(bits / 8))?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(bytes.iter().rev().fold(0, fold))
    }

    fn store(&mut self, _: &mut Memory, address: u32, bits: u8, value: u64) -> Option<()> {
        let from = address as usize;
        let bytes = self.0.get_mut(from..from + usize::from(bits / 8))?;
        bytes.copy_from_slice(&value.to_le_bytes()[..bytes.len()]);
        Some(())
    }
}

/// Runs a program that may use application memory up to its first stop.
fn run(program: &Program, context: &mut Context, bus: &mut Bytes, budget: u64) -> (u64, Exit) {
    let mut memory = Memory::new(1, 12);
    let segment = Segment {
        frames: vec![Frame(0)],
        size_bytes: 64,
    };
    let mut state = State::new(&mut memory, &segment);
    context.run(program, &mut state, bus, budget)
}

#[test]
fn a_reference_that_the_bus_does_not_serve_waits_and_can_be_completed_from_outside() {
    let load = Instr::MemLoad {
        to: 2,
        address: 1,
        bits: 32,
    };
    let program = function(vec![set(1, 64), load], 2);
    let mut context = Context::default();
    context.enter(&program, 0, &[0]).unwrap();
    let mut bus = Bytes(vec![1; 64]);
    let (completed, exit) = run(&program, &mut context, &mut bus, 100);
    let Exit::Reference(reference) = exit else {
        panic!("it ended with {exit:?}");
    };
    assert_eq!((completed, reference.address, reference.bits), (1, 64, 32));
    let again = run(&program, &mut context, &mut bus, 100);
    assert_eq!(again, (0, exit), "running again asks the same again");
    context.complete_reference(reference, 99);
    assert_eq!(context.fuel_used(), 2);
    let (_, exit) = run(&program, &mut context, &mut bus, 100);
    assert_eq!((exit, context.register(0)), (Exit::Returned, 99));
}

#[test]
fn an_address_that_is_no_multiple_of_the_size_is_a_trap() {
    let load = Instr::MemLoad {
        to: 2,
        address: 1,
        bits: 32,
    };
    let program = function(vec![set(1, 6), load], 2);
    let mut context = Context::default();
    context.enter(&program, 0, &[0]).unwrap();
    let (_, exit) = run(&program, &mut context, &mut Bytes(vec![1; 64]), 100);
    assert_eq!(exit, Exit::Trap(Trap::Unaligned { address: 6 }));
}

#[test]
fn bulk_work_interrupted_at_every_unit_equals_the_straight_run() {
    let program = function(
        vec![
            Instr::Enter { bytes: 100 },
            Instr::ConstWide { to: 1, index: 0 },
            Instr::Local { to: 2, offset: 0 },
            Instr::Store64 {
                from: 1,
                base: 2,
                offset: 3,
            },
            Instr::Local { to: 3, offset: 50 },
            Instr::Copy {
                to: 3,
                from: 2,
                bytes: 50,
            },
            Instr::EqualBytes {
                to: 4,
                left: 2,
                right: 3,
                bytes: 50,
            },
        ],
        4,
    );
    let mut straight = Context::default();
    straight.enter(&program, 0, &[0]).unwrap();
    let mut bus = Bytes(Vec::new());
    let (_, exit) = run(&program, &mut straight, &mut bus, 1_000);
    assert_eq!((exit, straight.register(0)), (Exit::Returned, 1));
    let mut stepped = Context::default();
    stepped.enter(&program, 0, &[0]).unwrap();
    let mut steps = 0;
    while run(&program, &mut stepped, &mut bus, 1) == (1, Exit::Budget) {
        steps += 1;
        assert_eq!(stepped.fuel_used(), steps);
    }
    assert_eq!(stepped, straight);
}
