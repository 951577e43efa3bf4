//! The instruction set: small, checked, one unit of fuel each (D2).
//!
//! One table says what there is: the enum, the bytes of an instruction and the list of its operands
//! (which the verifier walks) all come from it.

use super::encoding::instructions;

/// A register of the running function: an index into its window of 256.
pub type Register = u8;
/// The first of a row of registers, which may be empty.
pub type Row = u8;
/// Index of an instruction of the program.
pub type Target = u32;
/// Index into [`Program::shapes`](super::Program::shapes).
pub type ShapeIndex = u16;
/// Index into [`Program::constants`](super::Program::constants).
pub type ConstantIndex = u16;
/// Index into [`Program::functions`](super::Program::functions).
pub type FunctionIndex = u16;
/// Index into [`Program::messages`](super::Program::messages).
pub type MessageIndex = u16;
/// A width in bits: 8, 16, 32 or 64.
pub type Bits = u8;
/// Number of a system call.
pub type CallNumber = u8;
/// How an element lies in memory: 0 `u8`, 1 `u16`, 2 `u32`, 3 `i32`, 4 eight bytes.
pub type WidthCode = u8;

instructions! {
    /// `to = value`, sign-extended.
    Const = 0 { to: Register, value: i32 };
    /// `to = constants[index]`.
    ConstWide = 1 { to: Register, index: ConstantIndex };
    /// `to = from`.
    Move = 2 { to: Register, from: Register };
    /// Checked addition; a result outside `bits` (8, 16, 32 or 64) is a trap.
    AddU = 3 { to: Register, left: Register, right: Register, bits: Bits };
    /// Checked subtraction of unsigned values.
    SubU = 4 { to: Register, left: Register, right: Register };
    /// Checked multiplication.
    MulU = 5 { to: Register, left: Register, right: Register, bits: Bits };
    /// Division of unsigned values; by zero is a trap.
    DivU = 6 { to: Register, left: Register, right: Register };
    /// Remainder of unsigned values; by zero is a trap.
    RemU = 7 { to: Register, left: Register, right: Register };
    /// Checked addition of signed values of `bits` (32 or 64).
    AddS = 8 { to: Register, left: Register, right: Register, bits: Bits };
    /// Checked subtraction of signed values.
    SubS = 9 { to: Register, left: Register, right: Register, bits: Bits };
    /// Checked multiplication of signed values.
    MulS = 10 { to: Register, left: Register, right: Register, bits: Bits };
    /// Division of signed values, towards zero; by zero, or `MIN / -1`, is a trap.
    DivS = 11 { to: Register, left: Register, right: Register, bits: Bits };
    /// Remainder of signed values; by zero, or `MIN % -1`, is a trap.
    RemS = 12 { to: Register, left: Register, right: Register, bits: Bits };
    /// Bitwise and.
    And = 13 { to: Register, left: Register, right: Register };
    /// Bitwise or.
    Or = 14 { to: Register, left: Register, right: Register };
    /// Bitwise exclusive or.
    Xor = 15 { to: Register, left: Register, right: Register };
    /// Shift left of an unsigned value of `bits`; bits shifted out are lost; a distance of `bits`
    /// or more is a trap.
    ShlU = 16 { to: Register, left: Register, right: Register, bits: Bits };
    /// Shift left of a signed value of `bits`, result sign-extended again.
    ShlS = 17 { to: Register, left: Register, right: Register, bits: Bits };
    /// Shift right, zeros coming in; a distance of `bits` or more is a trap.
    ShrU = 18 { to: Register, left: Register, right: Register, bits: Bits };
    /// Shift right, sign coming in; a distance of `bits` or more is a trap.
    ShrS = 19 { to: Register, left: Register, right: Register, bits: Bits };
    /// Bitwise not of an unsigned value of `bits`.
    NotU = 20 { to: Register, from: Register, bits: Bits };
    /// Bitwise not of a signed value (any width: the extension keeps its sign).
    NotS = 21 { to: Register, from: Register };
    /// Logical not of a `bool`.
    NotBool = 22 { to: Register, from: Register };
    /// Checked negation of a signed value of `bits`.
    Neg = 23 { to: Register, from: Register, bits: Bits };
    /// `as` to an unsigned type of `bits`: keeps the low bits.
    CastU = 24 { to: Register, from: Register, bits: Bits };
    /// `as` to a signed type of `bits`: keeps the low bits, sign-extended.
    CastS = 25 { to: Register, from: Register, bits: Bits };
    /// `to = left == right`.
    Eq = 26 { to: Register, left: Register, right: Register };
    /// `to = left != right`.
    Ne = 27 { to: Register, left: Register, right: Register };
    /// `to = left < right`, unsigned.
    LtU = 28 { to: Register, left: Register, right: Register };
    /// `to = left <= right`, unsigned.
    LeU = 29 { to: Register, left: Register, right: Register };
    /// `to = left < right`, signed.
    LtS = 30 { to: Register, left: Register, right: Register };
    /// `to = left <= right`, signed.
    LeS = 31 { to: Register, left: Register, right: Register };
    /// Continues at instruction `target` of the program.
    Jump = 32 { target: Target };
    /// Continues at `target` if `when` is not 0.
    JumpIf = 33 { when: Register, target: Target };
    /// Continues at `target` if `when` is 0.
    JumpIfNot = 34 { when: Register, target: Target };
    /// `to = base + offset + index * size_bytes` of the shape; an index of its `length` or more
    /// is a trap. `base` and `to` hold addresses within the program's state.
    Element = 35 { to: Register, base: Register, index: Register, shape: ShapeIndex };
    /// `to = base + offset`: the address of a field.
    Address = 36 { to: Register, base: Register, offset: u32 };
    /// Loads one byte of state at `base + offset`.
    LoadU8 = 37 { to: Register, base: Register, offset: u32 };
    /// Loads two bytes, zero-extended.
    LoadU16 = 38 { to: Register, base: Register, offset: u32 };
    /// Loads four bytes, zero-extended.
    LoadU32 = 39 { to: Register, base: Register, offset: u32 };
    /// Loads four bytes, sign-extended.
    LoadI32 = 40 { to: Register, base: Register, offset: u32 };
    /// Loads eight bytes.
    Load64 = 41 { to: Register, base: Register, offset: u32 };
    /// Stores the low byte of `from` at `base + offset`.
    Store8 = 42 { from: Register, base: Register, offset: u32 };
    /// Stores the low two bytes.
    Store16 = 43 { from: Register, base: Register, offset: u32 };
    /// Stores the low four bytes.
    Store32 = 44 { from: Register, base: Register, offset: u32 };
    /// Stores eight bytes.
    Store64 = 45 { from: Register, base: Register, offset: u32 };
    /// Calls `functions[function]`; its window of registers starts at the caller's `first`, where
    /// the arguments lie and where the results will.
    Call = 46 { function: FunctionIndex, first: Row };
    /// Returns; the `count` results lie from `first` on, and go to the registers from 0 on.
    Return = 47 { first: Row, count: u8 };
    /// Asks the kernel; arguments and results lie in the registers from `first` on.
    Syscall = 48 { call: CallNumber, first: Row };
    /// Writes `messages[message]` with `count` (at most 3) values from `first` on to the log.
    Log = 49 { message: MessageIndex, first: Row, count: u8 };
    /// Checked addition of an unsigned value and a number known beforehand, which may be
    /// negative.
    AddImmediateU = 50 { to: Register, left: Register, bits: Bits, value: i32 };
    /// Checked addition of a signed value and a number known beforehand.
    AddImmediateS = 51 { to: Register, left: Register, bits: Bits, value: i32 };
    /// Addition modulo 2^64; a cast follows for fewer bits.
    WrapAdd = 52 { to: Register, left: Register, right: Register };
    /// Subtraction modulo 2^64.
    WrapSub = 53 { to: Register, left: Register, right: Register };
    /// Multiplication modulo 2^64.
    WrapMul = 54 { to: Register, left: Register, right: Register };
    /// How many zeros lead a value of `bits`.
    LeadingZeros = 55 { to: Register, from: Register, bits: Bits };
    /// How many zeros end a value of `bits`.
    TrailingZeros = 56 { to: Register, from: Register, bits: Bits };
    /// How many bits of a value of `bits` are set.
    CountOnes = 57 { to: Register, from: Register, bits: Bits };
    /// Continues at `target` if `left == right`.
    JumpEq = 58 { left: Register, right: Register, target: Target };
    /// Continues at `target` if `left != right`.
    JumpNe = 59 { left: Register, right: Register, target: Target };
    /// Continues at `target` if `left < right`, unsigned.
    JumpLtU = 60 { left: Register, right: Register, target: Target };
    /// Continues at `target` if `left <= right`, unsigned.
    JumpLeU = 61 { left: Register, right: Register, target: Target };
    /// Continues at `target` if `left < right`, signed.
    JumpLtS = 62 { left: Register, right: Register, target: Target };
    /// Continues at `target` if `left <= right`, signed.
    JumpLeS = 63 { left: Register, right: Register, target: Target };
    /// Continues at `target` if `left` is `value`, sign-extended.
    JumpEqImmediate = 64 { left: Register, value: i16, target: Target };
    /// Continues at `target` if `left` is not `value`, sign-extended.
    JumpNeImmediate = 65 { left: Register, value: i16, target: Target };
    /// Continues at `target` if `left` is less than `value`, unsigned.
    JumpLtImmediateU = 66 { left: Register, value: u16, target: Target };
    /// Continues at `target` if `left` is `value` or more, unsigned.
    JumpGeImmediateU = 67 { left: Register, value: u16, target: Target };
    /// Loads an element: as [`Instr::Element`] and a load of that width would.
    LoadElement = 68 { to: Register, base: Register, index: Register, width: WidthCode, shape: ShapeIndex };
    /// Stores an element: as [`Instr::Element`] and a store of that width would.
    StoreElement = 69 { from: Register, base: Register, index: Register, width: WidthCode, shape: ShapeIndex };
    /// `to` = the address of byte `offset` of the running function's stack frame.
    Local = 70 { to: Register, offset: u32 };
    /// Gives the running function a stack frame of `bytes` zeros; 8 bytes are one unit of fuel.
    Enter = 71 { bytes: u32 };
    /// Copies `bytes` from address `from` to address `to`; 8 bytes are one unit of fuel. The
    /// ranges are the same or apart.
    Copy = 72 { to: Register, from: Register, bytes: u32 };
    /// Copies element 0 of the array at address `to` over all others; 8 bytes are one unit of
    /// fuel.
    Repeat = 73 { to: Register, shape: ShapeIndex };
    /// `to` = whether the `bytes` at addresses `left` and `right` are equal; 8 bytes are one unit
    /// of fuel.
    EqualBytes = 74 { to: Register, left: Register, right: Register, bytes: u32 };
    /// The program gives up: a trap with a message.
    Panic = 75 { message: MessageIndex };
    /// Loads from the application's memory through the MMU, zero-extended; may fault.
    MemLoad = 76 { to: Register, address: Register, bits: Bits };
    /// Stores to the application's memory through the MMU; may fault.
    MemStore = 77 { from: Register, address: Register, bits: Bits };
    /// Calls the application's own libOS: a procedure call, no crossing. Arguments (request,
    /// first, second) and results (tag, value) lie from `first` on.
    LibosCall = 78 { first: Row };
    /// `to` = length of the packet in bytes.
    PacketLength = 79 { to: Register };
    /// Loads from byte `at` of the packet, in network byte order; past its end is a trap.
    PacketLoad = 80 { to: Register, at: Register, bits: Bits };
    /// Stores into byte `at` of the reply, in network byte order; past its room is a trap.
    ReplyStore = 81 { from: Register, at: Register, bits: Bits };
    /// Sends the first `length` bytes of the reply; more than its room is a trap.
    ReplySend = 82 { length: Register };
    /// Loads an element of one byte, as [`Instr::LoadElement`] would; the widths that handlers use
    /// most have instructions of their own.
    LoadElementU8 = 83 { to: Register, base: Register, index: Register, shape: ShapeIndex };
    /// Loads an element of four bytes, zero-extended.
    LoadElementU32 = 84 { to: Register, base: Register, index: Register, shape: ShapeIndex };
    /// Loads an element of eight bytes.
    LoadElement64 = 85 { to: Register, base: Register, index: Register, shape: ShapeIndex };
    /// Stores the low byte of `from` as an element.
    StoreElement8 = 86 { from: Register, base: Register, index: Register, shape: ShapeIndex };
    /// Stores the low four bytes.
    StoreElement32 = 87 { from: Register, base: Register, index: Register, shape: ShapeIndex };
    /// Stores eight bytes.
    StoreElement64 = 88 { from: Register, base: Register, index: Register, shape: ShapeIndex };
    /// Stores a byte known beforehand as an element.
    SetElement8 = 89 { value: u8, base: Register, index: Register, shape: ShapeIndex };
    /// Division of an unsigned value by a number known beforehand; by zero is a trap.
    DivImmediateU = 90 { to: Register, left: Register, value: u32 };
    /// Remainder of an unsigned value and a number known beforehand; by zero is a trap.
    RemImmediateU = 91 { to: Register, left: Register, value: u32 };
    /// Bitwise and with a number known beforehand.
    AndImmediate = 92 { to: Register, left: Register, value: u32 };
    /// The coprocessor's one instruction: `to` = the whole part of the square root of `from`. While
    /// the coprocessor is off it is a trap.
    SquareRoot = 93 { to: Register, from: Register };
}

const _: () = assert!(
    size_of::<Instr>() == 8,
    "the code of a handler should fit the cache"
);
