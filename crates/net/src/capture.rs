//! Captures as tcpdump and Wireshark write them: pcap and pcapng, of Ethernet frames.

use std::fmt;

use pcap_parser::nom::{self, IResult};
use pcap_parser::{
    Block, Linktype, PcapError, parse_block_be, parse_block_le, parse_pcap_frame,
    parse_pcap_frame_be, parse_pcap_frame_modified, parse_pcap_header,
};

/// The largest capture that is read, in bytes.
pub const CAPTURE_BYTES_MAX: usize = 256 << 20;
/// Nanoseconds in a second.
const NANOSECONDS: u64 = 1_000_000_000;
/// What both formats call Ethernet.
const ETHERNET: Linktype = Linktype(1);

/// A packet of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'run> {
    /// Its place, from 1.
    pub number: u64,
    /// When it was captured, in nanoseconds since 1970; 0 if the capture does not say.
    pub nanoseconds: u64,
    /// How long it was on the wire, in bytes.
    pub length: u32,
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
    let done = match bytes {
        [] => Err(CaptureError::Empty),
        _ if bytes.len() > CAPTURE_BYTES_MAX => Err(CaptureError::TooLarge(bytes.len())),
        [0x0a, 0x0d, 0x0d, 0x0a, ..] => blocks(bytes, &mut capture.packets),
        _ => frames(bytes, &mut capture.packets),
    };
    capture.error = done.err();
    capture
}

/// What one of the library's parsers says, in our words.
fn parsed<'run, T>(
    result: IResult<&'run [u8], T, PcapError<&'run [u8]>>,
    packets: usize,
    at: usize,
) -> Result<(&'run [u8], T), CaptureError> {
    let packets = packets as u64;
    result.map_err(|error| match error {
        nom::Err::Incomplete(_) => CaptureError::Truncated { packets, at },
        nom::Err::Error(_) | nom::Err::Failure(_) => CaptureError::Damaged { packets, at },
    })
}

fn link(kind: Linktype) -> Result<(), CaptureError> {
    match kind {
        ETHERNET => Ok(()),
        Linktype(number) => Err(CaptureError::LinkType(number)),
    }
}

fn push<'run>(packets: &mut Vec<Packet<'run>>, nanoseconds: u64, bytes: &'run [u8], length: u32) {
    packets.push(Packet {
        number: packets.len() as u64 + 1,
        nanoseconds,
        length,
        bytes,
    });
}

/// The older format: a header, then packets.
fn frames<'run>(bytes: &'run [u8], packets: &mut Vec<Packet<'run>>) -> Result<(), CaptureError> {
    let header = parsed(parse_pcap_header(bytes), 0, 0);
    let (mut rest, header) = header.map_err(|error| match error {
        CaptureError::Damaged { .. } => CaptureError::NotACapture,
        // Fewer bytes than its first number has could be anything.
        error if bytes.len() >= 4 => error,
        _ => CaptureError::NotACapture,
    })?;
    link(header.network)?;
    let frame = match (header.is_bigendian(), header.is_modified_format()) {
        (true, _) => parse_pcap_frame_be,
        (false, true) => parse_pcap_frame_modified,
        (false, false) => parse_pcap_frame,
    };
    let part = match header.is_nanosecond_precision() {
        true => 1,
        false => 1000,
    };
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let (more, packet) = parsed(frame(rest), packets.len(), at)?;
        let seconds = u64::from(packet.ts_sec) * NANOSECONDS;
        let nanoseconds = seconds + u64::from(packet.ts_usec) * part;
        push(packets, nanoseconds, packet.data, packet.origlen);
        rest = more;
    }
    Ok(())
}

/// An interface of the newer format.
struct Interface {
    link: Linktype,
    /// Ticks in a second: a power of ten, or of two if the highest bit is set.
    resolution: u8,
    /// What is to be added, in seconds.
    offset: i64,
}

impl Interface {
    /// A packet's time. Times that do not fit are the largest, or 0.
    fn nanoseconds(&self, ticks: u64) -> u64 {
        let exponent = u32::from(self.resolution & 0x7f);
        let base: u128 = if self.resolution & 0x80 == 0 { 10 } else { 2 };
        let ticks = u128::from(ticks) * u128::from(NANOSECONDS);
        let passed = base.checked_pow(exponent).map_or(0, |it| ticks / it);
        let offset = i128::from(self.offset) * i128::from(NANOSECONDS);
        let all = i128::try_from(passed).unwrap_or(i128::MAX);
        u64::try_from(all.saturating_add(offset).max(0)).unwrap_or(u64::MAX)
    }
}

/// The newer format: blocks, some of which are packets.
fn blocks<'run>(bytes: &'run [u8], packets: &mut Vec<Packet<'run>>) -> Result<(), CaptureError> {
    let mut rest = bytes;
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut big_endian = false;
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let block = match big_endian {
            true => parse_block_be(rest),
            false => parse_block_le(rest),
        };
        let (more, block) = parsed(block, packets.len(), at)?;
        let damaged = CaptureError::Damaged {
            packets: packets.len() as u64,
            at,
        };
        match block {
            Block::SectionHeader(section) => {
                big_endian = section.big_endian();
                interfaces.clear();
            }
            Block::InterfaceDescription(interface) => interfaces.push(Interface {
                link: interface.linktype,
                resolution: interface.if_tsresol,
                offset: interface.if_tsoffset,
            }),
            Block::EnhancedPacket(packet) => {
                let interface = interfaces.get(packet.if_id as usize);
                let interface = interface.ok_or(damaged.clone())?;
                link(interface.link)?;
                let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let data = packet.data.get(..packet.caplen as usize);
                let nanoseconds = interface.nanoseconds(ticks);
                push(packets, nanoseconds, data.ok_or(damaged)?, packet.origlen);
            }
            Block::SimplePacket(packet) => {
                link(interfaces.first().ok_or(damaged)?.link)?;
                let data = packet.data.get(..packet.origlen as usize);
                push(packets, 0, data.unwrap_or(packet.data), packet.origlen);
            }
            _ => {}
        }
        // A block that took nothing would be read for ever.
        if more.len() >= rest.len() {
            return Err(CaptureError::Damaged {
                packets: packets.len() as u64,
                at,
            });
        }
        rest = more;
    }
    Ok(())
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
