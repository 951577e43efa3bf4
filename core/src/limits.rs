//! Limits: every table of the machine has one, and reaching it is an error, never growth (INV-LIM-1).

/// Frames of physical memory.
pub const FRAMES_MAX: u32 = 65_536;
/// Entries of the hardware TLB.
pub const TLB_ENTRIES_MAX: u32 = 1_024;
/// Entries of the software TLB.
pub const STLB_ENTRIES_MAX: u32 = 65_536;
/// Environments: one for each 6-bit address-space id (A35).
pub const ENVIRONMENTS_MAX: usize = 64;
/// Capabilities that have not ended, of all environments together.
pub const CAPABILITIES_MAX: usize = 4_096;
/// Capabilities that one environment has made and that have not ended: its share of the table.
pub const CAPABILITIES_PER_ENVIRONMENT_MAX: usize = CAPABILITIES_MAX / ENVIRONMENTS_MAX;
/// Slices in the vector.
pub const SLICES_MAX: usize = 128;
/// Slices in the vector unless the configuration says otherwise, or environments if those are more.
pub const SLICES_DEFAULT: usize = 16;
/// Cycles in which an end-of-slice handler must be done.
pub const SAVE_CYCLES: u32 = 500;
/// Slices that an environment may have used in excess without having paid for one.
pub const EXCESS_SLICES_MAX: u8 = 3;
/// Blocks of the disk.
pub const DISK_BLOCKS_MAX: u32 = 65_536;
/// Blocks in one repossession vector, for what is taken by force.
pub const SAVE_BLOCKS_MAX: usize = 16;
/// Transfers that the disk takes on at once: one for each environment, which waits for it, and one for
/// each block of each repossession vector.
pub const DISK_QUEUE_MAX: usize = ENVIRONMENTS_MAX * (1 + SAVE_BLOCKS_MAX);
/// Pages that one system call takes.
pub const RUN_PAGES_MAX: u32 = 1_024;
/// log2 of the largest page in bytes.
pub const PAGE_BITS_MAX: u8 = 16;
/// Instructions of one upcall.
pub const UPCALL_FUEL: u64 = 1_000_000;
/// Instructions of one program.
pub const CODE_MAX: usize = 1 << 18;
/// Bytes of the shortest packet: an Ethernet header.
pub const PACKET_BYTES_MIN: u32 = 14;
/// Bytes of the longest packet: an Ethernet header and 1,500 bytes.
pub const PACKET_BYTES_MAX: u32 = 1_514;
/// Parts of a packet that is sent.
pub const PACKET_PARTS_MAX: usize = 4;
/// Packets on the link towards the machine.
pub const COMING_MAX: usize = 4_096;
/// Packets in the receive ring of the network interface.
pub const RECEIVED_MAX: usize = 64;
/// Packets of one environment that wait to be sent.
pub const SENDING_MAX: usize = 16;
/// Filters of one environment.
pub const FILTERS_PER_ENVIRONMENT_MAX: usize = FILTERS_MAX / ENVIRONMENTS_MAX;
/// Buffers in the ring of one filter.
pub const RING_BUFFERS_MAX: usize = 64;
/// Frames that one message handler reaches.
pub const HANDLER_FRAMES_MAX: usize = 16;
/// Programs that come with an environment to be downloaded.
pub const DOWNLOADS_MAX: usize = 16;
/// Instructions of one run of a downloaded message handler or deterministic function.
pub const DOWNLOADED_FUEL: u64 = 10_000;
/// Calls under way at once within one upcall.
pub const CALL_DEPTH_MAX: usize = 64;
/// Registers of one function.
pub const WINDOW_REGISTERS: usize = 256;
/// Bytes of locals that need an address, of all calls under way together.
pub const STACK_BYTES_MAX: usize = 64 << 10;
/// A policy's state, in bytes.
pub const STATE_BYTES_MAX: usize = 8 << 20;
/// Faults of one kind on one reference before the environment is given up.
pub const IDENTICAL_FAULTS_MAX: u8 = 3;
/// Upcalls that come by themselves and wait for one environment.
pub const NOTICES_MAX: usize = 8;
/// Values of one `log!`.
pub const LOG_VALUES_MAX: usize = 3;
/// Filters that are installed at once.
pub const FILTERS_MAX: usize = 2_048;
/// Patterns of one filter.
pub const FILTER_PATTERNS_MAX: usize = 1_024;
/// Patterns of all filters together.
pub const PATTERNS_MAX: usize = 8_192;
/// Places of the trie that the patterns are merged into.
pub const FILTER_NODES_MAX: usize = 65_536;
/// Atoms of one pattern.
pub const PATTERN_ATOMS_MAX: usize = 64;
/// Atoms of one pattern that move the base by a field of the packet.
pub const PATTERN_SHIFTS_MAX: usize = 8;
