//! What the paper claims and a student can reproduce here: each claim by its number, how to see it,
//! and whether it holds on this machine.
//!
//! One of the twelve is about file systems, which are not there yet (12).

mod filters;
mod messages;

use std::fmt;

use exo_core::rivals::Parameters;
use exo_libos_samples::attacks::attack;
use exo_libos_samples::ipc::STRIDE;
use exo_libos_samples::scenario;

use crate::attacks;
use crate::compare::{Expectation, comparison};
use crate::ipc::quanta;
use crate::saved::{Nothing, open, read};
use crate::tables::{Cell, Clocked, MACHINES, tables};

/// A claim.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Its number among the twelve.
    pub number: u8,
    /// It, in a sentence.
    pub claim: &'static str,
    /// Where it is to be seen, as commands.
    pub shown_by: &'static [&'static str],
    /// What of it is otherwise here, and why; empty if nothing is.
    pub differs: &'static str,
    check: fn(&Evidence) -> Result<Vec<Expectation>, ClaimError>,
}

/// Why a claim could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimError(String);

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the experiment has no result: {}", self.0)
    }
}

impl std::error::Error for ClaimError {}

fn broke(why: impl fmt::Display) -> ClaimError {
    ClaimError(why.to_string())
}

/// What several claims rest on: the published tables with our figures.
#[derive(Debug)]
pub struct Evidence {
    cells: Vec<Cell>,
}

impl Evidence {
    /// Measures it.
    ///
    /// # Errors
    /// An experiment has no result.
    pub fn measured() -> Result<Evidence, ClaimError> {
        let cells = tables(None).map_err(broke)?;
        Ok(Evidence { cells })
    }

    /// What was measured before, all three clocks of it.
    pub fn of_cells(cells: Vec<Cell>) -> Evidence {
        Evidence { cells }
    }

    /// Our figure for an operation of a system on a machine, in the table's unit.
    fn of(&self, machine: &str, operation: &str) -> Result<f64, ClaimError> {
        let mut cells = self.cells.iter();
        let found = cells.find(|it| it.machine == machine && it.operation == operation);
        let found = found.ok_or_else(|| broke(format_args!("{operation} of {machine}")))?;
        Ok(found.measured)
    }

    /// How many times as long the first operation takes as the second.
    fn ratio(&self, first: (&str, &str), second: (&str, &str)) -> Result<f64, ClaimError> {
        Ok(self.of(first.0, first.1)? / self.of(second.0, second.1)?)
    }
}

impl Claim {
    /// What must be so for the claim to hold, and whether it is. Where this machine disagrees with the
    /// paper, the sentence says so.
    ///
    /// # Errors
    /// An experiment has no result.
    pub fn check(&self, evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
        (self.check)(evidence)
    }
}

/// The claim of that number.
pub fn claim(number: u8) -> Option<&'static Claim> {
    CLAIMS.iter().find(|it| it.number == number)
}

/// Every claim that can be looked into, in order.
pub const CLAIMS: &[Claim] = &[
    Claim {
        number: 1,
        claim: "Exceptions are delivered to applications in about 36 cycles.",
        shown_by: &["exo tables"],
        differs: "",
        check: exceptions,
    },
    Claim {
        number: 2,
        claim: "A call of the libOS is a procedure call; a system call takes six times as long, and one of Ultrix sixty times.",
        shown_by: &["exo tables"],
        differs: "",
        check: calls,
    },
    Claim {
        number: 3,
        claim: "The software TLB turns most misses into 18 instructions.",
        shown_by: &[
            "exo compare --scenario stlb",
            "exo compare --scenario stlb-conflict",
        ],
        differs: "",
        check: software_tlb,
    },
    Claim {
        number: 4,
        claim: "Virtual memory by a library adds nothing to ordinary code.",
        shown_by: &["exo tables", "exo tables --applications matrix"],
        differs: "",
        check: ordinary_code,
    },
    Claim {
        number: 5,
        claim: "User-level virtual memory wins where traps dominate, and loses on bulk protection.",
        shown_by: &[
            "exo compare --scenario own-faults",
            "exo compare --scenario bulk-protection",
        ],
        differs: "",
        check: traps,
    },
    Claim {
        number: 6,
        claim: "The structure of the page table is the application's choice, with a price either way.",
        shown_by: &["exo tables"],
        differs: "A trap is faster with the inverted table here: its handler looks the page up, which is most of what it does.",
        check: page_tables,
    },
    Claim {
        number: 7,
        claim: "A minimal control transfer lets each application choose the price of its communication.",
        shown_by: &["exo tables"],
        differs: "To save registers takes a few instructions less than the paper's calls do, so trust saves a quarter of a call.",
        check: communication,
    },
    Claim {
        number: 8,
        claim: "Filters that are compiled and merged beat those that are interpreted.",
        shown_by: &["exo tables", "exo bench --filters"],
        differs: "PATHFINDER's published figure holds more than the walk through the trie, which is what we count: compiling saves less over it.",
        check: filters::filters,
    },
    Claim {
        number: 9,
        claim: "Downloaded code makes latency independent of whoever runs.",
        shown_by: &["exo tables --clock 25", "exo replay network-udp"],
        differs: "",
        check: messages::messages,
    },
    Claim {
        number: 10,
        claim: "A scheduling policy fits in a library.",
        shown_by: &["exo tables"],
        differs: "",
        check: scheduling,
    },
    Claim {
        number: 11,
        claim: "Visible revocation lets the application choose and relocate, and force is safe.",
        shown_by: &["exo scenario show pressure", "exo attack ignore-revocation"],
        differs: "",
        check: revocation,
    },
];

