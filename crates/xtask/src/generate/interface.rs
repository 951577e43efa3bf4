//! The one table of system calls, upcalls, refusals and types, as it is read.

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::ty::Ty;

/// Registers that hold a system call's arguments.
pub(crate) const ARGUMENTS_MAX: usize = 3;

/// The same of a transfer, which passes a message on.
pub(crate) const TRANSFER_ARGUMENTS: usize = 5;

/// The whole table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interface {
    #[serde(rename = "refusal")]
    pub(crate) refusals: Vec<Refusal>,
    #[serde(rename = "newtype")]
    pub(crate) newtypes: Vec<Newtype>,
    #[serde(rename = "enumeration")]
    pub(crate) enumerations: Vec<Enumeration>,
    #[serde(rename = "structure")]
    pub(crate) structures: Vec<Structure>,
    #[serde(rename = "door")]
    pub(crate) doors: Vec<Door>,
    #[serde(rename = "macro")]
    pub(crate) macros: Vec<Macro>,
    #[serde(rename = "role")]
    pub(crate) roles: Vec<Role>,
}

/// A reason for which the kernel does not do what was asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub(crate) number: u8,
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) unchanged: String,
}

/// A number in a type of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Newtype {
    pub(crate) name: String,
    pub(crate) of: String,
    pub(crate) paper: Option<String>,
    pub(crate) doc: String,
    pub(crate) new: String,
    pub(crate) number: String,
}

/// An enum without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enumeration {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) variants: Vec<Variant>,
}

/// One of its variants, whose place is its number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) doc: String,
}

/// A plain struct.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
}

/// One of its fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    /// Bits that it takes in the word in which a system call gives the struct, the first field lowest;
    /// 0 for a struct that no call gives so.
    #[serde(default)]
    pub(crate) bits: u8,
    pub(crate) doc: String,
}

/// A type that is only ever passed on by reference, and whose methods reach out of the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Door {
    pub(crate) name: String,
    pub(crate) mutable: bool,
    pub(crate) parameter: String,
    pub(crate) doc: String,
    #[serde(rename = "method")]
    pub(crate) methods: Vec<Method>,
}

impl Door {
    /// How a parameter of the type is written.
    pub(crate) fn reference(&self) -> String {
        match self.mutable {
            true => format!("&mut {}", self.name),
            false => format!("&{}", self.name),
        }
    }
}

/// What a method does when it is no system call.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operation {
    /// Loads `bytes` from the application's memory.
    MemoryLoad,
    /// Stores `bytes` there.
    MemoryStore,
    /// Calls the environment's own libOS.
    Request,
    /// Uses the coprocessor.
    SquareRoot,
    /// How many bytes there are.
    Length,
    /// Reads `bytes`, the most significant first.
    Read,
    /// Writes `bytes` into the reply, the most significant first.
    ReplyStore,
    /// Sends the reply.
    ReplySend,
}

/// A method of a door.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Method {
    /// Its number, if it is a system call.
    pub(crate) call: Option<u8>,
    pub(crate) operation: Option<Operation>,
    #[serde(default)]
    pub(crate) bytes: u8,
    pub(crate) name: String,
    /// It takes `&self` although its door is a `&mut`.
    #[serde(default)]
    pub(crate) shared: bool,
    #[serde(default)]
    pub(crate) arguments: Vec<Argument>,
    #[serde(default = "unit")]
    pub(crate) result: String,
    pub(crate) doc: String,
    #[serde(default)]
    pub(crate) refusals: Vec<Refused>,
    /// What it costs beside the instruction itself.
    #[serde(default)]
    pub(crate) cycles: u64,
    /// It is a system call that needs a kernel stack.
    #[serde(default)]
    pub(crate) stack: bool,
    pub(crate) paper: Option<String>,
    pub(crate) example: String,
}

/// An argument of a call or an upcall.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Argument {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
}

/// A refusal of one call, and when it comes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    pub(crate) name: String,
    pub(crate) when: String,
}

/// A macro, which is a call too.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Macro {
    pub(crate) call: u8,
    pub(crate) name: String,
    pub(crate) signature: String,
    pub(crate) doc: String,
    pub(crate) cycles: u64,
    pub(crate) example: String,
}

/// A trait that a source implements, and which says what it is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) noun: String,
    pub(crate) doc: String,
    /// It may write to the log.
    #[serde(default)]
    pub(crate) logs: bool,
    /// It may call its libOS.
    #[serde(default)]
    pub(crate) requests: bool,
    /// Its functions are handlers, which reach their application's memory by `Sys`.
    #[serde(default)]
    pub(crate) handles: bool,
    #[serde(rename = "upcall")]
    pub(crate) upcalls: Vec<Upcall>,
}

