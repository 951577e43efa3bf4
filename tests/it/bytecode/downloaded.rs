//! Downloaded programs: a filter, a message handler, a deterministic function.

use std::sync::Arc;

use exo_core::cpu::{Bus, Entry, Instr, Role, Trap};
use exo_core::downloaded::Downloaded;

use super::program;

/// A packet, and room for a reply.
struct Wire {
    packet: Vec<u8>,
    reply: [u8; 4],
    sent: Option<u64>,
}

impl Wire {
    fn with(packet: &[u8]) -> Wire {
        Wire {
            packet: packet.to_vec(),
            reply: [0; 4],
            sent: None,
        }
    }
}

impl Bus for Wire {
    fn packet(&self) -> &[u8] {
        &self.packet
    }

    fn reply_store(&mut self, at: u64, bytes: &[u8]) -> bool {
        let from = usize::try_from(at).unwrap_or(usize::MAX);
        let end = from.saturating_add(bytes.len());
        let place = self.reply.get_mut(from..end);
        place.is_some_and(|place| {
            place.copy_from_slice(bytes);
            true
        })
    }

    fn reply_send(&mut self, length: u64) -> bool {
        self.sent = (length <= 4).then_some(length);
        self.sent.is_some()
    }
}

/// Accepts packets whose second 16-bit word is 0x0800.
fn filter() -> Downloaded {
    let code = vec![
        Instr::Const { to: 1, value: 2 },
        Instr::PacketLoad {
            to: 2,
            at: 1,
            bits: 16,
        },
        Instr::Const {
            to: 3,
            value: 0x0800,
        },
        Instr::Eq {
            to: 0,
            left: 2,
            right: 3,
        },
        Instr::Return { first: 0, count: 1 },
    ];
    let program = program(Role::PacketFilter, Entry::Accept, code);
    Downloaded::new(Arc::new(program)).unwrap()
}

#[test]
fn a_filter_reads_the_packet_in_network_byte_order() {
    let mut filter = filter();
    let yes = filter.run(&mut Wire::with(&[9, 9, 0x08, 0x00]));
    let no = filter.run(&mut Wire::with(&[9, 9, 0x00, 0x08]));
    assert_eq!((yes.result, no.result), (Ok(1), Ok(0)));
    assert_eq!(yes.fuel, 5, "each instruction is one unit");
}

#[test]
fn a_filter_that_reads_past_the_end_has_no_say() {
    let outcome = filter().run(&mut Wire::with(&[9, 9, 8]));
    assert_eq!(outcome.result, Err(Trap::PacketEnd));
}

#[test]
fn a_message_handler_replies_within_its_room_and_keeps_its_state() {
    let code = vec![
        Instr::Load64 {
            to: 1,
            base: 0,
            offset: 0,
        },
        Instr::AddImmediateU {
            to: 1,
            left: 1,
            bits: 64,
            value: 1,
        },
        Instr::Store64 {
            from: 1,
            base: 0,
            offset: 0,
        },
        Instr::Const { to: 2, value: 0 },
        Instr::ReplyStore {
            from: 1,
            at: 2,
            bits: 32,
        },
        Instr::Const { to: 3, value: 4 },
        Instr::ReplySend { length: 3 },
        Instr::Return { first: 0, count: 0 },
    ];
    let program = program(Role::MessageHandler, Entry::Arrived, code);
    let mut handler = Downloaded::new(Arc::new(program)).unwrap();
    let mut wire = Wire::with(&[]);
    assert_eq!(handler.run(&mut wire).result, Ok(0));
    assert_eq!(handler.run(&mut wire).result, Ok(0));
    assert_eq!((wire.reply, wire.sent), ([0, 0, 0, 2], Some(4)));
    assert_eq!(handler.state()[0], 2);
}

#[test]
fn a_deterministic_function_begins_with_its_first_state_each_time() {
    let code = vec![
        Instr::Load64 {
            to: 1,
            base: 0,
            offset: 0,
        },
        Instr::AddImmediateU {
            to: 1,
            left: 1,
            bits: 64,
            value: 1,
        },
        Instr::Store64 {
            from: 1,
            base: 0,
            offset: 0,
        },
        Instr::Return { first: 1, count: 1 },
    ];
    let program = program(Role::Udf, Entry::Evaluate, code);
    let mut function = Downloaded::new(Arc::new(program)).unwrap();
    let first = function.run(&mut Wire::with(&[]));
    assert_eq!(first, function.run(&mut Wire::with(&[])));
    assert_eq!(first.result, Ok(1));
}

#[test]
fn a_loop_without_end_ends_when_its_fuel_does() {
    let code = vec![Instr::Jump { target: 0 }];
    let program = program(Role::Udf, Entry::Evaluate, code);
    let mut function = Downloaded::new(Arc::new(program)).unwrap();
    let outcome = function.run(&mut Wire::with(&[]));
    assert_eq!(outcome.result, Err(Trap::OutOfFuel));
    assert_eq!(outcome.fuel, exo_core::limits::DOWNLOADED_FUEL);
}

#[test]
fn a_libos_is_not_downloaded() {
    let code = vec![Instr::Return { first: 0, count: 0 }];
    let program = program(Role::LibOs, Entry::PageFault, code);
    assert!(matches!(Downloaded::new(Arc::new(program)), Err(None)));
}
