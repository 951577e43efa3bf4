//! Many flows and packets of them: what demultiplexing is measured with.

use std::net::Ipv4Addr;

use exo_core::rng::Rng;

use crate::frames::{Ipv4, ethernet, tcp};

/// The server that all flows lead to.
const SERVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
/// Bytes of each packet.
const PACKET_BYTES: usize = 64;

/// The client of a flow: its address and its port.
fn client(flow: u32) -> (Ipv4Addr, u16) {
    let [.., high, low] = flow.to_be_bytes();
    (Ipv4Addr::new(192, 168, high, low), 1024 + flow as u16)
}

/// The expression that claims one flow.
pub fn expression(flow: u32) -> String {
    let (address, port) = client(flow);
    format!(
        "ip and tcp and src host {address} and dst host {SERVER} and src port {port} and dst port 80"
    )
}

/// A packet of 64 bytes of a flow.
pub fn packet(flow: u32) -> Vec<u8> {
    let (address, port) = client(flow);
    let header = Ipv4 {
        source: address,
        destination: SERVER,
        protocol: 6,
        options: &[],
        fragment: 0,
    };
    let carried = header.packet(&tcp(port, 80, 0x18, &[0; 10]));
    let mut frame = ethernet([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], 0x0800, &carried);
    frame.resize(PACKET_BYTES, 0);
    frame
}

/// So many packets, each of one of the flows at random.
pub fn packets(flows: u32, count: u32) -> Vec<Vec<u8>> {
    let mut rng = Rng::new(u64::from(flows), 7);
    (0..count).map(|_| packet(rng.below(flows))).collect()
}
