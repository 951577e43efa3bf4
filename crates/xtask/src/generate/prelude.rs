//! What rustc is given: the prelude that policies are real Rust against.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::interface::{ARGUMENTS_MAX, Door, Interface, Method, Operation};
use super::text;
use super::ty::{REFUSAL, Ty};

/// `mod.rs`.
pub(crate) fn root() -> String {
    let head = text::head("What the table of system calls says to rustc.");
    head + "pub mod doors;\npub mod refusals;\npub mod roles;\npub mod types;\n"
}

/// `types.rs`: numbers in types of their own, enums and structs.
pub(crate) fn types(interface: &Interface) -> String {
    let mut file = text::head("The plain types that policies and kernel share.");
    for newtype in &interface.newtypes {
        let (name, of) = (&newtype.name, &newtype.of);
        let paper = newtype
            .paper
            .iter()
            .map(|it| format!(" ({it})"))
            .collect::<String>();
        file.push_str(&text::doc(&format!("{}{paper}", newtype.doc), 0));
        let _ = write!(
            file,
            "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(transparent)]\n\
             pub struct {name}({of});\n\n\
             impl {name} {{\n{}pub const fn new(number: {of}) -> {name} {{\n{name}(number)\n}}\n\n\
             {}pub const fn number(self) -> {of} {{\nself.0\n}}\n}}\n\n",
            text::doc(&newtype.new, 4),
            text::doc(&newtype.number, 4),
        );
    }
    for enumeration in &interface.enumerations {
        file.push_str(&text::doc(&enumeration.doc, 0));
        let _ = writeln!(
            file,
            "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum {} {{",
            enumeration.name
        );
        for variant in &enumeration.variants {
            let _ = writeln!(file, "{}{},", text::doc(&variant.doc, 4), variant.name);
        }
        file.push_str("}\n\n");
    }
    for structure in &interface.structures {
        file.push_str(&text::doc(&structure.doc, 0));
        let _ = writeln!(
            file,
            "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct {} {{",
            structure.name
        );
        for field in &structure.fields {
            let doc = text::doc(&field.doc, 4);
            let _ = writeln!(file, "{doc}pub {}: {},", field.name, field.ty);
        }
        file.push_str("}\n\n");
    }
    file
}

/// `refusals.rs`: the enum of refusals.
pub(crate) fn refusals(interface: &Interface) -> String {
    let mut file = text::head("Why the kernel refuses.");
    let _ = writeln!(
        file,
        "/// Why the kernel refused a system call; nothing was changed by the call.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum {REFUSAL} {{"
    );
    for refusal in &interface.refusals {
        let doc = text::doc(&text::sentence(&refusal.says), 4);
        let _ = writeln!(file, "{doc}{},", refusal.name);
    }
    let all: String = interface
        .refusals
        .iter()
        .map(|it| format!("{REFUSAL}::{},", it.name))
        .collect();
    let _ = write!(
        file,
        "}}\n\nimpl {REFUSAL} {{\n\
         /// The refusal of that number, for whoever stands between a kernel and a policy.\n\
         pub fn from_number(number: u64) -> Option<{REFUSAL}> {{\n\
         let place = usize::try_from(number).ok()?;\n[{all}].get(place).copied()\n}}\n}}\n"
    );
    file
}

/// `doors.rs`: the types whose methods reach out of the program.
pub(crate) fn doors(interface: &Interface) -> Result<String> {
    let mut body = String::new();
    for door in &interface.doors {
        body.push_str(&door_type(interface, door)?);
    }
    let head = text::head("The doors: types that are passed on, and asked with methods.");
    Ok(head + &imports(interface, &body, false) + &body)
}

