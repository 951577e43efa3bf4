use exo_prelude::*;

/// A message handler that puts payloads where their owner wants them, and wakes it.
///
/// The owner has bound it a page for what both must know and four pages for payloads. A payload goes
/// into the next page as it arrives, summed on the way: it is touched once, by who knows what it is
/// for, and there is no buffer in between. Only if the sum is right does the page count as filled. The
/// owner says how far it has read in the same page in which the handler says how far it has written.
pub struct AshCopy {
    copied: u64,
    refused: u64,
}

/// The page for both: how many payloads were put in pages, and how many of these the owner has read.
const FILLED: u32 = 0;
const READ: u32 = 4;
/// The pages for payloads: the length, who it is from, and the payload.
const PAGES: u32 = 4;
const PAGE_BYTES: u32 = 4096;
const CONTENTS: u32 = 8;

impl AshCopy {
    /// Nothing was copied yet.
    pub const fn new() -> AshCopy {
        AshCopy {
            copied: 0,
            refused: 0,
        }
    }

    /// Copies the payload to memory. Gives its sum. Memory has a word's lowest byte first, a packet its
    /// highest, so that words are turned on the way.
    fn copy(packet: &Packet, mem: &mut Mem, to: u32, length: usize) -> u64 {
        let mut sum = 0;
        let whole = length & !3;
        let end = AT_PAYLOAD + whole;
        let mut from = AT_PAYLOAD;
        let mut into = to;
        while from < end {
            let word = packet.u32_at(from);
            sum += word as u64;
            let pairs = (word & 0x00ff_00ff) << 8 | word >> 8 & 0x00ff_00ff;
            mem.store_u32(into, pairs << 16 | pairs >> 16);
            from += 4;
            into += 4;
        }
        for place in whole..length {
            let byte = packet.u8_at(AT_PAYLOAD + place);
            mem.store_u8(to + place as u32, byte);
            sum += (byte as u64) << (8 - place % 2 * 8);
        }
        sum
    }
}

impl MessageHandler for AshCopy {
    fn arrived(&mut self, packet: &Packet, mem: &mut Mem, _reply: &mut Reply) -> Fate {
        let Some(length) = payload_length(packet) else {
            self.refused += 1;
            return Fate::Done;
        };
        let filled = mem.load_u32(FILLED);
        if filled.wrapping_sub(mem.load_u32(READ)) >= PAGES {
            return Fate::Queue; // the owner is behind: as if there were no handler
        }
        let page = (1 + filled % PAGES) * PAGE_BYTES;
        let sum = start_of_sum(packet) + AshCopy::copy(packet, mem, page + CONTENTS, length);
        let summed = packet.u16_at(AT_UDP + 6) != 0;
        if header_sum(packet) != 0xffff || summed && fold(sum) != 0xffff {
            self.refused += 1;
            return Fate::Done; // the page was not counted, and the next payload goes there
        }
        mem.store_u32(page, length as u32);
        mem.store_u32(page + 4, packet.u32_at(26));
        mem.store_u32(FILLED, filled.wrapping_add(1));
        self.copied += 1;
        Fate::Wake
    }
}
