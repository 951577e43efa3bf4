use exo_prelude::*;

/// For a garbage collector: it tells which pages were written since the collector began.
///
/// A collector that works while its program goes on must learn what the program changed behind its
/// back. Watched pages are mapped for reading only; the first store to one faults, the page is noted
/// as written and opened, and later stores are free. At the end the collector asks for each page,
/// which is a procedure call, and looks again at the written ones alone. It wins for programs that
/// write few of their pages while they are watched. It loses when they write all of them: each then
/// costs a fault, and the collector must look at everything again.
///
/// The requests: 1 watches pages from now on (the first page and how many), 2 asks whether a page
/// was written since.
///
/// There is no replacement: it gives up when memory is full, as `demand-zero` does.
pub struct Gc {
    table: Table,
    written: [bool; FRAMES],
}

/// What an application can ask for.
const WATCH: u32 = 1;
const WRITTEN: u32 = 2;

impl Gc {
    /// Nothing is loaded yet.
    pub const fn new() -> Gc {
        Gc {
            table: Table::new(),
            written: [false; FRAMES],
        }
    }

    /// A slot with a new frame for `page`, not yet written.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        if self.table.used == FRAMES {
            return Err(SysError::Limit);
        }
        let slot = self.table.grow(sys.allocate()?);
        self.table.record(slot, page);
        self.written[slot] = false;
        Ok(slot)
    }

    /// Takes the right to store to these pages away. Gives how many of them are loaded.
    fn watch(&mut self, sys: &mut Sys, first: u64, count: u64) -> Result<u64, SysError> {
        let mut watched = 0;
        for page in first..first.wrapping_add(count) {
            if let Some(slot) = self.table.find(page as u32) {
                self.written[slot] = false;
                sys.tlb_write(page as u32, self.table.frame[slot], Access::Read)?;
                watched += 1;
            }
        }
        Ok(watched)
    }
}

impl LibOs for Gc {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let slot = match self.table.find(fault.page) {
            Some(slot) => slot, // watched, or the TLB had lost it
            None => self.load(sys, fault.page)?,
        };
        if fault.access == Access::ReadWrite {
            self.written[slot] = true;
        }
        let access = if self.written[slot] {
            Access::ReadWrite
        } else {
            Access::Read
        };
        sys.tlb_write(fault.page, self.table.frame[slot], access)
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
            WATCH => self.watch(sys, first, second),
            WRITTEN => match self.table.find(first as u32) {
                Some(slot) => Ok(self.written[slot] as u64),
                None => Ok(0),
            },
            _ => Err(SysError::NoSuchRequest),
        }
    }
}
