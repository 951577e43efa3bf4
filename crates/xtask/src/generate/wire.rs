//! What the core is given: the calls and the refusals by number.

use std::fmt::Write;

use super::interface::{Call, Interface};
use super::text;
use super::ty::{REFUSAL, Ty};

/// `core/src/kernel/call.rs`.
pub(crate) fn calls(interface: &Interface) -> String {
    let calls = interface.calls();
    let mut file = text::head("The system calls by number: what a program may ask of the kernel.");
    file.push_str(
        "use crate::error::SysError;\n\n\
         /// A system call. The number is the wire format between programs and kernel.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]\n#[repr(u8)]\n\
         pub enum Call {\n",
    );
    for call in &calls {
        file.push_str(&text::doc(&call_doc(interface, call), 4));
        let _ = writeln!(
            file,
            "    {} = {},",
            text::camel_case(call.name),
            call.number
        );
    }
    let names: Vec<String> = calls.iter().map(|it| text::camel_case(it.name)).collect();
    let _ = write!(
        file,
        "}}\n\nimpl Call {{\n\
         /// Every call, in order of number.\n\
         pub const ALL: &'static [Call] = &[{}];\n\n\
         /// The call of that number.\n\
         pub fn from_number(number: u8) -> Option<Call> {{\n\
         Some(match number {{\n{}_ => return None,\n}})\n}}\n\n",
        names
            .iter()
            .map(|name| format!("Call::{name},"))
            .collect::<String>(),
        calls
            .iter()
            .zip(&names)
            .map(|(call, name)| format!("{} => Call::{name},\n", call.number))
            .collect::<String>()
    );
    file.push_str(
        "/// The name that a policy writes after `sys.`.\n\
         pub fn name(self) -> &'static str {\nmatch self {\n",
    );
    for (call, name) in calls.iter().zip(&names) {
        let _ = writeln!(file, "Call::{name} => \"{}\",", call.name);
    }
    file.push_str(
        "}\n}\n\n/// How many registers hold its arguments on entry, and its results on return.\n\
         pub fn registers(self) -> (u8, u8) {\nmatch self {\n",
    );
    for (call, name) in calls.iter().zip(&names) {
        let (arguments, results) = registers(interface, call);
        let _ = writeln!(file, "Call::{name} => ({arguments}, {results}),");
    }
    file.push_str(
        "}\n}\n\n/// Bits of the answer's word that each register behind the tag takes, the lowest first: one \
         register with all of it, but for a call that gives a struct.\n\
         pub fn fields(self) -> &'static [u8] {\nmatch self {\n",
    );
    for (call, name) in calls.iter().zip(&names) {
        let result = call.of.and_then(|it| Ty::parse(&it.result, interface).ok());
        let bits = result.map_or(Vec::new(), |it| it.field_bits(interface));
        if !bits.is_empty() {
            let _ = writeln!(file, "Call::{name} => &{bits:?},");
        }
    }
    file.push_str(
        "_ => &[64],\n}\n}\n\n/// Whether it takes the kernel's way with a stack (A44).\n\
         pub fn needs_stack(self) -> bool {\nmatches!(self,\n",
    );
    let stacked = calls.iter().zip(&names);
    let stacked = stacked.filter(|(call, _)| call.of.is_some_and(|it| it.stack));
    let stacked: Vec<String> = stacked.map(|(_, name)| format!("Call::{name}")).collect();
    file.push_str(&stacked.join(" | "));
    file.push_str(
        ")\n}\n}\n\n/// What a system call gave back: the value of `Ok` (0 where it is `()`), or the \
         refusal.\npub type CallResult = Result<u64, SysError>;\n",
    );
    file
}

fn registers(interface: &Interface, call: &Call<'_>) -> (usize, u8) {
    call.of.map_or((0, 0), |method| {
        let result = Ty::parse(&method.result, interface);
        let results = result.map_or(0, |result| result.registers(interface));
        (method.arguments.len(), results)
    })
}

fn call_doc(interface: &Interface, call: &Call<'_>) -> String {
    let Some(method) = call.of else {
        let its = interface.macros.iter().find(|it| it.call == call.number);
        let doc = its.map_or("", |it| it.doc.as_str());
        return format!(
            "`{}!`: {} No program reaches it by number.",
            call.name,
            text::decapitalised(doc)
        );
    };
    let names: Vec<&str> = method.arguments.iter().map(|it| it.name.as_str()).collect();
    let paper = method
        .paper
        .iter()
        .map(|it| format!(" ({it})"))
        .collect::<String>();
    format!(
        "`{}({}) -> {}`: {}{paper}.",
        method.name,
        names.join(", "),
        method.result,
        text::clause(&method.doc)
    )
}

/// `core/src/error.rs`.
pub(crate) fn refusals(interface: &Interface) -> String {
    let mut file = text::head("Refusals: what the kernel says instead of doing what was asked.");
    file.push_str("use core::fmt;\n\n");
    file.push_str(&text::doc(
        "Why a system call was refused. The number is what a program sees. A refused call changes \
         nothing but the cycles charged for it and the event log (INV-ERR-1).",
        0,
    ));
    let _ = writeln!(
        file,
        "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u8)]\npub enum {REFUSAL} {{"
    );
    for refusal in &interface.refusals {
        let doc = format!("{} {}", text::sentence(&refusal.says), refusal.unchanged);
        file.push_str(&text::doc(&doc, 4));
        let _ = writeln!(file, "{} = {},", refusal.name, refusal.number);
    }
    let each = |line: &dyn Fn(&super::interface::Refusal) -> String| -> String {
        interface.refusals.iter().map(line).collect()
    };
    let all = each(&|it| format!("{REFUSAL}::{},", it.name));
    let names = each(&|it| format!("{REFUSAL}::{} => \"{}\",\n", it.name, it.name));
    let says = each(&|it| format!("{REFUSAL}::{} => \"{}\",\n", it.name, it.says));
    let _ = write!(
        file,
        "}}\n\nimpl {REFUSAL} {{\n\
         /// Every refusal, in order of number.\n\
         pub const ALL: &'static [{REFUSAL}] = &[{all}];\n\n\
         /// The name that a policy writes after `SysError::`.\n\
         pub fn name(self) -> &'static str {{\nmatch self {{\n{names}}}\n}}\n\n\
         /// The refusal of that number.\n\
         pub fn from_number(number: u64) -> Option<{REFUSAL}> {{\n\
         let place = usize::try_from(number).ok()?;\n\
         {REFUSAL}::ALL.get(place).copied()\n}}\n}}\n\n\
         impl fmt::Display for {REFUSAL} {{\n\
         fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n\
         f.write_str(match self {{\n{says}}})\n}}\n}}\n"
    );
    file
}
