//! The published tables: what comes from the cost model fits, and what does not fit says why; the
//! paper's claims, and whole applications under every kernel.

use std::sync::LazyLock;

use exo_session::claims::{CLAIMS, Evidence};
use exo_session::compare::KernelKind;
use exo_session::tables::{Cell, WholeRun, application_names, tables, whole_runs};

/// Measured once for all tests here.
static CELLS: LazyLock<Vec<Cell>> = LazyLock::new(|| tables(None).unwrap());

#[test]
fn every_figure_within_its_tolerance_or_with_a_reason_and_the_kernel_paths_fit() {
    let cells = &*CELLS;
    for cell in cells {
        assert_eq!(cell.within, cell.note.is_empty(), "{cell:?}");
        assert!(cell.measured > 0.0 && cell.note != "not known", "{cell:?}");
        let off = (cell.measured / cell.published - 1.0 - cell.deviation).abs();
        assert!(off < 1e-9, "{cell:?}");
        // The one machine whose system call the paper prints slower than its clock would make it.
        let ours = !cell.machine.ends_with("Ultrix") && cell.machine != "DEC3100 Aegis";
        if matches!(cell.table, "4" | "5" | "6" | "figure 3") && ours {
            assert!(cell.within, "{cell:?}");
        }
    }
    let named = |table: &str| cells.iter().filter(|it| it.table == table).count();
    assert_eq!(
        (named("4"), named("9"), named("10"), named("13")),
        (15, 6, 39, 14)
    );
    assert_eq!(named("7"), 3);
}

#[test]
fn a04_the_matrix_takes_as_long_under_a_library_as_under_a_kernel_for_all() {
    let matrix = CELLS
        .iter()
        .filter(|cell| cell.operation == "matrix" && cell.machine.starts_with("DEC5000"));
    let matrix: Vec<f64> = matrix.map(|cell| cell.measured).collect();
    let [exokernel, monolithic] = matrix[..] else {
        panic!("{matrix:?}");
    };
    let ratio = exokernel / monolithic;
    assert!((0.97..=1.0).contains(&ratio), "claim 4: {ratio}");
}

#[test]
fn a51_what_a_handler_does_with_pages_is_as_dear_as_its_parts_and_nobody_told_it_so() {
    for system in ["ExOS", "ExOS-inv"] {
        let of = |operation: &str| {
            let machine = format!("DEC2100 {system}");
            let found = CELLS
                .iter()
                .find(|it| it.operation == operation && it.machine == machine);
            found.unwrap().measured
        };
        // As the published figures do, which are up to 12 % below their parts. What a request takes
        // to be asked and answered is no part of what a handler does, and more of less here.
        let near = |whole: f64, parts: f64| (0.75..=1.0).contains(&(whole / parts));
        let appel1 = of("trap") + 2.0 * of("prot1");
        assert!(
            near(of("appel1"), appel1),
            "{system}: {} of {appel1}",
            of("appel1")
        );
        let appel2 = of("prot100") / 100.0 + of("trap") + of("prot1");
        assert!(
            near(of("appel2"), appel2),
            "{system}: {} of {appel2}",
            of("appel2")
        );
    }
    let of = |operation: &str| {
        let found = CELLS.iter().find(|it| it.operation == operation);
        found.unwrap().measured
    };
    assert!(of("tlrpc") >= 2.0 * of("control transfer"));
}

/// Sentences of claims that are not so here, by the claim's number.
const NOT_SO: &[(u8, &str)] = &[
    (6, "a trap takes as long, within a tenth (1.76 times)"),
    (
        7,
        "to trust the server saves a third of a call or more (1.34 times)",
    ),
    (
        8,
        "against ten filters PATHFINDER takes 10 times as long as DPF or more (3.0 times)",
    ),
];

