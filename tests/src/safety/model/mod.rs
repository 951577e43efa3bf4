//! A naive model of what the kernel promises: sets and linear scans, no TLB, no free list but a stack,
//! no flush. It shares no code with the kernel, only the names of calls and refusals.

mod disk;
mod revoke;
mod vector;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use exo_core::error::SysError;
use exo_core::kernel::call::Call;

/// Capabilities that one environment may have.
const SHARE: usize = 64;

pub use disk::{Ended, Extent, Transfer};
pub use vector::{Loss, Spare, Use};

/// What a capability is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A frame.
    Frame(u64),
    /// So many blocks from the first one on.
    Blocks(u64, u64),
}

/// A capability, ended or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// What is presented.
    pub number: u64,
    /// What it is for.
    pub thing: Thing,
    /// Whether it allows stores.
    pub write: bool,
    /// Who made it.
    pub maker: u8,
    /// The number of the one that it was derived from.
    pub parent: Option<u64>,
    /// Whether it has not ended.
    pub live: bool,
}

/// What a page of an environment is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The frame.
    pub frame: u64,
    /// Whether stores are allowed.
    pub write: bool,
    /// The number of the capability that it rests on; none if the environment owns the frame.
    pub key: Option<u64>,
}

/// Everything that the kernel keeps promises about.
#[derive(Clone, Debug)]
pub struct Model {
    /// Frames of memory.
    pub frames: u64,
    /// log2 of a page in bytes.
    pub page_bits: u32,
    /// How many frames each environment may hold.
    pub limits: Vec<u32>,
    /// Whether frames have use stamps.
    pub stamped: bool,
    /// Which frame belongs to whom.
    pub owners: BTreeMap<u64, u8>,
    /// Frames that hold a program's state.
    pub pinned: BTreeSet<u64>,
    /// Free frames; the last is handed out next.
    pub free: Vec<u64>,
    /// The page last bound to a frame by its owner.
    pub pages: BTreeMap<u64, u64>,
    /// Contents of frames, as far as they are not zero.
    pub contents: BTreeMap<(u64, u32), u8>,
    /// Frames touched, and frames written.
    pub referenced: BTreeSet<u64>,
    /// Frames written.
    pub dirty: BTreeSet<u64>,
    /// Ordinals of last uses.
    pub stamps: BTreeMap<u64, u64>,
    uses: u64,
    /// Every capability there ever was.
    pub keys: Vec<Key>,
    /// What each page of each environment is bound to.
    pub bindings: BTreeMap<(u8, u64), Binding>,
    /// References completed by each environment.
    pub cursors: Vec<u64>,
    /// What the loads of each environment read, folded.
    pub checksums: Vec<u64>,
    /// Blocks of the disk.
    pub blocks: u64,
    /// The transfer that fails, counted from 1, and whether all behind it do.
    pub fault: Option<(u64, bool)>,
    /// Blocks that are somebody's.
    pub extents: Vec<Extent>,
    /// Contents of blocks, as far as they are not zero.
    pub stored: BTreeMap<(u64, u32), u8>,
    /// Transfers under way, the first one first.
    pub queue: VecDeque<Transfer>,
    /// Transfers that are over.
    pub done: u64,
    /// Who owns each slice.
    pub slices: Vec<Option<u8>>,
    /// Blocks in the repossession vectors, in the order in which they were preloaded.
    pub spares: Vec<Spare>,
    /// Frames that were taken and not asked about, the first one first.
    pub losses: Vec<Loss>,
}

/// What a call does: the answer, where the number of a new capability is what the kernel gave.
type Answer = Result<u64, SysError>;

impl Model {
    /// A machine at reset; `state` are the frames of the last environment's own state.
    pub fn new(frames: u64, page_bits: u32, limits: &[u32], stamped: bool, state: u64) -> Model {
        let last = limits.len().saturating_sub(1) as u8;
        Model {
            frames,
            page_bits,
            limits: limits.to_vec(),
            stamped,
            owners: (0..state).map(|frame| (frame, last)).collect(),
            pinned: (0..state).collect(),
            free: (state..frames).rev().collect(),
            pages: BTreeMap::new(),
            contents: BTreeMap::new(),
            referenced: BTreeSet::new(),
            dirty: BTreeSet::new(),
            stamps: BTreeMap::new(),
            uses: 0,
            keys: Vec::new(),
            bindings: BTreeMap::new(),
            cursors: vec![0; limits.len()],
            checksums: vec![0; limits.len()],
            blocks: 0,
            fault: None,
            extents: Vec::new(),
            stored: BTreeMap::new(),
            queue: VecDeque::new(),
            done: 0,
            slices: Vec::new(),
            spares: Vec::new(),
            losses: Vec::new(),
        }
    }

