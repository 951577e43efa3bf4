//! Instructions of downloaded programs: the packet they look at, the reply they write (A45, A48).

use super::bus::Bus;
use super::context::Trap;
use super::instr::Instr;
use crate::limits::WINDOW_REGISTERS;

/// Completes an instruction that reads the packet or writes the reply.
pub(super) fn compute<B: Bus>(
    instr: Instr,
    w: &mut [u64; WINDOW_REGISTERS],
    bus: &mut B,
) -> Result<(), Trap> {
    match instr {
        Instr::PacketLength { to } => w[usize::from(to)] = bus.packet().len() as u64,
        Instr::PacketLoad { to, at, bits } => {
            let bytes = load(bus.packet(), w[usize::from(at)], size(bits)?)?;
            w[usize::from(to)] = bytes;
        }
        Instr::ReplyStore { from, at, bits } => {
            let value = w[usize::from(from)].to_be_bytes();
            let bytes = value.get(8 - size(bits)?..).unwrap_or(&[]);
            if !bus.reply_store(w[usize::from(at)], bytes) {
                return Err(Trap::ReplyRoom);
            }
        }
        Instr::ReplySend { length } => {
            if !bus.reply_send(w[usize::from(length)]) {
                return Err(Trap::ReplyRoom);
            }
        }
        _ => return Err(Trap::BadCode),
    }
    Ok(())
}

fn size(bits: u8) -> Result<usize, Trap> {
    match bits {
        8 | 16 | 32 | 64 => Ok(usize::from(bits / 8)),
        _ => Err(Trap::BadCode),
    }
}

/// The number in `size` bytes from `at` on, the highest first.
fn load(packet: &[u8], at: u64, size: usize) -> Result<u64, Trap> {
    let from = usize::try_from(at).map_err(|_| Trap::PacketEnd)?;
    let bytes = packet.get(from..).and_then(|rest| rest.get(..size));
    let bytes = bytes.ok_or(Trap::PacketEnd)?;
    let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    Ok(bytes.iter().fold(0, fold))
}
