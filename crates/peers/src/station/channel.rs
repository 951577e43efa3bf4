//! How datagrams of a client go out and come in: echo messages or UDP.

use std::net::Ipv4Addr;

use smoltcp::iface::{SocketHandle, SocketSet};
use smoltcp::socket::{icmp, udp};
use smoltcp::storage::PacketMetadata;
use smoltcp::wire::{IpAddress, IpEndpoint};

/// How many datagrams wait at most, in each direction.
const DATAGRAMS_MAX: usize = 64;
/// How many bytes of them.
const BYTES_MAX: usize = 96 * 1024;

/// What a client's datagrams are carried by, and to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channel {
    carrier: Carrier,
    target: Ipv4Addr,
    handle: Option<SocketHandle>,
}

/// What datagrams are carried by.
#[derive(Clone, Copy, Debug)]
enum Carrier {
    /// ICMP's echo messages with this identifier.
    Echo(u16),
    /// UDP, from a port to a port.
    Udp(u16, u16),
}

impl Channel {
    /// Echo messages with an identifier.
    pub(super) fn echo(identifier: u16, target: Ipv4Addr) -> Channel {
        Channel::of(Carrier::Echo(identifier), target)
    }

    /// UDP datagrams.
    pub(super) fn udp(from: u16, target: Ipv4Addr, to: u16) -> Channel {
        Channel::of(Carrier::Udp(from, to), target)
    }

    fn of(carrier: Carrier, target: Ipv4Addr) -> Channel {
        Channel {
            carrier,
            target,
            handle: None,
        }
    }

    pub(super) fn open(&mut self, sockets: &mut SocketSet<'static>) {
        // Neither of the two is refused: the sockets are new, and the ports not 0.
        self.handle = Some(match self.carrier {
            Carrier::Echo(identifier) => {
                let [received, sent] = [(); 2].map(|()| {
                    icmp::PacketBuffer::new(
                        vec![PacketMetadata::EMPTY; DATAGRAMS_MAX],
                        vec![0; BYTES_MAX],
                    )
                });
                let mut socket = icmp::Socket::new(received, sent);
                let _ = socket.bind(icmp::Endpoint::Ident(identifier));
                sockets.add(socket)
            }
            Carrier::Udp(from, _) => {
                let [received, sent] = [(); 2].map(|()| {
                    udp::PacketBuffer::new(
                        vec![PacketMetadata::EMPTY; DATAGRAMS_MAX],
                        vec![0; BYTES_MAX],
                    )
                });
                let mut socket = udp::Socket::new(received, sent);
                let _ = socket.bind(from);
                sockets.add(socket)
            }
        });
    }

    /// Sends a datagram. If too many wait to be sent it is lost, as on any network.
    pub(super) fn send(&self, sockets: &mut SocketSet<'static>, datagram: &[u8]) {
        let Some(handle) = self.handle else { return };
        let target = IpAddress::Ipv4(self.target);
        let _lost = match self.carrier {
            Carrier::Echo(_) => {
                let socket = sockets.get_mut::<icmp::Socket>(handle);
                socket.send_slice(datagram, target).is_err()
            }
            Carrier::Udp(_, to) => {
                let socket = sockets.get_mut::<udp::Socket>(handle);
                let end = IpEndpoint::new(target, to);
                socket.send_slice(datagram, end).is_err()
            }
        };
    }

    /// Forgets datagrams that wait to be sent. They wait since nobody says whose the target's address is, and as
    /// long as they do it is asked for again and again.
    pub(super) fn give_up(&mut self, sockets: &mut SocketSet<'static>) {
        let Some(handle) = self.handle else { return };
        let waiting = match self.carrier {
            Carrier::Echo(_) => sockets.get::<icmp::Socket>(handle).send_queue(),
            Carrier::Udp(..) => sockets.get::<udp::Socket>(handle).send_queue(),
        };
        if waiting > 0 {
            sockets.remove(handle);
            self.handle = None;
        }
    }

    /// The next datagram that came from the target.
    pub(super) fn receive(&self, sockets: &mut SocketSet<'static>) -> Option<Vec<u8>> {
        let handle = self.handle?;
        let target = IpAddress::Ipv4(self.target);
        loop {
            let (datagram, right) = match self.carrier {
                Carrier::Echo(_) => {
                    let socket = sockets.get_mut::<icmp::Socket>(handle);
                    let (bytes, from) = socket.recv().ok()?;
                    (bytes.to_vec(), from == target)
                }
                Carrier::Udp(_, to) => {
                    let socket = sockets.get_mut::<udp::Socket>(handle);
                    let (bytes, from) = socket.recv().ok()?;
                    let right = from.endpoint == IpEndpoint::new(target, to);
                    (bytes.to_vec(), right)
                }
            };
            if right {
                return Some(datagram);
            }
        }
    }
}