/// Gathers sentences.
#[derive(Default)]
struct Sentences(Vec<Expectation>);

impl Sentences {
    fn require(&mut self, text: impl Into<String>, holds: bool) {
        self.0.push(Expectation {
            text: text.into(),
            holds,
        });
    }
}

/// The system of the paper's kernel, or of its library, on a machine.
fn on(machine: &str, system: &str) -> String {
    format!("{machine} {system}")
}

fn exceptions(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    /// Ultrix's times for an overflow, in microseconds (table 5).
    const ULTRIX: [f64; 3] = [208.0, 151.0, 130.0];
    let mut said = Sentences::default();
    for (Clocked { name: machine, mhz }, ultrix) in MACHINES.into_iter().zip(ULTRIX) {
        let aegis = on(machine, "Aegis");
        let mut most = 0.0_f64;
        for operation in ["unaligned", "overflow", "coprocessor", "protection"] {
            most = most.max(evidence.of(&aegis, operation)? * mhz);
        }
        let times = ultrix / evidence.of(&aegis, "overflow")?;
        said.require(
            format!("{machine}: every exception is passed up in at most 39 cycles ({most:.0})"),
            most <= 39.0,
        );
        said.require(
            format!("{machine}: an overflow takes Ultrix at least 70 times as long ({times:.0})"),
            times >= 70.0,
        );
    }
    Ok(said.0)
}

fn calls(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    /// Ultrix's times for getpid, in microseconds (table 4).
    const ULTRIX: [f64; 3] = [32.2, 33.7, 21.3];
    let mut said = Sentences::default();
    for (Clocked { name: machine, .. }, ultrix) in MACHINES.into_iter().zip(ULTRIX) {
        let aegis = on(machine, "Aegis");
        let ratio = evidence.ratio((&aegis, "system call"), (&aegis, "procedure call"))?;
        let times = ultrix / evidence.of(&aegis, "procedure call")?;
        said.require(
            format!("{machine}: a system call takes 5 to 8 times a procedure call ({ratio:.1})"),
            (5.0..=8.0).contains(&ratio),
        );
        said.require(
            format!("{machine}: a system call of Ultrix takes 55 to 82 times one ({times:.0})"),
            (55.0..=82.0).contains(&times),
        );
    }
    Ok(said.0)
}

/// What is expected of built-in comparisons.
fn compared(names: &[&str]) -> Result<Vec<Expectation>, ClaimError> {
    let mut all = Vec::new();
    for name in names {
        let found = comparison(name).ok_or_else(|| broke(name))?;
        let rows = found.run(Parameters::default()).map_err(broke)?;
        all.extend(found.expectations(&rows, Parameters::default()));
    }
    Ok(all)
}

fn software_tlb(_: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    compared(&["stlb", "stlb-conflict"])
}

fn traps(_: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    compared(&["own-faults", "bulk-protection"])
}

fn ordinary_code(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    let ratio = evidence.ratio(("DEC5000 ExOS", "matrix"), ("DEC5000 Ultrix", "matrix"))?;
    let mut said = Sentences::default();
    said.require(
        format!(
            "150 by 150 integers take 0.97 to 1.00 of Ultrix's time under a library ({ratio:.3})"
        ),
        (0.97..=1.0).contains(&ratio),
    );
    Ok(said.0)
}

