//! What the verifier refuses, and in which words.

use std::fmt::Write as _;

use exo_core::cpu::{Entry, Field, Instr, Message, Program, Role, Shown};
use exo_core::verify::verify;
use exo_libos_samples::SAMPLES;
use expect_test::expect;

use super::program;

const RETURN: Instr = Instr::Return { first: 0, count: 0 };

/// The verdict on each damaged program, one a line.
fn verdicts(cases: &[(&str, Program)]) -> String {
    let mut text = String::new();
    for (name, program) in cases {
        let verdict = match verify(program) {
            Ok(fuel) => format!("at most {fuel} units"),
            Err(refusal) => refusal.to_string(),
        };
        writeln!(text, "{name}: {verdict}").unwrap();
    }
    text
}

fn libos(code: Vec<Instr>) -> Program {
    program(Role::LibOs, Entry::PageFault, code)
}

fn changed(change: impl FnOnce(&mut Program)) -> Program {
    let mut program = libos(vec![RETURN]);
    change(&mut program);
    program
}

#[test]
fn every_sample_is_verified() {
    for sample in SAMPLES {
        let program = exo_policy::compile(sample.source).unwrap();
        assert!(verify(&program).is_ok(), "{}", sample.name);
    }
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let cases = [
        ("empty", changed(|it| it.code.clear())),
        ("no places", changed(|it| it.places.clear())),
        ("no functions", changed(|it| it.functions.clear())),
        ("late start", changed(|it| it.functions[0].entry = 1)),
        (
            "twice",
            changed(|it| it.functions.push(it.functions[0].clone())),
        ),
        ("registers", changed(|it| it.functions[0].registers = 257)),
        ("arguments", changed(|it| it.functions[0].arguments = 17)),
        (
            "field",
            changed(|it| {
                it.fields.push(Field {
                    name: "far".to_owned(),
                    type_text: "u64".to_owned(),
                    ty: 0,
                    offset: u32::MAX,
                    size_bytes: 8,
                    holds_frames: false,
                });
            }),
        ),
        ("no entry", changed(|it| it.entries.clear())),
        (
            "other entry",
            changed(|it| it.entries.push((Entry::Main, 0))),
        ),
        ("no such function", changed(|it| it.entries[0].1 = 9)),
        ("shape", changed(|it| it.functions[0].arguments = 1)),
    ];
    expect![[r#"
        empty: the code is empty, too long, or not as long as its line table
        no places: the code is empty, too long, or not as long as its line table
        no functions: its functions do not follow each other within the code
        late start: its functions do not follow each other within the code
        twice: its functions do not follow each other within the code
        registers: instruction 0: the function asks for registers that do not exist
        arguments: instruction 0: the function asks for registers that do not exist
        field: its state is too large, or a field lies outside it
        no entry: it lacks `page_fault`
        other entry: its role has no `main`
        no such function: its `page_fault` does not take what it is given
        shape: its `page_fault` does not take what it is given
    "#]]
    .assert_eq(&verdicts(&cases));
}

fn element(index: u8, width: u8, shape: u16) -> Instr {
    Instr::LoadElement {
        to: 1,
        base: 0,
        index,
        width,
        shape,
    }
}

#[test]
fn instructions_that_name_what_is_not_there_are_refused() {
    let one = |instr| libos(vec![instr, RETURN]);
    let log = |count| {
        let mut program = one(Instr::Log {
            message: 0,
            first: 15,
            count,
        });
        program.messages.push(Message {
            pieces: vec![String::new(); 3],
            shown: vec![Shown::Unsigned; 2],
        });
        program
    };
    let call = Instr::Call {
        function: 0,
        first: 12,
    };
    let cases = [
        ("sound", one(element(15, 4, 0))),
        ("register", one(Instr::Move { to: 16, from: 0 })),
        ("target", one(Instr::Jump { target: 2 })),
        ("shape", one(element(1, 4, 1))),
        ("width", one(element(1, 5, 0))),
        ("constant", one(Instr::ConstWide { to: 0, index: 1 })),
        (
            "bits",
            one(Instr::NotU {
                to: 0,
                from: 0,
                bits: 65,
            }),
        ),
        ("arguments", one(call)),
        (
            "function",
            one(Instr::Call {
                function: 1,
                first: 0,
            }),
        ),
        (
            "system call",
            one(Instr::Syscall {
                call: 200,
                first: 0,
            }),
        ),
        ("its registers", one(Instr::Syscall { call: 3, first: 14 })),
        ("values", log(1)),
        ("their registers", log(2)),
        ("results", libos(vec![Instr::Return { first: 9, count: 8 }])),
        ("message", one(Instr::Panic { message: 0 })),
        (
            "late frame",
            libos(vec![
                Instr::Const { to: 0, value: 0 },
                Instr::Enter { bytes: 8 },
                RETURN,
            ]),
        ),
        ("large frame", one(Instr::Enter { bytes: 70_000 })),
        ("no end", libos(vec![Instr::JumpIf { when: 0, target: 0 }])),
    ];
    expect![[r#"
        sound: at most 1000000 units
        register: instruction 0: it names a register that the function does not have
        target: instruction 0: it jumps out of its function
        shape: instruction 0: it names an entry that its table does not have
        width: instruction 0: it names a width that does not exist
        constant: instruction 0: it names an entry that its table does not have
        bits: instruction 0: it names a width that does not exist
        arguments: instruction 0: it names a register that the function does not have
        function: instruction 0: it names an entry that its table does not have
        system call: instruction 0: it makes a system call that does not exist
        its registers: instruction 0: it names a register that the function does not have
        values: instruction 0: its message has another number of values
        their registers: instruction 0: it names a register that the function does not have
        results: instruction 0: it names a register that the function does not have
        message: instruction 0: it names an entry that its table does not have
        late frame: instruction 1: a stack frame is too large, or is not asked for at the start of its function
        large frame: instruction 0: a stack frame is too large, or is not asked for at the start of its function
        no end: instruction 0: the end of its function can be run past
    "#]].assert_eq(&verdicts(&cases));
}

/// A program of `role` with one instruction and the return that its entry needs.
fn of(role: Role, entry: Entry, instr: Instr) -> Program {
    program(
        role,
        entry,
        vec![Instr::Const { to: 1, value: 0 }, instr, RETURN],
    )
}

#[test]
fn each_role_may_do_only_what_is_its_own() {
    let instrs = [
        ("back", Instr::Jump { target: 1 }),
        ("ahead", Instr::Jump { target: 2 }),
        (
            "store",
            Instr::Store8 {
                from: 1,
                base: 0,
                offset: 0,
            },
        ),
        ("ask", Instr::Syscall { call: 9, first: 1 }),
        ("request", Instr::LibosCall { first: 1 }),
        (
            "memory",
            Instr::MemLoad {
                to: 1,
                address: 1,
                bits: 8,
            },
        ),
        ("packet", Instr::PacketLength { to: 1 }),
        ("reply", Instr::ReplySend { length: 1 }),
    ];
    let roles = [
        (Role::LibOs, Entry::PageFault),
        (Role::Application, Entry::Main),
        (Role::PacketFilter, Entry::Accept),
        (Role::MessageHandler, Entry::Arrived),
        (Role::Udf, Entry::Evaluate),
    ];
    let mut text = String::new();
    for (role, entry) in roles {
        for (name, instr) in &instrs {
            let verdict = match verify(&of(role, entry, *instr)) {
                Ok(_) => "may".to_owned(),
                Err(refusal) => refusal.to_string(),
            };
            writeln!(text, "{} {name}: {verdict}", role.name()).unwrap();
        }
    }
    expect![[r#"
        libOS back: may
        libOS ahead: may
        libOS store: may
        libOS ask: may
        libOS request: instruction 1: a libOS may not call a libOS
        libOS memory: may
        libOS packet: instruction 1: a libOS may not read packets
        libOS reply: instruction 1: a libOS may not reply
        application back: may
        application ahead: may
        application store: may
        application ask: may
        application request: may
        application memory: may
        application packet: instruction 1: an application may not read packets
        application reply: instruction 1: an application may not reply
        packet filter back: instruction 1: a packet filter may not jump backward
        packet filter ahead: may
        packet filter store: instruction 1: a packet filter may not store anything
        packet filter ask: instruction 1: a packet filter may not make system calls or write to the log
        packet filter request: instruction 1: a packet filter may not call a libOS
        packet filter memory: instruction 1: a packet filter may not load or store application memory
        packet filter packet: may
        packet filter reply: instruction 1: a packet filter may not reply
        message handler back: may
        message handler ahead: may
        message handler store: may
        message handler ask: instruction 1: a message handler may not make system calls or write to the log
        message handler request: instruction 1: a message handler may not call a libOS
        message handler memory: may
        message handler packet: may
        message handler reply: may
        deterministic function back: may
        deterministic function ahead: may
        deterministic function store: may
        deterministic function ask: instruction 1: a deterministic function may not make system calls or write to the log
        deterministic function request: instruction 1: a deterministic function may not call a libOS
        deterministic function memory: instruction 1: a deterministic function may not load or store application memory
        deterministic function packet: may
        deterministic function reply: instruction 1: a deterministic function may not reply
    "#]].assert_eq(&text);
}

#[test]
fn downloaded_functions_do_not_call_in_circles_and_a_filter_calls_none() {
    let call = Instr::Call {
        function: 0,
        first: 1,
    };
    let cases = [
        (
            "libOS",
            libos(vec![
                Instr::Call {
                    function: 0,
                    first: 1,
                },
                RETURN,
            ]),
        ),
        ("function", of(Role::Udf, Entry::Evaluate, call)),
        ("filter", of(Role::PacketFilter, Entry::Accept, call)),
    ];
    expect![[r#"
        libOS: at most 1000000 units
        function: instruction 1: a deterministic function may not call functions in a circle, or nest calls too deep
        filter: instruction 1: a packet filter may not call functions
    "#]].assert_eq(&verdicts(&cases));
}

#[test]
fn an_empty_row_of_registers_may_begin_behind_the_last_one() {
    let mut program = libos(vec![
        Instr::Log {
            message: 0,
            first: 16,
            count: 0,
        },
        Instr::Return {
            first: 16,
            count: 0,
        },
    ]);
    program.messages.push(Message {
        pieces: vec!["again".to_owned()],
        shown: Vec::new(),
    });
    assert!(verify(&program).is_ok());
}
