//! `exo why`: the last step that changed something, and what led to it.

use std::path::PathBuf;

use clap::Args;
use exo_core::ids::Position;
use exo_session::debugger::Side;
use exo_session::explain::{env_letter, grouped};
use exo_session::why::{FORMS, Link, Thing, parse_thing};
use serde_json::json;

use super::source::find;
use super::target::{Target, position};
use crate::{Failure, print};

/// What to explain, and where.
#[derive(Debug, Args)]
pub struct WhyArguments {
    /// A scenario that comes along (exo scenario list), a scenario's or session's file, or a link.
    session: String,
    #[arg(value_parser = parse_thing, help = format!("What to explain: {FORMS}"))]
    thing: Thing,
    /// Where: a position. Unless you say, where the session was saved; a scenario's end.
    #[arg(long, value_name = "POSITION", value_parser = position)]
    to: Option<Position>,
    /// The file of a trace that the session runs on and does not hold.
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Explains and prints. That nothing has changed it is an answer too.
pub fn why(arguments: &WhyArguments) -> Result<(), Failure> {
    let found = find(&arguments.session)?;
    let mut opened = found.open(&arguments.trace)?;
    let told = arguments.to.map(Target::Position);
    Target::or_saved(told, &found, &opened).reach(&mut opened.session);
    let chain = opened.session.why(arguments.thing);
    let here = opened.session.machine().position();
    if arguments.json {
        let links: Vec<_> = chain.iter().map(object).collect();
        let all = json!({ "position": here.to_string(), "because": links });
        let text = serde_json::to_string_pretty(&all);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    if chain.is_empty() {
        return print(&format!("Up to position {here} nothing has changed it."));
    }
    let links = chain.iter().enumerate().map(|(index, link)| {
        let line = link
            .said_line()
            .map_or_else(String::new, |line| format!(", {line}"));
        let because = if index == 0 { "" } else { "because " };
        let step = grouped(link.step);
        format!(
            "{because}position {}, step {step}{line}\n  {}",
            link.position, link.text
        )
    });
    print(&links.collect::<Vec<_>>().join("\n"))
}

fn object(link: &Link) -> serde_json::Value {
    let program = link.line.map(|it| match it.side {
        Side::LibOs => "libos",
        Side::Application => "app",
    });
    json!({
        "position": link.position.to_string(),
        "step": link.step,
        "text": link.text,
        "environment": link.line.map(|it| env_letter(it.env)),
        "program": program,
        "line": link.line.map(|it| it.line),
    })
}
