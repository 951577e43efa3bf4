//! `Option` and `Result` of values that lie in memory.

use exo_prelude::*;

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

/// What they are tried on.
pub struct Variants {
    maybe: Option<[u8; 4]>,
    answer: Result<u32, SysError>,
    nested: Option<Option<Mac>>,
    tried: Result<Mac, SysError>,
}

fn show(sys: &mut Sys, value: u64) -> Result<(), SysError> {
    sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), Access::Read)
}

fn parse(x: u32) -> Option<[u8; 4]> {
    if x % 3 == 0 {
        return None;
    }
    Some([x as u8, 1, 2, (x / 2) as u8])
}

fn first(x: u32) -> Option<u8> {
    let bytes = parse(x)?;
    Some(bytes[0])
}

fn checked(x: u32) -> Result<Mac, SysError> {
    if x % 4 == 1 {
        return Err(SysError::Limit);
    }
    Ok(Mac::new(x as u8))
}

fn twice(x: u32) -> Result<[Mac; 2], SysError> {
    let mac = checked(x)?;
    Ok([mac, checked(x + 1)?.swapped()])
}

fn clear(maybe: &mut Option<[u8; 4]>) -> bool {
    let had = maybe.is_some();
    *maybe = None;
    had
}

impl Variants {
    /// The first state.
    pub const fn new() -> Variants {
        Variants {
            maybe: None,
            answer: Err(SysError::Pinned),
            nested: Some(None),
            tried: Err(SysError::Taken),
        }
    }

    fn variants(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        self.maybe = parse(x);
        if let Some(bytes) = self.maybe {
            show(sys, bytes[3] as u64)?;
        }
        show(sys, first(x).unwrap_or(250) as u64)?;
        let mine = parse(x + 1);
        show(
            sys,
            (mine == self.maybe) as u64 + (parse(x) == self.maybe) as u64 * 2,
        )?;
        show(
            sys,
            clear(&mut self.maybe) as u64 + (self.maybe == None) as u64 * 2,
        )?;
        let bytes = mine.unwrap_or([9; 4]);
        show(sys, bytes[0] as u64)?;
        let Some(sure) = parse(x + 2) else {
            return show(sys, 4242);
        };
        show(sys, sure[0] as u64)?;
        let pair = match twice(x) {
            Ok(pair) => pair,
            Err(error) => {
                self.answer = Err(error);
                return Err(error);
            }
        };
        show(sys, pair[0].sum() as u64 * 1000 + pair[1].sum() as u64)?;
        self.answer = Ok(pair[0].sum());
        let told = match self.answer {
            Ok(sum) => sum,
            Err(_) => 1,
        };
        show(sys, told as u64 + (self.answer == Ok(told)) as u64)?;
        let kept = twice(x + 3).ok();
        show(sys, kept.is_some() as u64)?;
        let again = kept.ok_or(SysError::Taken)?;
        show(sys, (again[0] == pair[0]) as u64)
    }

    fn nest(&mut self, sys: &mut Sys, x: u32) -> Result<(), SysError> {
        let before = self.nested;
        self.nested = match x % 3 {
            0 => None,
            1 => Some(None),
            _ => Some(Some(Mac::new(x as u8))),
        };
        show(sys, (before == self.nested) as u64)?;
        if let Some(Some(mac)) = self.nested {
            show(sys, mac.sum() as u64)?;
        }
        let tried = checked(x);
        show(sys, (tried == self.tried) as u64)?;
        self.tried = tried;
        match self.tried {
            Ok(mac) if mac.port > 30 => show(sys, mac.port as u64)?,
            Ok(mut mac) => show(sys, mac.set(0, 3) as u64 + mac.sum() as u64)?,
            Err(SysError::Limit) => show(sys, 77)?,
            Err(_) => show(sys, 78)?,
        }
        let port = match checked(x + 2) {
            Ok(_) => 1,
            Err(_) => 2,
        };
        show(sys, port)
    }
}

impl LibOs for Variants {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        match fault.page % 2 {
            0 => self.variants(sys, fault.address),
            _ => self.nest(sys, fault.address),
        }
    }
}
