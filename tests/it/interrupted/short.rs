//! The sample applications with less to do.

use exo_libos_samples::{ApplicationSample, PageTable, sample};
use exo_session::{ApplicationSpec, EnvironmentSpec};

/// An application with less to do: few instructions, several pages.
struct Shorter {
    name: &'static str,
    frames: u32,
    /// What is replaced in its source, by what.
    changes: &'static [(&'static str, &'static str)],
}

const fn shorter(
    name: &'static str,
    frames: u32,
    changes: &'static [(&'static str, &'static str)],
) -> Shorter {
    Shorter {
        name,
        frames,
        changes,
    }
}

#[rustfmt::skip]
const SHORTER: &[Shorter] = &[
    shorter("scan", 3, &[("= 40 * 512", "= 3 * 512")]),
    shorter("random-scan", 3, &[("= 1 << 14", "= 1 << 10")]),
    shorter("list-walk", 4, &[("= 1 << 13", "= 1 << 8")]),
    shorter("search", 2, &[("u32 = 32_768", "u32 = 1_536"), ("= 1_000", "= 500")]),
    shorter("quicksort", 2, &[("u32 = 8192", "u32 = 1200")]),
    shorter("matrix", 3, &[("u32 = 150", "u32 = 8")]),
    shorter("hash-join", 8, &[
        ("= 60 * 512", "= 6 * 512"),
        ("u32 = 480", "u32 = 32"),
        ("u32 = 1920", "u32 = 64"),
    ]),
    shorter("collector", 5, &[
        ("PAGES: u32 = 16", "PAGES: u32 = 2"),
        ("ROOT_COUNT: u32 = 32", "ROOT_COUNT: u32 = 8"),
        ("in 1..7", "in 1..3"),
        ("in 0..700", "in 0..80"),
    ]),
    shorter("primitives", 7, &[("PAGES: u32 = 100", "PAGES: u32 = 7")]),
];

/// The environment that an application is meant for, with a page table, and with less to do.
pub fn environment(application: &ApplicationSample, table: &PageTable) -> EnvironmentSpec {
    let name = application.name;
    let found = SHORTER.iter().find(|it| it.name == name);
    let shorter = found.unwrap_or_else(|| panic!("{name} is not made shorter"));
    let mut source = application.source.to_owned();
    for (long, short) in shorter.changes {
        assert_eq!(source.matches(long).count(), 1, "{long} in {name}");
        source = source.replace(long, short);
    }
    EnvironmentSpec {
        name: application.libos.to_owned(),
        source: sample(application.libos).unwrap().with_table(table),
        frame_limit: shorter.frames,
        application: ApplicationSpec::Program {
            name: name.to_owned(),
            source,
        },
        downloads: Vec::new(),
    }
}
