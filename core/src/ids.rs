//! Names of things in the machine: small numbers in types that cannot be mixed up.

/// An environment, by its place in the configuration. The first is A on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnvId(pub u8);

impl EnvId {
    /// The environment as an index into the configuration's list.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A physical frame, by its number (A02). Naming one gives no right to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frame(pub u32);

impl Frame {
    /// The frame as an index into physical memory's frames.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A capability, by the place of its record. Presenting one takes its number, not its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CapabilityId(pub u16);

/// A block of the disk, by its number: names are physical, and naming one gives no right to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block(pub u32);

impl Block {
    /// The block as an index into the disk's.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A run of at least one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent {
    /// Its first block.
    pub first: Block,
    /// How many blocks it has.
    pub blocks: u32,
}

impl Extent {
    /// The extent of `blocks` blocks from `first` on; none if it is empty or not on a disk of
    /// `disk` blocks.
    pub fn within(disk: u32, first: u64, blocks: u64) -> Option<Extent> {
        let inside = blocks > 0 && first.checked_add(blocks)? <= u64::from(disk);
        inside.then_some(Extent {
            first: Block(first as u32),
            blocks: blocks as u32,
        })
    }

    /// The number behind its last block.
    pub fn end(self) -> u32 {
        self.first.0.saturating_add(self.blocks)
    }

    /// Its block of that number, counted from its first one.
    pub fn block(self, number: u64) -> Option<Block> {
        (number < u64::from(self.blocks)).then(|| Block(self.first.0 + number as u32))
    }

    /// Its blocks, in order.
    pub fn all(self) -> impl Iterator<Item = Block> {
        (self.first.0..self.end()).map(Block)
    }
}

/// What a capability is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A frame, to be mapped.
    Frame(Frame),
    /// An extent of the disk, to be read and written.
    Extent(Extent),
}

/// Which way a block is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Direction {
    /// From the disk into memory.
    Read = 0,
    /// From memory to the disk.
    Write = 1,
}

/// A virtual page of one environment, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Page(pub u32);

/// An entry of the hardware TLB, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TlbSlot(pub u16);

/// What a mapping allows, or what a reference needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Access {
    /// Loads and instruction fetches.
    Read = 0,
    /// Loads and stores.
    ReadWrite = 1,
}

impl Access {
    /// Whether a mapping of this access serves a reference that needs `needed`.
    pub fn covers(self, needed: Access) -> bool {
        self >= needed
    }
}

/// Why the hardware could not complete a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cause {
    /// The TLB holds no entry for the page.
    Miss = 0,
    /// A store to a page that is mapped for reading only.
    Protection = 1,
}

/// How far a revocation has come (A14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Urgency {
    /// Frames are asked for.
    Request = 0,
    /// What is not back by the deadline is taken.
    Imperative = 1,
}

/// What became of what was in a frame that the kernel took by force (A19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Contents {
    /// It was not written since its dirty bit was last clear.
    Unchanged = 0,
    /// It is written to a block that was preloaded.
    Saved = 1,
    /// It was written, and there was no block to save it to.
    Lost = 2,
}

/// How an environment is told of packets in the ring of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Delivery {
    /// Not at all: ownership words say it.
    Poll = 0,
    /// By an upcall when it runs next.
    Notice = 1,
    /// By an upcall for which it gets the processor at once.
    Urgent = 2,
}

impl Delivery {
    /// The one of that number.
    pub fn from_number(number: u64) -> Option<Delivery> {
        [Delivery::Poll, Delivery::Notice, Delivery::Urgent]
            .into_iter()
            .find(|it| *it as u64 == number)
    }
}

/// What becomes of a packet when a message handler has seen it (A50).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Fate {
    /// Nothing more.
    Done = 0,
    /// Nothing more, and the handler's owner is told.
    Wake = 1,
    /// It goes into the ring, as if there were no handler.
    Queue = 2,
}

impl Fate {
    /// The one of that number.
    pub fn from_number(number: u64) -> Option<Fate> {
        [Fate::Done, Fate::Wake, Fate::Queue]
            .into_iter()
            .find(|it| *it as u64 == number)
    }
}

/// What a reference of a trace does at its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ReferenceKind {
    /// Fetches an instruction; to the MMU, a load.
    Fetch = 0,
    /// Loads.
    Load = 1,
    /// Stores.
    Store = 2,
    /// Loads and then stores the same place; counts once.
    Modify = 3,
}

impl ReferenceKind {
    /// Whether it writes.
    #[inline(always)]
    pub fn stores(self) -> bool {
        matches!(self, ReferenceKind::Store | ReferenceKind::Modify)
    }

    /// The access that the reference needs of a mapping.
    #[inline(always)]
    pub fn needs(self) -> Access {
        if self.stores() {
            Access::ReadWrite
        } else {
            Access::Read
        }
    }
}

/// A moment of a run (D5): the state before event `event` of unit `retired`.
///
/// A unit is one reference or one CPU instruction; units are counted whether or not anyone
/// records, so a position means the same in every view and in every link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// References and CPU instructions completed since reset.
    pub retired: u64,
    /// Events that the unit under way has already caused.
    pub event: u32,
}

impl core::fmt::Display for Position {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.retired, self.event)
    }
}
