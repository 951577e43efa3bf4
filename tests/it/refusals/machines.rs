//! The machines in which refusals are asked for.

use std::sync::Arc;

use exo_core::cpu::{Entry, Field, Function, Instr, Program, SourcePlace};
use exo_core::event::Silent;
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::Handler;
use exo_core::kernel::call::Call;
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_core::trace::Trace;

/// A trace of one reference.
pub fn one_load() -> Trace {
    let mut trace = Trace::new();
    trace.push(0x7000, ReferenceKind::Load);
    trace
}

/// A machine of that configuration with two environments: `a` is native, may hold so many frames, came with
/// these programs, and is about to answer its first fault; `b` runs a program whose state is pinned in
/// frames 0 and 1.
pub fn asked(config: MachineConfig, limit: u32, downloads: Vec<Arc<Program>>) -> Machine {
    let environment = |handler, frame_limit, downloads| EnvironmentConfig {
        handler,
        frame_limit,
        application: Application::Trace(0),
        downloads,
    };
    let owner = Program {
        fields: Vec::new(),
        initial_state: vec![0; 8192],
        ..one_call(Call::Cycles, [0; 3])
    };
    let mut machine = Machine::new(MachineConfig {
        environments: vec![
            environment(Handler::Native, limit, downloads),
            environment(Handler::Program(Arc::new(owner)), 4, Vec::new()),
        ],
        ..config
    })
    .unwrap();
    let trace = one_load();
    let stop = machine.run(u64::MAX, &[&trace], &mut Silent);
    assert_eq!(stop, Stop::Upcall(EnvId(0)));
    machine
}

/// Environment `a` is native and holds frames 2 and 3; `b` runs a program whose state is pinned in
/// frames 0 and 1, and holds nothing else. Frames from 4 on are free.
pub fn machine(frames: u32, limit: u32) -> Machine {
    let config = MachineConfig {
        frames,
        ..MachineConfig::default()
    };
    let mut machine = asked(config, limit, Vec::new());
    for _ in 2..4 {
        let held = machine.native_call(EnvId(0), Call::Allocate, [0; 3], &mut Silent);
        assert!(matches!(held, Some(Ok(_))));
    }
    let bound = machine.native_call(EnvId(0), Call::TlbWrite, [5, 2, 1], &mut Silent);
    assert_eq!(bound, Some(Ok(0)));
    machine
}

/// A handler that makes one call and returns what it gave.
pub fn one_call(call: Call, arguments: [i32; 3]) -> Program {
    let [first, second, third] = arguments;
    let code = vec![
        Instr::Const {
            to: 10,
            value: first,
        },
        Instr::Const {
            to: 11,
            value: second,
        },
        Instr::Const {
            to: 12,
            value: third,
        },
        Instr::Syscall {
            call: call as u8,
            first: 10,
        },
        Instr::Move { to: 0, from: 10 },
        Instr::Move { to: 1, from: 11 },
        Instr::Return { first: 0, count: 0 },
    ];
    Program {
        name: "OneCall".to_owned(),
        places: vec![SourcePlace { line: 1, column: 1 }; code.len()],
        code,
        functions: vec![Function {
            name: "page_fault".to_owned(),
            entry: 0,
            registers: 16,
            arguments: 5,
            variables: Vec::new(),
        }],
        fields: vec![Field {
            name: "state".to_owned(),
            type_text: "u64".to_owned(),
            ty: 0,
            offset: 0,
            size_bytes: 8,
            holds_frames: false,
        }],
        initial_state: vec![7; 8],
        entries: vec![(Entry::PageFault, 0)],
        ..Program::default()
    }
}
