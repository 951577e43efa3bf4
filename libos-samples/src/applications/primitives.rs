use exo_prelude::*;

/// The primitives of Appel and Li: what a program pays to protect its pages and to take the faults.
///
/// The names are those of the exokernel paper (tables 10 and 13), the figures are cycles of this
/// machine. `dirty` asks whether a page was written. `prot1` closes a page to stores, `prot100`
/// closes a hundred in one request, `unprot100` opens them again. `trap` is a fault alone: the
/// handler is entered and returns. `appel1` stores to a closed page while the handler closes
/// another and opens this one. `appel2` closes a hundred, stores to each once in another order, and
/// the handler opens it; both figures are for one page, and come from the others: `appel1` is a trap
/// and two changes of protection, `appel2` a hundredth of `prot100`, a trap and one change. The
/// handler makes its changes as the requests do, each by the number of the page.
///
/// What a loop costs without the operation is taken off. It needs 100 frames and the libOS
/// `protect`; another answers no such requests, and the program says so.
pub struct Primitives {
    seed: u32,
}

/// The pages, and where they begin.
const PAGES: u32 = 100;
const FIRST: u32 = 0x100;
/// What the libOS `protect` is asked for, and what its handler can be told.
const WRITTEN: u32 = 1;
const CLOSE: u32 = 2;
const OPEN: u32 = 3;
const HANDLER: u32 = 4;
const OPEN_IT: u64 = 0;
const LOOK_FIRST: u64 = 1;
const CLOSE_THE_OTHER: u64 = 2;

/// Stores to a page.
fn touch(mem: &mut Mem, page: u32) {
    mem.store_u32(page << 12, 1);
}

impl Primitives {
    /// Nothing is measured yet.
    pub const fn new() -> Primitives {
        Primitives { seed: 10 }
    }

    /// Sends one request for each page; gives the cycles.
    fn each(mem: &mut Mem, sys: &mut Sys, request: u32) -> Result<u64, SysError> {
        let start = sys.cycles();
        for page in FIRST..FIRST + PAGES {
            mem.request(request, page as u64, 1)?;
        }
        Ok(sys.cycles() - start)
    }

    /// Sends one request for all pages; gives the cycles.
    fn all(mem: &mut Mem, sys: &mut Sys, request: u32) -> Result<u64, SysError> {
        let start = sys.cycles();
        mem.request(request, FIRST as u64, PAGES as u64)?;
        Ok(sys.cycles() - start)
    }

    /// Stores to each page once, in an order that is not theirs; gives the cycles.
    fn touch_each(mem: &mut Mem, sys: &mut Sys) -> u64 {
        let start = sys.cycles();
        for turn in 0..PAGES {
            touch(mem, FIRST + (turn * 37 + 11) % PAGES);
        }
        sys.cycles() - start
    }

    /// Stores to a hundred pages that look like chance, never the same twice running; gives the
    /// cycles.
    fn touch_any(&mut self, mem: &mut Mem, sys: &mut Sys) -> u64 {
        self.seed = 10;
        let mut page = 0;
        let start = sys.cycles();
        for _ in 0..PAGES {
            self.seed = self
                .seed
                .wrapping_mul(1_664_525)
                .wrapping_add(1_013_904_223);
            page = (page + 1 + (self.seed >> 16) % (PAGES - 1)) % PAGES;
            touch(mem, FIRST + page);
        }
        sys.cycles() - start
    }

    /// Closes all pages, tells the handler what to do, and stores to each; gives the cycles of the
    /// stores alone.
    fn faults(mem: &mut Mem, sys: &mut Sys, handler: u64) -> Result<u64, SysError> {
        Primitives::all(mem, sys, CLOSE)?;
        mem.request(HANDLER, handler, 0)?;
        Ok(Primitives::touch_each(mem, sys))
    }

    /// Measures all and writes it to the log.
    fn measure(&mut self, mem: &mut Mem, sys: &mut Sys) -> Result<(), SysError> {
        let pages = PAGES as u64;
        let start = sys.cycles();
        let asking = sys.cycles() - start;
        let start = sys.cycles();
        for _ in FIRST..FIRST + PAGES {}
        let looping = sys.cycles() - start;
        for page in FIRST..FIRST + PAGES {
            touch(mem, page);
        }
        let dirty = Primitives::each(mem, sys, WRITTEN)? - looping;
        let prot1 = Primitives::each(mem, sys, CLOSE)? - looping;
        Primitives::each(mem, sys, OPEN)?;
        log!("dirty {}, prot1 {}", dirty / pages, prot1 / pages);
        let prot100 = Primitives::all(mem, sys, CLOSE)? - asking;
        let unprot100 = Primitives::all(mem, sys, OPEN)? - asking;
        log!("prot100 {}, unprot100 {}", prot100, unprot100);

        let opened = Primitives::faults(mem, sys, OPEN_IT)?;
        let looked_at = Primitives::faults(mem, sys, LOOK_FIRST)?;
        log!("trap {}", (looked_at - opened) / pages);

        let any = self.touch_any(mem, sys);
        Primitives::all(mem, sys, CLOSE)?;
        mem.request(HANDLER, CLOSE_THE_OTHER, 0)?;
        let appel1 = self.touch_any(mem, sys) - any;
        Primitives::all(mem, sys, OPEN)?;
        // What was opened is bound again by the first store.
        Primitives::touch_each(mem, sys);
        let each = Primitives::touch_each(mem, sys);
        let closing = Primitives::all(mem, sys, CLOSE)? - asking;
        mem.request(HANDLER, OPEN_IT, 0)?;
        let appel2 = closing + Primitives::touch_each(mem, sys) - each;
        log!("appel1 {}, appel2 {}", appel1 / pages, appel2 / pages);
        Ok(())
    }
}

impl Application for Primitives {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        match self.measure(mem, sys) {
            Ok(()) => {}
            Err(_) => log!("my libOS does not answer; I need the one called protect"),
        }
    }
}
