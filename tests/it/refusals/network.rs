//! Refusals of the calls of filters, rings, handlers and packets, and of the alarm clock.

use exo_core::cpu::Role;
use exo_core::machine::NetworkConfig;

use super::*;

/// A machine with a network, and the filter of `a`.
struct Networked {
    machine: Machine,
    filter: u64,
}

/// `a` holds frames 2 to 4, of which 4 is in the ring of its filter for type 0x0800, and came with a message
/// handler (0) and a packet filter (1). `b` has claimed nothing.
fn with_network() -> Networked {
    let downloaded = |role, entry, name: &str| {
        let code = vec![
            Instr::Const { to: 0, value: 0 },
            Instr::Return { first: 0, count: 0 },
        ];
        let mut program = one_call(Call::Cycles, [0; 3]);
        program.functions.iter_mut().for_each(|function| {
            (function.name, function.arguments) = (name.to_owned(), 1);
        });
        Arc::new(Program {
            role,
            entries: vec![(entry, 0)],
            places: vec![SourcePlace { line: 1, column: 1 }; code.len()],
            code,
            fields: Vec::new(),
            initial_state: Vec::new(),
            ..program
        })
    };
    let downloads = vec![
        downloaded(Role::MessageHandler, Entry::Arrived, "arrived"),
        downloaded(Role::PacketFilter, Entry::Accept, "accept"),
    ];
    let config = MachineConfig {
        frames: 256,
        network: Some(NetworkConfig::default()),
        ..MachineConfig::default()
    };
    let mut machine = asked(config, 80, downloads);
    let mut call = |call, arguments| {
        let answer = machine.native_call(EnvId(0), call, arguments, &mut Silent);
        answer.unwrap().unwrap()
    };
    for _ in 0..3 {
        call(Call::Allocate, [0; 3]);
    }
    call(Call::FilterU16, [12, 0xffff, 0x0800]);
    let filter = call(Call::FilterBind, [1, 0, 0]);
    call(Call::RingBuffer, [filter, 4, 0]);
    Networked { machine, filter }
}

/// What each call says on a machine without a network.
#[test]
fn without_a_network_every_call_of_it_is_refused_and_the_alarm_clock_is_not() {
    let calls = [
        Call::FilterU8,
        Call::FilterShift,
        Call::FilterAdvance,
        Call::FilterBind,
        Call::FilterBindProgram,
        Call::FilterFree,
        Call::RingBuffer,
        Call::HandlerBind,
        Call::HandlerFrame,
        Call::TransmitPart,
        Call::Transmit,
    ];
    for call in calls {
        assert_eq!(
            answer(machine(8, 9), call, [0; 3]),
            "NotOffered",
            "{call:?}"
        );
    }
    for call in [
        Call::FilterBegin,
        Call::TransmitForget,
        Call::TransmitWaiting,
        Call::Alarm,
    ] {
        assert_eq!(answer(machine(8, 9), call, [0; 3]), "Ok(0)", "{call:?}");
    }
}

