//! The sample applications with less to do.

use exo_libos_samples::{ApplicationSample, PageTable, sample};
use exo_session::{ApplicationSpec, EnvironmentSpec};

/// What is changed in each application's source, and its frames: few instructions, several pages.
const SHORTER: &[(&str, u32, &[(&str, &str)])] = &[
    ("scan", 3, &[("= 40 * 512", "= 3 * 512")]),
    ("random-scan", 3, &[("= 1 << 14", "= 1 << 10")]),
    ("list-walk", 4, &[("= 1 << 13", "= 1 << 8")]),
    (
        "search",
        2,
        &[("u32 = 32_768", "u32 = 1_536"), ("= 1_000", "= 500")],
    ),
    ("quicksort", 2, &[("u32 = 8192", "u32 = 1200")]),
    ("matrix", 3, &[("u32 = 150", "u32 = 8")]),
    (
        "hash-join",
        8,
        &[
            ("= 60 * 512", "= 6 * 512"),
            ("u32 = 480", "u32 = 32"),
            ("u32 = 1920", "u32 = 64"),
        ],
    ),
    (
        "collector",
        5,
        &[
            ("PAGES: u32 = 16", "PAGES: u32 = 2"),
            ("ROOT_COUNT: u32 = 32", "ROOT_COUNT: u32 = 8"),
            ("in 1..7", "in 1..3"),
            ("in 0..700", "in 0..80"),
        ],
    ),
    ("primitives", 7, &[("PAGES: u32 = 100", "PAGES: u32 = 7")]),
];

/// The environment that an application is meant for, with a page table, and with less to do.
pub fn environment(application: &ApplicationSample, table: &PageTable) -> EnvironmentSpec {
    let name = application.name;
    let found = SHORTER.iter().find(|it| it.0 == name);
    let (_, frames, changes) = found.unwrap_or_else(|| panic!("{name} is not made shorter"));
    let mut source = application.source.to_owned();
    for (long, short) in *changes {
        assert_eq!(source.matches(long).count(), 1, "{long} in {name}");
        source = source.replace(long, short);
    }
    EnvironmentSpec {
        name: application.libos.to_owned(),
        source: sample(application.libos).unwrap().with_table(table),
        frame_limit: *frames,
        application: ApplicationSpec::Program {
            name: name.to_owned(),
            source,
        },
    }
}