/// The field that a door's type has, the trait or type behind it, and what to say of the maker.
fn behind(door: &Door) -> Result<(&'static str, &'static str, &'static str)> {
    let method = door.methods.first().context("a door has methods")?;
    Ok(match method.operation {
        None => (
            "kernel",
            "&'door mut dyn crate::SystemCalls",
            "A door that leads to `kernel`.",
        ),
        Some(
            Operation::MemoryLoad
            | Operation::MemoryStore
            | Operation::Request
            | Operation::SquareRoot,
        ) => (
            "memory",
            "&'door mut dyn crate::Memory",
            "The memory that `memory` stands for.",
        ),
        Some(Operation::Length | Operation::Read) => ("bytes", "&'door [u8]", "What `bytes` hold."),
        Some(Operation::ReplyStore | Operation::ReplySend) => (
            "buffer",
            "&'door mut dyn crate::ReplyBuffer",
            "A reply that is built in `buffer`.",
        ),
    })
}

fn door_type(interface: &Interface, door: &Door) -> Result<String> {
    let (field, ty, made) = behind(door)?;
    let name = &door.name;
    // Loading takes `&self`, so that one load can give the address of another, but changes the
    // machine: what is behind is borrowed for the moment of the call.
    let shared = door.mutable && door.methods.iter().any(|method| method.shared);
    let (held, hold) = match shared {
        true => (
            format!("core::cell::RefCell<{ty}>"),
            format!("core::cell::RefCell::new({field})"),
        ),
        false => (ty.to_owned(), field.to_owned()),
    };
    let init = if hold == field {
        hold
    } else {
        format!("{field}: {hold}")
    };
    let mut text = text::doc(&door.doc, 0);
    let _ = write!(
        text,
        "pub struct {name}<'door> {{\n{field}: {held},\n}}\n\n"
    );
    if door.methods.iter().any(|method| method.name == "len") {
        text.push_str(
            "#[allow(clippy::len_without_is_empty, reason = \"policies have no use for it\")]\n",
        );
    }
    if door.methods.iter().any(|method| method.call.is_some()) {
        text.push_str(
            "#[allow(clippy::useless_conversion, reason = \"not every name has 64 bits\")]\n",
        );
    }
    let _ = write!(
        text,
        "impl<'door> {name}<'door> {{\n{}pub fn new({field}: {ty}) -> {name}<'door> {{\n\
         {name} {{ {init} }}\n}}\n",
        text::doc(made, 4)
    );
    for method in &door.methods {
        let _ = write!(
            text,
            "\n{}{}pub {} {{\n{}\n}}\n",
            text::doc(&full_doc(method), 4),
            // What stops the program stops it where it asks, as on the emulated CPU.
            if method.operation.is_some() {
                "#[track_caller]\n"
            } else {
                ""
            },
            text::method(method, door.mutable),
            method_body(interface, method, field, shared)?
        );
    }
    text.push_str("}\n\n");
    Ok(text)
}

/// What a method does, and when it is refused.
pub(crate) fn full_doc(method: &Method) -> String {
    if method.refusals.is_empty() {
        return method.doc.clone();
    }
    let refusals: Vec<String> = method
        .refusals
        .iter()
        .map(|it| format!("`{}` ({})", it.name, it.when))
        .collect();
    format!("{} Refused: {}.", method.doc, refusals.join(", "))
}

