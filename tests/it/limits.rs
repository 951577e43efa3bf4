//! Limits: machines at them work, machines past them are refused with a sentence (INV-LIM-1).

use exo_core::event::Silent;
use exo_core::hw::{Replacement, TlbConfig};
use exo_core::ids::ReferenceKind;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_core::trace::Trace;
use expect_test::expect;

use std::sync::Arc;

fn fully(entries: u32) -> TlbConfig {
    TlbConfig {
        sets: 1,
        ways: entries,
        replacement: Replacement::Lru,
    }
}

/// A machine of so many environments, each under FIFO with one frame for its pages.
fn config(environments: usize) -> MachineConfig {
    let source = exo_libos_samples::sample("fifo").unwrap().source;
    let smaller = source.replace("usize = 4096", "usize = 8");
    let smaller = smaller.replace("usize = 1024", "usize = 4");
    let program = Arc::new(exo_policy::compile(&smaller).unwrap());
    let environment = EnvironmentConfig {
        handler: Handler::Program(program),
        frame_limit: 1,
        application: Application::Trace(0),
        downloads: Vec::new(),
    };
    MachineConfig {
        frames: 2 * environments as u32,
        environments: vec![environment; environments],
        slice_references: 3,
        ..MachineConfig::default()
    }
}

/// Runs ten references over two pages in each environment, to the end.
fn assert_runs(config: MachineConfig) {
    let mut trace = Trace::new();
    for number in 0..10_u32 {
        let page = (number % 2) << 20;
        trace.push(page + number, ReferenceKind::Modify);
    }
    let mut machine = Machine::new(config).unwrap();
    machine.check().unwrap();
    assert_eq!(machine.run(u64::MAX, &[&trace], &mut Silent), Stop::Halted);
    machine.check().unwrap();
    for environment in &machine.kernel().environments {
        assert_eq!(environment.phase, Phase::Finished);
        assert_eq!(environment.counters.page_loads, 10);
        assert_eq!(environment.counters.evictions, 9);
    }
}

#[test]
fn the_smallest_and_the_largest_machines_run() {
    assert_runs(MachineConfig {
        tlb: fully(1),
        stlb_entries: 1,
        slice_references: 1,
        ..config(1)
    });
    assert_runs(MachineConfig {
        frames: 65_536,
        tlb: fully(1024),
        stlb_entries: 65_536,
        ..config(1)
    });
    assert_runs(MachineConfig {
        page_bits: 16,
        ..config(2)
    });
    assert_runs(MachineConfig {
        page_bits: 4,
        frames: 100,
        ..config(2)
    });
}

#[test]
fn a35_sixty_four_address_spaces_share_a_machine() {
    assert_runs(config(64));
}

#[test]
fn a_machine_past_a_limit_is_refused_with_the_limit() {
    let refused = [
        MachineConfig {
            page_bits: 17,
            ..config(1)
        },
        MachineConfig {
            frames: 0,
            ..config(1)
        },
        MachineConfig {
            frames: 65_537,
            ..config(1)
        },
        MachineConfig {
            frames: 1,
            ..config(2)
        },
        MachineConfig {
            tlb: fully(0),
            ..config(1)
        },
        MachineConfig {
            tlb: fully(1025),
            ..config(1)
        },
        MachineConfig {
            tlb: TlbConfig {
                sets: 1 << 31,
                ways: 2,
                replacement: Replacement::Fifo,
            },
            ..config(1)
        },
        MachineConfig {
            stlb_entries: 65_537,
            ..config(1)
        },
        MachineConfig {
            slice_references: 0,
            ..config(1)
        },
        config(65),
        MachineConfig {
            environments: vec![],
            ..config(1)
        },
    ];
    let told: Vec<String> = refused
        .into_iter()
        .map(|config| Machine::new(config).unwrap_err().to_string())
        .collect();
    expect![[r#"
        a page of 2^17 bytes is too large: at most 2^16
        0 frames of memory: there must be 1 to 65536
        65537 frames of memory: there must be 1 to 65536
        the programs' own state needs 2 pinned frames and there are only 1
        a TLB of 0 entries: there must be 1 to 1024
        a TLB of 1025 entries: there must be 1 to 1024
        a TLB of 4294967295 entries: there must be 1 to 1024
        a software TLB of 65537 entries: at most 65536, 0 is off
        a slice must be at least one reference, or instruction, long
        65 environments: there must be 1 to 64
        0 environments: there must be 1 to 64"#]]
    .assert_eq(&told.join("\n"));
}
