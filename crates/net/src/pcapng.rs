//! Captures as Wireshark writes them (pcapng), with a time, a direction and a comment for each packet.
//!
//! A file is blocks, each with its length at both ends: one that begins a section, one for the interface,
//! then one for each packet. Options of a block say what else is known.

/// What a file's first block begins with, and that its words are little-endian.
const SECTION: u32 = 0x0a0d_0d0a;
const LITTLE_ENDIAN: u32 = 0x1a2b_3c4d;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;
/// What the format calls Ethernet.
const ETHERNET: u32 = 1;

/// Options: of every block, of a section, of an interface, of a packet.
const END: u16 = 0;
const COMMENT: u16 = 1;
const WRITTEN_BY: u16 = 4;
const NAME: u16 = 2;
const RESOLUTION: u16 = 9;
const FLAGS: u16 = 2;

/// The longest text of an option that is written, in bytes.
const TEXT_BYTES_MAX: usize = 4096;

/// Which way a packet went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the machine.
    In,
    /// From the machine.
    Out,
}

/// A packet with what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'run> {
    /// When, in nanoseconds: of emulated time ([`nanoseconds`]) or since 1970.
    pub nanoseconds: u64,
    /// Which way, if that is known.
    pub direction: Option<Direction>,
    /// How long it was on the wire, in bytes.
    pub length: u32,
    /// What there is of it.
    pub bytes: &'run [u8],
    /// What became of it, for people; none if it is empty. Of a long text the first 4,096 bytes are written.
    pub comment: &'run str,
}

/// The moment of a cycle on a clock of so many cycles a second, in nanoseconds, rounded down.
pub fn nanoseconds(cycles: u64, hertz: u64) -> u64 {
    let nanoseconds = u128::from(cycles) * 1_000_000_000 / u128::from(hertz.max(1));
    u64::try_from(nanoseconds).unwrap_or(u64::MAX)
}

/// A capture of one interface, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A capture without packets, of an interface with a name; its times are in nanoseconds.
    pub fn new(interface: &str) -> Writer {
        let mut writer = Writer { bytes: Vec::new() };
        let mut section = Vec::new();
        section.extend(LITTLE_ENDIAN.to_le_bytes());
        // Version 1.0, of a section whose length is not said.
        section.extend([1, 0, 0, 0]);
        section.extend([0xff; 8]);
        option(&mut section, WRITTEN_BY, b"exo");
        option(&mut section, END, &[]);
        writer.block(SECTION, &section);
        let mut description = Vec::new();
        // The type of the link, and that packets are written whole.
        description.extend(ETHERNET.to_le_bytes());
        description.extend(0_u32.to_le_bytes());
        option(&mut description, NAME, text(interface));
        option(&mut description, RESOLUTION, &[9]);
        option(&mut description, END, &[]);
        writer.block(INTERFACE, &description);
        writer
    }

    /// Adds a packet.
    pub fn packet(&mut self, record: &Record<'_>) {
        let captured = record.bytes.len() as u32;
        let words = [
            0,
            (record.nanoseconds >> 32) as u32,
            record.nanoseconds as u32,
            captured,
            record.length.max(captured),
        ];
        let mut packet: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
        packet.extend(record.bytes);
        pad(&mut packet);
        if !record.comment.is_empty() {
            option(&mut packet, COMMENT, text(record.comment));
        }
        if let Some(direction) = record.direction {
            let flags: u32 = match direction {
                Direction::In => 1,
                Direction::Out => 2,
            };
            option(&mut packet, FLAGS, &flags.to_le_bytes());
        }
        option(&mut packet, END, &[]);
        self.block(PACKET, &packet);
    }

    /// The whole file.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn block(&mut self, kind: u32, contents: &[u8]) {
        let length = contents.len() as u32 + 12;
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(contents);
        self.bytes.extend(length.to_le_bytes());
    }
}

/// As much of a text as is written, in whole letters.
fn text(all: &str) -> &[u8] {
    let end = all.floor_char_boundary(TEXT_BYTES_MAX);
    all.as_bytes().get(..end).unwrap_or(&[])
}

/// Adds an option: its number, its length, and what it says.
fn option(block: &mut Vec<u8>, number: u16, value: &[u8]) {
    block.extend(number.to_le_bytes());
    block.extend((value.len() as u16).to_le_bytes());
    block.extend(value);
    pad(block);
}

