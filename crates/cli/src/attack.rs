//! `exo attack`: a malicious libOS beside an honest one, and what became of both.

use std::fmt::Write as _;

use clap::Args;
use exo_libos_samples::attacks::{ATTACKS, Attack, attack as find};
use exo_session::attacks::{AttackReport, run};
use exo_session::explain::grouped;
use serde_json::json;

use crate::{Failure, print};

/// What to attack with.
#[derive(Debug, Args)]
pub struct AttackArguments {
    /// The attack's name; `list` names them all.
    name: String,
    /// Prints the attacker's source instead: a whole file, to read, to change and to run.
    #[arg(long, conflicts_with = "json")]
    source: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Attacks and prints.
pub fn attack(arguments: &AttackArguments) -> Result<(), Failure> {
    if arguments.name == "list" {
        return print(&if arguments.json { list_json()? } else { list() });
    }
    let found = named(&arguments.name)?;
    if arguments.source {
        return print(found.source.trim_end());
    }
    let report = run(found).map_err(|error| Failure::Run(error.to_string()))?;
    print(&if arguments.json {
        written(serde_json::to_string_pretty(&report))?
    } else {
        table(&report)
    })?;
    let broken = report.expectations.iter().find(|it| !it.holds);
    match broken {
        Some(it) => Err(Failure::Run(format!("it is not so that {}", it.text))),
        None => Ok(()),
    }
}

fn named(name: &str) -> Result<&'static Attack, Failure> {
    find(name).ok_or_else(|| {
        let names: Vec<&str> = ATTACKS.iter().map(|it| it.name).collect();
        Failure::Input(format!(
            "there is no attack {name:?}; there are {}, or list",
            names.join(", ")
        ))
    })
}

fn written(text: serde_json::Result<String>) -> Result<String, Failure> {
    text.map_err(|error| Failure::Run(error.to_string()))
}

fn list() -> String {
    let mut text = String::from("Attacks, each by a libOS beside an honest one:\n");
    for it in ATTACKS {
        let _ = writeln!(text, "  {:<19}{}", it.name, it.summary);
    }
    text.push_str("\nexo attack NAME runs one; exo attack NAME --source prints what it runs.");
    text
}

fn list_json() -> Result<String, Failure> {
    let attacks = ATTACKS.iter().map(|it| {
        json!({
            "name": it.name,
            "title": it.title,
            "summary": it.summary,
            "attackers": it.attackers,
            "lesson": it.lesson(),
        })
    });
    let all = json!({ "attacks": attacks.collect::<Vec<_>>() });
    written(serde_json::to_string_pretty(&all))
}

fn table(report: &AttackReport) -> String {
    let mut text = format!("{}\n\n{}", report.title, report.lesson);
    for attacker in &report.attackers {
        let letter = &attacker.environment;
        let _ = write!(text, "\n{letter} tried{:37}times\n", "");
        for it in &attacker.tried {
            let answer = it.refusal.unwrap_or("granted");
            let times = grouped(it.times);
            let _ = writeln!(text, "  {:<20}{answer:<16}{times:>10}", it.call);
        }
        let _ = writeln!(text, "  {}", attacker.ending);
        let _ = writeln!(text, "  {}", attacker.holds);
    }
    if !report.stops.is_empty() {
        text.push_str("\nWhat stopped it:\n");
    }
    for it in &report.stops {
        let _ = writeln!(text, "  {:<16}{} ({})", it.refusal, it.check, it.source);
    }
    let _ = write!(
        text,
        "\nA, the honest one{:>22}{:>20}\n",
        "alone", "beside it"
    );
    for it in &report.honest {
        let mark = if it.promised { ' ' } else { '*' };
        let _ = writeln!(
            text,
            "  {:<32}{:>20}{:>20} {mark}",
            it.figure, it.alone, it.beside
        );
    }
    let _ = writeln!(text, "  {}", report.neighbour);
    text.push_str("  * the processor, the TLB and the disk's queue are shared: not promised\n");
    text.push_str("\nThe log, in order of the first of each kind:\n");
    for it in &report.log {
        let times = format!("{}×", grouped(it.times));
        let _ = writeln!(text, "  {times:>9}  {}", it.text);
    }
    text.push_str("\nExpected:\n");
    for it in &report.expectations {
        let so = if it.holds { "yes" } else { "NO " };
        let _ = writeln!(text, "  {so}  {}", it.text);
    }
    text.truncate(text.trim_end().len());
    text
}
