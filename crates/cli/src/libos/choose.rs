//! Samples, page tables and stores by name; an unknown name is answered with those there are.

use exo_libos_samples::{
    BackingStore, PageTable, SAMPLES, STORES, Sample, TABLES, sample, store, table,
};

use crate::Failure;

/// The names of all samples, for people.
pub fn names() -> String {
    let names: Vec<&str> = SAMPLES.iter().map(|it| it.name).collect();
    names.join(", ")
}

/// The sample of that name.
pub fn find(name: &str) -> Result<&'static Sample, Failure> {
    sample(name).ok_or_else(|| {
        Failure::Input(format!(
            "there is no sample {name:?}; there are {}",
            names()
        ))
    })
}

/// The page table of that name.
fn find_table(name: &str) -> Result<&'static PageTable, Failure> {
    table(name).ok_or_else(|| {
        let names: Vec<&str> = TABLES.iter().map(|it| it.name).collect();
        let names = names.join(", ");
        Failure::Input(format!(
            "there is no page table {name:?}; there are {names}"
        ))
    })
}

/// The backing store of that name.
fn find_store(name: &str) -> Result<&'static BackingStore, Failure> {
    store(name).ok_or_else(|| {
        let names: Vec<&str> = STORES.iter().map(|it| it.name).collect();
        let names = names.join(", ");
        Failure::Input(format!(
            "there is no backing store {name:?}; there are {names}"
        ))
    })
}

/// A sample's source with the page table and the backing store named, or with its own.
pub fn source_of(
    sample: &Sample,
    table: Option<&str>,
    store: Option<&str>,
) -> Result<String, Failure> {
    let table = table.map_or(Ok(&TABLES[0]), find_table)?;
    let store = store.map_or(Ok(&STORES[0]), find_store)?;
    Ok(sample.with_parts(table, store))
}
