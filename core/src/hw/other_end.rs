//! Who is at the other end of the link, as the network interface keeps it.

use alloc::sync::Arc;

use crate::wire::Wire;

/// Who is at the other end; nobody if there is none.
#[derive(Clone, Debug, Default)]
pub struct OtherEnd(pub Option<Arc<dyn Wire>>);

impl OtherEnd {
    /// Says what it is; 0 for nobody.
    pub fn identity(&self) -> u64 {
        self.0.as_ref().map_or(0, |wire| wire.identity())
    }
}

impl PartialEq for OtherEnd {
    fn eq(&self, other: &OtherEnd) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for OtherEnd {}
