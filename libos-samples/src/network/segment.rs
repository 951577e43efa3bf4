// Segments of TCP: what their headers say, and writing them.

const FIN: u32 = 1;
const SYN: u32 = 2;
const RST: u32 = 4;
const PUSH: u32 = 8;
const ACK: u32 = 16;
const TCP_HEADER: u32 = 20;
/// The most that one carries here, and what one may carry if the other end does not say (RFC 9293).
const SEGMENT_BYTES: u32 = 1460;
const SEGMENT_BYTES_UNSAID: u32 = 536;
const SEGMENT_BYTES_LEAST: u32 = 64;
/// How many bytes the other end may send before they are acknowledged: they are used up at once.
const WINDOW: u32 = 4096;

/// A segment whose checksum is right.
#[derive(Clone, Copy)]
struct Segment {
    /// Who sent it, from which port to which.
    address: u32,
    from_port: u32,
    to_port: u32,
    sequence: u32,
    acknowledged: u32,
    flags: u32,
    window: u32,
    /// The most that one to the other end may carry; only of use with SYN.
    largest: u32,
    /// Where its data is, and how many bytes.
    data: u32,
    length: u32,
}

/// The largest segment that options ask for. They end where the data begins, whatever they say.
fn largest_segment(sys: &mut Sys, options: u32, end: u32) -> u32 {
    let mut place = options;
    while place < end {
        let kind = sys.load_u8(place);
        if kind == 0 {
            break;
        }
        if kind == 1 {
            place += 1;
            continue;
        }
        if place + 2 > end {
            break;
        }
        let length = sys.load_u8(place + 1) as u32;
        if length < 2 || place + length > end {
            break;
        }
        if kind == 2 && length == 4 {
            return read_u16(sys, place + 2).clamp(SEGMENT_BYTES_LEAST, SEGMENT_BYTES);
        }
        place += length;
    }
    SEGMENT_BYTES_UNSAID
}

fn read_segment(sys: &mut Sys, datagram: Datagram) -> Option<Segment> {
    let at = datagram.buffer + TRANSPORT;
    if datagram.length < TCP_HEADER {
        return None;
    }
    let header = (sys.load_u8(at + 12) as u32 >> 4) * 4;
    if header < TCP_HEADER || header > datagram.length {
        return None;
    }
    let sum = pseudo_header(sys, datagram.buffer, TCP, datagram.length)
        + sum_of(sys, at, datagram.length);
    if fold(sum) != 0xffff {
        return None;
    }
    Some(Segment {
        address: datagram.source,
        from_port: read_u16(sys, at),
        to_port: read_u16(sys, at + 2),
        sequence: read_u32(sys, at + 4),
        acknowledged: read_u32(sys, at + 8),
        flags: sys.load_u8(at + 13) as u32,
        window: read_u16(sys, at + 14),
        largest: largest_segment(sys, at + TCP_HEADER, at + header),
        data: at + header,
        length: datagram.length - header,
    })
}

/// A segment that is to be sent; what it carries is known by its length and its sum.
#[derive(Clone, Copy)]
struct Sent {
    address: u32,
    from_port: u32,
    to_port: u32,
    sequence: u32,
    acknowledged: u32,
    flags: u32,
    length: u32,
    sum: u64,
}

/// Writes the headers of a segment. With SYN it says how large a segment may be. Gives how many bytes
/// of packet the headers are.
fn write_segment(host: &Host, sys: &mut Sys, page: u32, sent: Sent) -> u32 {
    let at = page + TRANSPORT;
    let header = if sent.flags & SYN != 0 {
        write_u32(sys, at + TCP_HEADER, 0x0204_0000 | SEGMENT_BYTES);
        TCP_HEADER + 4
    } else {
        TCP_HEADER
    };
    let length = header + sent.length;
    write_ipv4(sys, page, host.address, sent.address, TCP, length);
    write_u16(sys, at, sent.from_port);
    write_u16(sys, at + 2, sent.to_port);
    write_u32(sys, at + 4, sent.sequence);
    write_u32(sys, at + 8, sent.acknowledged);
    write_u16(sys, at + 12, header << 10 | sent.flags);
    write_u16(sys, at + 14, WINDOW);
    write_u32(sys, at + 16, 0);
    let sum = pseudo_header(sys, page, TCP, length) + sum_of(sys, at, header) + sent.sum;
    write_checksum(sys, at + 16, sum);
    34 + header
}

/// Refuses a segment that belongs to no connection.
fn reset(host: &mut Host, sys: &mut Sys, segment: Segment) {
    if segment.flags & RST != 0 {
        return;
    }
    let Some(page) = host.page_for(sys, segment.address) else {
        return;
    };
    let mut sent = Sent {
        address: segment.address,
        from_port: segment.to_port,
        to_port: segment.from_port,
        sequence: segment.acknowledged,
        acknowledged: 0,
        flags: RST,
        length: 0,
        sum: 0,
    };
    if segment.flags & ACK == 0 {
        let taken = segment.length + (segment.flags & SYN) / SYN + (segment.flags & FIN);
        sent.sequence = 0;
        sent.acknowledged = segment.sequence.wrapping_add(taken);
        sent.flags = RST | ACK;
    }
    let length = write_segment(host, sys, page, sent);
    host.outbox.send(sys, length);
}
