//! The instruction set: small, checked, one unit of fuel each (D2).

/// A register of the running function: an index into its window of 256.
pub type Register = u8;

/// One instruction: one unit of fuel, one cycle (D2).
///
/// Registers hold 64 bits. An unsigned value of fewer bits is kept zero-extended, a signed one
/// sign-extended, a `bool` as 0 or 1, so that one comparison serves every width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "operands are named for what they are: registers, unless said"
)]
pub enum Instr {
    /// `to = value`, sign-extended.
    Const { to: Register, value: i32 },
    /// `to = constants[index]`.
    ConstWide { to: Register, index: u16 },
    /// `to = from`.
    Move { to: Register, from: Register },
    /// Checked addition; a result outside `bits` (8, 16, 32 or 64) is a trap.
    AddU {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Checked subtraction of unsigned values.
    SubU {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Checked multiplication.
    MulU {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Division of unsigned values; by zero is a trap.
    DivU {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Remainder of unsigned values; by zero is a trap.
    RemU {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Checked addition of signed values of `bits` (32 or 64).
    AddS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Checked subtraction of signed values.
    SubS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Checked multiplication of signed values.
    MulS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Division of signed values, towards zero; by zero, or `MIN / -1`, is a trap.
    DivS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Remainder of signed values; by zero, or `MIN % -1`, is a trap.
    RemS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Bitwise and.
    And {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Bitwise or.
    Or {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Bitwise exclusive or.
    Xor {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Shift left of an unsigned value of `bits`; bits shifted out are lost; a distance of `bits`
    /// or more is a trap.
    ShlU {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Shift left of a signed value of `bits`, result sign-extended again.
    ShlS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Shift right, zeros coming in; a distance of `bits` or more is a trap.
    ShrU {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Shift right, sign coming in; a distance of `bits` or more is a trap.
    ShrS {
        to: Register,
        left: Register,
        right: Register,
        bits: u8,
    },
    /// Bitwise not of an unsigned value of `bits`.
    NotU {
        to: Register,
        from: Register,
        bits: u8,
    },
    /// Bitwise not of a signed value (any width: the extension keeps its sign).
    NotS { to: Register, from: Register },
    /// Logical not of a `bool`.
    NotBool { to: Register, from: Register },
    /// Checked negation of a signed value of `bits`.
    Neg {
        to: Register,
        from: Register,
        bits: u8,
    },
    /// `as` to an unsigned type of `bits`: keeps the low bits.
    CastU {
        to: Register,
        from: Register,
        bits: u8,
    },
    /// `as` to a signed type of `bits`: keeps the low bits, sign-extended.
    CastS {
        to: Register,
        from: Register,
        bits: u8,
    },
    /// `to = left == right`.
    Eq {
        to: Register,
        left: Register,
        right: Register,
    },
    /// `to = left != right`.
    Ne {
        to: Register,
        left: Register,
        right: Register,
    },
    /// `to = left < right`, unsigned.
    LtU {
        to: Register,
        left: Register,
        right: Register,
    },
    /// `to = left <= right`, unsigned.
    LeU {
        to: Register,
        left: Register,
        right: Register,
    },
    /// `to = left < right`, signed.
    LtS {
        to: Register,
        left: Register,
        right: Register,
    },
    /// `to = left <= right`, signed.
    LeS {
        to: Register,
        left: Register,
        right: Register,
    },
    /// Continues at instruction `target` of the program.
    Jump { target: u32 },
    /// Continues at `target` if `when` is not 0.
    JumpIf { when: Register, target: u32 },
    /// Continues at `target` if `when` is 0.
    JumpIfNot { when: Register, target: u32 },
    /// `to = base + index * shapes[shape].size_bytes`; an index of `shapes[shape].length` or more
    /// is a trap. `base` and `to` hold addresses within the program's state.
    Element {
        to: Register,
        base: Register,
        index: Register,
        shape: u16,
    },
    /// `to = base + offset`: the address of a field.
    Address {
        to: Register,
        base: Register,
        offset: u32,
    },
    /// Loads one byte of state at `base + offset`.
    LoadU8 {
        to: Register,
        base: Register,
        offset: u32,
    },
    /// Loads two bytes, zero-extended.
    LoadU16 {
        to: Register,
        base: Register,
        offset: u32,
    },
    /// Loads four bytes, zero-extended.
    LoadU32 {
        to: Register,
        base: Register,
        offset: u32,
    },
    /// Loads four bytes, sign-extended.
    LoadI32 {
        to: Register,
        base: Register,
        offset: u32,
    },
    /// Loads eight bytes.
    Load64 {
        to: Register,
        base: Register,
        offset: u32,
    },
    /// Stores the low byte of `from` at `base + offset`.
    Store8 {
        from: Register,
        base: Register,
        offset: u32,
    },
    /// Stores the low two bytes.
    Store16 {
        from: Register,
        base: Register,
        offset: u32,
    },
    /// Stores the low four bytes.
    Store32 {
        from: Register,
        base: Register,
        offset: u32,
    },
    /// Stores eight bytes.
    Store64 {
        from: Register,
        base: Register,
        offset: u32,
    },
    /// Calls `functions[function]`; its window of registers starts at the caller's `first`, where
    /// the arguments lie and where the results will.
    Call { function: u16, first: Register },
    /// Returns; the results lie in the registers from 0 on.
    Return,
    /// Asks the kernel; arguments and results lie in the registers from `first` on.
    Syscall { call: u8, first: Register },
    /// Writes `messages[message]` with `count` (at most 3) values from `first` on to the log.
    Log {
        message: u16,
        first: Register,
        count: u8,
    },
}

const _: () = assert!(
    size_of::<Instr>() == 8,
    "the code of a handler should fit the cache"
);
