//! Captures as tcpdump and Wireshark write them: pcap and pcapng, of Ethernet frames.

mod formats;

use std::fmt;

use formats::{Blocks, ETHERNET, Frames, Order, link};

/// The largest capture that is read, in bytes.
pub const CAPTURE_BYTES_MAX: usize = 256 << 20;
/// What a block begins with that begins a section; the same in either byte order.
const SECTION: u32 = 0x0a0d_0d0a;

/// A packet of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'run> {
    /// Its place, from 1.
    pub number: u64,
    /// When it was captured, in nanoseconds since 1970; 0 if the capture does not say.
    pub nanoseconds: u64,
    /// How long it was on the wire, in bytes.
    pub length: u32,
    /// Where in the file its first byte is.
    pub at: usize,
    /// What was captured of it, from its first byte on.
    pub bytes: &'run [u8],
}

/// What a capture holds, up to where it is damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture<'run> {
    /// The packets, in their order.
    pub packets: Vec<Packet<'run>>,
    /// Why there are no more, unless the file just ends.
    pub error: Option<CaptureError>,
}

/// Why a capture, or the rest of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaptureError {
    /// There is no byte in it.
    Empty,
    /// It has more than [`CAPTURE_BYTES_MAX`] bytes.
    TooLarge(usize),
    /// It begins like neither format.
    NotACapture,
    /// It ends within its header or a packet; so many packets are whole.
    Truncated {
        /// The whole packets.
        packets: u64,
        /// Where in the file the broken part begins.
        at: usize,
    },
    /// What follows the packets so far is no packet.
    Damaged {
        /// The packets before it.
        packets: u64,
        /// Where in the file it begins.
        at: usize,
    },
    /// Its packets are not Ethernet frames.
    LinkType(i32),
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaptureError::Empty => f.write_str("the capture is empty: it has no header and no packet"),
            CaptureError::TooLarge(bytes) => write!(
                f,
                "the capture has {bytes} bytes: at most {CAPTURE_BYTES_MAX} are read; `editcap -c` cuts it up"
            ),
            CaptureError::NotACapture => f.write_str(
                "this is no capture: it begins neither as pcap nor as pcapng (write one with `tcpdump -w FILE`)",
            ),
            CaptureError::Truncated { packets, at } => write!(
                f,
                "the capture is cut off: it ends within what begins at byte {at}, behind {packets} whole packets"
            ),
            CaptureError::Damaged { packets, at } => write!(
                f,
                "the capture is damaged: what begins at byte {at}, behind {packets} packets, is no packet"
            ),
            CaptureError::LinkType(number) => write!(
                f,
                "the capture's link type is {number}: only Ethernet (1) is read here"
            ),
        }
    }
}

impl std::error::Error for CaptureError {}

/// Reads a whole file that is in memory, pcap or pcapng.
pub fn read(bytes: &[u8]) -> Capture<'_> {
    let mut capture = Capture::default();
    let mut cursor = Cursor::default();
    loop {
        match cursor.next(bytes) {
            Ok(Some(packet)) => capture.packets.push(packet),
            Ok(None) => return capture,
            Err(error) => {
                capture.error = Some(error);
                return capture;
            }
        }
    }
}

/// Where the reading of a file stands: one packet after the other, so that a large file can be read in slices.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    at: usize,
    packets: u64,
    format: Option<Format>,
}

#[derive(Clone, Debug)]
enum Format {
    /// The older one.
    Frames(Frames),
    /// The newer one.
    Blocks(Blocks),
}

