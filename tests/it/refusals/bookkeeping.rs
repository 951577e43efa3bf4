//! Refusals of the calls that read bookkeeping, and that they change nothing, refused or not (A03).

use super::*;

#[test]
fn a03_reading_is_refused_for_what_is_not_there_and_changes_nothing_else() {
    let machine = machine(8, 4);
    let entries = machine.hardware().tlb.entries().len() as u64;
    let stlb = machine.kernel().stlb.entries().len() as u64;
    let cases: [Case; 14] = [
        ("of its own", Call::FrameOwner, [2, 0, 0]),
        ("of another's state", Call::FrameOwner, [0, 0, 0]),
        ("of a free one", Call::FrameOwner, [6, 0, 0]),
        ("that the machine has not", Call::FrameOwner, [8, 0, 0]),
        ("past 32 bits", Call::FrameOwner, [NOWHERE + 2, 0, 0]),
        ("anyone", Call::FreeFrames, [0; 3]),
        ("anyone", Call::TlbEntries, [0; 3]),
        ("anyone", Call::StlbEntries, [0; 3]),
        ("that is written", Call::TlbEntry, [0; 3]),
        ("that is empty", Call::TlbEntry, [1, 0, 0]),
        ("behind the last", Call::TlbEntry, [entries, 0, 0]),
        ("past 32 bits", Call::TlbEntry, [NOWHERE, 0, 0]),
        ("that is empty", Call::StlbEntry, [0; 3]),
        ("behind the last", Call::StlbEntry, [stlb, 0, 0]),
    ];
    check(
        &machine,
        &cases,
        expect![[r#"

        of its own                                   frame_owner(2)                           Ok(0)
        of another's state                           frame_owner(0)                           Ok(1)
        of a free one                                frame_owner(6)                           Unowned
        that the machine has not                     frame_owner(8)                           NoSuchFrame
        past 32 bits                                 frame_owner(4294967298)                  NoSuchFrame
        anyone                                       free_frames()                            Ok(4)
        anyone                                       tlb_entries()                            Ok(64)
        anyone                                       stlb_entries()                           Ok(4096)
        that is written                              tlb_entry(0)                             Ok(72057602627862533)
        that is empty                                tlb_entry(1)                             Empty
        behind the last                              tlb_entry(64)                            NoSuchEntry
        past 32 bits                                 tlb_entry(4294967296)                    NoSuchEntry
        that is empty                                stlb_entry(0)                            Empty
        behind the last                              stlb_entry(4096)                         NoSuchEntry
    "#]],
    );
    for (_, call, arguments) in cases {
        let mut after = machine.clone();
        let _ = after.native_call(EnvId(0), call, arguments, &mut Silent);
        assert_nothing_changed(call, &machine, &after);
    }
}

#[test]
fn tlb_drop_run_refuses_a_run_that_is_none_too_long_or_past_the_end() {
    let pages = 1 << 20;
    let cases: [Case; 8] = [
        ("no page", Call::TlbDropRun, [5, 0, 0]),
        ("more than one call takes", Call::TlbDropRun, [5, 1025, 0]),
        ("more than 32 bits", Call::TlbDropRun, [5, NOWHERE + 1, 0]),
        (
            "too long, and past the end",
            Call::TlbDropRun,
            [pages, 1025, 0],
        ),
        ("past the end", Call::TlbDropRun, [pages, 1, 0]),
        ("past 32 bits", Call::TlbDropRun, [NOWHERE, 1, 0]),
        (
            "whose end is past the end",
            Call::TlbDropRun,
            [pages - 1, 2, 0],
        ),
        ("at the end", Call::TlbDropRun, [pages - 1, 1, 0]),
    ];
    check(
        &machine(8, 4),
        &cases,
        expect![[r#"

        no page                                      tlb_drop_run(5, 0)                       TooManyPages
        more than one call takes                     tlb_drop_run(5, 1025)                    TooManyPages
        more than 32 bits                            tlb_drop_run(5, 4294967297)              TooManyPages
        too long, and past the end                   tlb_drop_run(1048576, 1025)              TooManyPages
        past the end                                 tlb_drop_run(1048576, 1)                 NoSuchPage
        past 32 bits                                 tlb_drop_run(4294967296, 1)              NoSuchPage
        whose end is past the end                    tlb_drop_run(1048575, 2)                 NoSuchPage
        at the end                                   tlb_drop_run(1048575, 1)                 Ok(0)
    "#]],
    );
}
