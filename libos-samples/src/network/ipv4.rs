// IPv4 without options and without fragments.

const ICMP: u32 = 1;
const TCP: u32 = 6;
const UDP: u32 = 17;

/// A packet that has a right header.
#[derive(Clone, Copy)]
struct Datagram {
    /// The buffer that it is in.
    buffer: u32,
    source: u32,
    protocol: u32,
    /// Bytes behind the header; what Ethernet filled up with is not among them.
    length: u32,
}

/// Looks at the header of the packet in a buffer. None if it is too short, has options, is a fragment,
/// or its checksum is wrong.
fn read_ipv4(sys: &mut Sys, buffer: u32) -> Option<Datagram> {
    let present = sys.load_u32(buffer);
    if present < 34 || sys.load_u8(buffer + IPV4) != 0x45 {
        return None;
    }
    let length = read_u16(sys, buffer + IPV4 + 2);
    let fragment = read_u16(sys, buffer + IPV4 + 6) & 0x3fff != 0;
    if length < 20 || length > present - 14 || fragment {
        return None;
    }
    if fold(sum_of(sys, buffer + IPV4, 20)) != 0xffff {
        return None;
    }
    Some(Datagram {
        buffer,
        source: read_u32(sys, buffer + IPV4 + 12),
        protocol: sys.load_u8(buffer + IPV4 + 9) as u32,
        length: length - 20,
    })
}

/// Writes a header for so many bytes to follow.
fn write_ipv4(sys: &mut Sys, buffer: u32, from: u32, to: u32, protocol: u32, length: u32) {
    let at = buffer + IPV4;
    write_u16(sys, at, 0x4500);
    write_u16(sys, at + 2, 20 + length);
    // Never to be fragmented, so that no number need tell it from others (RFC 6864).
    write_u32(sys, at + 4, 0x4000);
    write_u16(sys, at + 8, 64 << 8 | protocol);
    write_u16(sys, at + 10, 0);
    write_u32(sys, at + 12, from);
    write_u32(sys, at + 16, to);
    let sum = sum_of(sys, at, 20);
    write_checksum(sys, at + 10, sum);
}

/// The sum of what TCP and UDP sum beside themselves: addresses, protocol, length.
fn pseudo_header(sys: &mut Sys, buffer: u32, protocol: u32, length: u32) -> u64 {
    sum_of(sys, buffer + IPV4 + 12, 8) + summed(protocol) + summed(length)
}
