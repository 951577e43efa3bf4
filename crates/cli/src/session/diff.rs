//! `exo diff`: two runs in lock-step, where they part, and what each comes to.

use std::path::PathBuf;

use clap::Args;
use exo_core::ids::EnvId;
use exo_session::Session;
use exo_session::explain::{env_letter, grouped};
use exo_session::lockstep::{Comparison, Lockstep, told};
use exo_session::metrics::{Pair, side_by_side};
use serde_json::{Value, json};

use super::source::find;
use crate::{Failure, print};

/// What to compare.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// A scenario that comes along (exo scenario list), a scenario's or session's file, or a link.
    one: String,
    /// Another one; or --branch for a branch of the same session.
    #[arg(required_unless_present = "branch", conflicts_with = "branch")]
    other: Option<String>,
    /// A branch of the session that was left: editing in the past keeps the old future as one.
    #[arg(long, value_name = "NUMBER")]
    branch: Option<u32>,
    /// The file of a trace that a session runs on and does not hold.
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// A side of the comparison: its name and its run.
struct Side {
    name: String,
    session: Session,
}

/// Runs both to their ends and prints.
pub fn diff(arguments: &DiffArguments) -> Result<(), Failure> {
    let mut one = open(&arguments.one, arguments)?;
    let mut other = open(
        arguments.other.as_ref().unwrap_or(&arguments.one),
        arguments,
    )?;
    if let Some(branch) = arguments.branch {
        one.name = format!("branch {}", one.session.branch());
        super::take_branch(&mut other.session, branch)?;
        other.name = format!("branch {branch}");
    }
    let mut comparison = Comparison::new(one.session, other.session);
    while comparison.advance() {}
    let (found, [first, second]) = comparison.finish();
    let numbers = side_by_side(&first, &second);
    let sides = [(one.name, first), (other.name, second)];
    let mut sides = sides.map(|(name, session)| Side { name, session });
    if arguments.json {
        let all = object(&mut sides, &found, &numbers);
        let text = serde_json::to_string_pretty(&all);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    let text = said(&mut sides, &found) + &table(&numbers);
    print(text.trim_end())
}

fn open(name: &str, arguments: &DiffArguments) -> Result<Side, Failure> {
    let found = find(name)?;
    let session = found.open(&arguments.trace)?.session;
    Ok(Side {
        name: found.shown,
        session,
    })
}

fn said(sides: &mut [Side; 2], found: &Lockstep) -> String {
    let mut text = String::new();
    for (label, side) in ["one", "other"].iter().zip(&*sides) {
        text.push_str(&format!(
            "{label:<6} {}: {}\n",
            side.name,
            side.session.scenario().title
        ));
    }
    text.push_str(&found.words());
    text.push('\n');
    let Some(parting) = found.parting else {
        return text;
    };
    for ((label, side), step) in ["one", "other"]
        .iter()
        .zip(sides.iter_mut())
        .zip(parting.steps)
    {
        text.push_str(&match step.map(|step| told(&mut side.session, &step)) {
            Some((at, sentence)) => format!("  {label:<6} position {at}: {sentence}\n"),
            None => format!("  {label:<6} is at its end\n"),
        });
    }
    for choice in &found.choices {
        text.push_str(&choice.words());
        text.push('\n');
    }
    text
}

fn table(numbers: &[(EnvId, Vec<Pair>)]) -> String {
    let mut text = String::new();
    for (env, pairs) in numbers {
        let head = env_letter(*env);
        text.push_str(&format!(
            "\n{head:<22}{:>16}{:>16}{:>10}\n",
            "one", "other", "change"
        ));
        for pair in pairs {
            let indent = if pair.reference { "    " } else { "  " };
            let label = format!("{indent}{}", pair.name);
            let [one, other] = pair.values.map(grouped);
            let change = pair.change();
            text.push_str(&format!("{label:<22}{one:>16}{other:>16}{change:>10}\n"));
        }
    }
    text
}

fn object(sides: &mut [Side; 2], found: &Lockstep, numbers: &[(EnvId, Vec<Pair>)]) -> Value {
    let parting = found.parting.map(|parting| {
        let steps = sides.iter_mut().zip(parting.steps).map(|(side, step)| {
            let step = step?;
            let (position, text) = told(&mut side.session, &step);
            Some(json!({ "step": step.number, "position": position.to_string(), "text": text }))
        });
        steps.collect::<Vec<_>>()
    });
    let choices = found.choices.iter().map(|choice| {
        let victims = choice
            .victims
            .map(|(page, step)| json!({ "page": page.0, "step": step }));
        json!({
            "environment": env_letter(choice.env),
            "eviction": choice.eviction,
            "victims": victims,
        })
    });
    let environments = numbers.iter().map(|(env, pairs)| {
        let values = pairs.iter().map(|pair| {
            let [one, other] = pair.values;
            json!({ "name": pair.name, "one": one, "other": other, "reference": pair.reference })
        });
        json!({ "environment": env_letter(*env), "metrics": values.collect::<Vec<_>>() })
    });
    json!({
        "one": sides[0].name,
        "other": sides[1].name,
        "parting": parting,
        "choices": choices.collect::<Vec<_>>(),
        "environments": environments.collect::<Vec<_>>(),
    })
}
