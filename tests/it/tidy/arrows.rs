//! Who may name whom (design, section 3).

use super::walk::{self, Source, assert_none};
use super::words;

/// Modules of the core, and which others of it each may name. Of those, some only in part.
const ARROWS: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("limits", &[]),
    ("cost", &[]),
    ("error", &[]),
    ("derived", &[]),
    // Nothing is left of a mutant where none can be chosen; whoever makes one may name it.
    ("mutants", &[]),
    ("digest", &[]),
    ("rng", &["digest"]),
    ("paged", &["derived"]),
    ("trace", &["ids"]),
    ("wire", &["digest"]),
    // An event carries the names of a place in a source, of a trap and of a call, and what a filter asks: plain
    // words.
    (
        "event",
        &[
            "ids",
            "error",
            "limits",
            "cpu::SourcePlace",
            "cpu::Trap",
            "cpu::Exception",
            "cpu::ExceptionKind",
            "cpu::Entry",
            "kernel::call::Call",
            "hw::Part",
            "kernel::filter::Atom",
            "kernel::filter::FilterId",
            "kernel::network::DropReason",
        ],
    ),
    (
        "hw",
        &[
            "ids", "error", "limits", "derived", "digest", "rng", "paged", "wire",
        ],
    ),
    (
        "cpu",
        &[
            "ids",
            "limits",
            "digest",
            "hw::State",
            "hw::StateWindow",
            "hw::Memory",
        ],
    ),
    (
        "kernel",
        &[
            "ids", "error", "limits", "cost", "event", "derived", "digest", "rng", "paged", "hw",
            "cpu", "mutants", "wire",
        ],
    ),
    (
        "rivals",
        &[
            "ids",
            "error",
            "limits",
            "cost",
            "event",
            "trace",
            "rng",
            "hw",
            "cpu",
            "verify",
            "kernel::call",
        ],
    ),
    ("verify", &["limits", "cpu", "kernel::call::Call"]),
    ("downloaded", &["ids", "hw", "cpu", "verify"]),
    (
        "machine",
        &[
            "verify", "ids", "error", "limits", "cost", "event", "trace", "derived", "digest",
            "rng", "paged", "hw", "cpu", "kernel", "machine", "mutants", "wire",
        ],
    ),
];

/// The module of the core that a file belongs to.
fn module(source: &Source) -> &str {
    let rest = source.path.trim_start_matches("core/src/");
    rest.split(['/', '.']).next().unwrap_or(rest)
}

