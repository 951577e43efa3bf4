//! Captures as tcpdump and Wireshark write them: pcap and pcapng, of Ethernet frames.

use std::fmt;

use pcap_parser::nom::{self, IResult};
use pcap_parser::{
    Block, Linktype, PcapError, parse_block_be, parse_block_le, parse_pcap_frame,
    parse_pcap_frame_be, parse_pcap_frame_modified, parse_pcap_header,
};

/// The largest capture that is read, in bytes.
pub const CAPTURE_BYTES_MAX: usize = 256 << 20;
/// What both formats call Ethernet.
const ETHERNET: Linktype = Linktype(1);

/// A packet of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'run> {
    /// Its place, from 1.
    pub number: u64,
    /// When it was captured, in nanoseconds since 1970 began; 0 if the capture does not say.
    pub time_ns: u64,
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

/// How the older format's packets are written.
#[derive(Clone, Copy, Debug)]
struct Frames {
    big_endian: bool,
    modified: bool,
    /// Nanoseconds of a unit of the smaller part of a time.
    unit_ns: u64,
}

/// What the newer format's blocks said so far of those behind them.
#[derive(Clone, Debug, Default)]
struct Blocks {
    big_endian: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: Linktype,
    /// Of its times: units a second, and seconds to add.
    resolution: u64,
    offset: i64,
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
        match bytes {
            [] => return Err(CaptureError::Empty),
            _ if bytes.len() > CAPTURE_BYTES_MAX => {
                return Err(CaptureError::TooLarge(bytes.len()));
            }
            [0x0a, 0x0d, 0x0d, 0x0a, ..] => return Ok(Format::Blocks(Blocks::default())),
            _ => {}
        }
        let header = self.parsed(parse_pcap_header(bytes));
        let (rest, header) = header.map_err(|error| match error {
            CaptureError::Damaged { .. } => CaptureError::NotACapture,
            // Fewer bytes than its first number has could be anything.
            error if bytes.len() >= 4 => error,
            _ => CaptureError::NotACapture,
        })?;
        link(header.network)?;
        self.at = bytes.len() - rest.len();
        Ok(Format::Frames(Frames {
            big_endian: header.is_bigendian(),
            modified: header.is_modified_format(),
            unit_ns: if header.is_nanosecond_precision() {
                1
            } else {
                1_000
            },
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
        let frame = match (frames.big_endian, frames.modified) {
            (true, _) => parse_pcap_frame_be,
            (false, true) => parse_pcap_frame_modified,
            (false, false) => parse_pcap_frame,
        };
        let (more, packet) = self.parsed(frame(rest))?;
        self.at = bytes.len() - more.len();
        let at = self.at - packet.data.len();
        let part_ns = u64::from(packet.ts_usec) * frames.unit_ns;
        let time_ns = u64::from(packet.ts_sec) * 1_000_000_000 + part_ns;
        Ok(Some(self.packet(at, packet.data, packet.origlen, time_ns)))
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
            let block = match blocks.big_endian {
                true => parse_block_be(rest),
                false => parse_block_le(rest),
            };
            let (more, block) = self.parsed(block)?;
            // A block that took nothing would be read for ever.
            if more.len() >= rest.len() {
                return Err(self.damaged());
            }
            let found = blocks.take(block).ok_or_else(|| self.damaged())??;
            let before = self.at;
            self.at = bytes.len() - more.len();
            if let Some(found) = found {
                let at = before + found.header;
                return Ok(Some(self.packet(
                    at,
                    found.data,
                    found.length,
                    found.time_ns,
                )));
            }
        }
    }

    fn packet<'run>(
        &mut self,
        at: usize,
        bytes: &'run [u8],
        length: u32,
        time_ns: u64,
    ) -> Packet<'run> {
        self.packets += 1;
        Packet {
            number: self.packets,
            time_ns,
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

    /// What one of the library's parsers says, in our words.
    fn parsed<'run, T>(
        &self,
        result: IResult<&'run [u8], T, PcapError<&'run [u8]>>,
    ) -> Result<(&'run [u8], T), CaptureError> {
        result.map_err(|error| match error {
            nom::Err::Incomplete(_) => CaptureError::Truncated {
                packets: self.packets,
                at: self.at,
            },
            nom::Err::Error(_) | nom::Err::Failure(_) => self.damaged(),
        })
    }
}

/// A packet within its block.
struct Found<'run> {
    /// Bytes of the block before it.
    header: usize,
    data: &'run [u8],
    length: u32,
    time_ns: u64,
}

impl Blocks {
    /// Takes a block: its packet, if it is one. None if it is no block that can stand here.
    fn take<'run>(
        &mut self,
        block: Block<'run>,
    ) -> Option<Result<Option<Found<'run>>, CaptureError>> {
        match block {
            Block::SectionHeader(section) => {
                self.big_endian = section.big_endian();
                self.interfaces.clear();
            }
            Block::InterfaceDescription(interface) => self.interfaces.push(Interface {
                link: interface.linktype,
                resolution: interface.ts_resolution().unwrap_or(1_000_000),
                offset: interface.if_tsoffset,
            }),
            Block::EnhancedPacket(packet) => {
                let interface = self.interfaces.get(packet.if_id as usize)?;
                let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let found = Found {
                    header: 28,
                    data: packet.data.get(..packet.caplen as usize)?,
                    length: packet.origlen,
                    time_ns: interface.time_ns(ticks),
                };
                return Some(link(interface.link).map(|()| Some(found)));
            }
            Block::SimplePacket(packet) => {
                let interface = self.interfaces.first()?;
                let data = packet.data.get(..packet.origlen as usize);
                let found = Found {
                    header: 12,
                    data: data.unwrap_or(packet.data),
                    length: packet.origlen,
                    time_ns: 0,
                };
                return Some(link(interface.link).map(|()| Some(found)));
            }
            _ => {}
        }
        Some(Ok(None))
    }
}

impl Interface {
    /// A time in nanoseconds; the nearest that can be told.
    fn time_ns(&self, ticks: u64) -> u64 {
        let ns = u128::from(ticks) * 1_000_000_000 / u128::from(self.resolution.max(1));
        let moved = ns as i128 + i128::from(self.offset) * 1_000_000_000;
        u64::try_from(moved.max(0)).unwrap_or(u64::MAX)
    }
}

fn link(kind: Linktype) -> Result<(), CaptureError> {
    match kind {
        ETHERNET => Ok(()),
        Linktype(number) => Err(CaptureError::LinkType(number)),
    }
}

/// A capture in the older format, of these frames a millisecond apart.
pub fn write<'run>(frames: impl IntoIterator<Item = &'run [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let header = [
        0xa1b2_c3d4_u32,
        0x0004_0002,
        0,
        0,
        65_535,
        ETHERNET.0 as u32,
    ];
    bytes.extend(header.into_iter().flat_map(u32::to_le_bytes));
    for (index, frame) in (0_u32..).zip(frames) {
        let length = frame.len() as u32;
        let record = [index / 1000, index % 1000 * 1000, length, length];
        bytes.extend(record.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(frame);
    }
    bytes
}