/// Fills a block up to whole words.
fn pad(block: &mut Vec<u8>) {
    block.resize(block.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use pcap_parser::pcapng::{OptionCode, PcapNGOption};
    use pcap_parser::{Block, parse_block_le};

    use super::{Direction, Record, Writer, nanoseconds};
    use crate::capture;

    fn record(bytes: &[u8]) -> Record<'_> {
        Record {
            nanoseconds: 0x1_2345_6789_abcd,
            direction: Some(Direction::In),
            length: bytes.len() as u32,
            bytes,
            comment: "claimed by line 3 of web",
        }
    }

    fn says<'run>(options: &'run [PcapNGOption<'_>], code: OptionCode) -> Option<&'run [u8]> {
        let found = options.iter().find(|it| it.code == code);
        found.map(|it| &it.value[..usize::from(it.len)])
    }

    #[test]
    fn every_block_says_what_it_was_given() {
        for length in 0..9 {
            let bytes = vec![7; length];
            let mut writer = Writer::new("nic0");
            writer.packet(&record(&bytes));
            let file = writer.finish();
            let (rest, section) = parse_block_le(&file).unwrap();
            let Block::SectionHeader(section) = section else {
                panic!("{section:?}");
            };
            assert_eq!((section.major_version, section.section_len), (1, -1));
            let (rest, interface) = parse_block_le(rest).unwrap();
            let Block::InterfaceDescription(interface) = interface else {
                panic!("{interface:?}");
            };
            assert_eq!((interface.linktype.0, interface.if_tsresol), (1, 9));
            let name = says(&interface.options, OptionCode::IfName);
            assert_eq!(name, Some(&b"nic0"[..]));
            let (rest, packet) = parse_block_le(rest).unwrap();
            let Block::EnhancedPacket(packet) = packet else {
                panic!("{packet:?}");
            };
            assert_eq!(rest, []);
            assert_eq!(
                (packet.caplen as usize, packet.origlen as usize),
                (length, length)
            );
            assert_eq!(&packet.data[..length], bytes);
            assert_eq!((packet.ts_high, packet.ts_low), (0x1_2345, 0x6789_abcd));
            let comment = says(&packet.options, OptionCode::Comment);
            assert_eq!(comment, Some(&b"claimed by line 3 of web"[..]));
            let flags = says(&packet.options, OptionCode(2));
            assert_eq!(flags, Some(&[1, 0, 0, 0][..]));
        }
    }

    #[test]
    fn what_is_written_is_read_again_with_its_times() {
        let (one, other) = ([1; 60], [2; 61]);
        let mut writer = Writer::new("nic0");
        let first = Record {
            comment: "",
            direction: None,
            length: 1514,
            ..record(&one)
        };
        writer.packet(&first);
        writer.packet(&Record {
            nanoseconds: u64::MAX,
            ..record(&other)
        });
        let file = writer.finish();
        let read = capture::read(&file);
        assert_eq!(read.error, None);
        let packets: Vec<_> = read
            .packets
            .iter()
            .map(|it| (it.nanoseconds, it.length, it.bytes))
            .collect();
        assert_eq!(
            packets,
            [
                (0x1_2345_6789_abcd, 1514, &one[..]),
                (u64::MAX, 61, &other[..])
            ]
        );
    }

    #[test]
    fn a_long_comment_ends_at_a_whole_letter() {
        let comment = "ä".repeat(5000);
        let mut writer = Writer::new("nic0");
        writer.packet(&Record {
            comment: &format!("x{comment}"),
            ..record(&[1; 60])
        });
        let file = writer.finish();
        assert_eq!(capture::read(&file).error, None);
        let (rest, _) = parse_block_le(&file).unwrap();
        let (rest, _) = parse_block_le(rest).unwrap();
        let (_, Block::EnhancedPacket(packet)) = parse_block_le(rest).unwrap() else {
            panic!();
        };
        let said = says(&packet.options, OptionCode::Comment).unwrap();
        assert_eq!(std::str::from_utf8(said).unwrap().len(), 4095);
    }

    #[test]
    fn cycles_become_nanoseconds_of_the_clock() {
        assert_eq!(nanoseconds(25_000_000, 25_000_000), 1_000_000_000);
        assert_eq!(nanoseconds(1, 16_666_667), 59);
        assert_eq!(nanoseconds(u64::MAX, 1), u64::MAX);
    }
}
