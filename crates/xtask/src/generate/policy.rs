//! What our compiler is given: signatures to check, and words to show.

use std::fmt::Write;

use anyhow::Result;

use super::interface::{Argument, Door, Interface, Method, Operation, Role};
use super::text;
use super::ty::{REFUSAL, Ty};

/// The newtypes, and their rows.
fn newtypes(file: &mut String, interface: &Interface) {
    file.push_str(
        "/// A number in a type of its own.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Newtype {\n",
    );
    let (mut all, mut rows) = (String::new(), String::new());
    for newtype in &interface.newtypes {
        let (name, of) = (&newtype.name, &newtype.of);
        let _ = writeln!(file, "{}{name},", text::doc(&newtype.doc, 4));
        let _ = write!(all, "Newtype::{name},");
        let new = format!("const fn new(number: {of}) -> {name}");
        let number = format!("const fn number(self) -> {of}");
        let _ = write!(
            rows,
            "NewtypeRow {{ name: \"{name}\", of: {}, doc: {}, words: &[{}, {}] }},",
            Ty::integer_in_compiler(of),
            text::literal(&newtype.doc),
            word("new", &new, &newtype.new),
            word("number", &number, &newtype.number),
        );
    }
    let _ = write!(
        file,
        "}}\n\nimpl Newtype {{\n/// Every one.\n\
         pub(crate) const ALL: &'static [Newtype] = &[{all}];\n}}\n\n\
         /// What is known of each, in the order of [`Newtype`].\n\
         pub(crate) const NEWTYPES: &[NewtypeRow] = &[{rows}];\n\n"
    );
}

/// `types.rs`: enums, structs and refusals.
pub(crate) fn types(interface: &Interface) -> Result<String> {
    let mut file = text::head("The prelude's plain types.");
    file.push_str(
        "use crate::prelude::{EnumRow, NewtypeRow, PreludeType, StructRow, Word};\n\
         use crate::types::Integer;\n\n",
    );
    newtypes(&mut file, interface);
    file.push_str("/// Enums without fields; a variant's place is its number.\n");
    file.push_str("pub(crate) const ENUMS: &[EnumRow] = &[");
    for enumeration in &interface.enumerations {
        let variants = enumeration.variants.iter();
        let variants = variants.map(|it| word(&it.name, &it.name, &it.doc));
        enum_row(&mut file, &enumeration.name, &enumeration.doc, variants);
    }
    let refusals = interface.refusals.iter().map(|it| {
        let doc = format!("{} {}", text::sentence(&it.says), it.unchanged);
        word(&it.name, &it.name, &doc)
    });
    let doc = "Why the kernel refused a system call; nothing was changed by the call.";
    enum_row(&mut file, REFUSAL, doc, refusals);
    let _ = write!(
        file,
        "];\n\n/// The place of `{REFUSAL}` among the enums.\n\
         pub(crate) const SYS_ERROR: usize = {};\n\n\
         /// Plain structs.\npub(crate) const STRUCTS: &[StructRow] = &[",
        interface.enumerations.len()
    );
    for structure in &interface.structures {
        let mut fields = String::new();
        for field in &structure.fields {
            let ty = Ty::parse(&field.ty, interface)?.in_compiler(interface);
            let signature = format!("{}: {}", field.name, field.ty);
            let _ = write!(
                fields,
                "({}, {ty}),",
                word(&field.name, &signature, &field.doc)
            );
        }
        let doc = text::literal(&structure.doc);
        let name = &structure.name;
        let _ = write!(
            file,
            "StructRow {{ name: \"{name}\", doc: {doc}, fields: &[{fields}] }},"
        );
    }
    file.push_str("];\n");
    Ok(file)
}

fn word(name: &str, signature: &str, doc: &str) -> String {
    format!(
        "Word {{ name: \"{name}\", signature: \"{}\", doc: {} }}",
        signature.escape_debug(),
        text::literal(doc)
    )
}

fn enum_row(file: &mut String, name: &str, doc: &str, variants: impl Iterator<Item = String>) {
    let variants: String = variants.map(|it| it + ",").collect();
    let doc = text::literal(doc);
    let _ = write!(
        file,
        "EnumRow {{ name: \"{name}\", doc: {doc}, variants: &[{variants}] }},"
    );
}

/// `doors.rs`: which doors there are, and the rows of all but their methods.
pub(crate) fn doors(interface: &Interface) -> String {
    let mut file = text::head("The doors: types that are passed on, and asked with methods.");
    file.push_str("use crate::prelude::DoorRow;\n\n");
    file.push_str(
        "/// A type whose methods reach out of the program.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Door {\n",
    );
    for door in &interface.doors {
        let _ = writeln!(file, "{}{},", text::doc(&door.doc, 4), door.name);
    }
    let all: String = interface
        .doors
        .iter()
        .map(|it| format!("Door::{},", it.name))
        .collect();
    let _ = write!(
        file,
        "}}\n\nimpl Door {{\n/// Every door.\npub(crate) const ALL: &'static [Door] = &[{all}];\n}}\n\n\
         /// The doors, in the order of [`Door`].\npub(crate) const DOORS: &[DoorRow] = &["
    );
    for door in &interface.doors {
        let _ = write!(
            file,
            "DoorRow {{ name: \"{}\", reference: \"{}\", parameter: \"{}\", mutable: {}, doc: {}, \
             methods: super::{}::METHODS }},",
            door.name,
            door.reference(),
            door.parameter,
            door.mutable,
            text::literal(&door.doc),
            module(door),
        );
    }
    file.push_str("];\n");
    file
}

