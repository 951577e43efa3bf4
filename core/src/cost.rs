//! What each path costs, in cycles (systems of the SOSP'95 paper, tables 4 to 6).
//!
//! The published microseconds times the clock are nearly the same number of cycles on all three
//! machines, so cycles are what is counted and a clock turns them into time. What the paper gives
//! no figure for (zeroing a frame or a block, switching environments at the end of a slice) costs
//! nothing. The disk's times are our own: the paper's system had none yet.

/// One reference of a trace: the application's instruction.
pub const REFERENCE: u64 = 1;
/// A miss that the software TLB answers, 18 instructions (A33).
pub const STLB_HIT: u64 = 36;
/// Dispatch of an exception to its environment, 18 instructions (A26, table 5).
pub const DISPATCH: u64 = 36;
/// Dispatch of a protection exception (table 5).
pub const DISPATCH_PROTECTION: u64 = 38;
/// A system call without a kernel stack (A44, table 4).
pub const SYSTEM_CALL: u64 = 40;
/// A system call with a kernel stack (A44, table 4): 59, 58 and 57 cycles on the three machines.
pub const STACK_CALL: u64 = 58;
/// Each page of a system call that drops a run of them, beside the call itself. Aegis had a primitive
/// for one page (SOSP'95 table 3, TLBvadelete), for which no figure is published. Our own count of
/// what it takes on an R3000, at a cycle each: probe the TLB and clear the entry if there is one (6
/// instructions), the same with the software TLB (6), and the loop around them (2).
pub const DROP_PAGE: u64 = 14;
/// One instruction of a handler or of an application that is a program (D2).
pub const INSTRUCTION: u64 = 1;
/// A procedure call and its return, the calling instruction included (table 4, null procedure call):
/// what an application pays to enter its own libOS. The kernel takes no part.
pub const PROCEDURE_CALL: u64 = 7;
/// A protected control transfer, one way, 30 instructions (A43, table 6).
pub const TRANSFER: u64 = 36;
/// Taking an interrupt of the network interface and putting back what it stopped. Our own: no figure is
/// published; as much as the dispatch of an exception, which saves the same registers.
pub const INTERRUPT: u64 = 36;
/// Moving four bytes between the network interface and memory. Our own: a bus of 32 bits at the clock of
/// the processor.
pub const PACKET_WORD: u64 = 1;
/// Moving the disk's arm to a block that does not follow the last one, and waiting for the block to
/// come round. Our own: 10 ms at 25 MHz, the order of a disk of the paper's time.
pub const DISK_SEEK: u64 = 250_000;
/// Moving one block, however large. Our own: 2 ms at 25 MHz, 4 KiB at 2 MB/s.
pub const DISK_BLOCK: u64 = 50_000;
