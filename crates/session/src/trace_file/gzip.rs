//! Takes a file of gzip apart as it comes in (RFC 1952): members, one behind the other, of a head, deflated
//! bytes, and a tail with their check and their number.

use flate2::{Decompress, FlushDecompress, Status};

/// The first bytes of each member.
pub(super) const MAGIC: [u8; 2] = [0x1F, 0x8B];
/// Bytes of a head without the parts that are optional.
const HEAD: usize = 10;
/// The most bytes of a head that are waited for: names are as long as file systems let them be.
const HEAD_MAX: usize = 128 << 10;
/// Bytes of a tail.
const TAIL: usize = 8;
/// Bytes that are unpacked at a time.
const PIECE: usize = 32 << 10;

const CUT: &str = "it ends too soon";
const DATA: &str = "what it packs cannot be unpacked";

/// Where in a member the next byte lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Data,
    Tail,
}

/// A file of gzip on its way in.
#[derive(Debug)]
pub(super) struct Gunzip {
    part: Part,
    /// The beginning of a head or a tail whose end has not come yet.
    held: Vec<u8>,
    inflate: Decompress,
    piece: Vec<u8>,
    crc: Crc,
    /// Bytes that came out of the member, less what 32 bits do not hold.
    length: u32,
}

impl Gunzip {
    /// Nothing read yet.
    pub(super) fn new() -> Gunzip {
        Gunzip {
            part: Part::Head,
            held: Vec::new(),
            inflate: Decompress::new(false),
            piece: vec![0; PIECE],
            crc: Crc::new(),
            length: 0,
        }
    }

    /// Takes the next bytes, and hands on what they unpack to.
    ///
    /// # Errors
    /// Why the file is damaged, or what `take` said. What was unpacked before it was handed on.
    pub(super) fn push<E: From<&'static str>>(
        &mut self,
        mut bytes: &[u8],
        take: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while !bytes.is_empty() {
            bytes = match self.part {
                Part::Head => self.head(bytes)?,
                Part::Data => self.data(bytes, take)?,
                Part::Tail => self.tail(bytes)?,
            };
        }
        Ok(())
    }

    /// Says whether the file may end here.
    pub(super) fn finish(&self) -> Result<(), &'static str> {
        match self.part {
            Part::Head if self.held.is_empty() => Ok(()),
            _ => Err(CUT),
        }
    }

    /// Takes of a head what is there, and gives back the rest.
    fn head<'bytes>(&mut self, bytes: &'bytes [u8]) -> Result<&'bytes [u8], &'static str> {
        let held = self.held.len();
        self.held.extend_from_slice(bytes);
        let Some(length) = head_length(&self.held)? else {
            return match self.held.len() {
                0..HEAD_MAX => Ok(&[]),
                _ => Err("its head does not end"),
            };
        };
        self.held.clear();
        self.inflate.reset(false);
        self.crc.begin();
        self.length = 0;
        self.part = Part::Data;
        Ok(bytes.get(length.saturating_sub(held)..).unwrap_or_default())
    }

    /// Unpacks, and gives back what lies behind the member's data.
    fn data<'bytes, E: From<&'static str>>(
        &mut self,
        mut bytes: &'bytes [u8],
        take: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<&'bytes [u8], E> {
        loop {
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let unpacked = self
                .inflate
                .decompress(bytes, &mut self.piece, FlushDecompress::None);
            let status = unpacked.map_err(|_| DATA)?;
            let read = (self.inflate.total_in() - read) as usize;
            let written = (self.inflate.total_out() - written) as usize;
            bytes = bytes.get(read..).unwrap_or_default();
            let piece = self.piece.get(..written).unwrap_or_default();
            self.crc.add(piece);
            self.length = self.length.wrapping_add(written as u32);
            take(piece)?;
            if status == Status::StreamEnd {
                self.part = Part::Tail;
                return Ok(bytes);
            }
            if bytes.is_empty() && written < PIECE {
                return Ok(bytes);
            }
            if (read, written) == (0, 0) {
                return Err(DATA.into());
            }
        }
    }

    /// Takes of a tail what is there, looks whether it fits, and gives back the rest.
    fn tail<'bytes>(&mut self, bytes: &'bytes [u8]) -> Result<&'bytes [u8], &'static str> {
        let (own, rest) = bytes.split_at(bytes.len().min(TAIL - self.held.len()));
        self.held.extend_from_slice(own);
        let Some((crc, length)) = self.held.split_first_chunk::<4>() else {
            return Ok(rest);
        };
        let Some(length) = length.first_chunk::<4>() else {
            return Ok(rest);
        };
        let right = u32::from_le_bytes(*crc) == self.crc.value()
            && u32::from_le_bytes(*length) == self.length;
        if !right {
            return Err("its check is not that of what it packs");
        }
        self.held.clear();
        self.part = Part::Head;
        Ok(rest)
    }
}

