// ICMP: echo requests, and nothing else.

/// Answers an echo request with what it holds. Gives whether it was one.
fn answer_echo(host: &mut Host, sys: &mut Sys, request: Datagram) -> bool {
    let from = request.buffer + TRANSPORT;
    let length = request.length;
    if length < 8 || read_u16(sys, from) != 0x0800 {
        return false;
    }
    if fold(sum_of(sys, from, length)) != 0xffff {
        return false;
    }
    let Some(page) = host.page_for(sys, request.source) else {
        return true;
    };
    let to = page + TRANSPORT;
    write_ipv4(sys, page, host.address, request.source, ICMP, length);
    // Type, code and checksum become 0, and so count for nothing in the sum.
    let sum = copy_and_sum(sys, from + 4, to + 4, length - 4);
    sys.store_u32(to, 0);
    write_checksum(sys, to + 2, sum);
    host.outbox.send(sys, 34 + length);
    true
}
