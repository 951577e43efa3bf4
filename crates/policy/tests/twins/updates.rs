//! Structs whose other fields come from `..base`.

use exo_prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Free,
    Used,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    page: u32,
    kind: Kind,
    stamp: Option<u64>,
}

struct Loose {
    n: u32,
    rows: [u32; 3],
}

/// Keeps four of them.
pub struct Updates {
    entries: [Entry; 4],
}

fn show(sys: &mut Sys, value: u64) -> Result<(), SysError> {
    sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), Access::Read)
}

/// Built from another one, when the policy is compiled.
const EARLIER: Entry = Entry {
    page: 1,
    kind: Kind::Used,
    stamp: Some(5),
};
const BEGINNING: Entry = Entry { page: 3, ..EARLIER };

impl Updates {
    /// Nothing yet.
    pub const fn new() -> Updates {
        Updates {
            entries: [EARLIER; 4],
        }
    }

    fn updates(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        let first = Entry {
            page: x,
            kind: Kind::Used,
            stamp: Some(7),
        };
        let second = Entry {
            stamp: None,
            ..first
        };
        let third = Entry {
            page: second.page + 1,
            ..self.entries[(x as usize + 1) % 4]
        };
        let whole = Entry { ..third };
        show(sys, first.age(9) + second.age(9) + whole.page as u64)?;
        self.entries[x as usize % 4] = Entry {
            kind: Kind::Used,
            ..BEGINNING
        };
        self.entries[x as usize % 4].turn_from(first);
        let loose = Loose { n: x, rows: [x; 3] };
        let more = Loose { n: 9, ..loose };
        show(
            sys,
            more.rows[1] as u64 + loose.n as u64 + self.entries[x as usize % 4].page as u64,
        )?;
        // An index out of bounds stops it at the place that is looked up.
        let far = Entry {
            page: 1,
            ..self.entries[x as usize % 5]
        };
        show(sys, far.age(100))
    }
}

impl Entry {
    fn age(&self, now: u64) -> u64 {
        match self.stamp {
            Some(stamp) => now - stamp,
            None => (self.kind == Kind::Free) as u64,
        }
    }

    fn turn_from(&mut self, other: Entry) {
        *self = Entry {
            page: other.page * 2,
            ..*self
        };
    }
}

impl LibOs for Updates {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.updates(sys, fault.address)
    }
}
