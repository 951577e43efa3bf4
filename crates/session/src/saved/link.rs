//! Share links: `#v1.` and the base64url of the deflated text (reliability 6.3).
//!
//! The deflated bytes are in zlib's envelope, whose checksum finds damage.

use std::fmt;

use super::read::{Read, read};
use super::section::FileError;
use super::write::{Form, write};
use super::{SavedSession, letters};
use crate::zlib::{self, ZlibError};

/// Characters of a link, from `v1.` on.
pub const LINK_CHARS_MAX: usize = 32 << 10;
/// Bytes of the text within it.
pub const LINK_TEXT_BYTES_MAX: usize = 256 << 10;

/// How a link of this version begins.
const VERSION: &str = "v1.";

/// Why a link cannot be opened, or made. Nothing that was open before is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence of each is in its Display")]
pub enum LinkError {
    NoLink,
    Version { found: String },
    Long { chars: usize },
    Alphabet,
    Damaged,
    LongText,
    File(FileError),
    TooMuch { chars: usize },
}

impl LinkError {
    /// As [`FileError::lacks_part`].
    pub fn lacks_part(&self) -> bool {
        matches!(self, LinkError::File(error) if error.lacks_part())
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::NoLink => f.write_str("this is no link to a session: one has #v1. in it"),
            LinkError::Version { found } => {
                let number = found.strip_prefix('v').map(str::parse::<u64>);
                let made = match number {
                    Some(Ok(0 | 1)) => "no playground has",
                    _ => "a later playground has",
                };
                write!(
                    f,
                    "this link is of version {found:?}, which {made} made; this one opens v1"
                )
            }
            LinkError::Long { chars } => write!(
                f,
                "this link has {chars} characters, and a link has at most {LINK_CHARS_MAX}"
            ),
            LinkError::Alphabet => f.write_str(
                "this link has been damaged on its way: a character in it is none that links have, \
                 or its end is missing; copy it again from where it was made",
            ),
            LinkError::Damaged => f.write_str(
                "this link has been damaged on its way: what it packs cannot be unpacked; copy it \
                 again from where it was made",
            ),
            LinkError::LongText => write!(
                f,
                "what this link packs is longer than {} KiB, which no link is",
                LINK_TEXT_BYTES_MAX >> 10
            ),
            LinkError::File(error) => write!(f, "what this link packs cannot be read: {error}"),
            LinkError::TooMuch { chars } => write!(
                f,
                "this session is too large for a link ({chars} characters, at most \
                 {LINK_CHARS_MAX}); save it as a file"
            ),
        }
    }
}

impl std::error::Error for LinkError {}

/// Whether a text is meant as a link: an address with a fragment, or the fragment alone.
pub fn is_link(text: &str) -> bool {
    fragment(text).is_some()
}

/// The part of a link from its version on.
fn fragment(text: &str) -> Option<&str> {
    let text = text.trim();
    let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
    let (version, _) = fragment.split_once('.')?;
    let digits = version.strip_prefix('v')?;
    let numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numbered.then_some(fragment)
}

/// The fragment of a session's link, from `#` on. It holds the branch that runs, and no other.
///
/// # Errors
/// The session is too large for a link.
pub fn to_link(saved: &SavedSession) -> Result<String, LinkError> {
    let text = write(&saved.without_branches(), Form::Link);
    if text.len() > LINK_TEXT_BYTES_MAX {
        let chars = text.len();
        return Err(LinkError::TooMuch { chars });
    }
    let packed = zlib::pack(text.as_bytes()).ok_or(LinkError::Damaged)?;
    let encoded = letters::encode(&packed);
    let chars = VERSION.len() + encoded.len();
    if chars > LINK_CHARS_MAX {
        return Err(LinkError::TooMuch { chars });
    }
    Ok(format!("#{VERSION}{encoded}"))
}

/// Reads a link, from a whole address or from its fragment.
///
/// # Errors
/// A sentence; nothing has changed.
pub fn from_link(link: &str) -> Result<Read, LinkError> {
    let fragment = fragment(link).ok_or(LinkError::NoLink)?;
    let Some(encoded) = fragment.strip_prefix(VERSION) else {
        let found = fragment.split('.').next().unwrap_or_default();
        let found = found.chars().take(8).collect();
        return Err(LinkError::Version { found });
    };
    let chars = fragment.len();
    if chars > LINK_CHARS_MAX {
        return Err(LinkError::Long { chars });
    }
    let packed = letters::decode(encoded).ok_or(LinkError::Alphabet)?;
    let text = zlib::unpack(&packed, LINK_TEXT_BYTES_MAX).map_err(|error| match error {
        ZlibError::Long => LinkError::LongText,
        ZlibError::Damaged => LinkError::Damaged,
    })?;
    let text = String::from_utf8(text).map_err(|_| LinkError::Damaged)?;
    read(&text).map_err(LinkError::File)
}
