//! A computer at the other end, with a whole TCP/IP of its own (smoltcp), and what runs on it.
//!
//! Addresses are asked for (ARP), echo requests are answered, segments are sent again when they are lost: all
//! of that is smoltcp's. Its time is the machine's, in whole microseconds.

mod channel;
mod device;
mod exchange;
mod http;

use std::net::Ipv4Addr;

use smoltcp::iface::{Config, Interface, SocketSet};
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpAddress, IpCidr};

pub use exchange::{names, ping, udp_echo};
pub use http::{Fetch, FetchSettings};

use crate::clock::Clock;
use crate::peer::{Peer, Report};
use device::Device;

/// Something that runs on a station.
pub trait Client: Send {
    /// Opens what it needs; called once, before all else.
    fn open(&mut self, sockets: &mut SocketSet<'static>);

    /// Takes what has arrived, and says what is to be sent, at a moment.
    fn act(&mut self, at_cycles: u64, interface: &mut Interface, sockets: &mut SocketSet<'static>);

    /// When it next does something by itself, in cycles.
    fn due_cycles(&self) -> Option<u64>;

    /// How it got on.
    fn report(&self) -> Report;
}

/// Who a station is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StationSettings {
    /// Its hardware address: not of a group.
    pub mac: [u8; 6],
    /// Its address: that of one station.
    pub address: Ipv4Addr,
    /// How many bits of its address are the network's.
    pub prefix: u8,
    /// What its sequence numbers follow from.
    pub seed: u64,
    /// The machine's clock.
    pub clock: Clock,
}

/// A computer at the other end.
pub struct Station {
    clock: Clock,
    device: Device,
    interface: Interface,
    sockets: SocketSet<'static>,
    clients: Vec<Box<dyn Client>>,
    /// When its protocols next do something.
    protocols_due: Option<u64>,
}

impl Station {
    /// A station with what runs on it. It panics if an address is not that of one station.
    pub fn new(settings: StationSettings, mut clients: Vec<Box<dyn Client>>) -> Station {
        let mut device = Device::default();
        let mac = HardwareAddress::Ethernet(EthernetAddress(settings.mac));
        let mut config = Config::new(mac);
        config.random_seed = settings.seed;
        let start = settings.clock.instant(0);
        let mut interface = Interface::new(config, &mut device, start);
        let address = IpAddress::Ipv4(settings.address);
        interface.update_ip_addrs(|all| {
            // There is room for the first one.
            let _ = all.push(IpCidr::new(address, settings.prefix.min(32)));
        });
        let mut sockets = SocketSet::new(Vec::new());
        for client in &mut clients {
            client.open(&mut sockets);
        }
        Station {
            clock: settings.clock,
            device,
            interface,
            sockets,
            clients,
            protocols_due: None,
        }
    }
}

impl Peer for Station {
    fn hear(&mut self, _: u64, frame: &[u8]) {
        self.device.arrive(frame);
    }

    fn due_cycles(&self) -> Option<u64> {
        let clients = self.clients.iter().filter_map(|it| it.due_cycles());
        clients.chain(self.protocols_due).min()
    }

    fn poll(&mut self, at_cycles: u64) -> Vec<Vec<u8>> {
        let now = self.clock.instant(at_cycles);
        let (interface, sockets) = (&mut self.interface, &mut self.sockets);
        interface.poll(now, &mut self.device, sockets);
        for client in &mut self.clients {
            client.act(at_cycles, interface, sockets);
        }
        interface.poll(now, &mut self.device, sockets);
        // What is due now has just been tried: it is tried again a microsecond later.
        let due = interface.poll_at(now, sockets);
        let next = now + smoltcp::time::Duration::from_micros(1);
        self.protocols_due = due.map(|due| self.clock.at(due.max(next)));
        self.device.take_sent()
    }

    fn reports(&self) -> Vec<Report> {
        self.clients.iter().map(|client| client.report()).collect()
    }
}
