// A host: an address of its own, two rings, an outbox, and who is known.

/// Where the pages of the parts lie: far above those of an application.
const ARP_PAGE: u32 = 0xf_0100;
const IPV4_PAGE: u32 = 0xf_0120;
const OUTBOX_PAGE: u32 = 0xf_0140;
/// Buffers for ARP: requests are few.
const ARP_BUFFERS: usize = 4;

/// One address on the link. It answers whoever asks for it.
#[derive(Clone, Copy)]
struct Host {
    address: u32,
    hardware: u64,
    arp: Ring,
    ipv4: Ring,
    outbox: Outbox,
    neighbours: Neighbours,
    asked: u64,
    refused: u64,
}

impl Host {
    const fn new(address: u32, hardware: u64) -> Host {
        Host {
            address,
            hardware,
            arp: Ring::new(ARP_PAGE, ARP_BUFFERS),
            ipv4: Ring::new(IPV4_PAGE, BUFFERS),
            outbox: Outbox::new(OUTBOX_PAGE),
            neighbours: Neighbours::new(),
            asked: 0,
            refused: 0,
        }
    }

    /// Claims what is for this address, and no more.
    fn open(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.outbox.open(sys)?;
        draft_arp(sys, self.address)?;
        self.arp.open(sys, Delivery::Notice)?;
        draft_ipv4(sys, self.address)?;
        self.ipv4.open(sys, Delivery::Notice)
    }

    /// Answers every ARP request that has come, and notes who asked.
    fn answer_arp(&mut self, sys: &mut Sys) {
        for _ in 0..ARP_BUFFERS {
            let Some(buffer) = self.arp.full(sys) else {
                return;
            };
            let operation = arp_operation(sys, buffer);
            if operation == 1 || operation == 2 {
                let address = read_u32(sys, buffer + IPV4 + 14);
                let hardware = read_hardware(sys, buffer + IPV4 + 8);
                self.neighbours.learn(address, hardware);
            }
            if operation == 1
                && let Some(page) = self.outbox.page(sys)
            {
                write_arp_reply(sys, buffer, page, self.hardware);
                self.outbox.send(sys, 42);
                self.asked += 1;
            }
            self.arp.give_back(sys, buffer);
        }
    }

    /// The packet in a buffer, if its header is right; whoever sent it is noted.
    fn read(&mut self, sys: &mut Sys, buffer: u32) -> Option<Datagram> {
        let datagram = read_ipv4(sys, buffer);
        if let Some(it) = datagram
            && it.source != self.address
        {
            let hardware = read_hardware(sys, buffer + PACKET + 6);
            self.neighbours.learn(it.source, hardware);
            return datagram;
        }
        self.refused += 1;
        None
    }

    /// A page for a packet to somebody who is known, with its Ethernet header.
    fn page_for(&mut self, sys: &mut Sys, to: u32) -> Option<u32> {
        let hardware = self.neighbours.find(to)?;
        let page = self.outbox.page(sys)?;
        write_ethernet(sys, page, hardware, self.hardware, ETHERNET_IPV4);
        Some(page)
    }
}
