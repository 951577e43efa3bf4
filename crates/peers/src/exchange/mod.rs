//! Requests and replies of one datagram each: what they hold, when they are sent, and how they got on.

mod echo;
mod names;
mod pace;
mod ping;

pub use echo::Echo;
pub use names::Names;
pub use pace::{Pace, Requests};
pub use ping::Ping;

/// What requests and replies hold.
pub trait Protocol: Send {
    /// The contents of a request.
    fn request(&self, number: u64) -> Vec<u8>;

    /// What a datagram says of the requests.
    fn reply(&self, datagram: &[u8], requests: &Requests) -> Reply;
}

/// What a datagram says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It answers a request, with these contents.
    To(u64, Vec<u8>),
    /// It answers a request that waits no longer.
    Repeated,
    /// It is no right answer.
    Wrong,
    /// It is none of this client's affairs.
    Other,
}
