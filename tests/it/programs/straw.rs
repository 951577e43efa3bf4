//! A straw kernel: what an application compiled by rustc runs on, with its libOS compiled by rustc
//! too. It shares no code with the machine: a page table without TLB, frames, bits, and no cost.

use std::collections::VecDeque;

use exo_prelude::{Access, Cause, Fault, LibOs, Memory, Sys, SysError, SystemCalls};

use super::trail::Trail;

const PAGE: usize = 4096;
/// Pages of the address space that programs use here.
const PAGES: usize = 4096;

/// A frame, the page that it last held and its hardware bits.
struct Held {
    page: Option<u32>,
    bytes: Vec<u8>,
    referenced: bool,
    dirty: bool,
}

/// What the libOS reaches through the door.
struct Kernel {
    limit: usize,
    frames: Vec<Held>,
    mapped: Vec<Option<(usize, bool)>>,
}

impl Kernel {
    fn held(&mut self, number: u64) -> Result<&mut Held, SysError> {
        self.frames
            .get_mut(number as usize)
            .ok_or(SysError::NoSuchFrame)
    }

    fn bind(&mut self, page: u64, frame: u64, access: u64) -> Result<u64, SysError> {
        let held = self.held(frame)?;
        if held.page != Some(page as u32) {
            held.bytes.fill(0);
            held.page = Some(page as u32);
        }
        let writable = access == Access::ReadWrite as u64;
        self.mapped[page as usize] = Some((frame as usize, writable));
        Ok(0)
    }
}

impl SystemCalls for Kernel {
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError> {
        let [first, second, third] = arguments;
        match number {
            0 if self.frames.len() == self.limit => Err(SysError::Limit),
            0 => {
                self.frames.push(Held {
                    page: None,
                    bytes: vec![0; PAGE],
                    referenced: false,
                    dirty: false,
                });
                Ok(self.frames.len() as u64 - 1)
            }
            3 => self.bind(first, second, third),
            4 => {
                self.mapped[first as usize] = None;
                Ok(0)
            }
            57 => {
                let run = first as usize..(first + second) as usize;
                self.mapped[run].fill(None);
                Ok(0)
            }
            5 => self.held(first).map(|held| held.referenced.into()),
            6 => self.held(first).map(|held| {
                held.referenced = false;
                0
            }),
            9 => Ok(self.limit as u64),
            other => panic!("no sample libOS of an application makes call {other}"),
        }
    }
}

/// An application's memory with its libOS.
pub struct Straw<L> {
    kernel: Kernel,
    libos: L,
    pub trail: Trail,
}

impl<L: LibOs> Straw<L> {
    /// Memory of so many frames.
    pub fn new(libos: L, frames: u32) -> Straw<L> {
        Straw {
            kernel: Kernel {
                limit: frames as usize,
                frames: Vec::new(),
                mapped: vec![None; PAGES],
            },
            libos,
            trail: Trail::default(),
        }
    }

    /// What the pages hold that are in memory, by page.
    pub fn image(&self) -> Vec<(u32, Vec<u8>)> {
        let frames = self.kernel.frames.iter();
        let mut image: Vec<_> = frames
            .filter_map(|held| Some((held.page?, held.bytes.clone())))
            .collect();
        image.sort_unstable();
        image
    }

    /// The bytes of a frame from an address on; faults first, as often as the libOS needs.
    fn reach(&mut self, address: u32, store: bool) -> &mut [u8] {
        let page = address >> 12;
        let mut faults = 0;
        let frame = loop {
            let cause = match self.kernel.mapped[page as usize] {
                Some((frame, writable)) if writable || !store => break frame,
                Some(_) => Cause::Protection,
                None => Cause::Miss,
            };
            faults += 1;
            assert!(faults <= 3, "page {page:#x} is never mapped");
            let access = match store {
                true => Access::ReadWrite,
                false => Access::Read,
            };
            let fault = Fault {
                address,
                page,
                access,
                cause,
            };
            let answer = self
                .libos
                .page_fault(&mut Sys::new(&mut self.kernel), fault);
            answer.expect("the libOS serves its application");
        };
        let held = &mut self.kernel.frames[frame];
        held.referenced = true;
        held.dirty |= store;
        self.trail.add(page, store);
        &mut held.bytes[address as usize % PAGE..]
    }
}

impl<L: LibOs> Memory for Straw<L> {
    fn load(&mut self, address: u32, bytes: u8) -> u64 {
        let found = self.reach(address, false);
        let mut word = [0; 8];
        word[..bytes as usize].copy_from_slice(&found[..bytes as usize]);
        u64::from_le_bytes(word)
    }

    fn store(&mut self, address: u32, bytes: u8, value: u64) {
        let bytes = bytes as usize;
        self.reach(address, true)[..bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
    }

    fn request(&mut self, request: u32, first: u64, second: u64) -> Result<u64, SysError> {
        let mut door = Sys::new(&mut self.kernel);
        self.libos.request(&mut door, request, first, second)
    }
}

/// The application's own door: it asks for nothing but the time, and hears what the machine's twin
/// was told.
pub struct Clock {
    pub told: VecDeque<u64>,
}

impl SystemCalls for Clock {
    fn call(&mut self, number: u8, _: [u64; 3]) -> Result<u64, SysError> {
        assert_eq!(number, 11, "an application asks for the time only");
        Ok(self.told.pop_front().expect("the twin asked as often"))
    }
}
