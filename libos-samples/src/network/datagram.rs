use exo_prelude::*;

/// A second protocol library, built otherwise: one port of UDP for an application that asks when it likes.
///
/// It is told of nothing (`Delivery::Poll`). Its application asks for the next datagram, and only then
/// does it look at its buffers, answers who asked for its address meanwhile, and hands out where the
/// payload lies: in the very buffer that the network interface filled. An answer is written where it is
/// sent from. The filter asks for everything that the library wants of a header, so that the library
/// does not look at it again. Beside another library, on the same interface, neither knows of the other.
pub struct OnePort {
    open: bool,
    /// The ring for ARP and the one for datagrams, and the pages that answers are written in.
    arp: [Frame; ASKERS],
    ring: [Frame; WAITING],
    answers: [Frame; WAITING],
    next_asker: usize,
    next: usize,
    next_answer: usize,
    /// The datagram that was handed out last is still the application's.
    taken: bool,
    received: u64,
    refused: u64,
}

/// Who it is: 10.0.0.16.
const OWN: u32 = 0x0a00_0010;
const OWN_HARDWARE: u64 = 0x0200_0000_0010;
/// Buffers, and where they lie.
const ASKERS: usize = 2;
const WAITING: usize = 4;
const ASKER_PAGE: u32 = 0xf_0000;
const RING_PAGE: u32 = 0xf_0010;
const ANSWER_PAGE: u32 = 0xf_0020;
/// The payload in a buffer.
const PAYLOAD: u32 = TRANSPORT + 8;
/// What the application asks for.
const OPEN: u32 = 1;
const RECEIVE: u32 = 2;
const ROOM: u32 = 3;
const ANSWER: u32 = 4;

impl OnePort {
    /// No port yet.
    pub const fn new() -> OnePort {
        OnePort {
            open: false,
            arp: [Frame::new(0); ASKERS],
            ring: [Frame::new(0); WAITING],
            answers: [Frame::new(0); WAITING],
            next_asker: 0,
            next: 0,
            next_answer: 0,
            taken: false,
            received: 0,
            refused: 0,
        }
    }

    /// Claims a port.
    fn open(&mut self, sys: &mut Sys, port: u64) -> Result<u64, SysError> {
        if self.open || port > 0xffff {
            return Err(SysError::Taken);
        }
        draft_arp(sys, OWN)?;
        let asked = sys.filter_bind(Delivery::Poll, false)?;
        for place in 0..ASKERS {
            self.arp[place] = sys.allocate()?;
            sys.ring_buffer(asked, self.arp[place])?;
        }
        draft_udp(sys, OWN, port as u32)?;
        let claimed = sys.filter_bind(Delivery::Poll, false)?;
        for place in 0..WAITING {
            self.ring[place] = sys.allocate()?;
            sys.ring_buffer(claimed, self.ring[place])?;
            self.answers[place] = sys.allocate()?;
        }
        self.open = true;
        Ok(0)
    }

    /// The frame of one of its pages.
    fn frame_of(&self, page: u32) -> Option<Frame> {
        let place = (page & 0xf) as usize;
        if page & !0xf == ASKER_PAGE && place < ASKERS {
            Some(self.arp[place])
        } else if page & !0xf == RING_PAGE && place < WAITING {
            Some(self.ring[place])
        } else if page & !0xf == ANSWER_PAGE && place < WAITING {
            Some(self.answers[place])
        } else {
            None
        }
    }

    /// Binds one of its pages. Gives its address.
    fn bind(&self, sys: &mut Sys, page: u32) -> Result<u32, SysError> {
        let frame = self.frame_of(page).ok_or(SysError::NoSuchPage)?;
        sys.tlb_write(page, frame, Access::ReadWrite)?;
        Ok(page * PAGE_BYTES)
    }

    /// The page that the next answer is written in; it is free once fewer packets wait than there are.
    fn answer_page(&self, sys: &mut Sys) -> Result<u32, SysError> {
        if sys.transmit_waiting() >= WAITING {
            return Err(SysError::QueueFull);
        }
        self.bind(sys, ANSWER_PAGE + self.next_answer as u32)
    }

    fn send(&mut self, sys: &mut Sys, length: u32) -> Result<(), SysError> {
        let frame = self.answers[self.next_answer];
        self.next_answer = (self.next_answer + 1) % WAITING;
        sys.transmit(frame, PACKET, length)
    }

    /// Answers whoever has asked for its address since it last looked.
    fn answer_askers(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        for _ in 0..ASKERS {
            let buffer = self.bind(sys, ASKER_PAGE + self.next_asker as u32)?;
            if sys.load_u32(buffer) == 0 {
                break;
            }
            if arp_operation(sys, buffer) == 1 {
                let page = self.answer_page(sys)?;
                write_arp_reply(sys, buffer, page, OWN_HARDWARE);
                self.send(sys, 42)?;
            }
            sys.store_u32(buffer, 0);
            self.next_asker = (self.next_asker + 1) % ASKERS;
        }
        Ok(())
    }

