//! Control flow, evaluation order, places and values: what a student may write, and more.

use exo_prelude::*;

const SIZE: usize = 8;
const LAST: u32 = u32::MAX;
const EMPTY: Entry = Entry {
    page: LAST,
    frame: Frame::new(0),
    kind: Kind::Free,
    stamp: None,
};

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Free,
    Clean,
    Dirty,
}

impl Kind {
    fn weight(self) -> u32 {
        match self {
            Kind::Free => 0,
            Kind::Clean => 10,
            Kind::Dirty => 20,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    page: u32,
    frame: Frame,
    kind: Kind,
    stamp: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
struct Point {
    x: u32,
    y: u32,
}

impl Point {
    fn sum(self) -> u32 {
        self.x + self.y
    }

    fn turned(self) -> Point {
        Point {
            x: self.y,
            y: self.x,
        }
    }
}

struct Ring {
    items: [u16; SIZE],
    head: usize,
    used: usize,
}

impl Ring {
    const EMPTY: Ring = Ring {
        items: [0; SIZE],
        head: 0,
        used: 0,
    };

    fn push(&mut self, item: u16) -> bool {
        if self.used == SIZE {
            return false;
        }
        self.items[(self.head + self.used) % self.items.len()] = item;
        self.used += 1;
        true
    }

    fn pop(&mut self) -> Option<u16> {
        if self.used == 0 {
            None
        } else {
            let item = self.items[self.head];
            self.head = (self.head + 1) % SIZE;
            self.used -= 1;
            Some(item)
        }
    }

    fn len(&self) -> usize {
        self.used
    }
}

/// Keeps a little of everything.
pub struct Control {
    count: u32,
    hand: usize,
    entries: [Entry; SIZE],
    grid: [[u8; 3]; 4],
    ring: Ring,
    last: Option<Frame>,
    signed: [i32; 4],
    flag: bool,
    point: Point,
}

const fn square(x: u32) -> u32 {
    let mut sum = 0;
    let mut i = 0;
    while i < x {
        sum += x;
        i += 1;
    }
    sum
}

const SQUARES: u32 = square(7);

fn show(sys: &mut Sys, value: u64) -> Result<(), SysError> {
    sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), Access::Read)
}

fn half(x: u32) -> Option<u32> {
    if x % 2 == 0 { Some(x / 2) } else { None }
}

fn quarter(x: u32) -> Option<u32> {
    let half_of = half(x)?;
    half(half_of)
}

fn refuse(x: u64) -> Result<u64, SysError> {
    match x % 5 {
        0 => Err(SysError::Limit),
        1 => Err(SysError::NoSuchPage),
        rest => Ok(rest),
    }
}

fn classify(x: i32) -> u32 {
    match x {
        i32::MIN..=-1 => 1,
        0 => 2,
        1 | 2 | 3 => 3,
        4..10 => 4,
        n if n % 2 == 0 => 5,
        100.. => 6,
        _ => 7,
    }
}

fn early(x: u32) -> u32 {
    let y = if x > 10 {
        return 1;
    } else {
        x * 2
    };
    let z: u32 = match y {
        0 => return 2,
        n => n + 1,
    };
    z + 100
}

impl Control {
    /// The first state.
    pub const fn new() -> Self {
        Control {
            count: SQUARES - 49,
            hand: 0,
            entries: [EMPTY; SIZE],
            grid: [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0; 3]],
            ring: Ring::EMPTY,
            last: None,
            signed: [-1, 0, i32::MAX, i32::MIN],
            flag: false,
            point: Point { x: 1, y: 2 },
        }
    }

    fn next(&mut self) -> usize {
        let hand = self.hand;
        self.hand = (self.hand + 1) % SIZE;
        hand
    }

    fn bump(&mut self, by: u32) -> u32 {
        self.count += by;
        self.count
    }

    fn total(&self) -> u32 {
        let mut sum = 0;
        for i in 0..self.entries.len() {
            sum += self.entries[i].kind.weight();
        }
        sum
    }

    fn order(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        let mut x = 1u32;
        let a =
            x + {
                x = 10;
                x
            } + x;
        show(sys, a as u64)?;
        x += {
            x = 5;
            x
        };
        show(sys, x as u64)?;
        let b = self.bump(1) * 1000 + self.bump(10) * 100 + self.count;
        show(sys, b as u64)?;
        self.entries[self.hand].page = self.next() as u32 + 40;
        show(
            sys,
            self.entries[0].page as u64 + self.entries[1].page as u64,
        )?;
        self.entries[1].page = 7;
        self.entries[self.hand].page += self.next() as u32;
        show(sys, self.hand as u64)?;
        let mut i = 2;
        self.grid[i][{
            i = 0;
            i
        }] = 9;
        show(sys, self.grid[2][0] as u64)?;
        let mut p = Point { x: 3, y: 4 };
        p = Point { x: p.y, y: p.x };
        p = Point {
            y: p.x + 10,
            x: p_or(p).x,
        };
        show(sys, p.x as u64 * 100 + p.y as u64)?;
        show(sys, self.take(self.len_and(3), self.count) as u64)
    }

