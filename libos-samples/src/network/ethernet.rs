// Ethernet and ARP: who is who on this link.

const ARP: u32 = 0x0806;
const ETHERNET_IPV4: u32 = 0x0800;
/// How many others are remembered.
const NEIGHBOURS: usize = 8;
/// The bit of a hardware address that says that it is a group's.
const GROUP: u64 = 1 << 40;

/// Hardware addresses by the addresses that they were heard with; who was learned longest ago goes.
#[derive(Clone, Copy)]
struct Neighbours {
    address: [u32; NEIGHBOURS],
    hardware: [u64; NEIGHBOURS],
    next: usize,
}

impl Neighbours {
    const fn new() -> Neighbours {
        Neighbours {
            address: [0; NEIGHBOURS],
            hardware: [0; NEIGHBOURS],
            next: 0,
        }
    }

    /// Notes who somebody is. Groups and nobody are not noted.
    fn learn(&mut self, address: u32, hardware: u64) {
        if address == 0 || address == !0 || hardware & GROUP != 0 {
            return;
        }
        let mut place = self.next;
        for known in 0..NEIGHBOURS {
            if self.address[known] == address {
                place = known;
            }
        }
        if place == self.next {
            self.next = (self.next + 1) % NEIGHBOURS;
        }
        self.address[place] = address;
        self.hardware[place] = hardware;
    }

    fn find(&self, address: u32) -> Option<u64> {
        for known in 0..NEIGHBOURS {
            if self.address[known] == address && address != 0 {
                return Some(self.hardware[known]);
            }
        }
        None
    }
}

fn read_hardware(sys: &mut Sys, at: u32) -> u64 {
    (read_u16(sys, at) as u64) << 32 | read_u32(sys, at + 2) as u64
}

fn write_hardware(sys: &mut Sys, at: u32, hardware: u64) {
    write_u16(sys, at, (hardware >> 32) as u32);
    write_u32(sys, at + 2, hardware as u32);
}

fn write_ethernet(sys: &mut Sys, buffer: u32, to: u64, from: u64, kind: u32) {
    write_hardware(sys, buffer + PACKET, to);
    write_hardware(sys, buffer + PACKET + 6, from);
    write_u16(sys, buffer + PACKET + 12, kind);
}

/// Drafts a filter for requests for an address, and replies to it: whose hardware address is asked for
/// stands at bytes 38 to 42, so that each library hears of its own only.
fn draft_arp(sys: &mut Sys, address: u32) -> Result<(), SysError> {
    sys.filter_begin();
    sys.filter_u16(12, 0xffff, ARP as u16)?;
    sys.filter_u32(38, 0xffff_ffff, address)
}

/// Drafts a filter for packets of IPv4 to an address.
fn draft_ipv4(sys: &mut Sys, address: u32) -> Result<(), SysError> {
    sys.filter_begin();
    sys.filter_u16(12, 0xffff, ETHERNET_IPV4 as u16)?;
    sys.filter_u32(30, 0xffff_ffff, address)
}

/// What an ARP packet in a buffer says: 1 for a request, 2 for a reply, 0 for anything that is not
/// about Ethernet and IPv4.
fn arp_operation(sys: &mut Sys, buffer: u32) -> u32 {
    let long_enough = sys.load_u32(buffer) >= 42;
    let about = long_enough
        && read_u32(sys, buffer + IPV4) == 0x0001_0800
        && read_u16(sys, buffer + IPV4 + 4) == 0x0604;
    if about {
        read_u16(sys, buffer + IPV4 + 6)
    } else {
        0
    }
}

/// Writes the reply to a request that is in `buffer` to `reply`: 42 bytes.
fn write_arp_reply(sys: &mut Sys, buffer: u32, reply: u32, own: u64) {
    let asker = read_hardware(sys, buffer + IPV4 + 8);
    write_ethernet(sys, reply, asker, own, ARP);
    write_u32(sys, reply + IPV4, 0x0001_0800);
    write_u32(sys, reply + IPV4 + 4, 0x0604_0002);
    write_hardware(sys, reply + IPV4 + 8, own);
    let address = read_u32(sys, buffer + IPV4 + 24);
    write_u32(sys, reply + IPV4 + 14, address);
    write_hardware(sys, reply + IPV4 + 18, asker);
    let address = read_u32(sys, buffer + IPV4 + 14);
    write_u32(sys, reply + IPV4 + 24, address);
}