/// How long the head is that begins a member; none if its end has not come yet.
fn head_length(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    let known = bytes.iter().zip(MAGIC.iter().chain(&[8]));
    if known.into_iter().any(|(has, should)| has != should) {
        return Err("a member of it does not begin as one");
    }
    let Some(flags) = bytes.get(3).filter(|_| bytes.len() >= HEAD) else {
        return Ok(None);
    };
    let mut at = HEAD;
    if flags & 4 != 0 {
        let Some([low, high]) = bytes.get(at..at + 2) else {
            return Ok(None);
        };
        at += 2 + usize::from(u16::from_le_bytes([*low, *high]));
    }
    // A name and a comment, each with a zero behind it.
    for text in [8, 16] {
        if flags & text != 0 {
            let end = bytes
                .get(at..)
                .and_then(|rest| rest.iter().position(|it| *it == 0));
            let Some(end) = end else {
                return Ok(None);
            };
            at += end + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    Ok((at <= bytes.len()).then_some(at))
}

/// The check of a member: the cyclic redundancy check of 32 bits of RFC 1952. Its table is made when it is needed;
/// the sixteen of the usual library, which are for files of gigabytes, would be 16 KB of the page.
#[derive(Debug)]
struct Crc {
    table: [u32; 256],
    register: u32,
}

impl Crc {
    fn new() -> Crc {
        let mut table = [0; 256];
        for (byte, entry) in (0..).zip(&mut table) {
            *entry = (0..8).fold(byte, |sum: u32, _| {
                (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 }
            });
        }
        Crc {
            table,
            register: u32::MAX,
        }
    }

    fn begin(&mut self) {
        self.register = u32::MAX;
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let [low, ..] = self.register.to_le_bytes();
            self.register = self.table[usize::from(low ^ byte)] ^ (self.register >> 8);
        }
    }

    fn value(&self) -> u32 {
        !self.register
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::{Crc, Gunzip};

    /// A member with all that its head may have.
    fn member(text: &[u8]) -> Vec<u8> {
        let head = GzBuilder::new()
            .extra([1, 2, 0, 4])
            .filename("a")
            .comment("b");
        let mut encoder = head.write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8], piece: usize) -> Result<Vec<u8>, &'static str> {
        let mut gunzip = Gunzip::new();
        let mut out = Vec::new();
        for bytes in bytes.chunks(piece) {
            gunzip.push(bytes, &mut |it| {
                out.extend_from_slice(it);
                Ok::<_, &'static str>(())
            })?;
        }
        gunzip.finish().map(|()| out)
    }

    #[test]
    fn members_with_any_head_come_out_one_behind_the_other_however_they_are_cut() {
        let long: Vec<u8> = (0..200_000_u32)
            .map(|it| (it.wrapping_mul(it) >> 7) as u8)
            .collect();
        let bytes = [member(&long), member(b""), member(b"end")].concat();
        let whole = [&long[..], b"end"].concat();
        for piece in [1, 7, 4096, bytes.len()] {
            assert!(unpacked(&bytes, piece).unwrap() == whole, "{piece}");
        }
    }

    #[test]
    fn an_end_anywhere_but_behind_a_member_is_told() {
        let bytes = member(b"some text");
        for length in 1..bytes.len() {
            assert_eq!(
                unpacked(&bytes[..length], 64).unwrap_err(),
                "it ends too soon"
            );
        }
        let more = [&bytes[..], b"x"].concat();
        assert!(
            unpacked(&more, 64)
                .unwrap_err()
                .contains("does not begin as one")
        );
    }

    #[test]
    fn what_came_out_is_checked() {
        let mut bytes = member(b"some text");
        let check = bytes.len() - 8;
        bytes[check] ^= 1;
        assert!(unpacked(&bytes, 64).unwrap_err().contains("its check"));
        bytes[check] ^= 1;
        bytes[check + 4] ^= 1;
        assert!(unpacked(&bytes, 64).unwrap_err().contains("its check"));
    }

    #[test]
    fn the_check_is_the_one_that_is_published() {
        let mut crc = Crc::new();
        crc.add(b"123456789");
        assert_eq!(crc.value(), 0xCBF4_3926);
    }
}
