//! The compiler's knowledge of `exo-prelude`: tables, generated with that crate from one source.

mod table;
mod vocabulary;

use exo_core::cpu::{Entry, Role};
use exo_core::kernel::call::Call;

use crate::types::Integer;

pub(crate) use table::{DOORS, Door, ENUMS, Newtype, ROLES, STRUCTS, SYS_ERROR};
pub use vocabulary::{Kind, WordEntry, vocabulary};

/// A type as the tables spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreludeType {
    Unit,
    Bool,
    Integer(Integer),
    Newtype(Newtype),
    /// By its place in [`ENUMS`].
    Enum(usize),
    /// By its place in [`STRUCTS`].
    Struct(usize),
    Door(Door),
    /// `Result<value, SysError>`.
    Refusable(&'static PreludeType),
}

/// A name with what an editor shows of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) doc: &'static str,
}

/// A number in a type of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewtypeRow {
    pub(crate) name: &'static str,
    pub(crate) of: Integer,
    pub(crate) doc: &'static str,
    pub(crate) words: &'static [Word],
}

/// An enum without fields; a variant's place is its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EnumRow {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) variants: &'static [Word],
}

/// A plain struct.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StructRow {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) fields: &'static [(Word, PreludeType)],
}

/// A type that is passed on by reference, and asked with methods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DoorRow {
    pub(crate) name: &'static str,
    /// How a parameter of the type is written.
    pub(crate) reference: &'static str,
    /// What such a parameter is called by custom.
    pub(crate) parameter: &'static str,
    pub(crate) mutable: bool,
    pub(crate) doc: &'static str,
    pub(crate) methods: &'static [Method],
}

/// What a method of a door does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    System(Call),
    /// Loads that many bytes of the application's memory.
    MemoryLoad(u8),
    /// Stores that many bytes there.
    MemoryStore(u8),
    /// Calls the environment's own libOS.
    Request,
    /// Uses the coprocessor.
    SquareRoot,
    /// The length of the packet or block.
    Length,
    /// Reads that many bytes of it.
    Read(u8),
    /// Writes that many bytes of the reply.
    ReplyStore(u8),
    /// Sends the reply.
    ReplySend,
}

impl Operation {
    /// Whether its arguments and results lie in a row of registers, as those of a call.
    pub(crate) fn is_call(self) -> bool {
        matches!(self, Operation::System(_) | Operation::Request)
    }
}

/// A method of a door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) operation: Operation,
    /// It takes `&mut self`.
    pub(crate) mutable: bool,
    pub(crate) arguments: &'static [PreludeType],
    pub(crate) result: PreludeType,
    /// What it costs beside the instruction itself.
    pub(crate) cycles: u64,
    pub(crate) word: Word,
}

/// A trait that says what a source is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleRow {
    pub(crate) role: Role,
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) upcalls: &'static [Upcall],
}

/// A function of a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upcall {
    pub(crate) entry: Entry,
    pub(crate) required: bool,
    /// It takes `&mut self`.
    pub(crate) mutable: bool,
    pub(crate) arguments: &'static [PreludeType],
    pub(crate) result: PreludeType,
    pub(crate) word: Word,
}

impl Door {
    /// Its row.
    pub(crate) fn row(self) -> &'static DoorRow {
        &DOORS[self as usize]
    }

    /// The door of that name.
    pub(crate) fn from_name(name: &str) -> Option<Door> {
        Door::ALL
            .iter()
            .copied()
            .find(|door| door.row().name == name)
    }

    /// Its method of that name.
    pub(crate) fn method(self, name: &str) -> Option<&'static Method> {
        let mut methods = self.row().methods.iter();
        methods.find(|method| method.word.name == name)
    }
}

impl Newtype {
    fn row(self) -> &'static NewtypeRow {
        &table::NEWTYPES[self as usize]
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// The integer that it is.
    pub(crate) fn of(self) -> Integer {
        self.row().of
    }
}

/// Names that a policy may not give to types of its own.
pub(crate) fn is_type_name(name: &str) -> bool {
    matches!(name, "Option" | "Result")
        || table::NEWTYPES.iter().any(|row| row.name == name)
        || ENUMS.iter().any(|row| row.name == name)
        || STRUCTS.iter().any(|row| row.name == name)
        || DOORS.iter().any(|row| row.name == name)
        || ROLES.iter().any(|row| row.name == name)
}

/// The name of the crate that a policy uses.
pub(crate) const CRATE: &str = "exo_prelude";

#[cfg(test)]
mod tests {
    use exo_core::error::SysError;
    use exo_core::ids::{Access, Cause};

    use super::*;

    fn registers(of: PreludeType) -> u8 {
        match of {
            PreludeType::Unit => 0,
            PreludeType::Refusable(value) => 1 + registers(*value).max(1),
            PreludeType::Struct(place) => STRUCTS[place].fields.len() as u8,
            _ => 1,
        }
    }

    #[test]
    fn every_call_but_log_is_a_method_with_the_registers_that_the_kernel_expects() {
        for call in Call::ALL.iter().filter(|call| **call != Call::Log) {
            let method = Door::Sys.method(call.name());
            let method = method.unwrap_or_else(|| panic!("{call:?} is missing"));
            let arguments = method.arguments.iter().map(|of| registers(*of)).sum();
            assert_eq!(method.operation, Operation::System(*call));
            assert_eq!(
                (arguments, registers(method.result)),
                call.registers(),
                "{call:?}"
            );
        }
    }

    #[test]
    fn roles_and_their_functions_are_those_of_the_core() {
        for (number, row) in (0..).zip(ROLES) {
            assert_eq!(Role::from_number(number), Some(row.role));
            for upcall in row.upcalls {
                assert_eq!(upcall.entry.name(), upcall.word.name);
            }
        }
        assert_eq!(Role::from_number(ROLES.len() as u8), None);
    }

    #[test]
    fn every_system_call_costs_what_the_kernel_charges() {
        for method in Door::Sys.row().methods {
            let cycles = match method.operation {
                Operation::System(call) => call.way().cycles(),
                _ => 0,
            };
            assert_eq!(method.cycles, cycles, "{}", method.word.name);
        }
    }

    fn variants(name: &str) -> Vec<&'static str> {
        let row = ENUMS.iter().find(|row| row.name == name);
        row.map_or(Vec::new(), |row| {
            row.variants.iter().map(|word| word.name).collect()
        })
    }

    #[test]
    fn values_of_enums_are_those_of_the_core() {
        for (position, error) in SysError::ALL.iter().enumerate() {
            assert_eq!(*error as usize, position);
        }
        let refusals: Vec<&str> = SysError::ALL.iter().map(|error| error.name()).collect();
        assert_eq!(variants("SysError"), refusals);
        let access = [Access::Read, Access::ReadWrite];
        assert_eq!(variants("Access"), access.map(|it| format!("{it:?}")));
        let cause = [Cause::Miss, Cause::Protection];
        assert_eq!(variants("Cause"), cause.map(|it| format!("{it:?}")));
    }
}