fn method_body(
    interface: &Interface,
    method: &Method,
    field: &str,
    shared: bool,
) -> Result<String> {
    let mut numbers = Vec::new();
    for argument in &method.arguments {
        numbers.push(Ty::parse(&argument.ty, interface)?.to_register(&argument.name));
    }
    let name = |at: usize| method.arguments.get(at).map_or("", |it| it.name.as_str());
    let memory = match shared {
        true => format!("self.{field}.borrow_mut()"),
        false => format!("self.{field}"),
    };
    let bytes = method.bytes;
    let value = numbers.get(1).map_or("", String::as_str);
    Ok(match method.operation {
        None if numbers.len() > ARGUMENTS_MAX => {
            let number = method.call.unwrap_or_default();
            let answer = format!("self.kernel.transfer({number}, [{}])", numbers.join(", "));
            Ty::parse(&method.result, interface)?.given_words(&answer, interface)
        }
        None => {
            numbers.resize(ARGUMENTS_MAX, "0".to_owned());
            let number = method.call.unwrap_or_default();
            let answer = format!("self.kernel.call({number}, [{}])", numbers.join(", "));
            let result = Ty::parse(&method.result, interface)?;
            let packed = result.given_packed(&answer, interface);
            packed.unwrap_or_else(|| result.given_answer(&answer))
        }
        Some(Operation::MemoryLoad) => {
            let address = format!("crate::aligned({}, {bytes})", name(0));
            narrowed(
                &format!("{memory}.load({address}, {bytes})"),
                &method.result,
            )
        }
        Some(Operation::MemoryStore) => {
            let address = format!("crate::aligned({}, {bytes})", name(0));
            format!("{memory}.store({address}, {bytes}, {value})")
        }
        Some(Operation::Request) => {
            format!("{memory}.request({}, {}, {})", name(0), name(1), name(2))
        }
        Some(Operation::SquareRoot) => format!("{memory}.square_root({})", name(0)),
        Some(Operation::Length) => "self.bytes.len()".to_owned(),
        Some(Operation::Read) => {
            let read = format!("crate::read(self.bytes, {}, {bytes})", name(0));
            narrowed(&read, &method.result)
        }
        Some(Operation::ReplyStore) => {
            let bytes = format!("&{}.to_be_bytes()", name(1));
            format!("crate::granted(self.buffer.store({}, {bytes}))", name(0))
        }
        Some(Operation::ReplySend) => {
            format!("crate::granted(self.buffer.send({}))", name(0))
        }
    })
}

fn narrowed(value: &str, result: &str) -> String {
    match result {
        "u64" => value.to_owned(),
        narrow => format!("{value} as {narrow}"),
    }
}

/// `roles.rs`: the traits that sources implement.
pub(crate) fn roles(interface: &Interface) -> String {
    let head = text::head("The roles: what a source implements says what it is for.");
    let mut file = String::new();
    for role in &interface.roles {
        file.push_str(&text::doc(&role.doc, 0));
        let _ = writeln!(file, "pub trait {} {{", role.name);
        for (place, upcall) in role.upcalls.iter().enumerate() {
            if place > 0 {
                file.push('\n');
            }
            file.push_str(&text::doc(&upcall.doc, 4));
            let mut signature = text::upcall(upcall);
            if upcall.required {
                let _ = writeln!(file, "{signature};");
                continue;
            }
            // What a default does not use is named so.
            for argument in &upcall.arguments {
                let name = format!("{}: ", argument.name);
                signature = signature.replacen(&name, &format!("_{name}"), 1);
            }
            let _ = writeln!(file, "{signature} {{ {} }}", upcall.default);
        }
        file.push_str("}\n\n");
    }
    head + &imports(interface, &file, true) + &file
}

/// Imports of the names that occur in a file.
fn imports(interface: &Interface, body: &str, with_doors: bool) -> String {
    let mut names: Vec<String> = vec![format!("refusals::{REFUSAL}")];
    names.extend(
        interface
            .newtypes
            .iter()
            .map(|it| format!("types::{}", it.name)),
    );
    names.extend(
        interface
            .enumerations
            .iter()
            .map(|it| format!("types::{}", it.name)),
    );
    names.extend(
        interface
            .structures
            .iter()
            .map(|it| format!("types::{}", it.name)),
    );
    if with_doors {
        names.extend(
            interface
                .doors
                .iter()
                .map(|it| format!("doors::{}", it.name)),
        );
    }
    let used = names.into_iter().filter_map(|path| {
        let (_, name) = path.split_once("::")?;
        text::names(body, name).then(|| format!("use super::{path};\n"))
    });
    used.collect::<String>() + "\n"
}
