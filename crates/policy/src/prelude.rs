//! The compiler's knowledge of `exo-prelude`: one table, to agree with that crate name by name.

use exo_core::error::SysError;
use exo_core::kernel::call::Call;

use crate::types::Integer;

/// A type as the table spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreludeType {
    Unit,
    Bool,
    Integer(Integer),
    Frame,
    Access,
    Cause,
    /// `Result<value, SysError>`.
    Refusable(&'static PreludeType),
}

/// A method of `Sys`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SysMethod {
    pub(crate) call: Call,
    pub(crate) arguments: &'static [PreludeType],
    pub(crate) result: PreludeType,
}

const PAGE: PreludeType = PreludeType::Integer(Integer::U32);
const DONE: PreludeType = PreludeType::Refusable(&PreludeType::Unit);
const WHETHER: PreludeType = PreludeType::Refusable(&PreludeType::Bool);

const fn method(call: Call, arguments: &'static [PreludeType], result: PreludeType) -> SysMethod {
    SysMethod {
        call,
        arguments,
        result,
    }
}

/// The methods of `Sys`.
pub(crate) const SYS_METHODS: &[SysMethod] = &[
    method(
        Call::Allocate,
        &[],
        PreludeType::Refusable(&PreludeType::Frame),
    ),
    method(Call::AllocateAt, &[PreludeType::Frame], DONE),
    method(Call::Free, &[PreludeType::Frame], DONE),
    method(
        Call::TlbWrite,
        &[PAGE, PreludeType::Frame, PreludeType::Access],
        DONE,
    ),
    method(Call::TlbDrop, &[PAGE], DONE),
    method(Call::Referenced, &[PreludeType::Frame], WHETHER),
    method(Call::ClearReferenced, &[PreludeType::Frame], DONE),
    method(Call::Dirty, &[PreludeType::Frame], WHETHER),
    method(Call::ClearDirty, &[PreludeType::Frame], DONE),
    method(Call::FrameLimit, &[], PreludeType::Integer(Integer::Usize)),
    method(Call::Random, &[], PreludeType::Integer(Integer::U64)),
    method(Call::Cycles, &[], PreludeType::Integer(Integer::U64)),
];

/// The method of `Sys` of that name.
pub(crate) fn sys_method(name: &str) -> Option<&'static SysMethod> {
    SYS_METHODS.iter().find(|method| method.call.name() == name)
}

/// Numbers of the prelude's enums in the table of enums, and of its structs in that of structs.
pub(crate) const ACCESS: usize = 0;
pub(crate) const CAUSE: usize = 1;
pub(crate) const SYS_ERROR: usize = 2;
pub(crate) const FAULT: usize = 0;

/// The prelude's enums by number: name and variants, whose position is their value.
pub(crate) fn enums() -> [(&'static str, Vec<&'static str>); 3] {
    [
        ("Access", vec!["Read", "ReadWrite"]),
        ("Cause", vec!["Miss", "Protection"]),
        (
            "SysError",
            SysError::ALL.iter().map(|error| error.name()).collect(),
        ),
    ]
}

/// The fields of `Fault`.
pub(crate) const FAULT_FIELDS: [(&str, PreludeType); 4] = [
    ("address", PAGE),
    ("page", PAGE),
    ("access", PreludeType::Access),
    ("cause", PreludeType::Cause),
];

/// Names that a policy may not give to types of its own.
pub(crate) const TYPE_NAMES: &[&str] = &[
    "Frame",
    "Access",
    "Cause",
    "Fault",
    "SysError",
    "Sys",
    "SystemCalls",
    "LibOs",
    "Option",
    "Result",
];

/// The name of the crate that a policy uses.
pub(crate) const CRATE: &str = "exo_prelude";

#[cfg(test)]
mod tests {
    use super::*;

    fn registers(of: PreludeType) -> u8 {
        match of {
            PreludeType::Unit => 0,
            PreludeType::Refusable(value) => 1 + registers(*value).max(1),
            _ => 1,
        }
    }

    #[test]
    fn every_call_but_log_is_a_method_with_the_registers_that_the_kernel_expects() {
        for call in Call::ALL.iter().filter(|call| **call != Call::Log) {
            let method = sys_method(call.name()).unwrap_or_else(|| panic!("{call:?} is missing"));
            let arguments = method.arguments.iter().map(|of| registers(*of)).sum();
            assert_eq!(
                (arguments, registers(method.result)),
                call.registers(),
                "{call:?}"
            );
        }
    }

    #[test]
    fn refusals_are_numbered_by_position() {
        for (position, error) in SysError::ALL.iter().enumerate() {
            assert_eq!(*error as usize, position);
        }
    }
}
