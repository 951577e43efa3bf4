//! A client that sends requests, each in a datagram of its own, and looks at the replies.

use std::net::Ipv4Addr;

use smoltcp::iface::{Interface, SocketSet};

use super::Client;
use super::channel::Channel;
use crate::exchange::{Echo, Names, Pace, Ping, Protocol, Requests};
use crate::peer::Report;

/// An address and a port.
type Place = (Ipv4Addr, u16);

/// Sends echo requests.
pub fn ping(ping: Ping, from: Ipv4Addr, target: Ipv4Addr, pace: Pace) -> Box<dyn Client> {
    let name = format!("ping {from} > {target}");
    client(ping, Channel::echo(ping.identifier, target), pace, name)
}

/// Sends datagrams to a server that sends each back.
pub fn udp_echo(echo: Echo, from: Place, target: Place, pace: Pace) -> Box<dyn Client> {
    let channel = Channel::udp(from.1, target.0, target.1);
    client(echo, channel, pace, name("udp-echo", from, target))
}

/// Asks a name server.
pub fn names(names: Names, from: Place, target: Place, pace: Pace) -> Box<dyn Client> {
    let channel = Channel::udp(from.1, target.0, target.1);
    client(names, channel, pace, name("dns", from, target))
}

fn name(kind: &str, from: Place, target: Place) -> String {
    format!("{kind} {}:{} > {}:{}", from.0, from.1, target.0, target.1)
}

fn client<P: Protocol + 'static>(
    protocol: P,
    channel: Channel,
    pace: Pace,
    name: String,
) -> Box<dyn Client> {
    Box::new(Exchange {
        protocol,
        channel,
        requests: Requests::new(pace, name),
    })
}

/// The client.
struct Exchange<P> {
    protocol: P,
    channel: Channel,
    requests: Requests,
}

impl<P: Protocol> Client for Exchange<P> {
    fn open(&mut self, sockets: &mut SocketSet<'static>) {
        self.channel.open(sockets);
    }

    fn act(&mut self, at_cycles: u64, _: &mut Interface, sockets: &mut SocketSet<'static>) {
        while let Some(datagram) = self.channel.receive(sockets) {
            let reply = self.protocol.reply(&datagram, &self.requests);
            self.requests.take(reply, at_cycles);
        }
        while let Some(number) = self.requests.due(at_cycles) {
            self.channel.send(sockets, &self.protocol.request(number));
        }
        if self.requests.is_done() {
            self.channel.give_up(sockets);
        }
    }

    fn due_cycles(&self) -> Option<u64> {
        self.requests.due_cycles()
    }

    fn report(&self) -> Report {
        self.requests.report()
    }
}
