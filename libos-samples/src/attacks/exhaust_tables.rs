use exo_prelude::*;

/// Exhausting tables: everything that can be asked for is asked for until there is no more.
///
/// At its first fault the attacker takes frames, blocks, capabilities and slices until each is
/// refused, and at each later one it tries again. Every table of the kernel has a limit, and an
/// environment a share of it that does not depend on who comes first: `Limit`, `BlockLimit`,
/// `CapabilityLimit`. What nobody has promised to anybody, free slices, it gets (`Taken` when there
/// are no more), and the others still come round once a turn; room for frames moves from one to
/// another only down to where both are equal. So the neighbour finds its own share when it comes for
/// it, later than the attacker.
pub struct Glutton {
    own: Option<Frame>,
    key: Capability,
    /// What it got.
    taken: u64,
}

/// Takes that are not expected to be granted in a row.
const MANY: u32 = 10_000;
/// Blocks taken at once.
const RUN: u32 = 16;

impl Glutton {
    /// Nothing taken yet.
    pub const fn new() -> Glutton {
        Glutton {
            own: None,
            key: Capability::new(0),
            taken: 0,
        }
    }

    fn frame(&mut self, sys: &mut Sys) -> Result<Frame, SysError> {
        if let Some(frame) = self.own {
            return Ok(frame);
        }
        let frame = sys.allocate()?;
        self.own = Some(frame);
        Ok(frame)
    }

    fn take_frames(&mut self, sys: &mut Sys) {
        for _ in 0..MANY {
            if sys.allocate().is_err() {
                return;
            }
            self.taken += 1;
        }
    }

    fn take_blocks(&mut self, sys: &mut Sys) {
        for _ in 0..MANY {
            if sys.extent_allocate(RUN).is_err() {
                return;
            }
            self.taken += 1;
        }
    }

    fn take_capabilities(&mut self, sys: &mut Sys, frame: Frame) {
        for _ in 0..MANY {
            match sys.capability(frame, Access::Read) {
                Ok(key) => self.key = key,
                Err(_) => return,
            }
            self.taken += 1;
        }
    }

    /// One capability derived from another takes a place in the table too.
    fn derive_capabilities(&mut self, sys: &mut Sys) {
        for _ in 0..MANY {
            if sys.derive(self.key, Access::Read).is_err() {
                return;
            }
            self.taken += 1;
        }
    }

    fn take_slices(&mut self, sys: &mut Sys) {
        for _ in 0..MANY {
            if sys.slice_allocate().is_err() {
                return;
            }
            self.taken += 1;
        }
    }
}

impl LibOs for Glutton {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = self.frame(sys)?;
        self.taken += sys.request_frames(MANY as usize) as u64;
        self.take_frames(sys);
        self.take_blocks(sys);
        self.take_capabilities(sys, frame);
        self.derive_capabilities(sys);
        self.take_slices(sys);
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