/// A function of a role, which the machine calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upcall {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) mutable: bool,
    pub(crate) arguments: Vec<Argument>,
    #[serde(default = "unit")]
    pub(crate) result: String,
    /// What it gives if the source leaves it out.
    #[serde(default)]
    pub(crate) default: String,
    pub(crate) doc: String,
    /// What the kernel or the linkage takes to get there.
    #[serde(default)]
    pub(crate) cycles: u64,
    pub(crate) paper: Option<String>,
}

fn unit() -> String {
    "()".to_owned()
}

impl Interface {
    /// Reads and checks the table.
    pub(crate) fn parse(text: &str) -> Result<Interface> {
        let interface: Interface = toml::from_str(text)?;
        interface.check()?;
        Ok(interface)
    }

    /// The methods that are system calls and the macros, by number.
    pub(crate) fn calls(&self) -> Vec<Call<'_>> {
        let methods = self.doors.iter().flat_map(|door| &door.methods);
        let mut calls: Vec<Call<'_>> = methods
            .filter_map(|method| {
                let number = method.call?;
                Some(Call {
                    number,
                    name: &method.name,
                    of: Some(method),
                })
            })
            .chain(self.macros.iter().map(|of| Call {
                number: of.call,
                name: &of.name,
                of: None,
            }))
            .collect();
        calls.sort_by_key(|call| call.number);
        calls
    }

    fn check(&self) -> Result<()> {
        let calls: Vec<u8> = self.calls().iter().map(|call| call.number).collect();
        ensure!(
            calls.is_sorted_by(|one, two| one < two),
            "each system call has a number of its own: {calls:?}"
        );
        let refusals: Vec<u8> = self.refusals.iter().map(|it| it.number).collect();
        ensure!(
            refusals
                .iter()
                .enumerate()
                .all(|(at, it)| usize::from(*it) == at),
            "refusals stand in order of number, without gaps, not {refusals:?}"
        );
        for refusal in &self.refusals {
            let plain = !refusal.says.ends_with('.');
            ensure!(plain, "{}: `says` has no full stop", refusal.name);
            sentence(&refusal.unchanged).with_context(|| refusal.name.clone())?;
        }
        for structure in &self.structures {
            for field in &structure.fields {
                Ty::parse(&field.ty, self).with_context(|| structure.name.clone())?;
            }
        }
        for door in &self.doors {
            for method in &door.methods {
                let place = || format!("{}::{}", door.name, method.name);
                self.check_method(method).with_context(place)?;
            }
        }
        for role in &self.roles {
            for upcall in &role.upcalls {
                let place = || format!("{}::{}", role.name, upcall.name);
                self.check_upcall(upcall).with_context(place)?;
            }
        }
        Ok(())
    }

    fn check_method(&self, method: &Method) -> Result<()> {
        sentence(&method.doc)?;
        let kinds = usize::from(method.call.is_some()) + usize::from(method.operation.is_some());
        ensure!(kinds == 1, "has either a `call` number or an `operation`");
        let calls = method.call.is_some();
        ensure!(calls || !method.stack, "only a system call needs a stack");
        let count = method.arguments.len();
        ensure!(
            count <= ARGUMENTS_MAX || count == TRANSFER_ARGUMENTS,
            "has neither at most {ARGUMENTS_MAX} arguments nor {TRANSFER_ARGUMENTS}"
        );
        for argument in &method.arguments {
            if let Ty::Door(_) | Ty::Structure(_) = Ty::parse(&argument.ty, self)? {
                bail!("`{}` does not fit one register", argument.name);
            }
        }
        let refusable = matches!(Ty::parse(&method.result, self)?, Ty::Refusable(_));
        ensure!(
            refusable != method.refusals.is_empty(),
            "gives a `Result` if, and only if, it can be refused"
        );
        for refused in &method.refusals {
            let known = self.refusals.iter().any(|it| it.name == refused.name);
            ensure!(known, "there is no refusal `{}`", refused.name);
        }
        Ok(())
    }

    fn check_upcall(&self, upcall: &Upcall) -> Result<()> {
        sentence(&upcall.doc)?;
        for argument in &upcall.arguments {
            Ty::parse(&argument.ty, self)?;
        }
        let result = Ty::parse(&upcall.result, self)?;
        let answers = upcall.required || result == Ty::Unit || !upcall.default.is_empty();
        ensure!(answers, "is optional, so it needs a `default`");
        Ok(())
    }
}

fn sentence(text: &str) -> Result<()> {
    ensure!(text.ends_with('.'), "{text:?} ends with a full stop");
    Ok(())
}

/// A system call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'i> {
    pub(crate) number: u8,
    pub(crate) name: &'i str,
    /// Nothing for a macro.
    pub(crate) of: Option<&'i Method>,
}
