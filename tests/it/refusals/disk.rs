//! Refusals of the calls of extents and of the disk.

use super::*;

/// A machine with a disk of eight blocks: `a` holds frames 2 and 3 and blocks 1 and 2, for which the
/// numbers are those of the capability that it was given, of one derived for reading, and of one that
/// has ended.
fn with_disk() -> (Machine, [u64; 3]) {
    let config = MachineConfig {
        frames: 8,
        disk_blocks: 8,
        ..MachineConfig::default()
    };
    let mut machine = asked(config, 9, Vec::new());
    let mut call = |call, arguments| {
        let answer = machine.native_call(EnvId(0), call, arguments, &mut Silent);
        answer.unwrap().unwrap()
    };
    call(Call::Allocate, [0; 3]);
    call(Call::Allocate, [0; 3]);
    let first = call(Call::ExtentAllocateAt, [1, 2, 0]);
    let reading = call(Call::Derive, [first, 0, 0]);
    let ended = call(Call::Derive, [first, 1, 0]);
    call(Call::Revoke, [ended, 0, 0]);
    (machine, [first, reading, ended])
}

/// The cases of one call by what is special about them; the number of a capability is not shown.
fn told(machine: &Machine, cases: &[Case]) -> String {
    let mut text = String::from("\n");
    for (what, call, arguments) in cases {
        let answer = match answer(machine.clone(), *call, *arguments).as_str() {
            number if number.starts_with("Ok(") => "granted".to_owned(),
            refused => refused.to_owned(),
        };
        let _ = writeln!(text, "{} {what}: {answer}", call.name());
    }
    text
}

#[test]
fn extent_allocate_refuses_in_order() {
    let (machine, _) = with_disk();
    let any = |blocks| (Call::ExtentAllocate, [blocks, 0, 0]);
    let at = |first, blocks| (Call::ExtentAllocateAt, [first, blocks, 0]);
    let case = |what, (call, arguments)| (what, call, arguments);
    let cases = [
        case("of none", any(0)),
        case("of more than its share", any(3)),
        case("of more than the disk", any(9)),
        case("of more than 32 bits", any(NOWHERE)),
        case("of its share", any(2)),
        case("at a place, of none", at(0, 0)),
        case("past the end", at(7, 2)),
        case("past 64 bits", at(u64::MAX, 2)),
        case("where one block is taken", at(2, 6)),
        case("of more than its share at a place", at(3, 3)),
        case("of its share at a place", at(3, 2)),
    ];
    expect![[r#"

        extent_allocate of none: NoSuchBlock
        extent_allocate of more than its share: BlockLimit
        extent_allocate of more than the disk: BlockLimit
        extent_allocate of more than 32 bits: BlockLimit
        extent_allocate of its share: granted
        extent_allocate_at at a place, of none: NoSuchBlock
        extent_allocate_at past the end: NoSuchBlock
        extent_allocate_at past 64 bits: NoSuchBlock
        extent_allocate_at where one block is taken: Taken
        extent_allocate_at of more than its share at a place: BlockLimit
        extent_allocate_at of its share at a place: granted
    "#]]
    .assert_eq(&told(&machine, &cases));
}

#[test]
fn extent_free_refuses_in_order() {
    let (machine, [first, reading, ended]) = with_disk();
    let case = |what, number| (what, Call::ExtentFree, [number, 0, 0]);
    let cases = [
        case("by a number that nobody made", first ^ 1 << 40),
        case("by a capability that has ended", ended),
        case("by a derived one", reading),
        case("by the first one", first),
    ];
    expect![[r#"

        extent_free by a number that nobody made: Forged
        extent_free by a capability that has ended: Stale
        extent_free by a derived one: NoAuthority
        extent_free by the first one: granted
    "#]]
    .assert_eq(&told(&machine, &cases));
}

#[test]
fn transfers_refuse_in_order_and_then_are_not_waited_for() {
    let (machine, [first, reading, ended]) = with_disk();
    let mut cases = Vec::new();
    for call in [Call::DiskRead, Call::DiskWrite] {
        cases.push(("by a number that nobody made", call, [7, 9, 9]));
        cases.push(("by a capability that has ended", call, [ended, 9, 9]));
        cases.push(("of a block behind the extent", call, [first, 2, 9]));
        cases.push(("of a block past 32 bits", call, [first, NOWHERE, 9]));
        cases.push(("of a frame that does not exist", call, [first, 0, 9]));
        cases.push(("of a frame past 32 bits", call, [first, 0, NOWHERE + 2]));
        cases.push(("of another's frame", call, [first, 0, 0]));
        cases.push(("of a free frame", call, [first, 0, 6]));
    }
    cases.push(("by one for reading", Call::DiskWrite, [reading, 9, 9]));
    expect![[r#"

        disk_read by a number that nobody made: Forged
        disk_read by a capability that has ended: Stale
        disk_read of a block behind the extent: NoSuchBlock
        disk_read of a block past 32 bits: NoSuchBlock
        disk_read of a frame that does not exist: NoSuchFrame
        disk_read of a frame past 32 bits: NoSuchFrame
        disk_read of another's frame: NoAuthority
        disk_read of a free frame: NoAuthority
        disk_write by a number that nobody made: Forged
        disk_write by a capability that has ended: Stale
        disk_write of a block behind the extent: NoSuchBlock
        disk_write of a block past 32 bits: NoSuchBlock
        disk_write of a frame that does not exist: NoSuchFrame
        disk_write of a frame past 32 bits: NoSuchFrame
        disk_write of another's frame: NoAuthority
        disk_write of a free frame: NoAuthority
        disk_write by one for reading: NoAuthority
    "#]]
    .assert_eq(&told(&machine, &cases));
}
