//! `exo claims`: what the paper claims, where it is to be seen, and whether it holds here.

use std::fmt::Write as _;

use clap::Args;
use exo_session::claims::{CLAIMS, Claim, Evidence, claim};
use exo_session::compare::Expectation;
use serde_json::{Value, json};

use crate::{Failure, print};

/// Which claims to look into.
#[derive(Debug, Args)]
pub struct ClaimsArguments {
    /// A claim by its number: what it comes to here. Without one, all are listed.
    #[arg(value_parser = parse_number)]
    number: Option<u8>,
    /// Looks into all of them.
    #[arg(long, conflicts_with = "number")]
    all: bool,
    /// Prints one JSON array.
    #[arg(long)]
    json: bool,
}

fn parse_number(text: &str) -> Result<u8, String> {
    let number = text.parse().ok().filter(|it| claim(*it).is_some());
    number.ok_or_else(|| {
        let numbers: Vec<String> = CLAIMS.iter().map(|it| it.number.to_string()).collect();
        format!(
            "there is no such claim to look into; there are {}",
            numbers.join(", ")
        )
    })
}

/// Lists or looks into claims, and prints.
pub fn claims(arguments: &ClaimsArguments) -> Result<(), Failure> {
    let chosen: Vec<&Claim> = match arguments.number {
        None => CLAIMS.iter().collect(),
        Some(number) => CLAIMS.iter().filter(|it| it.number == number).collect(),
    };
    let looked_into = arguments.all || arguments.number.is_some();
    let evidence = match looked_into {
        true => Some(Evidence::measured().map_err(wrong)?),
        false => None,
    };
    let mut found = Vec::new();
    for claim in chosen {
        let said = match &evidence {
            Some(evidence) => claim.check(evidence).map_err(wrong)?,
            None => Vec::new(),
        };
        found.push((claim, said));
    }
    if arguments.json {
        let all: Vec<Value> = found
            .iter()
            .map(|(claim, said)| object(claim, said))
            .collect();
        let text = serde_json::to_string_pretty(&all);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    let mut text: String = found
        .iter()
        .map(|(claim, said)| told(claim, said))
        .collect();
    if !looked_into {
        text.push_str("\nexo claims NUMBER says what one comes to here. Claim 12 is about file systems, which are\nnot there yet.");
    }
    print(text.trim_end())
}

fn wrong(error: impl std::fmt::Display) -> Failure {
    Failure::Run(error.to_string())
}

fn told(claim: &Claim, said: &[Expectation]) -> String {
    let mut text = format!("{:>2}  {}\n", claim.number, claim.claim);
    for command in claim.shown_by {
        let _ = writeln!(text, "      {command}");
    }
    for it in said {
        let so = if it.holds { "yes" } else { "NO " };
        let _ = writeln!(text, "    {so}  {}", it.text);
    }
    if !claim.differs.is_empty() {
        let _ = writeln!(text, "    {}", claim.differs);
    }
    text
}

fn object(claim: &Claim, said: &[Expectation]) -> Value {
    json!({
        "number": claim.number,
        "claim": claim.claim,
        "shown_by": claim.shown_by,
        "differs": claim.differs,
        "expectations": said
            .iter()
            .map(|it| json!({ "text": it.text, "holds": it.holds }))
            .collect::<Vec<Value>>(),
    })
}
