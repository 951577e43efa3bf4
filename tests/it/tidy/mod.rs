//! The tidy house: arrows, sizes, and words that must not stand in the sources.

mod arrows;
mod sizes;
mod walk;
mod words;

use exo_core::kernel::check::INVARIANTS;
use exo_core::mutants::Mutant;

use walk::assert_none;

#[test]
fn code_that_people_run_does_not_panic_on_purpose() {
    let forbidden = [
        ".unwrap(",
        ".expect(",
        "panic!",
        "todo!",
        "unimplemented!",
        "dbg!",
    ];
    let mut complaints = Vec::new();
    let folders = [
        "core/src",
        "crates/policy/src",
        "crates/session/src",
        "crates/net/src",
        "crates/cli/src",
        "web/src",
    ];
    for source in folders.into_iter().flat_map(walk::product) {
        for (call, line) in words::of(&source).calls {
            if forbidden.contains(&call.as_str()) {
                complaints.push(format!("{}:{line}: {call}", source.path));
            }
        }
    }
    assert_none(&complaints);
}

/// Lines of the given files that hold one of the words; `kind` says what they are.
fn lines_with(sources: &[walk::Source], words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{}: {word}", source.path, number + 1));
            }
        }
    }
    found
}

#[test]
fn the_page_has_no_style_attributes_and_no_inline_handlers() {
    let mut sources = walk::files("web");
    sources.retain(|it| {
        let kinds = [".rs", ".html", ".js"];
        kinds.iter().any(|kind| it.path.ends_with(kind))
    });
    let words = [
        "style=",
        "style =",
        "\"style\"",
        "onclick=\"",
        "javascript:",
    ];
    assert_none(&lines_with(&sources, &words.map(str::to_owned)));
}

/// What is everybody's, and not this machine's: no lock file, which cargo writes.
fn shared() -> Vec<walk::Source> {
    let mut sources = walk::files("");
    sources.retain(|it| !it.path.ends_with(".lock") && !it.path.ends_with("package-lock.json"));
    sources
}

#[test]
fn no_file_holds_a_download_address_of_a_registry() {
    let hosts = [
        "static.crates.io",
        "crates.io/api",
        "index.crates.io",
        "registry.npmjs.org",
        "files.pythonhosted.org",
        "pypi.org",
        "deb.debian.org",
        "static.rust-lang.org",
        "storage.googleapis.com",
        "cdn.jsdelivr.net",
        "unpkg.com",
    ];
    let words = hosts.map(|host| format!("https:{}{host}", "//"));
    assert_none(&lines_with(&shared(), &words));
}

#[test]
fn no_file_holds_a_path_of_one_machine() {
    let mut complaints = Vec::new();
    for source in shared() {
        for (number, line) in source.text.lines().enumerate() {
            for folder in ["root", "home", "work", "tmp"] {
                let path = format!("/{folder}/");
                // Ada is nobody's user: an example.
                let line = line.replace("/home/ada", "");
                let at_start = line.match_indices(&path).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|it| !(it.is_alphanumeric() || "._-/}".contains(it)))
                });
                if at_start {
                    complaints.push(format!("{}:{}: {path}", source.path, number + 1));
                }
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_invariant_has_a_test_that_breaks_it() {
    let path = walk::root().join("core/src/kernel/check");
    let text = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    let (table, tests) = (text("mod.rs"), text("tests.rs"));
    assert!(INVARIANTS.len() >= 8);
    for (name, _) in INVARIANTS {
        assert!(
            table.contains(&format!("(\"{name}\"")),
            "{name} is not in the table"
        );
        assert!(
            tests.contains(&format!("\"{name}\"")),
            "no test breaks {name}"
        );
    }
}

#[test]
fn every_invariant_has_a_mutant_that_breaks_it() {
    for (name, _) in INVARIANTS {
        let broken = Mutant::ALL.iter().any(|it| it.invariant() == *name);
        assert!(
            broken,
            "no mutant breaks {name}: add one to core/src/mutants.rs"
        );
    }
}

#[test]
fn every_mutant_is_made_somewhere() {
    let sources = walk::product("core/src");
    for mutant in Mutant::ALL {
        let name = format!("Mutant::{}", mutant.name());
        let made = sources.iter().any(|it| it.text.contains(&name));
        assert!(made, "{name} is never made");
    }
}

/// The variants of an enumeration, as a source file has them.
pub fn variants(path: &str, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(walk::root().join(path)).unwrap();
    let items = syn::parse_file(&text).unwrap().items.into_iter();
    let found = items.filter_map(|item| match item {
        syn::Item::Enum(it) if it.ident == name => Some(it.variants),
        _ => None,
    });
    found.flatten().map(|it| it.ident.to_string()).collect()
}

/// Mechanisms of the specification that no test can be named after, and why.
const ABSENT: &[(u32, &str)] = &[(
    13,
    "no page table in hardware: the TLB is filled by software",
)];

#[test]
fn every_mechanism_has_a_test_that_is_named_after_it_or_is_known_to_be_absent() {
    let mut labelled = std::collections::BTreeSet::new();
    for source in walk::files("tests/it") {
        let names = source
            .text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("fn "));
        for part in names.flat_map(|name| name.split(['_', '('])) {
            let number = part.strip_prefix('a').filter(|it| it.len() == 2);
            labelled.extend(number.and_then(|it| it.parse::<u32>().ok()));
        }
    }
    // Nothing is sent yet (48), and no code runs at arrival (50).
    let mechanisms = (1..=47).chain([49]).chain(51..=55);
    let missing: Vec<u32> = mechanisms.filter(|it| !labelled.contains(it)).collect();
    let absent: Vec<u32> = ABSENT.iter().map(|(number, _)| *number).collect();
    assert_eq!(missing, absent);
}