impl Cursor {
    /// Where in the file it stands.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next packet of `bytes`, which must be the same whole file each time; none at its end.
    ///
    /// # Errors
    /// What is wrong with the file from here on: it is read no further, however often this is called.
    pub fn next<'run>(&mut self, bytes: &'run [u8]) -> Result<Option<Packet<'run>>, CaptureError> {
        let mut format = match self.format.take() {
            Some(format) => format,
            None => self.begin(bytes)?,
        };
        let next = match &mut format {
            Format::Frames(frames) => self.frame(*frames, bytes),
            Format::Blocks(blocks) => self.block(blocks, bytes),
        };
        self.format = Some(format);
        next
    }

    /// Reads what tells the format.
    fn begin(&mut self, bytes: &[u8]) -> Result<Format, CaptureError> {
        if bytes.is_empty() {
            return Err(CaptureError::Empty);
        }
        if bytes.len() > CAPTURE_BYTES_MAX {
            return Err(CaptureError::TooLarge(bytes.len()));
        }
        let (order, header, unit_ns) = match Order::Little.u32(bytes, 0) {
            Some(SECTION) => return Ok(Format::Blocks(Blocks::default())),
            Some(0xa1b2_c3d4) => (Order::Little, 16, 1_000),
            Some(0xa1b2_3c4d) => (Order::Little, 16, 1),
            // As some systems wrote it once: with the interface and the protocol of each packet.
            Some(0xa1b2_cd34) => (Order::Little, 24, 1_000),
            Some(0xd4c3_b2a1) => (Order::Big, 16, 1_000),
            Some(0x4d3c_b2a1) => (Order::Big, 16, 1),
            _ => return Err(CaptureError::NotACapture),
        };
        link(order.u32(bytes, 20).ok_or(self.truncated())?)?;
        self.at = 24;
        Ok(Format::Frames(Frames {
            order,
            header,
            unit_ns,
        }))
    }

    /// The next packet of the older format.
    fn frame<'run>(
        &mut self,
        frames: Frames,
        bytes: &'run [u8],
    ) -> Result<Option<Packet<'run>>, CaptureError> {
        let rest = bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let word = |at: usize| frames.order.u32(rest, at).ok_or(self.truncated());
        let (seconds, part, captured, length) = (word(0)?, word(4)?, word(8)?, word(12)?);
        let data = rest.get(frames.header..).ok_or(self.truncated())?;
        let data = data.get(..captured as usize).ok_or(self.truncated())?;
        let at = self.at + frames.header;
        self.at = at + data.len();
        let part_ns = u64::from(part) * frames.unit_ns;
        let nanoseconds = u64::from(seconds) * 1_000_000_000 + part_ns;
        Ok(Some(self.packet(at, data, length, nanoseconds)))
    }

    /// The next packet of the newer format: blocks, some of which are packets.
    fn block<'run>(
        &mut self,
        blocks: &mut Blocks,
        bytes: &'run [u8],
    ) -> Result<Option<Packet<'run>>, CaptureError> {
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(None);
            }
            // Its kind, its length, and its length again at its end.
            if rest.len() < 12 {
                return Err(self.truncated());
            }
            let damaged = || self.damaged();
            let kind = blocks.begin(rest).ok_or_else(damaged)?;
            let length = blocks.order.u32(rest, 4).ok_or_else(damaged)? as usize;
            if length < 12 || !length.is_multiple_of(4) {
                return Err(self.damaged());
            }
            let block = rest.get(..length).ok_or(self.truncated())?;
            if blocks.order.u32(block, length - 4) != Some(length as u32) {
                return Err(self.damaged());
            }
            let body = block.get(8..length - 4).unwrap_or_default();
            let found = blocks.take(kind, body).ok_or_else(damaged)??;
            let before = self.at;
            self.at += length;
            if let Some(found) = found {
                let at = before + 8 + found.header;
                return Ok(Some(self.packet(
                    at,
                    found.data,
                    found.length,
                    found.nanoseconds,
                )));
            }
        }
    }

    fn packet<'run>(
        &mut self,
        at: usize,
        bytes: &'run [u8],
        length: u32,
        nanoseconds: u64,
    ) -> Packet<'run> {
        self.packets += 1;
        Packet {
            number: self.packets,
            nanoseconds,
            length,
            at,
            bytes,
        }
    }

    fn damaged(&self) -> CaptureError {
        CaptureError::Damaged {
            packets: self.packets,
            at: self.at,
        }
    }

    fn truncated(&self) -> CaptureError {
        CaptureError::Truncated {
            packets: self.packets,
            at: self.at,
        }
    }
}

/// A capture in the older format, of these frames a millisecond apart.
pub fn write<'run>(frames: impl IntoIterator<Item = &'run [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let header = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, ETHERNET];
    bytes.extend(header.into_iter().flat_map(u32::to_le_bytes));
    for (index, frame) in (0_u32..).zip(frames) {
        let length = frame.len() as u32;
        let record = [index / 1000, index % 1000 * 1000, length, length];
        bytes.extend(record.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(frame);
    }
    bytes
}
