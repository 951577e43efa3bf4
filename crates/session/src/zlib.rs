//! Bytes in zlib's envelope (RFC 1950), whole in memory: links, and the trace that comes along.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Why nothing was unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZlibError {
    /// It is not what was packed, or more than that.
    Damaged,
    /// It would be more than it may.
    Long,
}

/// Packs, as small as can be.
pub(crate) fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut compress = Compress::new(Compression::best(), true);
    // What cannot be made smaller takes some bytes more in every 16 KiB.
    let mut packed = Vec::with_capacity(bytes.len() + bytes.len() / 1000 + 64);
    let status = compress.compress_vec(bytes, &mut packed, FlushCompress::Finish);
    matches!(status, Ok(Status::StreamEnd)).then_some(packed)
}

/// Unpacks to at most so many bytes.
pub(crate) fn unpack(packed: &[u8], bytes_max: usize) -> Result<Vec<u8>, ZlibError> {
    let mut decompress = Decompress::new(true);
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        bytes.reserve_exact((before + packed.len() * 4).min(bytes_max + 1 - before));
        let read = usize::try_from(decompress.total_in()).unwrap_or(usize::MAX);
        let rest = packed.get(read..).unwrap_or_default();
        let status = decompress.decompress_vec(rest, &mut bytes, FlushDecompress::None);
        let status = status.map_err(|_| ZlibError::Damaged)?;
        if bytes.len() > bytes_max {
            return Err(ZlibError::Long);
        }
        if status == Status::StreamEnd {
            let whole = decompress.total_in() == packed.len() as u64;
            return if whole {
                Ok(bytes)
            } else {
                Err(ZlibError::Damaged)
            };
        }
        if bytes.len() == before {
            return Err(ZlibError::Damaged);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ZlibError, pack, unpack};

    #[test]
    fn what_was_packed_is_unpacked_up_to_the_limit() {
        let noise: Vec<u8> = (0..100_000_u64)
            .map(|it| (it.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8)
            .collect();
        for bytes in [&noise[..], &[7; 100_000], b""] {
            let packed = pack(bytes).unwrap();
            assert_eq!(unpack(&packed, bytes.len()).unwrap(), bytes);
            assert_eq!(unpack(&packed, bytes.len() + 9).unwrap(), bytes);
            if let Some(less) = bytes.len().checked_sub(1) {
                assert_eq!(unpack(&packed, less), Err(ZlibError::Long));
            }
        }
    }

    #[test]
    fn an_end_that_is_missing_and_one_too_many_are_damage() {
        let packed = pack(b"some text").unwrap();
        for length in 0..packed.len() {
            assert_eq!(unpack(&packed[..length], 99), Err(ZlibError::Damaged));
        }
        let more = [&packed[..], b"x"].concat();
        assert_eq!(unpack(&more, 99), Err(ZlibError::Damaged));
    }
}
