//! UDP datagrams of several sizes, which come back as they were.

use exo_core::rng::Rng;

use super::{Protocol, Reply, Requests};

/// How many of the last datagrams one that is too short to hold its number may answer.
const SHORT_MAX: u64 = 256;

/// The bytes of a datagram: its number, then what follows from the seed and the number and nothing else.
pub(super) fn contents(seed: u64, number: u64, size: u16) -> Vec<u8> {
    let mut rng = Rng::new(seed, number);
    let mut bytes = number.to_le_bytes().to_vec();
    while bytes.len() < usize::from(size) {
        bytes.extend(rng.next_u64().to_le_bytes());
    }
    bytes.truncate(size.into());
    bytes
}

/// Datagrams to a server that sends each back.
#[derive(Clone, Debug)]
pub struct Echo {
    /// Their sizes in bytes, again and again; never empty.
    pub sizes: Vec<u16>,
    /// What their bytes follow from.
    pub seed: u64,
}

impl Protocol for Echo {
    fn request(&self, number: u64) -> Vec<u8> {
        let sizes = self.sizes.len().max(1) as u64;
        let size = self.sizes.get((number % sizes) as usize);
        contents(self.seed, number, size.copied().unwrap_or(0))
    }

    fn reply(&self, datagram: &[u8], requests: &Requests) -> Reply {
        let sent = requests.sent();
        let candidates = match datagram.first_chunk() {
            Some(number) => match u64::from_le_bytes(*number) {
                number if number < sent => number..number + 1,
                _ => return Reply::Wrong,
            },
            // Too short to hold its number: it answers one of the last.
            None => sent.saturating_sub(SHORT_MAX)..sent,
        };
        let fits = |it: &u64| self.request(*it) == datagram;
        let repeated = |it: &u64| requests.reply_to(*it, Vec::new()) == Reply::Repeated;
        let fitting: Vec<u64> = candidates.filter(fits).collect();
        match fitting.iter().find(|it| !repeated(it)).or(fitting.first()) {
            Some(number) => requests.reply_to(*number, datagram.to_vec()),
            None => Reply::Wrong,
        }
    }
}
