//! A packet filter: UDP packets over IPv4 to one port.

use exo_prelude::*;

pub struct Port {
    port: u16,
    network: u32,
}

impl Port {
    pub const fn new() -> Port {
        Port {
            port: 53,
            network: 0x0a00_0000,
        }
    }
}

impl PacketFilter for Port {
    fn accept(&self, packet: &Packet) -> bool {
        if packet.u16_at(0) != 0x0800 || packet.u8_at(2) != 17 {
            return false;
        }
        let header = match packet.u8_at(3) & 15 {
            5 => 4,
            words => words as usize,
        };
        packet.u32_at(header) & 0xff00_0000 == self.network
            && packet.len() > header + 4
            && packet.u16_at(header + 4) == self.port
    }
}
