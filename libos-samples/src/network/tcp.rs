// TCP's part of the server: what becomes of a segment, of a deadline, and of what is to be sent.

impl HttpServer {
    /// The connection that a segment belongs to; `CONNECTIONS` if there is none.
    fn find(&self, segment: Segment) -> usize {
        for place in 0..CONNECTIONS {
            let it = self.connections[place];
            let same = it.address == segment.address && it.port == segment.from_port;
            if same && it.stage != Stage::Free {
                return place;
            }
        }
        CONNECTIONS
    }

    /// A place for a new connection: a free one, or one that is only remembered.
    fn place(&self) -> usize {
        let mut found = CONNECTIONS;
        for place in 0..CONNECTIONS {
            let stage = self.connections[place].stage;
            if stage == Stage::Free || stage == Stage::Over && found == CONNECTIONS {
                found = place;
            }
        }
        found
    }

    /// Takes a segment. Gives the connection that is to go on, if any.
    fn arrived(&mut self, sys: &mut Sys, segment: Segment) -> usize {
        let place = self.find(segment);
        let asks = segment.flags & (SYN | ACK | RST | FIN) == SYN;
        let over = place < CONNECTIONS && self.connections[place].stage == Stage::Over;
        if segment.to_port != HTTP_PORT || place == CONNECTIONS && !asks {
            reset(&mut self.host, sys, segment);
            return CONNECTIONS;
        }
        if asks && (place == CONNECTIONS || over) {
            let place = if over { place } else { self.place() };
            if place < CONNECTIONS {
                // Less than 64 KiB before the numbers begin again at 0, so that a large file passes that.
                let first = sys.random() as u32 | 0xffff_0000;
                self.connections[place].asked(segment, first, self.now);
                self.signal(sys, place, SYN);
            }
            return CONNECTIONS; // if there is no room, the other end asks again
        }
        self.heard(sys, place, segment)
    }

    /// A segment of a connection that is there.
    fn heard(&mut self, sys: &mut Sys, place: usize, segment: Segment) -> usize {
        let it = self.connections[place];
        let ahead = segment.sequence.wrapping_sub(it.expected);
        if segment.flags & RST != 0 {
            if ahead < WINDOW {
                self.connections[place].stage = Stage::Free;
            }
            return CONNECTIONS;
        }
        if segment.flags & SYN != 0 {
            // Asked again: the answer was lost. Or a mistake, which a right number puts right.
            let again = it.stage == Stage::Asked;
            self.signal(sys, place, if again { SYN } else { 0 });
            return CONNECTIONS;
        }
        if segment.flags & ACK == 0 {
            return CONNECTIONS;
        }
        if it.stage == Stage::Asked {
            if segment.acknowledged != it.first {
                reset(&mut self.host, sys, segment);
                return CONNECTIONS;
            }
            self.connections[place].stage = Stage::Open;
            self.connections[place].window = segment.window;
        }
        let Some(again) = self.connections[place].acknowledge(segment, self.now) else {
            self.signal(sys, place, 0);
            return CONNECTIONS;
        };
        self.receive(sys, place, segment);
        if again {
            let from = self.connections[place].acknowledged;
            self.send_again(sys, place, from);
        }
        place
    }

    /// Takes what a segment carries, if it is the next that is expected, or begins before that.
    fn receive(&mut self, sys: &mut Sys, place: usize, segment: Segment) {
        let fin = segment.flags & FIN;
        if segment.length + fin == 0 {
            return;
        }
        // Whether it is new or not, the other end is told how far it got.
        self.connections[place].owes = true;
        let known = self.connections[place]
            .expected
            .wrapping_sub(segment.sequence);
        if known > segment.length || self.connections[place].closed {
            return; // something before it is missing, or nothing of it is new
        }
        for at in known..segment.length {
            let byte = sys.load_u8(segment.data + at);
            let whole = self.connections[place].request.take(byte);
            if whole && !self.connections[place].answering {
                self.decide(sys, place);
            }
        }
        let taken = segment.length - known + fin;
        let expected = self.connections[place].expected;
        self.connections[place].expected = expected.wrapping_add(taken);
        self.connections[place].closed = fin != 0;
        if fin != 0 && !self.connections[place].answering {
            self.decide(sys, place); // half a request
        }
    }

    /// Decides what is sent.
    fn decide(&mut self, sys: &mut Sys, place: usize) {
        let page = HEAD_PAGE + place as u32;
        let frame = self.heads[place];
        if sys.tlb_write(page, frame, Access::ReadWrite).is_err() {
            return;
        }
        let request = self.connections[place].request;
        let path_end = request.path_end();
        let mut file = FILES;
        let mut length = 0;
        if let Some(end) = path_end
            && let Some(found) = self.files.find(&request.line, 4, end - 4)
        {
            file = found;
            length = self.files.file[found].length;
        }
        let whole = request.over;
        let status = if !whole || path_end.is_none() {
            BAD_REQUEST
        } else if file == FILES {
            NOT_FOUND
        } else {
            OK
        };
        let head = write_head(sys, page * PAGE_BYTES, &status, length);
        self.connections[place].answering = true;
        self.connections[place].file = file;
        self.connections[place].head = head;
        self.connections[place].end = head + length;
        self.served += 1;
    }

    /// Sends what may be sent, and an acknowledgement if nothing else brings it.
    fn go_on(&mut self, sys: &mut Sys, place: usize) {
        for _ in 0..SEGMENTS {
            let it = self.connections[place];
            if it.stage != Stage::Open || it.sent >= it.total() {
                break;
            }
            let most = it.room().min(it.largest);
            let all = it.total() - it.sent;
            // Small ones only when nothing is under way.
            let small = most < it.largest && most < all;
            if most == 0 || small && it.sent > it.acknowledged {
                break;
            }
            if self.send_piece(sys, place, it.sent, most) == 0 {
                break;
            }
        }
        if self.connections[place].owes {
            self.signal(sys, place, 0);
        }
        let it = self.connections[place];
        let mut deadline = it.deadline;
        if it.stage != Stage::Open {
            return;
        }
        if it.delivered() && it.closed {
            self.connections[place].stage = Stage::Over;
            deadline = self.now + LINGER;
        } else if it.acknowledged == it.total() {
            deadline = self.now + SILENCE;
        } else if it.acknowledged == it.sent {
            deadline = deadline.min(self.now + it.timeout); // there is no room: it is asked again
        }
        self.connections[place].deadline = deadline;
    }
}