#[test]
fn in_the_core_nobody_names_a_module_above_itself() {
    let mut complaints = Vec::new();
    for source in walk::product("core/src") {
        let own = module(&source);
        if own == "lib" {
            continue;
        }
        let allowed = ARROWS.iter().find(|(name, _)| *name == own);
        let Some((_, allowed)) = allowed else {
            complaints.push(format!(
                "{}: {own} is not in the table of arrows",
                source.path
            ));
            continue;
        };
        for (path, line) in words::of(&source).paths {
            let [first, rest @ ..] = path.as_slice() else {
                continue;
            };
            let target = rest.join("::");
            let fits = |prefix: &str| {
                let rest = target.strip_prefix(prefix);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            let ours = fits(own) || allowed.iter().any(|it| fits(it));
            if first == "crate" && !ours {
                complaints.push(format!(
                    "{}:{line}: {own} may not name {target}",
                    source.path
                ));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn the_kernel_names_no_policy() {
    let mut complaints = Vec::new();
    for source in walk::product("core/src/kernel") {
        for (name, line) in words::of(&source).identifiers {
            let small = name.to_lowercase();
            if ["fifo", "clock", "lru", "replacement", "victim", "policy_"]
                .iter()
                .any(|word| small.contains(word))
            {
                complaints.push(format!("{}:{line}: {name}", source.path));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn the_core_is_alone_without_std_unsafe_or_floats() {
    let mut complaints = Vec::new();
    let forbidden = [
        "std", "unsafe", "f32", "f64", "HashMap", "HashSet", "Instant", "thread",
    ];
    for source in walk::product("core/src") {
        for (name, line) in words::of(&source).identifiers {
            if forbidden.contains(&name.as_str()) {
                complaints.push(format!("{}:{line}: {name}", source.path));
            }
        }
    }
    assert_none(&complaints);
    for crate_root in [
        "core/src/lib.rs",
        "crates/prelude/src/lib.rs",
        "libos-samples/src/lib.rs",
    ] {
        let text = std::fs::read_to_string(walk::root().join(crate_root)).unwrap();
        assert!(text.contains("#![no_std]"), "{crate_root} needs std");
    }
}

#[test]
fn no_file_needs_unsafe() {
    let mut complaints = Vec::new();
    for source in walk::product("") {
        for (number, line) in source.text.lines().enumerate() {
            let words = line.split(|it: char| !it.is_alphanumeric() && it != '_');
            let code = !line.trim_start().starts_with("//") && !line.contains('"');
            if code && words.into_iter().any(|word| word == "unsafe") {
                complaints.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    assert_none(&complaints);
}

/// Packages of the workspace, and which others of it each may depend on.
const PACKAGES: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("crates/prelude", &[]),
    ("crates/policy", &["exo-core"]),
    ("crates/net", &["exo-core"]),
    ("crates/peers", &["exo-core", "exo-net"]),
    (
        "crates/session",
        &[
            "exo-core",
            "exo-net",
            "exo-peers",
            "exo-policy",
            "exo-prelude",
            "exo-libos-samples",
        ],
    ),
    (
        "crates/cli",
        &[
            "exo-core",
            "exo-net",
            "exo-policy",
            "exo-session",
            "exo-libos-samples",
        ],
    ),
    ("crates/size-probe", &["exo-core", "exo-policy"]),
    ("crates/xtask", &[]),
    ("libos-samples", &["exo-prelude"]),
    (
        "web",
        &[
            "exo-core",
            "exo-net",
            "exo-policy",
            "exo-session",
            "exo-libos-samples",
        ],
    ),
];

/// The names in a manifest's `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]");
    let section = lines.skip(1).take_while(|line| !line.starts_with('['));
    let names = section.filter_map(|line| {
        let (name, _) = line.split_once(['.', ' ', '='])?;
        let named = !name.is_empty() && !name.starts_with(['#', '"', ']']);
        named.then(|| name.to_owned())
    });
    names.collect()
}

#[test]
fn packages_depend_only_on_those_below_them() {
    let mut complaints = Vec::new();
    for (folder, allowed) in PACKAGES {
        let path = walk::root().join(folder).join("Cargo.toml");
        let manifest = std::fs::read_to_string(path).unwrap();
        for name in dependencies(&manifest) {
            if name.starts_with("exo") && !allowed.contains(&name.as_str()) {
                complaints.push(format!("{folder} may not depend on {name}"));
            }
        }
        if !manifest.contains("[lints]\nworkspace = true") {
            complaints.push(format!("{folder} does not take the workspace's lints"));
        }
    }
    assert_none(&complaints);
    let core = std::fs::read_to_string(walk::root().join("core/Cargo.toml")).unwrap();
    assert_eq!(dependencies(&core), [""; 0], "the core has no dependency");
    let workspace = std::fs::read_to_string(walk::root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}

#[test]
fn every_package_is_in_the_table_of_arrows() {
    let manifests = walk::files("").into_iter();
    let folders = manifests.filter_map(|it| Some(it.path.strip_suffix("/Cargo.toml")?.to_owned()));
    // The fuzz targets, like the tests, may name anything; they are a workspace of their own.
    for folder in folders.filter(|folder| folder != "tests" && folder != "fuzz") {
        assert!(
            PACKAGES.iter().any(|(known, _)| *known == folder),
            "{folder}"
        );
    }
}
