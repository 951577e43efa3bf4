// HTTP/1.0: requests as they come in, byte by byte, and the heads of responses.

/// The longest request line that is understood.
const LINE_BYTES: usize = 48;
/// `HTTP/1.0 `, a status, `\r\nContent-Length: `, and what ends a head.
const VERSION: [u8; 9] = [72, 84, 84, 80, 47, 49, 46, 48, 32];
const LENGTH: [u8; 18] = [
    13, 10, 67, 111, 110, 116, 101, 110, 116, 45, 76, 101, 110, 103, 116, 104, 58, 32,
];
/// `200 OK`, `404 Not Found` and `400 Bad Request`.
const OK: [u8; 16] = [50, 48, 48, 32, 79, 75, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const NOT_FOUND: [u8; 16] = [
    52, 48, 52, 32, 78, 111, 116, 32, 70, 111, 117, 110, 100, 0, 0, 0,
];
const BAD_REQUEST: [u8; 16] = [
    52, 48, 48, 32, 66, 97, 100, 32, 82, 101, 113, 117, 101, 115, 116, 0,
];

/// A request as far as it has come.
#[derive(Clone, Copy)]
struct Request {
    line: [u8; LINE_BYTES],
    /// Bytes of the request line, those that had no room included.
    length: u32,
    /// Whether the request line is over, and whether the line under way is empty so far.
    over: bool,
    empty: bool,
}

impl Request {
    const fn new() -> Request {
        Request {
            line: [0; LINE_BYTES],
            length: 0,
            over: false,
            empty: true,
        }
    }

    /// Takes the next byte. Gives whether the request is whole: an empty line ends it.
    fn take(&mut self, byte: u8) -> bool {
        if byte == 10 {
            let whole = self.over && self.empty;
            self.over = self.over || !self.empty;
            self.empty = true;
            return whole;
        }
        if byte != 13 {
            self.empty = false;
            if !self.over {
                if (self.length as usize) < LINE_BYTES {
                    self.line[self.length as usize] = byte;
                }
                self.length = self.length.saturating_add(1);
            }
        }
        false
    }

    /// Where the path ends in `GET path HTTP/…`. None if that is not what was asked.
    fn path_end(&self) -> Option<u32> {
        let line = self.line;
        let get = line[0] == 71 && line[1] == 69 && line[2] == 84 && line[3] == 32;
        if self.length as usize > LINE_BYTES || !get || line[4] != 47 {
            return None;
        }
        let mut end: usize = 4;
        while end < self.length as usize && line[end] != 32 {
            end += 1;
        }
        // The five bytes of `HTTP/`, of which a line that is too short has none.
        let mut named = end + 6 <= self.length as usize;
        for place in 0..5 {
            named = named && line[end + 1 + place] == VERSION[place];
        }
        if named { Some(end as u32) } else { None }
    }
}

/// Writes a number in decimal digits. Gives the place behind it.
fn write_decimal(sys: &mut Sys, at: u32, number: u32) -> u32 {
    let mut digits = 1;
    while digits < 10 && number >= 10u32.pow(digits) {
        digits += 1;
    }
    let mut rest = number;
    for place in (0..digits).rev() {
        sys.store_u8(at + place, 48 + (rest % 10) as u8);
        rest /= 10;
    }
    at + digits
}

/// Writes the head of a response with so many bytes to follow. Gives how long the head is.
fn write_head(sys: &mut Sys, page: u32, status: &[u8; 16], length: u32) -> u32 {
    let mut at = page;
    for place in 0..VERSION.len() {
        sys.store_u8(at, VERSION[place]);
        at += 1;
    }
    for place in 0..status.len() {
        if status[place] != 0 {
            sys.store_u8(at, status[place]);
            at += 1;
        }
    }
    for place in 0..LENGTH.len() {
        sys.store_u8(at, LENGTH[place]);
        at += 1;
    }
    at = write_decimal(sys, at, length);
    write_u32(sys, at, 0x0d0a_0d0a);
    at + 4 - page
}
