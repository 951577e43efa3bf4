//! Sources by name: a sample's, or a file's.

use std::path::Path;

use exo_libos_samples::{ApplicationSample, Part, PartKind, part};

use crate::Failure;
use crate::libos::{names, source_of};

/// A source and the name of its file.
pub struct Named {
    pub name: String,
    pub source: String,
}

/// An application's source, and the sample that it is, if it is one.
pub struct Application {
    pub file: Named,
    pub sample: Option<&'static ApplicationSample>,
}

/// A policy: a sample's, which uses the disk if there is one, or a file's.
pub fn policy(libos: &str, table: Option<&str>, disk: bool) -> Result<Named, Failure> {
    if let Some(sample) = exo_libos_samples::sample(libos) {
        return Ok(Named {
            name: format!("{libos}.rs"),
            source: source_of(sample, table, Some(if disk { "swap" } else { "none" }))?,
        });
    }
    let part = of_kind(libos, PartKind::LibOs);
    if part.is_none() {
        named_file(libos, "there is no sample", &names())?;
    }
    if table.is_some() {
        return Err(Failure::Input(format!(
            "--table is for the samples, and {libos} is one file; exo libos show NAME --table TABLE \
             prints a sample with a page table to begin with"
        )));
    }
    match part {
        Some(part) => Ok(named(part)),
        None => read_source(libos, "policy"),
    }
}

/// The part of that name, if it is of that kind.
fn of_kind(name: &str, kind: PartKind) -> Option<Part> {
    part(name).filter(|part| part.kind == kind)
}

fn named(part: Part) -> Named {
    Named {
        name: format!("{}.rs", part.name),
        source: part.source.to_owned(),
    }
}

/// An application: a sample's, or a file's.
pub fn application(app: &str) -> Result<Application, Failure> {
    if let Some(sample) = exo_libos_samples::application(app) {
        let file = Named {
            name: format!("{app}.rs"),
            source: sample.source.to_owned(),
        };
        let sample = Some(sample);
        return Ok(Application { file, sample });
    }
    if let Some(part) = of_kind(app, PartKind::Application) {
        return Ok(Application {
            file: named(part),
            sample: None,
        });
    }
    named_file(app, "there is no application", &crate::app::names())?;
    Ok(Application {
        file: read_source(app, "application")?,
        sample: None,
    })
}

/// Whether a name is that of a file.
fn named_file(name: &str, none: &str, samples: &str) -> Result<(), Failure> {
    if Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "rs")
    {
        return Ok(());
    }
    Err(Failure::Input(format!(
        "{none} {name:?}; there are {samples}, or name a file that ends in .rs"
    )))
}

fn read_source(path: &str, what: &str) -> Result<Named, Failure> {
    let source = std::fs::read_to_string(path)
        .map_err(|error| Failure::Input(format!("cannot read the {what} {path}: {error}")))?;
    Ok(Named {
        name: path.to_owned(),
        source,
    })
}
