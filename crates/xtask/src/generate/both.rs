//! What a test is given: for each role a source that uses every entry of the table. It is compiled
//! by rustc against the prelude and by our compiler, so that neither can know other signatures.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::interface::{Door, Interface, Method, Operation, Role, Upcall};
use super::text;
use super::ty::Ty;

/// What the examples of the table may name.
const GIVEN: &[(&str, &str)] = &[
    ("fault", "Fault"),
    ("frame", "Frame"),
    ("capability", "Capability"),
    ("filter", "Filter"),
    ("deadline", "u64"),
    ("environment", "Environment"),
    ("position", "u32"),
    ("page", "u32"),
    ("address", "u32"),
    ("at", "usize"),
    ("value", "u32"),
];

/// The source for a role.
pub(crate) fn source(interface: &Interface, role: &Role) -> Result<String> {
    let name = format!("Every{}", role.name);
    let mut file = text::head(&format!(
        "A {} that uses every entry of the table.",
        role.noun
    ));
    let _ = write!(
        file,
        "use exo_prelude::*;\n\npub struct {name} {{ value: u64 }}\n\n\
         impl {name} {{\npub const fn new() -> {name} {{ {name} {{ value: 0 }} }}\n"
    );
    for door in doors(interface, role)? {
        let own = [Some(Operation::Request), Some(Operation::SquareRoot)];
        let reaches = [Some(Operation::MemoryLoad), Some(Operation::MemoryStore)];
        let asked = |it: &&Method| {
            (!own.contains(&it.operation) || role.requests)
                && (door.name != "Sys" || !reaches.contains(&it.operation) || role.handles)
        };
        for method in door.methods.iter().filter(asked) {
            file.push_str(&asks(door, method));
        }
    }
    file.push_str(&types(interface));
    for macros in interface.macros.iter().filter(|_| role.logs) {
        let _ = write!(
            file,
            "\nfn show_{}(page: u32) {{ {} }}\n",
            macros.name, macros.example
        );
    }
    let _ = write!(file, "}}\n\nimpl {} for {name} {{\n", role.name);
    for upcall in &role.upcalls {
        let body = answer(interface, upcall)?;
        let _ = writeln!(file, "{} {{ {body} }}", text::upcall(upcall));
    }
    file.push_str("}\n");
    Ok(file)
}

/// The doors that a role's functions are given.
fn doors<'i>(interface: &'i Interface, role: &Role) -> Result<Vec<&'i Door>> {
    let mut doors: Vec<&Door> = Vec::new();
    for argument in role.upcalls.iter().flat_map(|upcall| &upcall.arguments) {
        if let Ty::Door(name) = Ty::parse(&argument.ty, interface)? {
            let door = interface.doors.iter().find(|it| it.name == name);
            let door = door.context("a type that was parsed is in the table")?;
            if !doors.iter().any(|it| it.name == door.name) {
                doors.push(door);
            }
        }
    }
    Ok(doors)
}

/// One function that passes a method's arguments on and its result back, and one with its example.
fn asks(door: &Door, method: &Method) -> String {
    let (parameter, reference, name) = (&door.parameter, door.reference(), &method.name);
    let comma = if method.arguments.is_empty() {
        ""
    } else {
        ", "
    };
    let names: Vec<&str> = method.arguments.iter().map(|it| it.name.as_str()).collect();
    let result = match method.result.as_str() {
        "()" => String::new(),
        result => format!("-> {result}"),
    };
    let given: String = GIVEN
        .iter()
        .filter(|(name, _)| text::names(&method.example, name))
        .map(|(name, ty)| format!(", {name}: {ty}"))
        .collect();
    format!(
        "\nfn ask_{parameter}_{name}(&self, {parameter}: {reference}{comma}{}) {result} {{\n\
         {parameter}.{name}({})\n}}\n\n\
         fn show_{parameter}_{name}(&mut self, {parameter}: {reference}{given}) -> Result<(), SysError> {{\n\
         {}\nOk(())\n}}\n",
        text::parameters(&method.arguments),
        names.join(", "),
        method.example
    )
}

/// Functions that name every plain type, with all that it has.
fn types(interface: &Interface) -> String {
    let mut file = String::new();
    for newtype in &interface.newtypes {
        let (name, of) = (&newtype.name, &newtype.of);
        let _ = write!(
            file,
            "\nfn keep_{}(number: {of}) -> {of} {{ {name}::new(number).number() }}\n",
            name.to_lowercase()
        );
    }
    let refusals = interface.refusals.iter().map(|it| it.name.as_str());
    let enums = interface.enumerations.iter().map(|it| {
        let variants: Vec<&str> = it.variants.iter().map(|it| it.name.as_str()).collect();
        (it.name.as_str(), variants)
    });
    for (name, variants) in enums.chain([(super::ty::REFUSAL, refusals.collect())]) {
        let arms = variants.iter().enumerate();
        let arms: String = arms
            .map(|(at, it)| format!("{name}::{it} => {at},"))
            .collect();
        let _ = write!(
            file,
            "\nfn keep_{}(value: {name}) -> u32 {{ match value {{ {arms} }} }}\n",
            name.to_lowercase()
        );
    }
    for structure in &interface.structures {
        for field in &structure.fields {
            let (name, field, ty) = (&structure.name, &field.name, &field.ty);
            let _ = write!(
                file,
                "\nfn keep_{}_{field}(value: {name}) -> {ty} {{ value.{field} }}\n",
                name.to_lowercase()
            );
        }
    }
    file
}

/// What a function of a role does here: the least that its result asks for.
fn answer(interface: &Interface, upcall: &Upcall) -> Result<String> {
    Ok(match Ty::parse(&upcall.result, interface)? {
        Ty::Unit => String::new(),
        Ty::Refusable(value) => format!("Ok({})", least(interface, &value)?),
        value => least(interface, &value)?,
    })
}

/// A value of a type.
fn least(interface: &Interface, ty: &Ty) -> Result<String> {
    Ok(match ty {
        Ty::Unit => "()".to_owned(),
        Ty::Bool => "true".to_owned(),
        Ty::Enumeration(name) => {
            let row = interface.enumerations.iter().find(|it| it.name == *name);
            let first = row.and_then(|it| it.variants.first());
            format!("{name}::{}", first.map_or("", |it| it.name.as_str()))
        }
        Ty::Newtype(name) => format!("{name}::new(0)"),
        Ty::Structure(name) => {
            let row = interface.structures.iter().find(|it| it.name == *name);
            let mut fields = String::new();
            for field in row.iter().flat_map(|it| &it.fields) {
                let value = least(interface, &Ty::parse(&field.ty, interface)?)?;
                let _ = write!(fields, "{}: {value}, ", field.name);
            }
            format!("{name} {{ {fields} }}")
        }
        _ => "0".to_owned(),
    })
}
