use exo_prelude::*;

/// Replaying: what was once worth something is presented again after it has ended.
///
/// The neighbour lends a page and revokes that when it lends anew. The attacker keeps the old number,
/// and derives from it, maps by it and revokes it; it gives frames and blocks back and uses their
/// names and capabilities as if they were still its own. Nothing that it presents is made up: every
/// number was right once. What stops it is that the kernel counts how often a name was given out
/// (`Stale`), looks at who owns a frame each time one is bound (`NoAuthority`), and breaks the
/// bindings that rested on a capability before the call that ends it returns.
pub struct Replayer {
    /// The number that the neighbour has lent, and the one before, which has ended.
    lent: Option<Capability>,
    ended: Option<Capability>,
    /// Ended names that were believed.
    believed: u64,
    /// The frame for what its application stores.
    own: Option<Frame>,
}

/// The neighbour that lends.
const NEIGHBOUR: u32 = 0;

impl Replayer {
    /// Nothing was lent yet.
    pub const fn new() -> Replayer {
        Replayer {
            lent: None,
            ended: None,
            believed: 0,
            own: None,
        }
    }

    /// Borrows once more, which ends what was borrowed before.
    fn borrow_key(&mut self, sys: &mut Sys) -> Result<Capability, SysError> {
        let answer = sys.transfer_sync(Environment::new(NEIGHBOUR), 0, 0, 0, 0)?;
        let key = Capability::new(answer.first);
        self.ended = self.lent;
        self.lent = Some(key);
        Ok(key)
    }

    fn count(&mut self, believed: bool) {
        if believed {
            self.believed += 1;
        }
    }

    /// Uses the neighbour's page by the number that was revoked.
    fn replay_loan(&mut self, sys: &mut Sys, page: u32) {
        if let Some(ended) = self.ended {
            self.count(sys.tlb_write_shared(page, ended, Access::Read).is_ok());
            self.count(sys.derive(ended, Access::Read).is_ok());
            self.count(sys.revoke(ended).is_ok());
        }
    }

    /// Gives a frame back, and goes on using it.
    fn replay_frame(&mut self, sys: &mut Sys, page: u32) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        let key = sys.capability(frame, Access::ReadWrite)?;
        sys.free(frame)?;
        self.count(sys.tlb_write(page, frame, Access::ReadWrite).is_ok());
        self.count(sys.tlb_write_shared(page, key, Access::Read).is_ok());
        self.count(sys.capability(frame, Access::Read).is_ok());
        self.count(sys.free(frame).is_ok());
        Ok(())
    }

    /// Gives a block of the disk back, and goes on using it.
    fn replay_block(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        let extent = sys.extent_allocate(1)?;
        let frame = sys.allocate()?;
        sys.extent_free(extent)?;
        self.count(sys.disk_read(extent, 0, frame).is_ok());
        self.count(sys.disk_write(extent, 0, frame).is_ok());
        self.count(sys.extent_free(extent).is_ok());
        sys.free(frame)
    }
}

impl LibOs for Replayer {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let key = self.borrow_key(sys)?;
        self.replay_loan(sys, fault.page);
        self.replay_frame(sys, fault.page)?;
        self.replay_block(sys)?;
        if fault.access == Access::Read {
            return sys.tlb_write_shared(fault.page, key, Access::Read);
        }
        // Lent for reading only: what is stored goes to a frame of its own, the same for every page.
        let own = match self.own {
            Some(frame) => frame,
            None => sys.allocate()?,
        };
        self.own = Some(own);
        sys.tlb_write(fault.page, own, Access::ReadWrite)
    }
}
