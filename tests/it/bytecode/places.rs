//! Instructions for what handlers do most, and the state as the CPU's loop sees it.

use exo_core::cpu::{Context, Exit, Instr, NoBus, Trap};
use exo_core::hw::{Memory, Segment, State};
use exo_core::ids::Frame;

use super::function;
use super::instructions::{evaluate, set};

#[test]
fn divisors_known_beforehand_divide_as_registers_do() {
    let of = |make: fn(u8, u8, u32) -> Instr, left, value| {
        evaluate(vec![set(1, left), make(2, 1, value)], 2).0
    };
    let divide = |to, left, value| Instr::DivImmediateU { to, left, value };
    let remain = |to, left, value| Instr::RemImmediateU { to, left, value };
    let and = |to, left, value| Instr::AndImmediate { to, left, value };
    for value in [1, 2, 3, 10, 64, 100, 1 << 31, u32::MAX] {
        for left in [0, 1, 63, 64, 65, 1_000_000, i32::MAX] {
            let (wide, number) = (left as u64, u64::from(value));
            assert_eq!(of(divide, left, value), Ok(wide / number));
            assert_eq!(of(remain, left, value), Ok(wide % number));
            assert_eq!(of(and, left, value), Ok(wide & number));
        }
    }
    assert_eq!(of(divide, 1, 0), Err(Trap::DivideByZero));
    assert_eq!(of(remain, 1, 0), Err(Trap::DivideByZero));
}

/// The instruction of its own for elements of a width, and what it stands for.
fn own_and_general(width: u8) -> [(Instr, Instr); 2] {
    let (base, index, shape) = (3, 2, 0);
    let (to, from) = (4, 1);
    macro_rules! pair {
        ($load:ident, $store:ident) => {
            (
                Instr::$load {
                    to,
                    base,
                    index,
                    shape,
                },
                Instr::$store {
                    from,
                    base,
                    index,
                    shape,
                },
            )
        };
    }
    let (load, store) = match width {
        0 => pair!(LoadElementU8, StoreElement8),
        2 => pair!(LoadElementU32, StoreElement32),
        _ => pair!(LoadElement64, StoreElement64),
    };
    let general = Instr::StoreElement {
        from,
        base,
        index,
        width,
        shape,
    };
    let general_load = Instr::LoadElement {
        to,
        base,
        index,
        width,
        shape,
    };
    [(store, general), (load, general_load)]
}

#[test]
fn elements_of_each_width_are_stored_and_loaded_as_the_general_instructions_do() {
    for width in [0, 2, 4] {
        let [stores, loads] = own_and_general(width);
        for index in [0, 4, 5] {
            let with = |store, load| {
                let wide = Instr::ConstWide { to: 1, index: 0 };
                evaluate(vec![wide, set(2, index), set(3, 0), store, load], 4)
            };
            let general = with(stores.1, loads.1);
            assert_eq!(with(stores.0, loads.1), general);
            assert_eq!(with(stores.1, loads.0), general);
            assert_eq!(general.0.is_ok(), index < 5);
        }
    }
    let byte = Instr::SetElement8 {
        value: 200,
        base: 3,
        index: 2,
        shape: 0,
    };
    let code = vec![set(2, 4), set(3, 0), byte, own_and_general(0)[1].0];
    assert_eq!(evaluate(code, 4).0, Ok(200));
}

#[test]
fn a_state_whose_frames_lie_anywhere_is_loaded_and_stored_as_one() {
    let store = |offset| Instr::Store32 {
        from: 1,
        base: 0,
        offset,
    };
    for frames in [vec![1, 2, 3, 4], vec![1, 2, 5, 0], vec![4, 2, 1, 3]] {
        let mut memory = Memory::new(6, 4);
        let segment = Segment {
            frames: frames.into_iter().map(Frame).collect(),
            size_bytes: 61,
        };
        // On their own, across two frames, across a gap, and at the very end.
        for offset in [0, 4, 14, 16, 29, 32, 46, 57] {
            let code = vec![
                set(1, 0x0403_0201 + offset as i32),
                store(offset),
                Instr::LoadU32 {
                    to: 2,
                    base: 0,
                    offset,
                },
            ];
            let mut context = Context::default();
            let program = function(code, 2);
            context.enter(&program, 0, &[0]).unwrap();
            let mut state = State::new(&mut memory, &segment);
            let (_, exit) = context.run(&program, &mut state, &mut NoBus, 100);
            let wanted = 0x0403_0201 + offset;
            assert_eq!((exit, context.register(0)), (Exit::Returned, wanted.into()));
            assert_eq!(state.load(offset.into()), Some(wanted.to_le_bytes()));
        }
        let mut context = Context::default();
        let program = function(vec![store(58)], 1);
        context.enter(&program, 0, &[0]).unwrap();
        let mut state = State::new(&mut memory, &segment);
        let (_, exit) = context.run(&program, &mut state, &mut NoBus, 100);
        assert_eq!(exit, Exit::Trap(Trap::BadAddress));
        assert_eq!(state.load(57), Some([58, 2, 3, 4]), "nothing was stored");
    }
}
