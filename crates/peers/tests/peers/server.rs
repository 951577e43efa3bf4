//! A server for all that clients ask: datagrams back, addresses of names, a file.

use std::net::Ipv4Addr;

use exo_core::rng::Rng;
use exo_peers::station::{Client, Station, StationSettings};
use exo_peers::{Clock, PeerWire, Report};
use smoltcp::iface::{Interface, SocketHandle, SocketSet};
use smoltcp::socket::{tcp, udp};
use smoltcp::storage::PacketMetadata;

pub const FILE_BYTES: usize = 100 * 1024;

/// The file that every path leads to.
pub fn file() -> Vec<u8> {
    let mut rng = Rng::new(100, 1);
    (0..FILE_BYTES).map(|_| rng.next_u64() as u8).collect()
}

/// How the server treats its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As it should.
    Right,
    /// Changes a byte of every third datagram.
    ChangesBytes,
    /// Says that the file is longer than it is.
    SaysMore,
    /// Breaks connections off in the middle of the file.
    BreaksOff,
    /// Sends half of the file and is silent from then on.
    FallsSilent,
}

/// The machine that the clients think they talk to.
pub fn server(manner: Manner) -> PeerWire {
    PeerWire::new(1, move || {
        let settings = StationSettings {
            mac: [2, 0, 0, 0, 0, 1],
            address: Ipv4Addr::new(10, 0, 0, 1),
            prefix: 24,
            seed: 5,
            clock: Clock::DECSTATION,
        };
        let services: [Box<dyn Client>; 3] = [
            Box::new(Datagrams::new(7, manner)),
            Box::new(Datagrams::new(53, manner)),
            Box::new(Files::new(manner)),
        ];
        Box::new(Station::new(settings, services.into()))
    })
}

/// Sends datagrams back, or answers questions for names at port 53.
struct Datagrams {
    port: u16,
    manner: Manner,
    handle: Option<SocketHandle>,
    count: u64,
}

impl Datagrams {
    fn new(port: u16, manner: Manner) -> Datagrams {
        Datagrams {
            port,
            manner,
            handle: None,
            count: 0,
        }
    }

    fn reply(&mut self, datagram: &[u8]) -> Vec<u8> {
        self.count += 1;
        let mut reply = datagram.to_vec();
        if self.port == 53 {
            reply[2] |= 0x80;
            reply[7] = 1;
            reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 9]);
        }
        if self.manner == Manner::ChangesBytes && self.count.is_multiple_of(3) {
            *reply.last_mut().unwrap() ^= 1;
            reply[3] ^= 1;
        }
        reply
    }
}

impl Client for Datagrams {
    fn open(&mut self, sockets: &mut SocketSet<'static>) {
        let buffer = || udp::PacketBuffer::new(vec![PacketMetadata::EMPTY; 64], vec![0; 65_536]);
        let mut socket = udp::Socket::new(buffer(), buffer());
        socket.bind(self.port).unwrap();
        self.handle = Some(sockets.add(socket));
    }

    fn act(&mut self, _: u64, _: &mut Interface, sockets: &mut SocketSet<'static>) {
        let socket = sockets.get_mut::<udp::Socket>(self.handle.unwrap());
        while let Ok((datagram, from)) = socket.recv() {
            let datagram = datagram.to_vec();
            let reply = self.reply(&datagram);
            socket.send_slice(&reply, from.endpoint).unwrap();
        }
    }

    fn due_cycles(&self) -> Option<u64> {
        None
    }

    fn report(&self) -> Report {
        Report::new("datagrams".to_owned())
    }
}

/// Serves the file, to as many at a time as there are sockets.
struct Files {
    manner: Manner,
    answer: Vec<u8>,
    sockets: Vec<(SocketHandle, Option<Vec<u8>>)>,
}

impl Files {
    fn new(manner: Manner) -> Files {
        let file = file();
        let more = usize::from(manner == Manner::SaysMore);
        let length = file.len() + more;
        let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n");
        Files {
            manner,
            answer: [head.as_bytes(), &file].concat(),
            sockets: Vec::new(),
        }
    }
}

impl Client for Files {
    fn open(&mut self, sockets: &mut SocketSet<'static>) {
        for _ in 0..4 {
            let buffer = || tcp::SocketBuffer::new(vec![0; 8192]);
            let socket = tcp::Socket::new(buffer(), buffer());
            self.sockets.push((sockets.add(socket), None));
        }
    }

    fn act(&mut self, _: u64, _: &mut Interface, sockets: &mut SocketSet<'static>) {
        for (handle, left) in &mut self.sockets {
            let socket = sockets.get_mut::<tcp::Socket>(*handle);
            if !socket.is_open() {
                *left = None;
                socket.listen(80).unwrap();
            }
            let asked = socket.recv(|bytes| (bytes.len(), bytes.ends_with(b"\r\n\r\n")));
            if asked == Ok(true) {
                *left = Some(self.answer.clone());
            }
            let Some(left) = left else { continue };
            let half = left.len() < FILE_BYTES / 2;
            match self.manner {
                Manner::BreaksOff if half => socket.abort(),
                Manner::FallsSilent if half => continue,
                _ => {}
            }
            if socket.can_send() {
                let sent = socket.send_slice(left).unwrap();
                left.drain(..sent);
            }
            if left.is_empty() {
                socket.close();
            }
        }
    }

    fn due_cycles(&self) -> Option<u64> {
        None
    }

    fn report(&self) -> Report {
        Report::new("files".to_owned())
    }
}
