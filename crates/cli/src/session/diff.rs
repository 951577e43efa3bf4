//! `exo diff`: two runs in lock-step, where they part, and what each comes to.

use std::path::PathBuf;

use clap::Args;
use exo_core::ids::EnvId;
use exo_session::Session;
use exo_session::explain::{env_letter, explain, grouped};
use exo_session::lockstep::{Lockstep, lockstep};
use exo_session::metrics::{Metric, metrics};
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
    let found = lockstep(&mut one.session, &mut other.session, u64::MAX);
    let numbers = numbers(&one.session, &other.session);
    if arguments.json {
        let all = object(&mut [one, other], &found, &numbers);
        let text = serde_json::to_string_pretty(&all);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    let text = said(&mut [one, other], &found) + &table(&numbers);
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

/// The numbers of both, environment by environment; a number that only one side has is left out.
fn numbers(one: &Session, other: &Session) -> Vec<(EnvId, Vec<(Metric, u64)>)> {
    let letters = (0..one.scenario().environments.len()).map(|index| EnvId(index as u8));
    let rows = letters.map(|env| {
        let others = metrics(other, env);
        let pairs = metrics(one, env).into_iter().filter_map(|metric| {
            let same = others.iter().find(|it| it.name == metric.name)?;
            Some((metric, same.value))
        });
        (env, pairs.collect())
    });
    rows.filter(|(_, pairs): &(_, Vec<_>)| !pairs.is_empty())
        .collect()
}

/// A step of a side in a sentence, with its place.
fn sentence(side: &mut Side, number: u64) -> (String, String) {
    side.session.go_to_step(number);
    let machine = side.session.machine();
    let current = side.session.current();
    let text = current.map(|it| explain(&it.stamped.event, machine).text);
    let at = current.map_or_else(|| machine.position(), |it| it.stamped.position);
    (at.to_string(), text.unwrap_or_default())
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
    let Some(parting) = found.parting else {
        return text + "Every step of the two is the same.\n";
    };
    let first = parting
        .steps
        .iter()
        .flatten()
        .map(|it| it.number)
        .min()
        .unwrap_or(1);
    text.push_str(&match first {
        1 => "They part at the first step:\n".to_owned(),
        _ => format!(
            "The first {} steps are the same. Then:\n",
            grouped(first - 1)
        ),
    });
    for ((label, side), step) in ["one", "other"]
        .iter()
        .zip(sides.iter_mut())
        .zip(parting.steps)
    {
        let Some(step) = step else {
            text.push_str(&format!("  {label:<6} is at its end\n"));
            continue;
        };
        let (at, sentence) = sentence(side, step.number);
        text.push_str(&format!("  {label:<6} position {at}: {sentence}\n"));
    }
    for choice in &found.choices {
        let [(one, first), (other, second)] = choice.victims;
        text.push_str(&format!(
            "Eviction {} of {} is the first that takes another page: {:#x} (step {}), and {:#x} (step {}).\n",
            grouped(choice.eviction),
            env_letter(choice.env),
            one.0,
            grouped(first),
            other.0,
            grouped(second)
        ));
    }
    text
}

fn table(numbers: &[(EnvId, Vec<(Metric, u64)>)]) -> String {
    let mut text = String::new();
    for (env, pairs) in numbers {
        let head = env_letter(*env);
        text.push_str(&format!(
            "\n{head:<22}{:>16}{:>16}{:>10}\n",
            "one", "other", "change"
        ));
        for (metric, other) in pairs {
            let indent = if metric.reference { "    " } else { "  " };
            let label = format!("{indent}{}", metric.name);
            let (one, change) = (metric.value, change(metric.value, *other));
            text.push_str(&format!(
                "{label:<22}{:>16}{:>16}{change:>10}\n",
                grouped(one),
                grouped(*other)
            ));
        }
    }
    text
}

/// How much more or less, in tenths of a percent.
fn change(one: u64, other: u64) -> String {
    if one == other {
        return "=".to_owned();
    }
    if one == 0 {
        return "new".to_owned();
    }
    let permille = (i128::from(other) - i128::from(one)) * 1000 / i128::from(one);
    let sign = if other > one { '+' } else { '-' };
    format!("{sign}{}.{} %", permille.abs() / 10, permille.abs() % 10)
}

fn object(
    sides: &mut [Side; 2],
    found: &Lockstep,
    numbers: &[(EnvId, Vec<(Metric, u64)>)],
) -> Value {
    let parting = found.parting.map(|parting| {
        let steps = sides.iter_mut().zip(parting.steps).map(|(side, step)| {
            let number = step?.number;
            let (position, text) = sentence(side, number);
            Some(json!({ "step": number, "position": position, "text": text }))
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
        let values = pairs.iter().map(|(metric, other)| {
            json!({
                "name": metric.name,
                "one": metric.value,
                "other": other,
                "reference": metric.reference,
            })
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

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn a_change_is_in_tenths_of_a_percent_with_its_sign() {
        let changes = [(1000, 1001), (1000, 755), (3, 3), (0, 4), (1, 3)];
        let said = changes.map(|(one, other)| change(one, other));
        assert_eq!(said, ["+0.1 %", "-24.5 %", "=", "new", "+200.0 %"]);
    }
}
