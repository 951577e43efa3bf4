use exo_prelude::*;

/// A mark-sweep garbage collector that works while its program goes on, by page protection.
///
/// It marks what the roots lead to, a few objects at a time, and in between the program allocates,
/// drops and moves pointers. A pointer moved from an object not yet looked at into one already done
/// would be lost. So the libOS `gc` watches the heap: the first store to a page faults and is noted.
/// When all is marked the program stops for a moment, and the collector looks again at marked
/// objects on written pages, and only there. The log says how many objects that found: without it
/// they would have been freed under the program's hands.
///
/// Objects that die while a collection is under way are freed by the next one. It checks itself: after each
/// collection nothing that is kept may lead to what was freed, and after a last one with the program
/// at rest, what is kept is exactly what can be reached.
///
/// It needs 19 frames and the libOS `gc`; another answers no such requests, and it says so.
pub struct Collector {
    seed: u32,
    marking: bool,
    waiting: u32,
    free: u32,
    rescued: u32,
    looked_again: u32,
}

/// What a sweep came to, in objects.
struct Swept {
    freed: u32,
    kept: u32,
}

/// The heap: objects of 32 bytes on 16 pages. An object has two links, a link for the free ones, and
/// its own address, which says that it is not free.
const HEAP: u32 = 0x0010_0000;
const FIRST_PAGE: u32 = 0x100;
const PAGES: u32 = 16;
const OBJECT_BYTES: u32 = 32;
const ON_A_PAGE: u32 = 4096 / OBJECT_BYTES;
const OBJECTS: u32 = PAGES * ON_A_PAGE;
const LEFT: u32 = 0;
const RIGHT: u32 = 4;
const NEXT_FREE: u32 = 8;
const OWN: u32 = 12;
/// A byte for each object: what the collector knows of it.
const COLOURS: u32 = 0x0020_0000;
const FREE: u8 = 0;
const WHITE: u8 = 1;
const MARKED: u8 = 2;
/// Marked objects whose links wait to be followed.
const STACK: u32 = 0x0021_0000;
/// Where the program's own pointers lie.
const ROOTS: u32 = 0x0022_0000;
const ROOT_COUNT: u32 = 32;
/// Requests of the libOS `gc`.
const WATCH: u32 = 1;
const WRITTEN: u32 = 2;

/// Where the colour of an object is kept.
fn colour_of(object: u32) -> u32 {
    COLOURS + (object - HEAP) / OBJECT_BYTES
}

/// A root's address.
fn root(number: u32) -> u32 {
    ROOTS + number % ROOT_COUNT * 4
}

/// The collector.
impl Collector {
    /// The heap is not made yet.
    pub const fn new() -> Collector {
        Collector {
            seed: 5,
            marking: false,
            waiting: 0,
            free: 0,
            rescued: 0,
            looked_again: 0,
        }
    }

    /// Marks an object, if it is one and not yet marked; its links wait.
    fn mark(&mut self, mem: &mut Mem, object: u32) {
        if object == 0 || mem.load_u8(colour_of(object)) == MARKED {
            return;
        }
        mem.store_u8(colour_of(object), MARKED);
        mem.store_u32(STACK + self.waiting * 4, object);
        self.waiting += 1;
    }

    /// Marks what an object links to.
    fn follow(&mut self, mem: &mut Mem, object: u32) {
        let left = mem.load_u32(object + LEFT);
        self.mark(mem, left);
        let right = mem.load_u32(object + RIGHT);
        self.mark(mem, right);
    }

    /// Follows the links of at most `most` objects that wait.
    fn trace(&mut self, mem: &mut Mem, most: u32) -> u32 {
        let mut followed = 0;
        while self.waiting > 0 && followed < most {
            self.waiting -= 1;
            let object = mem.load_u32(STACK + self.waiting * 4);
            self.follow(mem, object);
            followed += 1;
        }
        followed
    }

    fn mark_roots(&mut self, mem: &mut Mem) {
        for number in 0..ROOT_COUNT {
            let object = mem.load_u32(root(number));
            self.mark(mem, object);
        }
    }

    /// Marks all, with the program going on if it may; then, with the program at rest, looks again
    /// at the roots and at what was written.
    fn mark_all(&mut self, mem: &mut Mem, program_runs: bool) -> Result<(), SysError> {
        mem.request(WATCH, FIRST_PAGE as u64, PAGES as u64)?;
        self.marking = true;
        self.mark_roots(mem);
        while self.waiting > 0 {
            self.trace(mem, 4);
            if program_runs {
                self.change(mem);
            }
        }
        self.mark_roots(mem);
        self.trace(mem, OBJECTS);
        for page in 0..PAGES {
            if mem.request(WRITTEN, (FIRST_PAGE + page) as u64, 0)? == 1 {
                self.look_again(mem, page);
            }
        }
        self.rescued += self.trace(mem, OBJECTS);
        self.marking = false;
        Ok(())
    }

