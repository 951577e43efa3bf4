//! Facts about the machine, in the past tense (D5): what every view, test and export reads.
//!
//! Ids and numbers only. Each step of the machine causes at most one event, and each event carries
//! enough to redraw the picture: folding all of them from the start reproduces the machine's owners,
//! bindings and TLBs (INV-EVT-1). When nobody records, no event is built.

use crate::cpu::{Entry, Exception, SourcePlace};
use crate::error::SysError;
use crate::ids::{
    Access, Block, CapabilityId, Cause, Contents, Direction, EnvId, Extent, Frame, Object, Page,
    ReferenceKind, TlbSlot,
};
use crate::kernel::call::Call;
use crate::limits::LOG_VALUES_MAX;

mod about;
mod network;
mod part;
mod sink;

pub use network::NetworkFact;
pub use part::{Bit, BreakReason, Transfer};
pub use sink::{Silent, Sink, Stamped};

/// What happened. Closed: adding one is a change of the machine's model version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they are")]
pub enum Event {
    /// A reference was completed; `rerun` if it had faulted or missed before.
    Accessed {
        env: EnvId,
        page: Page,
        frame: Frame,
        slot: TlbSlot,
        kind: ReferenceKind,
        rerun: bool,
    },
    /// A reference found no TLB entry and trapped to the kernel.
    Missed {
        env: EnvId,
        address: u32,
        page: Page,
        access: Access,
    },
    /// A store met a TLB entry that allows reading only, and trapped.
    Protected {
        env: EnvId,
        address: u32,
        page: Page,
        slot: TlbSlot,
    },
    /// The kernel found the page in its software TLB and installed it; the environment did not
    /// notice.
    StlbHit {
        env: EnvId,
        page: Page,
        frame: Frame,
        access: Access,
        index: u32,
        slot: TlbSlot,
    },
    /// The software TLB's one place for the page held another page, or nothing.
    StlbMissed {
        env: EnvId,
        page: Page,
        index: u32,
        occupant: Option<(EnvId, Page)>,
    },
    /// The kernel passed the fault up to the environment's handler.
    Upcall {
        env: EnvId,
        address: u32,
        page: Page,
        access: Access,
        cause: Cause,
    },
    /// The kernel gave the environment a free frame, zeroed; `named` if it asked for that very one.
    Allocated {
        env: EnvId,
        frame: Frame,
        named: bool,
    },
    /// The environment gave a frame back; `dropped` cached bindings to it went first.
    Freed {
        env: EnvId,
        frame: Frame,
        page: Option<Page>,
        dropped: u16,
    },
    /// The kernel checked the environment's authority and bound `page` to `frame` in TLB and STLB.
    /// `loaded` if the frame last held another page, `replaced`, or none.
    Bound {
        env: EnvId,
        page: Page,
        frame: Frame,
        access: Access,
        slot: TlbSlot,
        index: Option<u32>,
        loaded: bool,
        replaced: Option<Page>,
    },
    /// The environment withdrew the bindings of `pages` pages from `page` on; `dropped` cached entries
    /// went.
    Unbound {
        env: EnvId,
        page: Page,
        pages: u32,
        dropped: u16,
    },
    /// The environment read a bit of a frame of its own.
    BitRead {
        env: EnvId,
        frame: Frame,
        bit: Bit,
        set: bool,
    },
    /// The environment cleared a bit of a frame of its own.
    BitCleared { env: EnvId, frame: Frame, bit: Bit },
    /// The environment read the use stamp of a frame of its own.
    StampRead {
        env: EnvId,
        frame: Frame,
        stamp: u64,
    },
    /// The kernel answered a question with a number.
    Answered { env: EnvId, call: Call, value: u64 },
    /// The kernel refused a system call; nothing else changed.
    Refused {
        env: EnvId,
        call: Call,
        error: SysError,
    },
    /// A policy wrote to the log, or an application that is a program.
    Logged {
        env: EnvId,
        application: bool,
        message: u16,
        count: u8,
        values: [u64; LOG_VALUES_MAX],
    },
    /// The application called its own libOS: a procedure call, without the kernel.
    Requested {
        env: EnvId,
        request: u64,
        first: u64,
        second: u64,
    },
    /// The libOS answered its application's request, with a value or a refusal.
    Replied {
        env: EnvId,
        answer: Result<u64, SysError>,
    },
    /// An upcall that its environment did not cause began: the kernel entered the handler, with
    /// `arguments`.
    Notified {
        env: EnvId,
        upcall: Entry,
        arguments: [u64; 3],
    },
    /// The environment may hold another number of frames from now on: `excess` more than that are to
    /// be given back.
    LimitSet {
        env: EnvId,
        frame_limit: u32,
        excess: u32,
    },
    /// The environment asked for room for frames: `unpromised` came from what no limit had promised, and
    /// the limit of `from` was lowered by `moved`.
    FramesRequested {
        env: EnvId,
        from: Option<EnvId>,
        unpromised: u32,
        moved: u32,
    },
    /// The kernel insists on `frames` frames: what is not back by then is taken.
    RevocationDemanded {
        env: EnvId,
        frames: u32,
        due_cycles: u64,
    },
    /// The kernel took a frame that was not given back in time; `dropped` cached bindings to it went
    /// first. The environment is not ended (A18).
    Repossessed {
        env: EnvId,
        frame: Frame,
        page: Option<Page>,
        dropped: u16,
        contents: Contents,
        /// Where the disk has been asked to write the contents.
        block: Option<Block>,
    },
    /// The environment read from its repossession vector which frame it has lost, and where that is
    /// saved.
    RepossessionRead {
        env: EnvId,
        frame: Frame,
        contents: Contents,
        block: Option<Block>,
    },
    /// The environment preloaded its repossession vector with a block (A19).
    Preloaded { env: EnvId, block: Block },
    /// The disk is done with what was in a frame that was taken, which is free now unless another
    /// transfer has it; nothing was moved if `result` is a refusal.
    ContentsSaved {
        env: EnvId,
        block: Block,
        frame: Frame,
        result: Result<(), SysError>,
    },
    /// The handler loaded from or stored to its application's memory.
    HandlerAccessed {
        env: EnvId,
        page: Page,
        frame: Frame,
        slot: TlbSlot,
        kind: ReferenceKind,
    },
    /// No environment could run, and time went on to the next thing that is due.
    Idled { env: EnvId, cycles: u64 },
    /// The handler was done and resumed its application, without the kernel (A27).
    Resumed { env: EnvId },
    /// The environment was given up.
    Broken {
        env: EnvId,
        reason: BreakReason,
        place: SourcePlace,
    },
    /// Another environment's slice began.
    Switched { from: EnvId, to: EnvId },
    /// The application came to its end: of its trace, or of its `main`.
    Finished { env: EnvId },
    /// Another policy took over; of its fields `kept` kept their values. `released` frames were
    /// freed first.
    Installed {
        env: EnvId,
        kept: u16,
        fresh: u16,
        dropped: u16,
        released: u32,
    },
    /// Another policy could not take over: there were no frames for its state. The old one stays.
    InstallRefused {
        env: EnvId,
        frames_needed: u32,
        frames_free: u32,
    },
    /// Another program took the application's place: it runs from `main` with its first state, in
    /// `frames` pinned frames. The environment's other frames and bindings stay.
    Loaded { env: EnvId, frames: u32 },
    /// Another program could not take the application's place: there were no frames for its state.
    LoadRefused {
        env: EnvId,
        frames_needed: u32,
        frames_free: u32,
    },
    /// The environment made a capability for a frame of its own, or derived one from `parent`.
    CapabilityMade {
        env: EnvId,
        capability: CapabilityId,
        object: Object,
        access: Access,
        parent: Option<CapabilityId>,
    },
    /// The environment revoked a capability: `ended` went, it and those derived from it, and
    /// `dropped` cached bindings that rested on them.
    CapabilityRevoked {
        env: EnvId,
        capability: CapabilityId,
        object: Object,
        ended: u16,
        dropped: u16,
    },
    /// The kernel checked the capability that the environment presented and bound `page` to its
    /// frame in TLB and STLB.
    BoundShared {
        env: EnvId,
        page: Page,
        frame: Frame,
        access: Access,
        slot: TlbSlot,
        index: Option<u32>,
        capability: CapabilityId,
    },
    /// The application met an instruction that cannot be completed, and the kernel passed that up to
    /// the environment's handler (A28).
    Raised { env: EnvId, exception: Exception },
    /// The handler of an exception was done: the application goes on behind the instruction, as if
    /// it had given `skipped`, or runs it again. Without the kernel (A27).
    Recovered { env: EnvId, skipped: Option<u64> },
    /// The environment switched the coprocessor on or off for its application.
    CoprocessorSet { env: EnvId, enabled: bool },
    /// The kernel gave the environment a free slice; `named` if it asked for that very one.
    SliceAllocated {
        env: EnvId,
        position: u16,
        named: bool,
    },
    /// The environment gave a slice back.
    SliceFreed { env: EnvId, position: u16 },
    /// The environment gave up the rest of the slice: to the one named, or to whoever is next.
    Yielded { env: EnvId, to: Option<EnvId> },
    /// The kernel told the environment that it has got the processor (A23).
    SliceBegan { env: EnvId, position: u16 },
    /// The kernel told the environment that its slice is used up, so that it can save what it needs
    /// (A15).
    SliceEnding { env: EnvId, position: u16 },
    /// The environment has saved what it needs, in time.
    Saved { env: EnvId },
    /// The environment has not saved what it needs in time, and goes on: `excess` slices are unpaid.
    Overran { env: EnvId, excess: u8 },
    /// A slice of the environment was passed over, for one that it had used in excess; `owed` remain.
    Forfeited { env: EnvId, position: u16, owed: u8 },
    /// Control was transferred from one environment to another, with the registers as the message.
    Transferred {
        from: EnvId,
        to: EnvId,
        transfer: Transfer,
        words: [u64; 4],
    },
    /// The environment goes on behind its transfer with a refusal: `callee` was given up.
    TransferFailed { env: EnvId, callee: EnvId },
    /// The kernel gave the environment blocks of the disk, cleared, and the capability for them;
    /// `named` if it asked for those very ones.
    ExtentAllocated {
        env: EnvId,
        extent: Extent,
        named: bool,
        capability: CapabilityId,
    },
    /// The environment gave an extent back: `ended` capabilities went with it.
    ExtentFreed {
        env: EnvId,
        extent: Extent,
        ended: u16,
    },
    /// The disk took a transfer on, for which the environment waits. The frame is the device's
    /// until then: `dropped` cached bindings to it went first.
    DiskRequested {
        env: EnvId,
        direction: Direction,
        block: Block,
        frame: Frame,
        dropped: u16,
        due_cycles: u64,
    },
    /// The transfer is over, and so is the environment's wait, with `result`; nothing was moved if
    /// that is a refusal. A frame that was read into holds no page now, and `replaced` no more. One
    /// that was taken from the environment meanwhile is free.
    DiskCompleted {
        env: EnvId,
        direction: Direction,
        block: Block,
        frame: Frame,
        result: Result<(), SysError>,
        replaced: Option<Page>,
    },
    /// Something happened in the network. The environment is the one that it is about; of packets that are
    /// nobody's, the one that ran.
    Network { env: EnvId, fact: NetworkFact },
    /// The environment set its alarm clock, or switched it off.
    AlarmSet { env: EnvId, at_cycles: Option<u64> },
    /// The time has come for which the environment had set its alarm clock.
    AlarmRang { env: EnvId },
}

const _: () = assert!(
    size_of::<Event>() <= 48,
    "events are kept a million at a time"
);
