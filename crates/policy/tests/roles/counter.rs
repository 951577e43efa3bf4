//! A message handler: adds what a packet says to a counter of its owner, and answers with the sum.

use exo_prelude::*;

pub struct Counter {
    seen: u32,
}

impl Counter {
    pub const fn new() -> Counter {
        Counter { seen: 0 }
    }

    fn add(&mut self, mem: &mut Mem, address: u32, packet: &Packet) -> u32 {
        self.seen += 1;
        let mut sum = mem.load_u32(address);
        for at in 4..packet.len() {
            sum += packet.u8_at(at) as u32;
        }
        mem.store_u32(address, sum);
        sum
    }
}

impl MessageHandler for Counter {
    fn arrived(&mut self, packet: &Packet, mem: &mut Mem, reply: &mut Reply) -> Fate {
        let sum = self.add(mem, packet.u32_at(0), packet);
        reply.store_u32(0, sum);
        reply.store_u16(4, self.seen as u16);
        let room = packet.u8_at(4) as usize;
        reply.store_u8(room, 9);
        reply.send(room + 1);
        if sum % 2 == 0 { Fate::Done } else { Fate::Wake }
    }
}
