// Bytes of packets: numbers whose highest byte comes first, and the Internet's checksum.

/// Where a packet begins in a buffer, so that what follows its Ethernet header is aligned.
const PACKET: u32 = 18;
/// Where the header of IPv4 begins in a buffer, and that of what it carries.
const IPV4: u32 = PACKET + 14;
const TRANSPORT: u32 = IPV4 + 20;
const PAGE_BYTES: u32 = 4096;

/// The two bytes at an address, the highest first.
fn read_u16(sys: &mut Sys, at: u32) -> u32 {
    (sys.load_u8(at) as u32) << 8 | sys.load_u8(at + 1) as u32
}

/// The four bytes at an address, the highest first.
fn read_u32(sys: &mut Sys, at: u32) -> u32 {
    read_u16(sys, at) << 16 | read_u16(sys, at + 2)
}

fn write_u16(sys: &mut Sys, at: u32, value: u32) {
    sys.store_u8(at, (value >> 8) as u8);
    sys.store_u8(at + 1, value as u8);
}

fn write_u32(sys: &mut Sys, at: u32, value: u32) {
    write_u16(sys, at, value >> 16);
    write_u16(sys, at + 2, value);
}

/// Folds a sum of 32-bit words into 16 bits, with the carries added at the other end.
fn fold(sum: u64) -> u32 {
    let mut sum = (sum & 0xffff_ffff) + (sum >> 32);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u32
}

/// The sum of bytes from an aligned address on. It is taken over words whose lowest byte comes first,
/// which gives the same sum with its two bytes changed about.
fn sum_of(sys: &mut Sys, at: u32, length: u32) -> u64 {
    let mut sum = 0;
    let whole = length & !3;
    for place in (at..at + whole).step_by(4) {
        sum += sys.load_u32(place) as u64;
    }
    for place in whole..length {
        sum += (sys.load_u8(at + place) as u64) << (place % 2 * 8);
    }
    sum
}

/// Copies bytes between aligned addresses, and gives their sum: they are touched once.
fn copy_and_sum(sys: &mut Sys, from: u32, to: u32, length: u32) -> u64 {
    let mut sum = 0;
    let whole = length & !3;
    for place in (0..whole).step_by(4) {
        let word = sys.load_u32(from + place);
        sys.store_u32(to + place, word);
        sum += word as u64;
    }
    for place in whole..length {
        let byte = sys.load_u8(from + place);
        sys.store_u8(to + place, byte);
        sum += (byte as u64) << (place % 2 * 8);
    }
    sum
}

/// A 16-bit number as it stands among bytes that are summed.
fn summed(value: u32) -> u64 {
    ((value & 0xff) << 8 | value >> 8 & 0xff) as u64
}

/// Stores a checksum: what makes the sum of all all ones.
fn write_checksum(sys: &mut Sys, at: u32, sum: u64) {
    let sum = !fold(sum) & 0xffff;
    sys.store_u8(at, sum as u8);
    sys.store_u8(at + 1, (sum >> 8) as u8);
}
