//! Named mistakes of the kernel, each of which the tests must notice.
//!
//! Without the feature `mutants` none can be chosen and [`Mutant::made`] is `false` at compile time,
//! so that nothing of them is left in the kernel. `cargo xtask mutants` chooses one after the other.

/// A mistake: its name, and the invariant that it breaks.
macro_rules! mutants {
    ($($(#[doc = $doc:literal])+ $name:ident $invariant:literal,)+) => {
        /// A mistake that the kernel makes while it is chosen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Mutant {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Mutant {
            /// Every mistake.
            pub const ALL: &'static [Mutant] = &[$(Mutant::$name,)+];

            /// Its name, as a word.
            pub fn name(self) -> &'static str {
                match self {
                    $(Mutant::$name => stringify!($name),)+
                }
            }

            /// The invariant that it breaks.
            pub fn invariant(self) -> &'static str {
                match self {
                    $(Mutant::$name => $invariant,)+
                }
            }
        }
    };
}

mutants! {
    /// `free` leaves the owner's name in the record.
    FreeKeepsOwner "INV-OWN-1",
    /// `allocate` does not count what it gives.
    AllocateUncounted "INV-OWN-2",
    /// `allocate` writes a wrong owner down.
    AllocateForNobody "INV-OWN-3",
    /// `allocate_at` takes a frame that has an owner.
    AllocateTaken "INV-OWN-1",
    /// `free` gives up what its caller does not own.
    FreeSkipsAuthority "integrity",
    /// `free` gives up what holds the caller's own program state.
    FreePinned "INV-OWN-2",
    /// A frame is handed out with what its last owner wrote.
    HandOverUncleared "INV-REV-3",
    /// A frame is handed out with its last owner's reference and dirty bits.
    HandOverKeepsBits "INV-REV-3",
    /// A frame that is given to another page keeps the contents of the page before.
    RebindUncleared "confidentiality",
    /// A bit of anyone's frame is cleared.
    ClearSkipsAuthority "integrity",
    /// A bit of anyone's frame is read.
    ReadSkipsAuthority "confidentiality",
    /// `tlb_write` does not ask who owns the frame.
    BindSkipsAuthority "INV-BIND-1",
    /// `tlb_write_shared` binds with more than the capability allows.
    UpgradeUnchecked "INV-BIND-1",
    /// The entry in the software TLB allows more than what was asked for.
    RememberWidens "INV-BIND-3",
    /// `free` leaves TLB entries.
    FreeKeepsTlb "INV-BIND-1",
    /// `free` leaves entries of the software TLB.
    FreeKeepsStlb "INV-BIND-2",
    /// A binding that is written is not entered in the reverse list of its frame.
    InstallSkipsList "INV-BIND-4",
    /// `tlb_drop` leaves the entry of the software TLB.
    DropKeepsStlb "INV-BIND-3",
    /// The software TLB answers with another environment's entry.
    ProbeIgnoresEnvironment "INV-BIND-5",
    /// A switch leaves the hardware with the address space of the environment before.
    SwitchKeepsAddressSpace "INV-BIND-5",
    /// A store is completed through an entry for reading only.
    StoreIgnoresAccess "INV-BIND-6",
    /// `capability` makes one for anyone's frame.
    MakeSkipsOwner "INV-CAP-2",
    /// `derive` gives what is asked for, whatever its parent allows.
    DeriveWidens "INV-CAP-2",
    /// An environment may make one capability more than its share.
    ShareOffByOne "INV-CAP-2",
    /// A capability that has ended stands for the one that has its place now.
    StaleAccepted "INV-CAP-1",
    /// The check of a capability is not compared.
    ForgedAccepted "INV-CAP-1",
    /// `free` does not end the capabilities of the frame.
    FreeKeepsCapabilities "INV-CAP-1",
    /// Anyone who has a capability may revoke it.
    RevokeSkipsMaker "integrity",
    /// `revoke` leaves the capabilities that were derived.
    RevokeKeepsDescendants "INV-CAP-3",
    /// `revoke` leaves the bindings that rested on what ended.
    RevokeKeepsBindings "INV-CAP-3",
    /// An environment may hold one frame more than its limit.
    LimitOffByOne "INV-REV-1",
    /// An environment that holds too many frames is not asked for them.
    RequestForgotten "INV-REV-1",
    /// A frame is taken from whoever runs, not from who was asked.
    RepossessAnothers "INV-OWN-2",
    /// A frame that was taken twice is named twice.
    LossNotedTwice "INV-REV-5",
    /// An upcall that came by itself is told to be under way after its end.
    NoticeStays "INV-UP-3",
    /// An upcall may use one instruction more than its fuel.
    FuelOffByOne "INV-LIM-1",
    /// A refused `tlb_write` has dropped the page's binding already.
    RefusalHalfApplied "INV-ERR-1",
    /// A release is told of another frame.
    EventOfAnotherFrame "INV-EVT-1",
    /// A checkpoint does not bring the capabilities back.
    CheckpointForgetsCapabilities "INV-DET-1",
    /// Every environment's random numbers are taken from one sequence.
    RandomShared "confidentiality",
    /// A completed reference is not charged to the slice.
    SliceUncharged "INV-SCHED-1",
    /// A fault that no handler serves is passed up for ever.
    FaultForEver "INV-UP-2",
    /// An answered request is not taken off.
    ReplyKeepsRequest "INV-CALL-1",
    /// A transfer begins with bindings to its frame in place.
    TransferKeepsBindings "INV-REV-4",
    /// A frame that is lost under a transfer is free at once.
    FreeUnderTransfer "INV-REV-4",
    /// A block is written by a capability for reading.
    DiskWriteSkipsAuthority "INV-DISK-1",
    /// A block is counted on behind the end of its extent.
    BlockBeyondExtent "INV-DISK-1",
    /// What a transfer rests on is not looked at again when it is complete.
    TransferOutlivesRight "INV-DISK-1",
    /// A disk that failed moves the bytes all the same.
    FailedTransferMoves "INV-DISK-1",
    /// Blocks are handed out with what their last owner wrote.
    BlocksUncleared "INV-REV-3",
    /// An environment may hold one block more than its share.
    BlockShareOffByOne "INV-OWN-2",
    /// Anyone gives a slice back.
    SliceFreeSkipsOwner "integrity",
    /// A directed yield gives a whole slice, and not what is left of one.
    YieldRenewsSlice "INV-SCHED-2",
    /// Who has served a transfer serves it for ever.
    TransferBackForgotten "INV-SCHED-2",
    /// The end-of-slice handler may go on for ever.
    ExcessUncounted "INV-SCHED-1",
    /// A block is preloaded by a capability for reading.
    PreloadSkipsAuthority "INV-DISK-1",
    /// A frame that is being saved is free at once.
    SaveUnpinned "INV-REV-4",
    /// A double fault is passed over, and the handler goes on.
    DoubleFaultPassedOver "INV-UP-2",
    /// A libOS is not told that its block does not have what was to be saved.
    FailedSaveUntold "INV-DISK-1",
    /// A filter may take packets that another environment has claimed.
    OverlapUnchecked "INV-FILT-2",
    /// Anyone adds buffers to anyone's filter, and frees it.
    FilterSkipsOwner "integrity",
    /// A frame of anyone's becomes a buffer.
    BufferSkipsAuthority "INV-CODE-2",
    /// A ring keeps a frame that its owner has given up.
    RingKeepsFrame "INV-CODE-2",
    /// A buffer is filled though its ownership word says that it is full.
    FullBufferFilled "INV-NIC-1",
    /// A packet is put into a frame that its owner has given up meanwhile.
    FillOutlivesRight "integrity",
    /// A packet is sent from a frame that its sender has given up meanwhile.
    SendOutlivesRight "INV-NIC-1",
    /// A frame is free while a packet in it waits to be sent.
    SendUnpinned "INV-NIC-1",
    /// A filter that was freed goes on claiming packets.
    FilterLeftBehind "INV-FILT-1",
    /// A program that was downloaded may run as long as it likes.
    DownloadUnbounded "INV-CODE-1",
    /// A packet that found no buffer is not counted.
    DropUncounted "INV-NIC-1",
}

#[cfg(feature = "mutants")]
mod choice {
    use core::sync::atomic::{AtomicU8, Ordering};

    use super::Mutant;

    const NONE: u8 = u8::MAX;
    static CHOSEN: AtomicU8 = AtomicU8::new(NONE);

    impl Mutant {
        /// Chooses a mistake, or none, for every machine of the process.
        pub fn choose(mutant: Option<Mutant>) {
            CHOSEN.store(mutant.map_or(NONE, |it| it as u8), Ordering::Relaxed);
        }

        /// Whether the kernel makes this mistake now.
        #[inline]
        pub(crate) fn made(self) -> bool {
            CHOSEN.load(Ordering::Relaxed) == self as u8
        }
    }
}

#[cfg(not(feature = "mutants"))]
impl Mutant {
    /// Whether the kernel makes this mistake now: never.
    #[inline(always)]
    pub(crate) const fn made(self) -> bool {
        false
    }
}
