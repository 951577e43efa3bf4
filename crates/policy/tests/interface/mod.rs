//! Every entry of the table of system calls, upcalls and types, compiled both ways.
//!
//! rustc compiles the sources against the prelude by compiling this test; our compiler compiles
//! them here. They are generated from the table.

#[allow(dead_code, unused_variables, unused_mut, missing_docs, clippy::all)]
mod application;
#[allow(dead_code, unused_variables, unused_mut, missing_docs, clippy::all)]
mod libos;
#[allow(dead_code, unused_variables, unused_mut, missing_docs, clippy::all)]
mod messagehandler;
#[allow(dead_code, unused_variables, unused_mut, missing_docs, clippy::all)]
mod packetfilter;
#[allow(dead_code, unused_variables, unused_mut, missing_docs, clippy::all)]
mod udf;

/// The sources.
const SOURCES: &[&str] = &[
    include_str!("application.rs"),
    include_str!("libos.rs"),
    include_str!("messagehandler.rs"),
    include_str!("packetfilter.rs"),
    include_str!("udf.rs"),
];

#[test]
fn every_entry_compiles_under_our_compiler_as_under_rustc() {
    for source in SOURCES {
        if let Err(errors) = exo_policy::compile(source) {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{source}\n{}", errors.join("\n"));
        }
    }
}

#[test]
fn every_entry_is_in_one_of_the_sources() {
    for entry in exo_policy::vocabulary() {
        let used = SOURCES.iter().any(|source| {
            let mut words = source.split(|it: char| !it.is_alphanumeric() && it != '_');
            words.any(|word| word == entry.name)
        });
        assert!(used, "{entry:?}");
    }
}
