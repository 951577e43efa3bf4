// Datagrams as a message handler sees them: where they are, in a packet.

/// Where the payload of a datagram begins in a packet, and that of UDP's header.
const AT_UDP: usize = 34;
const AT_PAYLOAD: usize = 42;

/// How long the payload of a datagram is, if the packet is as long as it says. That it is UDP, without
/// options and in one piece, the filter has seen to.
fn payload_length(packet: &Packet) -> Option<usize> {
    if packet.len() < AT_PAYLOAD {
        return None;
    }
    let whole = packet.u16_at(16) as usize;
    let length = packet.u16_at(AT_UDP + 4) as usize;
    if whole + 14 > packet.len() || length < 8 || length + 20 > whole {
        return None;
    }
    Some(length - 8)
}

/// Folds a sum of 32-bit words into 16 bits, with the carries added at the other end.
fn fold(sum: u64) -> u32 {
    let mut sum = (sum & 0xffff_ffff) + (sum >> 32);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u32
}

/// The sum of the header of IPv4.
fn header_sum(packet: &Packet) -> u32 {
    let mut sum = 0;
    for place in (14..AT_UDP).step_by(4) {
        sum += packet.u32_at(place) as u64;
    }
    fold(sum)
}

/// The sum of what UDP sums besides its payload: addresses, protocol, length, and its own header.
fn start_of_sum(packet: &Packet) -> u64 {
    packet.u32_at(26) as u64
        + packet.u32_at(30) as u64
        + 17
        + packet.u16_at(AT_UDP + 4) as u64
        + packet.u32_at(AT_UDP) as u64
        + packet.u32_at(AT_UDP + 4) as u64
}