    /// What a call of `env` gives, and what it changes. `given` is the number that the kernel gave,
    /// where a new capability is made: it must never have been given before.
    ///
    /// # Errors
    /// As the kernel's.
    pub fn call(&mut self, env: u8, call: Call, words: [u64; 3], given: u64) -> Answer {
        let [first, second, third] = words;
        match call {
            Call::Allocate => self.allocate(env, None),
            Call::AllocateAt => self.allocate(env, Some(first)),
            Call::Free => self.give_back(env, first),
            Call::TlbWrite => self.bind(env, first, second, third != 0),
            Call::TlbDrop => {
                self.page(first)?;
                self.bindings.remove(&(env, first));
                Ok(0)
            }
            Call::Referenced => self
                .own(env, first)
                .map(|it| self.referenced.contains(&it).into()),
            Call::Dirty => self
                .own(env, first)
                .map(|it| self.dirty.contains(&it).into()),
            Call::ClearReferenced => {
                let frame = self.own(env, first)?;
                self.referenced.remove(&frame);
                Ok(0)
            }
            Call::ClearDirty => {
                let frame = self.own(env, first)?;
                self.dirty.remove(&frame);
                Ok(0)
            }
            Call::UseStamp => {
                let frame = self.own(env, first)?;
                let stamp = self.stamps.get(&frame).copied().unwrap_or(0);
                self.stamped.then_some(stamp).ok_or(SysError::NotOffered)
            }
            Call::Capability => self.make(env, first, second != 0, given),
            Call::Derive => self.derive(env, first, second != 0, given),
            Call::Revoke => self.revoke(env, first),
            Call::TlbWriteShared => self.bind_shared(env, first, second, third != 0),
            Call::FrameLimit => Ok(self.limits[usize::from(env)].into()),
            Call::ExtentAllocate => self.extent(env, None, first, given),
            Call::ExtentAllocateAt => self.extent(env, Some(first), second, given),
            Call::ExtentFree => self.extent_free(env, first),
            Call::Preload => self.preload(env, first, second),
            Call::RequestFrames => self.room(env, first),
            Call::NextRepossessed => self.next_loss(env),
            Call::DiskRead => self.transfer(env, false, words),
            Call::DiskWrite => self.transfer(env, true, words),
            Call::BlockLimit => Ok(self.share()),
            Call::SliceAllocate
            | Call::SliceAllocateAt
            | Call::SliceFree
            | Call::SliceOwner
            | Call::Slices
            | Call::YieldTo => self.slice(env, call, first),
            Call::Environment => Ok(env.into()),
            Call::YieldSlice | Call::Coprocessor => Ok(0),
            // Nobody promises a value.
            _ => Ok(given),
        }
    }

    fn page(&self, page: u64) -> Result<u64, SysError> {
        let exists = page < 1 << (32 - self.page_bits);
        exists.then_some(page).ok_or(SysError::NoSuchPage)
    }

    fn frame(&self, frame: u64) -> Result<u64, SysError> {
        let exists = frame < self.frames;
        exists.then_some(frame).ok_or(SysError::NoSuchFrame)
    }

    fn own(&self, env: u8, frame: u64) -> Result<u64, SysError> {
        let frame = self.frame(frame)?;
        let owns = self.owners.get(&frame) == Some(&env);
        if owns && self.busy(frame) {
            return Err(SysError::Busy);
        }
        owns.then_some(frame).ok_or(SysError::NoAuthority)
    }

    /// Whether the disk has a frame.
    fn busy(&self, frame: u64) -> bool {
        self.queue.iter().any(|it| it.frame == frame)
    }

    fn own_unpinned(&self, env: u8, frame: u64) -> Result<u64, SysError> {
        let frame = self.own(env, frame)?;
        let pinned = self.pinned.contains(&frame);
        (!pinned).then_some(frame).ok_or(SysError::Pinned)
    }

