//! Instructions as eight bytes: number, then operands in the order of their declaration, then zeros.
//!
//! Little-endian. The digest reads these bytes too, so equal code has equal digests everywhere.

use super::instr::{
    Bits, CallNumber, ConstantIndex, FunctionIndex, MessageIndex, Register, Row, ShapeIndex,
    Target, WidthCode,
};

/// One operand of an instruction, as the verifier and listings see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A register that is read or written.
    Register(Register),
    /// The first of a row of registers, which may be empty.
    Row(Row),
    /// An instruction to continue at.
    Target(Target),
    /// An array's shape.
    Shape(ShapeIndex),
    /// A wide constant.
    Constant(ConstantIndex),
    /// A function to call.
    Function(FunctionIndex),
    /// A text.
    Message(MessageIndex),
    /// A width in bits.
    Bits(Bits),
    /// How an element lies in memory.
    Width(WidthCode),
    /// A system call.
    Call(CallNumber),
    /// A plain number.
    Number(i64),
}

/// A whole number that takes part in an encoding.
pub(super) trait Packed: Sized {
    /// Writes it behind what is written already.
    fn pack(self, bytes: &mut [u8; 8], at: &mut usize);
    /// Reads it; `at` moves on.
    fn unpack(bytes: &[u8; 8], at: &mut usize) -> Self;
}

macro_rules! packed {
    ($($ty:ty),*) => {$(
        impl Packed for $ty {
            fn pack(self, bytes: &mut [u8; 8], at: &mut usize) {
                for byte in self.to_le_bytes() {
                    if let Some(place) = bytes.get_mut(*at) {
                        *place = byte;
                    }
                    *at += 1;
                }
            }

            fn unpack(bytes: &[u8; 8], at: &mut usize) -> $ty {
                let mut own = [0; size_of::<$ty>()];
                for place in &mut own {
                    *place = bytes.get(*at).copied().unwrap_or(0);
                    *at += 1;
                }
                <$ty>::from_le_bytes(own)
            }
        }
    )*};
}

packed!(u8, u16, u32, i16, i32);

/// The operand of a declared type.
macro_rules! operand {
    (Register $value:expr) => {
        Operand::Register($value)
    };
    (Row $value:expr) => {
        Operand::Row($value)
    };
    (Target $value:expr) => {
        Operand::Target($value)
    };
    (ShapeIndex $value:expr) => {
        Operand::Shape($value)
    };
    (ConstantIndex $value:expr) => {
        Operand::Constant($value)
    };
    (FunctionIndex $value:expr) => {
        Operand::Function($value)
    };
    (MessageIndex $value:expr) => {
        Operand::Message($value)
    };
    (Bits $value:expr) => {
        Operand::Bits($value)
    };
    (WidthCode $value:expr) => {
        Operand::Width($value)
    };
    (CallNumber $value:expr) => {
        Operand::Call($value)
    };
    ($other:ident $value:expr) => {
        Operand::Number(i64::from($value))
    };
}

/// Makes the instruction set of its table.
macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident = $number:literal { $($field:ident: $ty:ident),* };)*) => {
        /// One instruction: one unit of fuel, one cycle, but for bulk ones (D2).
        ///
        /// Registers hold 64 bits. An unsigned value of fewer bits is kept zero-extended, a signed
        /// one sign-extended, a `bool` as 0 or 1, so that one comparison serves every width.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(
            missing_docs,
            reason = "operands are named for what they are: registers, unless said"
        )]
        pub enum Instr { $($(#[$doc])* $name { $($field: $ty),* },)* }

        impl Instr {
            /// Its eight bytes.
            pub fn to_bytes(self) -> [u8; 8] {
                use crate::cpu::encoding::Packed;
                let mut bytes = [0; 8];
                let mut at = 1;
                match self {
                    $(Instr::$name { $($field),* } => {
                        bytes[0] = $number;
                        $($field.pack(&mut bytes, &mut at);)*
                    })*
                }
                let _ = at;
                bytes
            }

            /// The instruction of these bytes; none if there is no such instruction.
            pub fn from_bytes(bytes: [u8; 8]) -> Option<Instr> {
                use crate::cpu::encoding::Packed;
                let mut at = 1;
                let instr = match bytes[0] {
                    $($number => Instr::$name { $($field: Packed::unpack(&bytes, &mut at)),* },)*
                    _ => return None,
                };
                let _ = at;
                // One instruction has one encoding: what is not used is zero.
                (instr.to_bytes() == bytes).then_some(instr)
            }

            /// Calls `see` with each operand, in the order of declaration.
            pub fn operands(self, see: &mut impl FnMut(crate::cpu::Operand)) {
                use crate::cpu::encoding::operand;
                use crate::cpu::Operand;
                match self {
                    $(Instr::$name { $($field),* } => { $(see(operand!($ty $field));)* })*
                }
            }
        }

        #[cfg(test)]
        mod tests {
            use super::Instr;

            #[test]
            fn every_instruction_is_its_bytes_and_no_other_bytes_are_it() {
                $({
                    let mut bytes = [0; 8];
                    bytes[0] = $number;
                    let instr = Instr::from_bytes(bytes);
                    assert_eq!(instr.map(Instr::to_bytes), Some(bytes), stringify!($name));
                })*
                assert_eq!(Instr::from_bytes([255; 8]), None);
                let padded = [2, 1, 2, 0, 0, 0, 0, 1];
                assert_eq!(Instr::from_bytes(padded), None, "what is not used must be zero");
            }
        }
    };
}

pub(super) use {instructions, operand};
