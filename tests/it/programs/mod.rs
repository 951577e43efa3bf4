//! Sample applications: each compiled by rustc, natively, against the same source on the machine.
//!
//! Both must write the same log, touch the same pages in the same order, and leave the same bytes.

mod compiled;
mod machine;
mod promises;
mod straw;
mod trail;

use std::cell::RefCell;
use std::collections::VecDeque;

use exo_libos_samples::APPLICATIONS;
use exo_prelude::{Application, LibOs, Mem, Sys};

use machine::{deeds, figures, image, lines, meant};
use straw::{Clock, Straw};
use trail::Trail;

thread_local! {
    /// What the application that rustc compiled wrote to its log.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// `log!` for applications compiled by rustc here: it keeps the line.
macro_rules! kept_line {
    ($($part:tt)*) => {
        $crate::programs::LINES.with_borrow_mut(|lines| lines.push(format!($($part)*)))
    };
}
pub(crate) use kept_line;

/// A run of the application that rustc compiled.
struct Native {
    lines: Vec<String>,
    trail: Trail,
    image: Vec<(u32, Vec<u8>)>,
}

fn natively(
    mut application: impl Application,
    libos: impl LibOs,
    frames: u32,
    told: VecDeque<u64>,
) -> Native {
    let (mut straw, mut clock) = (Straw::new(libos, frames), Clock { told });
    LINES.with_borrow_mut(Vec::clear);
    application.main(&mut Mem::new(&mut straw), &mut Sys::new(&mut clock));
    assert!(clock.told.is_empty(), "the twin asked more often");
    Native {
        lines: LINES.take(),
        trail: straw.trail,
        image: straw.image(),
    }
}

/// Compares the twins of an application.
fn compare(name: &str, application: impl Application, libos: impl LibOs) {
    let scenario = meant(name);
    let report = figures(&scenario);
    // Millions of references, told one by one, take too long: here it is enough to count them.
    let counted = name == "matrix";
    let told = match counted {
        true => machine::Deeds::default(),
        false => deeds(&scenario),
    };
    let frames = machine::named(name).frames;
    let native = natively(application, libos, frames, told.told);
    assert_eq!(native.lines, lines(&report));
    assert_eq!(native.trail.references, report.references);
    assert!(counted || native.trail == told.trail, "other references");
    assert!(native.image == image(&scenario), "other bytes");
}

/// A test of each application against its twin.
macro_rules! twins {
    ($($test:ident: $module:ident $program:ident $name:literal under $libos:ident $policy:ident;)*) => {
        /// The applications that are compared.
        const COMPARED: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                let libos = exo_libos_samples::$libos::$policy::new();
                compare($name, compiled::$module::$program::new(), libos);
            }
        )*
    };
}

twins! {
    scan_by_rustc_and_by_our_compiler_does_the_same: scan Scan "scan" under demand_zero DemandZero;
    random_scan_by_rustc_and_by_our_compiler_does_the_same: random_scan RandomScan "random-scan" under fifo Fifo;
    list_walk_by_rustc_and_by_our_compiler_does_the_same: list_walk ListWalk "list-walk" under demand_zero DemandZero;
    search_by_rustc_and_by_our_compiler_does_the_same: search Search "search" under demand_zero DemandZero;
    quicksort_by_rustc_and_by_our_compiler_does_the_same: quicksort Quicksort "quicksort" under demand_zero DemandZero;
    matrix_by_rustc_and_by_our_compiler_does_the_same: matrix Matrix "matrix" under demand_zero DemandZero;
    hash_join_by_rustc_and_by_our_compiler_does_the_same: hash_join HashJoin "hash-join" under join Join;
    collector_by_rustc_and_by_our_compiler_does_the_same: collector Collector "collector" under gc Gc;
    primitives_by_rustc_and_by_our_compiler_do_the_same: primitives Primitives "primitives" under protect Protect;
}

#[test]
fn every_application_has_its_twin() {
    let mut names: Vec<&str> = APPLICATIONS.iter().map(|it| it.name).collect();
    let mut compared = COMPARED.to_vec();
    names.sort_unstable();
    compared.sort_unstable();
    assert_eq!(compared, names);
}
