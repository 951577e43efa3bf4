// Buffers: a ring that the kernel fills, and pages that packets are written in.

/// Buffers of one ring, and pages to write packets in: as many as may wait to be sent.
const BUFFERS: usize = 16;
const SENDING: usize = 16;

/// A filter's ring. Each buffer has a page of its own, always the same.
#[derive(Clone, Copy)]
struct Ring {
    filter: Filter,
    frames: [Frame; BUFFERS],
    first_page: u32,
    count: usize,
    next: usize,
}

impl Ring {
    const fn new(first_page: u32, count: usize) -> Ring {
        Ring {
            filter: Filter::new(0),
            frames: [Frame::new(0); BUFFERS],
            first_page,
            count,
            next: 0,
        }
    }

    /// Binds the filter that was drafted, and gives it buffers.
    fn open(&mut self, sys: &mut Sys, delivery: Delivery) -> Result<(), SysError> {
        self.filter = sys.filter_bind(delivery, false)?;
        for place in 0..self.count {
            let frame = sys.allocate()?;
            sys.tlb_write(self.first_page + place as u32, frame, Access::ReadWrite)?;
            sys.ring_buffer(self.filter, frame)?;
            self.frames[place] = frame;
        }
        Ok(())
    }

    /// The address of the next buffer that is full.
    fn full(&mut self, sys: &mut Sys) -> Option<u32> {
        let page = self.first_page + self.next as u32;
        let frame = self.frames[self.next];
        if sys.tlb_write(page, frame, Access::ReadWrite).is_err() {
            return None;
        }
        let buffer = page * PAGE_BYTES;
        if sys.load_u32(buffer) == 0 {
            None
        } else {
            Some(buffer)
        }
    }

    /// Gives the buffer that was full back to the kernel.
    fn give_back(&mut self, sys: &mut Sys, buffer: u32) {
        sys.store_u32(buffer, 0);
        self.next = (self.next + 1) % self.count;
    }
}

/// Pages that packets are written in, one after the other.
#[derive(Clone, Copy)]
struct Outbox {
    frames: [Frame; SENDING],
    first_page: u32,
    next: usize,
    unsent: u64,
}

impl Outbox {
    const fn new(first_page: u32) -> Outbox {
        Outbox {
            frames: [Frame::new(0); SENDING],
            first_page,
            next: 0,
            unsent: 0,
        }
    }

    fn open(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        for place in 0..SENDING {
            self.frames[place] = sys.allocate()?;
        }
        Ok(())
    }

    /// The address of a page to write a packet in. None if as many wait as may: since packets leave in
    /// order, the page that was used longest ago is free otherwise.
    fn page(&mut self, sys: &mut Sys) -> Option<u32> {
        let page = self.first_page + self.next as u32;
        let frame = self.frames[self.next];
        let full = sys.transmit_waiting() >= SENDING;
        if full || sys.tlb_write(page, frame, Access::ReadWrite).is_err() {
            self.unsent += 1;
            return None;
        }
        Some(page * PAGE_BYTES)
    }

    /// Sends what was written: so many bytes of packet.
    fn send(&mut self, sys: &mut Sys, length: u32) {
        let frame = self.frames[self.next];
        if sys.transmit(frame, PACKET, length).is_err() {
            self.unsent += 1;
        }
        self.next = (self.next + 1) % SENDING;
    }

    /// Sends what was written with a stretch of another frame behind it.
    fn send_with(&mut self, sys: &mut Sys, length: u32, frame: Frame, at: u32, more: u32) {
        let header = self.frames[self.next];
        let drafted = sys.transmit_part(header, PACKET, length).is_ok();
        if !drafted || sys.transmit(frame, at, more).is_err() {
            sys.transmit_forget();
            self.unsent += 1;
        }
        self.next = (self.next + 1) % SENDING;
    }
}
