//! Bytes as letters that an address may hold: base64url without padding (RFC 4648, section 5).

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Four letters for three bytes; of what is left over, as many as it needs.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut letters = String::new();
    for part in bytes.chunks(3) {
        let mut word = part
            .iter()
            .fold(0, |word, byte| word << 8 | u32::from(*byte));
        word <<= 8 * (3 - part.len());
        for place in 0..=part.len() {
            let six = word >> (18 - 6 * place) & 63;
            letters.push(char::from(LETTERS[six as usize]));
        }
    }
    letters
}

/// The bytes; none if these are no letters of any bytes.
pub(super) fn decode(letters: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for part in letters.as_bytes().chunks(4) {
        let mut word = 0;
        for letter in part {
            word = word << 6 | LETTERS.iter().position(|it| it == letter)? as u32;
        }
        word <<= 6 * (4 - part.len());
        let own = part.len().checked_sub(1).filter(|own| *own > 0)?;
        let [_, all @ ..] = word.to_be_bytes();
        let (own, over) = all.split_at(own);
        if over.iter().any(|it| *it != 0) {
            return None;
        }
        bytes.extend(own);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{decode, encode};

    #[test]
    fn bytes_are_written_and_read_as_the_usual_library_does() {
        let bytes: Vec<u8> = (0..600_u32).map(|it| ((it * 167) >> 3) as u8).collect();
        for length in (0..20).chain([598, 599, 600]) {
            let letters = encode(&bytes[..length]);
            assert_eq!(letters, URL_SAFE_NO_PAD.encode(&bytes[..length]));
            assert_eq!(decode(&letters).unwrap(), bytes[..length]);
        }
    }

    #[test]
    fn what_is_refused_is_what_the_usual_library_refuses() {
        let parts = ["", "A", "Q", "-", "_", "+", "=", "é", "AAA"];
        for (one, two, three) in parts.iter().flat_map(|one| {
            let pairs = parts.iter().flat_map(|two| parts.map(|three| (two, three)));
            pairs.map(move |(two, three)| (one, two, three))
        }) {
            let letters = format!("{one}{two}{three}");
            assert_eq!(
                decode(&letters),
                URL_SAFE_NO_PAD.decode(&letters).ok(),
                "{letters}"
            );
        }
    }
}
