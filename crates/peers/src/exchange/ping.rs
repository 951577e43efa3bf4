//! Echo requests, and the replies to them.

use exo_net::frames;

use super::echo::contents;
use super::{Protocol, Reply, Requests};

/// Echo requests of one size, with numbers that wrap around at 65,536.
#[derive(Clone, Copy, Debug)]
pub struct Ping {
    /// Tells its requests from those of others.
    pub identifier: u16,
    /// Bytes that each request carries.
    pub size: u16,
    /// What the bytes follow from.
    pub seed: u64,
}

impl Protocol for Ping {
    fn request(&self, number: u64) -> Vec<u8> {
        let carried = contents(self.seed, number, self.size);
        frames::icmp(8, self.identifier, number as u16, &carried)
    }

    fn reply(&self, datagram: &[u8], requests: &Requests) -> Reply {
        let [0, _, _, _, a, b, c, d, carried @ ..] = datagram else {
            return Reply::Other;
        };
        if u16::from_be_bytes([*a, *b]) != self.identifier {
            return Reply::Other;
        }
        let number = u64::from(u16::from_be_bytes([*c, *d]));
        // The last one that was sent with these sixteen bits.
        let Some(behind) = requests.sent().checked_sub(number + 1) else {
            return Reply::Wrong;
        };
        let number = number + (behind & !0xffff);
        if contents(self.seed, number, self.size) != carried {
            return Reply::Wrong;
        }
        requests.reply_to(number, carried.to_vec())
    }
}
