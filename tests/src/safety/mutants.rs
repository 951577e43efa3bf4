//! Each named mistake of the kernel, put before the layers of the suite until one notices it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use exo_core::event::Event;
use exo_core::kernel::check::Violation;
use exo_core::mutants::Mutant;
use exo_session::condition::Condition;
use exo_session::{Search, Session, first_light};

use super::against_model::compare;
use super::explore::explore;
use super::network;
use super::pairs;
use super::simulate;
use super::spaces::{SPACES, space};
use super::sweeps;

/// How a layer noticed a mistake.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it found broken.
    pub violation: Violation,
    /// Commands up to there.
    pub depth: usize,
}

/// A part of the suite: its name, and what it notices.
type Layer = (&'static str, fn() -> Option<Notice>);

/// The layers, the quick ones first.
const LAYERS: &[Layer] = &[
    ("explore S1-stlb", || explored("S1-stlb")),
    ("explore S1-asker", || explored("S1-asker")),
    ("explore S1-reach", || explored("S1-reach")),
    ("explore S1-slices", || explored("S1-slices")),
    ("explore S1-saving", || explored("S1-saving")),
    ("network", networked),
    ("sweeps", swept),
    ("explore S1", || explored("S1")),
    ("model", modelled),
    ("pairs", paired),
    ("simulate", simulated),
    ("explore S1-disk", || explored("S1-disk")),
    ("explore S2-revoke", || explored("S2-revoke")),
];

fn explored(name: &str) -> Option<Notice> {
    let sizes = space(name).unwrap_or(&SPACES[0]).sizes();
    explore(&sizes, usize::MAX, true).err().map(|found| Notice {
        depth: found.commands.len(),
        violation: found.violation,
    })
}

fn modelled() -> Option<Notice> {
    compare(1, 20_000).err().map(|found| Notice {
        depth: found.commands.len(),
        violation: found.violation,
    })
}

fn simulated() -> Option<Notice> {
    let found = simulate::seeds(1, 1500, 400, simulate::content);
    found.err().map(|(_, found)| Notice {
        depth: found.commands.len(),
        violation: found.violation,
    })
}

fn networked() -> Option<Notice> {
    let found = network::simulate(1, 60, 2_000);
    found.err().map(|(_, violation)| Notice {
        violation,
        depth: 0,
    })
}

fn swept() -> Option<Notice> {
    let violation = sweeps::sweep().err()?;
    Some(Notice {
        violation,
        depth: 0,
    })
}

fn paired() -> Option<Notice> {
    pairs::compare(pairs::Differs::Behaviour, 1, 400)
        .err()
        .map(|found| Notice {
            depth: found.commands.len(),
            violation: found.violation,
        })
}

/// One line of the table.
struct Row {
    mutant: Mutant,
    killed: Option<(&'static str, Notice)>,
    took: Duration,
}

impl Row {
    fn of(mutant: Mutant) -> Row {
        let start = Instant::now();
        Mutant::choose(Some(mutant));
        let killed = LAYERS.iter().find_map(|(name, layer)| {
            let noticed = catch_unwind(AssertUnwindSafe(layer));
            let noticed = noticed.unwrap_or_else(|panic| Some(panicked(&*panic)));
            Some((*name, noticed?))
        });
        Mutant::choose(None);
        let took = start.elapsed();
        Row {
            mutant,
            killed,
            took,
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Notice {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
    Notice {
        violation: Violation {
            invariant: "panic",
            detail: text.unwrap_or_default(),
        },
        depth: 0,
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, breaks) = (self.mutant.name(), self.mutant.invariant());
        let took = self.took.as_secs_f64();
        match &self.killed {
            None => write!(f, "{name:28} {breaks:16} SURVIVES {took:>29.2} s"),
            Some((layer, notice)) => write!(
                f,
                "{name:28} {breaks:16} {layer:16} {:16} {:>4} {took:>6.2} s",
                notice.violation.invariant, notice.depth
            ),
        }
    }
}

/// Searches the opening scenario, forward and back, for the step at which a mistake breaks an invariant:
/// what `exo replay --until invariant` does.
///
/// # Errors
/// That it finds another step than the one that made the mistake, or finds one without a mistake.
fn searched() -> Result<(), String> {
    let mut session =
        Session::new(first_light().map_err(|it| it.to_string())?).map_err(|it| it.to_string())?;
    let units = 200_000;
    if session.run_until(&Condition::Invariant, units) != Search::NotYet {
        return Err("a search finds a broken invariant without a mutant".to_owned());
    }
    session.reset();
    Mutant::choose(Some(Mutant::AllocateUncounted));
    let ahead = session.run_until(&Condition::Invariant, units);
    let found = session.current().copied();
    session.run_slice(1_000);
    let back = session.run_back_to(&Condition::Invariant);
    Mutant::choose(None);
    let allocated = found.filter(|it| matches!(it.stamped.event, Event::Allocated { .. }));
    match allocated {
        Some(step) if ahead == Search::Found && back && session.current() == Some(&step) => {
            println!(
                "a search comes to step {}, which broke an invariant",
                step.number
            );
            Ok(())
        }
        _ => Err(format!(
            "a search for the broken invariant comes to {found:?}"
        )),
    }
}

/// Prints the table: mutant, invariant, layer that noticed it, by what, at what depth, time.
///
/// # Errors
/// Which mistakes nothing noticed.
pub fn table(names: &[&str]) -> Result<(), String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let chosen = |it: &&Mutant| names.is_empty() || names.contains(&it.name());
    let mut survive = Vec::new();
    println!(
        "{:28} {:16} {:16} {:16} depth     time",
        "mutant", "breaks", "noticed by", "as"
    );
    // A layer that complains of a kernel without a mistake would kill every mutant.
    for (name, layer) in LAYERS {
        if let Some(notice) = layer() {
            return Err(format!(
                "{name} complains without a mutant: {}",
                notice.violation
            ));
        }
    }
    searched()?;
    for mutant in Mutant::ALL.iter().filter(chosen) {
        let row = Row::of(*mutant);
        println!("{row}");
        if row.killed.is_none() {
            survive.push(mutant.name());
        }
    }
    std::panic::set_hook(hook);
    if survive.is_empty() {
        return Ok(());
    }
    Err(format!("nothing notices {}", survive.join(", ")))
}
