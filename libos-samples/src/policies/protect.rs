use exo_prelude::*;

/// Protection on request: a page can be closed to stores, and a store to it comes to the handler.
///
/// Garbage collectors, shared virtual memory and checkpoints all live on four operations: close a
/// page, open it, take a fault on it, ask whether it was written. Appel and Li asked in 1991 how
/// dear they are, and a kernel for all charged a signal for each fault. Here the page table and the
/// handler belong to the program: asking is a procedure call and a look into the table, closing and
/// opening change the table and bind the page anew or drop a run of pages from the TLBs, in one
/// system call, and a fault is told at once. It wins for programs that want their faults. It loses, as in the exokernel paper,
/// when a hundred pages are closed at once: a kernel for all then works in its own table alone.
///
/// The requests: 1 asks whether a page was written, 2 closes pages, 3 opens them (the first page and
/// how many), 4 says what to do at the next stores to closed pages: 0 opens the page, 1 looks
/// once and returns first, 2 closes the page opened before and opens this one. What is done there
/// is done as a request for one page does it, which looks the page up by its number.
///
/// There is no replacement: it gives up when memory is full, as `demand-zero` does.
pub struct Protect {
    table: Table,
    closed: [bool; FRAMES],
    written: [bool; FRAMES],
    handler: u64,
    looked: bool,
    opened_before: u64,
}

/// Pages that have a number, and pages of one system call.
const SPACE: u64 = 4_294_967_296;
const RUN: u64 = 1024;
/// What an application can ask for.
const WRITTEN: u32 = 1;
const CLOSE: u32 = 2;
const OPEN: u32 = 3;
const HANDLER: u32 = 4;
/// What the handler can be told, beside opening the page.
const LOOK_FIRST: u64 = 1;
const CLOSE_THE_OTHER: u64 = 2;

impl Protect {
    /// Nothing is loaded, and what will be is open.
    pub const fn new() -> Protect {
        Protect {
            table: Table::new(),
            closed: [false; FRAMES],
            written: [false; FRAMES],
            handler: 0,
            looked: false,
            opened_before: SPACE,
        }
    }

    /// A slot with a new frame for `page`, open and not yet written.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        if self.table.used == FRAMES {
            return Err(SysError::Limit);
        }
        let slot = self.table.grow(sys.allocate()?);
        self.table.record(slot, page);
        self.closed[slot] = false;
        self.written[slot] = false;
        Ok(slot)
    }

    /// Maps the page in `slot` for as much as it may: stores only if it is open, and was written
    /// before, so that the first one is noticed.
    fn map(&mut self, sys: &mut Sys, slot: usize) -> Result<(), SysError> {
        let access = if self.closed[slot] || !self.written[slot] {
            Access::Read
        } else {
            Access::ReadWrite
        };
        sys.tlb_write(self.table.page[slot], self.table.frame[slot], access)
    }

    /// Closes or opens `count` pages from `first` on. Gives how many of them are loaded. Their bindings
    /// go first, so that the next access to each finds what the table says then.
    fn set_all(
        &mut self,
        sys: &mut Sys,
        first: u64,
        count: u64,
        closed: bool,
    ) -> Result<u64, SysError> {
        if first >= SPACE || count > SPACE - first {
            return Err(SysError::NoSuchPage);
        }
        let mut page = first;
        let end = first + count;
        let mut at = self.table.walk(page as u32);
        let mut changed = 0;
        while page < end {
            let run = if end - page < RUN { end - page } else { RUN };
            sys.tlb_drop_run(page as u32, run as u32)?;
            let behind = page + run;
            while page < behind {
                if let Some(slot) = self.table.walked(at, page as u32) {
                    self.closed[slot] = closed;
                    at += 1;
                    changed += 1;
                }
                page += 1;
            }
        }
        Ok(changed)
    }

    /// Closes or opens one page, if it is loaded, and binds it for what it may be used for now. Gives
    /// how many are loaded.
    fn set_one(&mut self, sys: &mut Sys, page: u64, closed: bool) -> Result<u64, SysError> {
        if page >= SPACE {
            return Err(SysError::NoSuchPage);
        }
        match self.table.find(page as u32) {
            Some(slot) => {
                self.closed[slot] = closed;
                self.map(sys, slot)?;
                Ok(1)
            }
            None => Ok(0),
        }
    }

    /// A store met a closed page: does what the application asked for.
    fn stored_to_closed(&mut self, sys: &mut Sys, page: u64) -> Result<(), SysError> {
        if self.handler == LOOK_FIRST {
            self.looked = !self.looked;
            if self.looked {
                return Ok(());
            }
        }
        if self.handler == CLOSE_THE_OTHER && self.opened_before < SPACE {
            self.set_one(sys, self.opened_before, true)?;
        }
        self.opened_before = page;
        self.set_one(sys, page, false)?;
        Ok(())
    }
}

impl LibOs for Protect {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let slot = match self.table.find(fault.page) {
            Some(slot) => slot, // closed, not yet written, or the TLB had lost it
            None => self.load(sys, fault.page)?,
        };
        if fault.access == Access::ReadWrite {
            self.written[slot] = true;
            if self.closed[slot] {
                return self.stored_to_closed(sys, fault.page as u64);
            }
        }
        self.map(sys, slot)
    }

    /// Another policy loaded these pages, and may have mapped any of them for writing.
    fn adopted(&mut self, _sys: &mut Sys) {
        for slot in 0..self.table.used {
            self.written[slot] = true;
        }
    }

    fn request(
        &mut self,
        sys: &mut Sys,
        request: u32,
        first: u64,
        second: u64,
    ) -> Result<u64, SysError> {
        match request {
            WRITTEN => match self.table.find(first as u32) {
                Some(slot) => Ok(self.written[slot] as u64),
                None => Ok(0),
            },
            CLOSE if second == 1 => self.set_one(sys, first, true),
            OPEN if second == 1 => self.set_one(sys, first, false),
            CLOSE => self.set_all(sys, first, second, true),
            OPEN => self.set_all(sys, first, second, false),
            HANDLER => {
                self.handler = first;
                self.looked = false;
                self.opened_before = SPACE;
                Ok(0)
            }
            _ => Err(SysError::NoSuchRequest),
        }
    }
}
