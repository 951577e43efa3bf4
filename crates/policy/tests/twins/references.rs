//! References and values in memory: lent, passed on, copied, compared, moved.

use exo_prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Free,
    Used,
}

impl Kind {
    fn is_free(&self) -> bool {
        match self {
            Kind::Free => true,
            Kind::Used => false,
        }
    }

    fn turn(&mut self) {
        *self = match *self {
            Kind::Free => Kind::Used,
            Kind::Used => Kind::Free,
        };
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    page: u32,
    kind: Kind,
    stamp: Option<u64>,
}

impl Entry {
    fn touch(&mut self, at: u64) -> u32 {
        self.stamp = Some(at);
        self.page += 1;
        self.page
    }

    fn age(&self, now: u64) -> u64 {
        match self.stamp {
            Some(stamp) => now - stamp,
            None => 0,
        }
    }

    fn moved(self, by: u32) -> Entry {
        Entry {
            page: self.page + by,
            kind: self.kind,
            stamp: None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Mac {
    bytes: [u8; 6],
    port: u16,
}

impl Mac {
    fn new(seed: u8) -> Mac {
        Mac {
            bytes: [seed, seed / 2, 2, 3, 4, 5],
            port: seed as u16 * 3,
        }
    }

    fn sum(&self) -> u32 {
        let mut sum = 0;
        for i in 0..self.bytes.len() {
            sum += self.bytes[i] as u32;
        }
        sum + self.port as u32
    }

    fn set(&mut self, at: usize, to: u8) -> u8 {
        let old = self.bytes[at];
        self.bytes[at] = to;
        old
    }

    fn swapped(mut self) -> Mac {
        self.bytes.swap(0, 5);
        self.port += 1;
        self
    }
}

/// Not `Copy`: moved.
struct Loose {
    n: u32,
    rows: [u32; 3],
}

impl Loose {
    fn eat(self) -> u32 {
        self.n + self.rows[1]
    }

    fn add(&mut self, by: u32) -> u32 {
        self.n += by;
        self.n
    }
}

/// What they are tried on.
pub struct References {
    entries: [Entry; 4],
    grid: [[u16; 3]; 2],
    mac: Mac,
    hand: usize,
    loose: Loose,
}

fn show(sys: &mut Sys, value: u64) -> Result<(), SysError> {
    sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), Access::Read)
}

fn bump(x: &mut u32) -> u32 {
    *x += 1;
    *x * 10
}

fn bump_twice(x: &mut u32) -> u32 {
    bump(x) + bump(&mut *x)
}

fn exchange(a: &mut u32, b: &mut u32) {
    let old = *a;
    *a = *b;
    *b = old;
}

fn read(x: &u32, y: &u32) -> u32 {
    *x * 100 + *y
}

fn total(values: &[u32; 5]) -> u32 {
    let mut sum = 0;
    for i in 0..values.len() {
        sum = sum * 3 % 10_007 + values[i];
    }
    sum
}

fn sort(values: &mut [u32; 5]) {
    for i in 0..values.len() {
        let mut j = i;
        while j > 0 && values[j - 1] > values[j] {
            values.swap(j - 1, j);
            j -= 1;
        }
    }
}

fn reversed(values: [u32; 5]) -> [u32; 5] {
    let mut out = [0; 5];
    for i in 0..5 {
        out[4 - i] = values[i];
    }
    out
}

fn filled(value: u32) -> [u32; 5] {
    let mut all = [value; 5];
    all[2] = value / 2;
    all
}

fn changed(mut values: [u32; 5]) -> u32 {
    values[0] = 77;
    total(&values)
}

fn is_set(flag: &Option<u32>) -> bool {
    match flag {
        Some(3) => false,
        Some(_) => true,
        None => false,
    }
}

impl References {
    /// The first state.
    pub const fn new() -> References {
        let entry = Entry {
            page: 3,
            kind: Kind::Free,
            stamp: None,
        };
        References {
            entries: [entry; 4],
            grid: [[1, 2, 3], [4, 5, 6]],
            mac: Mac {
                bytes: [1, 2, 3, 4, 5, 6],
                port: 80,
            },
            hand: 0,
            loose: Loose {
                n: 5,
                rows: [1, 2, 3],
            },
        }
    }

    fn next(&mut self) -> usize {
        self.hand = (self.hand + 1) % self.entries.len();
        self.hand
    }

    fn put(&mut self, entry: &Entry, at: usize) -> u32 {
        self.entries[at] = *entry;
        self.entries[at].touch(7)
    }

