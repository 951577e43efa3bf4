// Sending: pieces of a response out of the frames that they are kept in.

impl HttpServer {
    /// A segment without data: an acknowledgement, SYN or RST.
    fn signal(&mut self, sys: &mut Sys, place: usize, flags: u32) {
        let it = self.connections[place];
        let Some(page) = self.host.page_for(sys, it.address) else {
            return;
        };
        let sent = self.header(place, it.sent, flags, 0, 0);
        let length = write_segment(&self.host, sys, page, sent);
        self.host.outbox.send(sys, length);
    }

    /// The header of a segment that begins with a byte of what is sent; it acknowledges all that came.
    fn header(&mut self, place: usize, byte: u32, flags: u32, length: u32, sum: u64) -> Sent {
        self.connections[place].owes = false;
        let it = self.connections[place];
        // SYN stands before byte 0.
        let before = if flags & SYN != 0 { 1 } else { 0 };
        Sent {
            address: it.address,
            from_port: HTTP_PORT,
            to_port: it.port,
            sequence: it.first.wrapping_add(byte).wrapping_sub(before),
            acknowledged: it.expected,
            flags: flags | ACK,
            length,
            sum,
        }
    }

    /// Sends the piece that begins with a byte, of at most so many. Gives how long it was, FIN included;
    /// 0 if nothing was sent.
    fn send_piece(&mut self, sys: &mut Sys, place: usize, byte: u32, most: u32) -> u32 {
        let it = self.connections[place];
        let sent = if byte >= it.end {
            self.send_fin(sys, place, byte)
        } else if byte < it.head {
            self.send_head(sys, place, byte, most)
        } else {
            self.send_stretch(sys, place, byte, most)
        };
        if sent > 0 {
            self.connections[place].note_sent(byte, sent, self.now);
        } else if it.deadline <= self.now {
            self.connections[place].deadline = self.now + TIMEOUT_LEAST;
        }
        sent
    }

    fn send_fin(&mut self, sys: &mut Sys, place: usize, byte: u32) -> u32 {
        let address = self.connections[place].address;
        let Some(page) = self.host.page_for(sys, address) else {
            return 0;
        };
        let sent = self.header(place, byte, FIN, 0, 0);
        let length = write_segment(&self.host, sys, page, sent);
        self.host.outbox.send(sys, length);
        1
    }

    /// FIN for a piece that ends with the last byte, if there is room for it.
    fn fin(it: &Connection, byte: u32, length: u32, most: u32) -> u32 {
        if byte + length == it.end && length < most {
            FIN
        } else {
            0
        }
    }

    /// A piece of the head, which has a page of its own.
    fn send_head(&mut self, sys: &mut Sys, place: usize, byte: u32, most: u32) -> u32 {
        let it = self.connections[place];
        let length = most.min(it.head - byte);
        let at = HEAD_PAGE + place as u32;
        let frame = self.heads[place];
        if sys.tlb_write(at, frame, Access::ReadWrite).is_err() {
            return 0;
        }
        let mut sum = 0;
        for next in 0..length {
            let value = sys.load_u8(at * PAGE_BYTES + byte + next);
            sum += (value as u64) << (next % 2 * 8);
        }
        let fin = HttpServer::fin(&it, byte, length, most);
        let sent = self.header(place, byte, fin, length, sum);
        self.send_from(sys, sent, frame, byte)
    }

    /// A piece of the file, out of the frame that its block is kept in.
    fn send_stretch(&mut self, sys: &mut Sys, place: usize, byte: u32, most: u32) -> u32 {
        let it = self.connections[place];
        let offset = byte - it.head;
        let block = self.files.file[it.file].first + offset / BLOCK_BYTES;
        let at = offset % BLOCK_BYTES;
        if self.files.keep(sys, block).is_err() {
            self.give_up(sys, place);
            return 0;
        }
        let mut length = most.min(it.end - byte).min(BLOCK_BYTES - at);
        if at % UNIT != 0 {
            length = length.min(UNIT - at % UNIT);
        } else if length >= UNIT && byte + length < it.end {
            length -= length % UNIT;
        }
        let Ok(sum) = self.files.sum(sys, block, at, length) else {
            return 0;
        };
        let fin = HttpServer::fin(&it, byte, length, most);
        let frame = self.files.frame[block as usize];
        let sent = self.header(place, byte, fin, length, sum);
        self.send_from(sys, sent, frame, at)
    }

    /// Sends a segment whose data is a stretch of a frame: the network interface reads it there. Gives how
    /// long it is, FIN included; 0 if there was no page for its header.
    fn send_from(&mut self, sys: &mut Sys, sent: Sent, frame: Frame, at: u32) -> u32 {
        let Some(page) = self.host.page_for(sys, sent.address) else {
            return 0;
        };
        let header = write_segment(&self.host, sys, page, sent);
        self.host
            .outbox
            .send_with(sys, header, frame, at, sent.length);
        sent.length + (sent.flags & FIN)
    }

    /// Sends the piece that is missing once more.
    fn send_again(&mut self, sys: &mut Sys, place: usize, from: u32) {
        let it = self.connections[place];
        if it.stage == Stage::Open && from < it.sent {
            self.sent_again += 1;
            self.send_piece(sys, place, from, it.largest.min(it.window).max(1));
        }
    }

    /// Ends a connection at once, and says so.
    fn give_up(&mut self, sys: &mut Sys, place: usize) {
        self.signal(sys, place, RST);
        self.connections[place].stage = Stage::Free;
    }

    /// A connection's deadline has passed.
    fn expired(&mut self, sys: &mut Sys, place: usize) {
        let it = self.connections[place];
        if it.stage == Stage::Over {
            self.connections[place].stage = Stage::Free;
        } else if it.stage == Stage::Asked {
            let more = self.connections[place].back_off(self.now) && it.retries < RETRIES / 2;
            if more {
                self.signal(sys, place, SYN);
            } else {
                self.connections[place].stage = Stage::Free;
            }
        } else if it.delivered() || !it.answering {
            self.give_up(sys, place); // it was silent for too long
        } else if !self.connections[place].back_off(self.now) {
            self.give_up(sys, place);
        } else {
            self.sent_again += 1;
            if it.window == 0 {
                self.send_piece(sys, place, it.acknowledged, 1);
            }
            self.go_on(sys, place);
        }
    }
}