#[test]
fn every_claim_holds_here_or_it_is_written_down_where_it_does_not() {
    let numbers: Vec<u8> = CLAIMS.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let evidence = Evidence::of_cells(CELLS.clone());
    let mut not_so = Vec::new();
    for claim in CLAIMS {
        let said = claim.check(&evidence).unwrap();
        assert!(!said.is_empty() && !claim.shown_by.is_empty());
        let broken = said.into_iter().filter(|it| !it.holds);
        not_so.extend(broken.map(|it| (claim.number, it.text)));
    }
    let known = NOT_SO
        .iter()
        .map(|(number, text)| (*number, (*text).to_owned()));
    assert_eq!(not_so, known.collect::<Vec<_>>());
    for claim in CLAIMS {
        let differs = NOT_SO.iter().any(|(number, _)| *number == claim.number);
        assert_eq!(!claim.differs.is_empty(), differs, "{}", claim.number);
    }
}

#[test]
fn what_is_composed_of_ultrixs_parts_fits_on_the_machine_that_they_are_of() {
    let of = |machine: &str| {
        let cells = CELLS.iter().filter(|it| it.machine == machine);
        let composed = ["appel1", "appel2", "unprot100", "protection"];
        cells
            .filter(|it| composed.contains(&it.operation))
            .collect::<Vec<&Cell>>()
    };
    let cells = of("DEC2100 Ultrix");
    assert_eq!(cells.len(), 4);
    assert!(cells.iter().all(|it| it.within), "{cells:?}");
    // On the fastest machine Ultrix lost most by the paper's own figures, and that is said.
    let fastest = of("DEC5000 Ultrix");
    let mut appel = fastest
        .iter()
        .filter(|it| it.operation.starts_with("appel"));
    assert!(appel.all(|it| !it.within && !it.note.is_empty()));
}

fn cycles(runs: &[WholeRun], application: &str, policy: &str, kernel: KernelKind) -> u64 {
    let found = runs
        .iter()
        .find(|it| (it.application, it.policy, it.kernel) == (application, policy, kernel));
    found.unwrap().cycles
}

#[test]
fn whole_applications_run_under_every_kernel_and_their_own_policies_pay() {
    let named: Vec<&str> = application_names().collect();
    assert_eq!(
        named,
        [
            "matrix",
            "quicksort",
            "hash-join",
            "collector",
            "dash",
            "bzip2"
        ]
    );
    // The matrix takes as long as all the others, and is measured for table 9.
    let runs = whole_runs(&named[1..]).unwrap();
    for name in &named[1..] {
        let of = runs
            .iter()
            .filter(|it| it.application == *name && !it.own_policy);
        let kernels: Vec<KernelKind> = of.map(|it| it.kernel).collect();
        assert_eq!(kernels, KernelKind::ALL, "{name}");
    }
    for run in &runs {
        assert!(run.cycles > run.application_cycles, "{run:?}");
        assert!(run.crossings >= run.faults && run.page_loads > 0, "{run:?}");
    }
    // The two real programs are of another kind: the shell's pages come and go in few places, the block
    // sort goes through more than it may hold, again and again.
    let loads = |name: &str| {
        let mut of = runs.iter().filter(|it| it.application == name);
        let run = of.find(|it| it.kernel == KernelKind::Exokernel).unwrap();
        run.page_loads as f64 / run.application_cycles as f64
    };
    assert!(loads("bzip2") > 2.0 * loads("dash"));
    let exokernel = KernelKind::Exokernel;
    let join = |policy| cycles(&runs, "hash-join", policy, exokernel);
    assert!(join("join") < join("clock"), "a policy of its own pays");
    // The exokernel runs every one of them in fewer cycles than by signals, and than by messages.
    for name in &named[1..] {
        let of = |kernel| cycles(&runs, name, "clock", kernel);
        assert!(of(exokernel) < of(KernelKind::MonolithicBySignal), "{name}");
        assert!(of(exokernel) < of(KernelKind::MicrokernelTagged), "{name}");
    }
}
