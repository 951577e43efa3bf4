/// The page table, as a sorted vector searched by halves (A51): what the first exokernel's library
/// operating system had.
///
/// `page[slot]` lies in `frame[slot]`, and the first `used` slots have a frame. `sorted` lists the
/// `count` slots that hold a page, lowest page first. It is the smallest table there is, and finds
/// one page among 64 in six steps, wherever they lie; but entering or forgetting a page moves half of
/// the vector, so it loses when there are hundreds of pages and they come and go.
pub struct Table {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    used: usize,
    sorted: [u16; FRAMES],
    count: usize,
}

/// The most frames this table keeps track of.
const FRAMES: usize = 4096;

impl Table {
    /// No frame, no page.
    pub const fn new() -> Table {
        Table {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            used: 0,
            sorted: [0; FRAMES],
            count: 0,
        }
    }

    /// Where in `sorted` the first page is that is not below `page`.
    pub fn position(&self, page: u32) -> usize {
        let mut low = 0;
        let mut high = self.count;
        while low < high {
            let middle = (low + high) / 2;
            if self.page[self.sorted[middle] as usize] < page {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The slot that holds `page`, if one does.
    pub fn find(&self, page: u32) -> Option<usize> {
        let at = self.position(page);
        if at == self.count {
            return None;
        }
        let slot = self.sorted[at] as usize;
        if self.page[slot] == page {
            Some(slot)
        } else {
            None
        }
    }

    /// Where a walk through pages in order begins, at `page` or behind it.
    pub fn walk(&self, page: u32) -> usize {
        self.position(page)
    }

    /// The slot that holds `page`, if one does, at place `at` of a walk; one that is found is a place
    /// behind the last. The vector is in order, so a run of pages is searched once.
    pub fn walked(&self, at: usize, page: u32) -> Option<usize> {
        if at == self.count {
            return None;
        }
        let slot = self.sorted[at] as usize;
        if self.page[slot] == page {
            Some(slot)
        } else {
            None
        }
    }

    /// A slot for a new frame.
    pub fn grow(&mut self, frame: Frame) -> usize {
        let slot = self.used;
        self.frame[slot] = frame;
        self.used += 1;
        slot
    }

    /// Enters `page`: every page above it moves up.
    pub fn record(&mut self, slot: usize, page: u32) {
        let at = self.position(page);
        let mut from = self.count;
        while from > at {
            self.sorted[from] = self.sorted[from - 1];
            from -= 1;
        }
        self.page[slot] = page;
        self.sorted[at] = slot as u16;
        self.count += 1;
    }

    /// Takes the page in `slot` out: every page above it moves down.
    pub fn forget(&mut self, slot: usize) {
        self.count -= 1;
        for at in self.position(self.page[slot])..self.count {
            self.sorted[at] = self.sorted[at + 1];
        }
    }

    /// The slot that has `frame`, if one does.
    pub fn slot_of(&self, frame: Frame) -> Option<usize> {
        for slot in 0..self.used {
            if self.frame[slot] == frame {
                return Some(slot);
            }
        }
        None
    }

    /// Takes a slot out whose frame is another's now: the last slot moves into its place. Gives the
    /// number that the last one had.
    pub fn shrink(&mut self, slot: usize) -> usize {
        let last = self.used - 1;
        self.forget(slot);
        if slot != last {
            let page = self.page[last];
            self.forget(last);
            self.frame[slot] = self.frame[last];
            self.record(slot, page);
        }
        self.frame[last] = Frame::new(0);
        self.used = last;
        last
    }

    /// Gives the frame of a slot back to the kernel, and takes the slot out as `shrink` does. The
    /// kernel may have taken the frame by force just now, which comes to the same.
    pub fn give_back(&mut self, sys: &mut Sys, slot: usize) -> Result<usize, SysError> {
        let frame = self.frame[slot];
        let last = self.shrink(slot);
        match sys.free(frame) {
            Ok(()) | Err(SysError::NoAuthority) => Ok(last),
            Err(reason) => Err(reason),
        }
    }
}