    fn allocate(&mut self, env: u8, named: Option<u64>) -> Answer {
        if let Some(frame) = named {
            self.frame(frame)?;
            if self.owners.contains_key(&frame) || self.busy(frame) {
                return Err(SysError::Taken);
            }
        }
        if self.held(env) >= self.limits[usize::from(env)] as usize {
            return Err(SysError::Limit);
        }
        let frame = named.or(self.free.last().copied());
        let frame = frame.ok_or(SysError::NoFreeFrame)?;
        self.free.retain(|it| *it != frame);
        self.owners.insert(frame, env);
        self.contents.retain(|place, _| place.0 != frame);
        self.referenced.remove(&frame);
        self.dirty.remove(&frame);
        self.stamps.remove(&frame);
        Ok(frame)
    }

    fn give_back(&mut self, env: u8, frame: u64) -> Answer {
        let frame = self.own_unpinned(env, frame)?;
        self.let_go(frame);
        Ok(0)
    }

    fn bind(&mut self, env: u8, page: u64, frame: u64, write: bool) -> Answer {
        let page = self.page(page)?;
        let frame = self.own_unpinned(env, frame)?;
        let before = self.pages.insert(frame, page);
        if before.is_some_and(|before| before != page) {
            self.contents.retain(|place, _| place.0 != frame);
        }
        let binding = Binding {
            frame,
            write,
            key: None,
        };
        self.bindings.insert((env, page), binding);
        Ok(0)
    }

    /// The capability of that number.
    fn key(&self, number: u64) -> Result<Key, SysError> {
        let key = self.keys.iter().find(|it| it.number == number);
        let key = key.ok_or(SysError::Forged)?;
        key.live.then(|| key.clone()).ok_or(SysError::Stale)
    }

    fn add(&mut self, key: Key) -> Answer {
        let live = self.keys.iter().filter(|it| it.live);
        if live.filter(|it| it.maker == key.maker).count() >= SHARE {
            return Err(SysError::CapabilityLimit);
        }
        let number = key.number;
        // A number that was given before would let its old holders in.
        if self.keys.iter().any(|it| it.number == number) {
            return Ok(u64::MAX);
        }
        self.keys.push(key);
        Ok(number)
    }

    fn make(&mut self, maker: u8, frame: u64, write: bool, number: u64) -> Answer {
        let frame = self.own_unpinned(maker, frame)?;
        self.add(Key {
            number,
            thing: Thing::Frame(frame),
            write,
            maker,
            parent: None,
            live: true,
        })
    }

    fn derive(&mut self, maker: u8, parent: u64, write: bool, number: u64) -> Answer {
        let key = self.key(parent)?;
        if write && !key.write {
            return Err(SysError::NoAuthority);
        }
        self.add(Key {
            number,
            write,
            maker,
            parent: Some(parent),
            ..key
        })
    }

    fn bind_shared(&mut self, env: u8, page: u64, number: u64, write: bool) -> Answer {
        let page = self.page(page)?;
        let key = self.key(number)?;
        let Thing::Frame(frame) = key.thing else {
            return Err(SysError::NoAuthority);
        };
        if write && !key.write {
            return Err(SysError::NoAuthority);
        }
        if self.busy(frame) {
            return Err(SysError::Busy);
        }
        let binding = Binding {
            frame,
            write,
            key: Some(number),
        };
        self.bindings.insert((env, page), binding);
        Ok(0)
    }

    /// Whether a reference may be completed.
    pub fn allows(&self, env: u8, address: u32, write: bool) -> bool {
        let page = u64::from(address) >> self.page_bits;
        let binding = self.bindings.get(&(env, page));
        binding.is_some_and(|it| it.write || !write)
    }

    /// A reference is completed: what it reads and stores.
    pub fn complete(&mut self, env: u8, address: u32, loads: bool, stores: bool) {
        let page = u64::from(address) >> self.page_bits;
        let offset = address & ((1 << self.page_bits) - 1);
        let Some(binding) = self.bindings.get(&(env, page)).copied() else {
            return;
        };
        let place = (binding.frame, offset);
        let read = self.contents.get(&place).copied().unwrap_or(0);
        let at = usize::from(env);
        if loads {
            self.checksums[at] = self.checksums[at].rotate_left(5).wrapping_add(read.into());
        }
        if stores {
            self.contents.insert(place, self.cursors[at] as u8);
            self.dirty.insert(binding.frame);
        }
        self.referenced.insert(binding.frame);
        self.uses += 1;
        self.stamps.insert(binding.frame, self.uses);
        self.cursors[at] += 1;
    }
}
