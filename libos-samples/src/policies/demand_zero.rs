use exo_prelude::*;

/// Demand zero: a page gets a zeroed frame at its first touch, and keeps it for good.
///
/// This is the smallest policy that remembers where it put each page. It wins when the program fits
/// into memory: nothing is ever chosen, dropped or brought in twice. When the frames are used up it
/// has nothing to offer: it writes to the log which page found no frame, and gives up. Every other
/// sample differs from this one in what it does at that very moment.
pub struct DemandZero {
    table: Table,
}

impl DemandZero {
    /// Nothing is loaded yet.
    pub const fn new() -> DemandZero {
        DemandZero {
            table: Table::new(),
        }
    }

    /// A new frame for `page`, or the reason why there is none.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<Frame, SysError> {
        if self.table.used == FRAMES {
            log!("no room to remember page {}", page);
            return Err(SysError::Limit);
        }
        let frame = match sys.allocate() {
            Ok(frame) => frame,
            Err(reason) => {
                let used = self.table.used as u32;
                log!(
                    "page {} finds all {} frames in use; I take none back",
                    page,
                    used
                );
                return Err(reason);
            }
        };
        let slot = self.table.grow(frame);
        self.table.record(slot, page);
        Ok(frame)
    }
}

impl LibOs for DemandZero {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.table.find(fault.page) {
            Some(slot) => self.table.frame[slot], // still loaded: only the TLB had lost it
            None => self.load(sys, fault.page)?,
        };
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
