// UDP, and its echo.

const ECHO_PORT: u32 = 7;
/// Where what a datagram carries begins in a buffer.
const UDP_PAYLOAD: u32 = TRANSPORT + 8;
/// The most that a datagram carries here, which is not cut into fragments.
const UDP_BYTES: u32 = 1500 - 28;

/// A datagram whose length and checksum are right.
#[derive(Clone, Copy)]
struct Udp {
    from_port: u32,
    to_port: u32,
    /// Bytes that it carries.
    length: u32,
}

fn read_udp(sys: &mut Sys, datagram: Datagram) -> Option<Udp> {
    let at = datagram.buffer + TRANSPORT;
    if datagram.length < 8 {
        return None;
    }
    let length = read_u16(sys, at + 4);
    if length < 8 || length > datagram.length {
        return None;
    }
    // A checksum of 0 says that there is none.
    if read_u16(sys, at + 6) != 0 {
        let sum = pseudo_header(sys, datagram.buffer, UDP, length) + sum_of(sys, at, length);
        if fold(sum) != 0xffff {
            return None;
        }
    }
    Some(Udp {
        from_port: read_u16(sys, at),
        to_port: read_u16(sys, at + 2),
        length: length - 8,
    })
}

/// Writes the headers in front of `length` bytes whose sum is known, for a reply: to where `udp` is from.
fn write_udp(sys: &mut Sys, page: u32, from: u32, to: u32, udp: Udp, length: u32, sum: u64) {
    let at = page + TRANSPORT;
    write_ipv4(sys, page, from, to, UDP, 8 + length);
    write_u16(sys, at, udp.to_port);
    write_u16(sys, at + 2, udp.from_port);
    write_u16(sys, at + 4, 8 + length);
    write_u16(sys, at + 6, 0);
    let sum = sum + pseudo_header(sys, page, UDP, 8 + length) + sum_of(sys, at, 8);
    if fold(sum) == 0xffff {
        write_u16(sys, at + 6, 0xffff); // 0 would say that there is no checksum
    } else {
        write_checksum(sys, at + 6, sum);
    }
}

/// Sends a datagram back to where it is from.
fn echo_datagram(host: &mut Host, sys: &mut Sys, request: Datagram, udp: Udp) {
    let Some(page) = host.page_for(sys, request.source) else {
        return;
    };
    let from = request.buffer + UDP_PAYLOAD;
    let sum = copy_and_sum(sys, from, page + UDP_PAYLOAD, udp.length);
    write_udp(
        sys,
        page,
        host.address,
        request.source,
        udp,
        udp.length,
        sum,
    );
    host.outbox.send(sys, 42 + udp.length);
}