    fn take(&mut self, a: u32, b: u32) -> u32 {
        self.count += 1;
        a * 10 + b + self.count
    }

    fn len_and(&self, more: u32) -> u32 {
        self.count + more
    }

    fn loops(&mut self, sys: &mut Sys, n: u32) -> Result<(), SysError> {
        let mut sum = 0u64;
        'outer: for i in 0..n {
            for j in (0..i) {
                if j == 5 {
                    continue 'outer;
                }
                if i * j > 40 {
                    break 'outer;
                }
                sum += u64_of(i * j);
            }
        }
        show(sys, sum)?;
        let mut top = 0u8;
        for i in 250..=255u8 {
            top = i;
        }
        for mut k in 0..3 {
            k += 1;
            top -= k;
        }
        show(sys, top as u64)?;
        for i in -2..=1 {
            let at = (i + 2) as usize;
            self.signed[at] = self.signed[at].min(5).max(-5) + i;
        }
        show(sys, (self.signed[0] + self.signed[2] * 7) as u64)?;
        let mut left = n;
        let found = loop {
            if left == 0 {
                break None;
            }
            if left % 7 == 3 {
                break Some(left);
            }
            left -= 1;
        };
        show(sys, found.unwrap_or(99) as u64)?;
        let mut best = None;
        let mut i = 0;
        while i < SIZE {
            if self.entries[i].kind == Kind::Free && best.is_none() {
                best = Some(i);
            }
            i += 1;
        }
        show(sys, best.unwrap_or(SIZE) as u64)?;
        while self.ring.push(self.ring.len() as u16 * 3) {}
        let mut digits = 0u64;
        while let Some(item) = self.ring.pop() {
            if item == 9 {
                continue;
            }
            digits = digits * 10 + item as u64 % 10;
            if self.ring.len() < 2 {
                break;
            }
        }
        show(sys, digits)?;
        let label = 'found: {
            for i in 0..10 {
                if i * i > n {
                    break 'found i;
                }
            }
            77
        };
        show(sys, label as u64)
    }

    fn values(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        show(sys, quarter(x).unwrap_or(1000) as u64)?;
        show(sys, early(x) as u64)?;
        show(sys, classify(x as i32 - 4) as u64)?;
        let slot = x as usize % SIZE;
        let kind = match x % 3 {
            0 => Kind::Free,
            1 => Kind::Clean,
            _ => Kind::Dirty,
        };
        self.entries[slot] = Entry {
            page: x,
            frame: Frame::new(x + 1),
            kind,
            stamp: if x % 2 == 0 { Some(sys.cycles()) } else { None },
        };
        let entry = self.entries[slot];
        if let Some(stamp) = entry.stamp {
            show(sys, stamp)?;
        } else if entry.kind == Kind::Dirty && x > 3 || self.flag {
            show(sys, 1)?;
        }
        let same = entry == self.entries[(slot + 1) % SIZE];
        show(sys, same as u64 + self.total() as u64 * 2)?;
        self.last = Some(entry.frame);
        let Some(frame) = self.last else {
            return Err(SysError::Taken);
        };
        self.flag = !self.flag ^ (frame == Frame::new(5)) & true;
        let old = self.point;
        self.point = Point {
            x: self.point.y,
            y: self.point.x + 1,
        }
        .turned();
        show(
            sys,
            (old.sum() + self.point.sum()) as u64 + self.flag as u64 * 1000,
        )?;
        if let Some(q) = quarter(x)
            && q > 1
            && !self.flag
        {
            show(sys, q as u64)?;
        }
        let rest = refuse(x as u64)?;
        let twice = match refuse(rest + 3) {
            Ok(v) => v,
            Err(SysError::Limit) => 50,
            Err(other) => return Err(other),
        };
        show(sys, rest + twice)?;
        let ok = refuse(x as u64 / 2).ok().is_some();
        let error = half(x).ok_or(SysError::Pinned)?;
        log!("{rest} and {} of {}", error, -1);
        show(sys, error as u64 + ok as u64)
    }
}

fn p_or(p: Point) -> Point {
    p
}

fn u64_of(x: u32) -> u64 {
    x as u64
}

impl LibOs for Control {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        if fault.cause == Cause::Protection {
            return Err(SysError::NoAuthority);
        }
        match fault.page % 3 {
            0 => self.order(sys),
            1 => self.loops(sys, fault.address),
            _ => self.values(sys, fault.address),
        }
    }
}