#[test]
fn a_draft_refuses_what_no_packet_can_have() {
    let Networked { machine, .. } = with_network();
    let cases = [
        ("a value outside its mask", Call::FilterU8, [0, 0x0f, 0x10]),
        ("a mask wider than the field", Call::FilterU8, [0, 0x100, 0]),
        (
            "a field too far behind",
            Call::FilterU16,
            [65_536, 0xffff, 0],
        ),
        ("a wide field", Call::FilterU32, [30, 0xffff_ffff, 7]),
        ("a shift too far", Call::FilterShift, [14, 0x0f, 9]),
        ("a shift", Call::FilterShift, [14, 0x0f, 2]),
        ("an advance too far", Call::FilterAdvance, [65_536, 0, 0]),
        ("an advance", Call::FilterAdvance, [14, 0, 0]),
        ("nothing drafted", Call::FilterBind, [0, 0, 0]),
    ];
    check(
        &machine,
        &cases,
        expect![[r#"

        a value outside its mask                     filter_u8(0, 15, 16)                     BadFilter
        a mask wider than the field                  filter_u8(0, 256, 0)                     BadFilter
        a field too far behind                       filter_u16(65536, 65535, 0)              BadFilter
        a wide field                                 filter_u32(30, 4294967295, 7)            Ok(0)
        a shift too far                              filter_shift(14, 15, 9)                  BadFilter
        a shift                                      filter_shift(14, 15, 2)                  Ok(0)
        an advance too far                           filter_advance(65536)                    BadFilter
        an advance                                   filter_advance(14)                       Ok(0)
        nothing drafted                              filter_bind(0, 0)                        BadFilter
    "#]],
    );
}

#[test]
fn what_was_drafted_is_refused_whole() {
    let Networked { mut machine, .. } = with_network();
    let mut call = |call, arguments| machine.native_call(EnvId(0), call, arguments, &mut Silent);
    for _ in 0..8 {
        call(Call::FilterShift, [0, 1, 0]);
    }
    let ninth = call(Call::FilterShift, [0, 1, 0]);
    assert_eq!(ninth, Some(Err(SysError::BadFilter)));
    for _ in 8..64 {
        call(Call::FilterAdvance, [1, 0, 0]);
    }
    let longer = call(Call::FilterAdvance, [1, 0, 0]);
    assert_eq!(longer, Some(Err(SysError::BadFilter)));
    call(Call::FilterBegin, [0; 3]);
    call(Call::FilterU8, [0, 0xff, 1]);
    call(Call::FilterU8, [0, 0xff, 2]);
    let never = call(Call::FilterBind, [0; 3]);
    assert_eq!(never, Some(Err(SysError::BadFilter)));
    for value in 0..31 {
        call(Call::FilterBegin, [0; 3]);
        call(Call::FilterU8, [0, 0xff, value]);
        assert!(call(Call::FilterBind, [0; 3]).unwrap().is_ok());
    }
    call(Call::FilterU8, [0, 0xff, 99]);
    let more = answer(machine.clone(), Call::FilterBind, [0; 3]);
    assert_eq!(more, "FilterLimit");
    let more = answer(machine.clone(), Call::FilterBindProgram, [1, 0, 0]);
    assert_eq!(more, "FilterLimit");
}

#[test]
fn bindings_of_filters_refuse_in_order() {
    let Networked { machine, filter } = with_network();
    let cases = [
        ("no such program", Call::FilterBindProgram, [2, 0, 0]),
        ("past 32 bits", Call::FilterBindProgram, [NOWHERE, 0, 0]),
        ("a handler as a filter", Call::FilterBindProgram, [0, 0, 0]),
        ("no such filter", Call::FilterFree, [9, 0, 0]),
        ("past 32 bits", Call::FilterFree, [NOWHERE, 0, 0]),
        ("no such filter", Call::RingBuffer, [9, 2, 0]),
        ("no such frame", Call::RingBuffer, [filter, 256, 0]),
        ("another's frame", Call::RingBuffer, [filter, 0, 0]),
        ("a free frame", Call::RingBuffer, [filter, 9, 0]),
        ("one that is in a ring", Call::RingBuffer, [filter, 4, 0]),
        ("its own", Call::RingBuffer, [filter, 3, 0]),
        ("no such filter", Call::HandlerBind, [9, 0, 0]),
        ("no such program", Call::HandlerBind, [filter, 2, 0]),
        ("a filter as a handler", Call::HandlerBind, [filter, 1, 0]),
        ("a handler", Call::HandlerBind, [filter, 0, 0]),
        ("no such filter", Call::HandlerFrame, [9, 2, 0]),
        ("no such frame", Call::HandlerFrame, [filter, 256, 0]),
        ("another's frame", Call::HandlerFrame, [filter, 0, 0]),
        ("its own", Call::HandlerFrame, [filter, 3, 0]),
        ("its own", Call::FilterFree, [filter, 0, 0]),
    ];
    check(
        &machine,
        &cases,
        expect![[r#"

        no such program                              filter_bind_program(2, 0)                NoSuchProgram
        past 32 bits                                 filter_bind_program(4294967296, 0)       NoSuchProgram
        a handler as a filter                        filter_bind_program(0, 0)                NoSuchProgram
        no such filter                               filter_free(9)                           NoSuchFilter
        past 32 bits                                 filter_free(4294967296)                  NoSuchFilter
        no such filter                               ring_buffer(9, 2)                        NoSuchFilter
        no such frame                                ring_buffer(0, 256)                      NoSuchFrame
        another's frame                              ring_buffer(0, 0)                        NoAuthority
        a free frame                                 ring_buffer(0, 9)                        NoAuthority
        one that is in a ring                        ring_buffer(0, 4)                        Taken
        its own                                      ring_buffer(0, 3)                        Ok(1)
        no such filter                               handler_bind(9, 0)                       NoSuchFilter
        no such program                              handler_bind(0, 2)                       NoSuchProgram
        a filter as a handler                        handler_bind(0, 1)                       NoSuchProgram
        a handler                                    handler_bind(0, 0)                       Ok(0)
        no such filter                               handler_frame(9, 2)                      NoSuchFilter
        no such frame                                handler_frame(0, 256)                    NoSuchFrame
        another's frame                              handler_frame(0, 0)                      NoAuthority
        its own                                      handler_frame(0, 3)                      Ok(0)
        its own                                      filter_free(0)                           Ok(0)
    "#]],
    );
}

#[test]
fn rings_and_handlers_have_room_for_so_many_frames() {
    let Networked {
        mut machine,
        filter,
    } = with_network();
    let mut call = |call, arguments| {
        let answer = machine.native_call(EnvId(0), call, arguments, &mut Silent);
        answer.unwrap()
    };
    for _ in 1..64 {
        let frame = call(Call::Allocate, [0; 3]).unwrap();
        assert!(call(Call::RingBuffer, [filter, frame, 0]).is_ok());
    }
    for _ in 0..16 {
        assert!(call(Call::HandlerFrame, [filter, 2, 0]).is_ok());
    }
    let cases = [
        ("the ring is full", Call::RingBuffer, [filter, 3, 0]),
        ("the handler reaches 16", Call::HandlerFrame, [filter, 3, 0]),
    ];
    check(
        &machine,
        &cases,
        expect![[r#"

        the ring is full                             ring_buffer(0, 3)                        BufferLimit
        the handler reaches 16                       handler_frame(0, 3)                      BufferLimit
    "#]],
    );
}

#[test]
fn sending_refuses_in_order() {
    let Networked { mut machine, .. } = with_network();
    let cases = [
        ("no such frame", Call::Transmit, [256, 0, 60]),
        ("another's", Call::Transmit, [0, 0, 60]),
        ("a free frame", Call::Transmit, [9, 0, 60]),
        ("nothing", Call::Transmit, [2, 0, 0]),
        ("past the end of the frame", Call::Transmit, [2, 4_090, 60]),
        ("past 64 bits", Call::Transmit, [2, u64::MAX, 60]),
        ("too short", Call::Transmit, [2, 0, 13]),
        ("too long", Call::Transmit, [2, 0, 1_515]),
        ("the longest", Call::Transmit, [2, 0, 1_514]),
        ("a part of nothing", Call::TransmitPart, [2, 0, 0]),
        ("a part of another's", Call::TransmitPart, [0, 0, 9]),
        ("a part", Call::TransmitPart, [2, 0, 9]),
    ];
    check(
        &machine,
        &cases,
        expect![[r#"

        no such frame                                transmit(256, 0, 60)                     NoSuchFrame
        another's                                    transmit(0, 0, 60)                       NoAuthority
        a free frame                                 transmit(9, 0, 60)                       NoAuthority
        nothing                                      transmit(2, 0, 0)                        BadPacket
        past the end of the frame                    transmit(2, 4090, 60)                    BadPacket
        past 64 bits                                 transmit(2, 18446744073709551615, 60)    BadPacket
        too short                                    transmit(2, 0, 13)                       BadPacket
        too long                                     transmit(2, 0, 1515)                     BadPacket
        the longest                                  transmit(2, 0, 1514)                     Ok(0)
        a part of nothing                            transmit_part(2, 0, 0)                   BadPacket
        a part of another's                          transmit_part(0, 0, 9)                   NoAuthority
        a part                                       transmit_part(2, 0, 9)                   Ok(0)
    "#]],
    );
    let mut call = |call, arguments| {
        let answer = machine.native_call(EnvId(0), call, arguments, &mut Silent);
        answer.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(call(Call::TransmitPart, [2, 0, 500]), Ok(0));
    }
    assert_eq!(
        call(Call::TransmitPart, [2, 0, 5]),
        Err(SysError::BufferLimit)
    );
    assert_eq!(call(Call::Transmit, [2, 0, 15]), Err(SysError::BadPacket));
    assert_eq!(call(Call::Transmit, [2, 0, 14]), Ok(0));
    for _ in 1..16 {
        assert_eq!(call(Call::Transmit, [2, 0, 60]), Ok(0));
    }
    assert_eq!(call(Call::TransmitWaiting, [0; 3]), Ok(16));
    let full = answer(machine.clone(), Call::Transmit, [2, 0, 60]);
    assert_eq!(full, "QueueFull");
}
