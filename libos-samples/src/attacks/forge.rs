use exo_prelude::*;

/// Forging: numbers that the kernel never made are presented until one is believed.
///
/// A capability is a number, and who has the number has the right; so the attacker takes two that it
/// has rightly, one of its own and one that its neighbour lends, turns over each bit in turn, and
/// makes up others altogether. It also asks the real ones for more than they allow. What stops it is
/// 32 bits of check that only the kernel can compute (`Forged`), and that rights can only become
/// fewer on the way (`NoAuthority`). A guess costs a system call, and is right once in four thousand
/// million.
pub struct Forger {
    /// A frame of its own, and a capability for reading it.
    own: Option<Frame>,
    key: Capability,
    /// What its neighbour has lent it.
    lent: Option<Capability>,
    /// Numbers that were believed.
    believed: u64,
}

/// Numbers made up at each fault.
const GUESSES: u32 = 64;
/// The neighbour that lends.
const NEIGHBOUR: u32 = 0;

impl Forger {
    /// Nothing in hand yet.
    pub const fn new() -> Forger {
        Forger {
            own: None,
            key: Capability::new(0),
            lent: None,
            believed: 0,
        }
    }

    /// The frame that its own application is served with.
    fn frame(&mut self, sys: &mut Sys) -> Result<Frame, SysError> {
        if let Some(frame) = self.own {
            return Ok(frame);
        }
        let frame = sys.allocate()?;
        self.key = sys.capability(frame, Access::Read)?;
        self.own = Some(frame);
        Ok(frame)
    }

    /// What the neighbour lends whoever asks.
    fn borrow_key(&mut self, sys: &mut Sys) -> Result<Capability, SysError> {
        if let Some(key) = self.lent {
            return Ok(key);
        }
        let answer = sys.transfer_sync(Environment::new(NEIGHBOUR), 0, 0, 0, 0)?;
        let key = Capability::new(answer.first);
        self.lent = Some(key);
        Ok(key)
    }

    /// Presents a number that was made up.
    fn present(&mut self, sys: &mut Sys, page: u32, number: u64) {
        if sys
            .tlb_write_shared(page, Capability::new(number), Access::Read)
            .is_ok()
        {
            self.believed += 1;
        }
    }

    /// Presents a number with one bit wrong, for each bit.
    fn turn_bits(&mut self, sys: &mut Sys, page: u32, number: u64) {
        for bit in 0u32..64 {
            self.present(sys, page, number ^ (1u64 << bit));
        }
    }

    /// Asks a real capability for reading to let it write.
    fn widen(&mut self, sys: &mut Sys, page: u32, key: Capability) {
        if sys.tlb_write_shared(page, key, Access::ReadWrite).is_ok() {
            self.believed += 1;
        }
        if sys.derive(key, Access::ReadWrite).is_ok() {
            self.believed += 1;
        }
    }
}

impl LibOs for Forger {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = self.frame(sys)?;
        let lent = self.borrow_key(sys)?;
        self.turn_bits(sys, fault.page, self.key.number());
        self.turn_bits(sys, fault.page, lent.number());
        for _ in 0..GUESSES {
            let guess = sys.random();
            self.present(sys, fault.page, guess);
        }
        self.widen(sys, fault.page, self.key);
        self.widen(sys, fault.page, lent);
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
