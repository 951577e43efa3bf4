//! The programs of the measurements.

/// A process that computes for a while, gives up the processor, and does so again.
pub(super) const ACTIVE: &str = "\
use exo_prelude::*;
pub struct Active { turns: u64 }
impl Active {
    pub const fn new() -> Active { Active { turns: 0 } }
}
impl Application for Active {
    fn main(&mut self, _mem: &mut Mem, sys: &mut Sys) {
        loop {
            let end = sys.cycles() + TURN_CYCLES;
            while sys.cycles() < end {
                for _ in 0..10 { self.turns = self.turns.wrapping_add(1); }
            }
            sys.yield_slice();
        }
    }
}
";

/// A libOS that does nothing but give memory.
pub(super) const IDLE: &str = "\
use exo_prelude::*;
pub struct Idle { faults: u64 }
impl Idle {
    pub const fn new() -> Idle { Idle { faults: 0 } }
}
impl LibOs for Idle {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.faults += 1;
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
";

/// A libOS that sends datagrams to port 7 of 10.0.0.32 back. It does what the message handler does: it looks at
/// both checksums, copies the payload once, and lets addresses and ports change places, which leaves the sums.
/// `DELIVERY` is how it is told.
pub(super) const ECHO: &str = "\
use exo_prelude::*;
const PAGE_BYTES: u32 = 4096;
const RING: u32 = 0xf_0100;
const OUTBOX: u32 = 0xf_0110;
pub struct Echo { open: bool, next: usize, ring: [Frame; 4], outbox: [Frame; 4], refused: u64 }
impl Echo {
    pub const fn new() -> Echo {
        Echo { open: false, next: 0, ring: [Frame::new(0); 4], outbox: [Frame::new(0); 4], refused: 0 }
    }
    fn open(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        sys.filter_begin();
        sys.filter_u16(12, 0xffff, 0x0800)?;
        sys.filter_u8(14, 0xff, 0x45)?;
        sys.filter_u16(20, 0x3fff, 0)?;
        sys.filter_u8(23, 0xff, 17)?;
        sys.filter_u32(30, 0xffff_ffff, 0x0a00_0020)?;
        sys.filter_u16(36, 0xffff, 7)?;
        let filter = sys.filter_bind(DELIVERY, false)?;
        for place in 0..4 {
            self.ring[place] = sys.allocate()?;
            self.outbox[place] = sys.allocate()?;
            sys.ring_buffer(filter, self.ring[place])?;
        }
        Ok(())
    }
    fn answer(&mut self, sys: &mut Sys, from: u32, to: u32, frame: Frame) {
        let length = (sys.load_u32(from + 56) & 0xff) << 8 | sys.load_u32(from + 56) >> 8 & 0xff;
        if length < 8 || length + 34 > sys.load_u32(from) {
            self.refused += 1;
            return;
        }
        let first = sys.load_u32(from + 32);
        let second = sys.load_u32(from + 36);
        let third = sys.load_u32(from + 40);
        let source = sys.load_u32(from + 44);
        let target = sys.load_u32(from + 48);
        let addresses = source as u64 + target as u64;
        let header = first as u64 + second as u64 + third as u64 + addresses;
        let ports = sys.load_u32(from + 52);
        let rest = sys.load_u32(from + 56);
        let mut sum = addresses + 0x1100 + (rest & 0xffff) as u64 + ports as u64 + rest as u64;
        let mut at = 60;
        while at + 4 <= 52 + length {
            let word = sys.load_u32(from + at);
            sys.store_u32(to + at, word);
            sum += word as u64;
            at += 4;
        }
        let left = 52 + length - at;
        if left > 0 {
            let word = sys.load_u32(from + at) & ((1 << (left * 8)) - 1);
            sys.store_u32(to + at, word);
            sum += word as u64;
        }
        if fold(header) != 0xffff || rest >> 16 != 0 && fold(sum) != 0xffff {
            self.refused += 1;
            return;
        }
        sys.store_u32(to + 32, first);
        sys.store_u32(to + 36, second);
        sys.store_u32(to + 40, third);
        sys.store_u32(to + 44, target);
        sys.store_u32(to + 48, source);
        sys.store_u32(to + 52, ports << 16 | ports >> 16);
        sys.store_u32(to + 56, rest);
        let to_high = sys.load_u32(from + 16);
        let to_low = sys.load_u32(from + 20);
        let from_high = sys.load_u32(from + 24);
        let from_low = sys.load_u32(from + 28);
        sys.store_u32(to + 16, from_high << 16);
        sys.store_u32(to + 20, from_high >> 16 | from_low << 16);
        sys.store_u32(to + 24, to_high >> 16 | to_low << 16);
        sys.store_u32(to + 28, to_low >> 16 | from_low & 0xffff_0000);
        if sys.transmit(frame, 18, 34 + length).is_err() { self.refused += 1; }
    }
}
fn fold(sum: u64) -> u64 {
    let mut sum = (sum & 0xffff_ffff) + (sum >> 32);
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16); }
    sum
}
impl LibOs for Echo {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
    fn slice_began(&mut self, sys: &mut Sys, _position: u32) {
        if !self.open {
            self.open = true;
            if self.open(sys).is_err() { log!(\"I need a network and 8 frames\"); }
        }
    }
    fn packets(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        for _ in 0..4 {
            let place = self.next;
            let from = RING + place as u32;
            let to = OUTBOX + place as u32;
            sys.tlb_write(from, self.ring[place], Access::ReadWrite)?;
            if sys.load_u32(from * PAGE_BYTES) == 0 { break; }
            sys.tlb_write(to, self.outbox[place], Access::ReadWrite)?;
            self.answer(sys, from * PAGE_BYTES, to * PAGE_BYTES, self.outbox[place]);
            sys.store_u32(from * PAGE_BYTES, 0);
            self.next = (place + 1) % 4;
        }
        Ok(())
    }
}
";

#[cfg(test)]
mod tests {
    use super::{ACTIVE, ECHO, IDLE};

    #[test]
    fn the_programs_of_the_measurements_compile() {
        for source in [
            ACTIVE.replace("TURN_CYCLES", "8000"),
            IDLE.to_owned(),
            ECHO.replace("DELIVERY", "Delivery::Urgent"),
        ] {
            let errors = exo_policy::compile(&source).err();
            assert_eq!(errors, None, "{source}");
        }
    }
}
