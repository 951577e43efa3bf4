use exo_prelude::*;

/// A web server that is a library, in the manner of Cheetah: ARP, ping, UDP, names, TCP and HTTP/1.0.
///
/// It owns blocks of the disk and the frames that they are read into, so it can use one for several
/// things that elsewhere are apart. A frame of the file cache is what is sent from, and sent again
/// from: nothing is copied to a buffer of the protocol's. When a block comes from the disk, each 128
/// bytes of it are summed, and the checksum of a segment is made of these sums, so that sending does
/// not touch the payload. A request is acknowledged by the first segment of its answer, and the last
/// one says that there is no more (FIN). The kernel knows nothing of all this.
pub struct HttpServer {
    host: Host,
    names: Names,
    files: Files,
    connections: [Connection; CONNECTIONS],
    /// Where the heads of responses are written.
    heads: [Frame; CONNECTIONS],
    /// Whether it has begun to set itself up, and is done with it.
    begun: bool,
    open: bool,
    now: u64,
    pings: u64,
    echoes: u64,
    served: u64,
    sent_again: u64,
}

/// Connections at once.
const CONNECTIONS: usize = 6;
const HTTP_PORT: u32 = 80;
const HEAD_PAGE: u32 = 0xf_0160;

impl HttpServer {
    /// 10.0.0.1, and nobody has asked yet.
    pub const fn new() -> HttpServer {
        HttpServer {
            host: Host::new(0x0a00_0001, 0x0200_0000_0001),
            names: Names::new(),
            files: Files::new(),
            connections: [Connection::new(); CONNECTIONS],
            heads: [Frame::new(0); CONNECTIONS],
            begun: false,
            open: false,
            now: 0,
            pings: 0,
            echoes: 0,
            served: 0,
            sent_again: 0,
        }
    }

    /// Writes a block of the files: one at each ring of the alarm. When all are there, claims the address.
    fn set_up(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        if self.files.written == 0 {
            self.files.open(sys)?;
            for place in 0..CONNECTIONS {
                self.heads[place] = sys.allocate()?;
            }
        }
        if self.files.write_next(sys)? {
            self.host.open(sys)?;
            self.open = true;
        } else {
            sys.alarm(1);
        }
        Ok(())
    }

    /// Answers what came in a packet, if it is anything of ours.
    fn answer(&mut self, sys: &mut Sys, request: Datagram) {
        if request.protocol == ICMP && answer_echo(&mut self.host, sys, request) {
            self.pings += 1;
            return;
        }
        if request.protocol == UDP
            && let Some(udp) = read_udp(sys, request)
        {
            if udp.to_port == ECHO_PORT {
                echo_datagram(&mut self.host, sys, request, udp);
                self.echoes += 1;
                return;
            }
            if udp.to_port == NAMES_PORT {
                answer_question(&mut self.names, &mut self.host, sys, request, udp);
                return;
            }
        }
        self.host.refused += 1;
    }

    /// The next packet, if there is one.
    fn take(&mut self, sys: &mut Sys) -> bool {
        let Some(buffer) = self.host.ipv4.full(sys) else {
            return false;
        };
        let mut place = CONNECTIONS;
        if let Some(packet) = self.host.read(sys, buffer) {
            if packet.protocol != TCP {
                self.answer(sys, packet);
            } else if let Some(segment) = read_segment(sys, packet) {
                place = self.arrived(sys, segment);
            } else {
                self.host.refused += 1;
            }
        }
        self.host.ipv4.give_back(sys, buffer);
        // The buffer is the kernel's again before the disk is waited for.
        if place < CONNECTIONS {
            self.go_on(sys, place);
        }
        true
    }

    /// Sets the alarm clock to the first of all deadlines.
    fn set_alarm(&mut self, sys: &mut Sys) {
        let mut first = 0;
        for place in 0..CONNECTIONS {
            let it = self.connections[place].deadline;
            let counts = self.connections[place].stage != Stage::Free;
            if counts && (first == 0 || it < first) {
                first = it;
            }
        }
        sys.alarm(first);
    }
}

impl LibOs for HttpServer {
    /// An application beside it gets memory as it touches it.
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    /// Sets itself up when the alarm rings, where its instructions cannot be interrupted.
    fn slice_began(&mut self, sys: &mut Sys, _position: u32) {
        if !self.begun {
            self.begun = true;
            sys.alarm(1);
        }
    }

    /// At most as many packets as there are buffers: for any that came meanwhile this is called again.
    fn packets(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.now = sys.cycles();
        self.host.answer_arp(sys);
        for _ in 0..BUFFERS {
            if !self.take(sys) {
                break;
            }
        }
        self.set_alarm(sys);
        Ok(())
    }

    fn alarm(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.now = sys.cycles();
        if !self.open {
            if self.set_up(sys).is_err() {
                log!("I need a network, 26 blocks of the disk, and 68 frames");
            }
            return Ok(());
        }
        for place in 0..CONNECTIONS {
            let it = self.connections[place];
            if it.stage != Stage::Free && it.deadline <= self.now {
                self.expired(sys, place);
            }
        }
        self.set_alarm(sys);
        Ok(())
    }
}