    fn scalars(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        let mut a = x;
        let mut b = 1000;
        let sum = bump(&mut a) + bump_twice(&mut a) + a;
        show(sys, sum as u64)?;
        exchange(&mut a, &mut b);
        show(sys, read(&a, &b) as u64)?;
        show(sys, read(&(a + 1), &7) as u64)?;
        let order = a + bump(&mut a) + a;
        show(sys, order as u64)?;
        let mut i = 0;
        let mut values = [5, 4, 3, 2, 1];
        values[i as usize] = bump(&mut i);
        values[i as usize + 1] += bump(&mut i);
        show(sys, total(&values) as u64 * 1000 + i as u64)?;
        for mut k in 0..3 {
            bump(&mut k);
            show(sys, k as u64)?;
        }
        for k in 0..3 {
            show(sys, read(&k, &x) as u64)?;
        }
        let later;
        if x > 5 {
            later = bump(&mut b);
        } else {
            later = 1;
        }
        show(sys, later as u64 + is_set(&Some(later)) as u64)
    }

    fn arrays(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        let mut values = [x, 9, x * 7 % 5, 2, x / 3];
        sort(&mut values);
        show(sys, total(&values) as u64)?;
        let back = reversed(values);
        show(sys, total(&back) as u64)?;
        let mut copy = back;
        copy[1] = 99;
        show(
            sys,
            (back == copy) as u64 * 2 + (back == reversed(values)) as u64,
        )?;
        show(sys, changed(copy) as u64 + copy[0] as u64)?;
        copy = [copy[4], copy[3], copy[2], copy[1], copy[0]];
        show(sys, total(&copy) as u64)?;
        let all = if x % 2 == 0 { filled(x) } else { [1; 5] };
        show(sys, all[x as usize % 5] as u64 + filled(8)[2] as u64)?;
        let mut grid = self.grid;
        grid[x as usize % 2][1] += 5;
        self.grid[1] = grid[0];
        self.grid.swap(0, 1);
        show(
            sys,
            (self.grid[0][2] + self.grid[1][1]) as u64 * 10 + (self.grid == grid) as u64,
        )?;
        let mut sum = 0;
        for row in 0..grid.len() {
            for column in 0..grid[row].len() {
                sum = sum * 7 + grid[row][column];
                sum %= 1000;
            }
        }
        show(sys, sum as u64)?;
        let picked = loop {
            if x > 50 {
                break [1, 2];
            }
            break [3, x];
        };
        let none: [u32; 0] = [];
        show(
            sys,
            picked[1] as u64 + none.len() as u64 + picked[x as usize % 3] as u64,
        )
    }

    fn structs(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        let mut mac = Mac::new(x as u8);
        show(sys, mac.sum() as u64)?;
        let old = mac.set(x as usize % 6, 200);
        show(
            sys,
            old as u64 + mac.swapped().sum() as u64 + mac.bytes[0] as u64,
        )?;
        self.mac = mac;
        self.mac.set(1, 9);
        show(
            sys,
            (self.mac == mac) as u64 + (self.mac != Mac::new(2)) as u64 * 2,
        )?;
        let mut entry = self.entries[0];
        show(sys, entry.touch(5) as u64 + entry.age(12))?;
        let at = self.next();
        show(sys, self.put(&entry, at) as u64)?;
        show(sys, self.entries[at].age(100) + entry.age(9))?;
        let second = entry.moved(4);
        let same = second == entry.moved(4) && self.entries[0] != second;
        self.entries[self.hand].kind.turn();
        let free = self.entries[at].kind.is_free();
        show(sys, same as u64 + free as u64 * 2 + second.page as u64)?;
        let hand = self.next();
        self.entries[hand] = self.entries[0].moved(bump(&mut entry.page));
        show(sys, self.entries[hand].page as u64 + entry.page as u64)?;
        let loose = Loose { n: x, rows: [x; 3] };
        let kept = loose;
        let mut other = Loose {
            n: 1,
            rows: kept.rows,
        };
        other.add(3);
        self.loose.add(other.n);
        other.rows[1] += 2;
        show(
            sys,
            kept.eat() as u64 + other.eat() as u64 + self.loose.n as u64,
        )?;
        self.loose = Loose {
            n: x % 7,
            rows: [self.loose.rows[2], 1, self.loose.n],
        };
        show(sys, self.loose.rows[0] as u64 + self.loose.rows[2] as u64)
    }
}

impl LibOs for References {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        match fault.page % 3 {
            0 => self.scalars(sys, fault.address),
            1 => self.arrays(sys, fault.address),
            _ => self.structs(sys, fault.address),
        }
    }
}
