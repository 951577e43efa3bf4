//! `exo replay`: a session brought to a position, and the machine's state there.

use std::path::PathBuf;

use clap::Args;
use exo_core::ids::Position;
use exo_core::kernel::Phase;
use exo_session::condition::{Condition, FORMS, parse_condition};
use exo_session::explain::{env_letter, explain, grouped};
use exo_session::saved::{Form, write};
use exo_session::state::{StateReport, state_report};
use exo_session::{Search, Session};

use super::source::find;
use super::target::{Target, parse_target};
use crate::{Failure, print};

/// What to replay, and how far.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// A scenario that comes along (exo scenario list), a scenario's or session's file, or a link.
    session: String,
    /// How far: a position, like 1024.3 or 1024, or `end`. Unless you say, to where the session was
    /// saved; a scenario runs to its end.
    #[arg(long, value_name = "POSITION", value_parser = parse_target)]
    to: Option<Target>,
    #[arg(long, value_name = "CONDITION", value_parser = parse_condition, help = until_help())]
    until: Option<Condition>,
    /// Goes back from there to the last step before it that brought something about.
    #[arg(long, value_name = "CONDITION", value_parser = parse_condition, conflicts_with = "until")]
    back_to: Option<Condition>,
    /// Runs a branch that was left: editing in the past keeps the old future as one.
    #[arg(long, value_name = "NUMBER")]
    branch: Option<u32>,
    /// The file of a trace that the session runs on and does not hold. May be given several times;
    /// files beside the session's are found by themselves.
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
    /// Writes the session, where it then stands, to a file.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// If a message handler ran at the step that led there, prints the lines that it went through, each with
    /// the variables that it changed.
    #[arg(long, conflicts_with = "json")]
    inside: bool,
    /// Prints one JSON object: position, digest and counters, as the page's exokernel.state().
    #[arg(long)]
    json: bool,
}

/// What `--until` takes, as the parser of it says.
fn until_help() -> String {
    format!(
        "Runs on from there (from the beginning, unless --to says) to the next step that brings \
         something about: {FORMS}"
    )
}

/// Replays and prints.
pub fn replay(arguments: &ReplayArguments) -> Result<(), Failure> {
    let found = find(&arguments.session)?;
    let mut opened = found.open(&arguments.trace)?;
    if let Some(branch) = arguments.branch {
        super::take_branch(&mut opened.session, branch)?;
    }
    let told = match arguments.to {
        None if arguments.until.is_some() => Some(Target::Position(Position::default())),
        told => told,
    };
    let target = Target::or_saved(told, &found, &opened);
    target.reach(&mut opened.session);
    if target == Target::Position(opened.position)
        && let Some(differs) = opened.differs()
    {
        eprintln!("exo: note: {differs}");
    }
    search(&mut opened.session, arguments)?;
    if let Some(path) = &arguments.save {
        let text = write(&opened.saved(), Form::File);
        std::fs::write(path, text)
            .map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))?;
    }
    if arguments.inside {
        return print(&inside(&mut opened.session)?);
    }
    let report = state_report(&opened.session);
    print(&if arguments.json {
        serde_json::to_string_pretty(&report).map_err(|error| Failure::Run(error.to_string()))?
    } else {
        table(&opened.session, &report)
    })
}

/// How the message handler ran that ran here.
fn inside(session: &mut Session) -> Result<String, Failure> {
    let run = session.handler_run().ok_or_else(|| {
        let here = session.machine().position();
        Failure::Run(format!(
            "no message handler ran at the step that led to {here}: --until handler goes to one"
        ))
    })?;
    let mut text = format!("{} of {}", run.name, env_letter(run.env));
    let mut function = "";
    for line in &run.lines {
        if line.function != function {
            function = &line.function;
            text += &format!("\n{function}");
        }
        text += &format!("\n{:>5}  {}", line.line, line.text);
        for (name, value) in &line.changes {
            text += &format!("\n         {name} = {value}");
        }
    }
    Ok(text)
}

/// Moves on, or back, to what is looked for.
fn search(session: &mut Session, arguments: &ReplayArguments) -> Result<(), Failure> {
    let from = session.machine().position();
    let none = match (&arguments.until, &arguments.back_to) {
        (Some(condition), _) => match session.run_until(condition, u64::MAX) {
            Search::Found => return Ok(()),
            _ => format!("from position {from} on there is no step at which {condition}"),
        },
        (_, Some(condition)) => match session.run_back_to(condition) {
            true => return Ok(()),
            false => format!("before position {from} there is no step at which {condition}"),
        },
        (None, None) => return Ok(()),
    };
    Err(Failure::Run(none))
}

/// For people.
fn table(session: &Session, report: &StateReport) -> String {
    let machine = session.machine();
    let mut text = format!(
        "{}\nposition {}, step {}, digest {}\n",
        session.scenario().title,
        machine.position(),
        grouped(session.step_number()),
        report.digest
    );
    // What the step was that led here.
    if let Some(current) = session.current() {
        text.push_str(&explain(&current.stamped.event, machine).text);
        text.push('\n');
    }
    text.push_str(&super::branch_lines(session));
    let environments = machine.kernel().environments.iter();
    for (index, environment) in environments.enumerate() {
        let env = exo_core::ids::EnvId(index as u8);
        let name = session
            .scenario()
            .environments
            .get(index)
            .map_or("", |spec| &spec.name);
        let ended = match environment.phase {
            Phase::Finished => ", at its end",
            Phase::Broken(_) => ", given up",
            _ => "",
        };
        let counters = &environment.counters;
        text.push_str(&format!("\n{} under {name}{ended}\n", env_letter(env)));
        for (label, count) in [
            ("references", counters.references),
            ("TLB misses", counters.tlb_misses),
            ("upcalls", counters.upcalls),
            ("page loads", counters.page_loads),
            ("evictions", counters.evictions),
            ("crossings", counters.crossings),
            ("frames held", u64::from(environment.frames_held)),
            ("cycles", environment.cycles.total()),
        ] {
            text.push_str(&format!("  {label:<14}{:>16}\n", grouped(count)));
        }
    }
    if let Some(network) = &report.network {
        text.push_str("\nNetwork\n");
        for line in network.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.truncate(text.trim_end().len());
    text
}
