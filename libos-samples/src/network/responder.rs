use exo_prelude::*;

/// A protocol library: it answers ARP, ping, UDP echo and questions for names.
///
/// The kernel knows none of these. It was told two patterns of bytes (`draft_arp`, `draft_ipv4`), which
/// no other environment can claim from then on, and moves what matches them into buffers of this one.
/// Everything else is here: who is who on the link, headers, checksums, and what an answer is. A packet
/// is touched as seldom as can be: an echo is copied and summed in one pass, and the network interface
/// reads it where it was written.
pub struct Responder {
    host: Host,
    names: Names,
    open: bool,
    pings: u64,
    echoes: u64,
}

impl Responder {
    /// 10.0.0.1, and nobody has asked yet.
    pub const fn new() -> Responder {
        Responder {
            host: Host::new(0x0a00_0001, 0x0200_0000_0001),
            names: Names::new(),
            open: false,
            pings: 0,
            echoes: 0,
        }
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
}

impl LibOs for Responder {
    /// An application beside it gets memory as it touches it.
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    fn slice_began(&mut self, sys: &mut Sys, _position: u32) {
        if !self.open {
            self.open = true;
            if self.host.open(sys).is_err() {
                log!("I need a network, an address that nobody has claimed, and 36 frames");
            }
        }
    }

    /// At most as many packets as there are buffers: for any that came meanwhile this is called again.
    fn packets(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.host.answer_arp(sys);
        for _ in 0..BUFFERS {
            let Some(buffer) = self.host.ipv4.full(sys) else {
                break;
            };
            if let Some(request) = self.host.read(sys, buffer) {
                self.answer(sys, request);
            }
            self.host.ipv4.give_back(sys, buffer);
        }
        Ok(())
    }
}