/// The module that holds a door's methods.
pub(crate) fn module(door: &Door) -> String {
    door.name.to_lowercase()
}

/// One door's methods.
pub(crate) fn methods(interface: &Interface, door: &Door) -> Result<String> {
    let mut body = format!(
        "/// The methods of `{}`.\npub(crate) const METHODS: &[Method] = &[",
        door.name
    );
    for method in &door.methods {
        let result = Ty::parse(&method.result, interface)?.in_compiler(interface);
        let _ = write!(
            body,
            "Method {{ operation: {}, mutable: {}, arguments: &[{}], result: {result}, \
             cycles: {}, word: {} }},",
            operation(method),
            door.mutable && !method.shared,
            arguments(interface, &method.arguments)?,
            method.cycles,
            word(
                &method.name,
                &text::method(method, door.mutable),
                &super::prelude::full_doc(method)
            ),
        );
    }
    body.push_str("];\n");
    let head = text::head(&format!("The methods of `{}`.", door.name));
    Ok(head + &imports(&body) + &body)
}

/// Imports of what a table of methods or upcalls names.
fn imports(body: &str) -> String {
    let mut text = String::new();
    if body.contains("Entry::") {
        text.push_str("use exo_core::cpu::{Entry, Role};\n\n");
    }
    if body.contains("Call::") {
        text.push_str("use exo_core::kernel::call::Call;\n\n");
    }
    let names = [
        "Door",
        "Method",
        "Newtype",
        "Operation",
        "PreludeType",
        "RoleRow",
        "Upcall",
        "Word",
    ];
    let words: Vec<&str> = body.split(|it: char| !it.is_alphanumeric()).collect();
    let named: Vec<&str> = names.into_iter().filter(|it| words.contains(it)).collect();
    let _ = writeln!(text, "use crate::prelude::{{{}}};", named.join(", "));
    if body.contains("Integer::") {
        text.push_str("use crate::types::Integer;\n");
    }
    text + "\n"
}

fn arguments(interface: &Interface, arguments: &[Argument]) -> Result<String> {
    let mut text = String::new();
    for argument in arguments {
        text.push_str(&Ty::parse(&argument.ty, interface)?.in_compiler(interface));
        text.push_str(", ");
    }
    Ok(text.trim_end_matches(", ").to_owned())
}

fn operation(method: &Method) -> String {
    let bytes = method.bytes;
    match method.operation {
        None => format!(
            "Operation::System(Call::{})",
            text::camel_case(&method.name)
        ),
        Some(Operation::MemoryLoad) => format!("Operation::MemoryLoad({bytes})"),
        Some(Operation::MemoryStore) => format!("Operation::MemoryStore({bytes})"),
        Some(Operation::Request) => "Operation::Request".to_owned(),
        Some(Operation::SquareRoot) => "Operation::SquareRoot".to_owned(),
        Some(Operation::Length) => "Operation::Length".to_owned(),
        Some(Operation::Read) => format!("Operation::Read({bytes})"),
        Some(Operation::ReplyStore) => format!("Operation::ReplyStore({bytes})"),
        Some(Operation::ReplySend) => "Operation::ReplySend".to_owned(),
    }
}

/// `roles.rs`: what a source may implement.
pub(crate) fn roles(interface: &Interface) -> Result<String> {
    let mut body = "/// The roles that a source may have; it has one.\n\
                    pub(crate) const ROLES: &[RoleRow] = &["
        .to_owned();
    for role in &interface.roles {
        body.push_str(&role_row(interface, role)?);
    }
    body.push_str("];\n\n/// The macros.\npub(crate) const MACROS: &[Word] = &[");
    for macros in &interface.macros {
        let _ = write!(
            body,
            "{},",
            word(&macros.name, &macros.signature, &macros.doc)
        );
    }
    body.push_str("];\n");
    let head = text::head("The roles: what a source implements says what it is for.");
    Ok(head + &imports(&body) + &body)
}

fn role_row(interface: &Interface, role: &Role) -> Result<String> {
    let mut upcalls = String::new();
    for upcall in &role.upcalls {
        let result = Ty::parse(&upcall.result, interface)?.in_compiler(interface);
        let _ = write!(
            upcalls,
            "Upcall {{ entry: Entry::{}, required: {}, mutable: {}, arguments: &[{}], \
             result: {result}, word: {} }},",
            text::camel_case(&upcall.name),
            upcall.required,
            upcall.mutable,
            arguments(interface, &upcall.arguments)?,
            word(&upcall.name, &text::upcall(upcall), &upcall.doc),
        );
    }
    Ok(format!(
        "RoleRow {{ role: Role::{}, name: \"{}\", doc: {}, upcalls: &[{upcalls}] }},",
        role.name,
        role.name,
        text::literal(&role.doc)
    ))
}

/// `mod.rs`.
pub(crate) fn root(interface: &Interface) -> String {
    let mut file = text::head("The compiler's knowledge of the prelude, as tables.");
    let mut modules = vec!["doors".to_owned(), "roles".to_owned(), "types".to_owned()];
    modules.extend(interface.doors.iter().map(module));
    modules.sort();
    for module in modules {
        let _ = writeln!(file, "mod {module};");
    }
    file.push_str(
        "\npub(crate) use doors::{DOORS, Door};\npub(crate) use roles::{MACROS, ROLES};\n\
         pub(crate) use types::{ENUMS, NEWTYPES, Newtype, STRUCTS, SYS_ERROR};\n",
    );
    file
}