fn page_tables(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    let (linear, inverted) = ("DEC2100 ExOS", "DEC2100 ExOS-inv");
    let gain = |operation| evidence.ratio((linear, operation), (inverted, operation));
    let mut said = Sentences::default();
    for operation in ["dirty", "prot1", "appel1", "appel2"] {
        let times = gain(operation)?;
        said.require(
            format!("an inverted table is faster where single pages are looked up: {operation} ({times:.2} times)"),
            times > 1.0,
        );
    }
    for operation in ["prot100", "unprot100"] {
        let times = gain(operation)?;
        said.require(
            format!("it is slower where a run of pages is walked: {operation} ({times:.2} times)"),
            times < 1.0,
        );
    }
    let trap = gain("trap")?;
    said.require(
        format!("a trap takes as long, within a tenth ({trap:.2} times)"),
        (0.9..=1.1).contains(&trap),
    );
    Ok(said.0)
}

fn communication(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    /// L3's transfer one way, in microseconds, scaled to the DEC5000 (table 6).
    const L3: f64 = 9.3;
    /// Ultrix's pipe and shared memory on it (table 8).
    const ULTRIX: [(&str, f64); 2] = [("pipe", 199.0), ("shm", 118.0)];
    let (aegis, exos) = ("DEC5000 Aegis", "DEC5000 ExOS");
    let mut said = Sentences::default();
    let times = L3 / evidence.of(aegis, "control transfer")?;
    said.require(
        format!("a control transfer takes a sixth of L3's, scaled ({times:.1} times)"),
        times >= 6.0,
    );
    let trust = evidence.ratio((exos, "lrpc"), (exos, "tlrpc"))?;
    said.require(
        format!("to trust the server saves a third of a call or more ({trust:.2} times)"),
        (1.4..=2.2).contains(&trust),
    );
    let inlined = evidence.ratio((exos, "pipe"), (exos, "pipe'"))?;
    said.require(
        format!("to inline the pipe makes it faster ({inlined:.2} times)"),
        inlined > 1.0,
    );
    for (operation, ultrix) in ULTRIX {
        let times = ultrix / evidence.of(exos, operation)?;
        said.require(
            format!("Ultrix takes at least ten times as long: {operation} ({times:.0} times)"),
            times >= 10.0,
        );
    }
    Ok(said.0)
}

fn scheduling(_: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    let given = quanta(STRIDE, 100).map_err(broke)?;
    let count = |run: &[u8], client: u8| run.iter().filter(|it| **it == client).count();
    let shares = |run: &[u8]| [0, 1, 2].map(|client| count(run, client));
    let mut said = Sentences::default();
    said.require(
        "each six quanta of a stride scheduler give 3, 2 and 1 to shares of 3, 2 and 1",
        given.chunks_exact(6).all(|run| shares(run) == [3, 2, 1]),
    );
    let all = shares(&given);
    let near = |it: usize, share: usize| (it * 6).abs_diff(share * 100) <= 6;
    said.require(
        format!("after 100 quanta each is within one of its share ({all:?})"),
        near(all[0], 3) && near(all[1], 2) && near(all[2], 1),
    );
    let lines = STRIDE.source.lines().count();
    said.require(
        format!("it is a library of less than 100 lines ({lines})"),
        lines < 100,
    );
    Ok(said.0)
}

fn revocation(_: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    let sample = scenario("pressure").ok_or_else(|| broke("pressure"))?;
    let file = read(sample.text).map_err(|error| broke(error.message))?;
    let mut session = open(&file.saved, &mut Nothing).map_err(broke)?.session;
    session.run_slice(u64::MAX);
    let taken: Vec<u64> = session
        .machine()
        .kernel()
        .environments
        .iter()
        .map(|it| it.counters.repossessions)
        .collect();
    let stale = crate::names::stale_names(session.machine(), exo_core::ids::EnvId(0));
    let mut said = Sentences::default();
    said.require(
        "who is asked and answers chooses what goes: nothing is taken from it by force",
        taken.first() == Some(&0),
    );
    said.require(
        "its page table names no frame that it gave up",
        stale.is_empty(),
    );
    said.require(
        "from who does not answer the kernel takes what is missing",
        taken.get(1).is_some_and(|it| *it > 0),
    );
    let ignores = attack("ignore-revocation").ok_or_else(|| broke("ignore-revocation"))?;
    said.0
        .extend(attacks::run(ignores).map_err(broke)?.expectations);
    Ok(said.0)
}
