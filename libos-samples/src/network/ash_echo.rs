use exo_prelude::*;

/// A message handler that sends datagrams back as they arrive.
///
/// It runs in the kernel, before its owner is so much as told: a reply does not wait until somebody
/// runs. It copies the payload once and sums it on the way. That addresses and ports change places
/// leaves the sum as it is, so that the reply has the request's checksum; where that was wrong, no
/// reply is sent. It has no loop that a packet could make longer than a packet, and it is stopped if
/// it goes on for too long all the same.
pub struct AshEcho {
    echoed: u64,
    refused: u64,
}

impl AshEcho {
    /// Nothing was sent back yet.
    pub const fn new() -> AshEcho {
        AshEcho {
            echoed: 0,
            refused: 0,
        }
    }

    /// Writes the headers of the reply.
    fn turn_round(packet: &Packet, reply: &mut Reply, length: usize) {
        reply.store_u32(0, packet.u32_at(6));
        reply.store_u16(4, packet.u16_at(10));
        reply.store_u16(6, packet.u16_at(0));
        reply.store_u32(8, packet.u32_at(2));
        reply.store_u16(12, 0x0800);
        let first = 0x4500_0000 | (28 + length as u32);
        let third = 64u32 << 24 | 17 << 16;
        let from = packet.u32_at(30);
        let to = packet.u32_at(26);
        let sum = first as u64 + 0x4000 + third as u64 + from as u64 + to as u64;
        reply.store_u32(14, first);
        reply.store_u32(18, 0x4000);
        reply.store_u32(22, third | !fold(sum) & 0xffff);
        reply.store_u32(26, from);
        reply.store_u32(30, to);
        reply.store_u16(AT_UDP, packet.u16_at(AT_UDP + 2));
        reply.store_u16(AT_UDP + 2, packet.u16_at(AT_UDP));
        reply.store_u32(AT_UDP + 4, packet.u32_at(AT_UDP + 4));
    }

    /// Copies the payload. Gives its sum.
    fn copy(packet: &Packet, reply: &mut Reply, length: usize) -> u64 {
        let mut sum = 0;
        let whole = AT_PAYLOAD + (length & !3);
        for place in (AT_PAYLOAD..whole).step_by(4) {
            let word = packet.u32_at(place);
            reply.store_u32(place, word);
            sum += word as u64;
        }
        for place in whole..AT_PAYLOAD + length {
            let byte = packet.u8_at(place);
            reply.store_u8(place, byte);
            sum += (byte as u64) << (8 - place % 2 * 8);
        }
        sum
    }
}

impl MessageHandler for AshEcho {
    fn arrived(&mut self, packet: &Packet, _mem: &mut Mem, reply: &mut Reply) -> Fate {
        let Some(length) = payload_length(packet) else {
            self.refused += 1;
            return Fate::Done;
        };
        let sum = start_of_sum(packet) + AshEcho::copy(packet, reply, length);
        let summed = packet.u16_at(AT_UDP + 6) != 0;
        if header_sum(packet) != 0xffff || summed && fold(sum) != 0xffff {
            self.refused += 1;
            return Fate::Done;
        }
        AshEcho::turn_round(packet, reply, length);
        reply.send(AT_PAYLOAD + length);
        self.echoed += 1;
        Fate::Done
    }
}
