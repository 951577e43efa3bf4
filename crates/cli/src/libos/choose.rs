//! Samples and page tables by name; an unknown name is answered with those there are.

use exo_libos_samples::{PageTable, SAMPLES, Sample, TABLES, sample, table};

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

/// A sample's source with the page table named, or with its own.
pub fn source_of(sample: &Sample, table: Option<&str>) -> Result<String, Failure> {
    match table {
        None => Ok(sample.source.to_owned()),
        Some(name) => Ok(sample.with_table(find_table(name)?)),
    }
}
