use exo_prelude::*;

/// A parent and its child: one program for both, as after any fork.
///
/// Environment 0 fills four pages and forks. From then on both see the same bytes, in the same frames,
/// until one of them stores: it alone sees the change. The child writes one page more than its parent
/// has written, reads all, and goes; its parent waits until nobody else refers to its last page. Each
/// checks every byte of its four pages. It needs two environments under the libOS `fork`.
pub struct Forking {
    wrong: u64,
}

/// The pages, and where they begin.
const PAGES: u32 = 4;
const FIRST: u32 = 0x100;
const PAGE_BYTES: u32 = 4096;
/// What the libOS is asked for.
const FORK: u32 = 1;
const BORROWED: u32 = 2;
const EXIT: u32 = 3;
const COUNT: u32 = 4;
/// Whose bytes a page holds.
const BEFORE: u32 = 1;
const PARENTS: u32 = 2;
const CHILDS: u32 = 3;

impl Forking {
    /// Nothing has been found wrong.
    pub const fn new() -> Forking {
        Forking { wrong: 0 }
    }

    /// The byte at `at` of a page that `whose` wrote.
    fn byte(page: u32, at: u32, whose: u32) -> u8 {
        (page * 31 + at * 7 + at / 256 + whose * 85) as u8
    }

    fn fill(mem: &mut Mem, page: u32, whose: u32) {
        for at in 0..PAGE_BYTES {
            mem.store_u8(
                (FIRST + page) * PAGE_BYTES + at,
                Forking::byte(page, at, whose),
            );
        }
    }

    fn check(&mut self, mem: &mut Mem, page: u32, whose: u32) {
        for at in 0..PAGE_BYTES {
            let found = mem.load_u8((FIRST + page) * PAGE_BYTES + at);
            if found != Forking::byte(page, at, whose) {
                self.wrong += 1;
            }
        }
    }

    /// Forks as soon as the child has said that it may.
    fn fork(mem: &mut Mem, sys: &mut Sys) -> Result<u64, SysError> {
        loop {
            match mem.request(FORK, 1, 0) {
                Err(SysError::NoAuthority) => sys.yield_slice(),
                answer => return answer,
            }
        }
    }

    /// Fills, forks, changes the first page, and waits for its child to be gone.
    fn parent(&mut self, mem: &mut Mem, sys: &mut Sys) -> Result<(), SysError> {
        for page in 0..PAGES {
            Forking::fill(mem, page, BEFORE);
        }
        let lent = Forking::fork(mem, sys)?;
        log!(
            "lent {}, {} refer to the last",
            lent,
            mem.request(COUNT, (FIRST + PAGES - 1) as u64, 0)?
        );
        Forking::fill(mem, 0, PARENTS);
        while mem.request(COUNT, (FIRST + PAGES - 1) as u64, 0)? > 1 {
            sys.yield_slice();
        }
        // Nobody else refers to it any more: it is stored to without a copy.
        Forking::fill(mem, PAGES - 1, PARENTS);
        self.check(mem, 0, PARENTS);
        self.check(mem, 1, BEFORE);
        self.check(mem, 2, BEFORE);
        self.check(mem, 3, PARENTS);
        log!("the parent found {} bytes wrong", self.wrong);
        Ok(())
    }

    /// Waits to be forked, changes the first two pages, and goes.
    fn child(&mut self, mem: &mut Mem, sys: &mut Sys) -> Result<(), SysError> {
        while mem.request(BORROWED, 0, 0)? < PAGES as u64 {
            sys.yield_slice();
        }
        for page in 0..PAGES {
            self.check(mem, page, BEFORE);
        }
        Forking::fill(mem, 0, CHILDS);
        Forking::fill(mem, 1, CHILDS);
        self.check(mem, 0, CHILDS);
        self.check(mem, 1, CHILDS);
        self.check(mem, 2, BEFORE);
        self.check(mem, 3, BEFORE);
        log!("the child found {} bytes wrong", self.wrong);
        log!("{} pages given up", mem.request(EXIT, 0, 0)?);
        Ok(())
    }
}

impl Application for Forking {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        let done = if sys.environment().number() == 0 {
            self.parent(mem, sys)
        } else {
            self.child(mem, sys)
        };
        if done.is_err() {
            log!("my libOS does not answer; I need the one called fork, in two environments");
        }
    }
}