    /// Follows the links of the marked objects of a page.
    fn look_again(&mut self, mem: &mut Mem, page: u32) {
        self.looked_again += 1;
        let first = HEAP + page * 4096;
        for number in 0..ON_A_PAGE {
            let object = first + number * OBJECT_BYTES;
            if mem.load_u8(colour_of(object)) == MARKED {
                self.follow(mem, object);
            }
        }
    }

    /// Frees what is not marked, and checks what is kept.
    fn sweep(&mut self, mem: &mut Mem) -> Swept {
        let mut swept = Swept { freed: 0, kept: 0 };
        for number in 0..OBJECTS {
            let object = HEAP + number * OBJECT_BYTES;
            let colour = mem.load_u8(colour_of(object));
            if colour == WHITE {
                self.release(mem, object);
                swept.freed += 1;
            } else if colour == MARKED {
                mem.store_u8(colour_of(object), WHITE);
                swept.kept += 1;
            }
        }
        Collector::check(mem);
        swept
    }

    /// Stops the program if an object that is kept leads to one that was freed.
    fn check(mem: &mut Mem) {
        for number in 0..OBJECTS {
            let object = HEAP + number * OBJECT_BYTES;
            if mem.load_u32(object + OWN) == object {
                let left = mem.load_u32(object + LEFT);
                assert!(left == 0 || mem.load_u32(left + OWN) == left);
                let right = mem.load_u32(object + RIGHT);
                assert!(right == 0 || mem.load_u32(right + OWN) == right);
            }
        }
    }

    /// Puts an object at the head of the free ones.
    fn release(&mut self, mem: &mut Mem, object: u32) {
        mem.store_u8(colour_of(object), FREE);
        mem.store_u32(object + OWN, 0);
        mem.store_u32(object + NEXT_FREE, self.free);
        self.free = object;
    }
}

/// The program.
impl Collector {
    /// The next number that looks like chance: the same every time.
    fn chance(&mut self) -> u32 {
        self.seed = self
            .seed
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        self.seed >> 10
    }

    /// A new object with these links; 0 if none is free. One made during a collection is marked, and
    /// its page was written.
    fn allocate(&mut self, mem: &mut Mem, left: u32, right: u32) -> u32 {
        let object = self.free;
        if object == 0 {
            return 0;
        }
        self.free = mem.load_u32(object + NEXT_FREE);
        mem.store_u32(object + LEFT, left);
        mem.store_u32(object + RIGHT, right);
        mem.store_u32(object + OWN, object);
        let colour = if self.marking { MARKED } else { WHITE };
        mem.store_u8(colour_of(object), colour);
        object
    }

    /// One change to the program's data.
    fn change(&mut self, mem: &mut Mem) {
        let one = root(self.chance());
        let other = root(self.chance());
        let first = mem.load_u32(one);
        let second = mem.load_u32(other);
        match self.chance() % 16 {
            0..=9 => {
                let right = match self.chance() % 4 {
                    0 => second,
                    _ => 0,
                };
                let object = self.allocate(mem, first, right);
                if object != 0 {
                    mem.store_u32(one, object);
                }
            }
            10 => mem.store_u32(one, 0),
            11 | 12 if first != 0 => mem.store_u32(one, mem.load_u32(first + LEFT)),
            // A pointer moves from one object to another, and is gone where it was.
            13..=15 if first != 0 && second != 0 => {
                let moved = mem.load_u32(first + LEFT);
                mem.store_u32(first + LEFT, 0);
                mem.store_u32(second + RIGHT, moved);
            }
            _ => {}
        }
    }

    fn run(&mut self, mem: &mut Mem) -> Result<(), SysError> {
        for number in 0..OBJECTS {
            self.release(mem, HEAP + number * OBJECT_BYTES);
        }
        for round in 1..7 {
            for _ in 0..700 {
                self.change(mem);
            }
            self.mark_all(mem, true)?;
            let swept = self.sweep(mem);
            log!(
                "collection {}: {} freed, {} kept",
                round,
                swept.freed,
                swept.kept
            );
        }
        log!(
            "{} written pages were looked at again, and led to {} objects",
            self.looked_again,
            self.rescued
        );
        self.mark_all(mem, false)?;
        let swept = self.sweep(mem);
        log!("at rest: {} freed, {} kept", swept.freed, swept.kept);
        Ok(())
    }
}

impl Application for Collector {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        match self.run(mem) {
            Ok(()) => {}
            Err(_) => log!("my libOS does not answer; I need the one called gc"),
        }
    }
}