    /// Gives the datagram that was handed out back to the kernel.
    fn give_back(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        if self.taken {
            let buffer = self.bind(sys, RING_PAGE + self.next as u32)?;
            sys.store_u32(buffer, 0);
            self.next = (self.next + 1) % WAITING;
            self.taken = false;
        }
        Ok(())
    }

    /// How long the payload in a buffer is, if lengths and checksum are right. The filter has seen to the rest.
    fn payload(sys: &mut Sys, buffer: u32) -> Option<u32> {
        let present = sys.load_u32(buffer);
        if present < 42 {
            return None;
        }
        let whole = read_u16(sys, buffer + IPV4 + 2);
        let length = read_u16(sys, buffer + TRANSPORT + 4);
        if whole > present - 14 || length < 8 || 20 + length > whole {
            return None;
        }
        let sum = sum_of(sys, buffer + IPV4 + 12, 8 + length) + summed(17) + summed(length);
        let header = sum_of(sys, buffer + IPV4, 20);
        let summed = read_u16(sys, buffer + TRANSPORT + 6) != 0;
        if fold(header) != 0xffff || summed && fold(sum) != 0xffff {
            return None;
        }
        Some(length - 8)
    }

    /// The next datagram: where its payload lies, times 2 to the 16, and how long it is. 0 if none came.
    fn receive(&mut self, sys: &mut Sys) -> Result<u64, SysError> {
        self.give_back(sys)?;
        if let Err(reason) = self.answer_askers(sys)
            && reason != SysError::QueueFull
        {
            return Err(reason);
        }
        let buffer = self.bind(sys, RING_PAGE + self.next as u32)?;
        if sys.load_u32(buffer) == 0 {
            return Ok(0);
        }
        self.taken = true;
        let Some(length) = OnePort::payload(sys, buffer) else {
            self.refused += 1;
            return Ok(0);
        };
        self.received += 1;
        Ok(((buffer + PAYLOAD) as u64) << 16 | length as u64)
    }

    /// Sends so many bytes, which the application has written where it was told, to where the datagram is
    /// from that it was handed last.
    fn answer(&mut self, sys: &mut Sys, length: u64) -> Result<u64, SysError> {
        if !self.taken || length > 1472 {
            return Err(SysError::BadPacket);
        }
        let length = length as u32;
        let from = self.bind(sys, RING_PAGE + self.next as u32)?;
        let page = self.answer_page(sys)?;
        let hardware = read_hardware(sys, from + PACKET + 6);
        write_ethernet(sys, page, hardware, OWN_HARDWARE, ETHERNET_IPV4);
        let ip = page + IPV4;
        write_u32(sys, ip, 0x4500_0000 | (28 + length));
        write_u32(sys, ip + 4, 0x4000);
        write_u32(sys, ip + 8, 64 << 24 | 17 << 16);
        write_u32(sys, ip + 12, OWN);
        let to = sys.load_u32(from + IPV4 + 12);
        sys.store_u32(ip + 16, to);
        let sum = sum_of(sys, ip, 20);
        write_checksum(sys, ip + 10, sum);
        let udp = page + TRANSPORT;
        let port = read_u16(sys, from + TRANSPORT + 2);
        write_u16(sys, udp, port);
        let port = read_u16(sys, from + TRANSPORT);
        write_u16(sys, udp + 2, port);
        write_u32(sys, udp + 4, (8 + length) << 16);
        let sum = sum_of(sys, ip + 12, 16 + length) + summed(17) + summed(8 + length);
        if fold(sum) == 0xffff {
            write_u16(sys, udp + 6, 0xffff);
        } else {
            write_checksum(sys, udp + 6, sum);
        }
        self.send(sys, 42 + length)?;
        Ok(0)
    }
}

impl LibOs for OnePort {
    /// Its own pages are the application's too; what else that touches is new.
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.frame_of(fault.page) {
            Some(frame) if self.open => frame,
            _ => sys.allocate()?,
        };
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    fn request(
        &mut self,
        sys: &mut Sys,
        request: u32,
        first: u64,
        _second: u64,
    ) -> Result<u64, SysError> {
        if request == OPEN {
            return self.open(sys, first);
        }
        if !self.open {
            return Err(SysError::NoSuchFilter);
        }
        match request {
            RECEIVE => self.receive(sys),
            ROOM => Ok((self.answer_page(sys)? + PAYLOAD) as u64),
            ANSWER => self.answer(sys, first),
            _ => Err(SysError::NoSuchRequest),
        }
    }
}
