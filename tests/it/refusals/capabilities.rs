//! Refusals of the calls that make, derive, revoke and present capabilities.

use exo_core::event::Silent;
use exo_core::ids::EnvId;
use exo_core::kernel::call::Call;
use exo_core::limits::CAPABILITIES_PER_ENVIRONMENT_MAX;
use exo_core::machine::Machine;
use expect_test::expect;

use super::{NOWHERE, answer, check, machine, table};

/// That machine, and a capability of its first environment for frame 2, for that access.
fn with_capability(access: u64) -> (Machine, u64) {
    let mut machine = machine(8, 9);
    let made = machine.native_call(EnvId(0), Call::Capability, [2, access, 0], &mut Silent);
    (machine, made.unwrap().unwrap())
}

#[test]
fn capability_refuses_in_order() {
    let cases = [
        ("no such frame", Call::Capability, [8, 0, 0]),
        (
            "no such frame, past 32 bits",
            Call::Capability,
            [NOWHERE + 2, 0, 0],
        ),
        ("another's pinned one", Call::Capability, [0, 0, 0]),
        ("a free one", Call::Capability, [6, 0, 0]),
    ];
    check(
        &machine(8, 9),
        &cases,
        expect![[r#"

        no such frame                                capability(8, 0)                         NoSuchFrame
        no such frame, past 32 bits                  capability(4294967298, 0)                NoSuchFrame
        another's pinned one                         capability(0, 0)                         NoAuthority
        a free one                                   capability(6, 0)                         NoAuthority
    "#]],
    );
}

#[test]
fn a_capability_is_refused_as_forged_stale_or_not_enough_in_order() {
    let (mut machine, number) = with_capability(0);
    let cases = [
        ("no number of any", Call::Derive, [7, 0, 0]),
        ("its place alone", Call::Derive, [number & 0xFFF, 0, 0]),
        (
            "one bit of the check changed",
            Call::Derive,
            [number ^ 1 << 40, 0, 0],
        ),
        ("the next serial", Call::Derive, [number + (1 << 12), 0, 0]),
        ("more than it allows", Call::Derive, [number, 1, 0]),
        ("no number of any", Call::TlbWriteShared, [6, 7, 0]),
        (
            "no such page, and no number of any",
            Call::TlbWriteShared,
            [1 << 20, 7, 0],
        ),
        ("more than it allows", Call::TlbWriteShared, [6, number, 1]),
        ("no number of any", Call::Revoke, [7, 0, 0]),
    ];
    let shown = table(&machine, &cases).replace(&number.to_string(), "NUMBER");
    let shown = shown.trim_start().lines().map(|line| {
        let what = line.split("  ").next().unwrap_or_default();
        let call = line[what.len()..].trim_start();
        let name = call.split('(').next().unwrap_or_default();
        let answer = line.rsplit(' ').next().unwrap_or_default();
        format!("{what}: {name} {answer}\n")
    });
    expect![[r#"
        no number of any: derive Forged
        its place alone: derive Forged
        one bit of the check changed: derive Forged
        the next serial: derive Forged
        more than it allows: derive NoAuthority
        no number of any: tlb_write_shared Forged
        no such page, and no number of any: tlb_write_shared NoSuchPage
        more than it allows: tlb_write_shared NoAuthority
        no number of any: revoke Forged
    "#]]
    .assert_eq(&shown.collect::<String>());

    let ended = machine.native_call(EnvId(0), Call::Revoke, [number, 0, 0], &mut Silent);
    assert_eq!(ended, Some(Ok(0)));
    for (call, arguments) in [
        (Call::Derive, [number, 0, 0]),
        (Call::Revoke, [number, 0, 0]),
        (Call::TlbWriteShared, [6, number, 0]),
    ] {
        assert_eq!(answer(machine.clone(), call, arguments), "Stale");
    }
}

#[test]
fn one_environment_cannot_use_up_the_table_of_capabilities() {
    let mut machine = machine(8, 9);
    let make = |machine: &mut Machine| {
        machine.native_call(EnvId(0), Call::Capability, [2, 0, 0], &mut Silent)
    };
    let mut last = 0;
    for _ in 0..CAPABILITIES_PER_ENVIRONMENT_MAX {
        last = make(&mut machine).unwrap().unwrap();
    }
    for (call, arguments) in [(Call::Capability, [2, 0, 0]), (Call::Derive, [last, 0, 0])] {
        assert_eq!(answer(machine.clone(), call, arguments), "CapabilityLimit");
    }
    machine.native_call(EnvId(0), Call::Revoke, [last, 0, 0], &mut Silent);
    let again = make(&mut machine).unwrap().unwrap();
    assert_ne!(again, last, "a place is used again, a number never");
    machine.check().unwrap();
}
