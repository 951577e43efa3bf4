// Addresses of a few names, asked for as DNS does.

const NAMES_PORT: u32 = 53;
/// Names, and the bytes of the longest as it stands in a question.
const NAMES: usize = 3;
const NAME_BYTES: usize = 16;
const HEADER_BYTES: u32 = 12;
/// What becomes of a question.
const ANSWERED: u32 = 0;
const MALFORMED: u32 = 1;
const UNKNOWN: u32 = 3;
const NOT_IMPLEMENTED: u32 = 4;

/// `exo.test`, `aegis.test` and `cheetah.test`, each label with its length before it.
const EXO: [u8; NAME_BYTES] = [3, 101, 120, 111, 4, 116, 101, 115, 116, 0, 0, 0, 0, 0, 0, 0];
const AEGIS: [u8; NAME_BYTES] = [
    5, 97, 101, 103, 105, 115, 4, 116, 101, 115, 116, 0, 0, 0, 0, 0,
];
const CHEETAH: [u8; NAME_BYTES] = [
    7, 99, 104, 101, 101, 116, 97, 104, 4, 116, 101, 115, 116, 0, 0, 0,
];

/// The table: each name as it stands in a question, with its address.
#[derive(Clone, Copy)]
struct Names {
    name: [[u8; NAME_BYTES]; NAMES],
    address: [u32; NAMES],
    answered: u64,
    unknown: u64,
}

impl Names {
    const fn new() -> Names {
        Names {
            name: [EXO, AEGIS, CHEETAH],
            address: [0x0a00_0001, 0x0a00_0010, 0x0a00_0020],
            answered: 0,
            unknown: 0,
        }
    }

    /// The place of the name that stands at an address, large and small letters alike.
    fn find(&self, sys: &mut Sys, at: u32, length: u32) -> Option<usize> {
        if length as usize > NAME_BYTES {
            return None;
        }
        for place in 0..NAMES {
            let mut same = true;
            for byte in 0..length {
                let mut letter = sys.load_u8(at + byte);
                if matches!(letter, 65..=90) {
                    letter += 32;
                }
                same = same && letter == self.name[place][byte as usize];
            }
            if same {
                return Some(place);
            }
        }
        None
    }

    /// Writes the reply to a message that is at `from` to `to`. Gives how long it is; 0 if there is none.
    fn answer(&mut self, sys: &mut Sys, from: u32, length: u32, to: u32) -> u32 {
        if length < HEADER_BYTES || sys.load_u8(from + 2) & 0x80 != 0 {
            return 0; // no message, or a reply
        }
        let asks = sys.load_u8(from + 2);
        let one = read_u16(sys, from + 4) == 1;
        let mut code = MALFORMED;
        let mut end = HEADER_BYTES;
        let mut found = None;
        if asks & 0x78 != 0 {
            code = NOT_IMPLEMENTED;
        } else if one && let Some(name_end) = end_of_name(sys, from, length) {
            end = name_end + 4;
            found = self.find(sys, from + HEADER_BYTES, name_end - HEADER_BYTES);
            code = if found.is_some() { ANSWERED } else { UNKNOWN };
        }
        copy_and_sum(sys, from, to, end);
        // A reply with authority, which repeats whether more was to be asked for.
        sys.store_u8(to + 2, 0x84 | asks & 0x79);
        sys.store_u8(to + 3, code as u8);
        write_u16(sys, to + 4, if end > HEADER_BYTES { 1 } else { 0 });
        write_u32(sys, to + 6, 0);
        write_u16(sys, to + 10, 0);
        // Only for its address (A, 1), on the Internet (IN, 1).
        if let Some(place) = found
            && read_u32(sys, from + end - 4) == 0x0001_0001
        {
            write_u16(sys, to + 6, 1);
            write_record(sys, to + end, self.address[place]);
            end += 16;
        }
        if code == ANSWERED {
            self.answered += 1;
        } else {
            self.unknown += 1;
        }
        end
    }
}

/// Where the name of a message's question ends, if what is asked for stands behind it. A name that
/// points elsewhere is refused: there is nothing before it to point to.
fn end_of_name(sys: &mut Sys, at: u32, length: u32) -> Option<u32> {
    let mut place = HEADER_BYTES;
    while place < length && place < HEADER_BYTES + 255 {
        let label = sys.load_u8(at + place) as u32;
        if label == 0 && place + 5 <= length {
            return Some(place + 1);
        }
        if label == 0 || label > 63 {
            return None;
        }
        place += label + 1;
    }
    None
}

/// A record with the address of the name that the message begins with, good for a minute.
fn write_record(sys: &mut Sys, at: u32, address: u32) {
    write_u16(sys, at, 0xc00c);
    write_u32(sys, at + 2, 0x0001_0001);
    write_u32(sys, at + 6, 60);
    write_u16(sys, at + 10, 4);
    write_u32(sys, at + 12, address);
}

/// Answers a question that came in a datagram.
fn answer_question(names: &mut Names, host: &mut Host, sys: &mut Sys, request: Datagram, udp: Udp) {
    let Some(page) = host.page_for(sys, request.source) else {
        return;
    };
    let from = request.buffer + UDP_PAYLOAD;
    let to = page + UDP_PAYLOAD;
    let length = names.answer(sys, from, udp.length, to);
    if length > 0 {
        let sum = sum_of(sys, to, length);
        write_udp(sys, page, host.address, request.source, udp, length, sum);
        host.outbox.send(sys, 42 + length);
    }
}
